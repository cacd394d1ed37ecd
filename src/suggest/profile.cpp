// SPDX-License-Identifier: Apache-2.0
#include "suggest/profile.h"

#include <algorithm>
#include <numeric>

#include "base/decimal.h"
#include "base/timestamp.h"

namespace weir {

namespace {

constexpr Parts kParts =
    Part::Moments | Part::Extremes | Part::Quantiles | Part::Distinct | Part::Values | Part::Shape | Part::Repeats;

// Formats whose members are recognisable: any word is a slug, any even number of hex digits is base64.
constexpr std::string_view kTelling[] = {"email",  "url",       "uri",  "ipv4", "ipv6",   "mac",        "iban",
                                         "semver", "e164",      "ulid", "jwt",  "sha256", "md5",        "sha1",
                                         "isbn",   "object-id", "lei",  "cidr", "isin",   "traceparent"};

std::vector<const TextFormat*> telling_formats() {
  std::vector<const TextFormat*> out;
  for (const std::string_view name : kTelling) {
    for (const TextFormat& format : formats()) {
      if (format.name == name) out.push_back(&format);
    }
  }
  return out;
}

std::int64_t minute_of(Instant instant) {
  return std::chrono::floor<std::chrono::minutes>(instant).time_since_epoch().count();
}

}  // namespace

FieldProfile::FieldProfile(FieldPath of, std::uint32_t column)
    : path(std::move(of)),
      summary(SummarySpec{.column = column, .parts = kParts, .declared = FieldType::Any, .edges = nullptr}),
      formats(telling_formats()) {}

void FieldProfile::add(const Column& column) {
  std::vector<std::uint32_t> elements(column.size());
  std::iota(elements.begin(), elements.end(), 0U);
  summary.add(column, elements);
  for (std::size_t i = 0; i < column.size(); ++i) {
    const Kind kind = column.kinds[i];
    const Cell& cell = column.cells[i];
    if (kind == Kind::Text) {
      const std::string_view text = cell.text();
      pattern.add(text);
      std::erase_if(formats, [text](const TextFormat* format) { return !format->holds(text); });
      if (const std::optional<Instant> instant = parse_timestamp(text)) {
        earliest = timestamps == 0 ? *instant : std::min(earliest, *instant);
        latest = timestamps == 0 ? *instant : std::max(latest, *instant);
        ++timestamps;
      } else if (is_date(text)) {
        ++dates;
      } else if (is_uuid(text)) {
        ++uuids;
      }
    } else if (is_number(kind)) {
      constexpr std::uint32_t kMeant = 6;
      if (kind == Kind::Decimal) {
        digits = std::max<std::uint64_t>(digits, cell.scale);
        endless_digits = endless_digits || cell.scale > kMeant;
      }
      endless_digits = endless_digits || kind == Kind::Number;
      const double number = number_of(kind, cell).to_double();
      if (last_number) {
        ++steps;
        rises += number >= *last_number ? 1U : 0U;
      }
      last_number = number;
    }
  }
}

SampleProfile::SampleProfile(const std::vector<FieldPath>& paths) {
  for (const FieldPath& path : paths) fields_.emplace_back(path, static_cast<std::uint32_t>(fields_.size()));
  minutes_.resize(fields_.size());
  too_many_minutes_.resize(fields_.size());
}

void SampleProfile::add(const Batch& batch) {
  records_ += batch.size();
  for (std::size_t i = 0; i < fields_.size(); ++i) fields_[i].add(batch.columns[i]);
  add_times(batch);
}

void SampleProfile::add_times(const Batch& batch) {
  std::vector<std::size_t> fields;
  for (std::size_t i = 0; i < fields_.size() && fields.size() < kMaxTimes; ++i) {
    if (fields_[i].timestamps > 0 && !fields_[i].path.repeated()) fields.push_back(i);
  }
  std::vector<std::optional<Instant>> times(fields.size());
  for (std::size_t row = 0; row < batch.size(); ++row) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const Column& column = batch.columns[fields[i]];
      times[i] = column.kinds[row] == Kind::Text ? parse_timestamp(column.cells[row].text()) : std::nullopt;
      if (!times[i] || too_many_minutes_[fields[i]] != 0) continue;
      auto& minutes = minutes_[fields[i]];
      ++minutes[minute_of(*times[i])];
      if (minutes.size() <= kMaxMinutes) continue;
      minutes.clear();
      too_many_minutes_[fields[i]] = 1;
    }
    for (std::size_t a = 0; a < fields.size(); ++a) {
      for (std::size_t b = 0; b < fields.size(); ++b) {
        if (a == b || !times[a] || !times[b]) continue;
        const auto known = std::find_if(orders_.begin(), orders_.end(), [&](const InOrder& order) {
          return order.first == fields[a] && order.second == fields[b];
        });
        InOrder& order =
            known != orders_.end() ? *known : orders_.emplace_back(InOrder{.first = fields[a], .second = fields[b]});
        ++order.records;
        order.later += *times[b] > *times[a] ? 1U : 0U;
        order.holds = order.holds && *times[b] >= *times[a];
      }
    }
  }
}

}  // namespace weir
