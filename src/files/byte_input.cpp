// SPDX-License-Identifier: Apache-2.0
// Files, pipes and standard input through read(2).
#include "files/byte_input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace weir {

namespace {

Error cannot_read(const std::string& path, int code) {
  std::string why;
  switch (code) {
    case ENOENT: why = "no such file"; break;
    case EACCES: why = "no permission"; break;
    case EISDIR: why = "it is a directory"; break;
    default: why = std::generic_category().message(code); break;
  }
  Error error{.message = "cannot read " + input_name(path) + ": " + why};
  if (code == EISDIR) error.help = "name its files, or a pattern such as `" + path + "/*.ndjson`";
  return error;
}

}  // namespace

std::string input_name(const std::string& path) {
  return path == "-" ? "standard input" : "`" + path + "`";
}

Result<std::unique_ptr<PlainInput>> PlainInput::open(const std::string& path) {
  int descriptor = STDIN_FILENO;
  if (path != "-") {
    do {
      descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    } while (descriptor < 0 && errno == EINTR);
    if (descriptor < 0) return cannot_read(path, errno);
  }
  std::unique_ptr<PlainInput> input(new PlainInput(descriptor, path));
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return cannot_read(path, errno);
  if (S_ISDIR(status.st_mode)) return cannot_read(path, EISDIR);
  if (S_ISREG(status.st_mode)) {
    input->bytes_total_ = static_cast<std::uint64_t>(status.st_size);
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  return input;
}

PlainInput::~PlainInput() {
  if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
}

Result<std::size_t> PlainInput::read(char* into, std::size_t room) {
  ssize_t got = 0;
  do {
    got = ::read(descriptor_, into, room);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return cannot_read(path_, errno);
  bytes_read_.fetch_add(static_cast<std::uint64_t>(got), std::memory_order_relaxed);
  return static_cast<std::size_t>(got);
}

Result<std::string_view> PeekedInput::peek(std::size_t size) {
  seen_.erase(0, at_);
  at_ = 0;
  std::size_t have = seen_.size();
  while (have < size) {
    seen_.resize(size);
    Result<std::size_t> got = inner_->read(seen_.data() + have, size - have);
    if (!got) return got.error();
    if (*got == 0) break;
    have += *got;
  }
  seen_.resize(have);
  return std::string_view(seen_).substr(0, std::min(size, have));
}

Result<std::size_t> PeekedInput::read(char* into, std::size_t room) {
  if (at_ == seen_.size()) return inner_->read(into, room);
  const std::size_t size = std::min(room, seen_.size() - at_);
  std::memcpy(into, seen_.data() + at_, size);
  at_ += size;
  if (at_ == seen_.size()) {
    seen_ = {};  // gives the memory back: the first bytes are looked at once
    at_ = 0;
  }
  return size;
}

}  // namespace weir
