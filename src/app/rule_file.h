// SPDX-License-Identifier: Apache-2.0
// How commands get a rule file: read from the disk, loaded, and every mistake shown with its place on stderr.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "app/arguments.h"
#include "app/surroundings.h"
#include "rules/load.h"

namespace weir {

/// The bytes of a file, or of standard input for "-"; at most 64 MiB.
Result<std::string> read_whole_file(const std::string& path);

/// Reads the files of time zones where every system keeps them, unless TZDIR says otherwise.
ReadFile reader_of_zones(const Surroundings& surroundings);

/// Options of the loader from --var, the environment and the disk. The error is a usage error.
Result<LoadOptions> load_options(const Arguments& arguments, const Surroundings& surroundings);

/// Shows what the loader found on stderr.
void show_diagnostics(const Arguments& arguments, Surroundings& surroundings, const Loaded& loaded);

struct DiagnosticCounts {
  std::size_t errors = 0;
  std::size_t warnings = 0;
};
[[nodiscard]] DiagnosticCounts count_diagnostics(const Loaded& loaded);

/// Whether a person wrote the rule; the others (`decode`) are always there.
[[nodiscard]] bool is_written(const RecordRule& rule);
[[nodiscard]] std::size_t written_rules(const Plan& plan);

/// Prints `weir: MESSAGE` with the help line and the decision `weir: ERROR exit=2 (command line)`; returns 2.
int refuse_usage(Surroundings& surroundings, const Error& error);
/// `weir: ERROR exit=2 (3 errors in the rule file)`; returns 2.
int refuse_rules(Surroundings& surroundings, std::size_t errors);

/// The stream's colours by --color and the environment.
[[nodiscard]] bool color_of_out(const Arguments& arguments, const Surroundings& surroundings);
[[nodiscard]] bool color_of_err(const Arguments& arguments, const Surroundings& surroundings);
/// Whether the terminal's character set has blocks.
[[nodiscard]] bool shows_unicode(const Arguments& arguments, const Surroundings& surroundings);

/// The instant of --now, or nothing when it was not given.
Result<std::optional<Instant>> now_of(const Arguments& arguments);

/// "1 rule", "14 rules".
[[nodiscard]] std::string counted(std::size_t n, std::string_view noun);

/// Writes to a file, whole or not at all, or to standard output for "-".
Status write_output(Surroundings& surroundings, const std::string& path, std::string_view bytes);

}  // namespace weir
