// SPDX-License-Identifier: Apache-2.0
// Every record check, in the order of the reference. Adding one: a source file, a line here and in registry.cpp, a
// page.
#pragma once

#include <span>

#include "weir/spec.h"

namespace weir {

std::span<const CheckSpec* const> record_checks();

// presence.cpp, type.cpp
extern const CheckSpec kRequiredCheck;
extern const CheckSpec kNullCheck;
extern const CheckSpec kTypeCheck;
// bounds.cpp, digits.cpp
extern const CheckSpec kMinCheck;
extern const CheckSpec kMaxCheck;
extern const CheckSpec kAboveCheck;
extern const CheckSpec kBelowCheck;
extern const CheckSpec kFiniteCheck;
extern const CheckSpec kMultipleOfCheck;
extern const CheckSpec kPrecisionCheck;
extern const CheckSpec kScaleCheck;
// z_score.cpp
extern const CheckSpec kMaxZScoreCheck;
// membership.cpp
extern const CheckSpec kInCheck;
extern const CheckSpec kNotInCheck;
extern const CheckSpec kExistsInCheck;
// match.cpp, like.cpp
extern const CheckSpec kMatchCheck;
extern const CheckSpec kMatchAllCheck;
extern const CheckSpec kNotMatchCheck;
extern const CheckSpec kLikeCheck;
extern const CheckSpec kNotLikeCheck;
// format.cpp, parse.cpp, strftime.cpp, casing.cpp, luhn.cpp
extern const CheckSpec kFormatCheck;
extern const CheckSpec kParseCheck;
extern const CheckSpec kStrftimeCheck;
extern const CheckSpec kCasingCheck;
extern const CheckSpec kLuhnCheck;
// lengths.cpp, items.cpp
extern const CheckSpec kMinLengthCheck;
extern const CheckSpec kMaxLengthCheck;
extern const CheckSpec kLengthCheck;
extern const CheckSpec kMinItemsCheck;
extern const CheckSpec kMaxItemsCheck;
extern const CheckSpec kUniqueItemsCheck;
// ages.cpp
extern const CheckSpec kMaxAgeCheck;
extern const CheckSpec kMaxFutureCheck;
// unique.cpp, sequences.cpp
extern const CheckSpec kUniqueCheck;
extern const CheckSpec kIncreasingCheck;
extern const CheckSpec kDecreasingCheck;
extern const CheckSpec kSequenceCheck;
// json_schema.cpp
extern const CheckSpec kJsonSchemaCheck;
// groups.cpp, sum_of.cpp
extern const CheckSpec kAnyOfCheck;
extern const CheckSpec kAllOfCheck;
extern const CheckSpec kSumOfCheck;

}  // namespace weir
