// SPDX-License-Identifier: Apache-2.0
// Records that come as columns already: whoever read the file puts them into the batch.
#include "decode/column_filler.h"
#include "decode/decoders.h"

namespace weir {

namespace {

class ColumnRowsDecoder final : public Decoder {
 public:
  explicit ColumnRowsDecoder(const Plan& plan) : plan_(plan) {}

  void decode(const Messages& messages, Batch& batch) override {
    prepare_columns(plan_.fields, messages, batch);
    if (messages.columns != nullptr && !messages.items.empty()) messages.columns->fill(plan_, batch);
  }

 private:
  const Plan& plan_;
};

}  // namespace

std::unique_ptr<Decoder> make_column_decoder(const Plan& plan) {
  return std::make_unique<ColumnRowsDecoder>(plan);
}

}  // namespace weir
