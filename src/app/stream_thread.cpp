// SPDX-License-Identifier: Apache-2.0
#include "app/stream_thread.h"

#include <chrono>
#include <utility>

namespace weir {
namespace {

// How long a turn waits for a record: new rules, a signal and windows that the clock closes wait so long at most.
constexpr Duration kWait = std::chrono::milliseconds(100);

}  // namespace

StreamThread::StreamThread(std::string name, std::unique_ptr<StreamWorld> world, std::function<Instant()> wall_clock,
                           std::function<void()> on_end)
    : name_(std::move(name)),
      world_(std::move(world)),
      wall_clock_(std::move(wall_clock)),
      on_end_(std::move(on_end)) {}

StreamThread::~StreamThread() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void StreamThread::start() {
  thread_ = std::thread([this] { run(); });
}

void StreamThread::reload(std::shared_ptr<const Plan> plan) {
  const std::scoped_lock lock(mutex_);
  new_plan_ = std::move(plan);
}

Moment StreamThread::now() const {
  return {.wall = wall_clock_(),
          .steady = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

void StreamThread::take_new_rules() {
  std::shared_ptr<const Plan> plan;
  {
    const std::scoped_lock lock(mutex_);
    plan = std::exchange(new_plan_, nullptr);
  }
  if (plan != nullptr) world_->reload(std::move(plan));
}

void StreamThread::turn_until_the_end() {
  Stream& stream = world_->stream();
  Status started = stream.start(now());
  // Brokers that are away are waited for, as a reader waits for them.
  while (!started && started.error().code == "broker_silent") {
    if (stopping_) {
      end_.end = Stream::End::Stopped;
      return;
    }
    started = stream.start(now());
  }
  if (!started) {
    end_ = {.end = Stream::End::Failed, .refused = started.error(), .failure = stream.failure()};
    return;
  }
  if (const Status merging = world_->begin_merging(now()); !merging) {
    end_ = {.end = Stream::End::Failed, .refused = merging.error(), .failure = stream.failure()};
    return;
  }
  while (end_.end == Stream::End::Running) {
    take_new_rules();
    end_.end = stopping_ ? stream.stop([this] { return now(); }) : stream.turn(now(), kWait);
    world_->merge(now());
  }
  world_->stop_merging();
  end_.failure = stream.failure();
}

void StreamThread::run() {
  turn_until_the_end();
  ended_ = true;
  on_end_();
}

}  // namespace weir
