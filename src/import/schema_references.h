// SPDX-License-Identifier: Apache-2.0
// References of JSON Schema within one file: `#/$defs/x`, `#anchor`, the `$id` of a definition.
#pragma once

#include <string>
#include <string_view>

#include "import/node.h"

namespace weir {

class SchemaReferences {
 public:
  explicit SchemaReferences(const SuiteNode& root) : root_(root) {}
  /// The schema that a reference names; null when it leads out of the file, or nowhere.
  [[nodiscard]] const SuiteNode* resolve(const std::string& target) const;

 private:
  [[nodiscard]] const SuiteNode* by_pointer(std::string_view pointer) const;
  [[nodiscard]] const SuiteNode* by_anchor(const SuiteNode& node, const std::string& name, int depth) const;
  [[nodiscard]] const SuiteNode* by_id(const std::string& target) const;

  const SuiteNode& root_;
};

}  // namespace weir
