// SPDX-License-Identifier: Apache-2.0
// The rules of one stream as `weir run` loads them: at the start, and again whenever their files change.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "rules/load.h"
#include "weir/plan.h"

namespace weir {

struct StreamRules {
  std::shared_ptr<const Plan> plan;  // null when there is an error among the diagnostics
  std::vector<Diagnostic> diagnostics;
  std::map<std::string, std::string> sources;  // for carets
  std::map<std::string, std::string> files;    // everything that was read: rule file, includes, sets
};

[[nodiscard]] StreamRules load_stream_rules(const StreamConfig& stream, LoadOptions options);

/// Whether one of the files now holds something else, or cannot be read any more.
[[nodiscard]] bool have_changed(const StreamRules& rules, const ReadFile& read_file);

}  // namespace weir
