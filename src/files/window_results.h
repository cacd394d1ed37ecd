// SPDX-License-Identifier: Apache-2.0
// What windows came to, kept for people who look later: the status page and its history. In the state folder, so that they
// are there after a restart.
//
// A window that is judged again replaces what it came to before. Bounded by number and by age, both over all streams of
// the folder; the oldest go first.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "files/state_folder.h"
#include "weir/rule.h"
#include "weir/time.h"

namespace weir {

struct WindowResult {
  enum Flag : std::uint32_t { Partial = 1, Revised = 2, ByClock = 4, Warming = 8, Backfill = 16 };

  std::string rule;
  std::string segment;  // empty: no segments
  Instant start{};
  Instant end{};
  Verdict verdict = Verdict::NoData;
  std::string observed;
  std::string expected;
  std::uint32_t flags = 0;
  Instant judged_at{};

  bool operator==(const WindowResult&) const = default;
};

struct WindowResultLimits {
  std::uint64_t number = 100'000;  // some 200 bytes each
  Duration age = std::chrono::days(31);
};

class WindowResults {
 public:
  static Result<std::unique_ptr<WindowResults>> open(std::shared_ptr<StateFolder> folder, std::string stream,
                                                     WindowResultLimits limits = {});

  /// All of them or none, and lets go of what is too old by now.
  Status add(std::span<const WindowResult> results, Instant now);
  /// The newest `most` of the stream, or of one rule of it, newest first.
  Result<std::vector<WindowResult>> newest(std::size_t most, std::optional<std::string_view> rule = {}) const;

 private:
  WindowResults(std::shared_ptr<StateFolder> folder, std::string stream, WindowResultLimits limits)
      : folder_(std::move(folder)), stream_(std::move(stream)), limits_(limits) {}
  Status write(std::span<const WindowResult> results);
  Status forget(Instant now);

  std::shared_ptr<StateFolder> folder_;
  std::string stream_;
  WindowResultLimits limits_;
  std::unique_ptr<SqliteDatabase> database_;
};

}  // namespace weir
