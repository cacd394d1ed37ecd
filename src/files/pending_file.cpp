// SPDX-License-Identifier: Apache-2.0
// Write beside, sync, rename, sync the directory: the order that leaves either the old file or the whole new one, also
// after a power cut. Every error is one line that names the path as the user gave it.
#include "files/pending_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/assert.h"

namespace weir {

namespace {

constexpr std::size_t kBufferBytes = 256 * 1024;  // few calls even for a quarantine of many small records
constexpr int kNamesToTry = 100;

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Error could_not(const std::string& path, std::string_view what, int reason) {
  return Error{.message =
                   "cannot " + std::string(what) + " `" + path + "`: " + std::generic_category().message(reason)};
}

/// The file that a chain of symbolic links ends at, also when it does not exist yet.
std::string behind_links(const std::string& path) {
  std::error_code ignored;
  std::filesystem::path target = path;
  for (int hops = 0; hops < 40 && std::filesystem::is_symlink(target, ignored); ++hops) {
    const std::filesystem::path next = std::filesystem::read_symlink(target, ignored);
    if (next.empty()) break;
    target = next.is_absolute() ? next : target.parent_path() / next;
  }
  return target.string();
}

int open_retrying(const char* path, int flags, mode_t mode) {
  int descriptor = -1;
  do {
    descriptor = ::open(path, flags | O_CLOEXEC, mode);
  } while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

/// Not every file system can sync (a FUSE mount, /proc): those that say so have nothing to lose.
bool sync_retrying(int descriptor) {
  int result = 0;
  do {
    result = ::fsync(descriptor);
  } while (result < 0 && errno == EINTR);
  return result == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS;
}

}  // namespace

Result<PendingFile> PendingFile::open(const std::string& path) {
  PendingFile file;
  file.path_ = path;
  file.target_ = behind_links(path);
  struct stat found {};
  const bool exists = ::stat(file.target_.c_str(), &found) == 0;
  if (exists && S_ISDIR(found.st_mode)) return could_not(path, "write", EISDIR);
  if (exists && !S_ISREG(found.st_mode)) {
    file.descriptor_ = open_retrying(file.target_.c_str(), O_WRONLY, 0);
    if (file.descriptor_ < 0) return could_not(path, "write", errno);
    return file;
  }
  // A file that its owner made read-only is not replaced behind the owner's back.
  if (exists && ::access(file.target_.c_str(), W_OK) != 0) return could_not(path, "write", errno);
  const mode_t mode = exists ? found.st_mode & 0777U : 0666U;
  for (int attempt = 0; attempt < kNamesToTry; ++attempt) {
    std::string name = file.target_ + ".tmp" + std::to_string(::getpid());
    if (attempt > 0) name += "-" + std::to_string(attempt);
    file.descriptor_ = open_retrying(name.c_str(), O_WRONLY | O_CREAT | O_EXCL, mode);
    if (file.descriptor_ >= 0) {
      file.temporary_ = std::move(name);
      if (exists) (void)::fchmod(file.descriptor_, mode);  // past the umask: the old file's rights stay
      return file;
    }
    if (errno != EEXIST) break;
  }
  return could_not(path, "create", errno);
}

PendingFile::PendingFile(PendingFile&& other) noexcept {
  *this = std::move(other);
}

PendingFile& PendingFile::operator=(PendingFile&& other) noexcept {
  if (this == &other) return *this;
  abandon();
  path_ = std::move(other.path_);
  target_ = std::move(other.target_);
  temporary_ = std::exchange(other.temporary_, {});
  buffer_ = std::move(other.buffer_);
  failure_ = std::move(other.failure_);
  bytes_ = other.bytes_;
  descriptor_ = std::exchange(other.descriptor_, -1);
  return *this;
}

PendingFile::~PendingFile() {
  abandon();
}

void PendingFile::abandon() noexcept {
  if (descriptor_ >= 0) (void)::close(descriptor_);
  descriptor_ = -1;
  if (!temporary_.empty()) (void)::unlink(temporary_.c_str());
  temporary_.clear();
}

Error PendingFile::fail(const char* what, int reason) {
  Error error = could_not(path_, what, reason);
  failure_ = error.message;
  abandon();
  return error;
}

Status PendingFile::write(std::string_view bytes) {
  if (!failure_.empty()) return Error{.message = failure_};
  WEIR_ASSERT(descriptor_ >= 0, "write() comes before commit()");
  bytes_ += bytes.size();
  buffer_ += bytes;
  return buffer_.size() < kBufferBytes ? Status(Done{}) : flush();
}

Status PendingFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail("write", errno);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
  return Done{};
}

Status PendingFile::commit() {
  if (!failure_.empty()) return Error{.message = failure_};
  WEIR_ASSERT(descriptor_ >= 0, "commit() comes once");
  if (Status flushed = flush(); !flushed) return flushed;
  if (temporary_.empty()) {
    const int result = ::close(std::exchange(descriptor_, -1));
    return result == 0 ? Status(Done{}) : fail("write", errno);
  }
  if (!sync_retrying(descriptor_)) return fail("write", errno);
  if (::close(std::exchange(descriptor_, -1)) != 0) return fail("write", errno);
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) return fail("write", errno);
  temporary_.clear();
  const int folder = open_retrying(folder_of(target_).c_str(), O_RDONLY | O_DIRECTORY, 0);
  if (folder >= 0) {  // the name itself; a folder that cannot be opened for this still holds the whole file
    (void)sync_retrying(folder);
    (void)::close(folder);
  }
  return Done{};
}

Status write_file(const std::string& path, std::string_view bytes) {
  Result<PendingFile> file = PendingFile::open(path);
  if (!file) return file.error();
  if (Status written = file->write(bytes); !written) return written;
  return file->commit();
}

}  // namespace weir
