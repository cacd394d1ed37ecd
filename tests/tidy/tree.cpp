// SPDX-License-Identifier: Apache-2.0
#include "tidy/tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

namespace weir::tidy {
namespace {

namespace fs = std::filesystem;

const fs::path& top() {
  static const fs::path path = WEIR_SOURCE_DIR;
  return path;
}

// The top level is a closed list, so that what someone keeps beside the project is not taken for a part of it.
constexpr std::string_view kTopLevel[] = {".ci",
                                          ".clang-format",
                                          ".clang-tidy",
                                          ".gitignore",
                                          "CHANGELOG.md",
                                          "CMakeLists.txt",
                                          "CMakePresets.json",
                                          "CONTRIBUTING.md",
                                          "README.md",
                                          "dashboards",
                                          "deploy",
                                          "docs",
                                          "include",
                                          "rules",
                                          "src",
                                          "tests"};

std::optional<File> read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (text.find('\0') != std::string::npos) return std::nullopt;
  File file{path.lexically_relative(top()).generic_string(), {}};
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) file.lines.push_back(std::move(line));
  return file;
}

void add(const fs::path& path, std::vector<File>& files) {
  if (auto file = read(path)) files.push_back(std::move(*file));
}

std::vector<File> read_tree() {
  std::vector<File> files;
  for (const std::string_view name : kTopLevel) {
    const fs::path path = top() / name;
    if (fs::is_regular_file(path)) add(path, files);
    if (!fs::is_directory(path)) continue;
    for (auto entry = fs::recursive_directory_iterator(path); entry != fs::recursive_directory_iterator(); ++entry) {
      const std::string entry_name = entry->path().filename().string();
      if (entry->is_directory() &&
          (entry_name == "corpus" || entry_name == "__pycache__" || entry_name == "node_modules")) {
        entry.disable_recursion_pending();
      }
      if (entry->is_regular_file()) add(entry->path(), files);
    }
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.path < b.path; });
  return files;
}

}  // namespace

std::string File::extension() const {
  return fs::path(path).extension().string();
}

bool File::is_code() const {
  return extension() == ".h" || extension() == ".cpp";
}

const std::vector<File>& tree() {
  static const std::vector<File> files = read_tree();
  return files;
}

std::vector<const File*> files_under(const std::vector<std::string_view>& folders) {
  std::vector<const File*> found;
  for (const File& file : tree()) {
    const bool inside = std::any_of(folders.begin(), folders.end(), [&](std::string_view folder) {
      return file.path.starts_with(std::string(folder) + "/");
    });
    if (inside) found.push_back(&file);
  }
  return found;
}

bool exists(std::string_view path) {
  return fs::exists(top() / path);
}

std::string report(const std::vector<std::string>& findings) {
  std::string text;
  for (const std::string& finding : findings) text += finding + "\n";
  return text;
}

}  // namespace weir::tidy
