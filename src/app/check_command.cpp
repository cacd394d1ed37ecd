// SPDX-License-Identifier: Apache-2.0
// weir check: files in, an exit code out. Loads the rules, judges input after input with one engine, writes what was asked
// for, and says what it decided in the last line.
#include <algorithm>
#include <numeric>

#include "app/check_settings.h"
#include "app/interrupt.h"
#include "app/pipeline.h"
#include "app/progress.h"
#include "app/record_files.h"
#include "app/report_files.h"
#include "app/rule_file.h"
#include "base/text.h"
#include "files/source.h"
#include "report/escape.h"
#include "weir/engine.h"

namespace weir {
namespace {

std::uint64_t failures_of(const Outcome& outcome) {
  return std::accumulate(outcome.rules.begin(), outcome.rules.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const RuleCounts& rule) { return sum + rule.failed; });
}

/// One run: everything that lives from the first record to the decision.
class CheckRun {
 public:
  CheckRun(const CheckSettings& settings, std::shared_ptr<const Plan> plan, RecordFiles& records,
           Surroundings& surroundings)
      : settings_(settings),
        plan_(std::move(plan)),
        records_(records),
        now_(settings.now.value_or(surroundings.wall_clock())),
        engine_(plan_,
                {.samples_per_rule = settings.samples_per_rule, .failing_records = records.wanted(), .input = 0}),
        progress_(surroundings, settings.progress) {}

  void judge() {
    for (const InputPath& path : settings_.inputs) {
      inputs_.push_back({.path = path.path, .error = path.error});
      if (!path.error.empty()) continue;
      if (const Status judged = judge_input(inputs_.back()); !judged) inputs_.back().error = judged.error().message;
      if (InterruptGuard::signal() != 0 || outcome_.halted) break;
    }
    progress_.clear();
  }

  [[nodiscard]] bool read_everything() const {
    return std::all_of(inputs_.begin(), inputs_.end(), [](const InputReport& input) { return input.error.empty(); });
  }

  /// What ordered checks had to give up at their bound: a rule that looked less far than it was written says so.
  [[nodiscard]] std::vector<std::string> forgotten_keys() {
    std::vector<std::string> warnings;
    for (std::size_t i = 0; i < plan_->rules.size(); ++i) {
      const Memory* const memory = engine_.memories()[i].get();
      if (memory == nullptr || memory->forgotten() == 0) continue;
      const RecordRule& rule = plan_->rules[i];
      warnings.push_back(rule.info.id + " forgot " + with_commas(memory->forgotten()) +
                         " keys: " + rule.check->memory_error());
    }
    return warnings;
  }

  [[nodiscard]] Report report(double seconds) {
    ReportOptions options{.fail_on = settings_.fail_on, .allow_empty = settings_.allow_empty};
    options.rules_file = settings_.rules;
    options.now = now_;
    options.seconds = seconds;
    options.warnings = forgotten_keys();
    return make_report(*plan_, outcome_, inputs_, options);
  }

 private:
  Status judge_input(InputReport& input) {
    FileOptions options{.format = settings_.format.value_or(plan_->format)};
    options.record_max_bytes = plan_->record_max_bytes;
    Result<std::unique_ptr<FileSource>> opened = FileSource::open(input.path, options);
    if (!opened) return opened.error();
    FileSource& source = **opened;
    engine_.begin_input(static_cast<std::uint32_t>(inputs_.size() - 1), source.format());
    records_.begin_input(input.path, source.format());
    const PipelineOptions pipeline{.threads = settings_.threads, .batch_records = settings_.batch_records, .now = now_};
    Status run = run_pipeline(source, plan_, engine_, pipeline, [&](PipelineStep& step) {
      input.records += step.outcome.records;
      input.undecodable += step.outcome.undecodable;
      records_.add(step.messages, step.outcome);
      outcome_.merge(std::move(step.outcome));
      progress_.show({.input = input.path,
                      .records = outcome_.records,
                      .failures = failures_of(outcome_),
                      .bytes = source.bytes_read(),
                      .bytes_total = source.bytes_total()});
      step.stop = outcome_.halted || InterruptGuard::signal() != 0;
      return Status(Done{});
    });
    input.bytes = source.bytes_read();
    return run;
  }

  const CheckSettings& settings_;
  std::shared_ptr<const Plan> plan_;
  RecordFiles& records_;
  Instant now_;
  Engine engine_;
  ProgressLine progress_;
  Outcome outcome_;
  std::vector<InputReport> inputs_;
};

int interrupted(Surroundings& surroundings, int signal) {
  const int exit = 128 + signal;
  print(surroundings.err,
        "weir: interrupted, nothing was written\nweir: ERROR exit=" + std::to_string(exit) + " (interrupted)\n");
  return exit;
}

/// The last line, and the exit code that it names. What could not be read (3) weighs more than what could not be written.
int decide(Surroundings& surroundings, Report report, bool all_written) {
  if (!all_written && report.exit_code != ExitCode::kUnjudged) {
    report.exit_code = ExitCode::kNotWritten;
    report.verdict = Verdict::Error;
  }
  print(surroundings.err, decision_line(report) + "\n");
  return report.exit_code;
}

/// Everything wrong with an input, one line each, for --quiet: the table tells it otherwise.
void print_faults(Surroundings& surroundings, const Report& report) {
  for (const InputReport& input : report.inputs) {
    if (!input.error.empty()) print(surroundings.err, "weir: " + input.error + "\n");
  }
}

/// What a person types after a run that kept its failing records.
std::string next_command(const CheckSettings& settings, const Report& report) {
  if (!settings.quarantine) return "";
  for (const RuleReport& rule : report.rules) {
    if (rule.counts.failed > 0 && rule.info.where.line > 0)
      return "weir explain " + shell_word(settings.rules) + " " + shell_word(rule.info.id);
  }
  return "";
}

int check(const Arguments& arguments, Surroundings& surroundings, const CheckSettings& settings,
          const LoadOptions& options) {
  const double started = surroundings.stopwatch();
  const Loaded loaded = load_rules(settings.rules, options);
  show_diagnostics(arguments, surroundings, loaded);
  if (!loaded.plan) return refuse_rules(surroundings, count_diagnostics(loaded).errors);
  if (!loaded.diagnostics.empty() && !settings.quiet) print(surroundings.err, "\n");
  if (const Status selected = settings.check_selectors(); !selected)
    return refuse_usage(surroundings, selected.error());

  const InterruptGuard guard;
  RecordFiles records(settings, *loaded.plan, surroundings);
  ReportFiles reports(settings.reports, surroundings);
  CheckRun run(settings, loaded.plan, records, surroundings);
  run.judge();
  if (InterruptGuard::signal() != 0) return interrupted(surroundings, InterruptGuard::signal());

  const Report report = run.report(surroundings.stopwatch() - started);
  bool all_written = records.finish(run.read_everything());
  WriteOptions shown;
  shown.color = color_of_out(arguments, surroundings);
  all_written = reports.write(report, shown) && all_written;
  if (settings.quiet) {
    print_faults(surroundings, report);
  } else {
    shown.color = color_of_err(arguments, surroundings);
    shown.width = terminal_width(surroundings);
    shown.all_rules = settings.all_rules;
    shown.next = next_command(settings, report);
    print(surroundings.err, write_text(report, shown));
  }
  return decide(surroundings, report, all_written);
}

}  // namespace

int run_check(const Arguments& arguments, Surroundings& surroundings) {
  Result<CheckSettings> settings = CheckSettings::from(arguments);
  if (!settings) return refuse_usage(surroundings, settings.error());
  Result<LoadOptions> options = load_options(arguments, surroundings);
  if (!options) return refuse_usage(surroundings, options.error());
  settings->add_to(*options);
  return check(arguments, surroundings, *settings, *options);
}

}  // namespace weir
