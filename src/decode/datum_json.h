// SPDX-License-Identifier: Apache-2.0
// Records of an Avro container file as JSON, for people and for whoever reads JSON only.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "decode/field_tree.h"
#include "decode/typed_reader.h"
#include "weir/plan.h"

namespace weir {

/// One thread uses it; the plan outlives it. Where the plan names a schema, records come out as they are resolved to it: with
/// the names that rules, and `redact`, know.
class DatumJson {
 public:
  explicit DatumJson(const Plan& plan) : plan_(plan) {}

  /// Appends nothing and gives false where the schema or the record cannot be read. `schema` is that of the file's head.
  bool write(std::string_view schema, std::string_view datum, std::string& out);

 private:
  const Plan& plan_;
  FieldTree no_fields_{1};
  SchemaText schema_;
  bool known_ = false;  // schema_ was tried
  std::unique_ptr<TypedReader> reader_;
};

}  // namespace weir
