// SPDX-License-Identifier: Apache-2.0
// weir replay: what was put aside goes back to where it came from. Reads what was asked for, runs it, says what it came to.
#include <optional>
#include <utility>

#include "app/interrupt.h"
#include "app/replay_run.h"
#include "app/rule_file.h"
#include "base/escape.h"
#include "base/text.h"
#include "rules/codes.h"

namespace weir {
namespace {

std::string last_line(std::string_view word, int exit, const std::string& words) {
  return "weir: " + std::string(word) + " exit=" + std::to_string(exit) + " (" + words + ")\n";
}

/// What a person types next; empty: nothing.
std::string next_command(const Arguments& arguments, const ReplaySettings& settings, const ReplaySummary& summary) {
  if (summary.dry_run && summary.sent > 0) return command_without(arguments, "dry-run");
  for (const ReplaySummary::Example& example : summary.examples) {
    if (example.left != ReplayLeft::StillFails && example.left != ReplayLeft::TooOften) continue;
    std::string command = "weir quarantine show";
    if (settings.files.empty()) {
      for (const char* const flag : {"brokers", "config", "topic"}) {
        if (arguments.on(flag) && !arguments.from_environment(flag))
          command += " --" + std::string(flag) + " " + shell_word(arguments.text(flag, ""));
      }
    } else {
      for (const std::string& file : settings.files) command += " " + shell_word(file);
    }
    return command + " --id " + shell_word(visible(example.id));
  }
  return "";
}

int exit_of(const Error& fault) {
  if (fault.code == "interrupted") return 128 + InterruptGuard::signal();
  return fault.code == "not_noted" ? ExitCode::kNotWritten : ExitCode::kUnjudged;
}

std::string words_of(const Error& fault, const ReplaySettings& settings) {
  if (fault.code != "fenced") return fault.message;
  return "another weir replay of " + (settings.files.empty() ? "`" + settings.wish.quarantine + "`" : "these files") +
         " began, and goes on where this one ends";
}

/// Loads the rules of --recheck. Nothing: all is well.
std::optional<int> load_recheck(const Arguments& arguments, Surroundings& surroundings, ReplaySettings& settings) {
  if (!arguments.on("recheck")) return std::nullopt;
  Result<LoadOptions> options = load_options(arguments, surroundings);
  if (!options) return refuse_usage(surroundings, options.error());
  if (settings.topic) options->schemas = settings.topic->schemas;
  Loaded loaded = load_rules(arguments.text("rules", ""), *options);
  // Records have the time of their message.
  std::erase_if(loaded.diagnostics, [](const Diagnostic& found) { return found.error.code == codes::kNoEventTime; });
  show_diagnostics(arguments, surroundings, loaded);
  if (!loaded.plan) return refuse_rules(surroundings, count_diagnostics(loaded).errors);
  TopicInput about = settings.topic.value_or(TopicInput{});
  about.stream.topics.value = {loaded.topic.empty() ? "records" : loaded.topic};
  if (const Status fits = check_topic_rules(about, loaded); !fits) return refuse_usage(surroundings, fits.error());
  settings.plan = loaded.plan;
  settings.rules_topic = loaded.topic;
  return std::nullopt;
}

}  // namespace

int run_replay(const Arguments& arguments, Surroundings& surroundings) {
  Result<ReplaySettings> settings = replay_settings(arguments, surroundings);
  if (!settings) return refuse_usage(surroundings, settings.error());
  if (const std::optional<int> refused = load_recheck(arguments, surroundings, *settings)) return *refused;

  const InterruptGuard guard;
  ReplayRun run(*settings, surroundings);
  const Status ran = run.run();
  const ReplaySummary& summary = run.summary();
  const int exit = ran ? exit_of(summary) : exit_of(ran.error());
  const std::string fault = ran ? "" : words_of(ran.error(), *settings);
  if (settings->json) print(surroundings.out, replay_json(summary, exit, fault));
  if (!settings->quiet && summary.read > 0) print(surroundings.err, replay_text(summary));
  if (!ran) {
    const bool stopped = ran.error().code == "interrupted";
    if (!stopped) print(surroundings.err, "weir: " + visible(fault) + "\n");
    if (!ran.error().help.empty()) print(surroundings.err, "  " + visible(ran.error().help) + "\n");
    print(surroundings.err,
          "weir: " + with_commas(summary.sent) + " were sent back until then; the same command goes on from there\n");
    print(surroundings.err, last_line("ERROR", exit, stopped ? "interrupted" : "not all records were looked at"));
    return exit;
  }
  const std::string next = settings->quiet ? "" : next_command(arguments, *settings, summary);
  if (!next.empty()) print(surroundings.err, "\nnext: " + visible(next) + "\n");
  const std::string_view word = exit == ExitCode::kHolds ? "PASS" : exit == ExitCode::kFailed ? "FAIL" : "ERROR";
  print(surroundings.err, last_line(word, exit, replay_line(summary)));
  return exit;
}

}  // namespace weir
