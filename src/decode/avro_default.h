// SPDX-License-Identifier: Apache-2.0
// Defaults of fields as the data that stand for them.
#pragma once

#include <string>
#include <vector>

#include "decode/avro_schema.h"

namespace weir {

/// Appends the datum that the default `value` stands for, as a writer with this schema would write it; of a union the first
/// branch that takes it. False: it does not fit the type.
[[nodiscard]] bool write_avro_default(const std::vector<AvroNode>& nodes, std::uint32_t node, const JsonValue& value,
                                      std::string& out);

}  // namespace weir
