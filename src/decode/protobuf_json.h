// SPDX-License-Identifier: Apache-2.0
// Messages as JSON, values as the columns have them (decode/typed_reader.h): for the columns of objects and arrays, and for people.
#pragma once

#include <string>
#include <string_view>

#include "decode/protobuf_gather.h"

namespace weir {

/// For bytes that ProtobufCheck has passed.
class ProtobufJson {
 public:
  ProtobufJson(ProtobufTypes& types, ProtobufGather& gather) : types_(types), gather_(gather) {}

  /// A record of a few bytes can stand for any number of default values: what would be longer than `most` is cut off, and over()
  /// says so until the next limit().
  void limit(std::size_t most) noexcept {
    most_ = most;
    over_ = false;
  }
  [[nodiscard]] bool over() const noexcept { return over_; }

  /// The object of a whole record, whatever its type stands for within others. `arena` is for what lies between.
  void record(const ProtobufType& type, std::string_view bytes, Arena& arena, std::string& out) {
    members(type, bytes, arena, out);
  }
  void message(const ProtobufType& type, std::string_view bytes, Arena& arena, std::string& out);
  /// All values of a field that is a map or repeated.
  void list(const ProtobufField& field, const ProtobufSlot& slot, Arena& arena, std::string& out);
  void map(const ProtobufField& field, const ProtobufSlot& slot, Arena& arena, std::string& out);
  void value(const ProtobufField& field, const ProtobufValue& value, Arena& arena, std::string& out);

 private:
  void members(const ProtobufType& type, std::string_view bytes, Arena& arena, std::string& out);
  static void any(std::string_view bytes, Arena& arena, std::string& out);

  [[nodiscard]] bool full(const std::string& out) noexcept { return over_ = over_ || out.size() > most_; }

  ProtobufTypes& types_;
  ProtobufGather& gather_;
  std::size_t most_ = 0;
  bool over_ = false;
};

/// The two members of a google.protobuf.Any, which stays packed.
struct ProtobufAny {
  std::string_view type;
  std::string_view value;
};
[[nodiscard]] ProtobufAny any_in(std::string_view bytes);

}  // namespace weir
