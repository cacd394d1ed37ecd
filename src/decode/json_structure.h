// SPDX-License-Identifier: Apache-2.0
// Where the pieces of JSON text begin: simdjson's first stage, which also proves that the bytes are UTF-8 and that no control
// character stands in a text.
//
// Only this stage is taken. Its second stage and On-Demand read one document at a time, match keys without unescaping them,
// refuse numbers beyond 64 bits and do not read what nobody asks for; weir needs the opposite of each (docs/decisions/0002).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace weir {

enum class StructureFault : std::uint8_t { None, Utf8, ControlCharacter, OpenText };

/// The positions of `{ } [ ] : ,` outside texts, of each opening quote and of the first byte of each other scalar.
class JsonStructure {
 public:
  JsonStructure();
  ~JsonStructure();

  /// Indexes `bytes`, which may be followed by anything. The positions hold until the next call; behind the last one stands
  /// bytes.size(), twice.
  StructureFault index(std::string_view bytes);
  [[nodiscard]] const std::uint32_t* positions() const noexcept;
  [[nodiscard]] std::size_t size() const noexcept;

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace weir
