// SPDX-License-Identifier: Apache-2.0
// A stream of windows by the minute, a place for alerts, and somebody who is told: all in virtual time.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "alerts/alert_book.h"
#include "alerts/alert_store.h"
#include "alerts/delivery.h"

namespace weir::testing {

constexpr Instant kBegin = Instant(std::chrono::hours(24) * 20'000);
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

inline Instant minute(std::int64_t n) {
  return kBegin + minutes(n);
}

/// Window rules of these ids; one that ends with `.drift` is about drift.
inline std::shared_ptr<Plan> plan_of(const std::vector<std::string>& ids, const std::string& segment = "") {
  auto plan = std::make_shared<Plan>();
  WindowBlock& block = plan->windows.emplace_back();
  if (!segment.empty()) block.segment.push_back({.column = 0, .path = segment, .listed = {}});
  for (const std::string& id : ids) {
    WindowRule& rule = plan->window_rules.emplace_back();
    rule.info.id = id;
    const bool drift = id.ends_with(".drift");
    rule.info.kind = drift ? RuleKind::Drift : RuleKind::Window;
    rule.drift = drift ? 0 : -1;
    rule.info.runbook = "https://runbooks.example/" + id;
  }
  return plan;
}

inline WindowVerdict window(std::uint32_t rule, std::int64_t n, Verdict verdict, const std::string& country = "") {
  WindowVerdict out;
  out.rule = rule;
  out.has_span = true;
  out.start = minute(n);
  out.end = minute(n + 1);
  out.verdict = verdict;
  out.observed = Measured::of(std::int64_t{7});
  out.expected = ">= 100";
  if (!country.empty()) {
    auto segment = std::make_shared<Segment>();
    segment->values = {{"country", country}};
    out.segment = segment;
  }
  return out;
}

inline WindowOutcome outcome_of(std::vector<WindowVerdict> verdicts) {
  WindowOutcome out;
  out.verdicts = std::move(verdicts);
  return out;
}

/// What lies on a disk: it outlives who writes to it.
using Disk = std::map<std::string, std::string>;

class MemoryStore final : public AlertStore {
 public:
  /// Called before and after each write takes effect, and may throw: then the process ended there.
  explicit MemoryStore(
      Disk& disk, std::function<void()> at_write = [] {})
      : disk_(disk), at_write_(std::move(at_write)) {}

  Result<std::vector<Entry>> read() override {
    std::vector<Entry> out;
    for (const auto& [name, text] : disk_) out.push_back({.name = name, .text = text});
    return out;
  }
  Status write(std::span<const Entry> entries) override {
    at_write_();
    for (const Entry& entry : entries) {
      if (entry.text.empty()) {
        disk_.erase(entry.name);
      } else {
        disk_[entry.name] = entry.text;
      }
    }
    at_write_();
    return Done{};
  }

 private:
  Disk& disk_;
  std::function<void()> at_write_;
};

/// An alert as it would be found; for deliveries without a book.
inline Alert alert_of(const std::string& rule, Alert::State state, std::int64_t begins, std::int64_t ends = 0) {
  Alert alert;
  alert.pipeline = "shop";
  alert.stream = "orders";
  alert.rule = rule;
  alert.kind = "window";
  alert.severity = "error";
  alert.state = state;
  alert.starts_at = minute(begins);
  if (state == Alert::State::Resolved) alert.ends_at = minute(ends);
  alert.fingerprint = alert_fingerprint(alert);
  return alert;
}

}  // namespace weir::testing
