// SPDX-License-Identifier: Apache-2.0
// What was put aside as the input of a command: every record of quarantine files, or of a quarantine topic to where it ends now.
//
// Order: files as they were named, partition after partition, each from its beginning; not the order of time. Marks (a record was
// sent back) lie behind their records in a file and in a partition, and may lie before them in another one.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/arguments.h"
#include "app/progress.h"
#include "app/surroundings.h"
#include "app/topic_input.h"
#include "quarantine/quarantined.h"
#include "weir/messages.h"
#include "weir/result.h"

namespace weir {

struct QuarantineInput {
  std::vector<std::string> paths;   // files, patterns and directories expanded; "-" is standard input
  std::optional<TopicInput> topic;  // in place of them
  QuarantineFilter filter;
  Instant now{};
  std::string name;   // "topic orders.quarantine", "orders.quarantine.ndjson", "3 files"
  std::string given;  // the same as words of a command line, for the next command that one types
};

/// --rule, --id, --stage, --from, --to.
Result<QuarantineFilter> quarantine_filter_of(const Arguments& arguments, Instant now);

/// From `FILE...` or `--topic …`, and --rule, --id, --stage, --from, --to. The first `beside` operands are no files.
Result<QuarantineInput> quarantine_input_of(const Arguments& arguments, const Surroundings& surroundings,
                                            std::size_t beside);

/// One that was read, for the length of a call. Its record may be moved away.
class QuarantineEntry {
 public:
  QuarantineEntry(QuarantinedRecord record, std::string_view line) : record(std::move(record)), line_(line) {}
  QuarantineEntry(QuarantinedRecord record, const Message& message, const Envelope& envelope)
      : record(std::move(record)), message_(&message), envelope_(&envelope) {}

  [[nodiscard]] bool is_mark() const;
  /// As a line of a quarantine file, with its end: that of a file as it stands there.
  [[nodiscard]] std::string line() const;

  QuarantinedRecord record;

 private:
  std::string_view line_ = {};
  const Message* message_ = nullptr;
  const Envelope* envelope_ = nullptr;
};

struct QuarantineCounts {
  std::uint64_t read = 0;       // lines or messages
  std::uint64_t records = 0;    // that are quarantined records, whether they were meant or not; without marks
  std::uint64_t marks = 0;      // that one was sent back
  std::uint64_t strangers = 0;  // no quarantined records
  std::uint64_t newer = 0;      // of a form that this weir does not read
  std::string stranger;         // where the first of them lies: "orders.quarantine/0 offset 17", "a.ndjson line 3"
  std::string newer_words;      // what is wrong with the first of them

  /// There is something to read, and none of it is a quarantined record.
  [[nodiscard]] bool is_none() const { return read > 0 && read == strangers; }
};

/// Calls `visit` with every mark and with the records that the filter takes, until it returns false.
Status read_quarantine(const QuarantineInput& input, ProgressLine& progress, QuarantineCounts& counts,
                       const std::function<bool(QuarantineEntry& entry)>& visit);

/// "these are no quarantined records; did you mean orders.quarantine?", for an input of which is_none() holds.
[[nodiscard]] Error no_quarantine(const QuarantineInput& input, const QuarantineCounts& counts);

/// Sentences about what could not be read, as the last lines of a command; mostly none.
[[nodiscard]] std::vector<std::string> unread_words(const QuarantineCounts& counts);

}  // namespace weir
