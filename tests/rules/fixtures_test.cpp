// SPDX-License-Identifier: Apache-2.0
// Every file of this folder: *.bad.yml begins with the diagnostics that it earns, all of them, one comment each; a
// *.good.yml earns none, but for what a later version brings. A code without a file fails the suite.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "loading.h"
#include "rules/codes.h"

namespace weir {
namespace {

using testing::summaries_of;

const std::filesystem::path kFolder = std::filesystem::path(WEIR_SOURCE_DIR) / "tests/rules";

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Loads as if weir had been started in this folder.
Loaded load_fixture(const std::string& name) {
  LoadOptions options = testing::options_for({});
  options.read_file = [](const std::string& path) -> Result<std::string> {
    if (!std::filesystem::is_regular_file(kFolder / path)) return Error{.message = "cannot read `" + path + "`"};
    return read(kFolder / path);
  };
  return load_rules(name, options);
}

std::vector<std::string> fixtures(std::string_view ending) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(ending)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// The comments at the beginning that name a diagnostic.
std::vector<std::string> expected_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; text.compare(at, 2, "# ") == 0;) {
    const std::size_t end = text.find('\n', at);
    const std::string line = text.substr(at + 2, end - at - 2);
    if (!line.starts_with("error[") && !line.starts_with("warning[")) break;
    lines.push_back(line);
    at = end + 1;
  }
  return lines;
}

TEST_CASE("a bad rule file earns exactly the diagnostics of its first lines") {
  const std::vector<std::string> names = fixtures(".bad.yml");
  CHECK(names.size() >= 60);
  for (const std::string& name : names) {
    INFO(name);
    const std::vector<std::string> expected = expected_of(read(kFolder / name));
    REQUIRE_FALSE(expected.empty());
    const Loaded loaded = load_fixture(name);
    CHECK(summaries_of(loaded, name) == expected);
    const bool refused = std::any_of(expected.begin(), expected.end(),
                                     [](const std::string& line) { return line.starts_with("error"); });
    CHECK((loaded.plan == nullptr) == refused);
    CHECK_FALSE(render(loaded.diagnostics, loaded.sources, true).empty());
  }
}

TEST_CASE("a good rule file earns none") {
  const std::vector<std::string> names = fixtures(".good.yml");
  CHECK(names.size() >= 20);
  for (const std::string& name : names) {
    INFO(name);
    const Loaded loaded = load_fixture(name);
    for (const Diagnostic& diagnostic : loaded.diagnostics) CHECK(testing::summary_of(diagnostic, name) == "");
    CHECK(loaded.plan != nullptr);
  }
}

TEST_CASE("each code is earned by a file") {
  std::set<std::string> earned = {"W100"};  // a file that cannot be read is no fixture; see load_test.cpp
  for (const std::string& name : fixtures(".bad.yml")) {
    for (const Diagnostic& diagnostic : load_fixture(name).diagnostics) earned.insert(diagnostic.error.code);
  }
  for (const CodePage& page : code_pages()) {
    INFO(page.code);
    if (page.code.starts_with("W18")) continue;  // of the configuration: tests/config
    CHECK(earned.contains(std::string(page.code)));
    earned.erase(std::string(page.code));
  }
  CHECK(earned.empty());  // a code without a page
}

}  // namespace
}  // namespace weir
