// SPDX-License-Identifier: Apache-2.0
// CSV as an input and as records: whatever the bytes, blocks of any size give the same records, none overlap, and each is
// either decoded or fails with a reason.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "decode/decoders.h"
#include "read_bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  const std::string input(reinterpret_cast<const char*>(data), size);
  static const Plan plan = [] {
    Plan made;
    for (const char* path : {"a", "b.c", "\"b.c\"", "items[].x"}) made.fields.add(*FieldPath::parse(path));
    made.fields[0].cell_type = CellType::Number;
    made.fields[1].cell_type = CellType::Boolean;
    made.extra_fields_rule = 0;
    made.note_fields = true;
    made.record_max_bytes = fuzz::kRecordMaxBytes;
    return made;
  }();
  for (const Format format : {Format::Csv, Format::Tsv}) {
    fuzz::check_block_sizes(input, format);
    const std::unique_ptr<Decoder> decoder = make_decoder(format, plan);
    fuzz::each_block(input, format, 64, [&](const Block& block) {
      Batch batch;
      batch.clear(plan.fields.size());
      decoder->decode(block.messages, batch);
      WEIR_ASSERT(batch.size() == block.messages.items.size(), "a row for each message");
      WEIR_ASSERT(batch.decoded.count() + batch.failures.size() == batch.size(),
                  "a reason for each row that cannot be read");
      for (const Column& column : batch.columns)
        WEIR_ASSERT(column.kinds.size() == batch.size(), "a cell for each row");
      for (const SeenField& field : batch.seen_fields)
        WEIR_ASSERT(batch.decoded[field.row], "fields of records that were read");
      for (const DecodeFailure& failure : batch.failures) {
        WEIR_ASSERT(!failure.reason.empty() && failure.at <= fuzz::kRecordMaxBytes, "a reason and a place");
      }
    });
  }
  return 0;
}
