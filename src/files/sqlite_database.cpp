// SPDX-License-Identifier: Apache-2.0
// SQLite's codes in the words of a person who wants to know what to do.
#include "files/sqlite_database.h"

#include <sqlite3.h>

#include <system_error>

namespace weir {

namespace {

// Another run writes its values in well under a second; a minute of waiting only ends where something hangs.
constexpr int kBusyMilliseconds = 60'000;

/// A name that SQLite takes for a file and nothing else: `:memory:` is one of its words, `./:memory:` is not.
std::string as_file(const std::string& path) {
  return path.starts_with('/') ? path : "./" + path;
}

/// What the system said: "Input/output error", "File too large". SQLite keeps it for the last failure.
std::string io_reason(sqlite3* database) {
  const int reason = sqlite3_system_errno(database);
  return reason == 0 ? sqlite3_errmsg(database) : std::generic_category().message(reason);
}

}  // namespace

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void SqliteDatabase::Close::operator()(sqlite3* database) const {
  sqlite3_close(database);
}

SqliteStatement& SqliteStatement::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), parameter, value);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int parameter, double value) {
  sqlite3_bind_double(statement_.get(), parameter, value);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int parameter, std::string_view value) {
  sqlite3_bind_text64(statement_.get(), parameter, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

SqliteStatement& SqliteStatement::bind_bytes(int parameter, std::string_view bytes) {
  // A null pointer would be NULL and not an empty blob.
  const char* const data = bytes.empty() ? "" : bytes.data();
  sqlite3_bind_blob64(statement_.get(), parameter, data, bytes.size(), SQLITE_STATIC);
  return *this;
}

Result<bool> SqliteStatement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(statement_.get());
    return false;
  }
  const Error error = database_->error();
  sqlite3_reset(statement_.get());
  return error;
}

Status SqliteStatement::run() {
  const Result<bool> row = step();
  if (!row) return row.error();
  sqlite3_reset(statement_.get());
  return Done{};
}

bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double SqliteStatement::number(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}

std::string SqliteStatement::text(int column) const {
  const unsigned char* const bytes = sqlite3_column_text(statement_.get(), column);
  if (bytes == nullptr) return "";
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return {reinterpret_cast<const char*>(bytes), size};
}

std::string_view SqliteStatement::bytes(int column) const {
  const void* const bytes = sqlite3_column_blob(statement_.get(), column);
  if (bytes == nullptr) return {};
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return {static_cast<const char*>(bytes), size};
}

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::string& path, Open how) {
  int flags = how == Open::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (how == Open::New) flags |= SQLITE_OPEN_CREATE;
  if (how == Open::NoLinks) flags |= SQLITE_OPEN_NOFOLLOW;
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(as_file(path).c_str(), &opened, flags, nullptr);
  std::unique_ptr<SqliteDatabase> database(new SqliteDatabase(path, opened));
  if (code != SQLITE_OK) return database->error();
  sqlite3_extended_result_codes(opened, 1);
  sqlite3_busy_timeout(opened, kBusyMilliseconds);
  return database;
}

Status SqliteDatabase::execute(const char* sql) {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return error();
  return Done{};
}

Result<SqliteStatement> SqliteDatabase::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(database_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) return error();
  return SqliteStatement(*this, statement);
}

Result<std::int64_t> SqliteDatabase::ask(std::string_view sql) const {
  Result<SqliteStatement> statement = prepare(sql);
  if (!statement) return statement.error();
  const Result<bool> row = statement->step();
  if (!row) return row.error();
  return *row ? statement->integer(0) : 0;
}

bool SqliteDatabase::is_read_only() const {
  return sqlite3_db_readonly(database_.get(), "main") == 1;
}

bool SqliteDatabase::is_damaged() const {
  return (sqlite3_errcode(database_.get()) & 0xFF) == SQLITE_CORRUPT;
}

Error SqliteDatabase::error() const {
  const std::string name = "`" + path_ + "`";
  if (database_ == nullptr) return Error{.message = name + ": out of memory"};
  switch (sqlite3_errcode(database_.get()) & 0xFF) {
    case SQLITE_NOTADB: return Error{.message = name + " is no state file of weir"};
    case SQLITE_CORRUPT: return Error{.message = name + " is damaged or cut short"};
    case SQLITE_BUSY: return Error{.message = name + " is in use: another run has not let go of it for a minute"};
    case SQLITE_FULL: return Error{.message = "cannot write " + name + ": no space left on the disk"};
    case SQLITE_READONLY: return Error{.message = "cannot write " + name + ": it is read-only"};
    case SQLITE_TOOBIG: return Error{.message = "cannot write " + name + ": more than a gigabyte at once"};
    case SQLITE_IOERR: return Error{.message = name + ": " + io_reason(database_.get())};
    case SQLITE_CANTOPEN: return Error{.message = "cannot open " + name};
    default: return Error{.message = name + ": " + sqlite3_errmsg(database_.get())};
  }
}

}  // namespace weir
