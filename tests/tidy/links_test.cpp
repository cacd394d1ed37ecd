// SPDX-License-Identifier: Apache-2.0
// Every relative link in the documents leads somewhere, and so does the part after the `#`.
#include <re2/re2.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tidy/tree.h"

namespace weir::tidy {
namespace {

// Blanks what stands in `code`, where brackets are no links.
std::string without_code_spans(std::string line) {
  bool inside = false;
  for (char& c : line) {
    if (c == '`') {
      inside = !inside;
    } else if (inside) {
      c = ' ';
    }
  }
  return line;
}

struct Prose {
  std::size_t line;  // from 0
  std::string text;
};

// Returns the lines that are not inside a fenced block.
std::vector<Prose> prose(const File& file) {
  std::vector<Prose> lines;
  std::string fence;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string& line = file.lines[i];
    const std::size_t begin = line.find_first_not_of(' ');
    const std::string_view text = begin == std::string::npos ? "" : std::string_view(line).substr(begin);
    if (text.starts_with("```")) {
      const std::string ticks(text.substr(0, text.find_first_not_of('`')));
      if (fence.empty()) {
        fence = ticks;
      } else if (ticks.size() >= fence.size()) {
        fence.clear();
      }
    } else if (fence.empty()) {
      lines.push_back({i, line});
    }
  }
  return lines;
}

// The name that a heading has in a link: lower case, spaces to hyphens, everything else but letters, digits, `-` and
// `_` left out. Bytes beyond ASCII are letters.
std::string anchor_of(std::string_view heading) {
  std::string anchor;
  for (const char c : heading) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == ' ') anchor += '-';
    if (std::isalnum(byte) != 0 || c == '-' || c == '_' || byte >= 0x80)
      anchor += static_cast<char>(std::tolower(byte));
  }
  return anchor;
}

bool has_anchor(const File& file, std::string_view anchor) {
  static const RE2 heading(R"(#{1,6}\s+(.*?)\s*#*)");
  const std::string explicit_anchor = "<a id=\"" + std::string(anchor) + "\"";
  for (const Prose& line : prose(file)) {
    std::string words;
    if (RE2::FullMatch(line.text, heading, &words) && anchor_of(words) == anchor) return true;
    if (line.text.find(explicit_anchor) != std::string::npos) return true;
  }
  return false;
}

const File* find_file(const std::string& path) {
  for (const File& file : tree()) {
    if (file.path == path) return &file;
  }
  return nullptr;
}

// Says what is wrong with a link that stands in `file`, or "".
std::string fault(const File& file, const std::string& target) {
  static const RE2 scheme("^[a-z]+:");
  if (RE2::PartialMatch(target, scheme)) return "";
  const std::size_t hash = target.find('#');
  const std::string path = target.substr(0, hash);
  const auto folder = std::filesystem::path(file.path).parent_path();
  const std::string full = path.empty() ? file.path : (folder / path).lexically_normal().generic_string();
  if (!exists(full)) return "leads nowhere";
  if (hash == std::string::npos) return "";
  const File* other = find_file(full);
  if (other == nullptr || other->extension() != ".md") return "";
  return has_anchor(*other, target.substr(hash + 1)) ? "" : "has no such heading";
}

struct Link {
  std::size_t line;  // from 0
  std::string target;
};

std::vector<Link> links_of(const File& file) {
  static const RE2 link(R"(\]\(<?([^)>\s]+)>?(?:\s+"[^"]*")?\))");
  std::vector<Link> links;
  for (const Prose& line : prose(file)) {
    const std::string text = without_code_spans(line.text);
    re2::StringPiece rest(text);
    std::string target;
    while (RE2::FindAndConsume(&rest, link, &target)) links.push_back({line.line, target});
  }
  return links;
}

TEST_CASE("every relative link in the documents leads to a file and a heading that exist") {
  std::vector<std::string> findings;
  for (const File& file : tree()) {
    if (file.extension() != ".md") continue;
    for (const Link& link : links_of(file)) {
      const std::string problem = fault(file, link.target);
      if (!problem.empty()) {
        findings.push_back(file.path + ":" + std::to_string(link.line + 1) + ": " + link.target + " " + problem);
      }
    }
  }
  CHECK(report(findings) == "");
}

TEST_CASE("docs/README.md lists every page of docs/, and the README.md of a folder every page in it") {
  std::vector<std::string> findings;
  for (const File* page : files_under({"docs"})) {
    const std::filesystem::path path = page->path;
    if (page->extension() != ".md" || path == "docs/README.md") continue;
    const bool is_list = path.filename() == "README.md";
    const auto folder = is_list ? path.parent_path().parent_path() : path.parent_path();
    const File* list = find_file((folder / "README.md").generic_string());
    bool is_listed = false;
    for (const Link& link : list == nullptr ? std::vector<Link>{} : links_of(*list)) {
      const std::string target = link.target.substr(0, link.target.find('#'));
      is_listed = is_listed || (folder / target).lexically_normal() == path;
    }
    if (!is_listed) findings.push_back(page->path + ": is not listed in " + (folder / "README.md").generic_string());
  }
  CHECK(report(findings) == "");
}

TEST_CASE("a heading is linked to by its words in lower case with hyphens") {
  CHECK(anchor_of("Exit codes and `--fail-on`") == "exit-codes-and---fail-on");
}

}  // namespace
}  // namespace weir::tidy
