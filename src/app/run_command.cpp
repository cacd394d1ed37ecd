// SPDX-License-Identifier: Apache-2.0
// weir run: a live topic in, metrics and failing records out, until somebody stops it. Everything that can be wrong with
// what was asked is found before anything connects.
#include "app/command.h"
#include "app/rule_file.h"
#include "app/run_process.h"
#include "app/run_settings.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace weir {
namespace {

/// A process that lives for months keeps what it once asked for unless it is told otherwise: buffers of a mebibyte and more
/// (snapshots, blocks) go back to the system when they are done with, and threads share two arenas (178 MiB became 147
/// under `tests/bench/run.sh soak`, at the same rate).
void keep_memory_small() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  mallopt(M_ARENA_MAX, 2);
#endif
}

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
  keep_memory_small();
  RunProcess process(**settings, surroundings);
  process.use_color(color);
  return process.run();
}

}  // namespace weir
