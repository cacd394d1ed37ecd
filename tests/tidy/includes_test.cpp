// SPDX-License-Identifier: Apache-2.0
// Who may include whom. The table is the one of docs/architecture.md; when it is wrong for something real, it changes
// here, there and in the layers of CMakeLists.txt, with a page in docs/decisions/ that says why.
#include <re2/re2.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidy/tree.h"

namespace weir::tidy {
namespace {

struct Folder {
  std::string_view name;
  int layer;
};

// Folders of one layer do not include each other.
constexpr Folder kFolders[] = {
    {"base", 0},                                                         //
    {"batch", 1},    {"summary", 1},    {"stats", 1},                    //
    {"decode", 2},   {"expr", 2},       {"checks", 2},                   //
    {"measures", 2}, {"drift", 2},      {"windows", 2},                  //
    {"rules", 3},    {"engine", 4},                                      //
    {"net", 5},      {"quarantine", 5}, {"terminal", 5},                 //
    {"kafka", 6},    {"files", 6},      {"sinks", 6},    {"alerts", 6},  //
    {"report", 6},   {"http", 6},       {"import", 6},                   //
    {"suggest", 6},  {"stream", 6},     {"config", 6},                   //
    {"registry", 6},                                                     //
    {"app", 7},                                                          //
};

struct Fence {
  std::string_view header;  // how the name of the header begins
  std::vector<std::string_view> folders;
};

// Third parties: each has the folders that may name it, so that it can be replaced there.
const std::vector<Fence> kFences = {
    {"re2/", {"base"}},         {"simdjson", {"decode"}}, {"yaml-cpp/", {"rules"}},
    {"boost/math/", {"stats"}}, {"Eigen/", {"stats"}},    {"librdkafka/", {"kafka"}},
    {"prometheus/", {"sinks"}}, {"httplib.h", {"http"}},  {"openssl/", {"http"}},
    {"crypt.h", {"http"}},      {"zlib.h", {"files"}},    {"zstd.h", {"files", "kafka"}},
    {"sqlite3.h", {"files"}},   {"curl/", {"net"}},       {"google/protobuf/", {"decode"}},
    {"snappy.h", {"files"}},    {"arrow/", {"files"}},    {"parquet/", {"files"}},
};

// The core reads no clock, no socket, no file and no random device and starts no thread. The rule loader reads the
// files that a rule file names.
const std::vector<Fence> kImpure = {
    {"thread", {}},   {"future", {}},         {"condition_variable", {}}, {"random", {}},
    {"iostream", {}}, {"fstream", {"rules"}}, {"filesystem", {"rules"}},
};

std::optional<int> layer_of(std::string_view folder) {
  for (const Folder& known : kFolders) {
    if (known.name == folder) return known.layer;
  }
  return std::nullopt;
}

const Fence* fence_of(const std::vector<Fence>& fences, std::string_view header) {
  for (const Fence& fence : fences) {
    if (header.starts_with(fence.header)) return &fence;
  }
  return nullptr;
}

bool contains(const std::vector<std::string_view>& folders, std::string_view folder) {
  return std::find(folders.begin(), folders.end(), folder) != folders.end();
}

std::string folder_of(std::string_view path) {
  return std::string(path.substr(0, path.find('/')));
}

struct Include {
  std::string header;
  bool quoted = false;
};

std::optional<Include> parse_include(const std::string& line) {
  static const RE2 pattern(R"(^\s*#\s*include\s*(["<])([^">]+)[">])");
  std::string bracket;
  std::string header;
  if (!RE2::PartialMatch(line, pattern, &bracket, &header)) return std::nullopt;
  return Include{header, bracket == "\""};
}

// A header of the C++ or C library, or of the operating system, which only the edges (layer 5 and up) may name.
bool is_standard(std::string_view header) {
  return header.find_first_of("./") == std::string_view::npos;
}

bool is_operating_system(std::string_view header) {
  static const RE2 pattern(
      "(sys|netinet|arpa|net|linux)/\\w+\\.h|"
      "(dirent|errno|fcntl|fnmatch|glob|ifaddrs|malloc|netdb|poll|pwd|regex|sched|signal|syslog|termios|time|unistd)\\."
      "h");
  return RE2::FullMatch(std::string(header), pattern);
}

// Says what is wrong with an include of a file in src/<folder>/, or nothing.
std::optional<std::string> fault_in_source(std::string_view folder, int layer, const Include& include) {
  if (include.quoted) {
    const std::string other = folder_of(include.header);
    if (other == "weir") {
      return exists("include/" + include.header) ? std::nullopt : std::optional<std::string>("does not exist");
    }
    const auto other_layer = layer_of(other);
    if (!other_layer) return "is neither weir/ nor a folder of src/; third-party headers go into <>";
    if (!exists("src/" + include.header)) return "does not exist";
    if (other == folder || *other_layer < layer) return std::nullopt;
    return *other_layer == layer ? "is a folder of the same layer" : "is a folder of a higher layer";
  }
  if (const Fence* fence = fence_of(kFences, include.header)) {
    return contains(fence->folders, folder) ? std::nullopt
                                            : std::optional<std::string>("is fenced into another folder");
  }
  if (is_standard(include.header)) {
    const Fence* impure = fence_of(kImpure, include.header);
    if (layer <= 4 && impure != nullptr && impure->header == include.header && !contains(impure->folders, folder)) {
      return "does not belong into the core";
    }
    return std::nullopt;
  }
  if (is_operating_system(include.header)) {
    return layer >= 5 ? std::nullopt : std::optional<std::string>("is the operating system's: layer 5 and up");
  }
  return "is a third party that the table does not know";
}

TEST_CASE("a source file includes its own folder, lower layers and include/weir") {
  std::vector<std::string> findings;
  for (const File* file : files_under({"src"})) {
    const std::string folder = folder_of(std::string_view(file->path).substr(4));
    const auto layer = layer_of(folder);
    if (!layer) {
      findings.push_back(file->path + ": the folder is not in the table");
      continue;
    }
    for (const std::string& line : file->lines) {
      const auto include = parse_include(line);
      if (!include) continue;
      if (const auto fault = fault_in_source(folder, *layer, *include)) {
        findings.push_back(file->path + ": " + include->header + " " + *fault);
      }
    }
  }
  CHECK(report(findings) == "");
}

TEST_CASE("a public header includes the standard library and other public headers only") {
  std::vector<std::string> findings;
  for (const File* file : files_under({"include"})) {
    for (const std::string& line : file->lines) {
      const auto include = parse_include(line);
      if (!include) continue;
      const bool ours = include->quoted && folder_of(include->header) == "weir" && exists("include/" + include->header);
      const bool standard = !include->quoted && is_standard(include->header);
      if (!ours && !standard) findings.push_back(file->path + ": " + include->header);
    }
  }
  CHECK(report(findings) == "");
}

TEST_CASE("the table of layers finds what it forbids") {
  CHECK(fault_in_source("checks", 2, {"drift/psi.h", true}).has_value());
  CHECK(fault_in_source("checks", 2, {"simdjson.h", false}) == "is fenced into another folder");
  CHECK(fault_in_source("engine", 4, {"thread", false}) == "does not belong into the core");
  CHECK(fault_in_source("batch", 1, {"unistd.h", false}).has_value());
  CHECK(fault_in_source("app", 6, {"nlohmann/json.hpp", false}).has_value());
  CHECK_FALSE(fault_in_source("decode", 2, {"simdjson.h", false}).has_value());
  CHECK_FALSE(fault_in_source("app", 6, {"thread", false}).has_value());
}

}  // namespace
}  // namespace weir::tidy
