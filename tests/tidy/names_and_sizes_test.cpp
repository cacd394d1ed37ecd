// SPDX-License-Identifier: Apache-2.0
// What every file of the project keeps to: names that say something, sizes that fit a head, a licence line, no notes to
// oneself, no path of somebody's machine.
#include <re2/re2.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tidy/tree.h"

namespace weir::tidy {
namespace {

constexpr std::size_t kLinesMax = 400;  // a file of more lines holds two things

// Files that are longer all the same, each with the reason.
struct LongFile {
  std::string_view path;
  std::size_t lines_max;
  std::string_view reason;
};
const std::vector<LongFile> kLongFiles = {
    {"src/base/pattern_syntax.cpp", 410, "one grammar, read by one parser"},
    {"src/expr/names.cpp", 410, "the meaning of every name, one case each"},
    {"src/expr/parser.cpp", 410, "one grammar, read by one parser"},
    {"src/expr/typing.cpp", 430, "the type of every operator and function, one case each"},
    {"src/rules/yaml.cpp", 420, "the one file that may name yaml-cpp and catch what it throws"},
};

std::size_t lines_max_of(std::string_view path) {
  for (const LongFile& file : kLongFiles) {
    if (file.path == path) return file.lines_max;
  }
  return kLinesMax;
}

std::string where(const File& file, std::size_t line) {
  return file.path + ":" + std::to_string(line + 1);
}

TEST_CASE("no source file is longer than 400 lines") {
  std::vector<std::string> findings;
  for (const File* file : files_under({"src", "include"})) {
    if (file->lines.size() > lines_max_of(file->path)) {
      findings.push_back(file->path + ": " + std::to_string(file->lines.size()) + " lines");
    }
  }
  CHECK(report(findings) == "");
}

TEST_CASE("no file has a name that says nothing") {
  const RE2 empty_words("(^|[^a-z])(util|utils|helper|helpers|common|misc|manager|handler|impl)([^a-z]|$)");
  std::vector<std::string> findings;
  for (const File* file : files_under({"src", "include", "tests"})) {
    const std::string name = std::filesystem::path(file->path).filename().string();
    if (file->is_code() && RE2::PartialMatch(name, empty_words)) findings.push_back(file->path);
  }
  CHECK(report(findings) == "");
}

TEST_CASE("code carries its licence, and headers say pragma once") {
  std::vector<std::string> findings;
  for (const File* file : files_under({"src", "include", "tests"})) {
    if (!file->is_code()) continue;
    if (file->lines.empty() || file->lines.front() != "// SPDX-License-Identifier: Apache-2.0") {
      findings.push_back(file->path + ": the first line is not the SPDX line");
    }
    const bool once = std::find(file->lines.begin(), file->lines.end(), "#pragma once") != file->lines.end();
    if (file->extension() == ".h" && !once) findings.push_back(file->path + ": no #pragma once");
  }
  CHECK(report(findings) == "");
}

// Says whether the comment of a line, if it has one, holds one of the words that stand for unfinished work. The third
// of them counts in comments only, as it is a currency code in data.
bool has_note(const std::string& line) {
  // In two parts, or this file would be its own finding.
  static const std::string notes[] = {std::string("TO") + "DO", std::string("FIX") + "ME", std::string("XX") + "X"};
  const std::size_t comment = std::min(line.find("//"), line.find('#'));
  if (comment == std::string::npos) return false;
  const auto is_letter = [&](std::size_t i) {
    return i < line.size() && std::isalpha(static_cast<unsigned char>(line[i])) != 0;
  };
  return std::any_of(std::begin(notes), std::end(notes), [&](const std::string& note) {
    const std::size_t at = line.find(note, comment);
    return at != std::string::npos && !is_letter(at - 1) && !is_letter(at + note.size());
  });
}

TEST_CASE("no comment is a note to oneself") {
  std::vector<std::string> findings;
  for (const File* file : files_under({"src", "include", "tests", "deploy", "rules"})) {
    if (file->extension() == ".md" || file->extension() == ".json") continue;
    for (std::size_t i = 0; i < file->lines.size(); ++i) {
      if (has_note(file->lines[i])) findings.push_back(where(*file, i));
    }
  }
  CHECK(report(findings) == "");
}

TEST_CASE("no file names a path of somebody's machine") {
  // Only at the beginning of a path: https://example.com/home/ is somebody's page.
  const RE2 machine_path("(^|[^A-Za-z0-9_.}/-])/(work|root|home)/");
  std::vector<std::string> findings;
  for (const File& file : tree()) {
    if (file.path.starts_with("tests/tidy/")) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (RE2::PartialMatch(file.lines[i], machine_path)) findings.push_back(where(file, i));
    }
  }
  CHECK(report(findings) == "");
}

}  // namespace
}  // namespace weir::tidy
