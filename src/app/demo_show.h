// SPDX-License-Identifier: Apache-2.0
// The thread of `weir demo` beside the sidecar: it is the shop that sends orders, and it tells what happens.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/demo_findings.h"
#include "app/demo_orders.h"
#include "app/demo_story.h"
#include "kafka/kafka_out.h"

namespace weir {

class DemoShow {
 public:
  struct Options {
    std::FILE* out = nullptr;
    DemoStyle style;
    DemoPlaces places;
    std::optional<std::uint64_t> seconds;  // nothing: until somebody ends it
    std::uint64_t seed = 8947;
    std::function<Instant()> wall_clock;
    std::function<double()> stopwatch;
    std::function<void()> end;  // the sidecar's
  };
  DemoShow(Options options, std::unique_ptr<KafkaOut> shop, DemoFindings& findings);
  ~DemoShow();
  DemoShow(const DemoShow&) = delete;
  DemoShow& operator=(const DemoShow&) = delete;

  void start();
  /// The sidecar reads from now on; its page is there. Any thread.
  void sidecar_started(const std::string& page);
  void rules_refused();
  /// No more orders; what was found until now is told.
  void stop();
  /// Once it was stopped.
  [[nodiscard]] const DemoScore& score() const noexcept { return score_; }
  [[nodiscard]] double seconds() const noexcept { return ended_; }

 private:
  void run();
  void send(double now);
  void tell_acts(double now);
  void tell_findings(double now);
  void tell_page();
  [[nodiscard]] double since_start() const { return options_.stopwatch() - started_; }

  Options options_;
  std::unique_ptr<KafkaOut> shop_;
  DemoFindings& findings_;
  DemoOrders orders_;
  DemoScore score_;
  double started_;
  Instant began_;
  double ended_ = 0;
  std::uint64_t next_ = 0;  // place of the next order
  std::optional<DemoOrder> waiting_;
  std::uint64_t round_ = 0;
  DemoFault act_ = DemoFault::None;
  bool told_next_steps_ = false;
  bool told_lost_ = false;
  std::mutex mutex_;
  std::optional<std::string> page_;  // under mutex_: to be told
  std::atomic<bool> rules_refused_ = false;
  std::atomic<bool> stopping_ = false;  // set under mutex_: whoever waits between two turns hears of it
  std::condition_variable stopped_;
  std::thread thread_;
};

}  // namespace weir
