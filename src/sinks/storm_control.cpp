// SPDX-License-Identifier: Apache-2.0
#include "sinks/storm_control.h"

#include <algorithm>

namespace weir {

namespace {

constexpr std::int64_t kOneRecord = 1'000'000;  // millionths, so that a rate a second is a rate of them a microsecond
constexpr Duration kBurst = std::chrono::seconds(1);

}  // namespace

StormControl::StormControl(Settings settings) : settings_(settings) {
  settings_.period = std::max(settings_.period, Duration(1));
  if (settings_.max_per_second) {
    settings_.max_per_second = std::max<std::uint32_t>(*settings_.max_per_second, 1);
    tokens_ = std::int64_t{*settings_.max_per_second} * kOneRecord;
  }
  if (settings_.budget) left_ = *settings_.budget;
}

void StormControl::refill(Instant now) {
  if (!last_) last_ = now;
  if (now <= *last_) return;
  if (settings_.max_per_second) {
    const std::int64_t rate = *settings_.max_per_second;
    const std::int64_t second = rate * kOneRecord;
    // The part of a record that is left over is kept, or a rate of one a second would be less than one.
    const std::int64_t full = second + kOneRecord - 1;
    if (tokens_ < full) {
      // A debt of more than a second is paid off a second at a time, so that the product stays small.
      Duration passed = now - *last_;
      for (; passed > kBurst && tokens_ < 0; passed -= kBurst) tokens_ += second;
      tokens_ = std::min(full, tokens_ + rate * std::min(passed, kBurst).count());
    }
  }
  if (settings_.budget) {
    const auto period_of = [this](Instant at) { return at.time_since_epoch() / settings_.period; };
    const std::int64_t budget = *settings_.budget;
    std::int64_t periods = period_of(now) - period_of(*last_);
    for (; periods > 0 && left_ < budget && budget > 0; --periods) left_ = std::min(budget, left_ + budget);
  }
  last_ = now;
}

bool StormControl::is_open(Instant now) {
  if (settings_.overflow == Overflow::Count) return true;
  refill(now);
  // Once closed it opens for half a second's worth, so that a stream does not stop and go with every record.
  const std::int64_t rate = settings_.max_per_second.value_or(0);
  const std::int64_t wanted = open_ ? 1 : std::max<std::int64_t>(1, rate / 2);
  open_ = (rate == 0 || tokens_ >= wanted * kOneRecord) && (!settings_.budget || left_ > 0);
  return open_;
}

bool StormControl::take(Instant now) {
  refill(now);
  if (settings_.overflow == Overflow::Count) {
    if (settings_.max_per_second && tokens_ < kOneRecord) return false;
    if (settings_.budget && left_ <= 0) return false;
  }
  if (settings_.max_per_second) tokens_ -= kOneRecord;
  if (settings_.budget) --left_;
  return true;
}

}  // namespace weir
