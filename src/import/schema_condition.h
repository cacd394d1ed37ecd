// SPDX-License-Identifier: Apache-2.0
// A JSON Schema as a condition on one value: what a choice between schemas (`anyOf`, `oneOf`), `not` and `if` come to in weir.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "import/node.h"
#include "import/schema_references.h"

namespace weir {

class SchemaCondition {
 public:
  explicit SchemaCondition(const SchemaReferences& references) : references_(references) {}

  /// What `schema` asks of the value that the expression `value` gives; "true" when nothing. Nothing when it cannot be said,
  /// or when it would be longer than an expression may be. The empty `value` is the record.
  [[nodiscard]] std::optional<std::string> of(const SuiteNode& schema, const std::string& value);
  /// At least one of the schemas holds; with `exactly`, one and no other.
  [[nodiscard]] std::optional<std::string> any_of(const std::vector<SuiteNode>& schemas, const std::string& value,
                                                  bool exactly);
  /// `if`, `then` and `else` of `schema`.
  [[nodiscard]] std::optional<std::string> when(const SuiteNode& schema, const std::string& value);

  /// `additionalProperties: false`: the object's keys are those of `properties`, or fit a pattern of `patternProperties`.
  [[nodiscard]] static std::optional<std::string> closed(const SuiteNode& schema, const std::string& value);

  /// A condition on the value at a path: `items[].a` asks it of every element. `make` gives it for an expression.
  template <class Make>
  [[nodiscard]] static std::optional<std::string> at(const std::string& path, const Make& make);

 private:
  std::optional<std::string> keyword(const SuiteNode& schema, const SuiteMember& member, const std::string& value);
  std::optional<std::string> properties(const SuiteNode& list, const std::string& value);
  std::optional<std::string> items(const SuiteNode& schema, const std::string& value);

  const SchemaReferences& references_;
  int depth_ = 0;
};

/// The names of the elements within `all`: x, y, z, ….
[[nodiscard]] std::string element_name(std::size_t depth);

template <class Make>
std::optional<std::string> SchemaCondition::at(const std::string& path, const Make& make) {
  std::string rest = path;
  std::string value;
  std::string before;
  std::string after;
  for (std::size_t depth = 0;; ++depth) {
    const std::size_t brackets = rest.find("[]");
    const std::string step = rest.substr(0, brackets);
    if (!step.empty()) value += (value.empty() || step.front() == '.' ? "" : ".") + step;
    if (brackets == std::string::npos) break;
    const std::string element = element_name(depth);
    before += value + ".all(" + element + ", ";
    after += ")";
    value = element;
    rest = rest.substr(brackets + 2);
  }
  const std::optional<std::string> condition = make(value);
  if (!condition) return std::nullopt;
  return before + *condition + after;
}

}  // namespace weir
