// SPDX-License-Identifier: Apache-2.0
// Reads event times row by row, remembering the minute of the row before.
#include "windows/event_time.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/instant.h"
#include "base/timestamp.h"
#include "base/zone.h"

namespace weir {

namespace {

constexpr Instant kEarliest{std::chrono::sys_days(std::chrono::year(-9999) / 1 / 1)};
constexpr Instant kLatest{std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1)};
constexpr std::size_t kMinuteBytes = 17;  // 2026-01-01T00:00:
constexpr std::size_t kDateBytes = 10;

class TimeReader {
 public:
  explicit TimeReader(const Zone* zone) : zone_(zone) {}

  std::optional<Instant> read(Kind kind, const Cell& cell) {
    if (kind != Kind::Text) return instant_of(kind, cell);
    const std::string_view text = cell.text();
    if (text.size() >= kMinuteBytes + 3 && std::memcmp(text.data(), minute_text_, kMinuteBytes) == 0) {
      if (const std::optional<std::int64_t> micros = seconds_of(text)) return minute_ + Duration(*micros);
    }
    if (const std::optional<Instant> instant = parse_timestamp(text)) {
      remember(text, *instant);
      return instant;
    }
    return read_without_zone(text);
  }

 private:
  /// Of `2026-01-01T00:00:07.25Z`, the microseconds of the minute. Nothing for what is not written so.
  static std::optional<std::int64_t> seconds_of(std::string_view text) {
    const auto digit = [text](std::size_t at) { return static_cast<unsigned>(text[at]) - '0'; };
    if (text.back() != 'Z' || digit(17) > 5 || digit(18) > 9) return std::nullopt;
    const std::int64_t seconds = digit(17) * 10 + digit(18);
    if (text.size() == 20) return seconds * 1'000'000;
    const std::size_t digits = text.size() - 21;
    if (text[19] != '.' || digits == 0) return std::nullopt;
    std::int64_t fraction = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const unsigned next = digit(20 + i);
      if (next > 9) return std::nullopt;
      if (i < 6) fraction = fraction * 10 + next;
    }
    constexpr std::int64_t kUnits[] = {0, 100'000, 10'000, 1'000, 100, 10, 1};
    return seconds * 1'000'000 + fraction * kUnits[std::min<std::size_t>(digits, 6)];
  }

  void remember(std::string_view text, Instant instant) {
    if (text.back() != 'Z' || text.size() < kMinuteBytes + 3 || text[17] == '6') return;
    std::memcpy(minute_text_, text.data(), kMinuteBytes);
    minute_ = std::chrono::floor<std::chrono::minutes>(instant);
  }

  /// `2026-01-01`, `2026-01-01T00:00:00.5`: what clocks show in the zone of the plan.
  std::optional<Instant> read_without_zone(std::string_view text) {
    constexpr std::size_t kLongest = 40;
    char whole[kLongest + 12];
    if (text.size() < kDateBytes || text.size() > kLongest) return std::nullopt;
    std::memcpy(whole, text.data(), text.size());
    const std::string_view tail = text.size() == kDateBytes ? "T00:00:00Z" : "Z";
    std::memcpy(whole + text.size(), tail.data(), tail.size());
    const std::optional<Instant> wall = parse_timestamp({whole, text.size() + tail.size()});
    if (!wall || zone_ == nullptr) return wall;
    return zone_->instant_of(wall->time_since_epoch());
  }

  const Zone* zone_;
  char minute_text_[kMinuteBytes] = {};
  Instant minute_{};
};

}  // namespace

bool has_event_time(const Plan& plan, const Messages& messages) noexcept {
  return plan.time.column != EventTime::kNone || !messages.envelopes.empty();
}

void read_event_times(const Plan& plan, const Messages& messages, const Batch& batch, std::vector<Instant>& times,
                      Mask& timed) {
  const std::size_t rows = batch.size();
  times.assign(rows, Instant{});
  timed.assign(rows, false);
  const bool has_envelopes = messages.envelopes.size() == rows && rows > 0;
  if (plan.time.column == EventTime::kNone) {
    if (!has_envelopes) return;
    for (std::size_t row = 0; row < rows; ++row) times[row] = messages.envelopes[row].timestamp;
    timed = batch.decoded;
    return;
  }
  const Column& column = batch.columns[static_cast<std::size_t>(plan.time.column)];
  const bool use_message = plan.time.on_error == TimeError::UseRecordTime && has_envelopes;
  TimeReader reader(plan.time.zone_rules.get());
  batch.decoded.each([&](std::size_t row) {
    std::optional<Instant> instant;
    if (!column.repeated() && row < column.size() && !is_missing(column.kinds[row]))
      instant = reader.read(column.kinds[row], column.cells[row]);
    if (instant && (*instant < kEarliest || *instant >= kLatest)) instant.reset();
    if (!instant && use_message) instant = messages.envelopes[row].timestamp;
    if (!instant) return;
    times[row] = *instant;
    timed.set(row);
  });
}

}  // namespace weir
