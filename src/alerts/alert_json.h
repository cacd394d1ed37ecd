// SPDX-License-Identifier: Apache-2.0
// An alert as JSON: how it is kept across a restart, and what the API shows.
#pragma once

#include "alerts/alert.h"
#include "base/json_value.h"
#include "base/json_writer.h"
#include "weir/result.h"

namespace weir {

/// "firing", "resolved".
[[nodiscard]] std::string_view word_of(Alert::State state);
/// The members of an object that is open.
void write_alert_members(JsonWriter& json, const Alert& alert);
/// Nothing when it is none.
[[nodiscard]] std::optional<Alert> read_alert(const JsonValue& object);

// ---- members of objects that this program wrote
[[nodiscard]] std::string text_of(const JsonValue& object, std::string_view name);
[[nodiscard]] std::optional<Instant> time_of(const JsonValue& object, std::string_view name);
[[nodiscard]] std::uint64_t number_of(const JsonValue& object, std::string_view name);

}  // namespace weir
