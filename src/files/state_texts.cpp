// SPDX-License-Identifier: Apache-2.0
#include "files/state_texts.h"

namespace weir {

namespace {

// A folder that knows no such texts is one of before: the table comes with the first use.
constexpr const char* kTable = R"sql(
  CREATE TABLE IF NOT EXISTS named_text (
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (owner, name)
  ) WITHOUT ROWID;
)sql";

}  // namespace

Result<std::unique_ptr<StateTexts>> StateTexts::open(std::shared_ptr<StateFolder> folder, std::string owner) {
  std::unique_ptr<StateTexts> texts(new StateTexts(std::move(folder), std::move(owner)));
  auto database = texts->folder_->connect();
  if (!database) return database.error();
  texts->database_ = std::move(*database);
  if (const Status made = texts->database_->execute(kTable); !made) return made.error();
  return texts;
}

Result<std::vector<std::pair<std::string, std::string>>> StateTexts::all() const {
  Result<SqliteStatement> ask = database_->prepare("SELECT name, text FROM named_text WHERE owner = ?1 ORDER BY name");
  if (!ask) return ask.error();
  ask->bind(1, std::string_view(owner_));
  std::vector<std::pair<std::string, std::string>> found;
  while (true) {
    const Result<bool> row = ask->step();
    if (!row) return row.error();
    if (!*row) return found;
    found.emplace_back(ask->text(0), ask->text(1));
  }
}

Status StateTexts::put(std::span<const std::pair<std::string, std::string>> texts) {
  if (const Status begun = database_->execute("BEGIN IMMEDIATE"); !begun) return begun;
  Status written = write(texts);
  if (written) written = database_->execute("COMMIT");
  if (!written) (void)database_->execute("ROLLBACK");
  return written;
}

Status StateTexts::write(std::span<const std::pair<std::string, std::string>> texts) {
  Result<SqliteStatement> put =
      database_->prepare("INSERT OR REPLACE INTO named_text (owner, name, text) VALUES (?1, ?2, ?3)");
  if (!put) return put.error();
  Result<SqliteStatement> remove = database_->prepare("DELETE FROM named_text WHERE owner = ?1 AND name = ?2");
  if (!remove) return remove.error();
  for (const auto& [name, text] : texts) {
    SqliteStatement& statement = text.empty() ? *remove : *put;
    statement.bind(1, std::string_view(owner_)).bind(2, std::string_view(name));
    if (!text.empty()) statement.bind(3, std::string_view(text));
    if (const Status done = statement.run(); !done) return done;
  }
  return Done{};
}

}  // namespace weir
