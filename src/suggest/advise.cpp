// SPDX-License-Identifier: Apache-2.0
#include "suggest/advise.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "suggest/advise_numbers.h"
#include "suggest/discover.h"
#include "suggest/words.h"

namespace weir {

namespace {

// Fewer values say what they are, but not what others will be.
constexpr std::uint64_t kFewest = 30;
constexpr std::uint64_t kEnough = 100;

using Rules = std::vector<Suggestion>;

void add(Rules& rules, std::string key, std::string value, std::string evidence) {
  rules.push_back({.key = std::move(key), .value = std::move(value), .evidence = std::move(evidence), .id = {}});
}

/// The type that every value has, or nothing.
std::string_view type_of(const FieldProfile& field) {
  const Counters& c = field.summary.counters();
  const std::uint64_t n = c.values();
  if (c.text == n) {
    if (field.timestamps == n) return "timestamp";
    if (field.dates == n) return "date";
    return field.uuids == n ? "uuid" : "string";
  }
  if (c.integer == n) return "integer";
  if (c.integer + c.fraction == n) return "number";
  if (c.boolean == n) return "boolean";
  if (c.array == n) return "array";
  return c.object == n ? "object" : "";
}

std::string kinds_in_words(const Counters& c) {
  std::string out;
  const auto say = [&out](std::uint64_t n, std::string_view noun) {
    if (n == 0) return;
    if (!out.empty()) out += ", ";
    out += with_commas(n) + " " + std::string(noun);
  };
  say(c.text, "texts");
  say(c.numbers(), "numbers");
  say(c.boolean, "booleans");
  say(c.array, "arrays");
  say(c.object, "objects");
  return out;
}

std::string noun_of(const FieldProfile& field) {
  return field.path.repeated() ? "elements" : "records";
}

void suggest_presence(const FieldProfile& field, Rules& rules) {
  const Counters& c = field.summary.counters();
  if (c.elements < kFewest) return;
  if (c.missing() == 0) {
    add(rules, "required", "true", "there and not null in all " + with_commas(c.elements) + " " + noun_of(field));
  } else if (c.absent == 0 && !field.path.repeated()) {
    add(rules, "required", "present", "the key is in all " + with_commas(c.elements) + " records");
  }
}

/// Every value came often enough that another one would be news.
bool is_closed_set(const FieldProfile& field, std::string_view type) {
  constexpr std::size_t kMost = 40;
  const ValueCounts& counts = *field.summary.values();
  const std::uint64_t n = field.summary.counters().values();
  if (!counts.exact() || n < kEnough || (type != "string" && type != "integer")) return false;
  const auto entries = counts.entries();
  if (entries.empty() || entries.size() > kMost || n < entries.size() * 10) return false;
  if (type == "integer" && entries.size() > 12) return false;
  return std::all_of(entries.begin(), entries.end(), [](const ValueCount& entry) {
    constexpr std::uint64_t kLeast = 3;
    return entry.count >= kLeast && !entry.cut && entry.text.size() <= 40;
  });
}

void suggest_set(const FieldProfile& field, std::string_view type, Rules& rules) {
  std::vector<std::string> values;
  std::uint64_t rarest = ~std::uint64_t{0};
  for (const auto& entry : field.summary.values()->entries()) {
    values.push_back(type == "string" ? yaml_scalar(entry.text) : entry.text);
    rarest = std::min(rarest, entry.count);
  }
  std::sort(values.begin(), values.end());
  std::string list;
  for (const std::string& value : values) list += (list.empty() ? "" : ", ") + value;
  add(rules, "in", "[" + list + "]",
      with_commas(values.size()) + (values.size() == 1 ? " value" : " values") + ", the rarest " + with_commas(rarest) +
          " times");
}

bool is_named_as_key(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  const std::string_view name = dot == std::string_view::npos ? path : path.substr(dot + 1);
  for (const std::string_view end : {"id", "Id", "ID", "uuid", "key", "hash", "token", "guid"}) {
    if (name == end || (name.size() > end.size() && name.ends_with(end))) return true;
  }
  return false;
}

bool is_unique(const FieldProfile& field, std::string_view type) {
  const std::uint64_t n = field.summary.counters().values();
  if (n < kEnough || field.path.repeated() || field.summary.repeats()->keys().once_share < 1) return false;
  if (type == "uuid") return true;
  return (type == "string" || type == "integer") && is_named_as_key(field.path.text());
}

void suggest_text(const FieldProfile& field, Rules& rules) {
  const std::uint64_t n = field.summary.counters().values();
  const TextShape& shape = *field.summary.shape();
  if (n < kFewest) return;
  if (!field.formats.empty()) {
    add(rules, "format", std::string(field.formats.front()->name), "all " + with_commas(n) + " values are");
    return;
  }
  const std::string pattern = field.pattern.expression();
  if (!pattern.empty()) {
    add(rules, "match", yaml_scalar(pattern), "all " + with_commas(n) + " values have this shape");
    return;
  }
  if (n < kEnough) return;
  if (field.summary.counters().empty_text == 0)
    add(rules, "min_length", "1", "none of " + with_commas(n) + " is empty");
  const std::uint64_t longest = shape.longest().value_or(0);
  add(rules, "max_length", std::to_string(static_cast<std::uint64_t>(nice_above(2.0 * static_cast<double>(longest)))),
      "the longest is " + with_commas(longest));
}

FieldSuggestions advise_field(const FieldProfile& field) {
  FieldSuggestions out{.path = field.path.text(), .rules = {}, .note = {}};
  const Counters& c = field.summary.counters();
  if (c.values() == 0) {
    out.note = "null or absent in all " + with_commas(c.elements) + " " + noun_of(field);
    return out;
  }
  const std::string_view type = type_of(field);
  if (type.empty()) {
    out.note = "of several types: " + kinds_in_words(c);
    suggest_presence(field, out.rules);
    return out;
  }
  add(out.rules, "type", std::string(type),
      c.values() == 1 ? "the only value" : "all " + with_commas(c.values()) + " values");
  suggest_presence(field, out.rules);
  if (is_closed_set(field, type)) {
    suggest_set(field, type, out.rules);
  } else if (type == "string") {
    suggest_text(field, out.rules);
  } else if (type == "integer" || type == "number") {
    suggest_bounds(field, is_named_as_key(out.path), out.rules);
  }
  if (is_unique(field, type)) add(out.rules, "unique", "true", "no value came twice in " + with_commas(c.values()));
  return out;
}

// ---- windows

void suggest_missing_rate(const FieldProfile& field, Rules& rules) {
  const Counters& c = field.summary.counters();
  if (c.elements < kEnough || c.missing() == 0 || c.values() == 0) return;
  const double n = static_cast<double>(c.elements);
  const double share = static_cast<double>(c.missing()) / n;
  const double bound = share + 4 * std::sqrt(share * (1 - share) / n) + 0.25 * share;
  if (bound >= 0.8) return;
  add(rules, "must", "missing_rate(" + in_expression(field.path) + ") <= " + percent_above(bound),
      with_commas(c.missing()) + " of " + with_commas(c.elements) + ": " + share_in_words(share));
}

void suggest_mean(const FieldProfile& field, Rules& rules) {
  const std::uint64_t n = field.summary.counters().finite();
  const Moments& moments = *field.summary.moments();
  if (n < kEnough || field.summary.counters().text > 0 || grows(field) || is_named_as_key(field.path.text())) return;
  if (has_heavy_tail(field)) {
    const double high = field.summary.quantiles()->quantile(0.99).value_or(0);
    add(rules, "should", "quantile(" + in_expression(field.path) + ", 0.99) <= " + plain_number(nice_above(3 * high)),
        "99 % are at most " + plain_number(rounded(high)));
    return;
  }
  const double mean = moments.mean().value_or(0);
  const double spread = std::sqrt(moments.sample_variance().value_or(0));
  if (spread == 0) return;
  const double room = std::max(0.5 * spread, 8 * spread / std::sqrt(static_cast<double>(n)));
  const std::string call = "mean(" + in_expression(field.path) + ")";
  add(rules, "should",
      call + " >= " + plain_number(rounded(mean - room)) + " && " + call + " <= " + plain_number(rounded(mean + room)),
      "the mean is " + plain_number(rounded(mean)) + ", the standard deviation " + plain_number(rounded(spread)));
}

WindowSuggestions advise_whole(const SampleProfile& profile, const AdviceOptions& options) {
  WindowSuggestions out;
  if (options.whole_sample && profile.records() >= kFewest) {
    add(out.rules, "should", "row_count >= " + std::to_string(profile.records() / 2),
        "half of the " + with_commas(profile.records()) + " of this sample");
  }
  for (const FieldProfile& field : profile.fields()) {
    if (in_expression(field.path).empty()) continue;
    suggest_missing_rate(field, out.rules);
    if (field.summary.counters().numbers() > 0) suggest_mean(field, out.rules);
  }
  return out;
}

/// The shortest usual length of windows that has twenty of them, with fifty records each.
std::optional<WindowSuggestions> advise_pace(const std::map<std::int64_t, std::uint64_t>& minutes) {
  struct Length {
    std::int64_t minutes;
    std::string_view text;
  };
  constexpr Length kLengths[] = {{1, "1m"}, {5, "5m"}, {15, "15m"}, {60, "1h"}, {360, "6h"}, {1440, "1d"}};
  if (minutes.empty()) return std::nullopt;
  for (const Length& length : kLengths) {
    std::map<std::int64_t, std::uint64_t> windows;
    const auto window_of = [&length](std::int64_t minute) {
      return minute >= 0 ? minute / length.minutes : -((-minute + length.minutes - 1) / length.minutes);
    };
    std::uint64_t records = 0;
    for (const auto& [minute, count] : minutes) {
      windows[window_of(minute)] += count;
      records += count;
    }
    const std::int64_t first = windows.begin()->first;
    const std::int64_t last = windows.rbegin()->first;
    const auto inner = static_cast<std::uint64_t>(std::max<std::int64_t>(0, last - first - 1));
    if (inner < 20 || records / (inner + 2) < 50) continue;
    std::uint64_t least = records;
    for (std::int64_t i = first + 1; i < last; ++i) {
      const auto found = windows.find(i);
      least = std::min(least, found == windows.end() ? 0 : found->second);
    }
    WindowSuggestions out{.every = std::string(length.text), .rules = {}};
    // The first and the last window of a file are cut by its ends, so the count is asked of the stream and not of them.
    if (least >= 20) {
      add(out.rules, "should", "row_count >= " + std::to_string(std::max<std::uint64_t>(1, least / 10)),
          "a tenth of the quietest of " + with_commas(inner) + " whole windows, " + with_commas(least) +
              "; the first and the last of a file may be cut short");
    } else {
      add(out.rules, "should", "row_count >= 1",
          "the quietest of " + with_commas(inner) + " windows had " + with_commas(least));
    }
    if (least == 0) return std::nullopt;
    return out;
  }
  return std::nullopt;
}

// ---- the time of events, and the order of times

std::optional<std::size_t> time_field(const SampleProfile& profile, const AdviceOptions& options) {
  constexpr std::string_view kNames[] = {"event_time", "eventTime",   "event_timestamp", "timestamp", "@timestamp",
                                         "ts",         "occurred_at", "created_at",      "createdAt", "time",
                                         "datetime",   "created",     "updated_at"};
  std::optional<std::size_t> first;
  std::optional<std::size_t> named;
  std::size_t best = std::size(kNames);
  for (std::size_t i = 0; i < profile.fields().size(); ++i) {
    const FieldProfile& field = profile.fields()[i];
    const std::string path = field.path.text();
    if (options.time) {
      if (path == *options.time) return i;
      continue;
    }
    if (field.path.repeated() || field.timestamps == 0 || field.timestamps != profile.records()) continue;
    if (!first) first = i;
    for (std::size_t rank = 0; rank < best; ++rank) {
      if (path != kNames[rank] && path != path_step(kNames[rank])) continue;
      best = rank;
      named = i;
    }
  }
  return named ? named : first;
}

Rules advise_orders(const SampleProfile& profile) {
  Rules rules;
  for (const InOrder& order : profile.orders()) {
    // Times that are mostly the same are one time under two names.
    if (!order.holds || order.records < kEnough || order.later * 2 < order.records) continue;
    const std::string first = in_expression(profile.fields()[order.first].path);
    const std::string second = in_expression(profile.fields()[order.second].path);
    if (first.empty() || second.empty()) continue;
    rules.push_back({.key = "expr",
                     .value = second + " >= " + first,
                     .evidence = "held in all " + with_commas(order.records) + " records that have both",
                     .id = id_of(second) + "-after-" + id_of(first)});
  }
  constexpr std::size_t kMost = 6;
  if (rules.size() > kMost) rules.resize(kMost);
  return rules;
}

}  // namespace

Suggestions advise(const SampleProfile& profile, const AdviceOptions& options) {
  Suggestions out;
  for (const FieldProfile& field : profile.fields()) out.fields.push_back(advise_field(field));
  out.records = advise_orders(profile);
  if (WindowSuggestions whole = advise_whole(profile, options); !whole.rules.empty())
    out.windows.push_back(std::move(whole));
  if (const std::optional<std::size_t> time = time_field(profile, options)) {
    out.time = profile.fields()[*time].path.text();
    if (std::optional<WindowSuggestions> pace = advise_pace(profile.minutes(*time)); pace && options.whole_sample) {
      out.windows.push_back(*std::move(pace));
    }
  }
  return out;
}

}  // namespace weir
