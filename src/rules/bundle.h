// SPDX-License-Identifier: Apache-2.0
// A rule file with all that it includes: the documents, and the names they define for each other.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "rules/findings.h"
#include "rules/load.h"
#include "rules/yaml.h"

namespace weir {

/// Something that a file names for use elsewhere: a set, a template, a variable.
struct Named {
  const YamlNode* key = nullptr;
  YamlNode* value = nullptr;
  std::size_t document = 0;  // 0 is the rule file itself
  bool used = false;
};
using Names = std::map<std::string, Named, std::less<>>;

struct Bundle {
  std::vector<std::unique_ptr<YamlDocument>> documents;
  std::map<std::string, std::string> sources;  // file name -> text, for carets
  Names vars;
  std::vector<std::string> var_order;  // a variable may use those before it
  Names sets;
  Names templates;
  bool complete = true;  // false: an include is missing, and with it perhaps a name

  [[nodiscard]] YamlNode* root() const { return documents.empty() ? nullptr : documents.front()->root; }
};

/// Reads `path` and its includes. The rule file's own names win over included ones.
Bundle read_bundle(const std::string& path, const LoadOptions& options, Findings& findings);

/// `file` as seen from the file `from`.
[[nodiscard]] std::string relative_to(const std::string& from, const std::string& file);
/// Whether a file that a rule file names lies beside it or below it.
[[nodiscard]] bool stays_inside(const std::string& file);

}  // namespace weir
