// SPDX-License-Identifier: Apache-2.0
// Reads a document in every place where it may stand: alone, and between two good records that must come to no harm.
#pragma once

#include <string>
#include <string_view>

#include "decode/decoders.h"
#include "testing/decoded_rows.h"

namespace weir {

class JsonPlaces {
 public:
  JsonPlaces();
  /// The document's row, which has to be the same in every place. Fails the test when it is not or when a neighbour is harmed.
  testing::DecodedRow read_everywhere(std::string_view document);

 private:
  Plan plan_;
  std::unique_ptr<Decoder> decoder_;
};

}  // namespace weir
