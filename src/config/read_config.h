// SPDX-License-Identifier: Apache-2.0
// From the tree to a Config: which keys there are, what their values mean, and the defaults of those that are missing.
#pragma once

#include "config/config.h"
#include "config/load_config.h"
#include "config/tree.h"
#include "rules/findings.h"
#include "rules/section.h"
#include "rules/yaml.h"

namespace weir {

struct ConfigReading {
  Findings& findings;
  const ConfigRequest& request;
  std::vector<const YamlNode*> streams_named = {};      // by receivers and maintenance, before the streams are known
  std::vector<const YamlNode*> maintenance_rules = {};  // likewise

  /// A path as this process opens it: relative to the file that names it; to the working directory when a flag does.
  [[nodiscard]] std::string path_of(const YamlNode& node) const;
};

Config read_config(ConfigReading& reading, const YamlNode& root);
Setting<RegistrySettings> read_registry(ConfigReading& reading, const YamlNode& node);
/// Whether the file is there and its first line, the secret, is not empty. It is read again whenever the secret is needed.
void check_secret_file(ConfigReading& reading, const YamlNode& node);
void read_alerts(ConfigReading& reading, const YamlNode& node, AlertSettings& alerts);
void read_maintenance(ConfigReading& reading, const YamlNode& node, AlertSettings& alerts);
void read_lineage(ConfigReading& reading, const YamlNode& node, LineageSettings& lineage);
/// 1 to 100 names, with `*` and `?`, of streams or rules.
std::vector<std::string> read_names(ConfigReading& reading, const Section& section, std::string_view key,
                                    std::vector<std::string> otherwise);
StreamConfig read_stream(ConfigReading& reading, const YamlNode& node);

template <class T>
Setting<T> setting_of(const YamlNode& node, T value) {
  return {.value = std::move(value), .by = giver_of(node), .where = node.where()};
}

/// The text behind `key`, or the default.
Setting<std::string> text_setting(const Section& section, std::string_view key, std::string otherwise = "");
Setting<bool> flag_setting(const Section& section, std::string_view key, bool otherwise);
Setting<Duration> duration_setting(const Section& section, std::string_view key, Duration otherwise);

}  // namespace weir
