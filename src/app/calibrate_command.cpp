// SPDX-License-Identifier: Apache-2.0
// weir calibrate: what the drift rules of a file would cry about on data that are as they should be.
#include <algorithm>
#include <optional>
#include <string_view>

#include "app/calibration.h"
#include "app/check_run.h"
#include "app/check_settings.h"
#include "app/interrupt.h"
#include "app/rule_file.h"
#include "app/telling.h"

namespace weir {
namespace {

int refuse_input(Surroundings& surroundings, const Error& error) {
  return refuse(surroundings, error, ExitCode::kUnjudged, "nothing was calibrated");
}

/// `--report json=FILE`; empty: none.
Result<std::string> report_of(const Arguments& arguments) {
  const std::string written = arguments.text("report", "");
  if (written.empty()) return written;
  if (!written.starts_with("json=") || written.size() == 5)
    return Error{.message = "`--report` of a calibration wants json=FILE, not " + in_quotes(written)};
  return written.substr(5);
}

int calibrate_rules(const Arguments& arguments, Surroundings& surroundings, RecordInput& input, const Plan& plan,
                    DriftReplayRequest request, const std::string& report) {
  const InterruptGuard guard;
  request.now = surroundings.wall_clock();
  const Result<DriftReplay> replayed = replay_drift(input, plan, request);
  if (InterruptGuard::signal() != 0) return 128 + InterruptGuard::signal();
  if (!replayed) return refuse_input(surroundings, replayed.error());
  const Calibration calibration = calibrate(*replayed);
  if (!report.empty()) {
    const std::string json = calibration_json(calibration, *replayed, request.rules);
    if (const Status written = write_output(surroundings, report, json); !written)
      return refuse(surroundings, written.error(), ExitCode::kNotWritten, "not written");
  }
  if (!arguments.on("quiet")) print(surroundings.err, calibration_table(calibration, *replayed));
  const std::string yaml = proposed_yaml(calibration);
  if (!yaml.empty() && report != "-") print(surroundings.out, yaml);
  if (calibration.days <= 0)
    return refuse_input(surroundings, {.message = "no window of any drift rule could be judged"});
  const bool quiet = calibration.alarms_per_day * kDaysForOneAlarm <= static_cast<double>(calibration.rules.size());
  // An alarm that never ends is one alarm.
  const bool lasting = std::any_of(calibration.rules.begin(), calibration.rules.end(),
                                   [](const RuleCalibration& rule) { return rule.drifted * 2 > rule.windows; });
  const std::string_view verdict = !quiet    ? "louder than one false alarm a rule in 30 days"
                                   : lasting ? "a rule drifts in most of its windows: its alarm would hardly end"
                                             : "quiet";
  print(surroundings.err, "weir: " + std::string(verdict) + " exit=0 (" +
                              counted(calibration.rules.size(), "drift rule") + ", " +
                              counted(calibration.alarms, "false alarm") + ")\n");
  return ExitCode::kHolds;
}

}  // namespace

int run_calibrate(const Arguments& arguments, Surroundings& surroundings) {
  const std::optional<std::string> rules = arguments.text("rules");
  if (!rules)
    return refuse_usage(surroundings,
                        {.message = "`--rules` is missing", .help = "weir calibrate FILE... --rules RULES"});
  const Result<std::string> report = report_of(arguments);
  if (!report) return refuse_usage(surroundings, report.error());
  Result<LoadOptions> options = load_options(arguments, surroundings);
  if (!options) return refuse_usage(surroundings, options.error());
  LoadOptions first = *options;
  first.read_references = false;  // each part of the data is compared with the others
  const Loaded loaded = load_rules(*rules, first);
  show_diagnostics(arguments, surroundings, loaded);
  if (!loaded.plan) return refuse_rules(surroundings, count_diagnostics(loaded).errors);
  const Plan& plan = *loaded.plan;
  if (plan.drift_rules.empty())
    return refuse_usage(surroundings, {.message = "`--rules`: " + in_quotes(*rules) + " has no drift rules"});
  if (plan.time.column == EventTime::kNone)
    return refuse_usage(surroundings,
                        {.message = "windows need a time: " + in_quotes(*rules) + " has no `source.time`"});
  Result<RecordInput> input =
      RecordInput::of_files(arguments.operands(), format_of(arguments).value_or(plan.format), plan.payload);
  if (!input) return refuse_usage(surroundings, input.error());
  if (!input->is_repeatable())
    return refuse_usage(surroundings,
                        {.message = "`weir calibrate` reads its input more than once, which a stream cannot give",
                         .help = "write it to a file first"});
  DriftReplayRequest request{.rules = *rules, .options = *options, .now = {}, .shelf = shelf_folder(surroundings)};
  return calibrate_rules(arguments, surroundings, *input, plan, std::move(request), *report);
}

}  // namespace weir
