// SPDX-License-Identifier: Apache-2.0
// weir compare: a reference and current records in, what moved out. Both sides become profiles of the same fields; the
// comparison itself is that of the drift rules (drift/compare.h), judged once.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "app/check_settings.h"
#include "app/compare_settings.h"
#include "app/interrupt.h"
#include "app/progress.h"
#include "app/record_profile.h"
#include "app/rule_file.h"
#include "app/telling.h"
#include "base/text.h"
#include "drift/compare.h"
#include "files/pending_file.h"
#include "rules/within.h"

namespace weir {
namespace {

// Of a file that may be a baseline: enough to tell.
constexpr std::size_t kPeeked = 4096;

/// Of each comparison that was asked for, what one side knows: null where it knows nothing.
struct Side {
  std::vector<const Profile*> fields = {};
  std::vector<const JointProfile*> joints = {};
  Baseline baseline = {};      // what is pointed into: a baseline that was read,
  RecordProfile records = {};  // or what records came to
  ComparedSide shown = {};
};

int refuse_input(Surroundings& surroundings, const Error& error) {
  return refuse(surroundings, error, ExitCode::kUnjudged, "there was nothing to compare");
}

const Profile* profile_in(const Baseline& baseline, const std::string& path) {
  const BaselineField* const field = baseline.find(path);
  return field == nullptr ? nullptr : &field->profile;
}

const JointProfile* joint_in(const Baseline& baseline, const std::vector<std::string>& paths) {
  const auto found = std::find_if(baseline.joints.begin(), baseline.joints.end(),
                                  [&](const JointProfile& joint) { return joint.paths == paths; });
  return found == baseline.joints.end() ? nullptr : &*found;
}

CellType type_of(const Profile& profile) {
  if (2 * profile.finite > profile.values()) return CellType::Number;
  return 2 * profile.types.boolean > profile.values() ? CellType::Boolean : CellType::Text;
}

/// No record of that side has the field.
bool lacks(const Profile* profile) {
  return profile == nullptr || profile->elements == 0 || profile->odd.absent == profile->elements;
}

class Comparing {
 public:
  Comparing(const CompareSettings& settings, const Plan* plan, const Surroundings& surroundings)
      : settings_(settings),
        plan_(plan),
        secret_(surroundings.environment("WEIR_BASELINE_SECRET").value_or("")),
        now_(surroundings.wall_clock()) {}

  Status run() {
    Result<std::optional<Baseline>> written = read_reference();
    if (!written) return written.error();
    Result<RecordInput> current = settings_.topic ? RecordInput::of_topic(*settings_.topic, now_, payload())
                                                  : RecordInput::of_files(settings_.current, format(), payload());
    if (!current) return current.error();
    return *written ? against_baseline(**std::move(written), *current) : against_records(*current);
  }

  ComparisonReport result() {
    ComparisonReport comparison{.version = WEIR_VERSION, .reference = reference_.shown, .current = current_.shown};
    std::vector<FieldPair> pairs;
    std::vector<std::size_t> places;
    CompareOptions options;
    for (std::size_t i = 0; i < asked_.size(); ++i) {
      const Asked& asked = asked_[i];
      ComparedField& field = comparison.fields.emplace_back(ComparedField{
          .path = asked.name(), .rule = asked.rule, .severity = asked.severity, .fail_on_empty = asked.fail_on_empty});
      FieldPair pair{.path = field.path, .tests = asked.tests, .tolerance = asked.tolerance};
      options.any_dependence = options.any_dependence || asked.any_dependence;
      field.result.cause = asked.paths.size() > 1 ? join(i, pair, field) : join_one(i, pair, field);
      if (!field.result.cause.empty()) continue;
      pairs.push_back(std::move(pair));
      places.push_back(i);
    }
    std::vector<FieldResult> results = compare_fields(pairs, options);
    for (std::size_t i = 0; i < places.size(); ++i) comparison.fields[places[i]].result = std::move(results[i]);
    for (const Side* side : {&reference_, &current_})
      comparison.notes.insert(comparison.notes.end(), side->records.notes.begin(), side->records.notes.end());
    comparison.notes.insert(comparison.notes.end(), notes_.begin(), notes_.end());
    conclude(comparison, settings_.fail_on);
    return comparison;
  }

 private:
  static constexpr std::size_t kNamed = 5;

  [[nodiscard]] PayloadForm payload() const {
    PayloadForm form;
    if (settings_.topic) form.schemas = settings_.topic->schemas;
    return plan_ == nullptr ? form : plan_->payload;
  }

  [[nodiscard]] Format format() const {
    if (settings_.format) return *settings_.format;
    return plan_ == nullptr ? Format::Auto : plan_->format;
  }

  /// The baseline when the file is one, nothing when it holds records.
  Result<std::optional<Baseline>> read_reference() const {
    const std::string& path = settings_.reference;
    if (!begins_like_baseline(path)) return std::optional<Baseline>();
    const Result<std::string> text = read_whole_file(path);
    if (!text) return text.error();
    Result<Baseline> baseline = read_baseline(*text, path, secret_);
    if (!baseline) return baseline.error();
    return std::optional(*std::move(baseline));
  }

  static bool begins_like_baseline(const std::string& path) {
    std::error_code fault;
    if (!std::filesystem::is_regular_file(path, fault)) return false;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
    if (!file) return false;
    std::string begin(kPeeked, '\0');
    begin.resize(std::fread(begin.data(), 1, begin.size(), file.get()));
    return is_baseline(begin);
  }

  Status against_baseline(Baseline baseline, RecordInput& input) {
    reference_.baseline = std::move(baseline);
    const Baseline& known = reference_.baseline;
    reference_.shown = {.path = settings_.reference,
                        .baseline = true,
                        .records = known.records,
                        .undecodable = 0,
                        .from = known.from,
                        .to = known.to};
    Result<SeenFields> seen = input.discover();
    if (!seen) return seen.error();
    std::vector<std::string> found;
    for (const BaselineField& field : known.fields) found.push_back(field.path);
    std::string unknown;
    std::size_t new_fields = 0;
    for (std::size_t i = 0; i < seen->paths.size(); ++i) {
      const Profile* const before = profile_in(known, seen->paths[i].text());
      if (before != nullptr && before->values() > 0) seen->types[i] = type_of(*before);
      if (before == nullptr && new_fields++ < kNamed) unknown += (unknown.empty() ? "" : ", ") + seen->paths[i].text();
    }
    if (settings_.fields.empty() && plan_ == nullptr && new_fields > 0)
      notes_.push_back("the baseline does not know " + counted(new_fields, "field") + " of the records: " + unknown +
                       (new_fields > kNamed ? ", …" : ""));
    asked_ = settings_.asked(plan_, found);
    for (const Asked& asked : asked_) {
      const bool several = asked.paths.size() > 1;
      reference_.fields.push_back(several ? nullptr : profile_in(known, asked.paths.front()));
      reference_.joints.push_back(several ? joint_in(known, asked.paths) : nullptr);
    }
    if (const Status read = profile(input, *seen, current_, &known); !read) return read;
    if (known.salt.empty()) return Done{};
    // Categories of a baseline are hashes of their own.
    for (Profile& field : current_.records.fields) {
      for (Category& category : field.categories) category.hash = baseline_hash(known, category.hash, secret_);
      std::sort(field.categories.begin(), field.categories.end(),
                [](const Category& a, const Category& b) { return a.hash < b.hash; });
    }
    return Done{};
  }

  Status against_records(RecordInput& current) {
    Result<RecordInput> reference = RecordInput::of_files({settings_.reference}, format(), payload());
    if (!reference) return reference.error();
    const Result<SeenFields> before = reference->discover();
    if (!before) return before.error();
    const Result<SeenFields> now = current.discover();
    if (!now) return now.error();
    SeenFields both = *before;
    for (std::size_t i = 0; i < now->paths.size(); ++i) {
      const auto known = std::find(both.paths.begin(), both.paths.end(), now->paths[i]);
      if (known == both.paths.end()) {
        both.paths.push_back(now->paths[i]);
        both.types.push_back(now->types[i]);
      } else if (!before->table) {
        both.types[static_cast<std::size_t>(known - both.paths.begin())] = now->types[i];
      }
    }
    if (before->left_out + now->left_out > 0)
      notes_.push_back("there are more fields than the first " + with_commas(FieldDiscovery::kMaxFields) +
                       ": others are compared when --fields names them");
    if (settings_.fields.empty() && plan_ == nullptr && !(reference->seen_whole() && current.seen_whole()))
      notes_.push_back("fields were looked for in the first 16 MiB of records; --fields names others");
    std::vector<std::string> found;
    for (const FieldPath& path : both.paths) found.push_back(path.text());
    asked_ = settings_.asked(plan_, found);
    if (const Status read = profile(*reference, both, reference_, nullptr); !read) return read;
    return profile(current, both, current_, nullptr);
  }

  Status profile(RecordInput& input, const SeenFields& seen, Side& side, const Baseline* baseline) {
    RecordProfiling profiling;
    profiling.now = now_;
    profiling.payload = payload();
    if (plan_ != nullptr) {
      profiling.fields = plan_->fields;
      profiling.time = plan_->time;
    }
    for (const Asked& asked : asked_) {
      std::vector<std::uint32_t> columns;
      for (const std::string& text : asked.paths) {
        const Result<FieldPath> path = FieldPath::parse(text);
        if (!path) return Error{.message = "`--fields`: " + path.error().message};
        columns.push_back(add_field(profiling.fields, *path, seen));
      }
      if (asked.paths.size() > 1) {
        profiling.together.push_back(std::move(columns));
        continue;
      }
      const Profile* const known = baseline == nullptr ? nullptr : profile_in(*baseline, asked.paths.front());
      profiling.wanted.push_back({.column = columns.front(),
                                  .edges = known == nullptr ? nullptr : known->edges,
                                  .when = asked.when.get(),
                                  .when_columns = asked.when_columns});
    }
    for (const std::string& text : settings_.redact) {
      const Result<FieldPath> path = FieldPath::parse(text);
      if (!path) return Error{.message = "`--redact`: " + path.error().message};
      // What lies within it shows its values, and so does what it lies within.
      for (std::size_t i = 0; i < profiling.fields.size(); ++i) {
        Field& field = profiling.fields[i];
        if (may_show(field.path, *path)) field.redacted = true;
      }
    }
    Result<RecordProfile> made = profile_records(input, profiling);
    if (!made) return made.error();
    side.records = *std::move(made);
    side.shown = {.path = input.name(),
                  .baseline = false,
                  .records = side.records.records,
                  .undecodable = side.records.undecodable,
                  .from = side.records.from,
                  .to = side.records.to};
    std::size_t field = 0;
    std::size_t joint = 0;
    for (const Asked& asked : asked_) {
      const bool several = asked.paths.size() > 1;
      side.fields.push_back(several ? nullptr : &side.records.fields[field++]);
      side.joints.push_back(several ? &side.records.joints[joint++] : nullptr);
    }
    if (side.records.records > side.records.undecodable || InterruptGuard::signal() != 0) return Done{};
    return Error{.message = "there are no records in " + input.name() +
                            (side.records.undecodable > 0 ? " that can be read" : "")};
  }

  /// Why the pair cannot be compared, or nothing.
  std::string join_one(std::size_t i, FieldPair& pair, ComparedField& field) const {
    pair.reference = reference_.fields[i];
    pair.current = current_.fields[i];
    if (pair.reference != nullptr) field.reference_values = pair.reference->values();
    if (pair.current != nullptr) field.current_values = pair.current->values();
    const bool known = !lacks(pair.reference);
    const bool there = !lacks(pair.current);
    if (!known && !there) return "no record on either side has this field";
    if (!known && reference_.shown.baseline) return "the baseline does not know this field";
    if (!known) return "no record of the reference has this field";
    if (!there) return "no current record has this field";
    if (reference_.shown.baseline) pair.design_effect = pair.reference->design_effect.value_or(1);
    pair.redacted = pair.reference->redacted || pair.current->redacted;
    return "";
  }

  std::string join(std::size_t i, FieldPair& pair, ComparedField& field) const {
    pair.joint_reference = reference_.joints[i];
    pair.joint_current = current_.joints[i];
    if (pair.joint_reference == nullptr)
      return "the baseline does not know these fields together; weir baseline --rules makes one that does";
    field.reference_values = pair.joint_reference->rows;
    field.current_values = pair.joint_current->rows;
    if (field.reference_values == 0) return "no record of the reference has numbers in all of these fields";
    if (field.current_values == 0) return "no current record has numbers in all of these fields";
    return "";
  }

  const CompareSettings& settings_;
  const Plan* plan_;
  std::string secret_;
  Instant now_;
  Side reference_;
  Side current_;
  std::vector<Asked> asked_;
  std::vector<std::string> notes_;
};

bool write_reports(const CompareSettings& settings, const ComparisonReport& comparison, Surroundings& surroundings) {
  bool all = true;
  for (const ComparisonTarget& target : settings.reports) {
    const Status written = write_output(surroundings, target.path, target.format->write(comparison));
    if (!written) tell(surroundings, written.error());
    all = all && written.ok();
  }
  return all;
}

int compare(const Arguments& arguments, Surroundings& surroundings, const CompareSettings& settings, const Plan* plan) {
  const InterruptGuard guard;
  Comparing comparing(settings, plan, surroundings);
  const Status read = comparing.run();
  if (InterruptGuard::signal() != 0) return 128 + InterruptGuard::signal();
  if (!read) return refuse_input(surroundings, read.error());
  ComparisonReport comparison = comparing.result();
  if (!settings.quiet) {
    const WriteOptions shown{.color = color_of_err(arguments, surroundings),
                             .width = terminal_width(surroundings),
                             .all_rules = settings.all_fields};
    print(surroundings.err, write_text(comparison, shown));
  }
  if (!write_reports(settings, comparison, surroundings) && comparison.exit_code != ExitCode::kUnjudged) {
    comparison.exit_code = ExitCode::kNotWritten;
    comparison.verdict = Verdict::Error;
  }
  print(surroundings.err, decision_line(comparison) + "\n");
  return comparison.exit_code;
}

}  // namespace

int run_compare(const Arguments& arguments, Surroundings& surroundings) {
  const Result<CompareSettings> settings = CompareSettings::from(arguments, surroundings);
  if (!settings) return refuse_usage(surroundings, settings.error());
  if (!settings->rules) return compare(arguments, surroundings, *settings, nullptr);
  Result<LoadOptions> options = load_options(arguments, surroundings);
  if (!options) return refuse_usage(surroundings, options.error());
  options->read_references = false;  // REF stands in their place
  if (settings->topic) options->schemas = settings->topic->schemas;
  const Loaded loaded = load_rules(*settings->rules, *options);
  show_diagnostics(arguments, surroundings, loaded);
  if (!loaded.plan) return refuse_rules(surroundings, count_diagnostics(loaded).errors);
  if (loaded.plan->drift_rules.empty()) {
    return refuse_usage(surroundings, {.message = "`--rules`: " + in_quotes(*settings->rules) + " has no drift rules",
                                       .help = "without --rules, every field is compared"});
  }
  return compare(arguments, surroundings, *settings, loaded.plan.get());
}

}  // namespace weir
