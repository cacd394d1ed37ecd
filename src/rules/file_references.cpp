// SPDX-License-Identifier: Apache-2.0
// Measures such as psi(f) and the check max_z_score name a field and no reference: a drift rule of the file has it.
#include "rules/compile_windows.h"

namespace weir {

FileReferences::FileReferences(const RuleSet& rules) {
  for (std::size_t i = 0; i < rules.window_rules.size(); ++i) {
    const WrittenWindowRule& rule = rules.window_rules[i];
    if (rule.drift < 0) continue;
    const WrittenDrift& drift = rules.drift[static_cast<std::size_t>(rule.drift)];
    if (drift.paths.size() != 1) continue;
    Known& known = known_[drift.paths[0].text()];
    if (drift.rule.reference.kind != DriftReference::Kind::File) {
      known.with_windows = true;
    } else if (!rule.enabled) {
      known.switched_off = true;
    } else if (known.with_file < 0) {
      known.with_file = static_cast<std::int32_t>(i);
    }
  }
}

std::int32_t FileReferences::find(const std::string& path) const {
  const auto known = known_.find(path);
  return known == known_.end() ? -1 : known->second.with_file;
}

std::string FileReferences::instead(const std::string& path) const {
  const auto known = known_.find(path);
  if (known == known_.end()) return "";
  if (known->second.switched_off) return "the drift rule that does is switched off";
  return known->second.with_windows ? "its drift rule compares windows with windows" : "";
}

std::string FileReferences::remedy(const std::string& path) {
  return "add `drift: [{fields: [" + path + "], reference: {file: …}}]`, with a file that `weir baseline` made";
}

}  // namespace weir
