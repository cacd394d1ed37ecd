// SPDX-License-Identifier: Apache-2.0
// The second half of a step, in the order of the records: ordered checks, then what the batch means as verdicts.
#include "weir/engine.h"

#include <algorithm>

#include "base/text.h"
#include "engine/passes.h"

namespace weir {

namespace {

constexpr std::size_t kShownRecordBytes = 64;

/// One rule broken by one record; `element` is the first that failed.
struct Broken {
  std::uint32_t row;
  std::uint32_t rule;
  std::size_t element;
};

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

/// `items[].qty` with the place of the element that failed: `items[2].qty`. Deeper repetition keeps its path.
std::string element_path(const RecordRule& rule, const Batch& batch, std::size_t element) {
  const Column* const column = element_column(rule, batch);
  if (column == nullptr) return rule.info.field;
  const std::size_t at = rule.info.field.find("[]");
  if (at == std::string::npos || rule.info.field.find("[]", at + 1) != std::string::npos) return rule.info.field;
  std::size_t place = 0;
  while (element > place && column->rows[element - place - 1] == column->rows[element]) ++place;
  return rule.info.field.substr(0, at + 1) + std::to_string(place) + rule.info.field.substr(at + 1);
}

bool hides_values(const Plan& plan) {
  for (std::size_t i = 0; i < plan.fields.size(); ++i) {
    if (plan.fields[i].redacted) return true;
  }
  return false;
}

Reason explain_decode(const Plan& plan, const Batch& batch, std::uint32_t row) {
  const auto failure = std::lower_bound(batch.failures.begin(), batch.failures.end(), row,
                                        [](const DecodeFailure& f, std::uint32_t wanted) { return f.row < wanted; });
  Reason reason{.code = std::string(failure->code), .message = failure->reason + " at byte " + std::to_string(failure->at), .value = "***"};
  if (!hides_values(plan)) reason.value = shorten(batch.origins[row].bytes, kShownRecordBytes);
  return reason;
}

Reason explain_extra_fields(const Batch& batch, std::uint32_t row) {
  std::string names;
  for (const ExtraField& extra : batch.extra_fields) {
    if (extra.row != row) continue;
    names += (names.empty() ? "`" : ", `") + shorten(extra.name, kShownRecordBytes) + "`";
  }
  return Reason{.code = "extra_fields", .message = "no rule names the field " + names, .value = names};
}

Reason explain(const Plan& plan, const Judged& judged, const Broken& broken, Memory* memory) {
  const RecordRule& rule = plan.rules[broken.rule];
  if (rule.check == nullptr) {
    if (broken.rule == plan.decode_rule) return explain_decode(plan, judged.batch, broken.row);
    if (broken.rule == plan.extra_fields_rule) return explain_extra_fields(judged.batch, broken.row);
    return Reason{.code = "duplicate_keys", .message = "an object holds the same key twice; the last one was taken", .value = ""};
  }
  if (!rule.sees_nulls && rule.nulls_fail) {
    for (const std::uint32_t index : rule.columns) {
      const Column& column = judged.batch.columns[index];
      const Column* const elements = element_column(rule, judged.batch);
      const std::size_t at = column.repeated() || elements == nullptr ? broken.element : elements->rows[broken.element];
      if (!is_missing(column.kinds[at])) continue;
      const std::string what = column.kinds[at] == Kind::Null ? "null" : "absent";
      return Reason{.code = "null", .message = plan.fields[index].path.text() + " is " + what + ", and `nulls: fail` wants a value", .value = what};
    }
  }
  return rule.check->explain(subject_of(rule, plan, judged, memory), broken.element);
}

}  // namespace

Engine::Engine(std::shared_ptr<const Plan> plan, EngineOptions options)
    : plan_(std::move(plan)), options_(options), judge_(plan_, options.format), samples_taken_(plan_->rules.size(), 0) {
  for (const RecordRule& rule : plan_->rules) memories_.push_back(rule.ordered ? rule.check->remember() : nullptr);
}

Engine::~Engine() = default;

void Engine::begin_input(std::uint32_t input, Format format) {
  options_.input = input;
  options_.format = format;
  line_base_ = 0;
  judge_ = RecordJudge(plan_, format);
}

Outcome Engine::step(const Messages& messages, Instant now) {
  judge_.judge(messages, now, judged_);
  return settle(judged_);
}

Outcome Engine::settle(Judged& judged) {
  const Plan& plan = *plan_;
  const Batch& batch = judged.batch;
  Truth truth;
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    if (!plan.rules[i].ordered) continue;
    judge_rule(plan.rules[i], plan, judged, memories_[i].get(), truth, judged.evaluated[i], judged.failing[i]);
  }

  // From here on every mask is final; `on_fail: halt` ends the input at its first record, whatever the batch held beyond.
  std::size_t rows = batch.size();
  Outcome outcome;
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    if (plan.rules[i].info.on_fail != OnFail::Halt || !judged.failing[i].any()) continue;
    const Column* const column = element_column(plan.rules[i], batch);
    Mask bad;
    fold(judged.failing[i], column, batch.size(), bad);
    std::size_t first = batch.size();
    bad.each([&first](std::size_t row) { first = std::min(first, row); });
    rows = std::min(rows, first + 1);
    outcome.halted = true;
  }

  outcome.records = rows;
  outcome.rules.resize(plan.rules.size());
  std::vector<Broken> broken;
  Mask row_mask;
  Mask quarantined(batch.size());
  Mask decoded = batch.decoded;
  if (outcome.halted) cut_after(decoded, rows - 1, nullptr);
  const std::uint64_t readable = decoded.count();
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    const RecordRule& rule = plan.rules[i];
    const Column* const column = element_column(rule, batch);
    if (outcome.halted) {
      cut_after(judged.evaluated[i], rows - 1, column);
      cut_after(judged.failing[i], rows - 1, column);
    }
    RuleCounts& counts = outcome.rules[i];
    fold(judged.evaluated[i], column, batch.size(), row_mask);
    counts.evaluated = row_mask.count();
    counts.skipped = (i == plan.decode_rule ? rows : readable) - counts.evaluated;
    if (!judged.failing[i].any()) continue;
    fold(judged.failing[i], column, batch.size(), row_mask);
    counts.failed = row_mask.count();
    if (rule.info.on_fail >= OnFail::Quarantine) quarantined |= row_mask;
    if (options_.failing_records || samples_taken_[i] < options_.samples_per_rule) {
      std::uint32_t last = ~std::uint32_t{0};
      judged.failing[i].each([&](std::size_t element) {
        const auto row = static_cast<std::uint32_t>(column == nullptr ? element : column->rows[element]);
        if (row != last) broken.push_back({.row = row, .rule = static_cast<std::uint32_t>(i), .element = element});
        last = row;
      });
    }
  }
  outcome.undecodable = outcome.rules[plan.decode_rule].failed;
  Mask duplicates = batch.duplicate_keys;
  duplicates &= decoded;
  outcome.duplicate_keys = duplicates.count();
  outcome.quarantined = quarantined.count();

  std::sort(broken.begin(), broken.end(), [](const Broken& a, const Broken& b) { return a.row != b.row ? a.row < b.row : a.rule < b.rule; });
  for (const Broken& one : broken) {
    const bool sampled = samples_taken_[one.rule] < options_.samples_per_rule;
    if (!sampled && !options_.failing_records) continue;
    const RecordRule& rule = plan.rules[one.rule];
    const Origin& origin = batch.origins[one.row];
    Reason reason = explain(plan, judged, one, memories_[one.rule].get());
    const std::uint64_t line = origin.line == 0 ? 0 : line_base_ + origin.line;
    if (sampled) {
      ++samples_taken_[one.rule];
      outcome.samples.push_back({.rule = one.rule, .input = options_.input, .line = line, .offset = origin.offset, .value = reason.value, .reason = reason.message});
    }
    if (!options_.failing_records) continue;
    if (outcome.failing.empty() || outcome.failing.back().bytes.data() != origin.bytes.data() || outcome.failing.back().offset != origin.offset) {
      outcome.failing.push_back({.line = line, .offset = origin.offset, .bytes = origin.bytes, .action = OnFail::Count, .decoded = batch.decoded[one.row], .violations = {}});
    }
    FailingRecord& record = outcome.failing.back();
    record.action = std::max(record.action, rule.info.on_fail);
    record.violations.push_back({.rule = one.rule, .code = std::move(reason.code), .path = element_path(rule, batch, one.element), .value = std::move(reason.value), .message = std::move(reason.message)});
  }
  line_base_ += judged.lines;
  return outcome;
}

}  // namespace weir
