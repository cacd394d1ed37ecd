// SPDX-License-Identifier: Apache-2.0
// weir run: a live topic in, metrics and failing records out, until somebody stops it. Everything that can be wrong with
// what was asked is found before anything connects.
#include "app/command.h"
#include "app/rule_file.h"
#include "app/run_process.h"
#include "app/run_settings.h"

namespace weir {
namespace {

int refuse_configuration(Surroundings& surroundings, std::size_t errors) {
  print(surroundings.err,
        "weir: ERROR exit=2 (" + counted(errors, "error") + " in the configuration or the rules, nothing was run)\n");
  return ExitCode::kUsage;
}

int tell_valid(Surroundings& surroundings, const RunSettings& settings) {
  std::size_t rules = 0;
  for (const StreamRules& stream : settings.rules) rules += written_rules(*stream.plan);
  print(surroundings.err, "weir: PASS exit=0 (" + counted(settings.config.streams.size(), "stream") + ", " +
                              counted(rules, "rule") + "; nothing was connected)\n");
  return ExitCode::kHolds;
}

}  // namespace

int run_run(const Arguments& arguments, Surroundings& surroundings) {
  FoundFaults faults;
  const Result<std::optional<RunSettings>> settings = read_run_settings(arguments, surroundings, faults);
  if (!settings) return refuse_usage(surroundings, settings.error());
  const bool color = color_of_err(arguments, surroundings);
  if (!faults.diagnostics.empty()) print(surroundings.err, render(faults.diagnostics, faults.sources, color));
  if (!*settings) return refuse_configuration(surroundings, faults.errors());
  if ((*settings)->validate) return tell_valid(surroundings, **settings);
  RunProcess process(**settings, surroundings);
  process.use_color(color);
  return process.run();
}

}  // namespace weir
