// SPDX-License-Identifier: Apache-2.0
// What `weir doctor` says: a list of what was looked at, each with a verdict and, where there is something to do, the
// remedy. How it was looked at is the business of the probes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

enum class DoctorVerdict : std::uint8_t {
  Ok,
  Skipped,  // not looked at: what it depends on is missing, or nobody can be asked
  Warn,     // weir works, and somebody should know
  Bad,      // weir does not work, or loses something
};
[[nodiscard]] std::string_view name_of(DoctorVerdict verdict);

struct DoctorFinding {
  std::string subject;  // "broker", "topic": what the table is grouped by
  DoctorVerdict verdict = DoctorVerdict::Ok;
  std::string message = {};
  std::string remedy = {};  // what to do; `a command` in back-ticks
};

using DoctorFindings = std::vector<DoctorFinding>;

[[nodiscard]] std::size_t count_of(const DoctorFindings& findings, DoctorVerdict verdict);
/// Lines of at most `width` cells, but for words that are longer.
[[nodiscard]] std::string doctor_table(const DoctorFindings& findings, std::size_t width, bool color);
[[nodiscard]] std::string doctor_json(const DoctorFindings& findings);
/// "weir: FAIL exit=1 (2 bad, 1 warning, 3 not looked at, of 24)", and the exit code.
[[nodiscard]] std::pair<int, std::string> doctor_decision(const DoctorFindings& findings);

}  // namespace weir
