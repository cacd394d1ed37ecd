// SPDX-License-Identifier: Apache-2.0
// Everything in the folder is opened relative to the folder that was looked at, and never through a symbolic link: who may
// write into the folder above must not be able to have weir write elsewhere.
#include "files/state_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <random>
#include <string_view>
#include <system_error>
#include <utility>

namespace weir {

namespace {

constexpr std::int64_t kApplication = 0x77656973;  // "weis", in the header of the database
constexpr std::int64_t kLayout = 1;

constexpr const char* kCreate = R"sql(
  BEGIN IMMEDIATE;
  PRAGMA application_id = 2003134835;
  PRAGMA user_version = 1;
  CREATE TABLE folder (id TEXT NOT NULL);
  CREATE TABLE snapshot (
    stream TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    next_offset INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    state BLOB NOT NULL,
    UNIQUE (stream, topic, partition, epoch)
  );
  CREATE TABLE window_result (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    stream TEXT NOT NULL,
    rule TEXT NOT NULL,
    segment TEXT NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    verdict INTEGER NOT NULL,
    observed TEXT NOT NULL,
    expected TEXT NOT NULL,
    flags INTEGER NOT NULL,
    judged_at INTEGER NOT NULL,
    UNIQUE (stream, rule, segment, start, end)
  );
  CREATE INDEX window_result_by_time ON window_result (judged_at);
)sql";

// Only the streams of one process meet here, and none writes for long.
constexpr const char* kConnection = R"sql(
  PRAGMA busy_timeout = 10000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA journal_size_limit = 67108864;
)sql";

std::string in_ticks(const std::string& path) {
  return "`" + path + "`";
}

std::string draw_id() {
  std::random_device device;
  std::string id;
  for (int word = 0; word < 4; ++word) {
    const std::uint32_t bits = device();
    for (int shift = 28; shift >= 0; shift -= 4) id += "0123456789abcdef"[bits >> shift & 15U];
  }
  return id;
}

/// Who holds the lock, as it said itself: "process 17 on host-a".
std::string holder(int lock) {
  char text[300];
  const ssize_t size = ::pread(lock, text, sizeof text, 0);
  if (size <= 0) return "another process";
  std::string_view said(text, static_cast<std::size_t>(size));
  said = said.substr(0, said.find('\n'));
  return said.empty() ? "another process" : std::string(said);
}

std::string own_name() {
  char host[256] = {};
  if (::gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
  return "process " + std::to_string(::getpid()) + " on " + host + "\n";
}

}  // namespace

StateFolder::~StateFolder() {
  if (lock_ >= 0) ::close(lock_);
  if (folder_ >= 0) ::close(folder_);
}

Error StateFolder::could_not(const std::string& what, const std::string& path, int reason) const {
  return Error{.message = "cannot " + what + " " + in_ticks(path) + ": " + std::generic_category().message(reason)};
}

Result<std::shared_ptr<StateFolder>> StateFolder::open(const std::string& path) {
  std::shared_ptr<StateFolder> folder(new StateFolder(path));
  if (const Status entered = folder->enter(); !entered) return entered.error();
  if (const Status locked = folder->lock(); !locked) return locked.error();
  if (const Status made = folder->make_database(); !made) return made.error();
  if (const Status prepared = folder->prepare(); !prepared) return prepared.error();
  return folder;
}

/// No tables, and no sign that there ever were any.
Result<bool> StateFolder::look_at_header(const SqliteDatabase& database, const std::string& name) {
  const Result<std::int64_t> tables = database.ask("SELECT count(*) FROM sqlite_master");
  if (!tables) return tables.error();
  const Result<std::int64_t> application = database.ask("PRAGMA application_id");
  if (!application) return application.error();
  if (*tables == 0 && *application == 0) return true;
  if (*application != kApplication) {
    return Error{.message = name + " is a database of another program, no state of a stream"};
  }
  const Result<std::int64_t> layout = database.ask("PRAGMA user_version");
  if (!layout) return layout.error();
  if (*layout == kLayout) return false;
  return Error{.message = name + " was written by another version of weir (layout " + std::to_string(*layout) +
                          ", this one reads " + std::to_string(kLayout) + ")",
               .help = "keep it for that version, and name another folder"};
}

Status StateFolder::enter() {
  std::string name = name_;
  while (name.size() > 1 && name.ends_with('/')) name.pop_back();  // `DIR/` would follow a link
  if (::mkdir(name.c_str(), 0700) != 0 && errno != EEXIST) return could_not("create", name_, errno);
  folder_ = ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  struct stat found {};
  if (folder_ < 0) {
    const int reason = errno;
    if (::lstat(name.c_str(), &found) == 0 && S_ISLNK(found.st_mode)) {
      return Error{.message = in_ticks(name_) + " is a symbolic link", .help = "name the folder that it points to"};
    }
    return could_not("open", name_, reason);
  }
  if (::fstat(folder_, &found) != 0) return could_not("open", name_, errno);
  if (found.st_uid != ::geteuid() && found.st_uid != 0) {
    return Error{.message = in_ticks(name_) + " belongs to another user (" + std::to_string(found.st_uid) +
                            ", weir runs as " + std::to_string(::geteuid()) + ")",
                 .help = "give weir a folder of its own, or run it as that user"};
  }
  if (::faccessat(folder_, ".", R_OK | W_OK | X_OK, AT_EACCESS) != 0) return could_not("write into", name_, errno);
  char* const resolved = ::realpath(name.c_str(), nullptr);
  if (resolved == nullptr) return could_not("open", name_, errno);
  path_ = resolved;
  std::free(resolved);
  return Done{};
}

Status StateFolder::lock() {
  const std::string name = name_ + "/lock";
  lock_ = ::openat(folder_, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
  if (lock_ < 0) return could_not("open", name, errno);
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return could_not("lock", name, errno);
    return Error{.message = in_ticks(name_) + " is in use by another weir: " + holder(lock_),
                 .help = "each process needs a folder of its own; several instances of one stream share a topic"};
  }
  const std::string own = own_name();
  // For a message alone: the lock holds without it, also on a full disk.
  if (::ftruncate(lock_, 0) == 0) (void)!::pwrite(lock_, own.data(), own.size(), 0);
  return Done{};
}

/// The file, for no other user to read, before SQLite makes it readable to all.
Status StateFolder::make_database() {
  const std::string name = name_ + "/state.db";
  const int file = ::openat(folder_, "state.db", O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
  if (file < 0) {
    if (errno == ELOOP) return Error{.message = in_ticks(name) + " is a symbolic link"};
    return could_not("open", name, errno);
  }
  struct stat found {};
  const int reason = ::fstat(file, &found) == 0 ? 0 : errno;
  ::close(file);
  if (reason != 0) return could_not("open", name, reason);
  if (!S_ISREG(found.st_mode)) return Error{.message = in_ticks(name) + " is no regular file"};
  if (found.st_uid == ::geteuid()) return Done{};
  return Error{.message = in_ticks(name) + " belongs to another user (" + std::to_string(found.st_uid) + ")"};
}

Result<std::unique_ptr<SqliteDatabase>> StateFolder::connect() const {
  auto database = SqliteDatabase::open(database_path(), SqliteDatabase::Open::NoLinks);
  if (!database) return database.error();
  if (const Status set = (*database)->execute(kConnection); !set) return set.error();
  return database;
}

/// Makes the tables of a new file; looks at the header of another.
Status StateFolder::prepare() {
  const std::string name = in_ticks(database_path());
  const auto opened = SqliteDatabase::open(database_path(), SqliteDatabase::Open::NoLinks);
  if (!opened) return opened.error();
  const Result<bool> is_new = look_at_header(**opened, name);
  if (!is_new) return is_new.error();
  if (const Status set = (*opened)->execute(kConnection); !set) return set;
  if (*is_new) {
    const std::string insert = std::string(kCreate) + "INSERT INTO folder VALUES ('" + draw_id() + "'); COMMIT;";
    if (const Status made = (*opened)->execute(insert.c_str()); !made) return made;
  }
  Result<SqliteStatement> ask = (*opened)->prepare("SELECT id FROM folder");
  if (!ask) return ask.error();
  const Result<bool> row = ask->step();
  if (!row) return row.error();
  if (!*row) return Error{.message = name + " is damaged: it does not say which it is"};
  id_ = ask->text(0);
  return Done{};
}

}  // namespace weir
