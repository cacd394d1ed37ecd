// SPDX-License-Identifier: Apache-2.0
// What a decoder made of records, as plain text that a test can compare.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "testing/message_block.h"
#include "weir/decoder.h"

namespace weir::testing {

struct DecodedRow {
  bool decoded = false;
  bool duplicate_keys = false;
  std::vector<std::string> values;  // by column: `integer 5`, `text abc`, `absent`; repeated ones `[integer 1, absent]`
  std::vector<std::string> extra;   // fields that no rule names, where the plan asks for them
  std::vector<std::string> seen;    // every field of the record, where the plan asks for them: `0 name text`
  std::string code;                 // why it is not decoded
  std::string reason;
  std::uint32_t at = 0;

  bool operator==(const DecodedRow&) const = default;
};

/// A plan that reads these paths and has no rule.
[[nodiscard]] Plan plan_of(const std::vector<std::string>& paths);

[[nodiscard]] std::vector<DecodedRow> decode(Decoder& decoder, const Plan& plan, const Messages& messages);

/// One line for a test's message.
[[nodiscard]] std::string show(const DecodedRow& row);

}  // namespace weir::testing
