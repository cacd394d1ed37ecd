// SPDX-License-Identifier: Apache-2.0
// What windows remember, in words and bytes, read off the layout that the engine uses.
#pragma once

#include <cstdint>
#include <string>

#include "weir/plan.h"
#include "windows/layout.h"

namespace weir {

/// What a rule asks to be kept: "amount: quantiles by KLL, ranks within 1.4 %", and in which panes.
[[nodiscard]] std::string kept_for(const Plan& plan, const WindowRule& rule);
/// "panes of 1m, each at most 3.2 KiB, shared by the 4 rules of these windows".
[[nodiscard]] std::string panes_in_words(const Plan& plan, const Layout& layout, std::uint32_t block);
/// A paragraph for each set of windows that share their panes.
[[nodiscard]] std::string explain_panes(const Plan& plan, const Layout& layout);
/// All memory: what record rules remember and what windows do.
[[nodiscard]] std::string memory_of_all(const Plan& plan, const Layout& layout, std::uint64_t record_rules);
/// The same for a stream, as a number: what rules about records remember, and the panes that are open at a time.
[[nodiscard]] std::uint64_t memory_of_stream(const Plan& plan, const Layout& layout);

}  // namespace weir
