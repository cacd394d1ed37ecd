// SPDX-License-Identifier: Apache-2.0
// Asks the instances, one after the other, in a thread of its own, so that keys never wait for a server that does not
// answer.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/top_model.h"
#include "net/http_call.h"

namespace weir {

/// Asks every instance once. Remembers since when one is away.
class TopAsker {
 public:
  TopAsker(std::vector<std::string> urls, HttpCall call, std::function<Instant()> clock);

  /// `look` gets the instance's answer; `told` hears of each instance as soon as it is there. A signal that an InterruptGuard
  /// heard ends it early.
  void ask(const TopWish& wish, std::vector<TopLook>& looks, const std::function<void()>& told = {});
  /// Any thread: ends the call that is under way.
  void interrupt() { caller_.interrupt(); }
  [[nodiscard]] std::size_t size() const { return urls_.size(); }

 private:
  [[nodiscard]] TopLook look_at(const std::string& url, const TopWish& wish);
  /// An object; where the path is not there and need not be, an empty one.
  [[nodiscard]] Result<JsonValue> get(const std::string& url, const std::string& path, bool needed);

  std::vector<std::string> urls_;
  HttpCall call_;
  std::function<Instant()> clock_;
  HttpCaller caller_;
  std::map<std::string, Instant> away_since_;
};

class TopPoller {
 public:
  TopPoller(TopAsker& asker, Duration every);
  ~TopPoller();
  TopPoller(const TopPoller&) = delete;
  TopPoller& operator=(const TopPoller&) = delete;

  /// Readable when there is something to take.
  [[nodiscard]] int descriptor() const { return wake_; }
  /// What is known now, where that is news.
  [[nodiscard]] std::optional<std::vector<TopLook>> take();
  /// Another wish is looked after at once.
  void wish(const TopWish& wish);

 private:
  void run();
  void publish(const std::vector<TopLook>& looks);

  TopAsker& asker_;
  Duration every_;
  int wake_;
  std::mutex mutex_;
  std::condition_variable changed_;
  TopWish wish_;
  bool wished_ = false;
  bool ends_ = false;
  std::optional<std::vector<TopLook>> news_;
  std::thread thread_;
};

}  // namespace weir
