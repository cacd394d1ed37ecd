// SPDX-License-Identifier: Apache-2.0
#include "app/demo_show.h"

#include <chrono>
#include <utility>
#include <vector>

#include "app/surroundings.h"

namespace weir {
namespace {

constexpr auto kTurn = std::chrono::milliseconds(20);
constexpr double kNextStepsAt =
    53;  // seconds of the first round: everything was seen, and the next round is some way off

}  // namespace

DemoShow::DemoShow(Options options, std::unique_ptr<KafkaOut> shop, DemoFindings& findings)
    : options_(std::move(options)),
      shop_(std::move(shop)),
      findings_(findings),
      orders_(options_.seed),
      started_(options_.stopwatch()),
      began_(std::chrono::floor<std::chrono::seconds>(options_.wall_clock())) {
  // Acts begin where windows do, so that every demo comes to the same verdicts.
  began_ -= began_.time_since_epoch() % kDemoWindow;
}

DemoShow::~DemoShow() {
  stop();
}

void DemoShow::start() {
  print(options_.out,
        demo_line(0, "shop", "orders come, " + std::to_string(DemoOrders::kPerSecond) + " a second, and all is well",
                  options_.style));
  std::fflush(options_.out);
  thread_ = std::thread([this] { run(); });
}

void DemoShow::stop() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

void DemoShow::sidecar_started(const std::string& page) {
  const std::scoped_lock lock(mutex_);
  page_ = page;
}

void DemoShow::rules_refused() {
  rules_refused_ = true;
}

void DemoShow::run() {
  bool asked = false;
  while (!stopping_) {
    const double now = since_start();
    tell_page();
    tell_findings(now);
    if (!asked) {
      send(now);
      tell_acts(now);
      const bool is_over = options_.seconds && now >= static_cast<double>(*options_.seconds);
      asked = is_over || std::ferror(options_.out) != 0;  // nobody reads it any more: `weir demo | head`
      if (asked) options_.end();
    }
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, kTurn, [this] { return stopping_.load(); });
  }
  ended_ = since_start();
  tell_findings(ended_);
}

/// Every order that is due. One that the cluster does not take now waits, and those behind it.
void DemoShow::send(double now) {
  while (static_cast<double>(next_) < now * DemoOrders::kPerSecond) {
    const Instant when =
        began_ + std::chrono::microseconds(next_ * 1'000'000 / static_cast<std::uint64_t>(DemoOrders::kPerSecond));
    if (!waiting_) waiting_ = orders_.at(next_, when);
    if (waiting_) {
      const OutRecord record{
          .topic = options_.places.topic, .key = waiting_->key, .value = waiting_->value, .timestamp = when};
      if (shop_->write(record, next_) == RecordOut::Taken::Full) break;
      waiting_.reset();
    }
    ++next_;
  }
  std::vector<Delivered> delivered;
  std::vector<Trouble> troubles;
  shop_->poll(delivered, troubles);
  for (const Delivered& one : delivered) {
    if (one.ok || told_lost_) continue;
    told_lost_ = true;
    print(options_.out, demo_line(now, "shop", "an order did not arrive: " + one.trouble.message, options_.style));
  }
}

void DemoShow::tell_acts(double now) {
  const std::uint64_t round = static_cast<std::uint64_t>(now / kDemoRound);
  const double second = now - static_cast<double>(round) * kDemoRound;
  if (options_.seconds && now >= static_cast<double>(*options_.seconds)) return;
  if (round != round_) {
    round_ = round;
    findings_.begin_round();
    print(options_.out, demo_line(now, "shop", "and once more, from the beginning", options_.style));
  }
  if (!told_next_steps_ && now >= kNextStepsAt) {
    told_next_steps_ = true;
    if (!options_.seconds || static_cast<double>(*options_.seconds) > kDemoRound)
      print(options_.out, demo_next_steps(options_.places, options_.style));
  }
  const DemoFault fault = demo_fault_at(second);
  if (fault == act_) return;
  act_ = fault;
  for (const DemoAct& act : demo_acts()) {
    if (act.fault == fault) print(options_.out, demo_line(now, "shop", act.told, options_.style));
  }
  std::fflush(options_.out);
}

void DemoShow::tell_page() {
  std::optional<std::string> page;
  {
    const std::scoped_lock lock(mutex_);
    page = std::exchange(page_, std::nullopt);
  }
  if (!page) return;
  options_.places.page = *page;
  const std::string text = page->empty() ? "runs, without a page" : "runs; its page is " + *page;
  print(options_.out, demo_line(since_start(), "weir", text, options_.style));
  std::fflush(options_.out);
}

void DemoShow::tell_findings(double now) {
  if (rules_refused_.exchange(false)) {
    print(
        options_.out,
        demo_line(now, "weir", "the rules hold a mistake, so the ones before stay: weir lint " + options_.places.rules,
                  options_.style));
  }
  const std::vector<DemoFinding> found = findings_.take();
  for (const DemoFinding& finding : found) {
    score_.add(finding, now);
    // The first of them fails by itself: `weir explain` shows why. A duplicate would need the record before it.
    if (options_.places.failing.empty()) options_.places.failing = finding.place;
    print(options_.out, demo_line(now, finding, options_.places, options_.style));
  }
  if (!found.empty()) std::fflush(options_.out);
}

}  // namespace weir
