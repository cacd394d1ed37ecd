// SPDX-License-Identifier: Apache-2.0
// Loads rule files out of strings: a test writes the files that a rule file sees as a map.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules/load.h"

namespace weir::testing {

using Files = std::map<std::string, std::string>;

inline LoadOptions options_for(const Files& files) {
  LoadOptions options;
  options.environment = [](const std::string& name) -> std::optional<std::string> {
    if (name == "LIMIT") return "100";
    return std::nullopt;
  };
  options.read_file = [files](const std::string& path) -> Result<std::string> {
    const auto found = files.find(path);
    if (found != files.end()) return found->second;
    return Error{.message = "cannot read `" + path + "`: no such file"};
  };
  return options;
}

/// Loads `text` as rules.yml.
inline Loaded load_text(const std::string& text, Files files = {}) {
  files["rules.yml"] = text;
  return load_rules("rules.yml", options_for(files));
}

/// "error[W104]: unknown key `minn` in the field `amount` at 3:12", as the first lines of tests/rules/*.bad.yml.
inline std::string summary_of(const Diagnostic& diagnostic, const std::string& file) {
  const Error& error = diagnostic.error;
  std::string out =
      (diagnostic.level == DiagnosticLevel::Error ? "error[" : "warning[") + error.code + "]: " + error.message;
  if (error.where.line == 0) return out;
  out += " at ";
  if (error.where.file != file) out += error.where.file + ":";
  return out + std::to_string(error.where.line) + ":" + std::to_string(error.where.column);
}

inline std::vector<std::string> summaries_of(const Loaded& loaded, const std::string& file = "rules.yml") {
  std::vector<std::string> out;
  for (const Diagnostic& diagnostic : loaded.diagnostics) out.push_back(summary_of(diagnostic, file));
  return out;
}

/// The rules of a plan by their ids, `decode` left out.
inline std::vector<std::string> ids_of(const Loaded& loaded) {
  std::vector<std::string> out;
  if (loaded.plan == nullptr) return out;
  for (const RecordRule& rule : loaded.plan->rules) {
    if (rule.info.id != "decode") out.push_back(rule.info.id);
  }
  return out;
}

inline const RecordRule* rule_of(const Loaded& loaded, std::string_view id) {
  if (loaded.plan == nullptr) return nullptr;
  for (const RecordRule& rule : loaded.plan->rules) {
    if (rule.info.id == id) return &rule;
  }
  return nullptr;
}

inline const Field* field_of(const Loaded& loaded, std::string_view path) {
  if (loaded.plan == nullptr) return nullptr;
  for (std::size_t i = 0; i < loaded.plan->fields.size(); ++i) {
    if (loaded.plan->fields[i].path.text() == path) return &loaded.plan->fields[i];
  }
  return nullptr;
}

}  // namespace weir::testing
