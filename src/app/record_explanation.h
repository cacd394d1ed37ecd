// SPDX-License-Identifier: Apache-2.0
// What every rule makes of one record, with its arithmetic: the values as they were read, what was asked of them, and why it
// holds, fails, or has nothing to say. Judged by the engine that judges everything else; what depends on other records is
// named and not guessed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "files/source.h"
#include "weir/messages.h"
#include "weir/outcome.h"
#include "weir/plan.h"
#include "weir/ports.h"

namespace weir {

/// One record, with whatever its bytes lie in.
struct FoundRecord {
  std::string place;    // "orders/3/17", "orders.ndjson:17"
  Partition partition;  // of a topic; an empty topic: of a file
  Messages messages;    // one item
  Format format = Format::Json;
  bool tombstone = false;
  // what keeps them alive
  std::string bytes;
  std::string key;
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
  std::unique_ptr<FileSource> source = nullptr;
  std::unique_ptr<Block> block = nullptr;

  FoundRecord() = default;
  FoundRecord(FoundRecord&& other) noexcept { *this = std::move(other); }
  /// Short texts move with it: what looks at them is bound anew.
  FoundRecord& operator=(FoundRecord&& other) noexcept;
  ~FoundRecord() = default;
  /// Lets a record of a topic look at the texts kept here.
  void bind();
};

enum class RuleSays : std::uint8_t {
  Holds,
  Fails,
  Skipped,  // it has nothing to say of this record
  Depends,  // on the records before it
};
[[nodiscard]] std::string_view word_of(RuleSays says);

/// What one record rule says.
struct ExplainedRule {
  const RuleInfo* info = nullptr;
  RuleSays says = RuleSays::Holds;
  std::string why = {};                                          // "100001 is above 1000", "`when` is false: …"
  std::vector<std::pair<std::string, std::string>> values = {};  // field, as it was read, redacted
  std::vector<std::string> parts = {};                           // of an expression
};

/// Where a window rule sees the record, and what it gives to it.
struct ExplainedWindow {
  const RuleInfo* info = nullptr;
  bool counts = false;                    // it lies in windows of the rule
  std::string why = {};                   // else why not; also what that depends on
  std::vector<std::string> windows = {};  // "2026-01-31 12:03–12:04Z"; the first few
  std::size_t more = 0;                   // windows beside those
  std::string segment = {};               // "country=DE"
  std::vector<std::string> gives = {};    // "mean(amount): amount = 20"
};

struct RecordExplanation {
  std::string place;
  bool decoded = false;
  std::string why_not;  // it could not be read
  std::size_t bytes = 0;
  std::optional<std::string> json;                            // the record, redacted
  std::string withheld;                                       // else why it is not shown
  std::vector<std::pair<std::string, std::string>> envelope;  // "key", "timestamp", "header x", "schema"
  std::string time;  // when it happened, or why nobody knows; empty: no windows
  std::vector<ExplainedRule> rules;
  std::vector<ExplainedWindow> windows;
  bool fails = false;
  std::string fate;  // what becomes of it
};

/// `now` is the time of the run: for ages, and for events of the future.
[[nodiscard]] RecordExplanation explain_record(const std::shared_ptr<const Plan>& plan, const FoundRecord& record,
                                               Instant now);

[[nodiscard]] std::string write_explanation_text(const RecordExplanation& explanation, bool color, int width);
[[nodiscard]] std::string write_explanation_json(const RecordExplanation& explanation);

}  // namespace weir
