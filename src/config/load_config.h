// SPDX-License-Identifier: Apache-2.0
// From a configuration file and flags to a Config. Everything that is wrong is found in one go, each fault with its place,
// before anything connects.
//
// Flags are laid over the file as if they stood in it: a flag's value becomes a node of the file's tree, whose place is the
// flag. So one reader looks at all values, and a caret under a wrong one looks the same wherever it was written.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "rules/load.h"

namespace weir {

/// A flag, or a variable of the environment, that says what a key of the file says.
struct Given {
  std::string key;   // "web.listen"; of the only stream: "stream.topics"
  std::string flag;  // "--web.listen" or "WEIR_WEB_LISTEN"
  std::vector<std::string> values;
};

struct ConfigRequest {
  std::optional<std::string> file = {};  // none: flags alone
  std::vector<Given> given = {};
  std::function<std::optional<std::string>(const std::string&)> environment = {};
  ReadFile read_file = {};
  ReadFile read_zone = {};  // the TZif file of a time zone by its name; empty: UTC and offsets only
};

/// The name of a rule in `maintenance`, which may hold `*` and `?`: whether it is there is known once rules are loaded.
struct RuleNamed {
  std::string name;
  SourceSpan where;
};

struct LoadedConfig {
  std::optional<Config> config;  // nothing when there is an error among the diagnostics
  std::vector<Diagnostic> diagnostics;
  std::map<std::string, std::string> sources;  // file or flag -> text, for carets
  std::vector<RuleNamed> maintenance_rules;
};

/// Never throws; as bounded as a rule file.
LoadedConfig load_config(const ConfigRequest& request);

}  // namespace weir
