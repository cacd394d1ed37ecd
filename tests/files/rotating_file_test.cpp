// SPDX-License-Identifier: Apache-2.0
// The rotating file: every line whole and once, whatever happens to the disk or to the process.
#include "files/rotating_file.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "testing/input_files.h"

namespace {

/// Set: the next sync of a file fails, and what was written since this size is gone, as when the kernel drops pages that it
/// could not write.
std::optional<off_t> next_sync_fails;

}  // namespace

/// In place of the C library's.
extern "C" int fdatasync(int descriptor) {
  if (!next_sync_fails) return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
  struct stat found {};
  const bool is_lost = ::fstat(descriptor, &found) == 0 && ::ftruncate(descriptor, *next_sync_fails) == 0 &&
                       ::ftruncate(descriptor, found.st_size) == 0;  // zeros
  if (!is_lost) std::abort();
  next_sync_fails.reset();
  errno = EIO;
  return -1;
}

namespace weir {

namespace {

using Catch::Matchers::ContainsSubstring;
using testing::Folder;
using testing::read_file;

std::unique_ptr<RotatingFile> open_file(const std::string& path, const RotatingFile::Options& options = {}) {
  Result<std::unique_ptr<RotatingFile>> file = RotatingFile::open(path, options);
  INFO((file ? "" : file.error().message));
  REQUIRE(file.ok());
  return *std::move(file);
}

std::string line(int number) {
  return "line " + std::to_string(number) + "\n";
}

/// While it lives, a file that grows beyond so many bytes is a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    before_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    set(bytes);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, before_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  void set(rlim_t bytes) const {
    const rlimit limit{.rlim_cur = bytes, .rlim_max = limit_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  void heal() const { set(limit_.rlim_cur); }

 private:
  rlimit limit_{};
  void (*before_)(int) = nullptr;
};

}  // namespace

TEST_CASE("Lines appear in order behind what is there, when they are synced") {
  const Folder folder;
  const std::string path = folder.write_raw("q.ndjson", "old\n");
  auto file = open_file(path);
  CHECK(file->append(line(1)));
  CHECK(file->append(line(2)));
  CHECK(file->durable() == 0);
  CHECK(read_file(path) == "old\n");
  REQUIRE(file->sync().ok());
  CHECK(file->durable() == 2);
  CHECK(read_file(path) == "old\nline 1\nline 2\n");
  REQUIRE(file->sync().ok());
  file = nullptr;
  file = open_file(path);
  CHECK(file->append(line(3)));
  REQUIRE(file->sync().ok());
  CHECK(read_file(path) == "old\nline 1\nline 2\nline 3\n");
  CHECK(file->cut_bytes() == 0);
}

TEST_CASE("A new file is not for everybody") {
  const Folder folder;
  const auto file = open_file(folder.path("q.ndjson"));
  struct stat found {};
  REQUIRE(::stat(folder.path("q.ndjson").c_str(), &found) == 0);
  CHECK((found.st_mode & 0007U) == 0);
}

TEST_CASE("What a process that died left of a line is cut off") {
  const Folder folder;
  for (const std::size_t whole : {0UL, 1UL, 65'535UL, 65'536UL, 200'000UL}) {
    for (const std::size_t torn : {1UL, 65'535UL, 65'536UL, 65'537UL, 150'000UL}) {
      const std::string kept = whole == 0 ? "" : std::string(whole - 1, 'a') + "\n";
      const std::string path = folder.write_raw("q.ndjson", kept + std::string(torn, 'b'));
      const auto file = open_file(path);
      CHECK(file->cut_bytes() == torn);
      CHECK(file->append("c\n"));
      REQUIRE(file->sync().ok());
      CHECK((read_file(path) == kept + "c\n"));
    }
  }
}

TEST_CASE("A full file is put aside, and the oldest goes") {
  const Folder folder;
  const std::string path = folder.path("q.ndjson");
  auto file = open_file(path, {.max_bytes = 14, .files = 3});
  for (int i = 1; i <= 8; ++i) {
    REQUIRE(file->append(line(i)));
    if (i % 3 == 0) REQUIRE(file->sync().ok());
  }
  REQUIRE(file->sync().ok());
  CHECK(read_file(path) == line(7) + line(8));
  CHECK(read_file(path + ".1") == line(5) + line(6));
  CHECK(read_file(path + ".2") == line(3) + line(4));
  CHECK_FALSE(std::filesystem::exists(path + ".3"));
  CHECK(file->removed() == 1);
  CHECK(file->durable() == 8);
  const std::string large = std::string(100, 'x') + "\n";
  REQUIRE(file->append(large));
  REQUIRE(file->append(line(9)));
  REQUIRE(file->sync().ok());
  CHECK(read_file(path) == line(9));
  CHECK(read_file(path + ".1") == large);
}

TEST_CASE("A rotation that died half-way loses no file") {
  const Folder folder;
  const std::string path = folder.write_raw("q.ndjson", line(4));
  // What is left when the process died after .1 had become .2.
  folder.write_raw("q.ndjson.2", line(2));
  folder.write_raw("q.ndjson.3", line(1));
  auto file = open_file(path, {.max_bytes = 7, .files = 4});
  REQUIRE(file->append(line(5)));
  REQUIRE(file->sync().ok());
  CHECK(read_file(path) == line(5));
  CHECK(read_file(path + ".1") == line(4));
  CHECK(read_file(path + ".2") == line(2));
  CHECK(read_file(path + ".3") == line(1));
  CHECK(file->removed() == 0);
}

TEST_CASE("With one file the old lines make room") {
  const Folder folder;
  const std::string path = folder.path("q.ndjson");
  auto file = open_file(path, {.max_bytes = 14, .files = 0});
  for (int i = 1; i <= 5; ++i) REQUIRE(file->append(line(i)));
  REQUIRE(file->sync().ok());
  CHECK(read_file(path) == line(5));
}

TEST_CASE("On a full disk lines wait, and each is there once when it is full no more") {
  const Folder folder;
  const std::string path = folder.path("q.ndjson");
  auto file = open_file(path, {.most_waiting = 100});
  REQUIRE(file->append(line(1)));
  REQUIRE(file->sync().ok());
  {
    const FullDisk disk(10);  // in the middle of the second line
    int next = 2;
    while (file->append(line(next))) ++next;
    CHECK(next > 10);
    for (int tries = 0; tries < 3; ++tries) {
      const Status synced = file->sync();
      REQUIRE_FALSE(synced.ok());
      CHECK_THAT(synced.error().message, ContainsSubstring("cannot write `" + path + "`: File too large"));
      CHECK(file->durable() == 1);
      CHECK_FALSE(file->append(line(next)));
    }
    disk.set(30);
    CHECK_FALSE(file->sync().ok());
    disk.heal();
    REQUIRE(file->sync().ok());
    CHECK(file->durable() == file->appended());
    REQUIRE(file->append(line(next)));
    REQUIRE(file->sync().ok());
    std::string all;
    for (int i = 1; i <= next; ++i) all += line(i);
    CHECK(read_file(path) == all);
  }
}

TEST_CASE("A process that dies on a full disk leaves whole lines to the next one") {
  const Folder folder;
  const std::string path = folder.path("q.ndjson");
  {
    auto file = open_file(path);
    REQUIRE(file->append(line(1)));
    REQUIRE(file->sync().ok());
    const FullDisk disk(10);
    REQUIRE(file->append(line(2)));
    REQUIRE_FALSE(file->sync().ok());
  }
  CHECK(read_file(path) == "line 1\nlin");
  const auto file = open_file(path);
  CHECK(file->cut_bytes() == 3);
  REQUIRE(file->append(line(2)));
  REQUIRE(file->sync().ok());
  CHECK(read_file(path) == line(1) + line(2));
}

TEST_CASE("What a disk failed to sync is written again, as it may be gone") {
  const Folder folder;
  const std::string path = folder.path("q.ndjson");
  auto file = open_file(path);
  REQUIRE(file->append(line(1)));
  REQUIRE(file->sync().ok());
  REQUIRE(file->append(line(2)));
  REQUIRE(file->append(line(3)));
  next_sync_fails = 7;
  const Status failed = file->sync();
  REQUIRE_FALSE(next_sync_fails);
  REQUIRE_FALSE(failed.ok());
  CHECK_THAT(failed.error().message, ContainsSubstring("Input/output error"));
  CHECK(file->durable() == 1);
  REQUIRE(file->append(line(4)));
  REQUIRE(file->sync().ok());
  CHECK(file->durable() == 4);
  CHECK(read_file(path) == line(1) + line(2) + line(3) + line(4));
}

TEST_CASE("Whatever a killed process had synced is there, whole, once, over all its files") {
  const Folder folder;
  const std::string path = folder.path("q.ndjson");
  constexpr RotatingFile::Options kOptions = {.max_bytes = 20'000, .files = 1'000};
  std::uint64_t next = 0;      // the first number that the next process writes
  std::uint64_t expected = 0;  // numbers below it are known to be synced
  for (int life = 0; life < 5; ++life) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      auto file = RotatingFile::open(path, kOptions);
      for (std::uint64_t number = next; file; ++number) {
        const std::string text = std::to_string(number) + std::string(number % 97, 'x') + "\n";
        if (!(*file)->append(text)) break;
        if (number % 7 != 0) continue;
        const std::uint64_t synced = number + 1;
        if (!(*file)->sync() || ::write(ends[1], &synced, sizeof synced) != sizeof synced) break;
      }
      ::_exit(1);
    }
    ::close(ends[1]);
    std::uint64_t said = 0;
    for (int i = 0; i < 25 * (life + 1) && ::read(ends[0], &said, sizeof said) == sizeof said; ++i) expected = said;
    ::kill(child, SIGKILL);
    while (::read(ends[0], &said, sizeof said) == sizeof said) expected = said;
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    // What the process wrote beyond what it knew to be synced may be there; the next one goes on behind it.
    open_file(path, kOptions);
    std::string all;
    for (int number = 999; number >= 0; --number) {
      const std::string name = number == 0 ? path : path + "." + std::to_string(number);
      if (std::filesystem::exists(name)) all += read_file(name);
    }
    next = 0;
    for (std::size_t at = 0; at < all.size(); ++next) {
      const std::size_t end = all.find('\n', at);
      REQUIRE(end != std::string::npos);
      REQUIRE(all.substr(at, end - at) == std::to_string(next) + std::string(next % 97, 'x'));
      at = end + 1;
    }
    REQUIRE(next >= expected);
  }
  CHECK(expected > 500);
}

TEST_CASE("A rotation that the folder does not allow lets the file grow, and says so") {
  const Folder folder;
  const std::string path = folder.path("q.ndjson");
  auto file = open_file(path, {.max_bytes = 7, .files = 2});
  REQUIRE(file->append(line(1)));
  // A folder cannot be removed as a file can.
  std::filesystem::create_directories(path + ".1/in the way");
  REQUIRE(file->append(line(2)));
  REQUIRE(file->append(line(3)));
  REQUIRE(file->sync().ok());
  CHECK_THAT(file->rotation_fault(), ContainsSubstring("cannot remove `" + path + ".1`"));
  CHECK(read_file(path) == line(1) + line(2) + line(3));
  std::filesystem::remove_all(path + ".1");
  REQUIRE(file->append(line(4)));
  REQUIRE(file->sync().ok());
  CHECK(file->rotation_fault().empty());
  CHECK(read_file(path) == line(4));
  CHECK(read_file(path + ".1") == line(1) + line(2) + line(3));
}

TEST_CASE("A file that somebody moved, removed or emptied is followed") {
  const Folder folder;
  const std::string path = folder.path("q.ndjson");
  auto file = open_file(path);
  REQUIRE(file->append(line(1)));
  REQUIRE(file->sync().ok());
  std::filesystem::rename(path, path + ".old");
  REQUIRE(file->append(line(2)));
  REQUIRE(file->sync().ok());
  CHECK(read_file(path) == line(2));
  CHECK(read_file(path + ".old") == line(1));
  std::filesystem::remove(path);
  REQUIRE(file->append(line(3)));
  REQUIRE(file->sync().ok());
  CHECK(read_file(path) == line(3));
  std::filesystem::resize_file(path, 0);
  REQUIRE(file->append(line(4)));
  REQUIRE(file->sync().ok());
  CHECK(read_file(path) == line(4));
}

TEST_CASE("One file has one writer, and only a file is written") {
  const Folder folder;
  const std::string path = folder.path("q.ndjson");
  auto file = open_file(path);
  const auto refused = [](const std::string& name) {
    const auto other = RotatingFile::open(name, {});
    return other ? "" : other.error().message;
  };
  CHECK_THAT(refused(path), ContainsSubstring("another process writes it"));
  CHECK_THAT(refused(folder.path(".")), ContainsSubstring("not a regular file"));
  CHECK_THAT(refused("/dev/null"), ContainsSubstring("not a regular file"));
  CHECK_THAT(refused(folder.path("none/q.ndjson")), ContainsSubstring("No such file or directory"));
  file = nullptr;
  CHECK(refused(path).empty());
}

}  // namespace weir
