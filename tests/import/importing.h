// SPDX-License-Identifier: Apache-2.0
// A suite as a test writes it, and the rule file that it becomes.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "import/import.h"
#include "import/settle.h"
#include "import/words.h"
#include "rules/load.h"

namespace weir::testing {

struct Imported {
  Draft draft;
  std::string text;  // the rule file

  /// The file without comments and without the lines that every file has.
  [[nodiscard]] std::string rules() const {
    std::string out;
    std::size_t begin = 0;
    while (begin < text.size()) {
      const std::size_t end = text.find('\n', begin);
      const std::string line = text.substr(begin, end - begin);
      begin = end + 1;
      const std::size_t first = line.find_first_not_of(' ');
      if (first == std::string::npos || line[first] == '#' || line == "weir: 1") continue;
      out += line + "\n";
    }
    return out;
  }
  /// The reasons of what is left out.
  [[nodiscard]] std::string left_out() const {
    std::string out;
    for (const SourceRule& source : draft.sources) {
      if (!source.left_out.empty()) out += source.name + ": " + source.left_out + "\n";
    }
    return out;
  }
};

/// Errors of the loader, which no imported file has.
inline std::string faults_of(const std::string& text) {
  LoadOptions options;
  options.read_file = [&text](const std::string&) -> Result<std::string> { return text; };
  const Loaded loaded = load_rules("rules.yml", options);
  std::string out;
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    if (diagnostic.level == DiagnosticLevel::Error) out += diagnostic.error.message + "\n";
  }
  return out;
}

inline std::vector<Imported> import_all(SuiteKind kind, const std::string& suite,
                                        const std::string& file = "suite.yml") {
  const Result<std::vector<Draft>> drafts = read_drafts(kind, file, suite);
  INFO(suite);
  if (!drafts) FAIL(drafts.error().message);
  std::vector<Imported> all;
  for (const Draft& draft : *drafts) {
    Imported one{.draft = draft, .text = {}};
    const Result<std::string> text = settle(one.draft, {.command = "weir import", .file = file});
    if (!text) FAIL(text.error().message);
    one.text = *text;
    INFO(one.text);
    CHECK(faults_of(one.text) == "");
    all.push_back(std::move(one));
  }
  return all;
}

inline Imported import_one(SuiteKind kind, const std::string& suite, const std::string& file = "suite.yml") {
  std::vector<Imported> all = import_all(kind, suite, file);
  REQUIRE(all.size() == 1);
  return all.front();
}

/// The error of a suite that cannot be read: "line:column: message".
inline std::string refusal(SuiteKind kind, const std::string& suite, const std::string& file = "suite.yml") {
  const Result<std::vector<Draft>> drafts = read_drafts(kind, file, suite);
  if (drafts) return "";
  const Error& error = drafts.error();
  return std::to_string(error.where.line) + ":" + std::to_string(error.where.column) + ": " + error.message;
}

}  // namespace weir::testing
