// SPDX-License-Identifier: Apache-2.0
// weir baseline: records that are as they should be in, a reference out that holds no raw value; or what such a file holds.
#include <algorithm>
#include <memory>
#include <optional>
#include <set>

#include "app/baseline_table.h"
#include "app/check_settings.h"
#include "app/compare_settings.h"
#include "app/interrupt.h"
#include "app/progress.h"
#include "app/record_profile.h"
#include "app/rule_file.h"
#include "app/telling.h"
#include "app/window_shares.h"
#include "base/escape.h"
#include "base/text.h"
#include "base/timestamp.h"

namespace weir {
namespace {

int refuse_input(Surroundings& surroundings, const Error& error) {
  return refuse(surroundings, error, ExitCode::kUnjudged, "no baseline was made");
}

struct BaselineSettings {
  std::vector<std::string> inputs;
  std::optional<TopicInput> topic;
  std::optional<Format> format;
  std::vector<std::string> fields;
  std::vector<std::vector<std::string>> together;
  std::optional<std::string> rules;
  std::optional<std::string> time;
  std::optional<Duration> every;
  std::string output;
  bool quiet = false;
  BaselineWriting writing;

  static Result<BaselineSettings> from(const Arguments& arguments, const Surroundings& surroundings) {
    BaselineSettings settings;
    Result<std::optional<TopicInput>> topic = topic_input_of(arguments, surroundings);
    if (!topic) return topic.error();
    settings.topic = *std::move(topic);
    settings.inputs = arguments.operands();
    if (settings.inputs.empty() && !settings.topic)
      return Error{.message = "there are no records to make a baseline of",
                   .help = "weir baseline FILE... -o refs/orders.baseline.json, or --show FILE"};
    settings.format = format_of(arguments);
    settings.fields = listed_values(arguments, "fields");
    for (const std::string& written : arguments.values("together")) {
      const std::vector<std::string> paths = split_list(written);
      if (paths.size() < 2 || paths.size() > ScatterSpec::kMostColumns)
        return Error{.message =
                         "`--together` wants 2 to 64 fields with commas between them, not " + in_quotes(written)};
      if (const Status together = check_paths(paths, "--together"); !together) return together.error();
      settings.together.push_back(paths);
    }
    settings.rules = arguments.text("rules");
    settings.time = arguments.text("time");
    if (const Status fields = check_paths(settings.fields, "--fields"); !fields) return fields.error();
    if (const Status time = check_paths(arguments.values("time"), "--time"); !time) return time.error();
    if (const std::optional<std::string> every = arguments.text("every")) {
      settings.every = parse_duration(*every);
      if (!settings.every || *settings.every <= Duration::zero())
        return Error{.message = "`--every` wants a time such as 10m, not " + in_quotes(*every)};
    }
    settings.output = arguments.text("output", "-");
    settings.quiet = arguments.on("quiet");
    settings.writing.reveal = arguments.on("reveal");
    settings.writing.floor = arguments.count("floor", settings.writing.floor);
    settings.writing.secret = surroundings.environment("WEIR_BASELINE_SECRET").value_or("");
    return settings;
  }
};

class Making {
 public:
  Making(const BaselineSettings& settings, const Plan* plan, const Surroundings& surroundings)
      : settings_(settings), plan_(plan), now_(surroundings.wall_clock()) {}

  Result<Baseline> make() {
    Result<RecordInput> input =
        settings_.topic ? RecordInput::of_topic(*settings_.topic, now_, payload())
                        : RecordInput::of_files(
                              settings_.inputs,
                              settings_.format.value_or(plan_ == nullptr ? Format::Auto : plan_->format), payload());
    if (!input) return input.error();
    const Result<SeenFields> seen = input->discover();
    if (!seen) return seen.error();
    if (const Status chosen = choose(*seen); !chosen) return chosen.error();
    const bool whole = input->seen_whole();
    Result<RecordProfile> profile = profile_records(*input, profiling_);
    if (!profile) return profile.error();
    if (profile->records == profile->undecodable)
      return Error{.message = "there are no records in " + input->name() +
                              (profile->undecodable > 0 ? " that can be read" : "")};
    notes_ = profile->notes;
    if (seen->left_out > 0 || (!whole && settings_.fields.empty() && plan_ == nullptr))
      notes_.push_back("fields were looked for in the first 16 MiB of records, and at most " +
                       with_commas(FieldDiscovery::kMaxFields) + " of them; --fields names others");
    if (profile->undecodable > 0) notes_.push_back(counted(profile->undecodable, "record") + " could not be read");
    Baseline baseline = baseline_of(*profile, profiling_);
    baseline.made = now_;
    if (const Status known = add_design_effects(*input, *profile, baseline); !known) return known.error();
    for (const BaselineField& field : baseline.fields) {
      if (field.profile.values() == 0)
        notes_.push_back(field.path + " has no value in any record: nothing can be compared with it");
    }
    return baseline;
  }

  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  [[nodiscard]] PayloadForm payload() const {
    PayloadForm form;
    if (settings_.topic) form.schemas = settings_.topic->schemas;
    return plan_ == nullptr ? form : plan_->payload;
  }

  Status choose(const SeenFields& seen) {
    profiling_.now = now_;
    profiling_.payload = payload();
    if (plan_ != nullptr) {
      profiling_.fields = plan_->fields;
      profiling_.time = plan_->time;
    }
    std::vector<std::string> paths = settings_.fields;
    std::vector<std::vector<std::string>> together = settings_.together;
    if (plan_ != nullptr) {
      for (const DriftRule& rule : plan_->drift_rules) {
        paths.insert(paths.end(), rule.paths.begin(), rule.paths.end());
        if (rule.paths.size() > 1) together.push_back(rule.paths);
      }
    } else if (paths.empty()) {
      for (const FieldPath& path : seen.paths) paths.push_back(path.text());
    }
    for (const std::vector<std::string>& group : together) paths.insert(paths.end(), group.begin(), group.end());
    std::set<std::uint32_t> taken;
    for (const std::string& path : paths) {
      const Result<std::uint32_t> column = column_of(path, seen);
      if (!column) return Error{.message = "`--fields`: " + column.error().message};
      if (taken.insert(*column).second) profiling_.wanted.push_back({.column = *column});
    }
    std::set<std::vector<std::uint32_t>> groups;
    for (const std::vector<std::string>& group : together) {
      std::vector<std::uint32_t> columns;
      for (const std::string& path : group) columns.push_back(*column_of(path, seen));
      if (groups.insert(columns).second) profiling_.together.push_back(columns);
    }
    if (!settings_.time) return Done{};
    const Result<std::uint32_t> time = column_of(*settings_.time, seen);
    if (!time) return Error{.message = "`--time`: " + time.error().message};
    profiling_.time.column = static_cast<std::int32_t>(*time);
    return Done{};
  }

  Result<std::uint32_t> column_of(const std::string& text, const SeenFields& seen) {
    const Result<FieldPath> path = FieldPath::parse(text);
    if (!path) return path.error();
    return add_field(profiling_.fields, *path, seen);
  }

  /// Windows of --every, or of the drift rules when they all have the same.
  [[nodiscard]] std::optional<Duration> every() const {
    if (settings_.every || plan_ == nullptr) return settings_.every;
    std::set<Duration> lengths;
    for (const DriftRule& rule : plan_->drift_rules) {
      const WindowBlock& block = plan_->windows[plan_->window_rules[rule.rule].block];
      if (block.kind == WindowKind::Time) lengths.insert(block.every);
    }
    return lengths.size() == 1 ? std::optional(*lengths.begin()) : std::nullopt;
  }

  Status add_design_effects(RecordInput& input, const RecordProfile& profile, Baseline& baseline) {
    const std::optional<Duration> length = every();
    if (!length) return Done{};
    if (!profile.from) {
      notes_.push_back(
          "no record has a time, so that nothing is known of how windows differ by themselves; --time "
          "names the field");
      return Done{};
    }
    if (!input.is_repeatable()) {
      notes_.push_back("the input can be read once only, so that nothing is known of how windows differ by themselves");
      return Done{};
    }
    const Result<WindowShares> shares = window_shares(input, profiling_, profile, *length);
    if (!shares) return shares.error();
    std::size_t unknown = 0;
    for (std::size_t i = 0; i < shares->windows.size(); ++i) {
      const std::string path = profiling_.fields[profiling_.wanted[i].column].path.text();
      for (BaselineField& field : baseline.fields) {
        if (field.path != path) continue;
        field.profile.design_effect = shares->design_effects[i];
        field.profile.design_windows = shares->windows[i];
      }
      unknown += shares->windows[i] < kWindowsNeeded ? 1U : 0U;
    }
    if (unknown > 0)
      notes_.push_back("of " + counted(unknown, "field") +
                       " there are fewer than 30 windows: how much windows differ " + "by themselves stays unknown");
    return Done{};
  }

  static constexpr std::uint64_t kWindowsNeeded = 30;

  const BaselineSettings& settings_;
  const Plan* plan_;
  Instant now_;
  RecordProfiling profiling_;
  std::vector<std::string> notes_;
};

int make(Surroundings& surroundings, const BaselineSettings& settings, const Plan* plan) {
  const InterruptGuard guard;
  Making making(settings, plan, surroundings);
  const Result<Baseline> baseline = making.make();
  if (InterruptGuard::signal() != 0) return 128 + InterruptGuard::signal();
  if (!baseline) return refuse_input(surroundings, baseline.error());
  if (const Status written = write_output(surroundings, settings.output, write_baseline(*baseline, settings.writing));
      !written) {
    return refuse(surroundings, written.error(), ExitCode::kNotWritten, "not written");
  }
  if (!settings.quiet) {
    for (const std::string& note : making.notes()) print(surroundings.err, "note: " + visible(note) + "\n");
  }
  std::string said = "weir: a baseline of " + counted(baseline->fields.size(), "field") + " from " +
                     counted(baseline->records, "record");
  said += settings.writing.reveal ? ", with the names of categories" : ", with categories as hashes";
  if (!settings.writing.reveal && !settings.writing.secret.empty()) said += " under WEIR_BASELINE_SECRET";
  print(surroundings.err, said + "\n");
  if (settings.output != "-" && !settings.quiet)
    print(surroundings.err, "next: weir compare " + visible(shell_word(settings.output)) + " FILE\n");
  return ExitCode::kHolds;
}

int show(const Arguments& arguments, Surroundings& surroundings, const std::string& path) {
  const Result<std::string> text = read_whole_file(path);
  if (!text) return refuse_input(surroundings, text.error());
  const std::string secret = surroundings.environment("WEIR_BASELINE_SECRET").value_or("");
  const Result<Baseline> baseline = read_baseline(*text, path, secret);
  if (!baseline) return refuse_input(surroundings, baseline.error());
  print(surroundings.out, baseline_table(*baseline, static_cast<std::size_t>(terminal_width(surroundings))));
  (void)arguments;
  return ExitCode::kHolds;
}

}  // namespace

int run_baseline(const Arguments& arguments, Surroundings& surroundings) {
  if (const std::optional<std::string> shown = arguments.text("show")) {
    if (!arguments.operands().empty() || arguments.on("topic"))
      return refuse_usage(surroundings, {.message = "`--show` shows a file and reads no records"});
    return show(arguments, surroundings, *shown);
  }
  const Result<BaselineSettings> settings = BaselineSettings::from(arguments, surroundings);
  if (!settings) return refuse_usage(surroundings, settings.error());
  if (!settings->rules) return make(surroundings, *settings, nullptr);
  Result<LoadOptions> options = load_options(arguments, surroundings);
  if (!options) return refuse_usage(surroundings, options.error());
  options->read_references = false;  // they are what is made here
  if (settings->topic) options->schemas = settings->topic->schemas;
  const Loaded loaded = load_rules(*settings->rules, *options);
  show_diagnostics(arguments, surroundings, loaded);
  if (!loaded.plan) return refuse_rules(surroundings, count_diagnostics(loaded).errors);
  if (loaded.plan->drift_rules.empty())
    return refuse_usage(surroundings, {.message = "`--rules`: " + in_quotes(*settings->rules) + " has no drift rules"});
  return make(surroundings, *settings, loaded.plan.get());
}

}  // namespace weir
