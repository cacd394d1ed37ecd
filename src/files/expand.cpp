// SPDX-License-Identifier: Apache-2.0
#include "files/expand.h"

#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "files/detect.h"

namespace weir {

namespace {

namespace fs = std::filesystem;

constexpr int kDeepest = 32;  // directories below each other

bool is_hidden(const std::string& name) {
  return name.starts_with('.');
}

/// What writers of tables put beside their data: `_SUCCESS`, `_metadata`, `_temporary/`. The directory of a partition may
/// begin like that.
bool is_side_matter(const std::string& name) {
  return name.starts_with('_') && name.find('=') == std::string::npos;
}

/// A table in Parquet is a directory of directories; files of other formats count only right in the directory.
bool is_data_file(const fs::path& path, bool right_here) {
  const std::string name = path.filename().string();
  if (is_hidden(name)) return false;
  if (format_of_ending(name) == Format::Parquet) return !is_side_matter(name);
  return right_here && has_known_ending(name);
}

Result<std::vector<std::string>> files_of_directory(const std::string& path) {
  std::vector<std::string> files;
  std::error_code code;
  fs::recursive_directory_iterator entry(path, code);
  for (; !code && entry != fs::recursive_directory_iterator(); entry.increment(code)) {
    std::error_code ignored;
    const std::string name = entry->path().filename().string();
    if (entry->is_directory(ignored)) {
      if (is_hidden(name) || is_side_matter(name) || entry.depth() >= kDeepest) entry.disable_recursion_pending();
    } else if (is_data_file(entry->path(), entry.depth() == 0) && entry->is_regular_file(ignored)) {
      files.push_back(entry->path().string());
    }
  }
  if (code) return Error{.message = "cannot read the directory `" + path + "`: " + code.message()};
  if (files.empty()) {
    return Error{.message = "the directory `" + path + "` holds no data files",
                 .help =
                     "data files end in .ndjson, .jsonl, .json, .csv, .tsv or .avro, also with .gz or .zst behind, or "
                     "in .parquet"};
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<std::string>> files_of_pattern(const std::string& pattern) {
  ::glob_t found{};
  const int state = ::glob(pattern.c_str(), 0, nullptr, &found);
  std::vector<std::string> files;
  for (std::size_t i = 0; state == 0 && i < found.gl_pathc; ++i) {
    std::error_code ignored;
    if (!fs::is_directory(found.gl_pathv[i], ignored)) files.emplace_back(found.gl_pathv[i]);
  }
  ::globfree(&found);
  if (files.empty()) return Error{.message = "no file matches `" + pattern + "`"};
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Result<std::vector<std::string>> expand_inputs(const std::vector<std::string>& arguments) {
  std::vector<std::string> inputs;
  for (const std::string& argument : arguments) {
    std::error_code ignored;
    Result<std::vector<std::string>> files = std::vector<std::string>{argument};
    if (argument != "-") {
      // A file whose name holds a bracket is a file first and a pattern second.
      const bool exists = fs::exists(argument, ignored);
      if (exists && fs::is_directory(argument, ignored)) files = files_of_directory(argument);
      if (!exists && argument.find_first_of("*?[") != std::string::npos) files = files_of_pattern(argument);
    }
    if (!files) return files.error();
    inputs.insert(inputs.end(), files->begin(), files->end());
  }
  return inputs;
}

}  // namespace weir
