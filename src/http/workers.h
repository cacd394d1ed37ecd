// SPDX-License-Identifier: Apache-2.0
// The few threads that make answers. Probes whose password has to be thought about come first and one thread is kept for
// them (the others are answered by the loop), so that a supervisor is answered while somebody reads every window that there
// is or a reload compiles its rules.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "http/request_head.h"
#include "http/responder.h"

namespace weir {

/// The thread that calls it gives way to those that judge records when there is not enough CPU for both; where there is, it
/// changes nothing. `steps`: of niceness, 1 to 19. It stays where it is when the system does not know the like.
void give_way(int steps) noexcept;

class Workers {
 public:
  /// Of the threads that make answers, and of those that a supervisor waits for. With as much to do as there can be, and a
  /// single processor that judging could use alone, a thread takes 1.5 and 4 % of it: the
  /// second is what 2,000 new connections a second cost, and what judging can spare.
  static constexpr int kWayOfWorkers = 19;
  static constexpr int kWayOfProbes = 14;

  struct Job {
    std::uint64_t connection = 0;
    RequestHead head;
  };
  struct Answer {
    std::uint64_t connection = 0;
    std::string bytes;
  };

  /// `most_waiting`: jobs of each kind that may wait. `answered` is called in a worker's thread when there is something to take.
  Workers(std::size_t threads, std::size_t most_waiting, const Audience& audience, std::function<void()> answered);
  /// Waits for what is at work; what still waits is dropped.
  ~Workers();
  Workers(Workers&&) = delete;

  /// False: too many wait already.
  [[nodiscard]] bool add(Job job, bool probe);
  [[nodiscard]] std::vector<Answer> take_answers();

 private:
  void work(bool probes_only);

  const std::size_t most_waiting_;
  const Audience& audience_;
  std::function<void()> answered_;
  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<Job> probes_;
  std::deque<Job> jobs_;
  std::vector<Answer> answers_;
  std::size_t untaken_ = 0;  // bytes of answers_
  bool over_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace weir
