// SPDX-License-Identifier: Apache-2.0
// One rule over one batch: who is judged (decoded, `when`, nulls) and who of them failed.
#include <algorithm>
#include <cstring>

#include "batch/row_fields.h"
#include "engine/passes.h"

namespace weir {

namespace {

/// Rows to elements: an element is in when its row is.
void spread(const Mask& rows, const Column& column, Mask& elements) {
  elements.assign(column.size(), false);
  for (std::size_t i = 0; i < column.size(); ++i) {
    if (rows[column.rows[i]]) elements.set(i);
  }
}

/// The elements that `when` and the decoder let through, nulls included.
void find_candidates(const RecordRule& rule, const Plan& plan, const Judged& judged, Truth& truth, Mask& out) {
  const Batch& batch = judged.batch;
  const Column* const elements = element_column(rule, batch);
  if (rule.when == nullptr) {
    if (elements == nullptr) {
      out = batch.decoded;
    } else {
      spread(batch.decoded, *elements, out);
    }
    return;
  }
  const Subject subject{
      .batch = batch, .fields = plan.fields, .columns = rule.when_columns, .now = judged.now, .memory = nullptr};
  rule.when->decide(subject, truth);
  truth.yes &= batch.decoded;
  if (elements == nullptr) {
    out = truth.yes;
  } else {
    spread(truth.yes, *elements, out);
  }
}

/// Takes rows out for a rule that looks at nothing but what they do not have.
template <class StaysFor>
void leave_out(const Mask& rows, const RecordRule& rule, const Plan& plan, const Batch& batch, Mask& mask,
               StaysFor stays_for) {
  if (!rows.any()) return;
  for (const std::uint32_t column : rule.columns) {
    if (stays_for(plan.fields[column].path)) return;
  }
  const Column* const elements = element_column(rule, batch);
  if (elements == nullptr) {
    mask.subtract(rows);
    return;
  }
  for (std::size_t i = 0; i < elements->size(); ++i) {
    if (rows[elements->rows[i]]) mask.clear(i);
  }
}

/// A rule about the value has nothing to say of a record without one, nor of what a connector says beside its rows; a rule
/// about key, headers, size has. Of a row that is gone a rule on its fields has nothing to say; one on what stands around has.
void leave_out_rows(const RecordRule& rule, const Plan& plan, const Judged& judged, Mask& mask) {
  const auto is_outside = [](const FieldPath& path) { return path.from_envelope(); };
  leave_out(judged.batch.notices, rule, plan, judged.batch, mask, is_outside);
  leave_out(judged.batch.removals, rule, plan, judged.batch, mask,
            [](const FieldPath& path) { return !lies_in_row(path); });
}

/// Takes out of `mask` the elements that have no value in one of the rule's columns.
void keep_present(const RecordRule& rule, const Batch& batch, Mask& mask) {
  const Column* const elements = element_column(rule, batch);
  Mask present;
  for (const std::uint32_t index : rule.columns) {
    const Column& column = batch.columns[index];
    find_present(column, present);
    if (column.repeated() == (elements != nullptr)) {
      mask &= present;
    } else if (elements != nullptr) {
      for (std::size_t i = 0; i < elements->size(); ++i) {
        if (!present[elements->rows[i]]) mask.clear(i);
      }
    }
  }
}

}  // namespace

void find_present(const Column& column, Mask& present) {
  present.assign(column.size(), false);
  const std::size_t size = column.size();
  std::vector<std::uint64_t>& words = present.words();
  // Eight kinds at a time: a byte of at least 2 carries into its top bit, and one multiplication gathers the top bits.
  constexpr std::uint64_t kCarry = 0x7E7E7E7E7E7E7E7E;
  constexpr std::uint64_t kTop = 0x0101010101010101;
  constexpr std::uint64_t kGather = 0x0102040810204080;
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    std::uint64_t kinds = 0;
    std::memcpy(&kinds, column.kinds.data() + i, 8);
    const std::uint64_t bits = ((((kinds + kCarry) >> 7) & kTop) * kGather) >> 56;
    words[i / 64] |= bits << (i % 64);
  }
  for (; i < size; ++i) {
    if (!is_missing(column.kinds[i])) present.set(i);
  }
}

void judge_rule(const RecordRule& rule, const Plan& plan, Judged& judged, Memory* memory, Truth& truth, Mask& evaluated,
                Mask& failing) {
  find_candidates(rule, plan, judged, truth, evaluated);
  leave_out_rows(rule, plan, judged, evaluated);
  const Subject subject = subject_of(rule, plan, judged, memory);
  failing.assign(evaluated.size(), false);
  if (rule.sees_nulls) {
    rule.check->judge(subject, evaluated, failing);
    return;
  }
  if (!rule.nulls_fail) {
    keep_present(rule, judged.batch, evaluated);
    rule.check->judge(subject, evaluated, failing);
    return;
  }
  Mask missing = evaluated;
  keep_present(rule, judged.batch, evaluated);
  missing.subtract(evaluated);
  rule.check->judge(subject, evaluated, failing);
  evaluated |= missing;
  failing |= missing;
}

}  // namespace weir
