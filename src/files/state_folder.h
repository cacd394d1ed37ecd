// SPDX-License-Identifier: Apache-2.0
// The folder in which a running weir keeps what has to outlive it: `--state DIR`.
//
//   state.db    snapshots (SnapshotFile) and results of windows (WindowResults): SQLite, WAL, synchronous=FULL
//   history.db  the history of measures (StateFile), as `weir check --state` writes it and `weir history` shows it
//   lock        held by the process that uses the folder
//
// The history is a file of its own because it has another life: it is worth keeping when snapshots are thrown away, other
// commands read it, and its pages are checked as a whole before it is trusted, which for snapshots their own
// checksums do.
//
// One process has the folder at a time. Its streams share the folder; each part opens a connection of its own, so that each
// may be used by another thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "files/sqlite_database.h"
#include "weir/result.h"

namespace weir {

class StateFolder {
 public:
  /// Makes the folder (for nobody else to look into) where there is none; the folder above it has to be there. Refused: a
  /// folder of another user (root's is taken), a symbolic link, one that another process uses, and a state.db of another
  /// program or another version.
  static Result<std::shared_ptr<StateFolder>> open(const std::string& path);
  StateFolder(const StateFolder&) = delete;
  StateFolder& operator=(const StateFolder&) = delete;
  ~StateFolder();

  /// Whether there is nothing in a state.db; an error when it is of another program or version. `name`: for messages.
  static Result<bool> look_at_header(const SqliteDatabase& database, const std::string& name);

  /// A connection to state.db, for one thread.
  Result<std::unique_ptr<SqliteDatabase>> connect() const;
  /// Drawn at random when the folder was new, the same ever after.
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] std::string history_path() const { return path_ + "/history.db"; }
  [[nodiscard]] std::string database_path() const { return path_ + "/state.db"; }

 private:
  explicit StateFolder(std::string name) : name_(std::move(name)) {}
  Status enter();
  Status lock();
  Status make_database();
  Status prepare();
  [[nodiscard]] Error could_not(const std::string& what, const std::string& path, int reason) const;

  std::string name_;  // as it was given
  std::string path_;  // absolute, without symbolic links
  std::string id_;
  int folder_ = -1;
  int lock_ = -1;
};

}  // namespace weir
