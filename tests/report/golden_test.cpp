// SPDX-License-Identifier: Apache-2.0
// Every format against the file that was last looked at and found good. WEIR_UPDATE_GOLDEN=1 writes the files anew; read
// what changed before it is committed.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "report/reports.h"

namespace weir::testing {
namespace {

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void compare(const std::string& name, const std::string& written) {
  const std::string path = std::string(WEIR_SOURCE_DIR) + "/tests/golden/reports/" + name;
  const char* update = std::getenv("WEIR_UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") std::ofstream(path, std::ios::binary) << written;
  INFO("golden file " << path << "; WEIR_UPDATE_GOLDEN=1 writes it anew");
  CHECK(read(path) == written);
}

void compare_all(const std::string& name, const Report& report) {
  WriteOptions narrow;
  narrow.width = 80;
  compare(name + ".80.txt", write_text(report, narrow));
  WriteOptions options;
  options.width = 120;
  compare(name + ".120.txt", write_text(report, options));
  compare(name + ".json", write_json(report, options));
  compare(name + ".xml", write_junit(report, options));
  compare(name + ".sarif", write_sarif(report, options));
  compare(name + ".md", write_markdown(report, options));
  compare(name + ".html", write_html(report, options));
  compare(name + ".github", write_annotations(report, options));
}

TEST_CASE("a run with failing rules looks as it was last approved") {
  compare_all("orders", orders_report());
}
TEST_CASE("a run in which everything holds looks as it was last approved") {
  compare_all("calm", calm_report());
}
TEST_CASE("a run that is not complete looks as it was last approved") {
  compare_all("broken", broken_report());
}
TEST_CASE("hostile text looks as it was last approved") {
  compare_all("hostile", hostile_report());
}
TEST_CASE("a run with window rules looks as it was last approved") {
  compare_all("windows", windows_report());
  compare("windows-all.json", write_json(windows_report({.all_windows = true, .samples_per_rule = 1}), {}));
}

TEST_CASE("many passing rules look as they were last approved") {
  WriteOptions options;
  options.width = 80;
  compare("many.80.txt", write_text(wide_report(1, 5, 60), options));
  options.color = true;
  compare("color.txt", write_text(orders_report(), options));
}

}  // namespace
}  // namespace weir::testing
