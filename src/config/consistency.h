// SPDX-License-Identifier: Apache-2.0
// What is wrong with a configuration though each value by itself is right: loops, one place for two things, a delivery that
// cannot be kept, rules that are about something else.
#pragma once

#include "config/config.h"
#include "rules/findings.h"
#include "rules/load.h"

namespace weir {

void check_config(const Config& config, Findings& findings);

/// What no judging of a topic can do with these rules: they are about another one, or about files.
[[nodiscard]] std::vector<Diagnostic> check_topic_and_format(const StreamConfig& stream, const Loaded& rules);

/// That, and what `weir run` cannot do with rules that `weir check` can judge by. Empty when all is well.
[[nodiscard]] std::vector<Diagnostic> check_stream_rules(const StreamConfig& stream, const Loaded& rules);

/// Whether the stream reads a topic of this name, by name or by pattern.
[[nodiscard]] bool reads_topic(const StreamConfig& stream, const std::string& topic);

}  // namespace weir
