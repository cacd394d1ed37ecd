// SPDX-License-Identifier: Apache-2.0
// A second evaluator of rules: a rule file as plain data that can be printed as YAML and judged rule by rule, record by
// record, value by value. It goes by the reference pages alone and shares no code with the product, so that both being wrong
// in the same way takes the same misreading twice.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "testing/slow_expression.h"
#include "testing/slow_json.h"
#include "testing/slow_number.h"

namespace weir::testing {

/// A literal of a rule file: `1` may be a number, `'1'` is a text.
struct SlowLiteral {
  std::string text;
  bool quoted = false;
};

struct SlowRule {
  std::string id;
  std::string check;
  std::string path;                 // of a rule about a field; empty for one about the record
  std::vector<std::string> paths;   // of a rule about the record: unique, any_of, all_of
  std::vector<SlowLiteral> values;  // what the check compares with
  bool is_list = false;             // the values are written as a list
  std::string declared;             // the type of the field, or empty
  std::string by;                   // increasing, decreasing, sequence
  bool strict = false;
  bool nulls_fail = false;
  bool halts = false;
  std::optional<SlowExpression> when;
  std::optional<SlowExpression> expression;  // of `expr`
};

struct SlowRules {
  std::vector<SlowRule> rules;
  std::map<std::string, std::vector<std::string>> missing_values;  // by path
  bool extra_fields = false;
  bool duplicate_keys = false;

  [[nodiscard]] std::string yaml() const;
};

struct SlowCounts {
  std::uint64_t evaluated = 0;
  std::uint64_t failed = 0;
  std::uint64_t skipped = 0;
  bool operator==(const SlowCounts&) const = default;
};

/// What a run says, in a form that both evaluators can be brought to.
struct Answer {
  std::uint64_t records = 0;
  std::uint64_t undecodable = 0;
  std::uint64_t duplicate_keys = 0;
  bool halted = false;
  std::map<std::string, SlowCounts> rules;                  // by id
  std::set<std::pair<std::uint64_t, std::string>> failing;  // line and id
  bool operator==(const Answer&) const = default;
};

/// The first difference in words, or "" when there is none.
[[nodiscard]] std::string difference(const Answer& expected, const Answer& actual);

/// Judges records of the lines 1, 2, 3…
[[nodiscard]] Answer slow_answer(const SlowRules& rules, const std::vector<std::string>& records);

}  // namespace weir::testing
