// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/top_table.h"
#include "base/escape.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "report/words.h"

namespace weir {
namespace {

constexpr std::size_t kMostOfAReason = 400;  // code points

std::string fixed(double number, int digits) {
  char text[64];
  const int size = std::snprintf(text, sizeof text, "%.*f", digits, number);
  return {text, static_cast<std::size_t>(std::clamp(size, 0, 63))};
}

std::string failed_share(const TopRule& rule) {
  return with_commas(rule.failed) + " of " + with_commas(rule.evaluated) + " records fail (" +
         share_of(rule.failed, rule.evaluated) + ")";
}

std::string why_of_record_rule(const TopRule& rule, Instant now) {
  switch (rule.state) {
    case TopState::Pass: return "holds for all " + with_commas(rule.evaluated) + " records: " + rule.expected;
    case TopState::NoData: return "no record yet";
    case TopState::Past:
      return "quiet now: " + failed_share(rule) + ", the last " + age_since(rule.last_failed, now) + " ago";
    default: break;
  }
  const std::string counted = failed_share(rule) + ", expected " + rule.expected;
  return rule.samples.empty() ? counted : rule.samples.front().reason + "; " + counted;
}

}  // namespace

std::string age_words(double seconds) {
  if (!(seconds >= 0)) return "0s";
  const auto whole = static_cast<std::uint64_t>(std::min(seconds, 1e12));
  if (whole < 60) return std::to_string(whole) + "s";
  if (whole < 3600) return std::to_string(whole / 60) + "m";
  if (whole < 48 * 3600) {
    const std::uint64_t minutes = whole / 60 % 60;
    return std::to_string(whole / 3600) + "h" + (minutes < 10 ? "0" : "") + std::to_string(minutes) + "m";
  }
  return std::to_string(whole / 86400) + "d";
}

std::string age_since(const std::optional<Instant>& since, Instant now) {
  return since ? age_words(std::chrono::duration<double>(now - *since).count()) : "";
}

std::string short_count(std::uint64_t n) {
  constexpr std::uint64_t kMillion = 1'000'000;
  if (n < kMillion) return with_commas(n);
  double scaled = static_cast<double>(n) / 1e6;
  std::size_t unit = 0;
  for (; scaled >= 999.5 && unit < 4; ++unit) scaled /= 1000;
  return fixed(scaled, scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0) + "MGTPE"[unit];
}

std::string short_rate(const std::optional<double>& per_second) {
  if (!per_second) return "-";
  if (*per_second <= 0) return "0/s";
  if (*per_second < 10) return (*per_second < 0.1 ? std::string("<0.1") : fixed(*per_second, 1)) + "/s";
  return short_count(static_cast<std::uint64_t>(std::llround(std::min(*per_second, 1e18)))) + "/s";
}

std::string clock_words(const std::optional<Instant>& time) {
  return time ? format_timestamp(std::chrono::floor<std::chrono::seconds>(*time)).substr(11, 8) : "";
}

std::string why_of(const TopWindow& window) {
  std::string why = window.segment.empty() ? "" : window.segment + ": ";
  const std::string value = window.observed.empty() ? "no value" : window.observed;
  if (!window.cause.empty()) {
    why += window.cause;
  } else if (window.is_drift) {
    why += window.state == TopState::Pass ? "nothing has moved" : "not compared";
  } else {
    why += (window.state == TopState::Pass ? value : "got " + value) + ", expected " + window.expected;
  }
  if (!window.remarks.empty()) why += " (" + window.remarks + ")";
  return visible(why, kMostOfAReason);
}

std::string why_of(const TopRule& rule, Instant now) {
  if (rule.kind == "record") return visible(why_of_record_rule(rule, now), kMostOfAReason);
  return rule.newest ? why_of(*rule.newest) : "no window yet";
}

std::string why_of(const TopStream& stream) {
  std::string why;
  for (const std::string& reason : stream.not_ready) why += (why.empty() ? "" : "; ") + reason;
  if (why.empty()) {
    why = stream.phase;
    if (stream.undecodable > 0) why += ", " + with_commas(stream.undecodable) + " undecodable";
    if (stream.late > 0) why += ", " + with_commas(stream.late) + " late";
    if (stream.kept_out > 0) why += ", " + with_commas(stream.kept_out) + " kept out of the quarantine";
  }
  return visible(why, kMostOfAReason);
}

TopSum sum_up(const TopOverview& overview) {
  TopSum sum;
  sum.away = overview.looks.size() - overview.answering();
  sum.rules = overview.rules.size();
  for (const TopRule& rule : overview.rules) {
    sum.rules_red += is_red(rule.state) ? 1 : 0;
    sum.warned += rule.state == TopState::Warn ? 1 : 0;
  }
  for (const TopStream& stream : overview.streams) {
    sum.streams_red += is_red(stream.state) ? 1 : 0;
    if (stream.lag) {
      ++sum.lags_known;
      sum.lag += *stream.lag;
    }
    if (stream.records_rate) sum.records_rate = sum.records_rate.value_or(0) + *stream.records_rate;
    if (stream.quarantined_rate) sum.quarantined_rate = sum.quarantined_rate.value_or(0) + *stream.quarantined_rate;
  }
  return sum;
}

std::string words_of_alerts(const TopOverview& overview) {
  if (overview.alerts.empty() && overview.alerts_left_out == 0) return "";
  const auto silenced = std::count_if(overview.alerts.begin(), overview.alerts.end(),
                                      [](const TopAlert& alert) { return alert.silenced; });
  std::string text = "alerts: " + with_commas(overview.alerts.size()) + " firing";
  if (silenced > 0) text += " (" + with_commas(static_cast<std::uint64_t>(silenced)) + " silenced)";
  if (overview.alerts_left_out > 0) text += ", " + with_commas(overview.alerts_left_out) + " left out";
  return text;
}

std::string words_of(const TopSum& sum) {
  std::string red;
  const auto add = [&red](std::size_t n, std::string_view one, std::string_view many) {
    if (n > 0) red += (red.empty() ? "" : ", ") + std::to_string(n) + " " + std::string(n == 1 ? one : many);
  };
  add(sum.away, "instance away", "instances away");
  add(sum.streams_red, "stream not ready", "streams not ready");
  add(sum.rules_red, "rule fails", "rules fail");
  add(sum.warned, "warning", "warnings");
  const std::string of = "of " + std::to_string(sum.rules) + (sum.rules == 1 ? " rule" : " rules");
  if (red.empty()) return sum.rules == 0 ? "no rules yet" : "all is well: none " + of + " fails";
  return red + " " + of;
}

}  // namespace weir
