// SPDX-License-Identifier: Apache-2.0
// A record on its way out as one line of a file.
#pragma once

#include <string>

#include "weir/ports.h"

namespace weir {

/// The facts of the headers of ours under their names without `__weir.`, then key, other headers and value under `record_key`,
/// `record_headers` and `record`; docs/quarantine.md describes it. Ends with a line end.
[[nodiscard]] std::string quarantine_line(const OutRecord& record);

/// The value as it came, on one line: a line end in it becomes a space, which means the same in JSON. A null value is `null`. What
/// is no text, or no JSON and has line ends (Avro, Protobuf), is `{"base64":"…"}`.
[[nodiscard]] std::string value_line(const OutRecord& record);

}  // namespace weir
