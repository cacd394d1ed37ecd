// SPDX-License-Identifier: Apache-2.0
// Takes what the rules name out of checked messages into the columns of a batch.
#pragma once

#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "decode/column_filler.h"
#include "decode/protobuf_gather.h"
#include "decode/protobuf_json.h"
#include "weir/plan.h"

namespace weir {

class ProtobufRows {
 public:
  ProtobufRows(const Plan& plan, const FieldTree& tree, ProtobufTypes& types);

  void begin(Batch& batch);
  /// The bytes are a message of the type: ProtobufCheck has said so. False: what a rule names would be too large as JSON; the row is
  /// empty.
  bool put(std::uint32_t row, const ProtobufType& type, std::string_view bytes);
  [[nodiscard]] ProtobufJson& json() noexcept { return json_; }

 private:
  /// Which fields of a type the children of a node are.
  struct Binding {
    struct Child {
      std::int32_t node = 0;
      std::int32_t field = ProtobufType::kUnknown;  // kUnknown: the type has no such field
    };
    std::vector<Child> children;
  };
  using Slots = ProtobufGather::Slots;

  const Binding& bind(const ProtobufType& type, std::int32_t node);
  void put_members(const ProtobufType& type, const Slots& slots, std::int32_t node);
  void put_field(const ProtobufField& field, const ProtobufSlot& slot, std::int32_t node);
  void put_value(const ProtobufField& field, const ProtobufValue& value, std::int32_t node);
  void put_message(const ProtobufType& type, std::string_view bytes, std::int32_t node);
  void put_map(const ProtobufField& field, const ProtobufSlot& slot, std::int32_t node);
  void put_list(const ProtobufField& field, const ProtobufSlot& slot, std::int32_t node);
  void put_any(std::string_view bytes, std::int32_t node);
  void absent_below(std::int32_t node);
  template <class Write>
  void put_json(std::int32_t node, Kind kind, Write write);

  void note(const ProtobufType& type, const Slots& slots, const std::set<std::uint32_t>& unknown);
  Kind kind_of(const ProtobufField& field, const ProtobufSlot& slot);
  Kind kind_of(const ProtobufField& field, const ProtobufValue& value);
  void note_one(std::string_view name, Kind kind, bool extra, std::uint32_t& position, std::size_t& extras);
  [[nodiscard]] const FieldTable::Node& at(std::int32_t node) const {
    return filler_.tree()[static_cast<std::size_t>(node)];
  }

  ProtobufTypes& types_;
  ProtobufGather gather_;
  ProtobufJson json_;
  ColumnFiller filler_;
  std::map<std::pair<const ProtobufType*, std::int32_t>, Binding> bindings_;
  bool want_extra_;
  bool want_seen_;
  Batch* batch_ = nullptr;
  std::uint32_t row_ = 0;
};

}  // namespace weir
