// SPDX-License-Identifier: Apache-2.0
#include "app/backtest_settings.h"

#include <algorithm>
#include <utility>

#include "app/rule_file.h"

namespace weir {
namespace {

/// Reports have names that nothing else has; the comparison takes standard output for itself.
Status check_places(const BacktestSettings& settings) {
  if (const Status distinct = check_outputs(settings.check); !distinct) return distinct;
  if (settings.against) {
    CheckSettings other = settings.check;
    other.rules = *settings.against;
    if (const Status distinct = check_outputs(other); !distinct) return distinct;
  }
  const auto on_stdout = [](const ReportTarget& report) { return report.path == "-"; };
  const std::vector<ReportTarget>& reports = settings.check.reports;
  if (settings.json && std::any_of(reports.begin(), reports.end(), on_stdout))
    return Error{.message = "`--json` and `--report` both want standard output"};
  const auto is_stdin = [](const InputPath& input) { return input.path == "-"; };
  const std::vector<InputPath>& inputs = settings.check.inputs;
  if (settings.against && std::any_of(inputs.begin(), inputs.end(), is_stdin))
    return Error{.message = "standard input can be read once, and `--against` wants it twice",
                 .help = "write it to a file first"};
  return Done{};
}

}  // namespace

Result<BacktestSettings> BacktestSettings::from(const Arguments& arguments, const Surroundings& surroundings) {
  BacktestSettings settings;
  CheckSettings& check = settings.check;
  if (!arguments.on("rules"))
    return Error{.message = "`weir backtest` wants --rules FILE", .help = "see: weir backtest --help"};
  check.rules = *arguments.text("rules");
  settings.against = arguments.text("against");
  check.inputs = inputs_of(arguments.operands());
  Result<std::optional<TopicInput>> topic = topic_input_of(arguments, surroundings);
  if (!topic) return topic.error();
  check.topic = *std::move(topic);
  if (!check.topic && check.inputs.empty())
    return Error{.message = "`weir backtest` wants FILE..., or --brokers and --topic",
                 .help = "see: weir backtest --help"};
  check.format = format_of(arguments);
  Result<std::vector<ReportTarget>> reports = report_targets(arguments);
  if (!reports) return reports.error();
  check.reports = *std::move(reports);
  check.fail_on = fail_on_of(arguments);
  check.allow_empty = arguments.on("allow-empty");
  check.as_stream = true;
  check.all_windows = arguments.text("windows", "failing") == "all";
  check.quiet = arguments.on("quiet");
  check.progress = !check.quiet;
  const Result<unsigned> threads = threads_of(arguments);
  if (!threads) return threads.error();
  check.threads = *threads;
  const Result<std::optional<Instant>> now = now_of(arguments);
  if (!now) return now.error();
  check.now = *now;
  check.selectors = std::make_shared<std::vector<Selector>>();
  settings.json = arguments.on("json");
  if (const Status places = check_places(settings); !places) return places.error();
  return settings;
}

}  // namespace weir
