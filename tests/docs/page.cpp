// SPDX-License-Identifier: Apache-2.0
// Reads pages line by line.
#include "docs/page.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace weir::docs {

namespace {

std::string trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

Case read_case(const std::string& line, std::size_t number) {
  Case one{.verb = line.substr(0, line.find(' ')), .subject = {}, .message = {}, .line = number};
  std::string rest = line.size() > one.verb.size() ? line.substr(one.verb.size() + 1) : "";
  const std::size_t dashes = rest.rfind(" -- ");
  if (dashes != std::string::npos) {
    one.message = trim(std::string_view(rest).substr(dashes + 4));
    rest.resize(dashes);
  }
  one.subject = trim(rest);
  return one;
}

std::string marker(std::string_view edge, std::string_view name) {
  return "<!-- " + std::string(edge) + ": " + std::string(name) + " -->\n";
}

}  // namespace

Page read_page(const std::string& path) {
  Page page{.path = std::string(WEIR_SOURCE_DIR) + "/docs/" + path, .text = {}, .blocks = {}, .faults = {}};
  std::ifstream file(page.path);
  std::ostringstream content;
  content << file.rdbuf();
  page.text = content.str();

  std::istringstream lines(page.text);
  std::string line;
  std::string fence;  // the kind of block that we are in
  bool fenced = false;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    if (line.starts_with("```")) {
      fenced = !fenced;
      fence = fenced ? line.substr(3) : "";
      if (fence == "yaml") page.blocks.push_back({.rules = {}, .cases = {}, .line = number});
      if (fence == "cases" && page.blocks.empty())
        page.faults.push_back("line " + std::to_string(number) + ": cases without rules before them");
    } else if (fence == "yaml") {
      page.blocks.back().rules += line + "\n";
    } else if (fence == "cases" && !page.blocks.empty() && !trim(line).empty()) {
      page.blocks.back().cases.push_back(read_case(line, number));
    }
  }
  if (fenced) page.faults.emplace_back("a block is not closed");
  return page;
}

std::string generated_part(std::string_view text, std::string_view name) {
  const std::string begin = marker("begin", name);
  const std::size_t from = text.find(begin);
  const std::size_t to = text.find(marker("end", name));
  if (from == std::string_view::npos || to == std::string_view::npos || to < from) return "";
  return std::string(text.substr(from + begin.size(), to - from - begin.size()));
}

void update_page(const Page& page, std::string_view name, const std::string& content) {
  if (std::getenv("WEIR_UPDATE_PAGES") == nullptr) return;
  const std::size_t from = page.text.find(marker("begin", name));
  const std::size_t to = page.text.find(marker("end", name));
  if (from == std::string::npos || to == std::string::npos) return;
  std::ofstream file(page.path);
  file << page.text.substr(0, from) << marker("begin", name) << content << page.text.substr(to);
}

}  // namespace weir::docs
