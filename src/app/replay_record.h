// SPDX-License-Identifier: Apache-2.0
// What is written for a quarantined record that is sent back: the record as it was, and the mark that it was sent.
#pragma once

#include <cstdint>
#include <string>

#include "quarantine/quarantined.h"
#include "weir/ports.h"

namespace weir {

struct ReplayTarget {
  std::string topic = {};
  std::int32_t partitions = 0;  // that it has
  bool keep_timestamp = true;   // else the time at which it is sent
  std::string why_not = {};     // why nothing can be written there; empty: it can
};

/// Key, value and headers as they were, behind them `__weir.replay_count` and `__weir.replay_of`. It goes to its own partition
/// where it goes back to its own topic, and to that of its key elsewhere.
[[nodiscard]] OwnRecord replayed_record(const QuarantinedRecord& record, const ReplayTarget& target);

/// Beside the quarantined record, in its partition: a null value under its id.
[[nodiscard]] OwnRecord replay_mark(const QuarantinedRecord& record, const std::string& into, Instant now);

}  // namespace weir
