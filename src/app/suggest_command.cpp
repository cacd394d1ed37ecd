// SPDX-License-Identifier: Apache-2.0
// weir suggest: records in, a rule file out. Looks at the records four times: which fields there are, what their values are
// like, whether the suggested rules hold of all of them (one that does not is left out and said so), and which fields were alike
// in both halves.
#include <algorithm>
#include <memory>

#include "app/check_settings.h"
#include "app/field_scan.h"
#include "app/interrupt.h"
#include "app/pipeline.h"
#include "app/rule_file.h"
#include "app/suggest_drift.h"
#include "app/telling.h"
#include "base/escape.h"
#include "base/text.h"
#include "decode/decoders.h"
#include "files/expand.h"
#include "files/source.h"
#include "suggest/advise.h"
#include "suggest/rule_file_text.h"
#include "weir/engine.h"

namespace weir {
namespace {

/// The records of all inputs, or of blocks spread evenly over them when there are more than the sample wants.
class Sample {
 public:
  Sample(std::vector<std::string> paths, FileOptions options) : paths_(std::move(paths)), options_(options) {}

  /// Calls visit(messages, format) for each block of the sample.
  template <class Visit>
  Status each(std::uint64_t most_bytes, Visit visit) {
    std::uint64_t total = 0;
    std::vector<std::unique_ptr<FileSource>> sources;
    for (const std::string& path : paths_) {
      Result<std::unique_ptr<FileSource>> source = FileSource::open(path, options_);
      if (!source) return source.error();
      total += (*source)->bytes_total();
      sources.push_back(*std::move(source));
    }
    const std::uint64_t stride = std::max<std::uint64_t>(1, (total + most_bytes - 1) / most_bytes);
    whole_ = stride == 1;
    Block block;
    std::uint64_t number = 0;
    for (std::unique_ptr<FileSource>& source : sources) {
      if (format_ == Format::Auto) format_ = source->format();
      while (true) {
        const Result<bool> more = source->next(block);
        if (!more) return more.error();
        if (!*more || InterruptGuard::signal() != 0) break;
        if (number++ % stride != 0) continue;
        source->cut(block);
        visit(static_cast<const Messages&>(block.messages), source->format());
      }
    }
    return Done{};
  }

  [[nodiscard]] bool whole() const noexcept { return whole_; }
  [[nodiscard]] Format format() const noexcept { return format_; }

 private:
  std::vector<std::string> paths_;
  FileOptions options_;
  bool whole_ = true;
  Format format_ = Format::Auto;
};

// Enough for every number that a suggestion rests on, and a few seconds of work.
constexpr std::uint64_t kLookedAt = std::uint64_t{64} << 20;
constexpr std::uint64_t kDiscovered = std::uint64_t{16} << 20;

Result<SeenFields> discover(Sample& sample) {
  FieldScan scan;
  const Status read =
      sample.each(kDiscovered, [&scan](const Messages& messages, Format format) { scan.add(messages, format); });
  if (!read) return read.error();
  return scan.fields(FieldScan::Numbers::All);
}

Result<SampleProfile> look(Sample& sample, const SeenFields& seen) {
  Plan plan;
  plan.rules.emplace_back();  // decode
  for (std::size_t i = 0; i < seen.paths.size(); ++i)
    plan.fields[plan.fields.add(seen.paths[i])].cell_type = seen.types[i];
  SampleProfile profile(seen.paths);
  std::unique_ptr<Decoder> decoder;
  Format decoded = Format::Auto;
  Batch batch;
  const Status read = sample.each(kLookedAt, [&](const Messages& messages, Format format) {
    if (decoder == nullptr || format != decoded) decoder = make_decoder(format, plan);
    decoded = format;
    batch.clear(plan.fields.size());
    decoder->decode(messages, batch);
    profile.add(batch);
  });
  if (!read) return read.error();
  return profile;
}

Result<std::string> suggest_drift(Sample& sample, const SeenFields& seen, const SampleProfile& profile,
                                  const std::vector<std::string>& paths, const std::optional<std::string>& time) {
  Halves halves(seen, profile.records());
  const Status read =
      sample.each(kLookedAt, [&halves](const Messages& messages, Format format) { halves.add(messages, format); });
  if (!read) return read.error();
  std::vector<Halves::Stable> stable = halves.stable();
  for (const FieldProfile& field : profile.fields()) {
    // Times move on by themselves.
    if (field.timestamps + field.dates + field.uuids == 0) continue;
    std::erase_if(stable, [&](const Halves::Stable& one) { return one.path == field.path.text(); });
  }
  return drift_suggestion(stable, paths, time);
}

/// Which rules of the text do not hold of all records, with the words why.
class Trial {
 public:
  Trial(const std::vector<std::string>& paths, const FileOptions& options, Instant now)
      : paths_(paths), options_(options), now_(now) {}

  Status run(const std::string& text) {
    LoadOptions options;
    options.read_file = [&text](const std::string&) -> Result<std::string> { return text; };
    const Loaded loaded = load_rules("suggested.yml", options);
    if (!loaded.plan) {
      const Error& first = loaded.diagnostics.front().error;
      return Error{.message = "the suggestion itself is no rule file (line " + std::to_string(first.where.line) + ": " +
                              first.message + "); please report this with the record that leads to it"};
    }
    Engine engine(loaded.plan, {.samples_per_rule = 1, .now = now_});
    Outcome outcome;
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      Result<std::unique_ptr<FileSource>> source = FileSource::open(paths_[i], options_);
      if (!source) return source.error();
      engine.begin_input(static_cast<std::uint32_t>(i), (*source)->format());
      const Status read =
          run_pipeline(**source, loaded.plan, engine, {.threads = 2, .now = now_}, [&](PipelineStep& step) -> Status {
            outcome.merge(std::move(step.outcome));
            return Done{};
          });
      if (!read) return read;
    }
    outcome.merge(engine.finish());
    judge(*loaded.plan, outcome);
    return Done{};
  }

  [[nodiscard]] std::string why_not(const std::string& id) const {
    const auto found = std::find_if(failed_.begin(), failed_.end(), [&](const auto& one) { return one.first == id; });
    return found == failed_.end() ? "" : found->second;
  }
  [[nodiscard]] bool all_held() const noexcept { return failed_.empty() && !untimed_; }
  /// Some records have no time that can be read.
  [[nodiscard]] bool untimed() const noexcept { return untimed_; }
  /// Rules of the text that held.
  [[nodiscard]] std::size_t rules() const noexcept { return rules_ - failed_.size(); }
  [[nodiscard]] std::uint64_t undecodable() const noexcept { return undecodable_; }

 private:
  void judge(const Plan& plan, const Outcome& outcome) {
    undecodable_ = outcome.undecodable;
    rules_ = written_rules(plan);
    for (std::size_t i = 0; i < outcome.rules.size(); ++i) {
      if (i == plan.time_rule) untimed_ = outcome.rules[i].failed > 0;
      if (!is_written(plan.rules[i]) || outcome.rules[i].failed == 0) continue;
      failed_.emplace_back(plan.rules[i].info.id, "left out: does not hold of " + with_commas(outcome.rules[i].failed) +
                                                      " of " + with_commas(outcome.rules[i].evaluated) + " records");
    }
    for (std::size_t i = 0; i < outcome.windows.rules.size(); ++i) {
      const WindowCounts& counts = outcome.windows.rules[i];
      if (counts.failed == 0 && counts.errors == 0) continue;
      failed_.emplace_back(plan.window_rules[i].info.id, "left out: does not hold of " + with_commas(counts.failed) +
                                                             " of " + with_commas(counts.evaluated) + " windows");
    }
  }

  const std::vector<std::string>& paths_;
  FileOptions options_;
  Instant now_;
  std::vector<std::pair<std::string, std::string>> failed_;
  std::size_t rules_ = 0;
  bool untimed_ = false;
  std::uint64_t undecodable_ = 0;
};

int refuse_input(Surroundings& surroundings, const Error& error) {
  return refuse(surroundings, error, ExitCode::kUnjudged, "the input could not be read");
}

int suggest(const Arguments& arguments, Surroundings& surroundings, const std::vector<std::string>& paths) {
  const FileOptions options{.format = format_of(arguments).value_or(Format::Auto)};
  if (options.format == Format::Protobuf)
    return refuse_usage(
        surroundings, {.message = "`weir suggest` reads no Protobuf: a file of it needs `source.schema`, and there is "
                                  "no rule file yet",
                       .help = "write one with the schema; `weir check`, `baseline` and `compare` read by it"});
  const InterruptGuard guard;
  Sample sample(paths, options);
  const Result<SeenFields> seen = discover(sample);
  if (!seen) return refuse_input(surroundings, seen.error());
  const Result<SampleProfile> profile = look(sample, *seen);
  if (!profile) return refuse_input(surroundings, profile.error());
  if (InterruptGuard::signal() != 0) return 128 + InterruptGuard::signal();
  if (profile->records() == 0) return refuse_input(surroundings, {.message = "there are no records to learn from"});
  if (const std::optional<std::string> time = arguments.text("time")) {
    const auto& fields = profile->fields();
    const bool known =
        std::any_of(fields.begin(), fields.end(), [&](const auto& field) { return field.path.text() == *time; });
    if (!known) return refuse_usage(surroundings, {.message = "`--time`: no record has a field " + in_quotes(*time)});
  }

  const Suggestions suggestions = advise(*profile, {.time = arguments.text("time"), .whole_sample = sample.whole()});
  RuleFileHeader header{
      .inputs = paths, .records = profile->records(), .whole = sample.whole(), .format = sample.format()};
  std::string text = write_rule_file(suggestions, header, {});
  Trial trial(paths, options, surroundings.wall_clock());
  if (const Status tried = trial.run(text); !tried) return refuse_input(surroundings, tried.error());
  header.untimed = trial.untimed();
  if (!trial.all_held())
    text = write_rule_file(suggestions, header, [&trial](const std::string& id) { return trial.why_not(id); });

  const Result<std::string> drift = suggest_drift(sample, *seen, *profile, paths, suggestions.time);
  if (!drift) return refuse_input(surroundings, drift.error());
  text += *drift;

  const std::string output = arguments.text("output", "-");
  if (const Status written = write_output(surroundings, output, text); !written)
    return refuse(surroundings, written.error(), ExitCode::kNotWritten, "not written");
  std::string said = "weir: " + counted(trial.rules(), "rule") + " suggested from " + with_commas(profile->records()) +
                     (profile->records() == 1 ? " record" : " records") + (sample.whole() ? "" : " of a sample");
  if (trial.undecodable() > 0) said += ", " + with_commas(trial.undecodable()) + " records could not be read";
  if (seen->left_out > 0) said += "; there are more fields than the first 500, and nothing is said of them";
  print(surroundings.err, said + "\n");
  if (output != "-")
    print(surroundings.err,
          "next: weir check " + visible(shell_word(paths.front()) + " --rules " + shell_word(output)) + "\n");
  return ExitCode::kHolds;
}

}  // namespace

int run_suggest(const Arguments& arguments, Surroundings& surroundings) {
  const Result<std::vector<std::string>> paths = expand_inputs(arguments.operands());
  if (!paths) return refuse_usage(surroundings, paths.error());
  if (std::find(paths->begin(), paths->end(), "-") != paths->end()) {
    return refuse_usage(surroundings,
                        {.message = "`weir suggest` reads its input more than once, which a stream cannot give",
                         .help = "write it to a file first"});
  }
  return suggest(arguments, surroundings, *paths);
}

}  // namespace weir
