// SPDX-License-Identifier: Apache-2.0
// Time zones by their names: UTC, offsets, and those of the system's database.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/zone.h"
#include "rules/findings.h"
#include "rules/load.h"
#include "rules/yaml.h"

namespace weir {

class ZoneReader {
 public:
  ZoneReader(const LoadOptions& options, Findings& findings) : options_(options), findings_(findings) {}
  /// The zone that the text of `node` names; null for UTC, and for a zone that does not exist, which is told.
  std::shared_ptr<const Zone> read(const YamlNode& node);

 private:
  const LoadOptions& options_;
  Findings& findings_;
  std::map<std::string, std::shared_ptr<const Zone>> known_;  // null: there is no such zone
};

}  // namespace weir
