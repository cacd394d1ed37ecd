// SPDX-License-Identifier: Apache-2.0
// The flags of the commands about drift: compare, baseline, calibrate.
#pragma once

#include "app/command_flags.h"

namespace weir::flags {

inline constexpr std::array<Name, 4> kComparisonKinds = {"text", "json", "md", "html"};  // of --report
inline constexpr std::array<Name, 3> kFieldsAlso = {"columns", "features", "cols"};
inline constexpr std::array<Name, 3> kTestAlso = {"stattest", "method", "metric"};
inline constexpr std::array<Name, 2> kToleranceAlso = {"threshold", "thresholds"};

inline constexpr Flag kFields = {.name = "fields",
                                 .kind = FlagKind::Text,
                                 .argument = "PATH,...",
                                 .summary = "only these fields (every field)",
                                 .repeats = true,
                                 .synonyms = kFieldsAlso};

inline constexpr Flag kCompareFlags[] = {
    kFields,
    {.name = "test",
     .kind = FlagKind::Text,
     .argument = "NAME,...",
     .summary = "exactly these tests: ks, psi, ... (auto)",
     .repeats = true,
     .synonyms = kTestAlso},
    {.name = "tolerance",
     .kind = FlagKind::Text,
     .argument = "NAME=NUMBER",
     .summary = "the largest change that does not matter",
     .repeats = true,
     .synonyms = kToleranceAlso},
    {.name = "rules",
     .letter = 'r',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "as the drift rules of this file say",
     .synonyms = kRulesBesideConfigAlso},
    kVar,
    kFormat,
    {.name = "report",
     .kind = FlagKind::Text,
     .argument = "KIND=FILE",
     .summary = "text, json, md, html; - is stdout",
     .choices = kComparisonKinds,
     .repeats = true,
     .synonyms = kReportAlso},
    kOfTopicBrokers,
    kOfTopicName,
    kOfTopicRegistry,
    kOfTopicFrom,
    kOfTopicTo,
    kOfTopicPartitions,
    kOfTopicConfig,
    kFailOnFlag,
    {.name = "redact",
     .kind = FlagKind::Text,
     .argument = "PATH",
     .summary = "show no values of this field anywhere",
     .repeats = true,
     .synonyms = kRedactAlso},
    {.name = "all-fields", .letter = 'a', .summary = "tell the fields that are as before, too"},
    kQuiet,
};

inline constexpr Flag kBaselineFlags[] = {
    {.name = "output",
     .letter = 'o',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "write here instead of stdout"},
    kFields,
    {.name = "together",
     .kind = FlagKind::Text,
     .argument = "PATH,...",
     .summary = "number fields that tests look at together",
     .repeats = true},
    {.name = "rules",
     .letter = 'r',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "the fields of this file's drift rules",
     .synonyms = kRulesBesideConfigAlso},
    kVar,
    kFormat,
    {.name = "every",
     .kind = FlagKind::Text,
     .argument = "TIME",
     .summary = "learn how much windows of 10m differ, too"},
    {.name = "time", .kind = FlagKind::Text, .argument = "FIELD", .summary = "the field of the event time"},
    {.name = "reveal", .summary = "categories by name, not as hashes"},
    {.name = "floor",
     .kind = FlagKind::Count,
     .argument = "N",
     .summary = "values seen less often are not told apart: 5"},
    {.name = "show",
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "say what is in a baseline, and read no records"},
    kOfTopicBrokers,
    kOfTopicName,
    kOfTopicRegistry,
    kOfTopicFrom,
    kOfTopicTo,
    kOfTopicPartitions,
    kOfTopicConfig,
    kQuiet,
};

inline constexpr Flag kCalibrateFlags[] = {
    {.name = "rules",
     .letter = 'r',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "the rule file with the drift rules (required)",
     .required = true,
     .synonyms = kRulesAlso},
    kVar,
    kFormat,
    {.name = "report",
     .kind = FlagKind::Text,
     .argument = "json=FILE",
     .summary = "for programs; - is stdout",
     .synonyms = kReportAlso},
    kQuiet,
};

inline constexpr std::array<Name, 2> kCalibrateAlso = {"tune", "tolerances"};
inline constexpr std::array<Name, 3> kBaselineAlso = {"reference", "snapshot", "fit"};
inline constexpr std::array<Name, 3> kCompareAlso = {"drift", "skew", "data-drift"};

}  // namespace weir::flags
