// SPDX-License-Identifier: Apache-2.0
#include "quarantine/facts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <span>

#include "base/json_value.h"
#include "base/timestamp.h"
#include "quarantine/json_parts.h"
#include "quarantine/quarantine_names.h"

namespace weir {

namespace {

constexpr std::array<std::string_view, 19> kNames = {
    "v",         "id",       "topic", "partition", "offset",     "timestamp_type", "pipeline",
    "ruleset",   "instance", "at",    "stage",     "violations", "replay_count",   "into",
    "timestamp", "value",    "key",   "headers",   "stub"};
constexpr std::size_t kOfRecords = 13;  // the first of them, which every record has
constexpr std::array<std::string_view, 5> kOfMarks = {"v", "id", "at", "stage", "into"};

std::size_t index_of(std::string_view name) {
  return static_cast<std::size_t>(std::find(kNames.begin(), kNames.end(), name) - kNames.begin());
}

template <class Number>
bool read_number(std::string_view text, Number& out) {
  Number number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) return false;
  out = number;
  return true;
}

bool read_form(std::string_view text, QuarantinedRecord::Form& out) {
  if (text == "redacted") {
    out = QuarantinedRecord::Form::Redacted;
  } else if (text == "withheld") {
    out = QuarantinedRecord::Form::Withheld;
  } else if (text == "rendered") {
    out = QuarantinedRecord::Form::Rendered;
  } else {
    return false;
  }
  return true;
}

bool read_milliseconds(std::string_view text, std::optional<Instant>& out) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / 1000;
  std::int64_t number = 0;
  if (!read_number(text, number) || number > kMost || number < -kMost) return false;
  out = Instant(std::chrono::milliseconds(number));
  return true;
}

bool read_violation(std::string_view json, QuarantinedViolation& out, std::uint64_t& more, bool& is_rest) {
  const Result<JsonValue> read = parse_json(json);
  if (!read || read->type != JsonValue::Type::Object) return false;
  const auto text = [&read](std::string_view name) {
    const JsonValue* const member = read->find(name);
    return member != nullptr && member->type == JsonValue::Type::Text ? member->text : std::string();
  };
  const JsonValue* const cut = read->find("truncated");
  is_rest = cut != nullptr && cut->boolean;
  if (is_rest) {
    const JsonValue* const count = read->find("more");
    return count != nullptr && count->type == JsonValue::Type::Number && read_number(count->text, more);
  }
  out = {.rule = text("rule"),
         .severity = text("severity"),
         .code = text("code"),
         .path = text("path"),
         .value = text("value"),
         .message = text("message")};
  return !out.rule.empty();
}

/// Whether the last headers are these, in this order.
bool ends_with(const Headers& headers, std::string_view prefix, std::span<const std::string_view> names) {
  if (headers.size() < names.size()) return false;
  const std::size_t first = headers.size() - names.size();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string_view name = headers[first + i].first;
    if (!name.starts_with(prefix) || name.substr(prefix.size()) != names[i]) return false;
  }
  return true;
}

}  // namespace

bool read_violations(std::string_view json, std::vector<QuarantinedViolation>& out, std::uint64_t& more) {
  out.clear();
  more = 0;
  JsonParts parts(json, '[');
  bool whole = true;
  while (const std::optional<JsonParts::Part> part = parts.next()) {
    QuarantinedViolation violation;
    bool is_rest = false;
    if (!read_violation(part->value, violation, more, is_rest)) {
      whole = false;
    } else if (!is_rest) {
      out.push_back(std::move(violation));
    }
  }
  return whole && parts.is_whole();
}

void drop_compat(Headers& headers) {
  if (ends_with(headers, kConfluentPrefix, kConfluentNames)) headers.resize(headers.size() - kConfluentNames.size());
  if (!ends_with(headers, kConnectPrefix, kConnectNames)) return;
  const std::size_t first = headers.size() - kConnectNames.size();
  const auto of_class = std::find(kConnectNames.begin(), kConnectNames.end(), "class.name") - kConnectNames.begin();
  if (headers[first + static_cast<std::size_t>(of_class)].second == kConnectClass) headers.resize(first);
}

Error not_quarantined(std::string why) {
  return {.message = "it is no quarantined record: " + std::move(why), .code = "not_quarantined"};
}

Error newer_form(std::uint32_t version) {
  return {.message = "written by a newer weir (form " + std::to_string(version) + "); this one reads up to " +
                     std::to_string(kQuarantineVersion),
          .code = "newer"};
}

void FactReader::take(std::string_view name, std::string_view text) {
  const std::size_t index = index_of(name);
  if (index < kNames.size()) there_.set(index, read(name, text));
}

bool FactReader::read(std::string_view name, std::string_view text) {
  const auto put = [text](std::string& into) {
    into = text;
    return !text.empty();
  };
  const auto keep = [text](std::string& into) {
    into = text;
    return true;  // it may be empty: a pipeline without a name
  };
  if (name == "v") return read_number(text, version_) && version_ > 0;
  if (name == "id") return put(out_.id);
  if (name == "topic") return put(out_.origin.topic);
  if (name == "partition") return read_number(text, out_.origin.number) && out_.origin.number >= 0;
  if (name == "offset") return read_number(text, out_.offset) && out_.offset >= 0;
  if (name == "timestamp") return read_milliseconds(text, out_.timestamp);
  if (name == "pipeline") return keep(out_.pipeline);
  if (name == "instance") return keep(out_.instance);
  if (name == "ruleset") return keep(out_.ruleset);
  if (name == "stage") return put(out_.stage);
  if (name == "into") return put(out_.into);
  if (name == "replay_count") return read_number(text, out_.replay_count);
  if (name == "value") return read_form(text, out_.value_form);
  if (name == "key") return read_form(text, out_.key_form);
  if (name == "headers") {
    if (!there_[index_of(name)]) out_.missing.emplace_back("headers as they were");
    return true;
  }
  if (name == "violations") return read_violations(text, out_.violations, out_.more_violations);
  if (name == "at") {
    out_.at = parse_timestamp(text);
    return out_.at.has_value();
  }
  if (name == "timestamp_type") {
    for (const TimestampType type : {TimestampType::None, TimestampType::Create, TimestampType::LogAppend}) {
      if (text == word_of(type)) {
        out_.timestamp_type = type;
        return true;
      }
    }
    return false;
  }
  if (text != "too_large") return false;
  out_.value_form = QuarantinedRecord::Form::Stub;
  return true;
}

bool FactReader::is_quarantined() const {
  return there_[index_of("v")] || !out_.stage.empty() || !out_.violations.empty();
}

/// "orders-3-17": the topic may hold dashes itself.
void FactReader::guess_from_id() {
  const std::size_t second = out_.id.rfind('-');
  if (second == out_.id.npos || second == 0) return;
  const std::size_t first = out_.id.rfind('-', second - 1);
  if (first == out_.id.npos || first == 0) return;
  const std::string_view id = out_.id;
  std::int32_t number = 0;
  std::int64_t offset = 0;
  if (!read_number(id.substr(first + 1, second - first - 1), number) || !read_number(id.substr(second + 1), offset))
    return;
  out_.origin = {.topic = std::string(id.substr(0, first)), .number = number};
  out_.offset = offset;
}

void FactReader::finish() {
  const auto has = [this](std::string_view name) { return there_[index_of(name)]; };
  const bool placed = has("topic") && has("partition") && has("offset");
  const bool is_mark = out_.stage == kReplayedStage;
  if (!has("id") && placed) {
    out_.id = out_.origin.topic + "-" + std::to_string(out_.origin.number) + "-" + std::to_string(out_.offset);
  } else if (has("id") && !placed) {
    guess_from_id();
  }
  const auto expect = [this, &has](std::string_view name) {
    if (!has(name)) out_.missing.push_back(std::string(kHeaderPrefix).append(name));
  };
  if (is_mark) {
    for (const std::string_view name : kOfMarks) expect(name);
    return;
  }
  for (std::size_t i = 0; i < kOfRecords; ++i) expect(kNames[i]);
  if (out_.timestamp_type != TimestampType::None) expect("timestamp");
}

}  // namespace weir
