// SPDX-License-Identifier: Apache-2.0
// One process has the folder; it is nobody else's, and what lies in it is told apart from what should lie in it.
#include "files/state_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <filesystem>
#include <string>

#include "testing/input_files.h"

namespace weir::testing {
namespace {

std::shared_ptr<StateFolder> opened(const std::string& path) {
  Result<std::shared_ptr<StateFolder>> folder = StateFolder::open(path);
  INFO((folder.ok() ? std::string() : folder.error().message));
  REQUIRE(folder.ok());
  return *folder;
}

std::string refusal(const std::string& path) {
  const Result<std::shared_ptr<StateFolder>> folder = StateFolder::open(path);
  REQUIRE_FALSE(folder.ok());
  return folder.error().message;
}

bool says(const std::string& message, std::string_view part) {
  INFO(message);
  return message.find(part) != std::string::npos;
}

mode_t mode_of(const std::string& path) {
  struct stat found {};
  REQUIRE(::stat(path.c_str(), &found) == 0);
  return found.st_mode & 0777;
}

TEST_CASE("a new folder is for nobody else, and says the same name ever after") {
  const Folder folder;
  const std::string path = folder.path("state");
  const std::string id = opened(path)->id();
  CHECK(id.size() == 32);
  CHECK(mode_of(path) == 0700);
  CHECK(mode_of(path + "/state.db") == 0600);
  CHECK(opened(path)->id() == id);
  CHECK(opened(path + "//")->id() == id);
  CHECK(opened(folder.path("other"))->id() != id);
}

TEST_CASE("a folder in use is refused, and who uses it is named; a process that is killed lets go") {
  const Folder folder;
  const std::string path = folder.path("state");
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto held = StateFolder::open(path);
    const char answer = held.ok() ? 'y' : 'n';
    (void)!::write(ready[1], &answer, 1);
    ::pause();
    ::_exit(0);
  }
  char answer = 'n';
  REQUIRE(::read(ready[0], &answer, 1) == 1);
  REQUIRE(answer == 'y');
  CHECK(says(refusal(path), "is in use by another weir: process " + std::to_string(child) + " on "));
  ::kill(child, SIGKILL);
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  CHECK(opened(path)->id().size() == 32);
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("the streams of one process share the folder by connections of their own") {
  const Folder folder;
  const auto state = opened(folder.path("state"));
  const auto first = state->connect();
  const auto second = state->connect();
  REQUIRE(first.ok());
  REQUIRE(second.ok());
  CHECK((*first)->ask("PRAGMA synchronous").value() == 2);
  CHECK(says(refusal(folder.path("state")), "is in use"));
}

TEST_CASE("what is no folder, or somebody else's, is refused") {
  const Folder folder;
  std::filesystem::create_directory(folder.path("real"));
  std::filesystem::create_directory_symlink(folder.path("real"), folder.path("link"));
  CHECK(says(refusal(folder.path("link")), "is a symbolic link"));
  CHECK(says(refusal(folder.path("link/")), "is a symbolic link"));
  CHECK(says(refusal(folder.write_raw("file", "x")), "Not a directory"));
  CHECK(says(refusal(folder.path("no/such")), "cannot create"));
  std::filesystem::create_directory_symlink(folder.path("real"), folder.path("way"));
  CHECK(opened(folder.path("way/below"))->id().size() == 32);  // a link further up is the system's business
  if (::geteuid() != 0) {
    std::filesystem::permissions(folder.path("real"), std::filesystem::perms(0500));
    CHECK(says(refusal(folder.path("real")), "Permission denied"));
    return;
  }
  REQUIRE(::chown(folder.path("real").c_str(), 12345, 12345) == 0);
  CHECK(says(refusal(folder.path("real")), "belongs to another user (12345, weir runs as 0)"));
}

TEST_CASE("nothing is written through a link that lies in the folder") {
  const Folder folder;
  const std::string victim = folder.write_raw("victim", "precious");
  for (const char* name : {"state.db", "lock"}) {
    const std::string path = folder.path(std::string("state-") + name);
    std::filesystem::create_directory(path);
    std::filesystem::create_symlink(victim, path + "/" + name);
    CHECK(says(refusal(path), "symbolic link"));
  }
  CHECK(read_file(victim) == "precious");
  const std::string path = folder.path("pipe");
  std::filesystem::create_directory(path);
  REQUIRE(::mkfifo((path + "/state.db").c_str(), 0600) == 0);
  CHECK(says(refusal(path), "is no regular file"));
}

TEST_CASE("a database of another program, of another version, and one that is none are told apart") {
  const Folder folder;
  const auto with = [&](const std::string& name, const char* sql) {
    std::filesystem::create_directory(folder.path(name));
    const auto database = SqliteDatabase::open(folder.path(name) + "/state.db", SqliteDatabase::Open::New);
    REQUIRE((*database)->execute(sql).ok());
    return folder.path(name);
  };
  CHECK(says(refusal(with("other", "CREATE TABLE t (x)")), "is a database of another program"));
  const std::string newer = folder.path("newer");
  (void)opened(newer);
  {
    const auto database = SqliteDatabase::open(newer + "/state.db", SqliteDatabase::Open::Existing);
    REQUIRE((*database)->execute("PRAGMA user_version = 2").ok());
  }
  CHECK(says(refusal(newer), "was written by another version of weir (layout 2, this one reads 1)"));
  std::filesystem::create_directory(folder.path("text"));
  folder.write_raw("text/state.db", std::string(5'000, 'x'));
  CHECK(says(refusal(folder.path("text")), "is no state file of weir"));
  CHECK(read_file(folder.path("text/state.db")) == std::string(5'000, 'x'));
}

TEST_CASE("a process that was killed while it made the folder is no hindrance") {
  const Folder folder;
  for (const char* sql : {"", "PRAGMA journal_mode = WAL"}) {
    const std::string path = folder.path("state" + std::to_string(std::string_view(sql).size()));
    std::filesystem::create_directory(path);
    folder.write_raw(std::filesystem::path(path).filename().string() + "/state.db", "");
    {
      const auto database = SqliteDatabase::open(path + "/state.db", SqliteDatabase::Open::New);
      REQUIRE((*database)->execute(sql).ok());
    }
    CHECK(opened(path)->id().size() == 32);
  }
}

}  // namespace
}  // namespace weir::testing
