// SPDX-License-Identifier: Apache-2.0
// One expectation of Great Expectations, or of dbt_expectations, which has taken over the names: what it is called, its
// arguments, and what every kind of expectation says in the same way (`mostly`, the condition on rows, the severity).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "import/draft.h"
#include "import/node.h"

namespace weir {

struct Expectation {
  Draft& draft;
  std::string name;  // in lower case
  const SuiteNode& arguments;
  const SuiteNode* parameters = nullptr;  // values for {"$PARAMETER": name}
  std::string column = {};                // dbt: the column that the test stands under
  bool is_dbt = false;                    // SQL conditions, arguments of dbt_expectations

  // Read from the arguments by translate().
  std::string when = {};
  std::string mostly = {};  // digits; empty: all of them
  std::string severity = {};
  std::string description = {};
  std::vector<std::string> tags = {};

  /// An argument, with a parameter replaced by its value where the suite holds one.
  [[nodiscard]] const SuiteNode& argument(std::string_view key) const;
  /// The path of the field that `column` names.
  [[nodiscard]] std::string field() const;
  [[nodiscard]] static std::string path(const SuiteNode& name);

  /// Adds rules over records with the options of this expectation. With `mostly` the one rule only counts, and a rule over the
  /// whole input asks for the share; `draft` takes exactly one then.
  void judge(DraftRule rule);
  void judge_field(std::string field, std::string check, std::string value);
  void judge_expression(const std::string& expression, const std::string& label);
  /// A rule over the whole input. An aggregate of nothing fails in Great Expectations.
  void judge_window(std::string condition, bool fails_when_empty);
  void leave_out(std::string reason) { draft.leave_out(std::move(reason)); }
};

/// Carries over one expectation, or leaves it out with a reason. draft.begin() has been called for it.
void translate_expectation(Expectation& expectation);

/// A row of the table of expectations.
struct ExpectationKind {
  std::string_view name;
  void (*translate)(Expectation&);
};
[[nodiscard]] std::span<const ExpectationKind> value_expectations();
[[nodiscard]] std::span<const ExpectationKind> pair_expectations();
[[nodiscard]] std::span<const ExpectationKind> aggregate_expectations();
[[nodiscard]] std::span<const ExpectationKind> table_expectations();
[[nodiscard]] std::span<const ExpectationKind> dbt_only_expectations();

/// Two bounds as one condition on `what`: "mean(x) >= 1 && mean(x) <= 5"; `rate` writes them as percentages. Nothing when
/// neither is there. A bound that is no number and no text spoils it.
struct ValueBounds {
  std::string low;   // as an expression writes it, or empty
  std::string high;  //
  bool strict_low = false;
  bool strict_high = false;
  bool spoiled = false;

  [[nodiscard]] bool none() const { return low.empty() && high.empty(); }
  [[nodiscard]] std::string condition(const std::string& what) const;
};
[[nodiscard]] ValueBounds bounds_of(const Expectation& expectation, bool as_rate);

}  // namespace weir
