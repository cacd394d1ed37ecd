// SPDX-License-Identifier: Apache-2.0
#include "config/load_config.h"

#include <algorithm>

#include "config/consistency.h"
#include "config/hide.h"
#include "config/read_config.h"
#include "config/tree.h"
#include "rules/codes.h"

namespace weir {
namespace {

/// Without a file, what is missing is a flag and not a key.
bool lacks_flags(const ConfigRequest& request, Findings& findings) {
  struct Needed {
    std::string_view key, what, remedy;
  };
  constexpr Needed kNeeded[] = {
      {"brokers", "there are no brokers", "give --brokers HOST:PORT, or a configuration file with -c"},
      {"stream.topics", "there is no topic to read", "give --topic NAME, or a configuration file with -c"},
      {"stream.rules", "there are no rules to judge by", "give --rules FILE, or a configuration file with -c"},
  };
  if (request.file) return false;
  bool lacking = false;
  for (const Needed& needed : kNeeded) {
    const bool given = std::any_of(request.given.begin(), request.given.end(),
                                   [&](const Given& flag) { return flag.key == needed.key; });
    if (given) continue;
    findings.error(codes::kNotGiven, {}, std::string(needed.what), {.label = {}, .help = std::string(needed.remedy)});
    lacking = true;
  }
  return lacking;
}

}  // namespace

LoadedConfig load_config(const ConfigRequest& request) {
  LoadedConfig loaded;
  Findings findings;
  ConfigTree tree(findings);
  tree.read(request);
  for (const Given& given : request.given) tree.lay_over(given);
  if (!lacks_flags(request, findings) && tree.root() != nullptr) {
    ConfigReading reading{.findings = findings, .request = request};
    Config config = read_config(reading, *tree.root());
    if (!findings.any_errors()) check_config(config, findings);
    if (!findings.any_errors()) loaded.config = std::move(config);
    for (const YamlNode* const node : reading.maintenance_rules)
      loaded.maintenance_rules.push_back({.name = node->text, .where = node->where()});
  }
  loaded.diagnostics = std::move(findings).sorted();
  for (const auto& [file, text] : tree.sources()) loaded.sources[file] = hide_secrets(text);
  return loaded;
}

}  // namespace weir
