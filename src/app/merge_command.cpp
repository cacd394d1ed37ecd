// SPDX-License-Identifier: Apache-2.0
// weir merge: the summaries of several runs, judged as one run over all their inputs. The rules come with the summaries; all
// have to be of the same ones, and no run may be in there twice.
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/check_run.h"
#include "app/check_settings.h"
#include "app/decision.h"
#include "app/progress.h"
#include "app/report_files.h"
#include "app/rule_file.h"
#include "app/summary_file.h"
#include "app/telling.h"
#include "base/text.h"
#include "files/expand.h"
#include "files/shelf_file.h"
#include "weir/engine.h"

namespace weir {
namespace {

struct Named {
  std::string path;
  RunSummary summary;
};

struct MergeSettings {
  std::vector<ReportTarget> reports;
  std::optional<Instant> now;
  std::uint64_t samples_per_rule = 20;
  bool all_windows = false;
};

Result<MergeSettings> settings_of(const Arguments& arguments) {
  MergeSettings settings;
  Result<std::vector<ReportTarget>> reports = report_targets(arguments);
  if (!reports) return reports.error();
  settings.reports = std::move(*reports);
  const Result<std::optional<Instant>> now = now_of(arguments);
  if (!now) return now.error();
  settings.now = *now;
  const Result<std::uint64_t> samples = samples_of(arguments, settings.samples_per_rule);
  if (!samples) return samples.error();
  settings.samples_per_rule = *samples;
  settings.all_windows = arguments.text("windows", "failing") == "all";
  return settings;
}

Result<std::vector<Named>> read_all(const std::vector<std::string>& operands) {
  const Result<std::vector<std::string>> paths = expand_inputs(operands);
  if (!paths) return paths.error();
  std::vector<Named> all;
  for (const std::string& path : *paths) {
    Result<RunSummary> summary = load_summary(path);
    if (!summary) return summary.error();
    summary->windows = {};  // the large part: read again, file by file, when it is merged
    all.push_back({.path = path, .summary = std::move(*summary)});
  }
  return all;
}

Status check_one_ruleset(const std::vector<Named>& all) {
  for (const Named& one : all) {
    if (one.summary.ruleset == all.front().summary.ruleset) continue;
    return Error{.message = "`" + one.path + "` was judged by other rules than `" + all.front().path + "`",
                 .help = "summaries can be merged when their runs had the same rules and the same --var and --select"};
  }
  return Done{};
}

Status check_no_run_twice(const std::vector<Named>& all) {
  std::map<std::string, std::string> seen;  // run -> file
  for (const Named& one : all) {
    for (const std::string& run : runs_of(one.summary)) {
      const auto [first, added] = seen.emplace(run, one.path);
      if (!added) {
        return Error{.message =
                         "`" + first->second + "` and `" + one.path + "` hold the same run: it would count twice"};
      }
    }
  }
  return Done{};
}

/// The rules as they were when the first summary was written.
LoadOptions carried_options(const RunSummary& summary) {
  LoadOptions options;
  options.vars = summary.vars;
  options.redact = summary.redact;
  options.environment = [&summary](const std::string& name) -> std::optional<std::string> {
    const auto found = summary.environment.find(name);
    return found == summary.environment.end() ? std::nullopt : std::optional(found->second);
  };
  options.read_file = [&summary](const std::string& path) -> Result<std::string> {
    const auto found = summary.files.find(path);
    if (found == summary.files.end()) return Error{.message = "`" + path + "` is not in the summary"};
    return found->second;
  };
  return options;
}

Status select_as(const RunSummary& summary, LoadOptions& options) {
  const auto selectors = std::make_shared<std::vector<Selector>>();
  for (const std::string& written : summary.selected) {
    Result<Selector> selector = selector_of(written);
    if (!selector) return selector.error();
    selectors->push_back(std::move(*selector));
  }
  keep_selected(selectors, options);
  return Done{};
}

/// What one run over all inputs would have seen and several runs cannot.
std::vector<std::string> limits_of(const Plan& plan, std::size_t runs) {
  std::vector<std::string> warnings;
  if (runs < 2) return warnings;
  std::string ordered;
  for (const RecordRule& rule : plan.rules) {
    if (rule.ordered) ordered += (ordered.empty() ? "`" : ", `") + rule.info.id + "`";
  }
  if (!ordered.empty()) {
    warnings.push_back("what " + ordered + " remembered ended with each of the " + with_commas(runs) +
                       " runs: a record was compared with those of its own run only");
  }
  const bool counts = std::any_of(plan.windows.begin(), plan.windows.end(),
                                  [](const WindowBlock& block) { return block.kind == WindowKind::Count; });
  if (counts) warnings.emplace_back("windows of so many records lie within one input each");
  return warnings;
}

/// What the summaries tell beside counts and windows, in the order in which they were given.
class Merged {
 public:
  explicit Merged(std::uint64_t samples_per_rule) : most_(samples_per_rule) {}

  void add(const RunSummary& run) {
    const auto first = static_cast<std::uint32_t>(inputs.size());
    for (Sample sample : run.samples) {
      if (taken_[sample.rule]++ >= most_) continue;
      sample.input += first;
      samples.push_back(std::move(sample));
    }
    inputs.insert(inputs.end(), run.inputs.begin(), run.inputs.end());
    warnings.insert(warnings.end(), run.warnings.begin(), run.warnings.end());
    const std::set<std::string> names = runs_of(run);
    runs.insert(names.begin(), names.end());
  }

  std::vector<Sample> samples;
  std::vector<InputReport> inputs;
  std::vector<std::string> warnings;
  std::set<std::string> runs;

 private:
  std::uint64_t most_;
  std::map<std::uint32_t, std::uint64_t> taken_;  // by rule
};

int refuse_summaries(Surroundings& surroundings, const Error& error) {
  return refuse(surroundings, error, ExitCode::kUnjudged, "the summaries cannot be merged, nothing was judged");
}

class Merge {
 public:
  Merge(const Arguments& arguments, Surroundings& surroundings, MergeSettings settings, std::vector<Named> all)
      : arguments_(arguments), surroundings_(surroundings), settings_(std::move(settings)), all_(std::move(all)) {}

  int run() {
    const double started = surroundings_.stopwatch();
    const RunSummary& first = all_.front().summary;
    if (const Status same = check_one_ruleset(all_); !same) return refuse_usage(surroundings_, same.error());
    if (const Status once = check_no_run_twice(all_); !once) return refuse_usage(surroundings_, once.error());
    if (const std::optional<int> refused = load(first)) return *refused;
    const std::optional<std::string> path = arguments_.text("state");
    Result<std::unique_ptr<StateFile>> state = open_state(path, rules_file_, *plan_, surroundings_);
    if (!state) return refuse_state(surroundings_, state.error());
    ReportFiles reports(settings_.reports, surroundings_);
    SummaryOut summary_out(arguments_.text("summary-out"), surroundings_);
    ShelfFile shelf(shelf_folder(surroundings_));
    const Instant now = settings_.now.value_or(latest());
    Engine engine(plan_, {.samples_per_rule = settings_.samples_per_rule,
                          .now = now,
                          .all_windows = settings_.all_windows,
                          .history = state->get(),
                          .shelf = &shelf});
    Merged merged(settings_.samples_per_rule);
    for (const Named& one : all_) {
      const Status read = add(one, engine, merged);
      if (!read) return refuse_summaries(surroundings_, read.error());
    }
    std::string summary;
    if (arguments_.on("summary-out")) summary = write_summary(summary_of(first, engine, merged, now));
    Outcome found = engine.finish();
    found.samples = merged.samples;

    const Report report =
        report_of(merged, found, now, window_faults(shelf, state->get()), surroundings_.stopwatch() - started);
    return write(report, reports, summary_out, summary, state->get());
  }

 private:
  /// Makes the plan; an exit code when that fails.
  std::optional<int> load(const RunSummary& first) {
    LoadOptions options = carried_options(first);
    rules_file_ = first.rules_file;
    if (arguments_.on("rules")) {
      Result<LoadOptions> given = load_options(arguments_, surroundings_);
      if (!given) return refuse_usage(surroundings_, given.error());
      options = std::move(*given);
      options.redact = first.redact;
      rules_file_ = *arguments_.text("rules");
    }
    if (const Status selected = select_as(first, options); !selected)
      return refuse_summaries(surroundings_, selected.error());
    Loaded loaded = load_rules(rules_file_, options);
    if (!loaded.plan) {
      show_diagnostics(arguments_, surroundings_, loaded);
      return refuse_rules(surroundings_, count_diagnostics(loaded).errors);
    }
    plan_ = std::move(loaded.plan);
    if (plan_->ruleset == first.ruleset) return std::nullopt;
    if (arguments_.on("rules")) {
      return refuse_usage(surroundings_,
                          {.message = "`" + rules_file_ + "` holds other rules than the summaries were made by",
                           .help = "without --rules they are judged by the rules that they carry"});
    }
    return refuse_summaries(surroundings_, {.message = "this version of weir reads the rules in `" + all_.front().path +
                                                       "` differently from the one that wrote it"});
  }

  [[nodiscard]] Instant latest() const {
    Instant now = all_.front().summary.now;
    for (const Named& one : all_) now = std::max(now, one.summary.now);
    return now;
  }

  Status add(const Named& one, Engine& engine, Merged& merged) const {
    const auto known = [this](const Sample& sample) { return sample.rule < plan_->rules.size(); };
    if (!std::all_of(one.summary.samples.begin(), one.summary.samples.end(), known)) {
      return Error{.message = "`" + one.path + "` does not fit its rules"};
    }
    const Result<RunSummary> again = load_summary(one.path);
    if (!again) return again.error();
    if (again->name != one.summary.name) return Error{.message = "`" + one.path + "` changed while it was read"};
    if (const Status read = engine.merge_summaries(again->windows); !read) {
      return Error{.message = "`" + one.path + "`: " + read.error().message, .help = read.error().help};
    }
    merged.add(one.summary);
    return Done{};
  }

  static RunSummary summary_of(const RunSummary& first, Engine& engine, const Merged& merged, Instant now) {
    RunSummary summary;
    summary.ruleset = first.ruleset;
    summary.rules_file = first.rules_file;
    summary.files = first.files;
    summary.vars = first.vars;
    summary.environment = first.environment;
    summary.redact = first.redact;
    summary.selected = first.selected;
    summary.now = now;
    summary.inputs = merged.inputs;
    summary.samples = merged.samples;
    summary.warnings = merged.warnings;
    summary.runs = merged.runs;
    summary.windows = engine.write_summaries();
    return summary;
  }

  [[nodiscard]] Report report_of(const Merged& merged, const Outcome& found, Instant now,
                                 std::vector<std::string> faults, double seconds) const {
    ReportOptions options{.fail_on = fail_on_of(arguments_), .allow_empty = arguments_.on("allow-empty")};
    options.rules_file = rules_file_;
    options.now = now;
    options.seconds = seconds;
    options.warnings = merged.warnings;
    const std::vector<std::string> limits = limits_of(*plan_, merged.runs.size());
    options.warnings.insert(options.warnings.end(), limits.begin(), limits.end());
    options.faults = std::move(faults);
    options.all_windows = settings_.all_windows;
    options.samples_per_rule = settings_.samples_per_rule;
    return make_report(*plan_, found, merged.inputs, options);
  }

  int write(const Report& report, ReportFiles& reports, SummaryOut& summary_out, const std::string& summary,
            StateFile* state) {
    WriteOptions shown;
    shown.color = color_of_out(arguments_, surroundings_);
    bool all_written = reports.write(report, shown);
    all_written = summary_out.write(summary) && all_written;
    all_written = keep_state(state, report, all_written, surroundings_) && all_written;
    if (arguments_.on("quiet")) {
      print_faults(surroundings_, report);
    } else {
      shown.color = color_of_err(arguments_, surroundings_);
      shown.width = terminal_width(surroundings_);
      shown.all_rules = arguments_.on("all-rules");
      shown.with_next = false;
      print(surroundings_.err, write_text(report, shown));
    }
    return decide(surroundings_, report, all_written);
  }

  const Arguments& arguments_;
  Surroundings& surroundings_;
  MergeSettings settings_;
  std::vector<Named> all_;
  std::shared_ptr<const Plan> plan_;
  std::string rules_file_;
};

}  // namespace

int run_merge(const Arguments& arguments, Surroundings& surroundings) {
  Result<MergeSettings> settings = settings_of(arguments);
  if (!settings) return refuse_usage(surroundings, settings.error());
  Result<std::vector<Named>> all = read_all(arguments.operands());
  if (!all) return refuse_summaries(surroundings, all.error());
  return Merge(arguments, surroundings, std::move(*settings), std::move(*all)).run();
}

}  // namespace weir
