// SPDX-License-Identifier: Apache-2.0
// One record, found by where it lies: a topic's by partition and offset, a file's by its line.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/record_explanation.h"
#include "app/topic_input.h"
#include "weir/plan.h"

namespace weir {

struct RecordAddress {
  std::string topic = {};  // empty: of a file
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string file = {};
  std::uint64_t line = 0;
};

/// `orders/3/17`; `orders-3-17`, as a quarantine names it; `orders.ndjson:17`. Nothing: it is none of these.
[[nodiscard]] std::optional<RecordAddress> parse_record_address(std::string_view text);

/// Reads it without a group. An error says what is there instead.
Result<FoundRecord> find_in_topic(const TopicInput& input, const Plan& plan, const RecordAddress& address);
/// The same from a log that is there already.
Result<FoundRecord> find_in_log(RecordLog& log, const RecordAddress& address, Duration patience);
Result<FoundRecord> find_in_file(const RecordAddress& address, const Plan& plan, std::optional<Format> format);

}  // namespace weir
