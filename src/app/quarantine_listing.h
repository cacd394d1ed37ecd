// SPDX-License-Identifier: Apache-2.0
// The newest records of a quarantine, and a table of them: a line a record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/quarantine_input.h"
#include "quarantine/quarantined.h"
#include "quarantine/seen_ids.h"

namespace weir {

/// That a record was sent back.
struct SentBack {
  std::optional<Instant> at;
  std::string into;
};

/// Keeps the newest `most` by the time at which they were put aside, each id once, and which of all were sent back.
class NewestRecords {
 public:
  /// What is kept of a record beside its facts.
  enum class Keep : std::uint8_t { Facts, Record, Line };

  struct Kept {
    QuarantinedRecord record;
    std::string line;         // where lines were asked for
    std::uint64_t order = 0;  // as they were read
  };

  NewestRecords(std::size_t most, Keep keep) : most_(most), keep_(keep) {}

  /// A record or a mark; false: a record of that id was there before.
  bool add(QuarantineEntry& entry);
  /// Oldest first. After the last add().
  [[nodiscard]] std::vector<Kept> take();

  [[nodiscard]] std::uint64_t records() const { return records_; }  // each id once
  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  [[nodiscard]] std::uint64_t twice() const { return twice_; }
  [[nodiscard]] std::uint64_t forgotten() const { return ids_.forgotten(); }
  [[nodiscard]] const SentBack* sent_back(const QuarantinedRecord& record) const;

 private:
  void add_mark(const QuarantinedRecord& mark);

  std::size_t most_;
  Keep keep_;
  std::vector<Kept> heap_;  // the oldest first
  std::vector<SentBack> marks_;
  SeenIds ids_;
  std::uint64_t records_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t twice_ = 0;
};

/// "01-02 03:00:05", with the year in place of the seconds where it is another one than now's; "?" for nothing. UTC.
[[nodiscard]] std::string short_time(const std::optional<Instant>& at, Instant now);

[[nodiscard]] std::string quarantine_table(const std::vector<NewestRecords::Kept>& shown, const NewestRecords& newest,
                                           Instant now, std::size_t width);

}  // namespace weir
