// SPDX-License-Identifier: Apache-2.0
// Every file of this folder: *.bad.yml begins with the diagnostics that it earns, all of them, one comment each; a
// *.good.yml earns none. Each code of the configuration has a file that earns it.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "config/load_config.h"
#include "rules/codes.h"

namespace weir {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(WEIR_SOURCE_DIR) / "tests/config";

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Loads as if weir had been started in this folder.
LoadedConfig load_fixture(const std::string& name) {
  ConfigRequest request{.file = name};
  request.environment = [](const std::string& variable) -> std::optional<std::string> {
    if (variable == "BROKER") return "kafka-1:9092";
    return std::nullopt;
  };
  request.read_file = [](const std::string& path) -> Result<std::string> {
    if (path == "password.txt") return std::string("s3cret\nnot this line\n");
    if (path == "empty.txt") return std::string("\n");
    if (path == "ca.pem" || path == "client.key") return std::string("-----BEGIN CERTIFICATE-----\n");
    if (!std::filesystem::is_regular_file(kFolder / path)) return Error{.message = "cannot read `" + path + "`"};
    return read(kFolder / path);
  };
  return load_config(request);
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
  for (std::size_t at = 0; text.compare(at, 8, "# error[") == 0;) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at + 2, end - at - 2));
    at = end + 1;
  }
  return lines;
}

std::vector<std::string> summaries_of(const LoadedConfig& loaded) {
  std::vector<std::string> lines;
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    const Error& error = diagnostic.error;
    std::string line = "error[" + error.code + "]: " + error.message;
    if (error.where.line > 0)
      line += " at " + std::to_string(error.where.line) + ":" + std::to_string(error.where.column);
    lines.push_back(line);
  }
  return lines;
}

TEST_CASE("a bad configuration earns exactly the diagnostics of its first lines") {
  const std::vector<std::string> names = fixtures(".bad.yml");
  CHECK(names.size() >= 30);
  for (const std::string& name : names) {
    INFO(name);
    const std::vector<std::string> expected = expected_of(read(kFolder / name));
    REQUIRE_FALSE(expected.empty());
    const LoadedConfig loaded = load_fixture(name);
    CHECK(summaries_of(loaded) == expected);
    CHECK_FALSE(loaded.config);
    CHECK_FALSE(render(loaded.diagnostics, loaded.sources, true).empty());
  }
}

TEST_CASE("a good configuration earns none") {
  const std::vector<std::string> names = fixtures(".good.yml");
  CHECK(names.size() >= 5);
  for (const std::string& name : names) {
    INFO(name);
    const LoadedConfig loaded = load_fixture(name);
    CHECK(summaries_of(loaded) == std::vector<std::string>{});
    CHECK(loaded.config);
  }
}

TEST_CASE("each code of the configuration is earned by a file") {
  std::set<std::string> earned = {"W183"};  // is about a rule file: see consistency_test.cpp
  for (const std::string& name : fixtures(".bad.yml")) {
    for (const Diagnostic& diagnostic : load_fixture(name).diagnostics) earned.insert(diagnostic.error.code);
  }
  for (const CodePage& page : code_pages()) {
    INFO(page.code);
    if (page.code.starts_with("W18")) CHECK(earned.contains(std::string(page.code)));
  }
}

}  // namespace
}  // namespace weir
