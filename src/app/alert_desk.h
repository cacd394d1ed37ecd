// SPDX-License-Identifier: Apache-2.0
// Everybody who is told, in threads of their own: a receiver that is slow holds up no stream and no other receiver.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "alerts/alert_book.h"
#include "alerts/delivery.h"
#include "alerts/receiver.h"
#include "app/log.h"
#include "config/config.h"
#include "files/state_folder.h"
#include "weir/result.h"

namespace weir {

class AlertDesk {
 public:
  /// `folder` null: what was told is remembered as long as the process lives. The log outlives it.
  static Result<std::unique_ptr<AlertDesk>> make(const Config& config, const std::shared_ptr<StateFolder>& folder,
                                                 Log& log, std::function<Instant()> wall_clock);
  ~AlertDesk();
  AlertDesk(const AlertDesk&) = delete;
  AlertDesk& operator=(const AlertDesk&) = delete;

  /// What watches a stream; it is the stream's thread that uses it, from restore() on.
  Result<std::unique_ptr<AlertBook>> open_book(const std::string& stream, const std::shared_ptr<StateFolder>& folder);
  /// The books are open: from now on somebody is told.
  void start();
  /// Tells what is to be told already for a moment yet, and ends. What is not told then is told after the next start.
  void stop(Duration last_words = std::chrono::seconds(5));

  /// Another instance judges the windows of the stream.
  void hand_over(std::string_view stream);

  // ---- any thread
  [[nodiscard]] std::vector<ReceiverFacts> receivers();
  [[nodiscard]] std::map<std::string, AlertDelivery::StreamFacts> streams();
  [[nodiscard]] std::string json();

 private:
  AlertDesk(const Config& config, Log& log, std::function<Instant()> wall_clock);
  void hear(const Alert& alert);
  void leave_out(const std::string& stream, std::uint64_t count);
  void serve(std::size_t index);
  void settle(std::size_t index, const Notification& notification, const Told& told);
  void save();
  [[nodiscard]] Instant now_locked();
  [[nodiscard]] bool is_waited_for(Instant now) const;

  const Config& config_;
  Log& log_;
  std::function<Instant()> wall_clock_;
  std::vector<std::unique_ptr<Receiver>> receivers_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  std::unique_ptr<AlertDelivery> delivery_;
  std::chrono::steady_clock::time_point asked_at_;
  Instant now_{};
  bool started_ = false;
  std::size_t ended_ = 0;              // threads
  std::vector<Instant> sleeps_until_;  // of each receiver's thread; Instant::min(): it is at work
  std::optional<std::chrono::steady_clock::time_point> stop_at_;
  std::mutex saving_;  // of the store, which is slow
  std::unique_ptr<AlertStore> store_;
  std::vector<AlertStore::Entry> unsaved_;  // that could not be written
};

}  // namespace weir
