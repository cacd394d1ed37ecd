// SPDX-License-Identifier: Apache-2.0
// `maintenance`: times in which nobody is told, once or by the clocks of a place.
#include <algorithm>
#include <array>
#include <charconv>

#include "base/timestamp.h"
#include "config/keys.h"
#include "config/read_config.h"
#include "rules/codes.h"
#include "rules/values.h"
#include "rules/zones.h"

namespace weir {
namespace {

constexpr std::size_t kMostWindows = 256;
constexpr Duration kDay = std::chrono::hours(24);

std::optional<int> weekday_of(std::string_view text) {
  constexpr std::array<std::string_view, 7> kDays = {"sunday",   "monday", "tuesday", "wednesday",
                                                     "thursday", "friday", "saturday"};
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (std::size_t i = 0; i < kDays.size(); ++i) {
    if (lower == kDays[i] || lower == kDays[i].substr(0, 3)) return static_cast<int>(i);
  }
  return std::nullopt;
}

/// `22:00`.
std::optional<Duration> time_of_day(std::string_view text) {
  int hour = -1;
  int minute = -1;
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto number = [&](std::size_t at, int& out) {
    const auto [end, fault] = std::from_chars(text.data() + at, text.data() + at + 2, out);
    return fault == std::errc() && end == text.data() + at + 2 && text[at] != '-';
  };
  if (!number(0, hour) || !number(3, minute) || hour > 23 || minute > 59) return std::nullopt;
  return std::chrono::hours(hour) + std::chrono::minutes(minute);
}

/// `Sat 22:00`, `22:00`.
bool read_every(const YamlNode& node, MaintenanceWindow& window) {
  const std::string& text = node.text;
  const std::size_t space = text.find(' ');
  if (space != std::string::npos) {
    window.weekday = weekday_of(text.substr(0, space));
    if (!window.weekday) return false;
  }
  const std::optional<Duration> at = time_of_day(space == std::string::npos ? text : text.substr(space + 1));
  window.at = at.value_or(Duration{});
  return at.has_value();
}

void read_again_and_again(ConfigReading& reading, const YamlNode& node, const Section& section,
                          MaintenanceWindow& window) {
  const YamlNode& every = *section.node("every");
  if (!read_every(every, window))
    reading.findings.error(
        codes::kValue, every.where(), "`every` wants a time of a day, not " + backquoted(every.text),
        {.label = {}, .help = "`Sat 22:00` is once a week, `22:00` every day; further days are entries of their own"});
  const Duration period = window.weekday ? 7 * kDay : kDay;
  if (const YamlNode* const length = section.node("for")) {
    window.length = parse_duration(length->text).value_or(Duration{});
    if (window.length <= Duration{} || window.length > period)
      reading.findings.error(codes::kValue, length->where(), "`for` is longer than from one time to the next", {});
  } else if (node.find("for") == nullptr) {
    reading.findings.error(codes::kMissingKey, section.key("every")->where(), "`every` goes with `for`",
                           {.label = {}, .help = "say how long: `for: 4h`"});
  }
  if (const YamlNode* const zone = section.node("zone")) {
    LoadOptions options;
    options.read_zone = reading.request.read_zone;
    window.zone = zone->text;
    window.zone_rules = ZoneReader(options, reading.findings).read(*zone);
  }
}

void read_once(ConfigReading& reading, const YamlNode& node, const Section& section, MaintenanceWindow& window) {
  for (const std::string_view key : {"for", "zone"}) {
    if (section.has(key))
      reading.findings.error(
          codes::kPlace, section.key(key)->where(), backquoted(key) + " goes with `every`",
          {.label = {},
           .help = key == "zone" ? "`from` and `to` have their zone in them: 2026-01-31T22:00:00+01:00" : ""});
  }
  const YamlNode* const from = section.node("from");
  const YamlNode* const to = section.node("to");
  if (from != nullptr) window.from = parse_timestamp(from->text);
  if (to != nullptr) window.to = parse_timestamp(to->text);
  if (window.from && window.to && *window.to <= *window.from)
    reading.findings.error(codes::kValue, to->where(), "`to` lies before `from`", {});
  if ((from == nullptr || to == nullptr) && node.is_map() &&
      (node.find("from") == nullptr || node.find("to") == nullptr))
    reading.findings.error(codes::kMissingKey, node.where(),
                           "`maintenance` wants `from` and `to`, or `every` and `for`", {});
}

MaintenanceWindow read_window(ConfigReading& reading, const YamlNode& node) {
  MaintenanceWindow window;
  const Section section(reading.findings, node, maintenance_keys());
  if (section.has("every")) {
    for (const std::string_view key : {"from", "to"}) {
      if (section.has(key))
        reading.findings.error(codes::kPlace, section.key(key)->where(), "`maintenance` wants either `every` or `from`",
                               {});
    }
    read_again_and_again(reading, node, section, window);
  } else if (!node.is_map() || node.find("every") == nullptr) {
    read_once(reading, node, section, window);
  }
  window.streams = read_names(reading, section, "streams", {});
  window.rules = read_names(reading, section, "rules", {});
  if (const YamlNode* const rules = section.node("rules")) {
    if (rules->is_scalar()) reading.maintenance_rules.push_back(rules);
    reading.maintenance_rules.insert(reading.maintenance_rules.end(), rules->items.begin(), rules->items.end());
  }
  window.why = section.text("why");
  return window;
}

}  // namespace

void read_maintenance(ConfigReading& reading, const YamlNode& node, AlertSettings& alerts) {
  if (node.items.size() > kMostWindows) {
    reading.findings.error(codes::kLimit, node.where(), "more than 256 times of maintenance", {});
    return;
  }
  for (const YamlNode* const item : node.items) alerts.maintenance.push_back(read_window(reading, *item));
}

}  // namespace weir
