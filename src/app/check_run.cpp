// SPDX-License-Identifier: Apache-2.0
// Input after input through one engine: first the streams that rules compare with, then what is judged, then the windows.
#include "app/check_run.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "app/interrupt.h"
#include "app/pipeline.h"
#include "base/text.h"
#include "files/detect.h"
#include "files/source.h"

namespace weir {
namespace {

std::uint64_t failures_of(const Outcome& outcome) {
  return std::accumulate(outcome.rules.begin(), outcome.rules.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const RuleCounts& rule) { return sum + rule.failed; });
}

}  // namespace

std::string shelf_folder(const Surroundings& surroundings) {
  const std::optional<std::string> folder = surroundings.environment("TMPDIR");
  return folder && !folder->empty() ? *folder : "/tmp";
}

std::vector<std::string> window_faults(const ShelfFile& shelf, const StateFile* state) {
  std::vector<std::string> faults;
  if (shelf.fault()) faults.push_back(shelf.fault()->message + "; " + shelf.fault()->help);
  if (state != nullptr && state->fault()) faults.push_back(state->fault()->message);
  return faults;
}

CheckRun::CheckRun(const CheckSettings& settings, std::shared_ptr<const Plan> plan, RecordFiles& records,
                   StateFile* state, Surroundings& surroundings)
    : settings_(settings),
      plan_(std::move(plan)),
      records_(records),
      state_(state),
      now_(settings.now.value_or(surroundings.wall_clock())),
      shelf_(shelf_folder(surroundings)),
      engine_(plan_, {.samples_per_rule = settings.samples_per_rule,
                      .failing_records = records.wanted() || settings.on_step != nullptr,
                      .input = 0,
                      .now = now_,
                      .as_stream = settings.as_stream,
                      .all_windows = settings.all_windows,
                      .history = state,
                      .shelf = &shelf_}),
      progress_(surroundings, settings.progress) {}

void CheckRun::judge() {
  judge_others();
  judge_inputs();
  progress_.clear();
}

/// They come first, so that under --as-stream they are there when a window closes.
void CheckRun::judge_others() {
  for (const OtherInput& other : settings_.others) {
    InputReport& input =
        others_.emplace_back(InputReport{.path = other.path.path, .error = other.path.error, .stream = other.stream});
    if (InterruptGuard::signal() != 0) return;
    if (!input.error.empty()) continue;
    const auto index = static_cast<std::uint32_t>(settings_.inputs.size() + others_.size() - 1);
    if (const Status judged = judge_file(input, index); !judged) input.error = judged.error().message;
  }
}

/// Each partition is an input, in order: checks that remember do so from one to the next, as over files.
void CheckRun::judge_topic() {
  TopicReader reader;
  reader.begin = [this](const std::string& name) {
    inputs_.push_back({.path = name});
    engine_.begin_input(static_cast<std::uint32_t>(inputs_.size() - 1), Format::Json);
    records_.begin_input(name, Format::Json);
  };
  reader.step = [this](const Messages& messages) {
    Outcome outcome = engine_.step(messages, now_);
    InputReport& input = inputs_.back();
    input.records += outcome.records;
    input.undecodable += outcome.undecodable;
    input.envelopes.add(outcome.envelopes);
    for (const Message& message : messages.items) input.bytes += message.bytes.size();
    records_.add(messages, outcome);
    outcome_.merge(std::move(outcome));
    progress_.show({.input = input.path, .records = outcome_.records, .failures = failures_of(outcome_)});
    return !outcome_.halted && InterruptGuard::signal() == 0;
  };
  reader.seen = [this](const SchemaChange& change) {
    if (change.from != nullptr) schema_changes_.push_back(in_words(change));
  };
  const Status read = read_topic(*settings_.topic, *plan_, now_, reader);
  if (inputs_.empty()) inputs_.push_back({.path = settings_.topic->stream.topics.value.front()});
  if (!read) inputs_.back().error = read.error().message;
}

void CheckRun::judge_inputs() {
  if (settings_.topic) {
    judge_topic();
    return;
  }
  for (const InputPath& path : settings_.inputs) {
    if (InterruptGuard::signal() != 0 || outcome_.halted) return;
    InputReport& input = inputs_.emplace_back(InputReport{.path = path.path, .error = path.error});
    if (!input.error.empty()) continue;
    const auto index = static_cast<std::uint32_t>(inputs_.size() - 1);
    if (const Status judged = judge_file(input, index); !judged) input.error = judged.error().message;
  }
}

Status CheckRun::judge_file(InputReport& input, std::uint32_t index) {
  FileOptions options{.format = format_to_open(input.path, settings_.format, plan_->format)};
  options.record_max_bytes = plan_->record_max_bytes;
  options.plan = plan_.get();
  options.whole_rows = records_.wanted() && input.stream.empty();
  Result<std::unique_ptr<FileSource>> opened = FileSource::open(input.path, options);
  if (!opened) return opened.error();
  FileSource& source = **opened;
  input.by_number = source.format() == Format::Avro || source.format() == Format::Parquet;
  const bool judged = input.stream.empty();
  if (judged) {
    engine_.begin_input(index, source.format());
    records_.begin_input(input.path, source.format());
  } else {
    engine_.begin_stream(input.stream, index, source.format());
  }
  const PipelineOptions pipeline{.threads = settings_.threads, .batch_records = settings_.batch_records, .now = now_};
  Status run = run_pipeline(source, plan_, engine_, pipeline, [&](PipelineStep& step) {
    input.records += judged ? step.outcome.records : step.messages.items.size();
    input.undecodable += step.outcome.undecodable;
    input.envelopes.add(step.outcome.envelopes);
    if (judged) records_.add(step.messages, step.outcome);
    if (judged && settings_.on_step) settings_.on_step(index, step.outcome);
    outcome_.merge(std::move(step.outcome));
    progress_.show({.input = input.path,
                    .records = outcome_.records,
                    .failures = failures_of(outcome_),
                    .bytes = source.bytes_read(),
                    .bytes_total = source.bytes_total()});
    step.stop = outcome_.halted || InterruptGuard::signal() != 0;
    return Status(Done{});
  });
  input.bytes = source.bytes_read();
  return run;
}

bool CheckRun::read_everything() const {
  const auto whole = [](const InputReport& input) { return input.error.empty(); };
  return std::all_of(inputs_.begin(), inputs_.end(), whole) && std::all_of(others_.begin(), others_.end(), whole);
}

void CheckRun::finish() {
  outcome_.merge(engine_.finish());
}

std::vector<InputReport> CheckRun::inputs() const {
  std::vector<InputReport> all = inputs_;
  all.insert(all.end(), others_.begin(), others_.end());
  return all;
}

std::vector<std::string> CheckRun::forgotten_keys() {
  std::vector<std::string> warnings;
  for (std::size_t i = 0; i < plan_->rules.size(); ++i) {
    const Memory* const memory = engine_.memories()[i].get();
    if (memory == nullptr || memory->forgotten() == 0) continue;
    const RecordRule& rule = plan_->rules[i];
    warnings.push_back(rule.info.id + " forgot " + with_commas(memory->forgotten()) +
                       " keys: " + rule.check->memory_error());
  }
  return warnings;
}

Report CheckRun::report(double seconds) {
  ReportOptions options{.fail_on = settings_.fail_on, .allow_empty = settings_.allow_empty};
  options.rules_file = settings_.rules;
  options.now = now_;
  options.seconds = seconds;
  options.warnings = forgotten_keys();
  options.warnings.insert(options.warnings.end(), schema_changes_.begin(), schema_changes_.end());
  options.faults = window_faults(shelf_, state_);
  options.all_windows = settings_.all_windows;
  options.samples_per_rule = settings_.samples_per_rule;
  return make_report(*plan_, outcome_, inputs(), options);
}

}  // namespace weir
