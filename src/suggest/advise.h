// SPDX-License-Identifier: Apache-2.0
// From what values are like to rules that should hold of the next ones, too, each with the evidence for it.
//
// A suggestion that is broken by tomorrow's ordinary data is worse than none, so no rule is what the sample happened to
// show (its largest value is beaten by the next sample in every second case). Each rests on a reason to expect the same again:
//   - a set of values only when each came at least three times: by Good and Turing the chance that the next record brings a
//     new value is about the share of values seen once, and with none seen once or twice it is far below one in the sample;
//   - a bound of numbers where the values end sharply (ratings, shares, hours), else far outside: the largest value plus twice
//     its distance from the median, and none at all when the tail is heavy;
//   - a rate with four standard errors and a quarter to spare, a mean with half a standard deviation;
//   - nothing about numbers that grow from record to record but that they are no less than zero.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "suggest/profile.h"

namespace weir {

/// `key: value  # evidence` of a field, or `- must: text  # evidence` of a window, or an expression over a record.
struct Suggestion {
  std::string key;    // "required", "must", "should", "expr"
  std::string value;  // as YAML
  std::string evidence;
  std::string id;  // expressions: the rule's id
};

struct FieldSuggestions {
  std::string path;
  std::vector<Suggestion> rules;
  std::string note;  // why there are none
};

struct WindowSuggestions {
  std::string every;  // empty: the whole input
  std::vector<Suggestion> rules;
};

struct Suggestions {
  std::vector<FieldSuggestions> fields;
  std::vector<Suggestion> records;
  std::vector<WindowSuggestions> windows;
  std::optional<std::string> time;  // the field of the event time
};

struct AdviceOptions {
  std::optional<std::string> time;  // --time; else a field is chosen by name
  bool whole_sample = true;         // the profile saw every record: counts may be suggested
};

[[nodiscard]] Suggestions advise(const SampleProfile& profile, const AdviceOptions& options);

}  // namespace weir
