// SPDX-License-Identifier: Apache-2.0
// A process that is killed at every point at which it saves, and begins again from what it saved: the same alerts, begun and
// over at the same times, and nobody who was told that one fires is left with that.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>

#include "alerts/alert_world.h"

namespace weir::testing {
namespace {

struct Killed {};

/// What outlives the process: what was saved, and what others were told.
struct Outside {
  Disk book;
  Disk told_before;
  std::int64_t snapshot = 0;  // windows that are judged for good
  struct Message {
    std::string fingerprint;
    Alert::State state;
    Instant starts_at;
    std::optional<Instant> ends_at;
    bool operator==(const Message&) const = default;
  };
  std::vector<Message> messages;
};

constexpr std::int64_t kWindows = 40;

std::vector<WindowVerdict> windows_of(std::int64_t n) {
  const bool rows = (n >= 5 && n < 12) || n == 20 || n == 22 || (n >= 30 && n < 36);
  const bool germany = n >= 9 && n < 25;
  return {window(0, n, rows ? Verdict::Fail : Verdict::Pass, "FR"),
          window(0, n, germany ? Verdict::Fail : Verdict::Pass, "DE"),
          window(1, n, n % 7 == 3 ? Verdict::Fail : Verdict::NoData, "DE")};
}

/// Runs to the end, or until the write at which it is killed.
void run(Outside& outside, int& writes_left) {
  const auto at_write = [&writes_left] {
    if (--writes_left == 0) throw Killed{};
  };
  MemoryStore told(outside.told_before, at_write);
  AlertDelivery delivery({.pipeline = "shop"}, {{.name = "team", .repeat_every = Duration::zero()}});
  delivery.restore(*told.read());
  Instant now = minute(outside.snapshot);
  AlertBook book({.pipeline = "shop", .stream = "orders", .fire = 2, .of = 3, .clear = 2, .clock = [&] { return now; }},
                 std::make_unique<MemoryStore>(outside.book, at_write),
                 [&](const Alert& alert) { delivery.hear(alert, now); });
  REQUIRE(book.restore().ok());
  delivery.begin(now);
  book.rules(plan_of({"rows.1m", "late.1m"}, "country"));
  for (std::int64_t n = outside.snapshot; n < kWindows; ++n) {
    now = minute(n + 1) + seconds(10);
    book.windows(outcome_of(windows_of(n)), now);
    now += seconds(20);
    while (const std::optional<Notification> next = delivery.next(0, now)) {
      for (const Alert& alert : next->alerts)
        outside.messages.push_back({alert.fingerprint, alert.state, alert.starts_at, alert.ends_at});
      delivery.settle(0, {}, now);
      if (const auto unsaved = delivery.take_unsaved(); !unsaved.empty()) (void)told.write(unsaved);
    }
    if (n % 4 != 3) continue;
    const Status saved = book.save();  // may be where it ends
    REQUIRE(saved.ok());
    outside.snapshot = n + 1;
  }
}

/// The last that was told of each alert.
std::map<std::string, Outside::Message> newest(const std::vector<Outside::Message>& messages) {
  std::map<std::string, Outside::Message> last;
  for (const Outside::Message& message : messages) last.insert_or_assign(message.fingerprint, message);
  return last;
}

TEST_CASE("a kill at any point of saving changes neither an alert nor what is told of it in the end") {
  Outside whole;
  int endless = 1 << 30;
  run(whole, endless);
  const int writes = (1 << 30) - endless;
  REQUIRE(writes > 20);
  std::set<std::pair<std::string, Instant>> alerts;
  for (const Outside::Message& message : whole.messages) alerts.emplace(message.fingerprint, message.starts_at);
  REQUIRE(alerts.size() >= 4);
  // What nothing says of that it is mended fires to the end; all else is over.
  const std::map<std::string, Outside::Message> in_the_end = newest(whole.messages);
  REQUIRE(std::count_if(in_the_end.begin(), in_the_end.end(),
                        [](const auto& one) { return one.second.state == Alert::State::Firing; }) == 1);
  for (int kill_at = 1; kill_at <= writes; ++kill_at) {
    for (const int again : {0, 1, 2, 5}) {  // and once more, soon after the restart
      INFO("killed at write " << kill_at << ", and after " << again << " more");
      Outside outside;
      int left = kill_at;
      for (int life = 0;; ++life) {
        try {
          run(outside, left);
          break;
        } catch (const Killed&) {
          left = life == 0 && again > 0 ? again : 1 << 30;
        }
      }
      std::set<std::pair<std::string, Instant>> told;
      for (const Outside::Message& message : outside.messages) told.emplace(message.fingerprint, message.starts_at);
      CHECK(told == alerts);
      CHECK(newest(outside.messages) == in_the_end);
      // At least once, and no more often than there were kills.
      CHECK(outside.messages.size() <= whole.messages.size() + 2 * 3);
    }
  }
}

}  // namespace
}  // namespace weir::testing
