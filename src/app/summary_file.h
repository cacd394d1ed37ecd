// SPDX-License-Identifier: Apache-2.0
// What a run leaves for `weir merge`: the counts of its record rules, the state of its windows, and everything that its rules
// were made of, so that the file can be judged where the rule file is not.
//
//   weir summary 1      the layout
//   1234                bytes of the header
//   {…}                 the header, JSON
//   …                   counts and windows, as Engine::write_summaries gave them
//   <sha256>            of everything above, 64 hexadecimal digits: the name of the run, and proof that nothing is missing
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"
#include "weir/outcome.h"
#include "weir/result.h"

namespace weir {

struct RunSummary {
  std::string ruleset;
  std::string rules_file;                          // as it was given
  std::map<std::string, std::string> files;        // what the rules were read from: path -> content
  std::map<std::string, std::string> vars;         // --var
  std::map<std::string, std::string> environment;  // variables that the rules name
  std::vector<std::string> redact;                 // --redact
  std::vector<std::string> selected;               // --select
  Instant now{};
  std::vector<InputReport> inputs;
  std::vector<Sample> samples;  // with the inputs that they came from; all counts are with the windows
  std::vector<std::string> warnings;
  std::set<std::string> runs;  // the names of the runs that it was merged from; empty: it is one run
  std::string name = {};       // set by reading: the checksum
  std::string windows;
};

/// The names of the runs in a summary that was read. A run without records has none: it cannot count twice.
[[nodiscard]] std::set<std::string> runs_of(const RunSummary& summary);

[[nodiscard]] std::string write_summary(const RunSummary& summary);
/// `path` names the file in messages.
Result<RunSummary> read_summary(std::string_view bytes, const std::string& path);
/// Reads the file, too.
Result<RunSummary> load_summary(const std::string& path);

}  // namespace weir
