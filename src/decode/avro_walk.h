// SPDX-License-Identifier: Apache-2.0
// A walk over the bytes of one datum: where it is, how much it may still cost, and why it stopped. Skipping is done here; whoever
// reads values takes steps of its own in between.
//
// Bytes can claim more than they hold: an array of 2^60 nulls takes twelve bytes. So elements that take bytes are held against
// the bytes that are left, and those that may take none, and records, against a budget.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "decode/avro_cursor.h"
#include "decode/avro_shape.h"

namespace weir {

class AvroWalk {
 public:
  /// Records and empty elements: so many in any datum, and more by its length. Data have a record for each few bytes at most.
  static constexpr std::uint64_t kFreeValues = 65'536;
  static constexpr std::uint64_t kValuesAByte = 16;

  AvroWalk(const AvroShapes& shapes, std::size_t max_depth) : shapes_(shapes), max_depth_(max_depth) {}

  void begin(std::string_view bytes, std::size_t at = 0) {
    begin_ = bytes.data();
    end_ = begin_ + bytes.size();
    cursor = {begin_ + at, end_};
    budget_ = kFreeValues + kValuesAByte * (bytes.size() - at);
    code_ = {};
  }
  [[nodiscard]] std::size_t offset() const noexcept { return static_cast<std::size_t>(cursor.at - begin_); }

  /// False: it failed. `depth` counts the records, arrays and maps around the datum.
  bool skip(std::uint32_t shape, std::size_t depth);

  /// Steps that a reader shares with skip().
  bool enter_record(std::size_t depth);
  bool enter(std::size_t depth) { return depth < max_depth_ || too_deep(); }
  struct Block {
    std::uint64_t count = 0;       // none: behind the last one
    const char* behind = nullptr;  // where it ends, if it says so
  };
  bool block(Block& out, std::uint32_t least);
  bool block_ended(const Block& block) { return block.behind == nullptr || block.behind == cursor.at || wrong_size(); }
  /// The symbol of an enum.
  bool symbol(const AvroShape& shape, AvroText& out);
  /// The branch of a union: an index of `below`.
  bool branch(const AvroShape& shape, std::size_t& out) {
    std::int64_t index = 0;
    if (!cursor.number(index)) [[unlikely]]
      return bad_varint();
    out = static_cast<std::size_t>(index);
    return out < shape.below.size() || bad_index("union", index, shape.below.size());
  }
  bool int_number(std::int64_t& out) {
    std::uint64_t raw = 0;
    if (!cursor.varint(raw)) [[unlikely]]
      return bad_varint();
    out = static_cast<std::int64_t>(raw >> 1 ^ (0 - (raw & 1)));
    return raw <= 0xFFFF'FFFFU || fail("syntax", "an int is larger than 32 bits");
  }
  bool text(std::string_view& out) { return cursor.prefixed(out) || bad_length(); }
  /// The key of a map's entry: a text in UTF-8.
  bool key(std::string_view& out);

  bool fail(std::string_view code, std::string reason) { return fail_at(cursor.at, code, std::move(reason)); }
  bool fail_at(const char* at, std::string_view code, std::string reason);
  bool cut_short();
  bool bad_varint();
  bool bad_length();
  bool left_behind();
  /// Says in which field it failed, from the inside out. Always false.
  bool within(std::string_view field);

  [[nodiscard]] std::string_view code() const noexcept { return code_; }
  [[nodiscard]] std::size_t fault_at() const noexcept { return fault_at_; }
  [[nodiscard]] std::string reason() const;

  AvroCursor cursor;

 private:
  bool too_deep();
  bool wrong_size();
  bool bad_index(std::string_view what, std::int64_t index, std::size_t size);
  bool skip_fields(const AvroShape& record, std::size_t depth);
  bool skip_blocks(const AvroShape& shape, std::size_t depth);

  const AvroShapes& shapes_;
  std::size_t max_depth_;
  const char* begin_ = nullptr;
  const char* end_ = nullptr;
  std::uint64_t budget_ = 0;
  std::string_view code_;
  std::string reason_;
  std::string path_;
  std::size_t fault_at_ = 0;
};

}  // namespace weir
