// SPDX-License-Identifier: Apache-2.0
// The words that keys of a rule file take, and what the same keys are called by other tools.
#pragma once

#include <string_view>

namespace weir {

using Names = std::string_view[];

inline constexpr Names kSeverities = {"error", "warn"};
inline constexpr Names kOnFail = {"quarantine", "count", "tag", "drop", "halt"};
inline constexpr Names kNulls = {"skip", "fail"};
inline constexpr Names kAllowWarnFail = {"allow", "warn", "fail"};
inline constexpr Names kOnEmpty = {"pass", "warn", "fail"};
inline constexpr Names kOver = {"all", "accepted"};
inline constexpr Names kFormats = {"auto", "json", "json-array", "json-stream", "csv", "tsv"};
inline constexpr Names kTimeErrors = {"quarantine", "use_record_time", "drop"};
inline constexpr Names kLate = {"count", "quarantine", "revise"};
inline constexpr Names kRedactions = {"mask", "hash", "drop"};
inline constexpr Names kCycles = {"hour", "day", "week"};
inline constexpr Names kModes = {"windows", "sequential"};
inline constexpr Names kDependences = {"positive", "any"};
inline constexpr Names kDriftTests = {
    "auto",           "ks",          "psi",         "wasserstein", "cvm",        "mean_shift",
    "quantile_shift", "chi_square",  "js",          "tv",          "l_inf",      "hellinger",
    "cramers_v",      "z",           "fisher",      "null_share",  "type_share", "new_value",
    "vanished_value", "cardinality", "correlation", "pca",         "mahalanobis"};

inline constexpr Names kLevelSynonyms = {"level", "priority", "criticality"};
inline constexpr Names kWhenSynonyms = {"where",         "filter",  "condition",    "if",
                                        "row_condition", "only_if", "preconditions"};
inline constexpr Names kDescriptionSynonyms = {"desc", "comment", "note", "notes", "doc"};
inline constexpr Names kEnabledSynonyms = {"active", "enable"};
inline constexpr Names kOnFailSynonyms = {"action", "on_failure", "on_error", "fail_action"};
inline constexpr Names kIdSynonyms = {"name", "rule_id", "key_id"};
inline constexpr Names kUseSynonyms = {"template", "templates", "extends", "inherit"};
inline constexpr Names kMissingSynonyms = {"na_values", "null_values", "missing_value", "missing values",
                                           "missing_regex"};
inline constexpr Names kFieldsSynonyms = {"columns", "column", "field", "schema"};
inline constexpr Names kRecordsSynonyms = {"rules", "checks", "expectations", "row_checks", "record"};
inline constexpr Names kWindowsSynonyms = {"window", "aggregates", "metrics"};
inline constexpr Names kVersionSynonyms = {"version", "apiVersion", "schema_version"};
inline constexpr Names kVarsSynonyms = {"variables", "params", "parameters"};
inline constexpr Names kIncludeSynonyms = {"includes", "import", "imports"};
inline constexpr Names kExtraSynonyms = {"additionalProperties", "additional_properties", "strict", "unknown_fields"};
inline constexpr Names kMustSynonyms = {"expect", "assert", "expr", "fail", "that"};
inline constexpr Names kShouldSynonyms = {"warn"};

}  // namespace weir
