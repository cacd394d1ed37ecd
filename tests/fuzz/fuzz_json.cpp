// SPDX-License-Identifier: Apache-2.0
// Any bytes as JSON: a message gives the same row read in a block, apart from the others, and all alone; and what the columns
// reader takes, the strict little parser of base takes too.
//
// The first byte chooses what stands between the messages, the rest is cut into messages at each 0x1E.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "decode/decoders.h"
#include "testing/decoded_rows.h"

namespace {

using weir::testing::DecodedRow;
using weir::testing::Layout;
using weir::testing::MessageBlock;

constexpr char kCut = 0x1E;  // a control character: no JSON document holds it
constexpr std::string_view kSeparators[] = {"\n", "\r\n", " ", "", "\n\n\t"};

std::vector<std::string> cut(std::string_view bytes) {
  std::vector<std::string> records(1);
  for (const char c : bytes) {
    if (c == kCut) {
      records.emplace_back();
    } else {
      records.back() += c;
    }
  }
  return records;
}

void same(const DecodedRow& left, const DecodedRow& right, const char* what) {
  const std::string a = weir::testing::show(left);
  const std::string b = weir::testing::show(right);
  if (a == b) return;
  std::fprintf(stderr, "%s\n  %s\n  %s\n", what, a.c_str(), b.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view separator = kSeparators[data[0] % std::size(kSeparators)];
  const std::vector<std::string> records = cut({reinterpret_cast<const char*>(data) + 1, size - 1});

  weir::Plan plan =
      weir::testing::plan_of({"a", "b", "a.b", "a.b.c", "items[].x", "items[].y[]", "items[]", "tags[][]"});
  plan.max_depth = 16;
  plan.record_max_bytes = 400;
  if (data[0] & 0x80) plan.extra_fields_rule = 1;
  if (data[0] & 0x40) plan.duplicate_keys_rule = 2;
  plan.note_fields = (data[0] & 0x20) != 0;

  const std::unique_ptr<weir::Decoder> decoder = weir::make_json_decoder(plan);
  const MessageBlock block(records, Layout::OneBlock, separator);
  const std::vector<DecodedRow> in_block = weir::testing::decode(*decoder, plan, block.messages());
  const std::vector<DecodedRow> apart =
      weir::testing::decode(*decoder, plan, MessageBlock(records, Layout::Apart).messages());
  const std::unique_ptr<weir::Decoder> one_by_one = weir::make_json_decoder(plan);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const DecodedRow alone = weir::testing::decode(*one_by_one, plan, MessageBlock({records[i]}).messages())[0];
    same(alone, in_block[i], "alone and in a block:");
    same(alone, apart[i], "alone and apart:");
    if (alone.code == "too_large" || alone.code == "too_deep") continue;
    const bool parses = weir::parse_json(records[i], plan.max_depth).ok();
    if (parses != alone.decoded) {
      std::fprintf(stderr, "the columns reader says %s\n", weir::testing::show(alone).c_str());
      std::abort();
    }
    if (!alone.decoded && (alone.reason.empty() || alone.at > records[i].size())) std::abort();
  }
  return 0;
}
