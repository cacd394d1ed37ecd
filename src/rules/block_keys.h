// SPDX-License-Identifier: Apache-2.0
// The keys that blocks of `windows` and of `drift` have in common: how long a window is and waits, and what is judged apart.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/findings.h"
#include "rules/rule_set.h"
#include "rules/section.h"

namespace weir {

inline constexpr std::size_t kMostBlocks = 256;         // of windows and of drift together
inline constexpr std::size_t kMostWindowRules = 4'096;  // the same

class BlockKeys {
 public:
  BlockKeys(Findings& findings, const YamlNode& node, const Section& block)
      : findings_(findings), node_(node), block_(block) {}

  /// At the key, or at the block when it was not written.
  void error(std::string_view code, std::string_view key, std::string message, std::string help);
  void warning(std::string_view code, std::string_view key, std::string message, std::string help);
  [[nodiscard]] Duration duration(std::string_view key, Duration otherwise) const;
  /// Tells of a length that no window can have, and then gives false.
  bool check_length(std::string_view key);
  /// `lateness` and `late` mean nothing to a window that does not end by time.
  void refuse_lateness(std::string_view where);
  void read_lateness(WindowBlock& out);
  void read_segments(WrittenBlock& out);

 private:
  void add_segment(WrittenBlock& out, const YamlNode& at, std::vector<std::string> listed);

  Findings& findings_;
  const YamlNode& node_;
  const Section& block_;
};

}  // namespace weir
