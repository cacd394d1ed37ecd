// SPDX-License-Identifier: Apache-2.0
// What a record looks like once it was judged: put aside with its reasons in headers, or passed on as it came. The headers
// and their forms are described in docs/quarantine.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/messages.h"
#include "weir/outcome.h"
#include "weir/plan.h"
#include "weir/ports.h"

namespace weir {

class DatumJson;

/// What every record that is put aside says of the process that did it.
struct QuarantineStamp {
  std::string pipeline = {};
  std::string instance = {};
  bool connect = false;    // also the headers of Kafka Connect's dead letter queue
  bool confluent = false;  // also those of Confluent's rules
};

/// A record as it lies in its partition.
struct LogRecord {
  const Partition& partition;
  std::uint64_t offset = 0;
  std::optional<std::string_view> value;  // whole; nothing: null
  const Envelope& envelope;               // with key and headers
};

/// The failing record with its reasons, for the quarantine. Its topic is left to the caller. Redacted fields are redacted in
/// value, key and headers; a value in which nobody can find them is left out and a header says so. `json` writes records of the
/// plan; null where it redacts nothing.
[[nodiscard]] OwnRecord quarantine_record(const FailingRecord& failing, const LogRecord& record, const Plan& plan,
                                          const QuarantineStamp& stamp, Instant now, DatumJson* json);

/// The record byte for byte, with key, headers and timestamp. `tagged`: a header names the rules that it broke.
[[nodiscard]] OwnRecord clean_record(const LogRecord& record, const Plan& plan, const FailingRecord* tagged);

/// What takes the place of a quarantined record that is too large for its topic: the reasons and where the record is, without
/// its value and its own headers. Nothing when it is one already.
[[nodiscard]] std::optional<OwnRecord> stub_of_quarantined(const OwnRecord& record);

}  // namespace weir
