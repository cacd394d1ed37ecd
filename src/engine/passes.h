// SPDX-License-Identifier: Apache-2.0
// The passes over one batch that both halves of a step use.
#pragma once

#include <string>

#include "weir/engine.h"

namespace weir {

/// Fills the columns whose path begins with `kafka.` from the envelopes of the messages.
void read_envelopes(const Messages& messages, const FieldTable& fields, Batch& batch);

/// Turns the values that stand for null (`missing_values`) into null.
void fold_missing_values(const FieldTable& fields, Batch& batch);

/// The elements of a column that are neither absent nor null.
void find_present(const Column& column, Mask& present);

/// Judges one rule over a batch: which elements were evaluated, which of them failed.
void judge_rule(const RecordRule& rule, const Plan& plan, Judged& judged, Memory* memory, Truth& truth, Mask& evaluated,
                Mask& failing);

/// Adds what adds up of `outcome`, and its samples: a record of the run so far.
void add_counts(const Outcome& outcome, Outcome& all);

/// One rule broken by one record; `element` is the first that failed.
struct Broken {
  std::uint32_t row;
  std::uint32_t rule;
  std::size_t element;
};

[[nodiscard]] Reason explain(const Plan& plan, const Judged& judged, const Broken& broken, Memory* memory);

/// `items[].qty` with the place of the element that failed: `items[2].qty`. Deeper repetition keeps its path.
[[nodiscard]] std::string element_path(const RecordRule& rule, const Batch& batch, std::size_t element);

[[nodiscard]] inline Subject subject_of(const RecordRule& rule, const Plan& plan, const Judged& judged,
                                        Memory* memory) {
  return Subject{
      .batch = judged.batch, .fields = plan.fields, .columns = rule.columns, .now = judged.now, .memory = memory};
}

/// The column whose elements a rule judges, or null for a rule about whole rows.
[[nodiscard]] inline const Column* element_column(const RecordRule& rule, const Batch& batch) {
  if (rule.columns.empty() || !batch.columns[rule.columns[0]].repeated()) return nullptr;
  return &batch.columns[rule.columns[0]];
}

}  // namespace weir
