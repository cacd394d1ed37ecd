// SPDX-License-Identifier: Apache-2.0
// weir backtest: what rules would have found over files or a stretch of a topic, against what others would have. Nothing is
// written but what was asked for: no group, no quarantine, no history.
#include <chrono>
#include <functional>
#include <future>
#include <utility>

#include "app/backtest_comparison.h"
#include "app/backtest_settings.h"
#include "app/backtest_stream.h"
#include "app/check_run.h"
#include "app/decision.h"
#include "app/interrupt.h"
#include "app/progress.h"
#include "app/report_files.h"
#include "app/rule_file.h"
#include "app/telling.h"
#include "rules/codes.h"

namespace weir {
namespace {

constexpr std::chrono::milliseconds kLookEvery(100);  // at how far it is

int interrupted(Surroundings& surroundings) {
  const int exit = 128 + InterruptGuard::signal();
  print(surroundings.err, "weir: interrupted\nweir: ERROR exit=" + std::to_string(exit) + " (interrupted)\n");
  return exit;
}

int refuse_input(Surroundings& surroundings, const Error& error) {
  return refuse(surroundings, error, ExitCode::kUnjudged, "nothing was judged");
}

class Backtest {
 public:
  Backtest(const Arguments& arguments, Surroundings& surroundings, BacktestSettings settings)
      : arguments_(arguments),
        surroundings_(surroundings),
        settings_(std::move(settings)),
        now_(settings_.check.now.value_or(surroundings.wall_clock())) {
    settings_.check.now = now_;  // the same for both
  }

  int run() {
    Result<LoadOptions> options = load_options(arguments_, surroundings_);
    if (!options) return refuse_usage(surroundings_, options.error());
    if (settings_.check.topic) options->schemas = settings_.check.topic->schemas;
    if (const std::optional<int> refused = load(settings_.check.rules, *options, after_)) return *refused;
    if (settings_.against) {
      BacktestSide& before = before_.emplace();
      if (const std::optional<int> refused = load(*settings_.against, *options, before)) return *refused;
      frame_.same_text = after_text_ == before_text_ && after_.plan->ruleset == before.plan->ruleset;
      if (!frame_.same_text) {
        after_.caught = std::make_unique<CaughtRecords>(*after_.plan);
        before.caught = std::make_unique<CaughtRecords>(*before.plan);
      }
    }
    const InterruptGuard guard;
    ReportFiles reports(settings_.check.reports, surroundings_);
    if (settings_.check.topic) {
      if (const Status judged = judge_topic(); !judged) return refuse_input(surroundings_, judged.error());
    } else {
      judge_files(after_);
      if (before_ && !frame_.same_text && InterruptGuard::signal() == 0) judge_files(*before_);
    }
    if (InterruptGuard::signal() != 0) return interrupted(surroundings_);
    return tell(reports);
  }

 private:
  /// The exit code when it cannot be used.
  std::optional<int> load(const std::string& path, const LoadOptions& options, BacktestSide& side) {
    Loaded loaded = load_rules(path, options);
    if (settings_.check.topic)  // messages of a topic have a time of their own
      std::erase_if(loaded.diagnostics,
                    [](const Diagnostic& found) { return found.error.code == codes::kNoEventTime; });
    const bool again = &side != &after_ && settings_.against == settings_.check.rules;
    if (!again) show_diagnostics(arguments_, surroundings_, loaded);
    if (!loaded.plan) return refuse_rules(surroundings_, count_diagnostics(loaded).errors);
    if (!again && !loaded.diagnostics.empty() && !settings_.check.quiet) print(surroundings_.err, "\n");
    Status fits = Done{};
    if (settings_.check.topic) {
      fits = check_topic_rules(*settings_.check.topic, loaded);
    } else {
      fits = check_schema(settings_.check.format.value_or(loaded.plan->format), loaded.plan->payload);
    }
    if (!fits) return refuse_usage(surroundings_, {.message = fits.error().message, .help = fits.error().help});
    std::string& text = &side == &after_ ? after_text_ : before_text_;
    for (const auto& [name, content] : loaded.sources) text += std::to_string(content.size()) + ":" + content;
    side.rules = path;
    side.plan = loaded.plan;
    return std::nullopt;
  }

  void judge_files(BacktestSide& side) {
    const double started = surroundings_.stopwatch();
    CheckSettings settings = settings_.check;
    settings.rules = side.rules;
    const bool all_windows = settings.all_windows;
    if (side.caught != nullptr) {
      settings.all_windows = true;  // every one that fails is compared; shown are those that were asked for
      settings.on_step = [&side](std::uint32_t input, const Outcome& outcome) {
        side.caught->add(input, true, outcome);
      };
    }
    RecordFiles nowhere(settings, *side.plan, surroundings_);
    CheckRun run(settings, side.plan, nowhere, nullptr, surroundings_);
    run.judge();
    if (InterruptGuard::signal() != 0) return;
    if (!run.outcome().halted) run.finish();
    side.windows = run.outcome().windows;
    settings.all_windows = all_windows;
    side.report = run.report(surroundings_.stopwatch() - started);
    frame_.parts.clear();
    for (const InputReport& input : run.inputs()) frame_.parts.push_back(input.path);
    frame_.title = frame_.parts.size() == 1 ? frame_.parts[0] : "";
  }

  Status judge_topic() {
    const TopicInput& topic = *settings_.check.topic;
    frame_.of_topic = true;
    frame_.brokers = topic.kafka.brokers;
    frame_.title = topic.stream.topics.value.front();
    frame_.from = arguments_.text("from");
    frame_.to = arguments_.text("to");
    Result<std::unique_ptr<RecordLog>> log = open_topic(topic, *after_.plan, false);
    if (!log) return log.error();
    const Result<Stretch> stretch = stretch_of(**log, topic, now_);
    if (!stretch) return stretch.error();
    if (InterruptGuard::signal() != 0) return Done{};
    if (stretch->empty())
      return Error{.message = "the topic " + in_quotes(frame_.title) + " has none of the partitions of `--partitions`"};
    for (const auto& [partition, bounds] : *stretch)
      frame_.parts.push_back(partition.topic + "/" + std::to_string(partition.number));
    const double started = surroundings_.stopwatch();
    SchemaSupply schemas(topic.registry, topic.schemas);
    BacktestProgress progress;
    BacktestProgress other;
    const auto begin = [&](BacktestSide& side, BacktestProgress& where) {
      return std::async(std::launch::async, [&] {
        return judge_stretch(topic, side.plan, *stretch, schemas, now_, side.caught.get(), where);
      });
    };
    std::future<StretchJudged> after = begin(after_, progress);
    std::future<StretchJudged> before;
    if (before_ && !frame_.same_text) before = begin(*before_, other);
    {
      ProgressLine line(surroundings_, settings_.check.progress);
      const auto wait_for = [&](const std::future<StretchJudged>& side) {
        while (side.wait_for(kLookEvery) != std::future_status::ready)
          line.show({.input = frame_.title, .records = progress.records, .failures = progress.failures});
      };
      wait_for(after);
      if (before.valid()) wait_for(before);
    }
    const double seconds = surroundings_.stopwatch() - started;
    take(after_, after.get(), seconds);
    if (before.valid()) take(*before_, before.get(), seconds);
    return Done{};
  }

  /// As `weir run --until-end` reports.
  void take(BacktestSide& side, StretchJudged&& judged, double seconds) {
    InputReport input{.path = frame_.title};
    input.records = judged.outcome.records;
    input.undecodable = judged.outcome.undecodable;
    input.envelopes = judged.outcome.envelopes;
    input.bytes = judged.bytes;
    ReportOptions options;
    options.fail_on = settings_.check.fail_on;
    options.allow_empty = settings_.check.allow_empty;
    options.rules_file = side.rules;
    options.seconds = seconds;
    options.all_windows = settings_.check.all_windows;
    if (judged.fault) options.faults.push_back(judged.fault->message);
    side.report = make_report(*side.plan, judged.outcome, {input}, options);
    side.windows = std::move(judged.outcome.windows);
  }

  /// Where one side saw less than the other there is nothing to compare.
  [[nodiscard]] bool is_whole() const {
    return after_.report.faults.empty() && (!before_ || frame_.same_text || before_->report.faults.empty());
  }

  int tell(ReportFiles& reports) {
    std::optional<BacktestComparison> comparison;
    if (before_ && is_whole()) {
      if (frame_.same_text) {
        before_->report = after_.report;
        before_->report.rules_file = before_->rules;
        before_->windows = after_.windows;
      }
      comparison = compare_sides(after_, *before_);
    }
    const BacktestSide* const before = comparison ? &*before_ : nullptr;
    WriteOptions shown;
    shown.color = color_of_out(arguments_, surroundings_);
    const bool all_written = reports.write(after_.report, shown);
    Report decided = after_.report;
    if (before_ && !comparison) {
      if (decided.faults.empty()) decided.faults = before_->report.faults;
      decided.exit_code = ExitCode::kUnjudged;
      decided.verdict = Verdict::Error;
    }
    if (settings_.json && (comparison || !before_))
      print(surroundings_.out, write_backtest_json(after_, before, comparison ? &*comparison : nullptr, frame_));
    shown.color = color_of_err(arguments_, surroundings_);
    shown.width = terminal_width(surroundings_);
    if (settings_.check.quiet || (before_ && !comparison)) {
      print_faults(surroundings_, decided);
      if (before_ && !comparison) print(surroundings_.err, "weir: nothing was compared\n");
    } else if (comparison) {
      print(surroundings_.err,
            write_backtest_text(after_, *before, *comparison, frame_, {.color = shown.color, .width = shown.width}));
    } else {
      shown.with_next = false;
      std::string text = write_text(after_.report, shown);
      if (!after_.plan->window_rules.empty())
        text += "Windows that are open at the end are judged by what they hold, as `weir run --until-end` does.\n";
      print(surroundings_.err, text);
    }
    return decide(surroundings_, std::move(decided), all_written);
  }

  const Arguments& arguments_;
  Surroundings& surroundings_;
  BacktestSettings settings_;
  Instant now_;
  BacktestSide after_;
  std::optional<BacktestSide> before_;
  std::string after_text_;  // all that was read of the rules
  std::string before_text_;
  BacktestFrame frame_;
};

}  // namespace

int run_backtest(const Arguments& arguments, Surroundings& surroundings) {
  Result<BacktestSettings> settings = BacktestSettings::from(arguments, surroundings);
  if (!settings) return refuse_usage(surroundings, settings.error());
  return Backtest(arguments, surroundings, *std::move(settings)).run();
}

}  // namespace weir
