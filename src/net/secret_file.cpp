// SPDX-License-Identifier: Apache-2.0
#include "net/secret_file.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "base/text.h"

namespace weir {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostSecret = 64U << 10;
constexpr std::size_t kMostWords = 200;
constexpr std::chrono::seconds kPatience(2);  // with a pipe or a terminal: whoever reads it must come to an end

Error cannot(const std::string& path, const std::string& why) {
  return Error{.message = "cannot read `" + shorten(path, kMostWords) + "`" + why};
}

/// Up to one byte more than a secret may have.
Result<std::string> read_some(int file, const std::string& path) {
  std::string text(kMostSecret + 1, '\0');
  std::size_t size = 0;
  const Clock::time_point until = Clock::now() + kPatience;
  while (size < text.size()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd ready{.fd = file, .events = POLLIN, .revents = 0};
    if (left <= 0 || poll(&ready, 1, static_cast<int>(left)) == 0)
      return cannot(path, ": what is there gives nothing within 2 s");
    const ssize_t got = read(file, text.data() + size, text.size() - size);
    if (got == 0) break;
    if (got > 0) size += static_cast<std::size_t>(got);
    if (got < 0 && errno != EINTR && errno != EAGAIN) return cannot(path, "");
  }
  text.resize(size);
  return text;
}

}  // namespace

Result<std::string> read_secret(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (file < 0) return cannot(path, "");
  Result<std::string> read = read_some(file, path);
  close(file);
  if (!read) return read;
  std::string text = *std::move(read);
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
