// SPDX-License-Identifier: Apache-2.0
// What several commands do alike: load a rule file, show its diagnostics, refuse, write an output.
#include "app/rule_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <memory>

#include "app/reference_file.h"
#include "app/telling.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "files/pending_file.h"

namespace weir {
namespace {

// A rule file or a set of allowed values is read whole; this is what a hostile one may cost.
constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

ColorChoice color_choice(const Arguments& arguments) {
  const std::string when = arguments.text("color", "auto");
  return when == "always" ? ColorChoice::Always : when == "never" ? ColorChoice::Never : ColorChoice::Auto;
}

}  // namespace

Result<std::string> read_whole_file(const std::string& path) {
  const auto fail = [&path](const std::string& why) { return Error{.message = "cannot read `" + path + "`: " + why}; };
  const std::unique_ptr<std::FILE, CloseFile> file(path == "-" ? fdopen(dup(0), "rb") : std::fopen(path.c_str(), "rb"));
  if (!file) return fail(std::strerror(errno));
  struct stat status {};
  if (fstat(fileno(file.get()), &status) == 0 && S_ISDIR(status.st_mode)) return fail("it is a directory");
  std::string text;
  char buffer[65536];
  while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, file.get())) {
    text.append(buffer, n);
    if (text.size() > kMaxFileBytes) return fail("it is larger than 64 MiB");
  }
  if (std::ferror(file.get()) != 0) return fail(std::strerror(errno));
  return text;
}

ReadFile reader_of_zones(const Surroundings& surroundings) {
  const std::string zones = surroundings.environment("TZDIR").value_or("/usr/share/zoneinfo");
  return [zones](const std::string& name) { return read_whole_file(zones + "/" + name); };
}

Result<LoadOptions> load_options(const Arguments& arguments, const Surroundings& surroundings) {
  LoadOptions options;
  for (const std::string& pair : arguments.values("var")) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error{.message = "`--var` wants NAME=VALUE, not " + in_quotes(pair)};
    }
    options.vars[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  options.environment = surroundings.environment;
  options.read_file = read_whole_file;
  options.profile_records = profile_reference;
  options.read_zone = reader_of_zones(surroundings);
  return options;
}

void show_diagnostics(const Arguments& arguments, Surroundings& surroundings, const Loaded& loaded) {
  if (loaded.diagnostics.empty()) return;
  print(surroundings.err, render(loaded.diagnostics, loaded.sources, color_of_err(arguments, surroundings)));
}

DiagnosticCounts count_diagnostics(const Loaded& loaded) {
  DiagnosticCounts counts;
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    ++(diagnostic.level == DiagnosticLevel::Error ? counts.errors : counts.warnings);
  }
  return counts;
}

bool is_written(const RecordRule& rule) {
  return rule.info.where.line > 0;
}

std::size_t written_rules(const Plan& plan) {
  const auto written = std::count_if(plan.rules.begin(), plan.rules.end(), is_written);
  return static_cast<std::size_t>(written) + plan.window_rules.size() + plan.not_judged;
}

int refuse_usage(Surroundings& surroundings, const Error& error) {
  return refuse(surroundings, error, ExitCode::kUsage, "command line");
}

int refuse_rules(Surroundings& surroundings, std::size_t errors) {
  print(surroundings.err, "weir: ERROR exit=2 (" + counted(errors, "error") + " in the rules, nothing was run)\n");
  return ExitCode::kUsage;
}

bool color_of_out(const Arguments& arguments, const Surroundings& surroundings) {
  return use_color(surroundings, color_choice(arguments), surroundings.out_is_terminal);
}

bool color_of_err(const Arguments& arguments, const Surroundings& surroundings) {
  return use_color(surroundings, color_choice(arguments), surroundings.err_is_terminal);
}

bool shows_unicode(const Arguments& arguments, const Surroundings& surroundings) {
  if (arguments.text("color", "auto") == "never") return false;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::optional<std::string> value = surroundings.environment(name);
    if (!value || value->empty()) continue;
    std::string lower;
    for (const char c : *value) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
  }
  return false;
}

Result<std::optional<Instant>> now_of(const Arguments& arguments) {
  const std::optional<std::string> written = arguments.text("now");
  if (!written) return std::optional<Instant>();
  if (const std::optional<Instant> now = parse_timestamp(*written)) return now;
  return Error{.message = "`--now` wants a time with a zone, such as 2026-01-31T12:00:00Z, not " + in_quotes(*written)};
}

std::string counted(std::size_t n, std::string_view noun) {
  return with_commas(n) + " " + std::string(noun) + (n == 1 ? "" : "s");
}

Status write_output(Surroundings& surroundings, const std::string& path, std::string_view bytes) {
  if (path != "-") return write_file(path, bytes);
  print(surroundings.out, bytes);
  if (std::fflush(surroundings.out) != 0 && !reader_left(surroundings.out))
    return Error{.message = std::string("standard output: ") + std::strerror(errno)};
  return Done{};
}

}  // namespace weir
