// SPDX-License-Identifier: Apache-2.0
// The thread of one stream: turns it round until somebody stops it or it comes to an end, and hands it new rules between
// two turns.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/stream_world.h"

namespace weir {

/// How a stream ended.
struct StreamEnd {
  Stream::End end = Stream::End::Running;
  std::optional<Error> refused;    // it never began: the broker said no
  std::optional<Trouble> failure;  // of End::Failed
};

class StreamThread {
 public:
  /// `on_end` is called from the thread, as its last act.
  StreamThread(std::string name, std::unique_ptr<StreamWorld> world, std::function<Instant()> wall_clock,
               std::function<void()> on_end);
  ~StreamThread();
  StreamThread(const StreamThread&) = delete;
  StreamThread& operator=(const StreamThread&) = delete;

  void start();
  /// Drain, save, commit, leave; does not wait.
  void stop() { stopping_ = true; }
  [[nodiscard]] Status can_use(const Plan& plan) const { return world_->can_use(plan); }
  /// Other rules, from the next turn on.
  void reload(std::shared_ptr<const Plan> plan);
  [[nodiscard]] bool has_ended() const { return ended_; }
  /// Only after it has ended.
  [[nodiscard]] const StreamEnd& end() const { return end_; }
  [[nodiscard]] Stream& stream() { return world_->stream(); }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  void run();
  void turn_until_the_end();
  void take_new_rules();
  [[nodiscard]] Moment now() const;

  std::string name_;
  std::unique_ptr<StreamWorld> world_;
  std::function<Instant()> wall_clock_;
  std::function<void()> on_end_;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> ended_ = false;
  std::mutex mutex_;
  std::shared_ptr<const Plan> new_plan_;  // under mutex_
  StreamEnd end_;
  std::thread thread_;
};

}  // namespace weir
