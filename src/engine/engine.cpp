// SPDX-License-Identifier: Apache-2.0
// The second half of a step, in the order of the records: ordered checks, then what the batch means as verdicts.
#include "weir/engine.h"

#include <algorithm>
#include <utility>

#include "drift/watch.h"
#include "engine/passes.h"
#include "windows/windows.h"

namespace weir {

namespace {

/// Rows with at least one of the elements.
void fold(const Mask& elements, const Column* column, std::size_t rows, Mask& out) {
  if (column == nullptr) {
    out = elements;
    return;
  }
  out.assign(rows, false);
  elements.each([&](std::size_t element) { out.set(column->rows[element]); });
}

void cut_after(Mask& mask, std::size_t row, const Column* column) {
  for (std::size_t i = mask.size(); i-- > 0;) {
    if ((column == nullptr ? i : column->rows[i]) <= row) break;
    mask.clear(i);
  }
}

/// Ends the batch at the first record that breaks a rule with `on_fail: halt`, whatever it held beyond: the number of rows left.
std::size_t cut_at_halt(const Plan& plan, Judged& judged, bool& halted) {
  std::size_t rows = judged.batch.size();
  Mask bad;
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    if (plan.rules[i].info.on_fail != OnFail::Halt || !judged.failing[i].any()) continue;
    fold(judged.failing[i], element_column(plan.rules[i], judged.batch), judged.batch.size(), bad);
    std::size_t first = rows;
    bad.each([&first](std::size_t row) { first = std::min(first, row); });
    rows = std::min(rows, first + 1);
    halted = true;
  }
  if (!halted) return rows;
  cut_after(judged.batch.decoded, rows - 1, nullptr);
  for (Mask* const mask : {&judged.batch.removals, &judged.batch.notices, &judged.batch.snapshots})
    cut_after(*mask, rows - 1, nullptr);
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    const Column* const column = element_column(plan.rules[i], judged.batch);
    cut_after(judged.evaluated[i], rows - 1, column);
    cut_after(judged.failing[i], rows - 1, column);
  }
  return rows;
}

void count(const Plan& plan, const Judged& judged, Outcome& outcome) {
  const Batch& batch = judged.batch;
  Mask rows;
  Mask quarantined(batch.size());
  const std::uint64_t readable = batch.decoded.count();
  outcome.rules.resize(plan.rules.size());
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    const Column* const column = element_column(plan.rules[i], batch);
    RuleCounts& counts = outcome.rules[i];
    fold(judged.evaluated[i], column, batch.size(), rows);
    counts.evaluated = i == plan.decode_rule ? outcome.records : rows.count();
    counts.skipped = i == plan.decode_rule ? 0 : readable - counts.evaluated;
    if (!judged.failing[i].any()) continue;
    fold(judged.failing[i], column, batch.size(), rows);
    counts.failed = rows.count();
    if (plan.rules[i].info.on_fail >= OnFail::Quarantine) quarantined |= rows;
  }
  outcome.undecodable = outcome.rules[plan.decode_rule].failed;
  rows = batch.duplicate_keys;
  rows &= batch.decoded;
  outcome.duplicate_keys = rows.count();
  outcome.quarantined = quarantined.count();
  outcome.envelopes = {.wrapped = batch.wrapped,
                       .removals = batch.removals.count(),
                       .snapshots = batch.snapshots.count(),
                       .notices = batch.notices.count()};
}

/// Where a record failed: what the built-in rules say comes before what is in it.
Stage stage_of(const Plan& plan, std::uint32_t rule) {
  if (rule == plan.decode_rule) return Stage::Decode;
  if (rule == plan.time_rule) return Stage::Time;
  return rule == plan.late_rule ? Stage::Late : Stage::Record;
}

}  // namespace

Engine::Engine(std::shared_ptr<const Plan> plan, EngineOptions options)
    : plan_(std::move(plan)), options_(options), judge_(plan_, options.format), samples_taken_(plan_->rules.size(), 0) {
  for (const RecordRule& rule : plan_->rules) memories_.push_back(rule.ordered ? rule.check->remember() : nullptr);
  found_.rules.resize(plan_->rules.size());
  found_.windows.rules.resize(plan_->window_rules.size());
  if (plan_->windows.empty()) return;
  windows_ = std::make_unique<Windows>(
      *plan_, Windows::Options{.now = options.now,
                               .as_stream = options.as_stream,
                               .partition = options.partition,
                               .all_windows = options.all_windows,
                               .samples_per_rule = options.samples_per_rule,
                               .history = options.history,
                               .shelf = options.shelf,
                               .pane_bytes = options.pane_bytes,
                               .stream = options.stream,
                               .make_drift = options.make_drift == nullptr ? &make_drift_watch : options.make_drift});
}

Engine::~Engine() = default;

void Engine::begin_input(std::uint32_t input, Format format) {
  begin_stream("", input, format);
}

void Engine::begin_stream(const std::string& stream, std::uint32_t input, Format format) {
  options_.input = input;
  options_.format = format;
  options_.stream = stream;
  line_base_ = 0;
  judge_ = RecordJudge(plan_, format);
  if (windows_ != nullptr) windows_->begin_input(stream, carried_);
}

Outcome Engine::step(const Messages& messages, Instant now) {
  judge_.judge(messages, now, judged_);
  return settle(judged_);
}

/// Records of another stream are no records of this run: they only lie in the windows of the rules that name them.
Outcome Engine::settle_other_stream(Judged& judged) {
  Outcome outcome;
  outcome.rules.resize(plan_->rules.size());
  add_to_windows(judged, outcome);
  return outcome;
}

void Engine::add_to_windows(Judged& judged, Outcome& outcome) {
  if (windows_ == nullptr) return;
  outcome.windows = std::exchange(carried_, WindowOutcome{});
  outcome.windows.rules.resize(plan_->window_rules.size());
  windows_->add({.batch = judged.batch,
                 .evaluated = judged.evaluated,
                 .failing = judged.failing,
                 .now = judged.now,
                 .times = judged.times,
                 .timed = judged.timed},
                outcome.windows);
  if (plan_->late_rule == Plan::kNoRule || !options_.stream.empty()) return;
  judged.failing[plan_->late_rule] = windows_->put_aside();
  judged.failing[plan_->late_rule] &= judged.evaluated[plan_->late_rule];
}

Outcome Engine::settle(Judged& judged) {
  if (!options_.stream.empty()) return settle_other_stream(judged);
  const Plan& plan = *plan_;
  Truth truth;
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    if (!plan.rules[i].ordered) continue;
    judge_rule(plan.rules[i], plan, judged, memories_[i].get(), truth, judged.evaluated[i], judged.failing[i]);
  }
  Outcome outcome;
  outcome.records = cut_at_halt(plan, judged, outcome.halted);
  add_to_windows(judged, outcome);
  // From here on every mask is final.
  count(plan, judged, outcome);
  explain_failures(judged, outcome);
  line_base_ += judged.lines;
  add_counts(outcome, found_);
  return outcome;
}

Instant Engine::watermark() const {
  return windows_ == nullptr ? Instant::min() : windows_->watermark();
}

std::uint64_t Engine::window_bytes() const {
  return windows_ == nullptr ? 0 : windows_->bytes();
}

Outcome Engine::finish() {
  Outcome outcome = std::exchange(merged_, Outcome{});
  outcome.rules.resize(plan_->rules.size());
  outcome.windows.merge(std::exchange(carried_, WindowOutcome{}));
  if (windows_ != nullptr && !options_.partition) outcome.windows.merge(windows_->finish());
  outcome.windows.rules.resize(plan_->window_rules.size());
  return outcome;
}

/// The records that failed with a reason for each rule they broke, as far as somebody wants to see it.
void Engine::explain_failures(const Judged& judged, Outcome& outcome) {
  const Plan& plan = *plan_;
  const Batch& batch = judged.batch;
  std::vector<Broken> broken;
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    std::uint64_t wanted = options_.failing_records ? batch.size() : options_.samples_per_rule - samples_taken_[i];
    if (wanted == 0 || outcome.rules[i].failed == 0) continue;
    const Column* const column = element_column(plan.rules[i], batch);
    std::uint32_t last = ~std::uint32_t{0};
    judged.failing[i].each([&](std::size_t element) {
      const auto row = static_cast<std::uint32_t>(column == nullptr ? element : column->rows[element]);
      if (row == last || wanted == 0) return;
      broken.push_back({.row = row, .rule = static_cast<std::uint32_t>(i), .element = element});
      last = row;
      --wanted;
    });
  }
  std::sort(broken.begin(), broken.end(),
            [](const Broken& a, const Broken& b) { return a.row != b.row ? a.row < b.row : a.rule < b.rule; });

  std::uint32_t last_row = ~std::uint32_t{0};
  for (const Broken& one : broken) {
    const RecordRule& rule = plan.rules[one.rule];
    const Origin& origin = batch.origins[one.row];
    const std::uint64_t line = origin.line == 0 ? 0 : line_base_ + origin.line;
    Reason reason = explain(plan, judged, one, memories_[one.rule].get());
    if (samples_taken_[one.rule] < options_.samples_per_rule) {
      ++samples_taken_[one.rule];
      outcome.samples.push_back({.rule = one.rule,
                                 .input = options_.input,
                                 .line = line,
                                 .offset = origin.offset,
                                 .value = reason.value,
                                 .reason = reason.message});
    }
    if (!options_.failing_records) continue;
    if (one.row != last_row) {
      outcome.failing.push_back({.line = line,
                                 .offset = origin.offset,
                                 .bytes = origin.bytes,
                                 .action = OnFail::Count,
                                 .decoded = batch.decoded[one.row],
                                 .violations = {},
                                 .item = one.row,
                                 .stage = batch.decoded[one.row] ? Stage::Record : Stage::Decode});
    }
    last_row = one.row;
    FailingRecord& record = outcome.failing.back();
    record.action = std::max(record.action, rule.info.on_fail);
    if (const Stage stage = stage_of(plan, one.rule); stage != Stage::Record) record.stage = stage;
    if (one.rule == plan.time_rule) record.stage = Stage::Time;
    record.violations.push_back({.rule = one.rule,
                                 .code = std::move(reason.code),
                                 .path = element_path(rule, batch, one.element),
                                 .value = std::move(reason.value),
                                 .message = std::move(reason.message)});
  }
}

}  // namespace weir
