// SPDX-License-Identifier: Apache-2.0
// weir check: files in, an exit code out. Loads the rules, judges input after input with one engine, writes what was asked
// for, and says what it decided in the last line.
#include <algorithm>
#include <map>
#include <optional>

#include "app/check_run.h"
#include "app/check_settings.h"
#include "app/decision.h"
#include "app/interrupt.h"
#include "app/progress.h"
#include "app/record_files.h"
#include "app/report_files.h"
#include "app/rule_file.h"
#include "app/summary_file.h"
#include "base/escape.h"
#include "files/pending_file.h"
#include "files/state_file.h"
#include "rules/codes.h"

namespace weir {
namespace {

int interrupted(Surroundings& surroundings, int signal) {
  const int exit = 128 + signal;
  print(surroundings.err,
        "weir: interrupted, nothing was written\nweir: ERROR exit=" + std::to_string(exit) + " (interrupted)\n");
  return exit;
}

/// What a person types after a run that kept its failing records, or its measures.
std::string next_command(const CheckSettings& settings, const Report& report) {
  const auto broken = [&](bool windows) {
    return std::any_of(report.rules.begin(), report.rules.end(), [&](const RuleReport& rule) {
      return rule.counts.failed > 0 && rule.windows.has_value() == windows;
    });
  };
  if (settings.state && broken(true) && !broken(false)) return "weir history --state " + shell_word(*settings.state);
  if (!settings.quarantine && !settings.topic) return "";
  for (const RuleReport& rule : report.rules) {
    if (rule.counts.failed > 0 && rule.info.where.line > 0)
      return "weir explain " + shell_word(settings.rules) + " " + shell_word(rule.info.id);
  }
  return "";
}

/// What the rules were read from, so that a summary can carry it.
struct RuleSources {
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> environment;

  void listen(LoadOptions& options) {
    options.read_file = [this, read = options.read_file](const std::string& path) {
      Result<std::string> text = read(path);
      if (text) files[path] = *text;
      return text;
    };
    options.environment = [this, ask = options.environment](const std::string& name) {
      std::optional<std::string> value = ask(name);
      if (value) environment[name] = *value;
      return value;
    };
  }
};

RunSummary summary_of(CheckRun& run, const CheckSettings& settings, const LoadOptions& options, const Plan& plan,
                      const RuleSources& sources) {
  RunSummary summary;
  summary.ruleset = plan.ruleset;
  summary.rules_file = settings.rules;
  summary.files = sources.files;
  summary.environment = sources.environment;
  summary.vars = options.vars;
  summary.redact = settings.redact;
  for (const Selector& selector : *settings.selectors) summary.selected.push_back(selector.written);
  summary.now = run.now();
  summary.inputs = run.inputs();
  summary.samples = run.outcome().samples;
  summary.warnings = run.forgotten_keys();
  summary.windows = run.engine().write_summaries();
  return summary;
}

int check(const Arguments& arguments, Surroundings& surroundings, const CheckSettings& settings, LoadOptions options) {
  const double started = surroundings.stopwatch();
  RuleSources sources;
  if (settings.summary_out) sources.listen(options);
  Loaded loaded = load_rules(settings.rules, options);
  // Messages of a topic have a time of their own.
  if (settings.topic)
    std::erase_if(loaded.diagnostics, [](const Diagnostic& found) { return found.error.code == codes::kNoEventTime; });
  show_diagnostics(arguments, surroundings, loaded);
  if (!loaded.plan) return refuse_rules(surroundings, count_diagnostics(loaded).errors);
  if (!loaded.diagnostics.empty() && !settings.quiet) print(surroundings.err, "\n");
  if (const Status selected = settings.check_selectors(); !selected)
    return refuse_usage(surroundings, selected.error());
  if (const Status others = settings.check_others(*loaded.plan); !others)
    return refuse_usage(surroundings, others.error());
  if (settings.topic) {
    if (const Status about = check_topic_rules(*settings.topic, loaded); !about)
      return refuse_usage(surroundings, about.error());
  }
  if (!settings.topic) {
    const Format format = settings.format.value_or(loaded.plan->format);
    if (const Status readable = check_schema(format, loaded.plan->payload); !readable)
      return refuse_usage(surroundings, readable.error());
  }
  Result<std::unique_ptr<StateFile>> state = open_state(settings.state, settings.rules, *loaded.plan, surroundings);
  if (!state) return refuse_state(surroundings, state.error());

  const InterruptGuard guard;
  RecordFiles records(settings, *loaded.plan, surroundings);
  ReportFiles reports(settings.reports, surroundings);
  SummaryOut summary_out(settings.summary_out, surroundings);
  CheckRun run(settings, loaded.plan, records, state->get(), surroundings);
  run.judge();
  if (InterruptGuard::signal() != 0) return interrupted(surroundings, InterruptGuard::signal());
  std::string summary;
  if (settings.summary_out && run.is_whole()) {
    summary = write_summary(summary_of(run, settings, options, *loaded.plan, sources));
  }
  if (!run.outcome().halted) run.finish();
  if (InterruptGuard::signal() != 0) return interrupted(surroundings, InterruptGuard::signal());

  const Report report = run.report(surroundings.stopwatch() - started);
  bool all_written = records.finish(run.read_everything());
  WriteOptions shown;
  shown.color = color_of_out(arguments, surroundings);
  shown.next = next_command(settings, report);
  all_written = reports.write(report, shown) && all_written;
  all_written = summary_out.write(summary) && all_written;
  all_written = keep_state(state->get(), report, all_written, surroundings) && all_written;
  if (settings.quiet) {
    print_faults(surroundings, report);
  } else {
    shown.color = color_of_err(arguments, surroundings);
    shown.width = terminal_width(surroundings);
    shown.all_rules = settings.all_rules;
    print(surroundings.err, write_text(report, shown));
  }
  return decide(surroundings, report, all_written);
}

}  // namespace

int run_check(const Arguments& arguments, Surroundings& surroundings) {
  Result<CheckSettings> settings = CheckSettings::from(arguments, surroundings);
  if (!settings) return refuse_usage(surroundings, settings.error());
  Result<LoadOptions> options = load_options(arguments, surroundings);
  if (!options) return refuse_usage(surroundings, options.error());
  settings->add_to(*options);
  if (settings->topic) options->schemas = settings->topic->schemas;
  return check(arguments, surroundings, *settings, *options);
}

}  // namespace weir
