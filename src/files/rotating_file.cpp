// SPDX-License-Identifier: Apache-2.0
#include "files/rotating_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace weir {

namespace {

constexpr mode_t kMode = 0640;  // records hold what the topic holds: not for everybody

Error could_not(std::string_view what, const std::string& path, int reason) {
  return Error{.message =
                   "cannot " + std::string(what) + " `" + path + "`: " + std::generic_category().message(reason)};
}

/// 0 or the reason.
int synced(int descriptor) {
  int result = 0;
  do {
    result = ::fdatasync(descriptor);
  } while (result < 0 && errno == EINTR);
  return result == 0 || errno == EINVAL || errno == ENOTSUP ? 0 : errno;
}

/// The names in a folder. One that cannot be opened for this is not a fault: the records themselves are there.
void sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  (void)::fsync(descriptor);
  (void)::close(descriptor);
}

}  // namespace

RotatingFile::RotatingFile(std::string path, const Options& options) : path_(std::move(path)), options_(options) {
  options_.files = std::max(options_.files, 1U);
  if (options_.max_bytes == 0) options_.max_bytes = UINT64_MAX;
}

RotatingFile::~RotatingFile() {
  if (descriptor_ >= 0) (void)::close(descriptor_);
}

Result<std::unique_ptr<RotatingFile>> RotatingFile::open(const std::string& path, const Options& options) {
  std::unique_ptr<RotatingFile> file(new RotatingFile(path, options));
  if (Status opened = file->open_file(); !opened) return opened.error();
  return file;
}

/// Replaces the descriptor only when everything went well.
Status RotatingFile::open_file() {
  struct stat found {};
  // Looked at first, as opening a pipe would wait for its other end.
  if (::stat(path_.c_str(), &found) == 0 && !S_ISREG(found.st_mode))
    return Error{.message = "cannot write `" + path_ + "`: it is not a regular file"};
  const int descriptor = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode);
  if (descriptor < 0) return could_not("write", path_, errno);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const int reason = errno;
    (void)::close(descriptor);
    if (reason != EWOULDBLOCK) return could_not("lock", path_, reason);
    return Error{.message = "cannot write `" + path_ + "`: another process writes it"};
  }
  const int before = std::exchange(descriptor_, descriptor);
  const std::uint64_t size_before = size_;
  if (Status cut = cut_unfinished_line(); !cut) {
    (void)::close(std::exchange(descriptor_, before));
    size_ = size_before;
    return cut;
  }
  if (before >= 0) (void)::close(before);
  written_ = 0;
  sync_folder_of(path_);
  return Done{};
}

Status RotatingFile::cut_unfinished_line() {
  struct stat found {};
  if (::fstat(descriptor_, &found) != 0) return could_not("read", path_, errno);
  const auto end = static_cast<std::uint64_t>(found.st_size);
  std::vector<char> room(64 * 1024);
  std::uint64_t whole = 0;  // where the last whole line ends
  for (std::uint64_t to = end; to > 0 && whole == 0;) {
    const std::uint64_t from = to - std::min<std::uint64_t>(to, room.size());
    const ssize_t got = ::pread(descriptor_, room.data(), to - from, static_cast<off_t>(from));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return could_not("read", path_, got < 0 ? errno : EIO);
    const std::string_view text(room.data(), static_cast<std::size_t>(got));
    if (const std::size_t line_end = text.rfind('\n'); line_end != std::string_view::npos) whole = from + line_end + 1;
    to = from;
  }
  if (whole < end) {
    if (::ftruncate(descriptor_, static_cast<off_t>(whole)) != 0) return could_not("write", path_, errno);
    if (const int reason = synced(descriptor_); reason != 0) return could_not("write", path_, reason);
    cut_bytes_ += end - whole;
  }
  size_ = whole;
  return Done{};
}

bool RotatingFile::append(std::string_view line) {
  WEIR_ASSERT(line.ends_with('\n'), "a line ends with a line end");
  if (waiting_.size() >= options_.most_waiting) return false;
  const std::uint64_t size = size_ + waiting_.size();
  if (size > 0 && size + line.size() > options_.max_bytes && may_rotate_) {
    if (!sync()) return false;
    const Status rotated = rotate();
    may_rotate_ = rotated.ok();
    rotation_fault_ = rotated ? "" : rotated.error().message;
  }
  waiting_ += line;
  ++appended_;
  return true;
}

Status RotatingFile::sync() {
  if (waiting_.empty()) return Done{};
  if (Status followed = follow(); !followed) return followed;
  if (Status done = write_waiting(); !done) return done;
  if (const int reason = synced(descriptor_); reason != 0) {
    // The kernel may have dropped what it could not write and says so once: all of it is written again.
    written_ = 0;
    return could_not("write", path_, reason);
  }
  size_ += waiting_.size();
  waiting_.clear();
  written_ = 0;
  durable_ = appended_;
  may_rotate_ = true;
  return Done{};
}

/// Somebody may have moved the file away, removed it or emptied it (logrotate): then what waits goes to the one that has its
/// name now.
Status RotatingFile::follow() {
  struct stat named {};
  struct stat open {};
  if (::fstat(descriptor_, &open) != 0) return could_not("write", path_, errno);
  const bool is_same = ::stat(path_.c_str(), &named) == 0 && named.st_ino == open.st_ino && named.st_dev == open.st_dev;
  if (!is_same) return open_file();
  if (static_cast<std::uint64_t>(open.st_size) < size_ + written_) {
    written_ = 0;
    return cut_unfinished_line();
  }
  return Done{};
}

Status RotatingFile::write_waiting() {
  while (written_ < waiting_.size()) {
    const ssize_t written = ::pwrite(descriptor_, waiting_.data() + written_, waiting_.size() - written_,
                                     static_cast<off_t>(size_ + written_));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return could_not("write", path_, written < 0 ? errno : ENOSPC);
    written_ += static_cast<std::size_t>(written);
  }
  return Done{};
}

std::string RotatingFile::name_of(unsigned number) const {
  return number == 0 ? path_ : path_ + "." + std::to_string(number);
}

/// Each file takes the next number, from the first gap down, so that a process that dies in between has lost none: the next
/// rotation finds the gap.
Status RotatingFile::rotate() {
  if (options_.files == 1) {
    if (::ftruncate(descriptor_, 0) != 0) return could_not("empty", path_, errno);
    size_ = 0;
    ++removed_;
    return Done{};
  }
  unsigned gap = 1;
  while (gap < options_.files && ::access(name_of(gap).c_str(), F_OK) == 0) ++gap;
  if (gap == options_.files) {
    --gap;
    if (::unlink(name_of(gap).c_str()) != 0) return could_not("remove", name_of(gap), errno);
    ++removed_;
  }
  for (; gap > 0; --gap) {
    if (::rename(name_of(gap - 1).c_str(), name_of(gap).c_str()) != 0)
      return could_not("rename", name_of(gap - 1), errno);
  }
  return open_file();
}

}  // namespace weir
