// SPDX-License-Identifier: Apache-2.0
// What `weir check` was asked to do, read from its arguments and found to make sense as a whole, before anything is read.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/arguments.h"
#include "app/surroundings.h"
#include "app/topic_input.h"
#include "report/report.h"
#include "rules/load.h"
#include "weir/plan.h"

namespace weir {

struct ReportTarget {
  const ReportFormat* format = nullptr;
  std::string path;  // "-" is standard output
};

/// `--select KIND:GLOB`, and how many rules it took.
struct Selector {
  enum class Kind : unsigned char { Id, Field, Tag };
  Kind kind = Kind::Id;
  std::string glob;
  std::string written;
  std::size_t hits = 0;

  [[nodiscard]] bool takes(const RuleInfo& rule) const;
};

/// One file to judge, or why an argument named none.
struct InputPath {
  std::string path;
  std::string error = {};
};

/// What --format says, or nothing when it was not given.
[[nodiscard]] std::optional<Format> format_of(const Arguments& arguments);

/// Whether files of this format can be read: only a schema says what is in a Protobuf message.
[[nodiscard]] Status check_schema(Format format, const PayloadForm& payload);

/// `--other NAME=FILE`: records of another stream, for `other("NAME", …)`.
struct OtherInput {
  std::string stream;
  InputPath path;
};

struct CheckSettings {
  std::vector<InputPath> inputs;    // patterns and directories expanded
  std::optional<TopicInput> topic;  // in their place
  std::vector<OtherInput> others;
  std::string rules;
  std::optional<Format> format;  // nothing: what the rule file says
  std::vector<ReportTarget> reports;
  std::optional<std::string> quarantine;
  std::optional<std::string> clean;
  std::optional<std::string> state;
  std::optional<std::string> summary_out;
  FailOn fail_on = FailOn::Error;
  bool allow_empty = false;
  bool as_stream = false;
  bool all_windows = false;
  std::optional<Instant> now;
  std::uint64_t samples_per_rule = 20;
  unsigned threads = 1;
  std::uint64_t batch_records = 0;
  bool all_rules = false;
  bool progress = true;
  bool quiet = false;
  std::vector<std::string> redact;
  /// Is told what each step of an input found, with a reason for every violation; may be empty.
  std::function<void(std::uint32_t input, const Outcome& outcome)> on_step;
  std::shared_ptr<std::vector<Selector>> selectors;  // shared with the loader, which asks them

  static Result<CheckSettings> from(const Arguments& arguments, const Surroundings& surroundings);
  /// Passes --redact and --select on to the loader.
  void add_to(LoadOptions& options) const;
  /// A selector that took no rule is a typing error, and a gate that judges nothing.
  [[nodiscard]] Status check_selectors() const;
  /// Every stream that a rule compares with has an input, and every --other is compared with.
  [[nodiscard]] Status check_others(const Plan& plan) const;
};

// What several commands read alike from their arguments.

/// One argument at a time: what one of them lacks is no reason not to judge the others.
std::vector<InputPath> inputs_of(const std::vector<std::string>& operands);
/// Two outputs in one file, or an output over an input, would destroy something without a word.
Status check_outputs(const CheckSettings& settings);
Result<unsigned> threads_of(const Arguments& arguments);
Result<std::vector<ReportTarget>> report_targets(const Arguments& arguments);
[[nodiscard]] FailOn fail_on_of(const Arguments& arguments);
Result<std::uint64_t> samples_of(const Arguments& arguments, std::uint64_t otherwise);
/// `--select`, written once more: from a summary of a run that was given it.
Result<Selector> selector_of(const std::string& written);
/// Lets the loader keep only what a selector takes, and counts what each took.
void keep_selected(const std::shared_ptr<std::vector<Selector>>& selectors, LoadOptions& options);

}  // namespace weir
