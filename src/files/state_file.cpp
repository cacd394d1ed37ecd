// SPDX-License-Identifier: Apache-2.0
// Opens, asks and writes the history. The file is looked at as a whole before a run relies on it: a history that is cut
// short would make every comparison with the past quietly wrong.
#include "files/state_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace weir {

namespace {

constexpr std::int64_t kApplication = 0x77656972;  // "weir", in the header of the database
constexpr std::int64_t kLayout = 1;
constexpr std::int64_t kWithRecords = 2;  // the same, and a table of records

constexpr const char* kCreate = R"sql(
  PRAGMA application_id = 2003134834;
  PRAGMA user_version = 1;
  CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    name TEXT NOT NULL,
    ruleset TEXT NOT NULL,
    written INTEGER NOT NULL,
    UNIQUE (stream, name)
  );
  CREATE TABLE value (
    series INTEGER NOT NULL,
    at INTEGER NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (series, at)
  ) WITHOUT ROWID;
)sql";

std::string in_ticks(const std::string& path) {
  return "`" + path + "`";
}

Error could_not(const std::string& what, const std::string& path, int reason) {
  return Error{.message = "cannot " + what + " " + in_ticks(path) + ": " + std::generic_category().message(reason)};
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Status check_header(const SqliteDatabase& database, const std::string& path) {
  const Result<std::int64_t> application = database.ask("PRAGMA application_id");
  if (!application) return application.error();
  if (*application != kApplication) {
    return Error{.message = in_ticks(path) + " is a database of another program, no state file of weir"};
  }
  const Result<std::int64_t> layout = database.ask("PRAGMA user_version");
  if (!layout) return layout.error();
  if (*layout == kLayout || *layout == kWithRecords) return Done{};
  return Error{.message = in_ticks(path) + " was written by another version of weir (layout " +
                          std::to_string(*layout) + ", this one reads up to " + std::to_string(kWithRecords) + ")",
               .help = "keep it for that version, and name another file"};
}

/// Every page, in a millisecond for each megabyte. SQLite takes what is missing from the last page for zeros.
Status check_pages(const SqliteDatabase& database, const std::string& path) {
  Result<SqliteStatement> check = database.prepare("PRAGMA quick_check(1)");
  if (!check) return check.error();
  const Result<bool> row = check->step();  // until it is finalized nobody writes
  if (!row) return row.error();
  const Result<std::int64_t> page = database.ask("PRAGMA page_size");
  const Result<std::int64_t> pages = database.ask("PRAGMA page_count");
  struct stat found {};
  const bool whole = page.ok() && pages.ok() && ::stat(path.c_str(), &found) == 0 && found.st_size >= *page * *pages;
  if (*row && check->text(0) == "ok" && whole) return Done{};
  return Error{.message = in_ticks(path) + " is damaged or cut short"};
}

/// Whether the file begins as every SQLite database does; SQLite itself takes a very short file for an empty database.
bool has_magic(const std::string& path) {
  std::string head(16, '\0');
  std::ifstream(path, std::ios::binary).read(head.data(), static_cast<std::streamsize>(head.size()));
  return head == std::string("SQLite format 3\0", 16);
}

/// What stat says of a path that shall be a state file; true: it is there.
Result<bool> look_at(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    if (errno == ENOENT) return false;
    return could_not("open", path, errno);
  }
  if (S_ISDIR(found.st_mode)) return could_not("open", path, EISDIR);
  if (!S_ISREG(found.st_mode)) return Error{.message = in_ticks(path) + " is no regular file"};
  if (found.st_size > 0) return true;
  return Error{.message = in_ticks(path) + " is empty: no state file, or one that was cut short",
               .help = "remove it to begin a new history"};
}

Result<std::unique_ptr<SqliteDatabase>> open_database(const std::string& path) {
  Result<std::unique_ptr<SqliteDatabase>> database = SqliteDatabase::open(path, SqliteDatabase::Open::Existing);
  if (!database) return database.error();
  if (!has_magic(path)) return Error{.message = in_ticks(path) + " is no state file of weir"};
  if (const Status header = check_header(**database, path); !header) return header.error();
  if (const Status pages = check_pages(**database, path); !pages) return pages.error();
  return database;
}

/// Gives a file its name unless there is one of that name already; 0 or the reason. The old name goes either way.
int give_name(const std::string& made, const std::string& path) {
  int reason = ::link(made.c_str(), path.c_str()) == 0 ? 0 : errno;
  const bool no_links = reason == EPERM || reason == ENOTSUP || reason == ENOSYS;  // a file system without them
  if (no_links && ::access(path.c_str(), F_OK) != 0) reason = ::rename(made.c_str(), path.c_str()) == 0 ? 0 : errno;
  ::unlink(made.c_str());
  return reason == EEXIST ? 0 : reason;
}

std::int64_t micros(Instant instant) {
  return instant.time_since_epoch().count();
}

Instant instant_of(std::int64_t micros) {
  return Instant(Duration(micros));
}

bool is_before(const PastValue& value, Instant instant) {
  return value.at < instant;
}

}  // namespace

Result<std::unique_ptr<StateFile>> StateFile::open(const std::string& path, StateOwner owner) {
  std::unique_ptr<StateFile> file(new StateFile(path, std::move(owner)));
  const Result<bool> exists = look_at(path);
  if (!exists) return exists.error();
  // SQLite puts its journal beside the file, so the folder has to be writable in both cases.
  if (::access(folder_of(path).c_str(), W_OK | X_OK) != 0) return could_not("write", path, errno);
  if (!*exists) return file;
  if (::access(path.c_str(), W_OK) != 0) return could_not("write", path, errno);
  Result<std::unique_ptr<SqliteDatabase>> database = open_database(path);
  if (!database) return database.error();
  if ((*database)->is_read_only()) return could_not("write", path, EROFS);
  file->database_ = std::move(*database);
  return file;
}

Result<std::unique_ptr<StateFile>> StateFile::open_to_read(const std::string& path) {
  std::unique_ptr<StateFile> file(new StateFile(path, {}));
  const Result<bool> exists = look_at(path);
  if (!exists) return exists.error();
  if (!*exists) return could_not("open", path, ENOENT);
  Result<std::unique_ptr<SqliteDatabase>> database = open_database(path);
  if (!database) return database.error();
  file->database_ = std::move(*database);
  return file;
}

void StateFile::keep_fault(const Status& status) {
  if (!status && !fault_) fault_ = status.error();
}

/// The series by its name; what the file has of it is looked up once.
StateFile::Series& StateFile::find(std::string_view name) {
  const auto found = series_.find(name);
  if (found != series_.end()) return found->second;
  Series& series = series_[std::string(name)];
  if (database_) keep_fault(look_up(name, series));
  return series;
}

Status StateFile::look_up(std::string_view name, Series& series) {
  if (!find_series_) {
    Result<SqliteStatement> made = database_->prepare(
        "SELECT id, (SELECT max(at) FROM value WHERE series = id) FROM series WHERE stream = ?1 AND name = ?2");
    if (!made) return made.error();
    find_series_ = std::move(*made);
  }
  find_series_->bind(1, std::string_view(owner_.stream)).bind(2, name);
  const Result<bool> row = find_series_->step();
  if (!row) return row.error();
  if (!*row) return Done{};
  series.id = find_series_->integer(0);
  if (!find_series_->is_null(1)) series.newest = instant_of(find_series_->integer(1));
  return find_series_->run();
}

Status StateFile::read_stored(const Series& series, Instant since, Instant before, std::size_t most,
                              std::vector<PastValue>& out) {
  if (!read_values_) {
    Result<SqliteStatement> made = database_->prepare(
        "SELECT at, value FROM value WHERE series = ?1 AND at >= ?2 AND at < ?3 ORDER BY at DESC LIMIT ?4");
    if (!made) return made.error();
    read_values_ = std::move(*made);
  }
  const auto limit = static_cast<std::int64_t>(std::min(most, kValuesOfSeries));
  read_values_->bind(1, series.id).bind(2, micros(since)).bind(3, micros(before)).bind(4, limit);
  while (true) {
    const Result<bool> row = read_values_->step();
    if (!row) return row.error();
    if (!*row) break;
    out.push_back({.at = instant_of(read_values_->integer(0)), .value = read_values_->number(1)});
  }
  std::reverse(out.begin(), out.end());
  return Done{};
}

std::vector<PastValue> StateFile::past(std::string_view name, Instant since, Instant before, std::size_t most) {
  if (!(since < before) || most == 0) return {};
  const Series& series = find(name);
  const auto first = std::lower_bound(series.added.begin(), series.added.end(), since, is_before);
  const auto last = std::lower_bound(first, series.added.end(), before, is_before);
  const auto added = static_cast<std::size_t>(last - first);
  // Most runs move on from what is in the file: then their own values answer, without asking it.
  const bool enough = added >= most && series.newest && (last - static_cast<std::ptrdiff_t>(most))->at > *series.newest;
  std::vector<PastValue> stored;
  if (series.newest && !enough && since <= *series.newest) {
    keep_fault(read_stored(series, since, before, most, stored));
  }
  std::vector<PastValue> merged;
  merged.reserve(stored.size() + added);
  // Of equals std::set_union takes the first range's: what this run found replaces what an earlier one did.
  std::set_union(first, last, stored.begin(), stored.end(), std::back_inserter(merged),
                 [](const PastValue& a, const PastValue& b) { return a.at < b.at; });
  if (merged.size() > most) merged.erase(merged.begin(), merged.end() - static_cast<std::ptrdiff_t>(most));
  return merged;
}

void StateFile::add(std::string_view name, PastValue value) {
  if (std::isnan(value.value)) return;  // nothing that could be compared with
  std::vector<PastValue>& added = find(name).added;
  const auto place = std::lower_bound(added.begin(), added.end(), value.at, is_before);
  if (place != added.end() && place->at == value.at) {
    place->value = value.value;
    return;
  }
  added.insert(place, value);
  ++added_;
  if (added.size() > keep_ + keep_ / 4 || added_ > kValuesOfRun) trim();
}

/// Lets every series forget its oldest values, more and more of them until the run is within its bound.
void StateFile::trim() {
  do {
    added_ = 0;
    for (auto& [name, series] : series_) {
      std::vector<PastValue>& added = series.added;
      if (added.size() > keep_) added.erase(added.begin(), added.end() - static_cast<std::ptrdiff_t>(keep_));
      added_ += added.size();
    }
    if (added_ > kValuesOfRun / 2) keep_ = std::max<std::size_t>(1, keep_ / 2);
  } while (added_ > kValuesOfRun && keep_ > 1);
}

Status StateFile::commit() {
  if (fault_) return *fault_;
  if (!database_) {
    if (const Status created = create(); !created) return created;
  }
  if (const Status begun = database_->execute("BEGIN IMMEDIATE"); !begun) return begun;
  Status written = write_all();
  if (written) written = write_records();
  if (written) written = database_->execute("COMMIT");
  if (!written) {
    (void)database_->execute("ROLLBACK");
    return written;
  }
  forget_added();
  return written;
}

/// What was added lies in the file now, and is asked for there.
void StateFile::forget_added() {
  added_ = 0;
  keep_ = kValuesOfSeries;
  series_.clear();
  records_.clear();
  dropped_.clear();
  record_table_.reset();
}

/// A new file gets its name when its tables are there, so that no other run ever sees half of one. Where another run was
/// faster, its file is as good.
Status StateFile::create() {
  static std::atomic<unsigned> made_here = 0;  // several streams of one process begin at the same moment
  const std::string made = path_ + ".tmp" + std::to_string(::getpid()) + "-" + std::to_string(++made_here);
  {
    Result<std::unique_ptr<SqliteDatabase>> database = SqliteDatabase::open(made, SqliteDatabase::Open::New);
    if (!database) return could_not("create", path_, errno);
    Status created = (*database)->execute("PRAGMA journal_mode = MEMORY; BEGIN");
    if (created) created = (*database)->execute(kCreate);
    if (created) created = (*database)->execute("COMMIT");
    if (!created) {
      ::unlink(made.c_str());
      return created;
    }
  }
  const int reason = give_name(made, path_);
  if (reason != 0) return could_not("create", path_, reason);
  Result<std::unique_ptr<SqliteDatabase>> database = open_database(path_);
  if (!database) return database.error();
  database_ = std::move(*database);
  return Done{};
}

Status StateFile::write_all() {
  for (const auto& [name, series] : series_) {
    if (series.added.empty()) continue;
    if (const Status written = write_series(name, series); !written) return written;
  }
  return drop_old_series();
}

Status StateFile::write_series(const std::string& name, const Series& series) {
  Result<SqliteStatement> enter = database_->prepare(
      "INSERT INTO series (stream, name, ruleset, written) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (stream, name) DO "
      "UPDATE SET ruleset = excluded.ruleset, written = max(written, excluded.written) RETURNING id");
  if (!enter) return enter.error();
  enter->bind(1, std::string_view(owner_.stream)).bind(2, std::string_view(name));
  enter->bind(3, std::string_view(owner_.ruleset)).bind(4, micros(series.added.back().at));
  const Result<bool> row = enter->step();
  if (!row) return row.error();
  const std::int64_t id = enter->integer(0);
  if (const Result<bool> end = enter->step(); !end) return end.error();

  Result<SqliteStatement> put =
      database_->prepare("INSERT OR REPLACE INTO value (series, at, value) VALUES (?1, ?2, ?3)");
  if (!put) return put.error();
  for (const PastValue& value : series.added) {
    if (const Status done = put->bind(1, id).bind(2, micros(value.at)).bind(3, value.value).run(); !done) return done;
  }
  Result<SqliteStatement> drop = database_->prepare(
      "DELETE FROM value WHERE series = ?1 AND at < (SELECT at FROM value WHERE series = ?1 ORDER BY at DESC LIMIT 1 "
      "OFFSET ?2)");
  if (!drop) return drop.error();
  return drop->bind(1, id).bind(2, static_cast<std::int64_t>(kValuesOfSeries - 1)).run();
}

Status StateFile::drop_old_series() {
  const Result<std::int64_t> count = database_->ask("SELECT count(*) FROM series");
  if (!count) return count.error();
  const std::int64_t excess = *count - static_cast<std::int64_t>(kSeries);
  if (excess <= 0) return Done{};
  const std::string oldest = "(SELECT id FROM series ORDER BY written, id LIMIT " + std::to_string(excess) + ")";
  if (const Status gone = database_->execute(("DELETE FROM value WHERE series IN " + oldest).c_str()); !gone)
    return gone;
  return database_->execute(("DELETE FROM series WHERE id IN " + oldest).c_str());
}

Result<std::vector<StoredSeries>> StateFile::series() const {
  Result<SqliteStatement> ask = database_->prepare(
      "SELECT id, stream, name, ruleset, (SELECT count(*) FROM value WHERE series = id) FROM series ORDER BY stream, "
      "name");
  if (!ask) return ask.error();
  std::vector<StoredSeries> found;
  while (true) {
    const Result<bool> row = ask->step();
    if (!row) return row.error();
    if (!*row) return found;
    found.push_back({.id = ask->integer(0),
                     .stream = ask->text(1),
                     .name = ask->text(2),
                     .ruleset = ask->text(3),
                     .values = static_cast<std::uint64_t>(ask->integer(4))});
  }
}

Result<std::vector<PastValue>> StateFile::values(const StoredSeries& series, std::size_t most) const {
  Result<SqliteStatement> ask =
      database_->prepare("SELECT at, value FROM value WHERE series = ?1 ORDER BY at DESC LIMIT ?2");
  if (!ask) return ask.error();
  ask->bind(1, series.id).bind(2, static_cast<std::int64_t>(std::min(most, kValuesOfSeries)));
  std::vector<PastValue> values;
  while (true) {
    const Result<bool> row = ask->step();
    if (!row) return row.error();
    if (!*row) break;
    values.push_back({.at = instant_of(ask->integer(0)), .value = ask->number(1)});
  }
  std::reverse(values.begin(), values.end());
  return values;
}

}  // namespace weir
