// SPDX-License-Identifier: Apache-2.0
// A rule file in the making: what a suite of another tool says, in weir's words, and beside each rule the place that it came
// from. Nothing is lost: every rule of the suite is a SourceRule, and it is either carried over by DraftRules or says why not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "import/node.h"

namespace weir {

/// One rule of the suite.
struct SourceRule {
  std::string name;     // as the suite calls it: "expect_column_values_to_be_in_set"
  std::string subject;  // the field path it is about, as weir writes it; empty for the whole stream
  int line = 0;
  int column = 0;
  std::string left_out;            // the reason; empty: carried over
  std::vector<std::string> notes;  // what is said otherwise in weir, one sentence each
};

/// One rule of the rule file.
struct DraftRule {
  enum class Where : std::uint8_t { Field, Records, Window };

  Where where = Where::Field;
  std::string field = {};   // path, where == Field
  std::string check = {};   // "min"
  std::string value = {};   // YAML: "0", "[a, b]", "{by: key}"
  std::string must = {};    // where == Window
  std::string should = {};  //
  // Options; empty where the default will do. Texts, not YAML.
  std::string id = {};
  std::string description = {};
  std::string severity = {};
  std::string on_fail = {};
  std::string nulls = {};
  std::string when = {};
  std::string on_empty = {};
  std::vector<std::string> tags = {};
  std::size_t source = 0;  // index of Draft::sources

  /// Whether it says nothing but its check, so that it may share a line with its neighbours.
  [[nodiscard]] bool is_plain() const {
    return where == Where::Field && id.empty() && description.empty() && severity.empty() && on_fail.empty() &&
           nulls.empty() && when.empty() && tags.empty();
  }
};

/// What one table, model or dataset of a suite becomes.
struct Draft {
  std::string name;         // "orders": chosen by --model, and the name of the file
  std::string description;  // for `meta`
  std::string owner;
  std::vector<SourceRule> sources;
  std::vector<DraftRule> rules;
  std::vector<std::string> remarks;  // about the whole file, one sentence each

  /// A new rule of the suite; what add() and leave_out() are about until the next one.
  void begin(std::string rule, const SuiteNode& at, std::string subject = "");
  void begin(std::string rule, int line, int column, std::string subject = "");
  void add(DraftRule rule);
  /// A check of a field that says nothing else.
  void add_check(std::string field, std::string check, std::string value);
  /// `must` over the whole input.
  void add_window(std::string must);
  void note(std::string sentence);
  /// The current rule cannot be said: what was added for it goes again.
  void leave_out(std::string reason);
  [[nodiscard]] bool left_out() const { return !sources.empty() && !sources.back().left_out.empty(); }
  /// Whether the rule after this one is the first that the current source adds.
  [[nodiscard]] bool is_empty() const { return rules.empty() || rules.back().source + 1 != sources.size(); }
  [[nodiscard]] DraftRule& last() { return rules.back(); }
  /// An id that no rule has yet: `wanted`, `wanted-2`, ….
  [[nodiscard]] std::string free_id(const std::string& wanted) const;
};

/// How many of the rules were carried over.
[[nodiscard]] std::size_t carried_over(const Draft& draft);

/// What a suite's file came to: a draft for each table, and remarks about what is in none.
struct Suite {
  std::vector<Draft> drafts;
};

}  // namespace weir
