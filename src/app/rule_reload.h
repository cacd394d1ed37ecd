// SPDX-License-Identifier: Apache-2.0
// Rules that change while streams run: loaded, compiled, and handed over; when something is wrong with them, the old ones
// stay and it is said so.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "app/log.h"
#include "app/run_settings.h"
#include "weir/result.h"

namespace weir {

class RuleReload {
 public:
  struct Target {
    std::function<Status(const Plan&)> can_use;
    std::function<void(std::shared_ptr<const Plan>)> use;
  };
  /// `done` hears of every reload, whether it succeeded.
  RuleReload(const RunSettings& settings, std::vector<Target> targets, Log& log, std::function<void(bool)> done)
      : settings_(settings), targets_(std::move(targets)), log_(log), done_(std::move(done)), rules_(settings.rules) {}

  /// All or nothing: a fault in the rules of one stream leaves the others as they are, too. Any thread.
  Status reload();
  /// Reloads when a file holds something else than it did. Any thread.
  void reload_if_changed();
  /// Every file that rules were read from.
  [[nodiscard]] std::vector<std::string> files();
  /// Grows with each reload: the files may be others then.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }

 private:
  Status reload_locked();

  const RunSettings& settings_;
  std::vector<Target> targets_;  // by index of Config::streams
  Log& log_;
  std::function<void(bool)> done_;
  std::mutex mutex_;
  std::vector<StreamRules> rules_;  // as they were read last, sound or not
  std::atomic<std::uint64_t> generation_ = 0;
};

}  // namespace weir
