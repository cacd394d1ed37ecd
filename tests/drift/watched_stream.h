// SPDX-License-Identifier: Apache-2.0
// A stream of windows that is watched for drift: a plan of one rule, a history that can be looked into, and values by the
// thousand.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "drift/baseline.h"
#include "summary/field_summary.h"
#include "summary/scatter.h"
#include "testing/reference_kinds.h"
#include "weir/drift_judge.h"
#include "weir/history.h"
#include "weir/plan.h"

namespace weir::testing {

/// Series of records, ascending by time.
class RecordHistory : public History {
 public:
  [[nodiscard]] std::vector<PastValue> past(std::string_view, Instant, Instant, std::size_t) override { return {}; }
  void add(std::string_view, PastValue) override {}
  [[nodiscard]] std::vector<PastRecord> past_records(std::string_view series, Instant since, Instant before,
                                                     std::size_t most) override;
  void add_record(std::string_view series, PastRecord record) override;
  void drop_records(std::string_view series, Instant before) override;

  [[nodiscard]] std::size_t records(std::string_view prefix) const;
  [[nodiscard]] std::size_t bytes(std::string_view prefix) const;

  std::map<std::string, std::map<Instant, std::string>, std::less<>> series;
};

/// Numbers of a fixed seed.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}
  double normal(double mean = 0, double spread = 1);
  std::vector<double> normals(std::size_t count, double mean = 0, double spread = 1);
  std::vector<std::string> words(std::size_t count, const std::vector<std::pair<std::string, double>>& shares);

 private:
  std::mt19937_64 random_;
};

/// As panes keep a field for a drift rule.
FieldSummary summary_of_numbers(const std::vector<double>& values, const Profile::Edges& edges = nullptr);
FieldSummary summary_of_words(const std::vector<std::string>& words);
ScatterSummary scatter_of(const std::vector<std::vector<double>>& columns);
std::shared_ptr<const Baseline> baseline_of(const std::vector<double>& values);

class WatchedStream {
 public:
  explicit WatchedStream(const DriftReference& reference, Duration every = std::chrono::hours(1));

  /// Of the first judging on they stay as they are.
  DriftRule& rule() { return plan_.drift_rules[0]; }
  WindowBlock& block() { return plan_.windows[0]; }
  [[nodiscard]] RecordHistory& history() { return history_; }
  /// A judge that knows nothing but the history.
  void restart() { judge_ = nullptr; }

  struct Flags {
    bool partial = false;
    std::optional<std::int64_t> number = {};  // of the window; otherwise the one behind the last
  };
  DriftVerdict add(const std::vector<double>& values) { return add(values, Flags()); }
  DriftVerdict add(const std::vector<double>& values, Flags flags);
  DriftVerdict add(const FieldSummary& summary, Flags flags);
  DriftVerdict add(const FieldSummary& summary) { return add(summary, Flags()); }
  DriftVerdict add(const ScatterSummary& scatter);
  std::vector<DriftVerdict> add(const std::vector<std::pair<std::string, FieldSummary>>& segments);
  [[nodiscard]] Instant start_of(std::int64_t number) const;

 private:
  DriftWindow window(Flags flags);
  std::vector<DriftVerdict> judge(const DriftWindow& window, const std::vector<DriftSubject>& subjects);

  Plan plan_;
  RecordHistory history_;
  std::unique_ptr<DriftJudge> judge_;
  std::int64_t next_ = 0;
};

/// A record with a checksum that is right again.
std::string sealed(std::string bytes);
/// All that people see of it.
std::string shown(const DriftVerdict& verdict);

}  // namespace weir::testing
