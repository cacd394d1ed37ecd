// SPDX-License-Identifier: Apache-2.0
#include "decode/datum_json.h"

namespace weir {

bool DatumJson::write(std::string_view schema, std::string_view datum, std::string& out) {
  if (!known_ || schema_.text != schema) {
    known_ = true;
    schema_.text = schema;
    const TypedRequest request{
        .plan = plan_, .tree = no_fields_, .schema = schema_, .reader = plan_.payload.schema.get()};
    Result<std::unique_ptr<TypedReader>> made = make_avro_reader(request);
    reader_ = made ? *std::move(made) : nullptr;
  }
  const std::size_t before = out.size();
  if (reader_ && reader_->json(datum, out)) return true;
  out.resize(before);
  return false;
}

}  // namespace weir
