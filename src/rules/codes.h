// SPDX-License-Identifier: Apache-2.0
// The codes of diagnostics. A code never changes its meaning and is never used again. The page of each one stands in
// codes.cpp, from where `weir explain CODE` prints it and docs/diagnostics.md is made.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace weir {

namespace codes {

// File, YAML, keys
inline constexpr std::string_view kUnreadable = "W100";
inline constexpr std::string_view kLimit = "W101";
inline constexpr std::string_view kEncoding = "W102";
inline constexpr std::string_view kSyntax = "W103";
inline constexpr std::string_view kUnknownKey = "W104";
inline constexpr std::string_view kDuplicateKey = "W105";
inline constexpr std::string_view kTrailing = "W106";
inline constexpr std::string_view kTag = "W107";
inline constexpr std::string_view kAlias = "W108";
inline constexpr std::string_view kKey = "W109";
// Structure
inline constexpr std::string_view kShape = "W110";
inline constexpr std::string_view kMissingKey = "W111";
inline constexpr std::string_view kVersion = "W112";
inline constexpr std::string_view kDuplicateId = "W113";
inline constexpr std::string_view kOneCheck = "W114";
inline constexpr std::string_view kPath = "W115";
inline constexpr std::string_view kId = "W116";
inline constexpr std::string_view kPlace = "W117";
// Values
inline constexpr std::string_view kValue = "W120";
inline constexpr std::string_view kChoice = "W121";
inline constexpr std::string_view kRefused = "W122";
inline constexpr std::string_view kPattern = "W123";
inline constexpr std::string_view kDigits = "W124";
// Checks
inline constexpr std::string_view kTypeConflict = "W130";
inline constexpr std::string_view kContradiction = "W131";
inline constexpr std::string_view kMissingParam = "W132";
// Expressions (given by src/expr)
inline constexpr std::string_view kExpression = "W140";
inline constexpr std::string_view kExpressionName = "W141";
inline constexpr std::string_view kExpressionTypes = "W142";
inline constexpr std::string_view kBareRate = "W143";
inline constexpr std::string_view kExpressionSize = "W144";
// Variables, includes, sets, templates
inline constexpr std::string_view kVariable = "W150";
inline constexpr std::string_view kOutside = "W151";
inline constexpr std::string_view kCannotRead = "W152";
inline constexpr std::string_view kIncludeCycle = "W153";
inline constexpr std::string_view kIncludeSection = "W154";
inline constexpr std::string_view kSetFile = "W156";
inline constexpr std::string_view kTemplate = "W157";
inline constexpr std::string_view kDefinedTwice = "W158";
inline constexpr std::string_view kEnvironment = "W159";
// Tests
inline constexpr std::string_view kTest = "W160";
inline constexpr std::string_view kTestRule = "W161";
// Windows
inline constexpr std::string_view kMeasureRule = "W170";
inline constexpr std::string_view kMeasureArgument = "W171";
inline constexpr std::string_view kZone = "W172";
inline constexpr std::string_view kWindowCut = "W173";
inline constexpr std::string_view kPast = "W174";
inline constexpr std::string_view kSegment = "W175";
// Drift
inline constexpr std::string_view kReference = "W176";
inline constexpr std::string_view kDriftTest = "W177";
// The configuration of `weir run` (given by src/config)
inline constexpr std::string_view kLoop = "W180";
inline constexpr std::string_view kTwice = "W181";
inline constexpr std::string_view kDelivery = "W182";
inline constexpr std::string_view kNoStream = "W183";
inline constexpr std::string_view kNotGiven = "W184";
// Schemas of records
inline constexpr std::string_view kSchema = "W190";
// Warnings; W200, W201 and W203 are of versions that did not judge windows or drift
inline constexpr std::string_view kNoChecks = "W204";
inline constexpr std::string_view kUnused = "W205";
inline constexpr std::string_view kPerPartition = "W206";
inline constexpr std::string_view kNothing = "W207";
inline constexpr std::string_view kNoEventTime = "W208";
inline constexpr std::string_view kDriftSetting = "W209";
inline constexpr std::string_view kDriftAdvice = "W210";
inline constexpr std::string_view kDriftMemory = "W211";

}  // namespace codes

/// The page of one code.
struct CodePage {
  std::string_view code;
  std::string_view title;  // "unknown key"
  std::string_view why;    // what it means and what to do, in full sentences
  std::string_view bad;    // a piece of a rule file that earns it
  std::string_view good;   // the same, mended
};

/// Every code, ascending.
std::span<const CodePage> code_pages();
/// The page as `weir explain CODE` prints it, or empty when there is no such code.
std::string explain_code(std::string_view code);
/// All pages as docs/diagnostics.md.
std::string diagnostics_page();

}  // namespace weir
