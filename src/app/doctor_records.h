// SPDX-License-Identifier: Apache-2.0
// The newest records of a topic under the rules: a format that is not the topic's, or a rule that nothing there keeps, is
// seen before the quarantine is full of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/doctor_probes.h"

namespace weir {

struct SampledRecords {
  std::uint64_t records = 0;
  std::uint64_t undecodable = 0;
  std::string worst_rule = {};  // of those that judge one record by itself
  std::uint64_t worst = 0;
  bool cut_short = false;  // not all of them came in time
};

/// At most 100 of each partition, read without a group.
[[nodiscard]] Result<SampledRecords> sample_records(const DoctorCase& of, std::size_t stream,
                                                    const std::string& brokers, const std::vector<std::string>& topics);

[[nodiscard]] DoctorFinding records_finding(const std::string& stream, const Result<SampledRecords>& sampled);

}  // namespace weir
