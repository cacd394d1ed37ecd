// SPDX-License-Identifier: Apache-2.0
// What the literal arguments of a measure may be: told when the rule file is read, and not window by window.
#include <cmath>

#include "measures/registry.h"

namespace weir {

namespace {

constexpr std::string_view kTypeNames = "string, integer, number, decimal, boolean, object, array";

bool is_whole_within(double number, double least, double most) {
  return number == std::trunc(number) && number >= least && number <= most;
}

bool is_counted_type(std::string_view name) {
  for (const std::string_view known : {"string", "integer", "number", "decimal", "boolean", "object", "array"}) {
    if (name == known) return true;
  }
  return false;
}

}  // namespace

std::optional<ArgumentFault> argument_fault(const MeasureSpec& spec, std::span<const double> numbers,
                                            std::string_view text) {
  if (spec.name == "quantile" && !(numbers[0] >= 0 && numbers[0] <= 1)) {
    return ArgumentFault{1, "a quantile lies between 0 and 1", "0.99 for the p99"};
  }
  if (spec.name == "top" && !numbers.empty() && !is_whole_within(numbers[0], 1, 1024)) {
    return ArgumentFault{1, "`top` gives a whole number of values, 1 to 1024", "top(field, 3)"};
  }
  if (spec.name == "histogram" && !(numbers[0] < numbers[1])) {
    return ArgumentFault{2, "the second bound of a histogram lies above the first", "histogram(amount, 0, 100)"};
  }
  if (spec.name == "z_score" && !is_whole_within(numbers[0], 3, 1000)) {
    return ArgumentFault{1, "`z_score` looks back over a whole number of windows, 3 to 1000", "z_score(row_count, 20)"};
  }
  if (spec.name == "type_rate" && (text == "timestamp" || text == "date" || text == "uuid")) {
    return ArgumentFault{
        1,
        "`type_rate` counts the kinds of JSON: whether a text reads as a " + std::string(text) + " is not among them",
        "give a field rule `{id: ID, type: " + std::string(text) + "}` and ask for pass_rate(\"ID\")"};
  }
  if (spec.name == "type_rate" && !is_counted_type(text)) {
    return ArgumentFault{1, "there is no type `" + std::string(text) + "`", "one of " + std::string(kTypeNames)};
  }
  return std::nullopt;
}

}  // namespace weir
