// SPDX-License-Identifier: Apache-2.0
#include "files/state_queue.h"

namespace weir {

namespace {

// A folder that knows no queues is one of before: the table comes with the first use.
constexpr const char* kTable = R"sql(
  CREATE TABLE IF NOT EXISTS queued_text (
    owner TEXT NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (owner, number)
  ) WITHOUT ROWID;
)sql";

}  // namespace

Result<std::unique_ptr<StateQueue>> StateQueue::open(std::shared_ptr<StateFolder> folder, std::string owner) {
  std::unique_ptr<StateQueue> queue(new StateQueue(std::move(folder), std::move(owner)));
  auto database = queue->folder_->connect();
  if (!database) return database.error();
  queue->database_ = std::move(*database);
  if (const Status made = queue->database_->execute(kTable); !made) return made.error();
  return queue;
}

Result<std::vector<QueuedText>> StateQueue::all() const {
  Result<SqliteStatement> ask =
      database_->prepare("SELECT number, name, text FROM queued_text WHERE owner = ?1 ORDER BY number");
  if (!ask) return ask.error();
  ask->bind(1, std::string_view(owner_));
  std::vector<QueuedText> found;
  while (true) {
    const Result<bool> row = ask->step();
    if (!row) return row.error();
    if (!*row) return found;
    found.push_back(
        {.number = static_cast<std::uint64_t>(ask->integer(0)), .name = ask->text(1), .text = ask->text(2)});
  }
}

Status StateQueue::keep(std::uint64_t first, std::span<const QueuedText> more) {
  if (const Status begun = database_->execute("BEGIN IMMEDIATE"); !begun) return begun;
  Status written = write(first, more);
  if (written) written = database_->execute("COMMIT");
  if (!written) (void)database_->execute("ROLLBACK");
  return written;
}

Status StateQueue::write(std::uint64_t first, std::span<const QueuedText> more) {
  Result<SqliteStatement> settle = database_->prepare("DELETE FROM queued_text WHERE owner = ?1 AND number < ?2");
  if (!settle) return settle.error();
  settle->bind(1, std::string_view(owner_)).bind(2, static_cast<std::int64_t>(first));
  if (const Status gone = settle->run(); !gone) return gone;
  Result<SqliteStatement> put =
      database_->prepare("INSERT OR REPLACE INTO queued_text (owner, number, name, text) VALUES (?1, ?2, ?3, ?4)");
  if (!put) return put.error();
  for (const QueuedText& one : more) {
    put->bind(1, std::string_view(owner_)).bind(2, static_cast<std::int64_t>(one.number));
    put->bind(3, std::string_view(one.name)).bind(4, std::string_view(one.text));
    if (const Status done = put->run(); !done) return done;
  }
  return Done{};
}

}  // namespace weir
