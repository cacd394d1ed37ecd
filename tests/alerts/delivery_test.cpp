// SPDX-License-Identifier: Apache-2.0
// Who is told what and when: groups, reminders, receivers that are away, maintenance.
#include "alerts/delivery.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <ctime>

#include "alerts/alert_world.h"
#include "alerts/choice.h"
#include "base/json_value.h"
#include "base/timestamp.h"
#include "base/zone.h"

namespace weir::testing {
namespace {

using State = Alert::State;

/// One delivery, second by second, with receivers that answer as they are told to.
struct Desk {
  explicit Desk(std::vector<DeliveryTarget> targets, std::vector<MaintenanceWindow> maintenance = {})
      : delivery({.pipeline = "shop", .instance = "shop-0", .page = "", .maintenance = std::move(maintenance)},
                 targets),
        answers(targets.size()),
        told(targets.size()),
        tries(targets.size()) {
    delivery.begin(now);
  }
  void hear(const Alert& alert) { delivery.hear(alert, now); }
  /// Goes on until then, telling whoever is due.
  void run_until(Instant until) {
    while (true) {
      Instant wake = until;
      for (std::size_t i = 0; i < told.size(); ++i) {
        while (const std::optional<Notification> next = delivery.next(i, now)) {
          tries[i].push_back(now);
          delivery.settle(i, answers[i], now);
          if (answers[i].how == Told::How::Done) told[i].push_back({now, *next});
        }
        const Instant at = delivery.wake_at(i, now);
        REQUIRE(at > now);
        wake = std::min(wake, at);
      }
      if (now >= until) return;
      now = std::min(wake, until);
    }
  }
  void run_for(Duration time) { run_until(now + time); }

  Instant now = kBegin;
  AlertDelivery delivery;
  std::vector<Told> answers;
  std::vector<std::vector<std::pair<Instant, Notification>>> told;
  std::vector<std::vector<Instant>> tries;
};

DeliveryTarget team() {
  return {.name = "team"};
}

TEST_CASE("what changes in a stream within the wait is one notification, in time") {
  Desk desk({team()});
  desk.hear(alert_of("a", State::Firing, 1));
  desk.run_for(seconds(3));
  desk.hear(alert_of("b", State::Firing, 1));
  Alert other = alert_of("c", State::Firing, 1);
  other.stream = "clicks";
  other.fingerprint = alert_fingerprint(other);
  desk.hear(other);
  desk.run_for(minutes(1));
  REQUIRE(desk.told[0].size() == 2);
  CHECK(desk.told[0][0].first == kBegin + seconds(5));
  CHECK(desk.told[0][0].second.alerts.size() == 2);
  CHECK(desk.told[0][1].second.stream == "clicks");
  CHECK(desk.told[0][1].first == kBegin + seconds(8));
  desk.hear(alert_of("a", State::Resolved, 1, 2));
  desk.run_for(minutes(1));
  REQUIRE(desk.told[0].size() == 3);
  CHECK(desk.told[0][2].second.state() == State::Resolved);
  CHECK(desk.told[0][2].second.still_firing == 1);
}

TEST_CASE("an alert that flaps within the wait is told once, as it is then; unchanged it is not told again") {
  Desk desk({team()});
  for (int i = 0; i < 4; ++i) {
    desk.hear(alert_of("a", State::Firing, i));
    desk.run_for(seconds(1));
    if (i < 3) desk.hear(alert_of("a", State::Resolved, i, i + 1));
  }
  desk.run_for(minutes(1));
  REQUIRE(desk.told[0].size() == 1);
  CHECK(desk.told[0][0].second.alerts.front().starts_at == minute(3));
  for (int i = 0; i < 10; ++i) desk.hear(alert_of("a", State::Firing, 3));
  desk.run_for(hours(1));
  CHECK(desk.told[0].size() == 1);
}

TEST_CASE("people are reminded after a while, and a receiver that forgets every minute") {
  Desk desk({{.name = "team", .repeat_every = hours(4)},
             {.name = "never", .repeat_every = Duration::zero()},
             {.name = "alertmanager", .forgets = true}});
  desk.hear(alert_of("a", State::Firing, 1));
  desk.run_for(hours(9));
  CHECK(desk.told[0].size() == 3);
  CHECK(desk.told[0][1].second.reminder);
  CHECK(desk.told[1].size() == 1);
  CHECK(desk.told[2].size() == 540);
  for (std::size_t i = 1; i < desk.told[2].size(); ++i)
    CHECK(desk.told[2][i].first - desk.told[2][i - 1].first == minutes(1));
  desk.hear(alert_of("a", State::Resolved, 1, 600));
  desk.run_for(hours(9));
  CHECK(desk.told[2].size() == 541);
}

TEST_CASE("after ten minutes away a receiver is told what is true then, and of what came and went, once") {
  Desk desk({team(), {.name = "other"}});
  desk.hear(alert_of("before", State::Firing, 0));
  desk.run_for(minutes(1));
  desk.answers[0] = {.how = Told::How::Later, .why = "it does not answer"};
  desk.hear(alert_of("before", State::Resolved, 0, 1));
  for (int i = 2; i < 8; ++i) {
    desk.hear(alert_of("flaps", State::Firing, i));
    desk.run_for(seconds(30));
    desk.hear(alert_of("flaps", State::Resolved, i, i + 1));
    desk.run_for(seconds(30));
  }
  desk.hear(alert_of("lasts", State::Firing, 8));
  desk.run_for(minutes(4));
  CHECK(desk.told[0].size() == 1);
  CHECK(desk.delivery.receivers(desk.now)[0].waiting == 3);
  CHECK_FALSE(desk.delivery.receivers(desk.now)[0].up);
  CHECK(desk.told[1].size() == 14);  // nobody waits for somebody else
  desk.answers[0] = {};
  desk.run_for(minutes(2));
  REQUIRE(desk.told[0].size() == 2);
  const Notification& all = desk.told[0][1].second;
  REQUIRE(all.alerts.size() == 3);
  for (const Alert& alert : all.alerts) {
    CHECK(alert.state == (alert.rule == "lasts" ? State::Firing : State::Resolved));
    if (alert.rule == "flaps") CHECK(alert.starts_at == minute(7));
  }
  CHECK(desk.delivery.receivers(desk.now)[0].waiting == 0);
}

TEST_CASE("who is away is tried after longer and longer, then once a minute, and never sooner than it asked for") {
  Desk desk({team()});
  desk.answers[0] = {.how = Told::How::Later, .why = "busy"};
  desk.hear(alert_of("a", State::Firing, 0));
  desk.run_for(minutes(10));
  const std::vector<Instant>& tries = desk.tries[0];
  REQUIRE(tries.size() >= 8);
  for (std::size_t i = 1; i < 5; ++i) {
    const double whole = static_cast<double>(1 << (i - 1));
    const double waited = std::chrono::duration<double>(tries[i] - tries[i - 1]).count();
    CHECK(waited >= 0.8 * whole);
    CHECK(waited <= 1.2 * whole);
  }
  for (std::size_t i = 6; i < tries.size(); ++i) CHECK(tries[i] - tries[i - 1] == minutes(1));
  CHECK(tries.size() <= 16);
  desk.answers[0].not_before = minutes(7);
  desk.run_for(minutes(1));
  const Instant asked = tries.back();
  desk.run_for(minutes(8));
  CHECK(tries.back() - asked == minutes(7));
}

TEST_CASE("who refuses is told again after a change, or after an hour, and is not taken for being away") {
  Desk desk({team()});
  desk.answers[0] = {.how = Told::How::Refused, .why = "the token was revoked"};
  desk.hear(alert_of("a", State::Firing, 0));
  desk.run_for(minutes(59));
  CHECK(desk.tries[0].size() == 1);
  desk.hear(alert_of("b", State::Firing, 0));
  desk.run_for(seconds(30));
  CHECK(desk.tries[0].size() == 2);
  desk.run_for(minutes(60));
  CHECK(desk.tries[0].size() == 4);
  CHECK(desk.delivery.receivers(desk.now)[0].refused == 4);
  desk.answers[0] = {};
  desk.run_for(minutes(70));
  CHECK(desk.delivery.receivers(desk.now)[0].waiting == 0);
}

TEST_CASE("each hears what it asked for, by severity, stream and rule") {
  Desk desk(
      {{.name = "pager"},
       {.name = "channel", .choice = {.errors = true, .warnings = true, .streams = {}, .rules = {}}},
       {.name = "rows", .choice = {.errors = true, .warnings = true, .streams = {"ord*"}, .rules = {"rows.?m"}}}});
  Alert warning = alert_of("nulls.1m", State::Firing, 0);
  warning.severity = "warn";
  desk.hear(warning);
  desk.run_for(minutes(1));
  CHECK(desk.told[0].empty());
  CHECK(desk.told[1].size() == 1);
  warning.severity = "error";
  desk.hear(warning);
  desk.hear(alert_of("rows.1m", State::Firing, 0));
  desk.run_for(minutes(1));
  CHECK(desk.told[0].size() == 1);
  CHECK(desk.told[0][0].second.alerts.size() == 2);
  CHECK(desk.told[1].size() == 2);
  REQUIRE(desk.told[2].size() == 1);
  CHECK(desk.told[2][0].second.alerts.front().rule == "rows.1m");
}

TEST_CASE("in maintenance alerts are held: told after it if they still fire, and not at all if they do not") {
  MaintenanceWindow window;
  window.from = minute(0);
  window.to = minute(60);
  window.rules = {"a", "b"};
  window.why = "the database moves";
  Desk desk({team()}, {window});
  desk.hear(alert_of("a", State::Firing, 1));
  desk.hear(alert_of("b", State::Firing, 1));
  desk.hear(alert_of("c", State::Firing, 1));
  desk.run_for(minutes(30));
  REQUIRE(desk.told[0].size() == 1);
  CHECK(desk.told[0][0].second.alerts.front().rule == "c");
  CHECK(desk.delivery.streams(desk.now)["orders"].silenced == 2);
  const Result<JsonValue> json = parse_json(desk.delivery.json(desk.now));
  REQUIRE(json.ok());
  std::size_t silenced = 0;
  for (const JsonValue& alert : json->find("alerts")->items) {
    silenced += alert.find("silenced")->boolean ? 1 : 0;
    if (alert.find("silenced")->boolean) CHECK(alert.find("silenced_why")->text == "the database moves");
  }
  CHECK(silenced == 2);
  desk.hear(alert_of("b", State::Resolved, 1, 20));
  desk.run_until(minute(60) - seconds(1));
  CHECK(desk.told[0].size() == 1);
  desk.run_until(minute(61));
  REQUIRE(desk.told[0].size() == 2);
  CHECK(desk.told[0][1].second.alerts.size() == 1);
  CHECK(desk.told[0][1].second.alerts.front().rule == "a");
  CHECK(desk.told[0][1].first <= minute(60) + seconds(2));
}

TEST_CASE("what was told before maintenance began is told to be over within it") {
  MaintenanceWindow window;
  window.from = minute(10);
  window.to = minute(60);
  Desk desk({team(), {.name = "alertmanager", .forgets = true}}, {window});
  desk.hear(alert_of("a", State::Firing, 1));
  desk.run_until(minute(20));
  CHECK(desk.told[0].size() == 1);
  CHECK(desk.told[1].size() == 20);  // it would take the silence for the end
  desk.hear(alert_of("a", State::Resolved, 1, 20));
  desk.run_until(minute(21));
  REQUIRE(desk.told[0].size() == 2);
  CHECK(desk.told[0][1].second.state() == State::Resolved);
}

TEST_CASE("maintenance comes again by the clocks of a place, over midnight and when clocks are set") {
  MaintenanceWindow weekly;
  weekly.weekday = 6;
  weekly.at = hours(22);
  weekly.length = hours(4);
  const auto covers = [&](const char* time) {
    return maintenance_of({{weekly}}, "orders", "a", *parse_timestamp(time)) != nullptr;
  };
  CHECK_FALSE(covers("2026-01-31T21:59:59Z"));
  CHECK(covers("2026-01-31T22:00:00Z"));
  CHECK(covers("2026-02-01T01:59:59Z"));
  CHECK_FALSE(covers("2026-02-01T02:00:00Z"));
  CHECK_FALSE(covers("2026-01-30T23:00:00Z"));
  weekly.zone_rules = std::make_shared<const Zone>(hours(2));
  CHECK(covers("2026-01-31T20:00:00Z"));
  CHECK_FALSE(covers("2026-02-01T00:30:00Z"));
  MaintenanceWindow daily;
  daily.at = hours(3);
  daily.length = minutes(30);
  CHECK(maintenance_of({{daily}}, "orders", "a", *parse_timestamp("1969-12-31T03:10:00Z")) != nullptr);
  CHECK(maintenance_of({{daily}}, "orders", "a", *parse_timestamp("2026-12-31T03:30:00Z")) == nullptr);
}

TEST_CASE("what waits is bounded by the number of alerts, whatever happens while a receiver is away") {
  Desk desk({team()});
  desk.answers[0] = {.how = Told::How::Later, .why = "away"};
  for (int i = 0; i < 10'000; ++i) {
    const std::string rule = "r" + std::to_string(i % 20);
    desk.hear(alert_of(rule, i % 40 < 20 ? State::Firing : State::Resolved, i - i % 40, i));
    desk.now += seconds(1);
  }
  CHECK(desk.delivery.receivers(desk.now)[0].waiting == 20);
  desk.answers[0] = {};
  desk.run_for(minutes(2));
  REQUIRE(desk.told[0].size() == 1);
  CHECK(desk.told[0][0].second.alerts.size() == 20);
}

TEST_CASE("more alerts than one message holds are several messages") {
  Desk desk({team()});
  for (int i = 0; i < 250; ++i) desk.hear(alert_of("r" + std::to_string(i), State::Firing, 1));
  desk.run_for(minutes(1));
  REQUIRE(desk.told[0].size() == 3);
  CHECK(desk.told[0][2].second.alerts.size() == 50);
  CHECK(desk.told[0][2].second.still_firing == 200);
}

TEST_CASE(
    "an alert of which nobody knows any more after a restart is told to be over; a new receiver hears no old tales") {
  std::vector<AlertStore::Entry> disk;
  {
    Desk desk({team()});
    desk.hear(alert_of("a", State::Firing, 1));
    desk.run_for(minutes(1));
    disk = desk.delivery.take_unsaved();
  }
  AlertDelivery delivery({.pipeline = "shop"}, {team(), {.name = "new"}});
  delivery.restore(disk);
  delivery.hear(alert_of("over", State::Resolved, 1, 2), minute(100));
  delivery.begin(minute(100));
  const std::optional<Notification> next = delivery.next(0, minute(101));
  REQUIRE(next);
  REQUIRE(next->alerts.size() == 2);  // and of the one that it has not heard of
  for (const Alert& alert : next->alerts) CHECK(alert.state == State::Resolved);
  CHECK_FALSE(delivery.next(1, minute(101)));
}

TEST_CASE("a stream that another instance judges from now on is none of ours to tell of") {
  Desk desk({team()});
  desk.hear(alert_of("a", State::Firing, 1));
  desk.run_for(minutes(1));
  desk.delivery.hand_over("orders");
  desk.run_for(hours(10));
  CHECK(desk.told[0].size() == 1);
  CHECK(desk.delivery.streams(desk.now).empty());
}

TEST_CASE("a clock that is set back over a restart keeps no reminder from anybody") {
  const DeliveryTarget forgetful{.name = "alertmanager", .forgets = true};
  std::vector<AlertStore::Entry> disk;
  {
    Desk desk({forgetful});
    desk.run_for(hours(5));  // what the clock said then
    desk.hear(alert_of("a", State::Firing, 1));
    desk.run_for(minutes(1));
    disk = desk.delivery.take_unsaved();
  }
  AlertDelivery delivery({.pipeline = "shop"}, {forgetful});
  delivery.restore(disk);
  delivery.hear(alert_of("a", State::Firing, 1), kBegin);
  delivery.begin(kBegin);
  CHECK_FALSE(delivery.next(0, kBegin + seconds(30)));
  const std::optional<Notification> again = delivery.next(0, kBegin + seconds(61));
  REQUIRE(again);
  CHECK(again->reminder);
}

TEST_CASE("what a receiver was told outlives the process, whatever the receiver is called") {
  std::vector<AlertStore::Entry> disk;
  {
    Desk desk({{.name = "since"}});
    desk.hear(alert_of("a", State::Firing, 1));
    desk.run_for(minutes(1));
    REQUIRE(desk.told[0].size() == 1);
    disk = desk.delivery.take_unsaved();
  }
  AlertDelivery delivery({.pipeline = "shop"}, {{.name = "since"}});
  delivery.restore(disk);
  delivery.hear(alert_of("a", State::Firing, 1), minute(2));
  delivery.begin(minute(2));
  CHECK_FALSE(delivery.next(0, minute(3)));
  delivery.hear(alert_of("a", State::Resolved, 1, 4), minute(4));
  CHECK(delivery.next(0, minute(5)));
}

TEST_CASE("of alerts that are over and told the oldest are forgotten, of each stream, and those that fire never") {
  AlertDelivery delivery({.pipeline = "shop", .keep_over = 10}, {team()});
  delivery.begin(kBegin);
  Instant now = kBegin;
  const auto tell_all = [&] {
    now += minutes(1);
    while (delivery.next(0, now)) delivery.settle(0, {}, now);
  };
  for (int i = 0; i < 40; ++i) delivery.hear(alert_of("fires" + std::to_string(i), State::Firing, 1), now);
  for (int i = 0; i < 200; ++i) {
    const std::string rule = "over" + std::to_string(i);
    delivery.hear(alert_of(rule, State::Firing, i), now);
    tell_all();
    delivery.hear(alert_of(rule, State::Resolved, i, i + 1), now);
    tell_all();
  }
  const Result<JsonValue> json = parse_json(delivery.json(now));
  REQUIRE(json);
  const std::vector<JsonValue>& alerts = json->find("alerts")->items;
  const auto is_firing = [](const JsonValue& one) { return one.find("state")->text == "firing"; };
  CHECK(std::count_if(alerts.begin(), alerts.end(), is_firing) == 40);
  CHECK(alerts.size() >= 50);
  CHECK(alerts.size() <= 60);  // and some more until it is worth a look
  CHECK(alerts[40].find("rule")->text == "over199");
}

/// Seconds of processor that it takes to hear of so many alerts that begin together.
double cost_of_storm(int alerts) {
  std::vector<Alert> all;
  for (int i = 0; i < alerts; ++i) all.push_back(alert_of("r" + std::to_string(i), State::Firing, 1));
  AlertDelivery delivery({.pipeline = "shop"}, {team()});
  delivery.begin(kBegin);
  const auto spent = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  };
  const double before = spent();
  for (const Alert& alert : all) delivery.hear(alert, kBegin);
  return spent() - before;
}

TEST_CASE("what an alert costs does not grow with how many there are") {
  cost_of_storm(1'000);
  CHECK(cost_of_storm(16'000) < 64 * cost_of_storm(1'000));  // quadratic it would be 256 times as much
}

TEST_CASE("of a storm the first alert wakes who is to be told; what gets worse wakes him, too") {
  AlertDelivery delivery({.pipeline = "shop"}, {team()});
  delivery.begin(kBegin);
  CHECK(delivery.soonest(0, kBegin) < delivery.wake_at(0, kBegin));
  CHECK(delivery.hear(alert_of("a", State::Firing, 1), kBegin).is_news);
  const Instant sleeps_until = delivery.wake_at(0, kBegin);
  CHECK(sleeps_until == kBegin + seconds(5));
  CHECK(delivery.soonest(0, kBegin + seconds(1)) > sleeps_until);
  CHECK_FALSE(delivery.hear(alert_of("a", State::Firing, 1), kBegin).is_news);
  Alert warning = alert_of("b", State::Firing, 1);
  warning.severity = "warn";
  delivery.hear(warning, kBegin);
  CHECK(delivery.hear(alert_of("b", State::Firing, 1), kBegin).is_news);
}

}  // namespace
}  // namespace weir::testing
