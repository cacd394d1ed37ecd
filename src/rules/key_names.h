// SPDX-License-Identifier: Apache-2.0
// The words that keys of a rule file take, and what the same keys are called by other tools.
#pragma once

#include <string_view>

namespace weir {

using Words = std::string_view[];

inline constexpr Words kSeverities = {"error", "warn"};
inline constexpr Words kOnFail = {"quarantine", "count", "tag", "drop", "halt"};
inline constexpr Words kNulls = {"skip", "fail"};
inline constexpr Words kAllowWarnFail = {"allow", "warn", "fail"};
inline constexpr Words kOnEmpty = {"pass", "warn", "fail"};
inline constexpr Words kOver = {"all", "accepted"};
inline constexpr Words kFormats = {"auto", "json", "json-array", "json-stream", "csv",
                                   "tsv",  "avro", "protobuf",   "parquet"};
inline constexpr Words kEnvelopes = {"auto", "none", "debezium", "cloudevents", "connect"};
inline constexpr Words kFramings = {"auto", "registry", "none"};
inline constexpr Words kKeyFormats = {"auto", "text", "json", "avro", "protobuf"};
inline constexpr Words kUnknownSchema = {"pause", "quarantine"};
inline constexpr Words kTimeErrors = {"quarantine", "use_record_time", "drop"};
inline constexpr Words kLate = {"count", "quarantine", "revise"};
inline constexpr Words kRedactions = {"mask", "hash", "drop"};
inline constexpr Words kCycles = {"hour", "day", "week"};
inline constexpr Words kModes = {"windows", "sequential"};
inline constexpr Words kDependences = {"positive", "any"};
inline constexpr Words kDriftTests = {
    "auto",           "ks",          "psi",         "wasserstein", "cvm",        "mean_shift",
    "quantile_shift", "chi_square",  "js",          "tv",          "l_inf",      "hellinger",
    "cramers_v",      "z",           "fisher",      "null_share",  "type_share", "new_value",
    "vanished_value", "cardinality", "correlation", "pca",         "mahalanobis"};

inline constexpr Words kLevelSynonyms = {"level", "priority", "criticality"};
inline constexpr Words kWhenSynonyms = {"where",         "filter",  "condition",    "if",
                                        "row_condition", "only_if", "preconditions"};
inline constexpr Words kDescriptionSynonyms = {"desc", "comment", "note", "notes", "doc"};
inline constexpr Words kEnabledSynonyms = {"active", "enable"};
inline constexpr Words kOnFailSynonyms = {"action", "on_failure", "on_error", "fail_action"};
inline constexpr Words kIdSynonyms = {"name", "rule_id", "key_id"};
inline constexpr Words kUseSynonyms = {"template", "templates", "extends", "inherit"};
inline constexpr Words kMissingSynonyms = {"na_values", "null_values", "missing_value", "missing values",
                                           "missing_regex"};
inline constexpr Words kFieldsSynonyms = {"columns", "column", "field", "schema"};
inline constexpr Words kRecordsSynonyms = {"rules", "checks", "expectations", "row_checks", "record"};
inline constexpr Words kWindowsSynonyms = {"window", "aggregates", "metrics"};
inline constexpr Words kVersionSynonyms = {"version", "apiVersion", "schema_version"};
inline constexpr Words kVarsSynonyms = {"variables", "params", "parameters"};
inline constexpr Words kIncludeSynonyms = {"includes", "import", "imports"};
inline constexpr Words kExtraSynonyms = {"additionalProperties", "additional_properties", "strict", "unknown_fields"};
inline constexpr Words kMustSynonyms = {"expect", "assert", "expr", "fail", "that"};
inline constexpr Words kShouldSynonyms = {"warn"};

}  // namespace weir
