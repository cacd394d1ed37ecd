// SPDX-License-Identifier: Apache-2.0
// What the fields of one message hold when all of its bytes have been seen: fields come in any order, several times and in
// pieces, and what comes last decides.
//
//   scalar            the last one
//   message           all of its occurrences merged: that is the message whose bytes are theirs one behind the other
//   member of oneof   lets go of what was set in its oneof before
//   repeated          all of them in their order, packed or not
//   map               of a key the last entry
#pragma once

#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "decode/protobuf_types.h"
#include "decode/protobuf_value.h"
#include "weir/batch.h"

namespace weir {

struct ProtobufSlot {
  bool there = false;
  ProtobufValue last;
  std::vector<ProtobufValue> all;  // repeated, maps, and the pieces of a message

  void clear() noexcept {
    there = false;
    all.clear();
  }
};

struct ProtobufEntry {
  std::string key;
  ProtobufValue value;
};

/// Memory for the messages that are open at a time, one in another. For bytes that ProtobufCheck has passed.
class ProtobufGather {
 public:
  using Slots = std::vector<ProtobufSlot>;  // at least one for each field of the type
  explicit ProtobufGather(ProtobufTypes& types) : types_(types) {}

  /// Valid until close(); what was opened last is closed first. `unknown` takes the numbers that the type does not know.
  const Slots& open(const ProtobufType& type, std::string_view bytes, std::set<std::uint32_t>* unknown = nullptr);
  void close() noexcept { --open_; }

  /// A message in one piece.
  [[nodiscard]] static std::string_view merged(const ProtobufSlot& slot, Arena& arena);
  /// The entries of a map, each key once, in the order in which keys came first.
  [[nodiscard]] std::vector<ProtobufEntry> entries(const ProtobufField& map, const ProtobufSlot& slot, Arena& arena);
  /// The field of a map's entries that holds their values.
  [[nodiscard]] const ProtobufField& value_of(const ProtobufField& map);
  /// What a google.protobuf.Value holds: null where nothing is set.
  struct Held {
    const ProtobufField* field = nullptr;
    ProtobufValue value;
  };
  [[nodiscard]] Held held(const ProtobufType& type, std::string_view bytes, Arena& arena);

 private:
  ProtobufTypes& types_;
  std::deque<Slots> slots_;
  std::vector<std::int32_t> set_;  // of each oneof the member that is
  std::size_t open_ = 0;
};

}  // namespace weir
