// SPDX-License-Identifier: Apache-2.0
// weir lint: loads rule files and shows every mistake; as text on stderr, or on stdout for a program or for GitHub.
#include "app/rule_file.h"
#include "base/escape.h"
#include "base/json_writer.h"

namespace weir {
namespace {

std::string_view word_of(DiagnosticLevel level) {
  return level == DiagnosticLevel::Error ? "error" : "warning";
}

void add_json(JsonWriter& json, const Diagnostic& diagnostic) {
  const Error& error = diagnostic.error;
  json.begin_object()
      .field("level", word_of(diagnostic.level))
      .field("code", error.code)
      .field("message", error.message)
      .field("file", error.where.file)
      .field("line", error.where.line)
      .field("column", error.where.column)
      .field("length", error.where.length)
      .field("label", error.label)
      .field("help", error.help)
      .end_object();
}

/// Percent escapes of GitHub's workflow commands; `property` is true left of the two colons.
std::string escaped_for_github(std::string_view text, bool property) {
  std::string escaped;
  for (const char c : text) {
    const bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    constexpr std::string_view kHex = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    escaped += special ? std::string{'%', kHex[byte >> 4U], kHex[byte & 15U]} : std::string(1, c);
  }
  return escaped;
}

std::string annotation_of(const Diagnostic& diagnostic) {
  const Error& error = diagnostic.error;
  std::string text =
      "::" + std::string(word_of(diagnostic.level)) + " file=" + escaped_for_github(error.where.file, true);
  if (error.where.line > 0) {
    text += ",line=" + std::to_string(error.where.line) + ",col=" + std::to_string(error.where.column);
  }
  text += ",title=" + escaped_for_github("weir " + error.code, true) + "::" + escaped_for_github(error.message, false);
  if (!error.label.empty()) text += escaped_for_github(": " + error.label, false);
  return text + "\n";
}

/// "orders.yml: 14 rules, fine"
std::string summary_of(const std::string& path, const Loaded& loaded, std::size_t warnings) {
  const std::size_t rules = written_rules(*loaded.plan);
  return visible(path) + ": " + counted(rules, "rule") + ", " +
         (warnings == 0 ? "fine" : counted(warnings, "warning")) + "\n";
}

}  // namespace

int run_lint(const Arguments& arguments, Surroundings& surroundings) {
  const Result<LoadOptions> options = load_options(arguments, surroundings);
  if (!options) return refuse_usage(surroundings, options.error());
  const std::string format = arguments.text("format", "text");
  JsonWriter json(true);
  json.begin_object().field("weir", WEIR_VERSION).key("diagnostics").begin_array();
  DiagnosticCounts counts;
  for (const std::string& path : arguments.operands()) {
    const Loaded loaded = load_rules(path, *options);
    const DiagnosticCounts found = count_diagnostics(loaded);
    counts.errors += found.errors;
    counts.warnings += found.warnings;
    for (const Diagnostic& diagnostic : loaded.diagnostics) {
      if (format == "json") add_json(json, diagnostic);
      if (format == "github") print(surroundings.out, annotation_of(diagnostic));
    }
    if (format == "text") show_diagnostics(arguments, surroundings, loaded);
    if (found.errors == 0 && !arguments.on("quiet")) print(surroundings.err, summary_of(path, loaded, found.warnings));
  }
  json.end_array().end_object();
  if (format == "json") print(surroundings.out, json.text() + "\n");

  const bool wrong = counts.errors > 0 || (arguments.on("strict") && counts.warnings > 0);
  if (!wrong) return ExitCode::kHolds;
  print(surroundings.err,
        "weir: ERROR exit=2 (" + counted(counts.errors, "error") + ", " + counted(counts.warnings, "warning") + ")\n");
  return ExitCode::kUsage;
}

}  // namespace weir
