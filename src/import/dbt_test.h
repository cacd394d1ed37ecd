// SPDX-License-Identifier: Apache-2.0
// One test of dbt as it stands under a model or a column: its name, its arguments, and the options that every test takes.
#pragma once

#include <string>
#include <string_view>

#include "import/draft.h"
#include "import/node.h"

namespace weir {

struct DbtTest {
  Draft& draft;
  std::string package;  // "dbt_utils", or empty
  std::string name;     // "accepted_range"
  const SuiteNode& arguments;
  std::string column;  // the path of the field that it stands under, or empty

  // Options, read by translate_dbt_test().
  std::string when = {};
  bool warns = false;
  std::string error_if = {};  // what must hold of the number of failing rows: "<= 10"
  std::string warn_if = {};
  std::string description = {};
  std::vector<std::string> tags = {};

  [[nodiscard]] const SuiteNode& argument(std::string_view key) const;
  void leave_out(std::string reason) { draft.leave_out(std::move(reason)); }
  /// A rule over records with the options of the test; with a threshold it only counts, and rules over the whole input judge
  /// the count.
  void judge(DraftRule rule);
  void judge_field(const std::string& field, std::string check, std::string value);
  void judge_expression(const std::string& expression, const std::string& label);
  void judge_window(std::string condition, bool fails_when_empty);
};

/// Carries over one test. draft.begin() has been called for it.
void translate_dbt_test(DbtTest& test);

/// Tests of dbt itself, of dbt_utils and of elementary; false when the name is none of theirs.
bool translate_known_dbt_test(DbtTest& test);
bool translate_elementary_test(DbtTest& test);

/// `{count: 2, period: day}` as `2d`; empty when it is none.
[[nodiscard]] std::string dbt_period(const SuiteNode& node);
/// A column as dbt names it: a dot leads into a struct.
[[nodiscard]] std::string dbt_path(std::string_view name);
/// Whether something in it is filled in by a template.
[[nodiscard]] bool holds_template(const SuiteNode& node);

}  // namespace weir
