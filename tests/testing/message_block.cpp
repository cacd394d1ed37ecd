// SPDX-License-Identifier: Apache-2.0
#include "testing/message_block.h"

#include <cstring>

namespace weir::testing {

MessageBlock::MessageBlock(const std::vector<std::string>& records, Layout layout, std::string_view separator) {
  std::string whole;
  for (const std::string& record : records) {
    if (!whole.empty()) whole += separator;
    messages_.items.push_back({.bytes = {}, .line = messages_.items.size() + 1, .offset = whole.size(), .whole = true});
    whole += record;
  }
  if (layout == Layout::OneBlock) {
    const char* const begin = copy(whole, Messages::kPadding);
    messages_.block = {begin, whole.size()};
    messages_.stretch = messages_.block;
    for (std::size_t i = 0; i < records.size(); ++i)
      messages_.items[i].bytes = {begin + messages_.items[i].offset, records[i].size()};
  } else {
    for (std::size_t i = 0; i < records.size(); ++i)
      messages_.items[i].bytes = {copy(records[i], 0), records[i].size()};
  }
}

/// The padding is a zero and then noise, as the rest of a larger buffer would be.
char* MessageBlock::copy(std::string_view bytes, std::size_t padding) {
  memory_.push_back(std::make_unique<char[]>(bytes.size() + padding));
  char* const begin = memory_.back().get();
  if (!bytes.empty()) std::memcpy(begin, bytes.data(), bytes.size());
  if (padding > 0) {
    std::memset(begin + bytes.size(), '"', padding);
    begin[bytes.size()] = '\0';
  }
  return begin;
}

}  // namespace weir::testing
