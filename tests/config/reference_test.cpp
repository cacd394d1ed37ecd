// SPDX-License-Identifier: Apache-2.0
// docs/run.md has the tables of the keys as they are.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "config/keys.h"

namespace weir {
namespace {

const std::filesystem::path kPage = std::filesystem::path(WEIR_SOURCE_DIR) / "docs/run.md";

TEST_CASE("the reference of the configuration file is what the program reads") {
  std::ifstream file(kPage, std::ios::binary);
  std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::size_t begin = page.find("| key |");
  const std::size_t end = page.find("\n## Delivery");
  REQUIRE(begin != std::string::npos);
  REQUIRE(end != std::string::npos);
  const std::string reference = config_reference();
  if (std::getenv("WEIR_UPDATE_GOLDEN") != nullptr) {
    page.replace(begin, end - begin, reference);
    std::ofstream(kPage, std::ios::binary) << page;
    return;
  }
  CHECK(page.substr(begin, end - begin) == reference);
}

}  // namespace
}  // namespace weir
