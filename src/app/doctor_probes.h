// SPDX-License-Identifier: Apache-2.0
// The looks that `weir doctor` takes. Each asks and changes nothing: no record is written, no group joined, no transaction
// begun, no folder made. Each ends by itself after some seconds; one that does not is left alone.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "app/doctor_findings.h"
#include "app/run_settings.h"
#include "weir/time.h"

namespace weir {

/// Shared with threads that may outlive the command.
struct DoctorCase {
  RunSettings settings;
  Instant now{};
};
using DoctorCasePtr = std::shared_ptr<const DoctorCase>;

/// Brokers, and when one answers topics, groups and how far they are.
[[nodiscard]] DoctorFindings look_at_kafka(const DoctorCase& of);
/// Of the stream's registry, each URL.
[[nodiscard]] DoctorFindings look_at_registry(const DoctorCase& of);
[[nodiscard]] DoctorFindings look_at_web(const DoctorCase& of);
/// The folder of the state, and those of files that records go to.
[[nodiscard]] DoctorFindings look_at_folders(const DoctorCase& of);
[[nodiscard]] DoctorFindings look_at_clock(const DoctorCase& of);
/// What the system lets this process have.
[[nodiscard]] DoctorFindings look_at_limits(const DoctorCase& of);

/// Whether something takes connections there; the error says in a few words why not: "connection refused". A name is asked
/// of the resolver, which has time limits of its own.
[[nodiscard]] Status try_connect(const std::string& host, const std::string& port, Duration most);

/// What a Kafka client said, apart: what is wrong, and what to do. States and counters of the client are left out.
[[nodiscard]] std::pair<std::string, std::string> words_of_trouble(const std::string& message);

/// A question that is asked in a thread of its own.
template <class T>
class TimedQuestion {
 public:
  explicit TimedQuestion(std::function<T()> ask) : shared_(std::make_shared<Shared>()) {
    std::thread([shared = shared_, ask = std::move(ask)] {
      T answer = ask();
      const std::lock_guard lock(shared->mutex);
      shared->answer = std::move(answer);
      shared->answered.notify_all();
    }).detach();
  }
  /// Nothing: it did not come in time.
  std::optional<T> wait_until(std::chrono::steady_clock::time_point end) {
    std::unique_lock lock(shared_->mutex);
    shared_->answered.wait_until(lock, end, [this] { return shared_->answer.has_value(); });
    return std::exchange(shared_->answer, std::nullopt);
  }

 private:
  struct Shared {
    std::mutex mutex;
    std::condition_variable answered;
    std::optional<T> answer;
  };
  std::shared_ptr<Shared> shared_;
};

}  // namespace weir
