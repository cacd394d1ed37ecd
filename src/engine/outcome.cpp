// SPDX-License-Identifier: Apache-2.0
// Outcomes add up.
#include "weir/outcome.h"

#include <iterator>

namespace weir {

void WindowOutcome::merge(WindowOutcome&& later) {
  if (rules.size() < later.rules.size()) rules.resize(later.rules.size());
  for (std::size_t i = 0; i < later.rules.size(); ++i) {
    rules[i].evaluated += later.rules[i].evaluated;
    rules[i].failed += later.rules[i].failed;
    rules[i].warned += later.rules[i].warned;
    rules[i].no_data += later.rules[i].no_data;
    rules[i].inconclusive += later.rules[i].inconclusive;
    rules[i].errors += later.rules[i].errors;
  }
  verdicts.insert(verdicts.end(), std::make_move_iterator(later.verdicts.begin()),
                  std::make_move_iterator(later.verdicts.end()));
  untimed += later.untimed;
  future += later.future;
  late += later.late;
  pushed_out += later.pushed_out;
  notes.insert(notes.end(), std::make_move_iterator(later.notes.begin()), std::make_move_iterator(later.notes.end()));
}

void Outcome::merge(Outcome&& later) {
  records += later.records;
  undecodable += later.undecodable;
  duplicate_keys += later.duplicate_keys;
  quarantined += later.quarantined;
  envelopes.add(later.envelopes);
  if (rules.size() < later.rules.size()) rules.resize(later.rules.size());
  for (std::size_t i = 0; i < later.rules.size(); ++i) {
    rules[i].evaluated += later.rules[i].evaluated;
    rules[i].failed += later.rules[i].failed;
    rules[i].skipped += later.rules[i].skipped;
  }
  samples.insert(samples.end(), std::make_move_iterator(later.samples.begin()),
                 std::make_move_iterator(later.samples.end()));
  halted = halted || later.halted;
  windows.merge(std::move(later.windows));
}

}  // namespace weir
