// SPDX-License-Identifier: Apache-2.0
// A record that was put aside, read back: from a message of a quarantine topic, or from a line of a quarantine file as `weir run`
// or `weir check` wrote it (docs/quarantine.md, docs/input.md).
//
// What is read was written by somebody: by an older weir, by a newer one, or by a proxy that cut the headers. What is there is
// taken, what is missing is named, and nothing that is read is trusted to be short, whole or harmless.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/messages.h"
#include "weir/ports.h"
#include "weir/result.h"
#include "weir/time.h"

namespace weir {

/// The form of quarantined records that this weir writes; a higher one is refused in words.
inline constexpr std::uint32_t kQuarantineVersion = 1;

struct QuarantinedViolation {
  std::string rule;
  std::string severity;
  std::string code;
  std::string path;
  std::string value;
  std::string message;
};

struct QuarantinedRecord {
  /// What stands where the value, or the key, was.
  enum class Form : std::uint8_t {
    Original,  // its own bytes
    Rendered,  // the same as JSON: the bytes are not here
    Redacted,  // with fields taken out
    Withheld,  // nothing
    Stub,      // nothing: it was too large
  };

  std::string id;    // "orders-3-17"; of files "orders.ndjson:17"
  Partition origin;  // an empty topic: it came from a file
  std::int64_t offset = 0;
  std::string file;  // where it came from, when that was a file
  std::uint64_t line = 0;
  std::optional<Instant> timestamp;  // its own
  TimestampType timestamp_type = TimestampType::None;
  std::string pipeline;
  std::string instance;
  std::string ruleset;
  std::optional<Instant> at;  // when it was put aside
  std::string stage;          // decode, record, time, late; `replayed`: a mark that the record of that id was sent back
  std::vector<QuarantinedViolation> violations;
  std::uint64_t more_violations = 0;  // that did not fit
  std::uint32_t replay_count = 0;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;  // its own
  Form value_form = Form::Original;
  Form key_form = Form::Original;
  std::string into;  // of a mark: the topic that it was sent to

  /// Facts that should be there and are not, or cannot be read: "__weir.violations", ...
  std::vector<std::string> missing;

  // Where it lies in the quarantine.
  Partition lies_in;         // an empty topic: in a file
  std::int64_t lies_at = 0;  // offset; of a file the line
};

/// The error: it is no quarantined record at all (code "not_quarantined"), or a newer weir wrote it (code "newer").
[[nodiscard]] Result<QuarantinedRecord> read_quarantined(const Message& message, const Envelope& envelope);
[[nodiscard]] Result<QuarantinedRecord> read_quarantined_line(std::string_view line);

/// Which records are meant. Empty lists mean all.
struct QuarantineFilter {
  std::vector<std::string> rules = {};  // globs
  std::vector<std::string> ids = {};
  std::vector<std::string> stages = {};
  std::optional<Instant> from = {};  // of `at`
  std::optional<Instant> to = {};    // before it

  [[nodiscard]] bool takes(const QuarantinedRecord& record) const;
};

}  // namespace weir
