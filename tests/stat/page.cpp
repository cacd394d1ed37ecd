// SPDX-License-Identifier: Apache-2.0
#include "stat/page.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace weir::stat {

void hold_against_page(const std::string& name, const std::string& table) {
  const std::string path = std::string(WEIR_SOURCE_DIR) + "/docs/statistics.md";
  std::ostringstream read;
  read << std::ifstream(path).rdbuf();
  std::string page = read.str();
  const std::string begin = "<!-- table " + name + " -->\n";
  const std::size_t from = page.find(begin);
  INFO("the table `" << name << "` of docs/statistics.md");
  REQUIRE(from != std::string::npos);
  const std::size_t at = from + begin.size();
  const std::size_t to = page.find("<!-- end -->", at);
  REQUIRE(to != std::string::npos);
  if (std::getenv("WEIR_UPDATE_GOLDEN") != nullptr) {
    page.replace(at, to - at, table);
    std::ofstream(path) << page;
    return;
  }
  CHECK(page.substr(at, to - at) == table);
}

std::string percent(double share, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f %%", digits, 100 * share);
  return text;
}

}  // namespace weir::stat
