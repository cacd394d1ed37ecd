// SPDX-License-Identifier: Apache-2.0
// The few calls of SQLite that a state file needs, as values that close themselves and errors that name the file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "weir/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace weir {

class SqliteDatabase;

/// A prepared statement. Parameters count from 1, columns from 0.
class SqliteStatement {
 public:
  SqliteStatement& bind(int parameter, std::int64_t value);
  SqliteStatement& bind(int parameter, double value);
  SqliteStatement& bind(int parameter, std::string_view value);
  /// Bytes that are not copied: they have to stay until the statement has run.
  SqliteStatement& bind_bytes(int parameter, std::string_view bytes);
  /// The next row; false at the end, after which the statement may be bound and run again.
  Result<bool> step();
  /// For a statement without rows, or of which only the effect matters.
  Status run();
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double number(int column) const;
  [[nodiscard]] std::string text(int column) const;
  /// Valid until the next step().
  [[nodiscard]] std::string_view bytes(int column) const;

 private:
  friend class SqliteDatabase;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  SqliteStatement(const SqliteDatabase& database, sqlite3_stmt* statement)
      : database_(&database), statement_(statement) {}

  const SqliteDatabase* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class SqliteDatabase {
 public:
  enum class Open : unsigned char {
    Existing,
    New,
    ReadOnly,  // existing, and never written to
    NoLinks,   // existing, and nowhere on its path a symbolic link
  };

  /// The database must not move as long as there are statements of it.
  static Result<std::unique_ptr<SqliteDatabase>> open(const std::string& path, Open how);

  Status execute(const char* sql);
  Result<SqliteStatement> prepare(std::string_view sql) const;
  /// The first column of the first row.
  Result<std::int64_t> ask(std::string_view sql) const;
  [[nodiscard]] bool is_read_only() const;
  /// The last call failed because what lies in the file makes no sense.
  [[nodiscard]] bool is_damaged() const;
  /// What the last call was told, with the name of the file: "cannot read `state.db`: it is damaged or cut short".
  [[nodiscard]] Error error() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  SqliteDatabase(std::string path, sqlite3* database) : path_(std::move(path)), database_(database) {}

  std::string path_;
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace weir
