// SPDX-License-Identifier: Apache-2.0
#include "net/secret_file.h"

#include <algorithm>
#include <fstream>

#include "base/text.h"

namespace weir {
namespace {

constexpr std::size_t kMostSecret = 64U << 10;
constexpr std::size_t kMostWords = 200;

}  // namespace

Result<std::string> read_secret(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMostSecret + 1, '\0');
  if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) return Error{.message = "cannot read `" + shorten(path, kMostWords) + "`"};
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMostSecret)
    return Error{.message = "`" + shorten(path, kMostWords) + "` is larger than " + human_bytes(kMostSecret)};
  text.erase(std::min(text.find_first_of("\r\n"), text.size()));
  while (text.ends_with(' ') || text.ends_with('\t')) text.pop_back();
  if (text.empty()) return Error{.message = "the first line of `" + shorten(path, kMostWords) + "` is empty"};
  return text;
}

Result<std::string> secret_of(const std::string& path, const std::string& text) {
  return path.empty() ? Result<std::string>(text) : read_secret(path);
}

}  // namespace weir
