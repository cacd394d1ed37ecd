// SPDX-License-Identifier: Apache-2.0
// weir doctor: what would keep weir run from working, in one table with remedies. All looks are taken at once, since the
// slow ones are those that wait for somebody who does not answer; the table is in the order in which one thing needs
// another.
#include <chrono>
#include <filesystem>
#include <utility>

#include "app/command.h"
#include "app/doctor_findings.h"
#include "app/doctor_probes.h"
#include "app/progress.h"
#include "app/rule_file.h"
#include "app/run_settings.h"

namespace weir {
namespace {

constexpr auto kMost = std::chrono::seconds(25);  // beside what it takes to read the configuration

DoctorFinding configuration_of(const Arguments& arguments, const RunSettings& settings, const FoundFaults& faults) {
  std::size_t rules = 0;
  for (const StreamRules& stream : settings.rules) rules += written_rules(*stream.plan);
  const std::string file = arguments.text("config", "flags");
  DoctorFinding finding{
      .subject = "configuration",
      .message = file + ": " + counted(settings.config.streams.size(), "stream") + ", " + counted(rules, "rule")};
  if (faults.diagnostics.empty()) return finding;
  finding.verdict = DoctorVerdict::Warn;
  finding.message += ", " + counted(faults.diagnostics.size(), "warning");
  finding.remedy = "`weir run --validate` with the same flags shows them";
  return finding;
}

struct DoctorLook {
  const char* subject;
  DoctorFindings (*look)(const DoctorCase&);
};

constexpr DoctorLook kLooks[] = {
    {"broker", look_at_kafka}, {"registry", look_at_registry}, {"state", look_at_folders},
    {"web", look_at_web},      {"clock", look_at_clock},       {"limits", look_at_limits},
};

DoctorFindings look_at_everything(const DoctorCasePtr& of) {
  std::vector<TimedQuestion<DoctorFindings>> asked;
  asked.reserve(std::size(kLooks));
  for (const DoctorLook& one : kLooks) asked.emplace_back([of, look = one.look] { return look(*of); });
  const auto end = std::chrono::steady_clock::now() + kMost;
  DoctorFindings all;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    std::optional<DoctorFindings> found = asked[i].wait_until(end);
    if (!found) {
      all.push_back({.subject = kLooks[i].subject,
                     .verdict = DoctorVerdict::Bad,
                     .message = "no answer within 25 s: the look was given up",
                     .remedy = "something hangs there: a network file system, a name server, a broker"});
      continue;
    }
    for (DoctorFinding& one : *found) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

int run_doctor(const Arguments& arguments, Surroundings& surroundings) {
  FoundFaults faults;
  Result<std::optional<RunSettings>> settings = read_run_settings(arguments, surroundings, faults);
  if (!settings) return refuse_usage(surroundings, settings.error());
  if (!*settings) {
    print(surroundings.err, render(faults.diagnostics, faults.sources, color_of_err(arguments, surroundings)));
    print(surroundings.err, "weir: ERROR exit=2 (" + counted(faults.errors(), "error") +
                                " in the configuration or the rules, nothing else was looked at)\n");
    return ExitCode::kUsage;
  }
  const auto of = std::make_shared<const DoctorCase>(
      DoctorCase{.settings = *std::move(*settings), .now = surroundings.wall_clock()});
  DoctorFindings findings = {configuration_of(arguments, of->settings, faults)};
  for (DoctorFinding& one : look_at_everything(of)) findings.push_back(std::move(one));
  const auto width = static_cast<std::size_t>(terminal_width(surroundings));
  print(surroundings.out, arguments.on("json") ? doctor_json(findings)
                                               : doctor_table(findings, width, color_of_out(arguments, surroundings)));
  std::fflush(surroundings.out);
  const auto [exit, words] = doctor_decision(findings);
  print(surroundings.err, words);
  return exit;
}

}  // namespace weir
