// SPDX-License-Identifier: Apache-2.0
#include "import/time_layout.h"

#include <array>

namespace weir {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool fits(std::string_view text, std::string_view shape) {
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == '0' ? !digit : shape[i] != '?' && shape[i] != text[i]) return false;
  }
  return true;
}

std::string number_of_month(std::string_view name) {
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (kMonths[i] == name) return (i < 9 ? "0" : "") + std::to_string(i + 1);
  }
  return "";
}

/// "12:00:01", "12:00:01.5" and how long that is; 0 when it is no time of the day.
std::size_t clock_length(std::string_view text) {
  if (!fits(text.substr(0, 8), "00:00:00")) return 0;
  std::size_t length = 8;
  if (length < text.size() && text[length] == '.') {
    ++length;
    while (length < text.size() && text[length] >= '0' && text[length] <= '9') ++length;
  }
  return length;
}

std::optional<TimeLayout> iso(std::string_view text) {
  if (!fits(text.substr(0, 10), "0000-00-00")) return std::nullopt;
  const std::string date(text.substr(0, 10));
  if (text.size() == 10)
    return TimeLayout{.kind = TimeLayout::Kind::Iso, .with_time = false, .instant = date + "T00:00:00Z"};
  if (text[10] != ' ' && text[10] != 'T') return std::nullopt;
  const std::string_view rest = text.substr(11);
  const std::size_t clock = clock_length(rest);
  if (clock == 0) return std::nullopt;
  std::string_view zone = rest.substr(clock);
  const std::string begin = date + "T" + std::string(rest.substr(0, clock));
  if (zone.empty()) return TimeLayout{.kind = TimeLayout::Kind::Iso, .with_time = true, .instant = begin + "Z"};
  const bool blank = zone.starts_with(' ');
  if (blank) zone.remove_prefix(1);
  const bool sign = zone.starts_with('+') || zone.starts_with('-');
  const bool colon = sign && fits(zone.substr(1), "00:00");
  if (!blank && text[10] == 'T' && (zone == "Z" || colon))
    return TimeLayout{.kind = TimeLayout::Kind::Rfc3339, .with_time = true, .instant = std::string(text)};
  if (sign && fits(zone.substr(1), "0000")) {
    return TimeLayout{.kind = TimeLayout::Kind::IsoZone,
                      .with_time = true,
                      .instant = begin + std::string(zone.substr(0, 3)) + ":" + std::string(zone.substr(3))};
  }
  return std::nullopt;
}

}  // namespace

std::optional<TimeLayout> TimeLayout::of(std::string_view text) {
  if (auto layout = iso(text)) return layout;
  const bool with_time = text.size() > 11 && clock_length(text.substr(text.find_last_of(' ') + 1)) == 8;
  const std::string clock = with_time ? std::string(text.substr(text.size() - 8)) : "00:00:00";
  if (fits(text, "??? 00 0000") || fits(text, "??? 00 0000 00:00:00")) {
    const std::string month = number_of_month(text.substr(0, 3));
    if (month.empty()) return std::nullopt;
    return TimeLayout{.kind = Kind::MonthName,
                      .with_time = with_time,
                      .instant = std::string(text.substr(7, 4)) + "-" + month + "-" + std::string(text.substr(4, 2)) +
                                 "T" + clock + "Z"};
  }
  if (fits(text, "00/00/0000") || fits(text, "00/00/0000 00:00:00")) {
    return TimeLayout{.kind = Kind::MonthDay,
                      .with_time = with_time,
                      .instant = std::string(text.substr(6, 4)) + "-" + std::string(text.substr(0, 2)) + "-" +
                                 std::string(text.substr(3, 2)) + "T" + clock + "Z"};
  }
  return std::nullopt;
}

std::string TimeLayout::time_of(const std::string& field) const {
  const auto part = [&field](int from, int to) {
    return field + ".substring(" + std::to_string(from) + ", " + std::to_string(to) + ")";
  };
  switch (kind) {
    case Kind::Rfc3339: return "timestamp(" + field + ")";
    case Kind::Iso: return field;
    case Kind::IsoZone: {
      const std::string end = "size(" + field + ")";
      return "timestamp(" + part(0, 10) + " + \"T\" + " + field + ".substring(11, " + end + " - 5).trim() + " + field +
             ".substring(" + end + " - 5, " + end + " - 2) + \":\" + " + field + ".substring(" + end + " - 2))";
    }
    case Kind::MonthName: {
      std::string months = "{";
      for (const std::string_view month : kMonths) {
        months += (months.size() == 1 ? "\"" : ", \"") + std::string(month) + "\": \"" + number_of_month(month) + "\"";
      }
      return "timestamp(" + part(7, 11) + " + \"-\" + " + months + "}[" + part(0, 3) + "] + \"-\" + " + part(4, 6) +
             (with_time ? " + \"T\" + " + part(12, 20) + " + \"Z\")" : " + \"T00:00:00Z\")");
    }
    case Kind::MonthDay:
      return "timestamp(" + part(6, 10) + " + \"-\" + " + part(0, 2) + " + \"-\" + " + part(3, 5) +
             (with_time ? " + \"T\" + " + part(11, 19) + " + \"Z\")" : " + \"T00:00:00Z\")");
  }
  return field;
}

}  // namespace weir
