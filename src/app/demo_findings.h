// SPDX-License-Identifier: Apache-2.0
// What weir finds in the orders of `weir demo`, each finding once a round, in words: a watcher of the stream like any other,
// beside metrics, log and status page. The stream's thread adds, the demo's takes.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "weir/ports.h"

namespace weir {

struct DemoFinding {
  enum class Kind : std::uint8_t { Reading, Record, Window, EmptyWindow, Drift, SetAside, NewRules, Trouble };
  Kind kind = Kind::Record;
  Verdict verdict = Verdict::Fail;
  std::string rule = {};   // of Record, Window, EmptyWindow, Drift
  std::string text = {};   // not escaped
  std::string place = {};  // of Record: TOPIC/PARTITION/OFFSET
};

class DemoFindings final : public StreamObserver {
 public:
  void rules(const std::shared_ptr<const Plan>& plan) override;
  void judged(const Fetched& fetched, const Outcome& outcome, Instant now) override;
  void windows(const WindowOutcome& windows, Instant now) override;
  void quarantined(std::uint64_t records, std::span<const std::uint64_t> rules) override;
  void trouble(const Trouble& trouble, Instant now) override;
  void status(const StreamStatus& status) override;

  // ---- any thread
  /// What was found since the last call, in order.
  [[nodiscard]] std::vector<DemoFinding> take();
  /// From now on what was told before is told again.
  void begin_round() { ++round_; }
  [[nodiscard]] std::uint64_t judged_records() const { return records_; }
  [[nodiscard]] std::uint64_t set_aside() const { return set_aside_; }

 private:
  void look_at_round();
  void tell(DemoFinding finding);

  // of the stream's thread
  std::shared_ptr<const Plan> plan_;
  std::set<std::pair<DemoFinding::Kind, std::string>> told_;
  std::uint64_t told_in_ = 0;  // the round of told_
  std::size_t partitions_ = 0;

  std::atomic<std::uint64_t> round_ = 0;
  std::atomic<std::uint64_t> records_ = 0;
  std::atomic<std::uint64_t> set_aside_ = 0;
  std::mutex mutex_;
  std::vector<DemoFinding> found_;  // under mutex_
};

}  // namespace weir
