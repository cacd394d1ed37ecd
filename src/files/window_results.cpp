// SPDX-License-Identifier: Apache-2.0
// Rows are numbered as they are written, and a replaced row gets a new number: so the newest are those with the highest
// numbers, and the number of rows is at most the distance between the highest and the lowest.
#include "files/window_results.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace weir {

namespace {

std::int64_t micros(Instant instant) {
  return instant.time_since_epoch().count();
}

Instant instant_of(std::int64_t micros) {
  return Instant(Duration(micros));
}

}  // namespace

Result<std::unique_ptr<WindowResults>> WindowResults::open(std::shared_ptr<StateFolder> folder, std::string stream,
                                                           WindowResultLimits limits) {
  std::unique_ptr<WindowResults> results(new WindowResults(std::move(folder), std::move(stream), limits));
  auto database = results->folder_->connect();
  if (!database) return database.error();
  results->database_ = std::move(*database);
  return results;
}

Status WindowResults::add(std::span<const WindowResult> results, Instant now) {
  if (const Status begun = database_->execute("BEGIN IMMEDIATE"); !begun) return begun;
  Status written = write(results);
  if (written) written = forget(now);
  if (written) written = database_->execute("COMMIT");
  if (!written) (void)database_->execute("ROLLBACK");
  return written;
}

Status WindowResults::write(std::span<const WindowResult> results) {
  Result<SqliteStatement> put = database_->prepare(
      "INSERT OR REPLACE INTO window_result (stream, rule, segment, start, end, verdict, observed, expected, flags, "
      "judged_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
  if (!put) return put.error();
  for (const WindowResult& result : results) {
    put->bind(1, std::string_view(stream_)).bind(2, std::string_view(result.rule));
    put->bind(3, std::string_view(result.segment)).bind(4, micros(result.start)).bind(5, micros(result.end));
    put->bind(6, static_cast<std::int64_t>(result.verdict)).bind(7, std::string_view(result.observed));
    put->bind(8, std::string_view(result.expected)).bind(9, std::int64_t{result.flags});
    if (const Status done = put->bind(10, micros(result.judged_at)).run(); !done) return done;
  }
  return Done{};
}

Status WindowResults::forget(Instant now) {
  Result<SqliteStatement> old = database_->prepare("DELETE FROM window_result WHERE judged_at < ?1");
  if (!old) return old.error();
  if (const Status gone = old->bind(1, micros(now - limits_.age)).run(); !gone) return gone;
  Result<SqliteStatement> many =
      database_->prepare("DELETE FROM window_result WHERE number <= (SELECT max(number) FROM window_result) - ?1");
  if (!many) return many.error();
  return many->bind(1, static_cast<std::int64_t>(limits_.number)).run();
}

Result<std::vector<WindowResult>> WindowResults::newest(std::size_t most, std::optional<std::string_view> rule) const {
  Result<SqliteStatement> ask = database_->prepare(
      "SELECT rule, segment, start, end, verdict, observed, expected, flags, judged_at FROM window_result WHERE stream "
      "= ?1 AND (?2 OR rule = ?3) ORDER BY number DESC LIMIT ?4");
  if (!ask) return ask.error();
  ask->bind(1, std::string_view(stream_)).bind(2, std::int64_t{rule ? 0 : 1}).bind(3, rule.value_or(""));
  ask->bind(4, static_cast<std::int64_t>(std::min<std::size_t>(most, std::numeric_limits<std::int32_t>::max())));
  std::vector<WindowResult> found;
  while (true) {
    const Result<bool> row = ask->step();
    if (!row) return row.error();
    if (!*row) return found;
    const std::int64_t verdict = ask->integer(4);
    if (verdict < 0 || verdict > static_cast<std::int64_t>(Verdict::Error)) continue;
    found.push_back({.rule = ask->text(0),
                     .segment = ask->text(1),
                     .start = instant_of(ask->integer(2)),
                     .end = instant_of(ask->integer(3)),
                     .verdict = static_cast<Verdict>(verdict),
                     .observed = ask->text(5),
                     .expected = ask->text(6),
                     .flags = static_cast<std::uint32_t>(ask->integer(7)),
                     .judged_at = instant_of(ask->integer(8))});
  }
}

}  // namespace weir
