// SPDX-License-Identifier: Apache-2.0
// Lineage events on their way, in a thread of their own: whoever takes them may be slow or away, and no stream waits for it.
//
// What waits is written into the state folder before a snapshot says that its windows were judged. So none is lost with the
// process; one that was sent just before it died is sent again, with the same run id. With the state in a topic what waits is
// remembered as long as the process lives.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/lineage_target.h"
#include "app/log.h"
#include "config/config.h"
#include "files/state_queue.h"
#include "sinks/lineage_observer.h"
#include "sinks/lineage_queue.h"

namespace weir {

class LineageDesk {
 public:
  /// `folder` null: the state lies in a topic. The log outlives it.
  static Result<std::unique_ptr<LineageDesk>> make(const Config& config, const std::shared_ptr<StateFolder>& folder,
                                                   Log& log);
  ~LineageDesk();
  LineageDesk(const LineageDesk&) = delete;
  LineageDesk& operator=(const LineageDesk&) = delete;

  /// What watches the stream at this index.
  [[nodiscard]] std::unique_ptr<LineageObserver> observer_of(const Config& config, std::size_t stream);
  void start();
  /// Sends what waits for so long yet, saves the rest, and ends.
  void stop(Duration last_words);

  // ---- any thread
  /// Never waits for anybody.
  void take(LineageEvent&& event);
  /// What waits now is there after a restart, too.
  Status save();
  [[nodiscard]] LineageCounts counts() const;

 private:
  LineageDesk(std::unique_ptr<LineageTarget> target, Log& log);
  void serve();
  void settle(const LineageQueue::Waiting& event, const Told& told);
  [[nodiscard]] static Duration now();

  std::unique_ptr<LineageTarget> target_;
  Log& log_;
  std::thread thread_;
  mutable std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  LineageQueue queue_;
  bool ended_ = true;  // the thread
  std::optional<Duration> stop_at_;
  bool failing_ = false;            // the last attempt came to nothing
  std::uint64_t dropped_told_ = 0;  // of those that were dropped
  std::mutex saving_;               // of the store, which is slow; taken before mutex_
  std::unique_ptr<StateQueue> store_;
  std::uint64_t stored_ = 0;     // up to this number
  std::uint64_t kept_from_ = 0;  // from this number on
};

}  // namespace weir
