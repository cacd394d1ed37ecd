// SPDX-License-Identifier: Apache-2.0
// Records as a source would hand them over, in memory of exactly their size, so that the address sanitizer sees every byte
// that is read beyond.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/messages.h"

namespace weir::testing {

/// Where the records lie: in one stretch, as in a file, or each for itself, as they come from Kafka.
enum class Layout { OneBlock, Apart };

class MessageBlock {
 public:
  /// `separator` stands between two records of one block; it has to be white space.
  explicit MessageBlock(const std::vector<std::string>& records, Layout layout = Layout::OneBlock,
                        std::string_view separator = "\n");
  [[nodiscard]] const Messages& messages() const { return messages_; }
  [[nodiscard]] Messages& messages() { return messages_; }

 private:
  char* copy(std::string_view bytes, std::size_t padding);

  std::vector<std::unique_ptr<char[]>> memory_;
  Messages messages_;
};

}  // namespace weir::testing
