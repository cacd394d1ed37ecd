// SPDX-License-Identifier: Apache-2.0
#include <fnmatch.h>

#include <algorithm>

#include "quarantine/quarantined.h"

namespace weir {

bool QuarantineFilter::takes(const QuarantinedRecord& record) const {
  const auto is_one_of = [](const std::vector<std::string>& names, const std::string& name) {
    return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
  };
  if (!is_one_of(ids, record.id) || !is_one_of(stages, record.stage)) return false;
  // Who asks for a time does not mean records that nobody knows the time of.
  if (from && !(record.at && *record.at >= *from)) return false;
  if (to && !(record.at && *record.at < *to)) return false;
  if (rules.empty()) return true;
  return std::any_of(record.violations.begin(), record.violations.end(), [this](const QuarantinedViolation& broken) {
    return std::any_of(rules.begin(), rules.end(), [&broken](const std::string& glob) {
      return fnmatch(glob.c_str(), broken.rule.c_str(), 0) == 0;
    });
  });
}

}  // namespace weir
