// SPDX-License-Identifier: Apache-2.0
// What rules found over a stretch of data against what others found over the same: rule by rule, matched by their ids.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/backtest_caught.h"
#include "report/report.h"
#include "weir/outcome.h"
#include "weir/plan.h"

namespace weir {

/// One set of rules, and what it found.
struct BacktestSide {
  std::string rules;  // the file
  std::shared_ptr<const Plan> plan;
  Report report;
  WindowOutcome windows;                  // failing windows among them, every one where sides are compared
  std::unique_ptr<CaughtRecords> caught;  // null: nobody compares
};

enum class BacktestChange : std::uint8_t { Same, New, Gone, More, Fewer, Others, Added, Removed };
/// "same", "new", "gone", "more", "fewer", "others", "added", "removed".
[[nodiscard]] std::string_view word_of(BacktestChange change);

struct RuleBacktest {
  std::string id;
  BacktestChange change = BacktestChange::Same;
  const RuleReport* after = nullptr;                    // under the rules that are tried; null: they have no such rule
  const RuleReport* before = nullptr;                   // under the others
  CaughtMore caught = {};                               // of record rules: only now
  CaughtMore missed = {};                               // only before
  std::vector<const WindowVerdict*> windows = {};       // of window rules: that fail only now
  std::vector<const WindowVerdict*> windows_gone = {};  // that failed only before

  [[nodiscard]] bool fires() const { return after != nullptr && after->counts.failed > 0; }
  [[nodiscard]] bool fired() const { return before != nullptr && before->counts.failed > 0; }
};

/// Borrows from both sides.
struct BacktestComparison {
  std::vector<RuleBacktest> rules;  // in the order of the new rules; what only the others have comes last
  CaughtMore put_aside;             // records that go to the quarantine only now
  CaughtMore let_through;           // that went there only before

  /// Nothing fires now that did not, and the other way round.
  [[nodiscard]] bool is_same() const;
};
[[nodiscard]] BacktestComparison compare_sides(const BacktestSide& after, const BacktestSide& before);

/// What both outputs say beside the rules.
struct BacktestFrame {
  std::string title;               // "orders", or the one file; empty: several files
  std::vector<std::string> parts;  // how a place's part is named: "orders/0", "a.ndjson"
  bool of_topic = false;
  std::string brokers;              // of a topic: what `weir explain` needs
  bool same_text = false;           // both files hold the same: judged once
  std::optional<std::string> from;  // as it was asked for
  std::optional<std::string> to;

  /// "orders/0/17", "a.ndjson:17": what `weir explain` takes.
  [[nodiscard]] std::string place_of(const CaughtPlace& place) const;
};

struct BacktestShown {
  bool color = false;
  int width = 100;
};
/// A table of the differences, and what to type next.
[[nodiscard]] std::string write_backtest_text(const BacktestSide& after, const BacktestSide& before,
                                              const BacktestComparison& comparison, const BacktestFrame& frame,
                                              const BacktestShown& shown);
/// For programs: docs/backtest.md. `before` and `comparison` may be null: there was nothing to compare with.
[[nodiscard]] std::string write_backtest_json(const BacktestSide& after, const BacktestSide* before,
                                              const BacktestComparison* comparison, const BacktestFrame& frame);

}  // namespace weir
