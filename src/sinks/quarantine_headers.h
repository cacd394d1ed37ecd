// SPDX-License-Identifier: Apache-2.0
// The values of headers that are texts made of what was found.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weir/outcome.h"
#include "weir/plan.h"

namespace weir {

/// The largest value of a header that we write.
inline constexpr std::size_t kMaxHeaderBytes = 4096;

[[nodiscard]] std::string_view name_of(Stage stage);

/// The id of a rule by its index; a record that came late breaks no rule of the plan, and its index lies beyond them.
[[nodiscard]] std::string_view rule_id(const Plan& plan, std::uint32_t rule);

/// `[{"rule":…,"severity":…,"code":…,"path":…,"value":…,"message":…}, …]`, at most kMaxHeaderBytes; when some did not fit, the
/// last element is `{"truncated":true,"more":N}`.
[[nodiscard]] std::string violations_json(const FailingRecord& record, const Plan& plan);

/// `["orders.amount", …]`, at most kMaxHeaderBytes; when some did not fit, the last element is `…`.
[[nodiscard]] std::string rule_ids_json(const FailingRecord& record, const Plan& plan);

}  // namespace weir
