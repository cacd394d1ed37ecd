// SPDX-License-Identifier: Apache-2.0
// The list of record checks. Written out, so that the order is the author's and nothing registers itself behind main().
#include "checks/registry.h"

#include <array>

namespace weir {

namespace {

constexpr std::array kRecordChecks = {
    &kRequiredCheck,    &kNullCheck,       &kTypeCheck,       &kMinCheck,       &kMaxCheck,        &kAboveCheck,
    &kBelowCheck,       &kFiniteCheck,     &kMultipleOfCheck, &kPrecisionCheck, &kScaleCheck,      &kMaxZScoreCheck,
    &kInCheck,          &kNotInCheck,      &kExistsInCheck,   &kMatchCheck,     &kMatchAllCheck,   &kNotMatchCheck,
    &kLikeCheck,        &kNotLikeCheck,    &kFormatCheck,     &kParseCheck,     &kStrftimeCheck,   &kCasingCheck,
    &kLuhnCheck,        &kMinLengthCheck,  &kMaxLengthCheck,  &kLengthCheck,    &kMinItemsCheck,   &kMaxItemsCheck,
    &kUniqueItemsCheck, &kMaxAgeCheck,     &kMaxFutureCheck,  &kUniqueCheck,    &kIncreasingCheck, &kDecreasingCheck,
    &kSequenceCheck,    &kJsonSchemaCheck, &kAnyOfCheck,      &kAllOfCheck,     &kSumOfCheck,
};

}  // namespace

std::span<const CheckSpec* const> record_checks() {
  return kRecordChecks;
}

}  // namespace weir
