// SPDX-License-Identifier: Apache-2.0
// A map of the rule file held against its table of keys: everything wrong with it is told when the Section is made, so the
// getters are silent and give only what is right.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/findings.h"
#include "rules/keys.h"
#include "rules/values.h"
#include "rules/yaml.h"

namespace weir {

/// Tells of a key that `place` does not know: a name from another tool, a typing error, or what may stand there.
void unknown_key(Findings& findings, const YamlNode& key, std::string_view place,
                 const std::vector<std::string_view>& names);
/// The key of weir that other tools call `written`, or empty.
[[nodiscard]] std::string_view known_synonym(std::string_view written, std::span<const KeySpec> keys);

/// Whether `value` is what `key` wants; tells when not. Sections within are left to whoever reads them.
bool fits(Findings& findings, const YamlNode& value, const KeySpec& key);

class Section {
 public:
  Section(Findings& findings, const YamlNode& node, const Keys& table);

  /// The value of a key that was written and is right.
  [[nodiscard]] const YamlNode* node(std::string_view key) const;
  [[nodiscard]] std::string text(std::string_view key, std::string otherwise = "") const;
  [[nodiscard]] bool flag(std::string_view key, bool otherwise) const;
  [[nodiscard]] std::optional<FieldPath> path(std::string_view key) const;
  [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const { return node(key) != nullptr; }
  [[nodiscard]] const YamlNode* key(std::string_view key) const;

 private:
  std::vector<YamlNode::Member> members_;
};

/// The texts of a node that is one scalar or a list of them.
[[nodiscard]] std::vector<std::string> texts_of(const YamlNode& node);

}  // namespace weir
