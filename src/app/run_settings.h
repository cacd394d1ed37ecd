// SPDX-License-Identifier: Apache-2.0
// What `weir run` was asked to do, with everything that it names read and found sound: configuration, rules, the protection
// of the web server. Nothing connects before that.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/arguments.h"
#include "app/check_settings.h"
#include "app/stream_rules.h"
#include "app/surroundings.h"
#include "config/config.h"
#include "config/load_config.h"
#include "kafka/settings.h"
#include "weir/web_config.h"

namespace weir {

struct RunSettings {
  Config config;
  std::vector<StreamRules> rules;  // by index of Config::streams
  WebConfig web;
  LoadOptions load_options;  // for rules that are loaded again
  bool until_end = false;
  std::vector<ReportTarget> reports;
  FailOn fail_on = FailOn::Error;
  bool allow_empty = false;
  bool validate = false;
  bool ask_about_outputs = true;  // whether they can be written to; a cluster that cannot say costs seconds
};

/// What was found, errors among it or not.
struct FoundFaults {
  std::vector<Diagnostic> diagnostics;
  std::map<std::string, std::string> sources;

  void add(const std::vector<Diagnostic>& found, const std::map<std::string, std::string>& texts);
  [[nodiscard]] std::size_t errors() const;
};

/// Which flag says which key of the file, and what was given of them.
[[nodiscard]] std::vector<Given> given_flags(const Arguments& arguments);

/// Nothing when there is an error among the faults. The error of the Result is one of the command line alone.
Result<std::optional<RunSettings>> read_run_settings(const Arguments& arguments, const Surroundings& surroundings,
                                                     FoundFaults& faults);

/// How the clients of a stream connect.
[[nodiscard]] KafkaSettings kafka_settings(const Config& config, const StreamConfig& stream);

/// A name of this process that stays the same when it comes back: of the host and the place of its state.
[[nodiscard]] std::string instance_name(const std::string& host, const StatePlace& state);

}  // namespace weir
