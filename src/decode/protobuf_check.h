// SPDX-License-Identifier: Apache-2.0
// Proves that bytes are a message of a type, down to its last byte, before anything is taken out of them: so what follows need not
// look for faults, and whether a record can be read does not depend on which fields rules name.
//
// As the specification has it: a field of a number or wire type that the schema does not know is passed over. Texts are UTF-8 in
// every syntax. Missing `required` fields are no fault here: rules say what has to be there.
#pragma once

#include <string>
#include <string_view>

#include "decode/protobuf_types.h"
#include "weir/batch.h"

namespace weir {

class ProtobufCheck {
 public:
  ProtobufCheck(ProtobufTypes& types, std::uint32_t max_depth) : types_(types), max_depth_(max_depth) {}

  /// False: fault() says why; its `at` counts from `record`.
  bool run(const ProtobufType& type, std::string_view bytes, const char* record);
  [[nodiscard]] const DecodeFailure& fault() const { return fault_; }

 private:
  bool message(const ProtobufType& type, std::string_view bytes, std::uint32_t depth);
  bool value(const ProtobufField& field, const WireField& found, std::uint32_t level);
  bool packed(const ProtobufField& field, std::string_view bytes);
  bool fail(const char* at, std::string_view code, std::string reason);
  bool too_deep(const char* at);

  ProtobufTypes& types_;
  std::uint32_t max_depth_;
  const char* record_ = nullptr;
  DecodeFailure fault_;
};

}  // namespace weir
