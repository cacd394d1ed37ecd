// SPDX-License-Identifier: Apache-2.0
// Whatever goes wrong, the target holds the old bytes or all of the new ones, and nothing else is left in the folder.
#include "files/pending_file.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace weir {
namespace {

namespace fs = std::filesystem;

/// An empty folder of its own, gone at the end.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "weir-pending-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const fs::directory_entry& entry : fs::directory_iterator(path_))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  fs::path path_;
};

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// No file may grow beyond `bytes` while it lives: a disk that is full, without a disk.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    (void)std::signal(SIGXFSZ, signal_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*signal_)(int);
};

TEST_CASE("a file has its name only when it is committed") {
  const Folder folder;
  Result<PendingFile> file = PendingFile::open(folder.file("report.json"));
  REQUIRE(file.ok());
  CHECK(file->write("hello ").ok());
  CHECK(file->write("world").ok());
  CHECK_FALSE(fs::exists(folder.file("report.json")));
  CHECK(file->commit().ok());
  CHECK(read(folder.file("report.json")) == "hello world");
  CHECK(file->bytes() == 11);
  CHECK(folder.names() == std::vector<std::string>{"report.json"});
}

TEST_CASE("a file that is not committed leaves nothing behind, and the old one as it was") {
  const Folder folder;
  REQUIRE(write_file(folder.file("report.json"), "old").ok());
  {
    Result<PendingFile> file = PendingFile::open(folder.file("report.json"));
    REQUIRE(file.ok());
    REQUIRE(file->write(std::string(1 << 20, 'x')).ok());
    CHECK(folder.names().size() == 2);
  }
  CHECK(read(folder.file("report.json")) == "old");
  CHECK(folder.names() == std::vector<std::string>{"report.json"});
}

TEST_CASE("a disk that fills up is one line that names the file, and the old file stays") {
  const Folder folder;
  REQUIRE(write_file(folder.file("report.json"), "old").ok());
  Status written = Done{};
  Status again = Done{};
  Status committed = Done{};
  {
    const FullDisk full(64 * 1024);
    Result<PendingFile> file = PendingFile::open(folder.file("report.json"));
    REQUIRE(file.ok());
    written = file->write(std::string(1 << 20, 'x'));
    again = file->write("more");
    committed = file->commit();
  }
  REQUIRE_FALSE(written.ok());
  CHECK(written.error().message == "cannot write `" + folder.file("report.json") + "`: File too large");
  REQUIRE_FALSE(again.ok());
  CHECK(again.error().message == written.error().message);
  REQUIRE_FALSE(committed.ok());
  CHECK(committed.error().message == written.error().message);
  CHECK(read(folder.file("report.json")) == "old");
  CHECK(folder.names() == std::vector<std::string>{"report.json"});
}

TEST_CASE("a small file that no longer fits fails at the commit") {
  const Folder folder;
  Status committed = Done{};
  {
    const FullDisk full(10);
    committed = write_file(folder.file("report.json"), "more than ten bytes");
  }
  REQUIRE_FALSE(committed.ok());
  CHECK(folder.names().empty());
}

TEST_CASE("a folder that is not there, and a folder in the file's place, are told with the path as it was given") {
  const Folder folder;
  const Result<PendingFile> nowhere = PendingFile::open(folder.file("none/report.json"));
  REQUIRE_FALSE(nowhere.ok());
  CHECK(nowhere.error().message ==
        "cannot create `" + folder.file("none/report.json") + "`: No such file or directory");
  const Result<PendingFile> taken = PendingFile::open(folder.file("."));
  REQUIRE_FALSE(taken.ok());
  CHECK(taken.error().message == "cannot write `" + folder.file(".") + "`: Is a directory");
}

TEST_CASE("devices are written to, not replaced") {
  CHECK(write_file("/dev/null", "gone").ok());
  CHECK(fs::is_character_file("/dev/null"));
  const Status full = write_file("/dev/full", "does not fit");
  REQUIRE_FALSE(full.ok());
  CHECK(full.error().message == "cannot write `/dev/full`: No space left on device");
}

TEST_CASE("a symbolic link stays one, and the file that it names is replaced") {
  const Folder folder;
  REQUIRE(write_file(folder.file("real.json"), "old").ok());
  fs::create_symlink("real.json", folder.file("link.json"));
  REQUIRE(write_file(folder.file("link.json"), "new").ok());
  CHECK(fs::is_symlink(folder.file("link.json")));
  CHECK(read(folder.file("real.json")) == "new");
  CHECK(folder.names() == std::vector<std::string>{"link.json", "real.json"});
}

TEST_CASE("the rights of a file survive its replacement") {
  const Folder folder;
  REQUIRE(write_file(folder.file("private.json"), "old").ok());
  fs::permissions(folder.file("private.json"), fs::perms::owner_read | fs::perms::owner_write);
  REQUIRE(write_file(folder.file("private.json"), "new").ok());
  CHECK((fs::status(folder.file("private.json")).permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("two writers of one target do not mix: the last commit wins whole") {
  const Folder folder;
  Result<PendingFile> first = PendingFile::open(folder.file("report.json"));
  Result<PendingFile> second = PendingFile::open(folder.file("report.json"));
  REQUIRE(first.ok());
  REQUIRE(second.ok());
  REQUIRE(first->write("first").ok());
  REQUIRE(second->write("second").ok());
  REQUIRE(second->commit().ok());
  REQUIRE(first->commit().ok());
  CHECK(read(folder.file("report.json")) == "first");
  CHECK(folder.names() == std::vector<std::string>{"report.json"});
}

TEST_CASE("a file that is moved is still one file") {
  const Folder folder;
  Result<PendingFile> opened = PendingFile::open(folder.file("report.json"));
  REQUIRE(opened.ok());
  REQUIRE(opened->write("be").ok());
  PendingFile file = *std::move(opened);
  REQUIRE(file.write("fore").ok());
  REQUIRE(file.commit().ok());
  CHECK(read(folder.file("report.json")) == "before");
}

}  // namespace
}  // namespace weir
