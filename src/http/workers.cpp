// SPDX-License-Identifier: Apache-2.0
#include "http/workers.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace weir {

namespace {
constexpr std::size_t kMostUntaken = 8U * 1024 * 1024;  // bytes of answers made and not taken: then a worker waits

/// What the system call of that name takes; the C library does not know it.
struct ScheduleOfThread {
  std::uint32_t size = 48;
  std::uint32_t policy = SCHED_OTHER;
  std::uint64_t flags = 0;
  std::int32_t niceness = 0;
  std::uint32_t priority = 0;
  std::uint64_t slice = 0;  // nanoseconds; since Linux 6.12, nothing before
  std::uint64_t deadline = 0;
  std::uint64_t period = 0;
};
static_assert(sizeof(ScheduleOfThread) == 48);
constexpr std::uint64_t kSlice = 100'000;  // the shortest: a thread that asks for little at a time is let in soon
}  // namespace

void give_way(int steps) noexcept {
  const auto thread = static_cast<id_t>(gettid());  // on Linux niceness is a thread's
  errno = 0;
  const int now = getpriority(PRIO_PROCESS, thread);
  if (errno != 0) return;
  const ScheduleOfThread wanted{.niceness = std::min(now + steps, 19), .slice = kSlice};
  if (syscall(SYS_sched_setattr, 0, &wanted, 0) != 0) setpriority(PRIO_PROCESS, thread, wanted.niceness);
}

Workers::Workers(std::size_t threads, std::size_t most_waiting, const Audience& audience,
                 std::function<void()> answered)
    : most_waiting_(most_waiting), audience_(audience), answered_(std::move(answered)) {
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
    if (queue.size() >= most_waiting_) return false;
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
  give_way(probes_only ? kWayOfProbes : kWayOfWorkers);
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
