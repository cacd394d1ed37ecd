// SPDX-License-Identifier: Apache-2.0
// Suggestions as a rule file: a line each, the evidence as a comment beside it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "suggest/advise.h"
#include "weir/plan.h"

namespace weir {

struct RuleFileHeader {
  std::vector<std::string> inputs;
  std::uint64_t records = 0;  // that were looked at
  bool whole = true;          // all there are
  Format format = Format::Json;
  bool untimed = false;  // some records have no time: they lie in no window, and that is no fault
};

/// The YAML. A rule for whose id `left_out` gives a reason becomes a comment with the reason.
[[nodiscard]] std::string write_rule_file(const Suggestions& suggestions, const RuleFileHeader& header,
                                          const std::function<std::string(const std::string& id)>& left_out);

}  // namespace weir
