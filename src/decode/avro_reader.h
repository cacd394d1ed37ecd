// SPDX-License-Identifier: Apache-2.0
// Reads Avro data into the columns of a batch: one pass over the bytes of a record, step by step of its program.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "decode/avro_flat.h"
#include "decode/avro_json.h"
#include "decode/avro_program.h"
#include "decode/avro_value.h"
#include "decode/avro_walk.h"
#include "decode/column_filler.h"
#include "decode/typed_reader.h"

namespace weir {

class AvroReader final : public TypedReader {
 public:
  AvroReader(const TypedRequest& request, AvroShapes shapes);

  void begin(Batch& batch) override;
  bool read(std::uint32_t row, std::string_view bytes) override;
  void read_many(std::uint32_t first, std::span<const std::string_view> records,
                 std::vector<std::uint32_t>& left) override;
  [[nodiscard]] const DecodeFailure& fault() const override { return fault_; }
  bool json(std::string_view bytes, std::string& out) override;
  [[nodiscard]] std::vector<std::string> names() const override;

 private:
  bool run(const AvroStep* steps, std::uint32_t count, std::size_t depth, const AvroShape* record);
  bool run_long(const AvroStep& step, std::size_t depth);
  bool name_fault(const AvroShape* record, std::size_t field);
  bool record(const AvroStep& step, std::size_t depth);
  bool constant(const AvroRoutine::Constant& constant, std::size_t depth);
  bool array(const AvroStep& step, std::size_t depth);
  bool map(const AvroStep& step, std::size_t depth);
  bool map_entries(const AvroStep& step, std::size_t depth, std::size_t found);
  bool container(const AvroStep& step, Kind kind, const char* begin, std::size_t depth);
  bool end();
  void put(const AvroStep& step, Kind kind, const Cell& cell) {
    if (step.node >= 0) filler_.put(step.node, kind, cell);
    if (step.note >= 0) [[unlikely]]
      note(step, kind);
  }
  void note(const AvroStep& step, Kind kind) {
    batch_->seen_fields[seen_before_ + static_cast<std::size_t>(step.note)].kind = kind;
  }
  void note_fields(const AvroShape& shape);
  [[nodiscard]] std::string_view pooled(const AvroText& text) const { return {room_.pool + text.at, text.size}; }

  const AvroShapes shapes_;
  const AvroProgram program_;
  ColumnFiller filler_;
  std::optional<AvroFlat> flat_;
  AvroWalk walk_;
  AvroJson json_;
  AvroRoom room_;
  bool note_;
  Batch* batch_ = nullptr;
  std::uint32_t row_ = 0;
  std::size_t size_ = 0;  // of the record
  std::size_t seen_before_ = 0;
  std::size_t extra_before_ = 0;
  std::vector<const char*> entries_;  // of the maps being read: where the value of each named key begins, null: nowhere
  std::string text_;
  DecodeFailure fault_;
};

}  // namespace weir
