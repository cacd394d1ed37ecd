// SPDX-License-Identifier: Apache-2.0
// The history of measures and of drift in a file that outlives the run: `--state FILE`, an SQLite database. docs/history.md
// says what is in it. A file without records is one that earlier versions read too: the table for them comes with the first.
//
// A run reads what was there when it asks, keeps what it adds in memory, and writes it in one transaction at its end: a run
// that is killed, interrupted or not to be trusted leaves the file as it was. Two runs at the same time both write; for a
// value of the same series and instant the later one wins.
//
// A run that has no end commits again and again: before each snapshot of its windows, never after it. A window that was
// judged between two commits is judged again after a crash, and its values replace themselves; a snapshot that is
// ahead of the history would lose them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "files/sqlite_database.h"
#include "weir/history.h"
#include "weir/result.h"
#include "windows/past_records.h"

namespace weir {

/// Whose values a run adds and asks for.
struct StateOwner {
  std::string stream;   // what the rules are about; series of another stream are other series
  std::string ruleset;  // for the record: what the rules meant when a series was written last
};

/// A series as it lies in the file.
struct StoredSeries {
  std::int64_t id = 0;
  std::string stream;
  std::string name;
  std::string ruleset;
  std::uint64_t values = 0;
};

class StateFile final : public History {
 public:
  // A value takes some 30 bytes in the file: 600 kB a series at most.
  static constexpr std::size_t kValuesOfSeries = 20'000;
  static constexpr std::size_t kSeries = 100'000;  // those that were written longest ago go first
  // What a run may add before it forgets its own oldest values: 64 MB.
  static constexpr std::size_t kValuesOfRun = 4'000'000;

  // Of the records in a file; beyond it the oldest go, the newest of a series last.
  static constexpr std::int64_t kRecordBytes = std::int64_t{512} << 20;
  static constexpr std::size_t kRecordsOfSeries = 100'000;  // that a run may ask for at once

  /// A file that is not there is a new history, written by commit(). One that is there and is not a state file of this
  /// version, whole and writable, is an error.
  static Result<std::unique_ptr<StateFile>> open(const std::string& path, StateOwner owner);
  /// For looking only: the file has to be there, and may be read-only.
  static Result<std::unique_ptr<StateFile>> open_to_read(const std::string& path);

  [[nodiscard]] bool is_new() const noexcept { return database_ == nullptr; }

  [[nodiscard]] std::vector<PastValue> past(std::string_view series, Instant since, Instant before,
                                            std::size_t most) override;
  void add(std::string_view series, PastValue value) override;
  [[nodiscard]] std::vector<PastRecord> past_records(std::string_view series, Instant since, Instant before,
                                                     std::size_t most) override;
  void add_record(std::string_view series, PastRecord record) override;
  void drop_records(std::string_view series, Instant before) override;
  /// Why a value could not be read, if so: what past() answered is not to be trusted.
  [[nodiscard]] const std::optional<Error>& fault() const noexcept { return fault_; }

  /// Writes all that was added since the last time, or nothing of it: then it can be tried again.
  Status commit();
  /// The fault, and forgets it: for a run that goes on.
  std::optional<Error> take_fault() { return std::exchange(fault_, std::nullopt); }

  /// Every series, by stream and name.
  Result<std::vector<StoredSeries>> series() const;
  /// The newest `most` values of a series, oldest first.
  Result<std::vector<PastValue>> values(const StoredSeries& series, std::size_t most) const;

 private:
  struct Series {
    std::int64_t id = 0;                // 0: not in the file
    std::optional<Instant> newest;      // in the file
    std::vector<PastValue> added = {};  // since the last commit, in order of time
  };

  StateFile(std::string path, StateOwner owner) : path_(std::move(path)), owner_(std::move(owner)) {}
  Series& find(std::string_view name);
  Status look_up(std::string_view name, Series& series);
  Status read_stored(const Series& series, Instant since, Instant before, std::size_t most,
                     std::vector<PastValue>& out);
  void trim();
  Status create();
  Status write_all();
  Status write_series(const std::string& name, const Series& series);
  void forget_added();
  Status drop_old_series();
  Result<bool> has_record_table();
  Status read_records(std::string_view series, Instant since, Instant before, std::size_t most,
                      std::vector<PastRecord>& out);
  Status write_records();
  Status drop_old_records();
  void keep_fault(const Status& status);

  std::string path_;
  StateOwner owner_;
  std::unique_ptr<SqliteDatabase> database_;  // null: the file is not there yet
  std::optional<SqliteStatement> find_series_;
  std::optional<SqliteStatement> read_values_;
  std::optional<SqliteStatement> read_records_;
  std::optional<bool> record_table_;  // whether the file has one, once somebody asked since the last commit
  std::map<std::string, Series, std::less<>> series_;
  PastRecords records_;                                  // since the last commit
  std::map<std::string, Instant, std::less<>> dropped_;  // by series: records of the file before that are gone
  std::size_t added_ = 0;
  std::size_t keep_ = kValuesOfSeries;
  std::optional<Error> fault_;
};

}  // namespace weir
