// SPDX-License-Identifier: Apache-2.0
// The first half of a step: decode, and judge what needs no memory.
#include <algorithm>
#include <array>

#include "decode/decoders.h"
#include "decode/payload_keys.h"
#include "engine/passes.h"
#include "windows/event_time.h"

namespace weir {

namespace {

constexpr Duration kMostFuture = std::chrono::hours(24 * 366);

void judge_extra_fields(const Batch& batch, Mask& failing) {
  failing.assign(batch.size(), false);
  for (const ExtraField& extra : batch.extra_fields) failing.set(extra.row);
}

/// What stands in its key counts, whatever its value is.
bool has_bad_key(const Batch& batch, std::size_t row) {
  return std::any_of(batch.failures.begin(), batch.failures.end(),
                     [row](const DecodeFailure& failure) { return failure.row == row && failure.code == kKeyFault; });
}

/// A null value deletes its key from a compacted topic: a record without a value, and nothing that could not be read. Like a
/// connector's notice it tells of no row.
void take_tombstones(const Messages& messages, Batch& batch, Mask& tombstones) {
  tombstones = Mask();
  for (std::size_t row = 0; row < messages.envelopes.size(); ++row) {
    if (!messages.envelopes[row].tombstone || has_bad_key(batch, row)) continue;
    if (tombstones.size() == 0) tombstones.assign(batch.size(), false);
    tombstones.set(row);
    batch.decoded.set(row);
  }
  if (tombstones.size() == 0) return;
  if (batch.notices.size() == 0) batch.notices.assign(batch.size(), false);
  batch.notices |= tombstones;
  std::erase_if(batch.failures, [&tombstones](const DecodeFailure& failure) { return tombstones[failure.row]; });
}

/// What tells of no row happened when its message says so, where it does not tell itself.
void time_rowless(const Messages& messages, const Mask& rows, Judged& out) {
  if (out.timed.size() == 0 || messages.envelopes.empty()) return;
  rows.each([&](std::size_t row) {
    if (out.timed[row]) return;
    out.times[row] = messages.envelopes[row].timestamp;
    out.timed.set(row);
  });
}

/// Up to the first row that breaks a rule with `on_fail: halt`; that of an ordered check is not known yet.
std::size_t rows_to_halt(const Plan& plan, const Judged& judged) {
  std::size_t rows = judged.batch.size();
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    if (plan.rules[i].info.on_fail != OnFail::Halt || plan.rules[i].ordered) continue;
    const Column* const column = element_column(plan.rules[i], judged.batch);
    judged.failing[i].each([&](std::size_t element) {
      rows = std::min(rows, (column == nullptr ? element : std::size_t{column->rows[element]}) + 1);
    });
  }
  return rows;
}

/// What the first rows of a batch were found in: decoded once more, which happens once in a run.
std::array<std::uint64_t, kWrappings> wrapped_in(const Messages& messages, std::size_t rows, const Plan& plan,
                                                 Decoder& decoder) {
  Messages part;
  part.items.assign(messages.items.begin(), messages.items.begin() + static_cast<std::ptrdiff_t>(rows));
  if (!messages.envelopes.empty())
    part.envelopes.assign(messages.envelopes.begin(), messages.envelopes.begin() + static_cast<std::ptrdiff_t>(rows));
  part.header = messages.header;
  Batch batch;
  batch.clear(plan.fields.size());
  decoder.decode(part, batch);
  return batch.wrapped;
}

}  // namespace

RecordJudge::RecordJudge(std::shared_ptr<const Plan> plan, Format format)
    : plan_(std::move(plan)), decoder_(make_decoder(format, *plan_)) {}

RecordJudge::RecordJudge(RecordJudge&&) noexcept = default;
RecordJudge& RecordJudge::operator=(RecordJudge&&) noexcept = default;
RecordJudge::~RecordJudge() = default;

void RecordJudge::judge(const Messages& messages, Instant now, Judged& out) {
  const Plan& plan = *plan_;
  out.batch.clear(plan.fields.size());
  decoder_->decode(messages, out.batch);
  take_tombstones(messages, out.batch, out.tombstones);
  read_envelopes(messages, plan.fields, out.batch);
  fold_missing_values(plan.fields, out.batch);
  out.now.assign(1, now);
  if (!messages.envelopes.empty()) {
    out.now.clear();
    // A producer whose clock is far ahead does not decide what time it is.
    const Instant most = now + std::min(plan.time.max_future, kMostFuture);
    for (const Envelope& envelope : messages.envelopes)
      out.now.push_back(envelope.timestamp > most ? now : envelope.timestamp);
  }

  out.times.clear();
  out.timed = Mask();
  if (!plan.windows.empty() || plan.time_rule != Plan::kNoRule)
    read_event_times(plan, messages, out.batch, out.times, out.timed);
  time_rowless(messages, out.batch.removals, out);
  time_rowless(messages, out.batch.notices, out);

  out.evaluated.resize(plan.rules.size());
  out.failing.resize(plan.rules.size());
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    const RecordRule& rule = plan.rules[i];
    Mask& evaluated = out.evaluated[i];
    Mask& failing = out.failing[i];
    if (rule.check != nullptr) {
      if (rule.ordered) continue;
      judge_rule(rule, plan, out, nullptr, truth_, evaluated, failing);
    } else if (i == plan.decode_rule) {
      evaluated.assign(out.batch.size(), true);
      failing = evaluated;
      failing.subtract(out.batch.decoded);
    } else {
      evaluated = out.batch.decoded;
      if (i == plan.extra_fields_rule) {
        judge_extra_fields(out.batch, failing);
      } else if (i == plan.time_rule) {
        failing.assign(out.batch.size(), true);
        failing.subtract(out.timed);
        if (out.batch.removals.size() > 0) failing.subtract(out.batch.removals);
        if (out.batch.notices.size() > 0) failing.subtract(out.batch.notices);
      } else if (i == plan.late_rule) {
        failing.assign(out.batch.size(), false);  // the windows know
        evaluated &= out.timed;
      } else {
        failing = out.batch.duplicate_keys;
      }
      failing &= evaluated;
    }
  }
  const std::size_t rows = rows_to_halt(plan, out);
  if (rows < out.batch.size() && messages.columns == nullptr)
    out.batch.wrapped = wrapped_in(messages, rows, plan, *decoder_);
}

}  // namespace weir
