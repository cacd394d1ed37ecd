// SPDX-License-Identifier: Apache-2.0
#include "files/folder_look.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "files/sqlite_database.h"
#include "files/state_folder.h"

namespace weir {
namespace {

std::string words_of(int reason) {
  return std::generic_category().message(reason);
}

std::string without_slashes(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

/// What the kernel says of locks: taking one to see whether it can be taken would keep a weir from starting just then.
bool is_locked(const struct stat& file) {
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    if (line.find(" FLOCK ") == std::string::npos || line.find(" WRITE ") == std::string::npos) continue;
    if (line.find(":" + std::to_string(file.st_ino) + " ") != std::string::npos) return true;
  }
  return false;
}

std::string holder_of(const std::string& lock) {
  struct stat found {};
  if (::lstat(lock.c_str(), &found) != 0 || !S_ISREG(found.st_mode) || !is_locked(found)) return "";
  constexpr std::size_t kMost = 300;
  std::ifstream file(lock);
  std::string said;
  std::getline(file, said);
  if (said.size() > kMost) said.resize(kMost);
  return said.empty() ? "another process" : said;
}

std::optional<Instant> written_at(const std::string& path) {
  std::optional<Instant> newest;
  for (const char* const ending : {"", "-wal"}) {
    struct stat found {};
    if (::stat((path + ending).c_str(), &found) != 0 || (ending[0] != '\0' && found.st_size == 0)) continue;
    const Instant at = Instant(std::chrono::seconds(found.st_mtim.tv_sec)) +
                       std::chrono::duration_cast<Duration>(std::chrono::nanoseconds(found.st_mtim.tv_nsec));
    newest = std::max(newest.value_or(at), at);
  }
  return newest;
}

Status read_streams(const std::string& path, std::vector<StateLook::Stream>& streams) {
  const auto database = SqliteDatabase::open(path, SqliteDatabase::Open::ReadOnly);
  if (!database) return database.error();
  const Result<bool> empty = StateFolder::look_at_header(**database, "`" + path + "`");
  if (!empty) return empty.error();
  if (*empty) return Done{};
  Result<SqliteStatement> ask = (*database)->prepare(
      "SELECT stream, count(*) FROM (SELECT DISTINCT stream, topic, partition FROM snapshot) GROUP BY stream");
  if (!ask) return ask.error();
  for (;;) {
    const Result<bool> row = ask->step();
    if (!row) return row.error();
    if (!*row) return Done{};
    streams.push_back({.name = ask->text(0), .partitions = ask->integer(1)});
  }
}

}  // namespace

FolderLook look_at_folder(const std::string& path) {
  FolderLook look;
  std::string name = without_slashes(path);
  struct stat found {};
  look.exists = ::stat(name.c_str(), &found) == 0;
  if (!look.exists) {
    const std::string above = std::filesystem::path(name).parent_path().string();
    name = above.empty() ? "." : above;
    if (::stat(name.c_str(), &found) != 0) {
      look.why_not_writable = "`" + name + "` is not there either";
      return look;
    }
  }
  look.is_folder = S_ISDIR(found.st_mode);
  if (!look.is_folder) {
    look.why_not_writable = "`" + name + "` is no folder";
    return look;
  }
  if (::access(name.c_str(), R_OK | W_OK | X_OK) != 0)
    look.why_not_writable = "cannot write into `" + name + "`: " + words_of(errno);
  if (look.exists && found.st_uid != ::geteuid() && found.st_uid != 0 && look.why_not_writable.empty())
    look.why_not_writable = "`" + name + "` belongs to another user (" + std::to_string(found.st_uid) + ", this is " +
                            std::to_string(::geteuid()) + ")";
  struct statvfs system {};
  if (::statvfs(name.c_str(), &system) == 0)
    look.bytes_free = static_cast<std::uint64_t>(system.f_bavail) * system.f_frsize;
  return look;
}

std::optional<Error> why_no_file(const std::string& path) {
  const std::string above = std::filesystem::path(path).parent_path().string();
  const std::string folder = above.empty() ? "." : above;
  const FolderLook look = look_at_folder(folder);
  const std::string remedy = "make the folder, and let weir's user write into it";
  if (!look.exists) return Error{.message = "there is no `" + folder + "`", .help = remedy};
  if (!look.why_not_writable.empty()) return Error{.message = look.why_not_writable, .help = remedy};
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  if (S_ISDIR(found.st_mode))
    return Error{.message = "it is a folder, and has to be a file", .help = "name a file in it"};
  if (::access(path.c_str(), W_OK) == 0) return std::nullopt;
  return Error{.message = words_of(errno), .help = "let weir's user write to it"};
}

StateLook look_at_state(const std::string& path) {
  StateLook look;
  const std::string name = without_slashes(path);
  const std::string database = name + "/state.db";
  look.used_by = holder_of(name + "/lock");
  std::error_code fault;
  look.has_state = std::filesystem::exists(database, fault);
  if (!look.has_state) return look;
  look.saved_at = written_at(database);
  if (const Status read = read_streams(database, look.streams); !read) look.unreadable = read.error();
  return look;
}

}  // namespace weir
