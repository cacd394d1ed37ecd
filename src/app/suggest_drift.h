// SPDX-License-Identifier: Apache-2.0
// Fields whose drift is worth watching: those that were alike in the first and the second half of the records.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/field_scan.h"
#include "app/record_profile.h"

namespace weir {

/// Both halves of a sample, record by record.
class Halves {
 public:
  /// `records` of them come.
  Halves(const SeenFields& seen, std::uint64_t records);
  void add(const Messages& messages, Format format);

  struct Stable {
    std::string path;
    std::string evidence;  // "ks 0.012 between the halves"
  };
  /// Numbers and categories that did not move; no ids and no constants.
  [[nodiscard]] std::vector<Stable> stable();

 private:
  RecordProfiling profiling_;
  std::uint64_t middle_;
  std::uint64_t seen_ = 0;
  RecordProfiler first_;
  RecordProfiler second_;
};

/// A drift block as a comment: its reference has to be made first. Empty when no field is stable.
[[nodiscard]] std::string drift_suggestion(const std::vector<Halves::Stable>& fields,
                                           const std::vector<std::string>& inputs,
                                           const std::optional<std::string>& time);

}  // namespace weir
