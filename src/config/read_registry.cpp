// SPDX-License-Identifier: Apache-2.0
// `registry`: a URL, or a map with what it takes to be let in.
#include <algorithm>

#include "config/keys.h"
#include "config/read_access.h"
#include "config/read_config.h"
#include "rules/codes.h"
#include "rules/values.h"

namespace weir {
namespace {

constexpr Duration kLeastRefused = std::chrono::seconds(1);

void read_map(ConfigReading& reading, const Section& section, RegistrySettings& registry) {
  if (const YamlNode* const url = section.node("url")) registry.urls = read_urls(reading, *url, "registry");
  read_access(reading, section, "`registry`", registry);
  const Setting<Duration> refused = duration_setting(section, "refused_for", registry.refused_for);
  if (refused.value < kLeastRefused)
    reading.findings.error(codes::kValue, refused.where, "`refused_for` is at least 1s", {});
  registry.refused_for = refused.value;
}

}  // namespace

Setting<RegistrySettings> read_registry(ConfigReading& reading, const YamlNode& node) {
  RegistrySettings registry;
  if (node.is_map()) {
    read_map(reading, Section(reading.findings, node, registry_keys()), registry);
  } else if (fits(reading.findings, node,
                  *std::find_if(registry_keys().keys.begin(), registry_keys().keys.end(),
                                [](const KeySpec& key) { return key.name == "url"; }))) {
    registry.urls = read_urls(reading, node, "registry");
  }
  return setting_of(node, std::move(registry));
}

}  // namespace weir
