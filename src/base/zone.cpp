// SPDX-License-Identifier: Apache-2.0
// TZif: a header with six counts, then times of changes, the type of each, and the types; first with 32 bits, then again
// with 64, then a line with the rule for the time after (as in POSIX's TZ, `CET-1CEST,M3.5.0,M10.5.0/3`).
#include "base/zone.h"

#include <algorithm>
#include <optional>

namespace weir {

namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kCycleDays = 146'097;  // after 400 years the calendar repeats, days of the week included
constexpr std::int64_t kMostChanges = 10'000;
constexpr std::int64_t kMostOffset = 26 * 3'600;  // the standard's limit

std::int64_t days_of(std::int64_t year, unsigned month, unsigned day) {
  return std::chrono::sys_days(std::chrono::year(static_cast<int>(year)) / std::chrono::month(month) /
                               std::chrono::day(day))
      .time_since_epoch()
      .count();
}

bool is_leap(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

std::int64_t floor_to(std::int64_t value, std::int64_t step) {
  const std::int64_t rest = value % step;
  return value - (rest < 0 ? rest + step : rest);
}

/// Big-endian numbers; reading beyond the end gives zero and sticks.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  std::int64_t number(std::size_t width) {
    const std::string_view raw = take(width);
    if (raw.empty()) return 0;
    std::uint64_t value = (static_cast<unsigned char>(raw[0]) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
    for (const char c : raw) value = value << 8 | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(value);
  }
  std::string_view take(std::size_t size) {
    if (size > bytes_.size() - at_) ok_ = false;
    if (!ok_) return {};
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }
  [[nodiscard]] std::string_view rest() const { return bytes_.substr(at_); }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

struct Counts {
  std::int64_t version = 0;
  std::int64_t utc = 0;
  std::int64_t standard = 0;
  std::int64_t leaps = 0;
  std::int64_t changes = 0;
  std::int64_t types = 0;
  std::int64_t letters = 0;

  [[nodiscard]] bool sane() const {
    const std::int64_t most = std::max({utc, standard, leaps, changes, types, letters});
    const std::int64_t least = std::min({utc, standard, leaps, changes, types, letters});
    return least >= 0 && most <= kMostChanges && types > 0;
  }
  [[nodiscard]] std::size_t bytes(std::int64_t width) const {
    return static_cast<std::size_t>(changes * (width + 1) + types * 6 + letters + leaps * (width + 4) + standard + utc);
  }
};

std::optional<Counts> read_counts(Bytes& bytes) {
  if (bytes.take(4) != "TZif") return std::nullopt;
  Counts counts;
  const std::string_view version = bytes.take(1);
  counts.version = version.empty() || version[0] == 0 ? 1 : version[0] - '0';
  bytes.take(15);
  for (std::int64_t* const count :
       {&counts.utc, &counts.standard, &counts.leaps, &counts.changes, &counts.types, &counts.letters}) {
    *count = bytes.number(4);
  }
  return bytes.ok() && counts.sane() ? std::optional(counts) : std::nullopt;
}

}  // namespace

std::int64_t Zone::Change::seconds_of(std::int64_t year) const {
  if (kind == Kind::DayOfYear) return (days_of(year, 1, 1) + day) * kDay + seconds;
  if (kind == Kind::JulianDay) {  // the 29th of February has no number
    const std::int64_t leap_day = is_leap(year) && day >= 60 ? 1 : 0;
    return (days_of(year, 1, 1) + day - 1 + leap_day) * kDay + seconds;
  }
  const std::int64_t first = days_of(year, static_cast<unsigned>(month), 1);
  const std::int64_t next = month == 12 ? days_of(year + 1, 1, 1) : days_of(year, static_cast<unsigned>(month) + 1, 1);
  const std::int64_t weekday = (first + 4) % 7 < 0 ? (first + 4) % 7 + 7 : (first + 4) % 7;  // 1970 began on a Thursday
  std::int64_t found = first + (day - weekday + 7) % 7 + (week - 1) * 7;
  while (found >= next) found -= 7;
  return found * kDay + seconds;
}

std::int64_t Zone::Rule::offset_at(std::int64_t seconds) const {
  if (!has_summer) return standard;
  // The same moment between the years 2000 and 2400: the calendar there is the same.
  constexpr std::int64_t kFrom = 10'957 * kDay;
  const std::int64_t moment = seconds - floor_to(seconds - kFrom, kCycleDays * kDay);
  const std::chrono::sys_days day{std::chrono::days((moment + standard) / kDay)};
  const auto year = static_cast<std::int64_t>(static_cast<int>(std::chrono::year_month_day(day).year()));
  const std::int64_t from = begin.seconds_of(year) - standard;
  const std::int64_t to = end.seconds_of(year) - summer;
  const bool is_summer = from < to ? moment >= from && moment < to : moment >= from || moment < to;
  return is_summer ? summer : standard;
}

/// `CET-1CEST,M3.5.0,M10.5.0/3`.
class Zone::RuleReader {
 public:
  explicit RuleReader(std::string_view text) : rest_(text) {}

  std::optional<Rule> read() {
    Rule rule;
    std::optional<std::int64_t> west = name() ? time() : std::nullopt;
    if (!west) return std::nullopt;
    rule.standard = -*west;
    if (rest_.empty()) return rule;
    if (!name()) return std::nullopt;
    rule.has_summer = true;
    rule.summer = rule.standard + 3'600;
    if (!rest_.empty() && rest_.front() != ',') {
      west = time();
      if (!west) return std::nullopt;
      rule.summer = -*west;
    }
    if (!change(rule.begin) || !change(rule.end) || !rest_.empty()) return std::nullopt;
    return rule;
  }

 private:
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool name() {
    const bool quoted = take('<');
    std::size_t size = 0;
    const auto belongs = [quoted](char c) {
      return quoted ? c != '>' : (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    while (size < rest_.size() && belongs(rest_[size])) ++size;
    rest_.remove_prefix(size);
    return size > 0 && (!quoted || take('>'));
  }
  std::optional<std::int64_t> number(std::int64_t most) {
    std::int64_t value = 0;
    std::size_t digits = 0;
    for (; digits < rest_.size() && digits < 4 && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      value = value * 10 + (rest_[digits] - '0');
    }
    rest_.remove_prefix(digits);
    return digits > 0 && value <= most ? std::optional(value) : std::nullopt;
  }
  std::optional<std::int64_t> time() {
    const bool negative = take('-');
    if (!negative) take('+');
    std::int64_t seconds = 0;
    std::int64_t unit = 3'600;
    for (bool more = true; more && unit > 0; unit /= 60) {
      const auto part = number(unit == 3'600 ? 167 : 59);
      if (!part) return std::nullopt;
      seconds += *part * unit;
      more = unit > 1 && take(':');
    }
    return negative ? -seconds : seconds;
  }
  bool change(Change& out) {
    if (!take(',')) return false;
    if (take('M')) {
      const auto month = number(12);
      const auto week = take('.') ? number(5) : std::nullopt;
      const auto day = take('.') ? number(6) : std::nullopt;
      if (!month || !week || !day || *month == 0 || *week == 0) return false;
      out.kind = Change::Kind::DayOfMonth;
      out.month = *month;
      out.week = *week;
      out.day = *day;
    } else {
      out.kind = take('J') ? Change::Kind::JulianDay : Change::Kind::DayOfYear;
      const auto day = number(365);
      if (!day || (out.kind == Change::Kind::JulianDay && *day == 0)) return false;
      out.day = *day;
    }
    if (!take('/')) return true;
    const auto at = time();
    if (at) out.seconds = *at;
    return at.has_value();
  }

  std::string_view rest_;
};

Result<Zone> Zone::read(std::string_view tzif) {
  const Error fault{.message = "the file holds no time zone (TZif)"};
  Bytes bytes(tzif);
  std::optional<Counts> counts = read_counts(bytes);
  if (!counts) return fault;
  std::int64_t width = 4;
  if (counts->version >= 2) {
    bytes.take(counts->bytes(4));
    counts = read_counts(bytes);
    if (!counts) return fault;
    width = 8;
  }
  Zone zone;
  std::vector<std::int64_t> kinds;
  for (std::int64_t i = 0; i < counts->changes; ++i) zone.at_.push_back(bytes.number(static_cast<std::size_t>(width)));
  for (std::int64_t i = 0; i < counts->changes; ++i) kinds.push_back(bytes.number(1));
  std::vector<std::int64_t> offsets;
  for (std::int64_t i = 0; i < counts->types; ++i) {
    offsets.push_back(bytes.number(4));
    bytes.take(2);
    if (offsets.back() < -kMostOffset || offsets.back() > kMostOffset) return fault;
  }
  bytes.take(static_cast<std::size_t>(counts->letters + counts->leaps * (width + 4) + counts->standard + counts->utc));
  if (!bytes.ok() || !std::is_sorted(zone.at_.begin(), zone.at_.end())) return fault;
  zone.first_ = offsets.front();
  for (const std::int64_t kind : kinds) {
    if (kind < 0 || kind >= counts->types) return fault;
    zone.offset_.push_back(offsets[static_cast<std::size_t>(kind)]);
  }
  std::string_view footer = bytes.rest();
  if (width == 8 && footer.starts_with('\n')) {
    footer.remove_prefix(1);
    footer = footer.substr(0, footer.find('\n'));
    if (!footer.empty()) {
      const std::optional<Rule> rule = RuleReader(footer).read();
      if (!rule) return fault;
      zone.rule_ = *rule;
      zone.has_rule_ = true;
    }
  }
  return zone;
}

Duration Zone::offset_at(Instant instant) const {
  const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
  const auto after = std::upper_bound(at_.begin(), at_.end(), seconds);
  if (after == at_.end() && has_rule_) return std::chrono::seconds(rule_.offset_at(seconds));
  if (after == at_.begin()) return std::chrono::seconds(first_);
  return std::chrono::seconds(offset_[static_cast<std::size_t>(after - at_.begin()) - 1]);
}

Instant Zone::instant_of(Duration local) const {
  constexpr auto kAround = std::chrono::hours(26);  // no offset is larger
  const Instant as_utc{local};
  const Duration before = offset_at(as_utc - kAround);
  const Duration after = offset_at(as_utc + kAround);
  const Instant first = as_utc - before;
  if (offset_at(first) == before) return first;
  const Instant second = as_utc - after;
  if (offset_at(second) == after) return second;
  // Skipped: the instant between `second` and `first` at which clocks jump.
  Instant low = second;
  Instant high = first;
  while (high - low > Duration(1)) {
    const Instant middle = low + (high - low) / 2;
    (this->local(middle) < local ? low : high) = middle;
  }
  return high;
}

}  // namespace weir
