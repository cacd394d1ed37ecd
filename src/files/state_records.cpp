// SPDX-License-Identifier: Apache-2.0
// Records of the state file: bytes beside the values, with the habits of these. The table is made with the first record.
#include <algorithm>
#include <iterator>

#include "files/state_file.h"

namespace weir {

namespace {

constexpr const char* kCreate = R"sql(
  CREATE TABLE IF NOT EXISTS record (
    stream TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (stream, name, at)
  );
  PRAGMA user_version = 2;
)sql";

std::int64_t micros(Instant instant) {
  return instant.time_since_epoch().count();
}

bool is_earlier(const PastRecord& a, const PastRecord& b) {
  return a.at < b.at;
}

}  // namespace

Result<bool> StateFile::has_record_table() {
  if (record_table_) return *record_table_;
  if (!database_) return false;
  const Result<std::int64_t> tables =
      database_->ask("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'record'");
  if (!tables) return tables.error();
  record_table_ = *tables > 0;
  return *record_table_;
}

Status StateFile::read_records(std::string_view series, Instant since, Instant before, std::size_t most,
                               std::vector<PastRecord>& out) {
  const Result<bool> table = has_record_table();
  if (!table) return table.error();
  if (!*table) return Done{};
  if (!read_records_) {
    Result<SqliteStatement> made = database_->prepare(
        "SELECT at, bytes FROM record WHERE stream = ?1 AND name = ?2 AND at >= ?3 AND at < ?4 ORDER BY at DESC LIMIT "
        "?5");
    if (!made) return made.error();
    read_records_ = std::move(*made);
  }
  const auto limit = static_cast<std::int64_t>(std::min(most, kRecordsOfSeries));
  read_records_->bind(1, std::string_view(owner_.stream)).bind(2, series);
  read_records_->bind(3, micros(since)).bind(4, micros(before)).bind(5, limit);
  while (true) {
    const Result<bool> row = read_records_->step();
    if (!row) return row.error();
    if (!*row) break;
    out.push_back({.at = Instant(Duration(read_records_->integer(0))), .bytes = std::string(read_records_->bytes(1))});
  }
  std::reverse(out.begin(), out.end());
  return Done{};
}

std::vector<PastRecord> StateFile::past_records(std::string_view series, Instant since, Instant before,
                                                std::size_t most) {
  if (!(since < before) || most == 0) return {};
  std::vector<PastRecord> added = records_.past(series, since, before, most);
  const auto dropped = dropped_.find(series);
  const Instant kept = dropped == dropped_.end() ? since : std::max(since, dropped->second);
  std::vector<PastRecord> stored;
  if (kept < before) keep_fault(read_records(series, kept, before, most, stored));
  if (added.empty()) return stored;
  std::vector<PastRecord> merged;
  merged.reserve(stored.size() + added.size());
  // Of equals std::set_union takes the first range's: what this run found replaces what an earlier one did.
  std::set_union(std::make_move_iterator(added.begin()), std::make_move_iterator(added.end()),
                 std::make_move_iterator(stored.begin()), std::make_move_iterator(stored.end()),
                 std::back_inserter(merged), is_earlier);
  if (merged.size() > most) merged.erase(merged.begin(), merged.end() - static_cast<std::ptrdiff_t>(most));
  return merged;
}

void StateFile::add_record(std::string_view series, PastRecord record) {
  records_.add(series, std::move(record));
}

void StateFile::drop_records(std::string_view series, Instant before) {
  auto found = dropped_.find(series);
  if (found == dropped_.end()) found = dropped_.emplace(std::string(series), before).first;
  found->second = std::max(found->second, before);
  records_.drop(series, before);
}

Status StateFile::write_records() {
  record_table_.reset();  // another run may have made it
  Result<bool> table = has_record_table();
  if (!table) return table.error();
  if (!*table && records_.empty()) return Done{};
  if (!*table) {
    if (const Status made = database_->execute(kCreate); !made) return made;
  }
  Result<SqliteStatement> drop = database_->prepare("DELETE FROM record WHERE stream = ?1 AND name = ?2 AND at < ?3");
  if (!drop) return drop.error();
  for (const auto& [name, before] : dropped_) {
    drop->bind(1, std::string_view(owner_.stream)).bind(2, std::string_view(name)).bind(3, micros(before));
    if (const Status done = drop->run(); !done) return done;
  }
  Result<SqliteStatement> put =
      database_->prepare("INSERT OR REPLACE INTO record (stream, name, at, bytes) VALUES (?1, ?2, ?3, ?4)");
  if (!put) return put.error();
  for (const auto& [name, records] : records_.all()) {
    for (const auto& [at, bytes] : records) {
      put->bind(1, std::string_view(owner_.stream)).bind(2, std::string_view(name)).bind(3, micros(at));
      if (const Status done = put->bind_bytes(4, bytes).run(); !done) return done;
    }
  }
  return drop_old_records();
}

/// How much there is, is only asked once the file is so large at all.
Status StateFile::drop_old_records() {
  const Result<std::int64_t> used = database_->ask(
      "SELECT (c.page_count - f.freelist_count) * s.page_size FROM pragma_page_count c, pragma_freelist_count f, "
      "pragma_page_size s");
  if (!used) return used.error();
  if (*used <= kRecordBytes) return Done{};
  const Result<std::int64_t> bytes = database_->ask("SELECT coalesce(sum(length(bytes)), 0) FROM record");
  if (!bytes) return bytes.error();
  if (*bytes <= kRecordBytes) return Done{};
  return database_->execute(
      "DELETE FROM record WHERE rowid IN (SELECT r.rowid FROM record r ORDER BY r.at = (SELECT max(n.at) FROM record n "
      "WHERE n.stream = r.stream AND n.name = r.name), r.at LIMIT (SELECT count(*) / 8 + 1 FROM record))");
}

}  // namespace weir
