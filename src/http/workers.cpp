// SPDX-License-Identifier: Apache-2.0
#include "http/workers.h"

#include <utility>

namespace weir {

namespace {
constexpr std::size_t kMostWaiting = 512;               // requests, of each kind
constexpr std::size_t kMostUntaken = 8U * 1024 * 1024;  // bytes of answers made and not taken: then a worker waits
}  // namespace

Workers::Workers(std::size_t threads, const Audience& audience, std::function<void()> answered)
    : audience_(audience), answered_(std::move(answered)) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this, i] { work(i == 0); });
}

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  more_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool Workers::add(Job job, bool probe) {
  {
    const std::lock_guard lock(mutex_);
    std::deque<Job>& queue = probe ? probes_ : jobs_;
    if (queue.size() >= kMostWaiting) return false;
    queue.push_back(std::move(job));
  }
  more_.notify_all();  // one alone might be the thread that takes probes only
  return true;
}

std::vector<Workers::Answer> Workers::take_answers() {
  const std::lock_guard lock(mutex_);
  untaken_ = 0;
  more_.notify_all();
  return std::exchange(answers_, {});
}

void Workers::work(bool probes_only) {
  Responder responder(audience_);
  std::unique_lock lock(mutex_);
  for (;;) {
    more_.wait(
        lock, [&] { return over_ || !probes_.empty() || (!probes_only && !jobs_.empty() && untaken_ < kMostUntaken); });
    if (over_) return;
    std::deque<Job>& from = probes_.empty() ? jobs_ : probes_;
    const Job job = std::move(from.front());
    from.pop_front();
    lock.unlock();
    std::string bytes = responder.respond(job.head);
    lock.lock();
    untaken_ += bytes.size();
    answers_.push_back({job.connection, std::move(bytes)});
    answered_();
  }
}

}  // namespace weir
