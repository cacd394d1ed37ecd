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

Result<std::vector<std::string>> files_of_directory(const std::string& path) {
  std::vector<std::string> files;
  std::error_code code;
  fs::directory_iterator entry(path, code);
  for (; !code && entry != fs::directory_iterator(); entry.increment(code)) {
    std::error_code ignored;
    const bool hidden = entry->path().filename().string().starts_with('.');
    if (!hidden && has_known_ending(entry->path().string()) && entry->is_regular_file(ignored))
      files.push_back(entry->path().string());
  }
  if (code) return Error{.message = "cannot read the directory `" + path + "`: " + code.message()};
  if (files.empty()) {
    return Error{.message = "the directory `" + path + "` holds no data files",
                 .help = "data files end in .ndjson, .jsonl, .json, .csv or .tsv, also with .gz or .zst behind"};
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
