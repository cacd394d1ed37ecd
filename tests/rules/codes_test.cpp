// SPDX-License-Identifier: Apache-2.0
// The pages of diagnostics: docs/diagnostics.md is fresh, and each example earns what it says and no other error.
#include "rules/codes.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "loading.h"

namespace weir {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST_CASE("docs/diagnostics.md says what the program says") {
  const auto path = std::filesystem::path(WEIR_SOURCE_DIR) / "docs/diagnostics.md";
  if (std::getenv("WEIR_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << diagnostics_page();
  INFO("WEIR_UPDATE_GOLDEN=1 writes the page anew");
  CHECK((read(path) == diagnostics_page()));
}

TEST_CASE("codes ascend and each has a title and a reason") {
  std::string_view before;
  for (const CodePage& page : code_pages()) {
    INFO(page.code);
    CHECK(before < page.code);
    CHECK_FALSE(page.title.empty());
    CHECK(page.why.size() > 20);
    CHECK(page.bad.empty() == page.good.empty());
    CHECK(explain_code(page.code).find(page.title) != std::string::npos);
    before = page.code;
  }
  CHECK(explain_code("W999").empty());
}

/// The example as a file of its own: the version is left out where it says nothing.
std::vector<std::string> codes_of(std::string_view example) {
  std::string text(example);
  if (text.find("weir:") == std::string::npos && !text.starts_with("-")) text = "weir: 1\n" + text;
  std::vector<std::string> codes;
  for (const Diagnostic& diagnostic : testing::load_text(text, {{"refs/skus.csv", "sku\nA1\n"},
                                                                {"common/money.yml", "templates: {money: {min: 0}}\n"}})
                                          .diagnostics) {
    codes.push_back(diagnostic.error.code);
  }
  return codes;
}

TEST_CASE("the examples of the pages earn what they say, mended they do not") {
  for (const CodePage& page : code_pages()) {
    if (page.bad.empty()) continue;
    INFO(page.code << "\n" << page.bad << "\n" << page.good);
    const std::string code(page.code);
    const auto has_error = [](const std::vector<std::string>& codes) {
      return std::any_of(codes.begin(), codes.end(), [](const std::string& c) { return c[1] == '1'; });
    };
    const std::vector<std::string> mended = codes_of(page.good);
    CHECK(std::find(mended.begin(), mended.end(), code) == mended.end());
    CHECK_FALSE(has_error(mended));
    // Not whole: they are too long to print, or about another file.
    const bool abridged =
        page.bad.find("…") != std::string_view::npos || page.bad.find("   #") != std::string_view::npos;
    if (abridged || (page.code == "W111")) continue;
    const std::vector<std::string> bad = codes_of(page.bad);
    CHECK(std::find(bad.begin(), bad.end(), code) != bad.end());
  }
}

}  // namespace
}  // namespace weir
