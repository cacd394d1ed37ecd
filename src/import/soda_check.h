// SPDX-License-Identifier: Apache-2.0
// One check of SodaCL, taken apart: `invalid_percent(email) < 5 %` is a metric, its columns and what has to hold of it, and the
// map below it says what is valid. Contracts of Soda come to the same form.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "import/draft.h"
#include "import/node.h"

namespace weir {

/// What a metric is held against.
struct SodaThreshold {
  std::string sign;        // "<", "==", …; empty: between `low` and `high`
  std::string low;         // the number, or the one end
  std::string high;        //
  bool open_low = false;   // (5 and 10
  bool open_high = false;  // 5 and 10)
  bool outside = false;    // not between
  bool is_duration = false;

  /// `> 5`, `between 1 and 5`, `< 1d`; nothing when it is none of these. Signs of percent are passed over.
  static std::optional<SodaThreshold> of(std::string_view text);
  /// The opposite: what has to hold when this is what is bad.
  [[nodiscard]] SodaThreshold negated() const;
  /// "mean(x) >= 1 && mean(x) <= 5"; `unit` stands behind each number.
  [[nodiscard]] std::string on(const std::string& measure, const std::string& unit = "") const;
  /// The same of a count, where the numbers are percentages of the records.
  [[nodiscard]] std::string on_share(const std::string& count) const;
  /// Whether it lets nothing pass but zero.
  [[nodiscard]] bool only_zero() const;

 private:
  template <class Number>
  [[nodiscard]] std::string written(const std::string& measure, const Number& number) const;
};

struct SodaCheck {
  Draft& draft;
  std::string metric;                // "missing_count", in lower case
  std::vector<std::string> columns;  // as they are written
  const SuiteNode& options;          // the map below the check; may be null
  std::optional<SodaThreshold> must = {};
  std::optional<SodaThreshold> should = {};
  std::string when = {};
  std::string description = {};

  [[nodiscard]] std::string path() const;
  void leave_out(std::string reason) { draft.leave_out(std::move(reason)); }
  void judge_window(const std::string& measure, const std::string& unit = "", bool fails_when_empty = false);
  /// A count against thresholds in percent of all records.
  void judge_share(const std::string& count);
  /// Whether the check says no more than that there is none, and its severity.
  [[nodiscard]] bool wants_none() const;
  [[nodiscard]] std::string severity() const { return must ? "" : "warn"; }
};

/// Carries over a check of a metric. draft.begin() has been called for it.
void translate_soda_metric(SodaCheck& check);
/// missing_*, invalid_*, valid_*, duplicate_*: rules over records, and counts of them.
void translate_soda_validity(SodaCheck& check);

/// Checks of a contract (`columns:` with `checks:`).
Draft read_soda_contract(const SuiteNode& root, const std::string& name);

}  // namespace weir
