// SPDX-License-Identifier: Apache-2.0
// The files of the source tree as the tidy tests see them: path and lines, read once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::tidy {

struct File {
  std::string path;  // relative to the top of the tree, with forward slashes
  std::vector<std::string> lines;

  std::string extension() const;  // ".cpp", or empty
  bool is_code() const;           // C++
};

/// Returns every text file that belongs to the project, sorted by path. What is built and what git keeps is left out,
/// and so are corpora and pictures (files that hold a zero byte).
const std::vector<File>& tree();

/// Returns those of tree() whose path begins with one of the given folders.
std::vector<const File*> files_under(const std::vector<std::string_view>& folders);

/// Says whether the path, relative to the top of the tree, names a file or a folder.
bool exists(std::string_view path);

/// Joins findings to one text to show in a failing test: one finding a line, none gives "".
std::string report(const std::vector<std::string>& findings);

}  // namespace weir::tidy
