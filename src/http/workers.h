// SPDX-License-Identifier: Apache-2.0
// The few threads that make answers. Probes come first and one thread is kept for them, so that a supervisor is answered
// while somebody reads every window that there is or a reload compiles its rules.
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

class Workers {
 public:
  struct Job {
    std::uint64_t connection = 0;
    RequestHead head;
  };
  struct Answer {
    std::uint64_t connection = 0;
    std::string bytes;
  };

  /// `answered` is called in a worker's thread when there is something to take.
  Workers(std::size_t threads, const Audience& audience, std::function<void()> answered);
  /// Waits for what is at work; what still waits is dropped.
  ~Workers();
  Workers(Workers&&) = delete;

  /// False: too many wait already.
  [[nodiscard]] bool add(Job job, bool probe);
  [[nodiscard]] std::vector<Answer> take_answers();

 private:
  void work(bool probes_only);

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
