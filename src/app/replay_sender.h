// SPDX-License-Identifier: Apache-2.0
// Records that are sent back, in transactions: what is sent and the marks that say so appear together or not at all.
//
// A transaction that was given up is done again, for as long as somebody has patience: nothing of it happened. One that nobody
// knows the end of ends the command; the next one finds out, because a mark is there exactly where its record is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "weir/ports.h"

namespace weir {

struct ReplayItem {
  std::string id;
  OwnRecord record;
  std::optional<OwnRecord> mark;  // nothing: a ledger keeps it
};

class ReplaySender {
 public:
  struct Options {
    Duration patience = std::chrono::minutes(2);  // with a transaction that is given up again and again
    std::function<bool()> interrupted;
    std::function<Duration()> steady;  // a clock that only goes forward
    std::function<void(Duration)> wait;
    /// Their transaction is over, and they are there.
    std::function<Status(std::span<const ReplayItem>)> committed;
    /// No topic takes a record of this size.
    std::function<void(const ReplayItem&)> too_large;
    std::function<void(const std::string&)> told;  // what goes wrong on the way and heals
  };

  ReplaySender(RecordOut& out, Transactions& transactions, Options options)
      : out_(out), transactions_(transactions), options_(std::move(options)) {}

  /// In one transaction, or, when one of them is too large and nobody says which, in several. Codes of errors: "interrupted",
  /// "fenced", or those of troubles.
  Status send(std::span<const ReplayItem> items);

 private:
  enum class Attempt : std::uint8_t { Committed, Again, TooLarge };

  Result<Attempt> attempt(std::span<const ReplayItem> items);
  /// Until something stands in the way.
  Status write(std::span<const ReplayItem> items);
  void hear();
  [[nodiscard]] Error worst(std::string otherwise) const;

  RecordOut& out_;
  Transactions& transactions_;
  Options options_;
  std::vector<Delivered> delivered_;
  std::vector<Trouble> troubles_;   // of this attempt
  std::optional<Trouble> refusal_;  // of a record, which no waiting heals
  bool too_large_ = false;
  std::optional<std::size_t> culprit_;  // which item that is, when it is known
};

}  // namespace weir
