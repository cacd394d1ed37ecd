// SPDX-License-Identifier: Apache-2.0
// The JSON documents of a batch as indexed text.
//
// The usual case is a block of a file with many documents: it is indexed in one go. When something in it is no JSON text at all
// (bytes that are not UTF-8, a control character, a text that never ends) the fault may hide what follows, so that block is
// indexed again message by message and only the faulty ones are lost.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/envelope_sight.h"
#include "decode/json_structure.h"
#include "weir/batch.h"
#include "weir/messages.h"

namespace weir {

class JsonDocuments {
 public:
  /// Takes one document a message; those without data() are none. `as_they_lie`: all are whole messages, so that a block may
  /// be read where it is. The documents are moved to where they can be read, with padding.
  void take(const Messages& messages, bool as_they_lie, std::vector<std::string_view>& documents, Arena& arena);

  /// Everything in one go. False: something in it is no JSON text.
  [[nodiscard]] bool index_all();
  /// One document by itself. What is wrong with it, where it is no JSON text at all.
  [[nodiscard]] std::optional<DecodeFailure> index_one(std::string_view document);

  /// What was indexed last.
  [[nodiscard]] IndexedJson indexed() const noexcept {
    return {.text = indexed_, .positions = {structure_.positions(), structure_.size()}};
  }

 private:
  JsonStructure structure_;
  std::string_view text_;
  std::string_view indexed_;
};

/// What a text is written in, where it is not UTF-8: "UTF-16, little endian". Empty: nothing tells.
[[nodiscard]] std::string_view other_encoding(std::string_view bytes);

}  // namespace weir
