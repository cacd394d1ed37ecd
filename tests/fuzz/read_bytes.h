// SPDX-License-Identifier: Apache-2.0
// Bytes of a fuzzer as an input: through a file in memory, so that all of the source is in the loop.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "files/source.h"

namespace weir::fuzz {

/// Small, so that inputs of a fuzzer's size reach it.
inline constexpr std::uint32_t kRecordMaxBytes = 48;

/// Calls visit(block) for each block until the end or the first error; gives the error's message.
template <class Visit>
std::string each_block(const std::string& input, Format format, std::size_t block_bytes, Visit visit) {
  const int file = ::memfd_create("input", 0);
  WEIR_ASSERT(file >= 0, "a file in memory");
  WEIR_ASSERT(::write(file, input.data(), input.size()) == static_cast<ssize_t>(input.size()), "written in one go");
  Result<std::unique_ptr<FileSource>> source =
      FileSource::open("/dev/fd/" + std::to_string(file),
                       {.format = format, .block_bytes = block_bytes, .record_max_bytes = kRecordMaxBytes});
  ::close(file);
  if (!source) return source.error().message.substr(source.error().message.rfind(':') + 1);
  Block block;
  for (;;) {
    const Result<bool> more = (*source)->next(block);
    if (!more) return more.error().message.substr(more.error().message.rfind(':') + 1);
    if (!*more) return "";
    (*source)->cut(block);
    visit(block);
  }
}

/// Aborts unless blocks of a few sizes give the same records, which lie behind each other.
inline void check_block_sizes(const std::string& input, Format format) {
  std::vector<std::string> expected;
  for (const std::size_t block_bytes : {2000UL, 1UL, 7UL, 50UL}) {
    std::vector<std::string> seen;
    std::uint64_t lines = 0;
    std::uint64_t behind = 0;
    std::string error = each_block(input, format, block_bytes, [&](const Block& block) {
      WEIR_ASSERT(block.buffer.size() >= block.size + Messages::kPadding, "padding behind the block");
      for (const Message& message : block.messages.items) {
        WEIR_ASSERT(message.offset >= behind, "records do not overlap");
        WEIR_ASSERT(message.bytes.size() <= kRecordMaxBytes, "records keep to the limit");
        behind = message.offset + message.bytes.size();
        seen.push_back(std::to_string(lines + message.line) + "," + std::to_string(message.offset) +
                       (message.whole ? "," : "+") + std::string(message.bytes));
      }
      lines += block.lines;
    });
    // Where data breaks off, how much of it came before is a matter of the decompressor.
    if (error.find("compressed") != std::string::npos) return;
    seen.push_back(std::to_string(lines) + " lines, " + std::move(error));
    if (expected.empty()) expected = seen;
    WEIR_ASSERT(seen == expected, "records do not depend on the size of the blocks");
  }
}

}  // namespace weir::fuzz
