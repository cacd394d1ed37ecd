// SPDX-License-Identifier: Apache-2.0
// What `auto` takes: by what the reference holds, not by what somebody declared.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "drift/compare.h"
#include "drift/input.h"
#include "drift/specs.h"

namespace weir {

namespace {

constexpr double kMostCategories = 20;  // different numbers that still count as categories
constexpr double kLeastRepeats = 3;     // of each of them, on average

std::uint64_t numbers_of(const Profile& profile) {
  return profile.finite + profile.odd.nan + profile.odd.positive_infinity + profile.odd.negative_infinity;
}

std::string different(const Profile& profile) {
  const std::uint64_t count = static_cast<std::uint64_t>(std::llround(std::max(0.0, profile.distinct)));
  return (profile.exact ? "" : "about ") + with_commas(count) + (count == 1 ? " value" : " different values");
}

}  // namespace

bool compares_numbers(const Profile& reference, const Profile& current) {
  const Profile& known = reference.values() > 0 ? reference : current;
  if (numbers_of(known) * 2 <= known.values()) return false;
  const bool counted = known.exact && !known.categories.empty();
  // As categories they would be compared only where both sides were counted value by value.
  const bool still_counted = current.finite == 0 || (current.exact && !current.categories.empty());
  if (!counted || !still_counted) return true;
  const double different = static_cast<double>(known.categories.size());
  return different > kMostCategories || different * kLeastRepeats > static_cast<double>(known.values());
}

Picked pick_tests(const Profile& reference, const Profile& current) {
  Picked out;
  out.numbers = compares_numbers(reference, current);
  if (out.numbers) {
    out.tests = {&kKsDrift};
    out.why = "ks: numbers";
    if (reference.distinct > 0) out.why += ", " + different(reference);
  } else if (is_id_like(reference) || is_long_tailed(reference)) {
    out.lengths = reference.texts > 0;
    out.tests = {&kCardinalityDrift};
    if (out.lengths) out.tests.push_back(&kChiSquareDrift);
    if (reference.exact) out.tests.push_back(&kNewValueDrift);  // else nobody knows what is new
    out.why = std::string("cardinality") + (out.lengths ? ", chi_square over lengths" : "") +
              (reference.exact ? ", new_value: " : ": ") +
              (is_id_like(reference) ? "an id-like field" : "mostly rare values") + ", " + different(reference) +
              " among " + with_commas(reference.values()) + ": shares of values say little";
  } else {
    out.tests = {&kChiSquareDrift};
    out.why = "chi_square: categories, " + different(reference);
  }
  if (reference.elements > 0 && current.elements > 0) {
    out.tests.push_back(&kNullShareDrift);
    out.tests.push_back(&kTypeShareDrift);
  }
  return out;
}

}  // namespace weir
