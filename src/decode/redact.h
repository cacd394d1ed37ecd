// SPDX-License-Identifier: Apache-2.0
// Takes the values of redacted fields out of a record before it is shown or stored anywhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "weir/fields.h"
#include "weir/plan.h"

namespace weir {

[[nodiscard]] bool has_redacted(const FieldTable& fields);

/// What stands for a redacted value: `***`, the first 16 hexadecimal digits of its SHA-256, or nothing at all.
[[nodiscard]] std::optional<std::string> redact_value(std::string_view value, Redaction how);

/// The JSON record with the values of redacted fields replaced or, with Redaction::Drop, without them; every other byte stays. A
/// redacted object or array goes as a whole; a null stays, it tells nothing. The record must be valid JSON: nothing is returned
/// where it turns out not to be.
[[nodiscard]] std::optional<std::string> redact_json(std::string_view record, const FieldTable& fields, Redaction how);

}  // namespace weir
