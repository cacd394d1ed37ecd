// SPDX-License-Identifier: Apache-2.0
// Columns that are watched as a topic's are: a plan of one drift rule a column, the panes' own summaries, the real watch, and a
// history in memory. Only the records are drawn.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drift/baseline.h"
#include "summary/field_summary.h"
#include "testing/reference_kinds.h"
#include "weir/batch.h"
#include "weir/drift_judge.h"
#include "weir/plan.h"
#include "windows/memory_history.h"

namespace weir::stat {

/// The cells of one column in one window.
class Cells {
 public:
  Cells() = default;
  Cells(Cells&&) = default;  // a copy would point into the texts of another
  Cells& operator=(Cells&&) = default;
  explicit Cells(const std::vector<double>& numbers);
  void number(double value);  // six digits behind the point
  void whole(std::int64_t value);
  void text(std::string value);
  void null();
  [[nodiscard]] FieldSummary summary(const SummarySpec& spec) const;

 private:
  void add(Kind kind, Cell cell);
  Column column_;
  std::deque<std::string> texts_;
  std::vector<std::uint32_t> rows_;
};

struct WatchedColumn {
  std::string path;
  FieldType declared = FieldType::Number;
};
std::vector<WatchedColumn> numbers(std::size_t count);

class Watched {
 public:
  Watched(std::vector<WatchedColumn> columns, const DriftReference& reference, Duration every = std::chrono::hours(1));
  /// Against a file. By column what the baseline holds.
  Watched(std::vector<WatchedColumn> columns, std::vector<Profile> baseline, Duration every = std::chrono::hours(1));

  /// Before the first window.
  std::vector<DriftRule>& rules() { return plan_.drift_rules; }
  void tolerate(std::string_view test, double effect);  // all columns
  void alarm(std::uint32_t fire, std::uint32_t of, std::uint32_t clear);

  /// The next window: by column.
  std::vector<DriftVerdict> add(const std::vector<Cells>& columns);
  std::vector<DriftVerdict> add(const std::vector<std::vector<double>>& columns);

 private:
  Plan plan_;
  MemoryHistory history_;
  std::unique_ptr<DriftJudge> judge_;
  std::vector<SummarySpec> specs_;
  Instant start_{std::chrono::sys_days(std::chrono::year(2026) / 1 / 5)};  // a Monday
};

using testing::previous;
using testing::rolling;
using testing::same;

}  // namespace weir::stat
