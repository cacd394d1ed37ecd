// SPDX-License-Identifier: Apache-2.0
// What a decoder made of messages with an envelope, as one line a message.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "testing/message_block.h"
#include "weir/decoder.h"

namespace weir::testing {

struct WrappedMessage {
  std::string value;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string key = {};  // empty: none
};

struct WrappedRows {
  /// `removal | text x | absent`: what the row is (`row`, `removal`, `notice`, `snapshot`, `schema: words` and the like), then
  /// its values as decoded_rows.h shows them.
  std::vector<std::string> lines;
  std::array<std::uint64_t, kWrappings> wrapped{};
};

/// As a topic's messages. `cut`: how many messages a batch holds; 0: all of them.
[[nodiscard]] WrappedRows read_topic(const Plan& plan, const std::vector<WrappedMessage>& messages,
                                     std::size_t cut = 0);
/// The same for messages without headers.
[[nodiscard]] WrappedRows read_topic(const Plan& plan, const std::vector<std::string>& values);
/// As the records of a file: in one block, without envelopes.
[[nodiscard]] WrappedRows read_file(const Plan& plan, const std::vector<std::string>& values);

}  // namespace weir::testing
