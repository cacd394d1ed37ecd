// SPDX-License-Identifier: Apache-2.0
// Each snapshot carries a checksum over everything that it says, so a page that the disk lost costs one snapshot and is
// never taken for another one.
#include "files/snapshot_file.h"

#include <limits>
#include <utility>

#include "base/hash.h"

namespace weir {

namespace {

constexpr std::uint64_t kSeed = 0x736e617073686f74;  // "snapshot"

std::int64_t checksum(std::string_view stream, const Partition& partition, std::int64_t epoch, std::int64_t next_offset,
                      std::string_view state) {
  std::string numbers = std::to_string(partition.number);
  numbers += ' ' + std::to_string(epoch) + ' ' + std::to_string(next_offset);
  std::uint64_t sum = hash_text(stream, kSeed);
  sum = hash_text(partition.topic, sum);
  sum = hash_text(numbers, sum);
  return static_cast<std::int64_t>(hash_text(state, sum));
}

}  // namespace

Result<std::unique_ptr<SnapshotFile>> SnapshotFile::open(std::shared_ptr<StateFolder> folder, std::string stream) {
  std::unique_ptr<SnapshotFile> file(new SnapshotFile(std::move(folder), std::move(stream)));
  auto database = file->folder_->connect();
  if (!database) return database.error();
  file->database_ = std::move(*database);
  return file;
}

/// A statement whose first three parameters say which partition.
Result<SqliteStatement> SnapshotFile::about(const Partition& partition, std::string_view sql) const {
  Result<SqliteStatement> statement = database_->prepare(sql);
  if (!statement) return statement.error();
  statement->bind(1, std::string_view(stream_)).bind(2, std::string_view(partition.topic));
  statement->bind(3, std::int64_t{partition.number});
  return statement;
}

/// None: it is there and not whole.
Result<std::optional<Snapshot>> SnapshotFile::read(const Partition& partition, std::int64_t epoch) const {
  Result<SqliteStatement> ask = about(partition,
                                      "SELECT next_offset, checksum, state FROM snapshot WHERE stream = ?1 AND topic = "
                                      "?2 AND partition = ?3 AND epoch = ?4");
  if (!ask) return ask.error();
  const Result<bool> row = ask->bind(4, epoch).step();
  if (!row) {
    // A page that makes no sense is this snapshot's misfortune; a disk that does not answer is everybody's.
    if (database_->is_damaged()) return std::optional<Snapshot>{};
    return row.error();
  }
  if (!*row) return std::optional<Snapshot>{};
  const std::int64_t next_offset = ask->integer(0);
  const std::string_view state = ask->bytes(2);
  if (checksum(stream_, partition, epoch, next_offset, state) != ask->integer(1)) return std::optional<Snapshot>{};
  return std::optional<Snapshot>(Snapshot{.partition = partition,
                                          .epoch = static_cast<std::uint64_t>(epoch),
                                          .next_offset = next_offset,
                                          .state = std::string(state)});
}

Result<std::vector<Snapshot>> SnapshotFile::restore(const Partition& partition, std::vector<Trouble>& troubles) {
  std::vector<std::int64_t> epochs;
  {
    Result<SqliteStatement> ask = about(
        partition,
        "SELECT epoch FROM snapshot WHERE stream = ?1 AND topic = ?2 AND partition = ?3 ORDER BY epoch DESC LIMIT 100");
    if (!ask) return ask.error();
    while (true) {
      const Result<bool> row = ask->step();
      if (!row && database_->is_damaged()) {
        // A page of the index: judging goes on without what it led to.
        troubles.push_back({.weight = Trouble::Weight::Passing,
                            .event = "snapshot_damaged",
                            .message = "`" + folder_->database_path() + "`: the list of snapshots of " +
                                       partition.topic + "[" + std::to_string(partition.number) +
                                       "] is damaged and left out; check the disk"});
        break;
      }
      if (!row) return row.error();
      if (!*row) break;
      epochs.push_back(ask->integer(0));
    }
  }
  std::vector<Snapshot> whole;
  for (const std::int64_t epoch : epochs) {
    Result<std::optional<Snapshot>> found = read(partition, epoch);
    if (!found) return found.error();
    if (*found) {
      whole.push_back(std::move(**found));
      continue;
    }
    troubles.push_back({.weight = Trouble::Weight::Passing,
                        .event = "snapshot_damaged",
                        .message = "`" + folder_->database_path() + "`: snapshot " + std::to_string(epoch) + " of " +
                                   partition.topic + "[" + std::to_string(partition.number) +
                                   "] is damaged and left out; check the disk"});
  }
  return whole;
}

Status SnapshotFile::save(std::span<const Snapshot> snapshots) {
  if (const Status begun = database_->execute("BEGIN IMMEDIATE"); !begun) return begun;
  Status saved = save_all(snapshots);
  if (saved) saved = database_->execute("COMMIT");
  if (!saved) (void)database_->execute("ROLLBACK");  // an error too where SQLite has already gone back
  return saved;
}

Status SnapshotFile::save_all(std::span<const Snapshot> snapshots) {
  for (const Snapshot& snapshot : snapshots) {
    if (const Status saved = save_one(snapshot); !saved) return saved;
  }
  return Done{};
}

Status SnapshotFile::save_one(const Snapshot& snapshot) {
  if (snapshot.epoch > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
    return Error{.message = "epoch " + std::to_string(snapshot.epoch) + " is out of range"};
  }
  const auto epoch = static_cast<std::int64_t>(snapshot.epoch);
  const Partition& partition = snapshot.partition;
  Result<SqliteStatement> later =
      about(partition, "DELETE FROM snapshot WHERE stream = ?1 AND topic = ?2 AND partition = ?3 AND epoch >= ?4");
  if (!later) return later.error();
  if (const Status gone = later->bind(4, epoch).run(); !gone) return gone;
  Result<SqliteStatement> earlier =
      about(partition,
            "DELETE FROM snapshot WHERE stream = ?1 AND topic = ?2 AND partition = ?3 AND "
            "epoch < (SELECT max(epoch) FROM snapshot WHERE stream = ?1 AND topic = ?2 "
            "AND partition = ?3)");
  if (!earlier) return earlier.error();
  if (const Status gone = earlier->run(); !gone) return gone;
  Result<SqliteStatement> put = about(partition,
                                      "INSERT INTO snapshot (stream, topic, partition, epoch, next_offset, checksum, "
                                      "state) VALUES (?1, ?2, ?3, ?4, ?5, "
                                      "?6, ?7)");
  if (!put) return put.error();
  put->bind(4, epoch).bind(5, snapshot.next_offset);
  put->bind(6, checksum(stream_, partition, epoch, snapshot.next_offset, snapshot.state));
  return put->bind_bytes(7, snapshot.state).run();
}

}  // namespace weir
