// SPDX-License-Identifier: Apache-2.0
// The file that protects the web server, in the format of Prometheus's exporter-toolkit: what one writes for an exporter
// works here. A key of that format that weir does nothing with is refused and not passed over: it is about security.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/load.h"
#include "weir/web_config.h"

namespace weir {

struct LoadedWebConfig {
  std::optional<WebConfig> config;  // nothing when there is an error among the diagnostics
  std::vector<Diagnostic> diagnostics;
  std::map<std::string, std::string> sources;
};

LoadedWebConfig load_web_config(const std::string& path, const ReadFile& read_file);

}  // namespace weir
