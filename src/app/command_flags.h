// SPDX-License-Identifier: Apache-2.0
// The flags of each command, in the order of its help screen, and the words that other tools use for them.
#pragma once

#include <array>
#include <string_view>

#include "app/command.h"

namespace weir::flags {

using Name = std::string_view;

inline constexpr std::array<Name, 3> kColors = {"auto", "always", "never"};
inline constexpr std::array<Name, 9> kFormats = {"auto", "json", "json-array", "json-stream", "csv",
                                                 "tsv",  "avro", "protobuf",   "parquet"};
inline constexpr std::array<Name, 3> kFailOn = {"error", "warn", "never"};
inline constexpr std::array<Name, 5> kSuites = {"gx", "soda", "dbt", "odcs", "jsonschema"};
inline constexpr std::array<Name, 3> kShells = {"bash", "zsh", "fish"};
inline constexpr std::array<Name, 3> kLintFormats = {"text", "json", "github"};

inline constexpr std::array<Name, 3> kRulesAlso = {"config", "ruleset", "schema"};
inline constexpr std::array<Name, 2> kRulesBesideConfigAlso = {"ruleset", "schema"};
inline constexpr std::array<Name, 3> kReportAlso = {"output", "out", "reporter"};
inline constexpr std::array<Name, 2> kQuarantineAlso = {"bad", "rejects"};
inline constexpr std::array<Name, 2> kCleanAlso = {"good", "accepted"};
inline constexpr std::array<Name, 3> kThreadsAlso = {"jobs", "workers", "parallel"};
inline constexpr std::array<Name, 2> kRedactAlso = {"mask", "hide"};
inline constexpr std::array<Name, 2> kVarAlso = {"variable", "set"};
inline constexpr std::array<Name, 2> kFormatAlso = {"input-format", "type"};
inline constexpr std::array<Name, 2> kFailingRowsAlso = {"samples", "limit"};
inline constexpr std::array<Name, 2> kWindows = {"failing", "all"};
inline constexpr std::array<Name, 2> kStateAlso = {"history", "baseline"};
inline constexpr std::array<Name, 2> kSummaryOutAlso = {"summary", "partial"};
inline constexpr std::array<Name, 3> kBrokersAlso = {"bootstrap-server", "bootstrap-servers", "broker"};
inline constexpr std::array<Name, 3> kRegistryAlso = {"schema-registry", "schema-registry-url", "registry-url"};
inline constexpr std::array<Name, 2> kTopicAlso = {"topics", "stream"};
inline constexpr std::array<Name, 3> kFromAlso = {"offset", "since", "start"};
inline constexpr std::array<Name, 2> kStrictAlso = {"warnings-as-errors", "deny-warnings"};

inline constexpr Flag kVar = {.name = "var",
                              .kind = FlagKind::Text,
                              .argument = "NAME=VALUE",
                              .summary = "set a variable of the rule file",
                              .repeats = true,
                              .synonyms = kVarAlso};
inline constexpr Flag kNow = {.name = "now",
                              .kind = FlagKind::Text,
                              .argument = "TIME",
                              .summary = "the time that ages are judged against (the clock)"};
inline constexpr Flag kQuiet = {.name = "quiet", .letter = 'q', .summary = "only errors and the last line"};

inline constexpr std::array<Flag, 2> kAll = {{
    {.name = "color",
     .kind = FlagKind::Choice,
     .argument = "WHEN",
     .summary = "auto, always, never",
     .choices = kColors},
    {.name = "help", .letter = 'h', .summary = "this screen"},
}};

inline constexpr Flag kReport = {.name = "report",
                                 .kind = FlagKind::Text,
                                 .argument = "KIND=FILE",
                                 .summary = "text, json, junit, sarif, md, html; - is stdout",
                                 .repeats = true,
                                 .synonyms = kReportAlso};
inline constexpr Flag kGithub = {.name = "github", .summary = "annotations for GitHub Actions on stdout"};
inline constexpr Flag kFailOnFlag = {.name = "fail-on",
                                     .kind = FlagKind::Choice,
                                     .argument = "LEVEL",
                                     .summary = "exit 1 from: error (default), warn, never",
                                     .choices = kFailOn};
inline constexpr Flag kAllowEmpty = {.name = "allow-empty", .summary = "no records at all are fine"};
inline constexpr Flag kFailingRows = {.name = "failing-rows",
                                      .kind = FlagKind::Text,
                                      .argument = "N",
                                      .summary = "failing records kept for each rule: 20, or all",
                                      .synonyms = kFailingRowsAlso};
inline constexpr Flag kWindowsFlag = {.name = "windows",
                                      .kind = FlagKind::Choice,
                                      .argument = "WHICH",
                                      .summary = "in reports: failing (default) or all",
                                      .choices = kWindows};
inline constexpr Flag kState = {.name = "state",
                                .kind = FlagKind::Text,
                                .argument = "FILE",
                                .summary = "remember measures between runs",
                                .synonyms = kStateAlso};
inline constexpr Flag kSummaryOut = {.name = "summary-out",
                                     .kind = FlagKind::Text,
                                     .argument = "FILE",
                                     .summary = "what weir merge needs of this run",
                                     .synonyms = kSummaryOutAlso};
inline constexpr Flag kAllRules = {
    .name = "all-rules", .letter = 'a', .summary = "a line for each rule, the good ones too"};

inline constexpr Flag kFormat = {.name = "format",
                                 .kind = FlagKind::Choice,
                                 .argument = "FORMAT",
                                 .summary = "auto, json, csv, tsv, avro, protobuf, parquet, ...",
                                 .choices = kFormats,
                                 .synonyms = kFormatAlso};

inline constexpr Flag kOfTopicBrokers = {.name = "brokers",
                                         .kind = FlagKind::Text,
                                         .argument = "HOST:PORT",
                                         .summary = "of a topic: its brokers",
                                         .in_notes = true,
                                         .synonyms = kBrokersAlso};
inline constexpr Flag kOfTopicName = {.name = "topic",
                                      .kind = FlagKind::Text,
                                      .argument = "TOPIC",
                                      .summary = "read a topic: its name, or ^pattern",
                                      .repeats = true,
                                      .in_notes = true,
                                      .synonyms = kTopicAlso};
inline constexpr Flag kOfTopicRegistry = {.name = "registry",
                                          .kind = FlagKind::Text,
                                          .argument = "URL",
                                          .summary = "of a topic: the registry of its schemas",
                                          .repeats = true,
                                          .in_notes = true,
                                          .synonyms = kRegistryAlso};
inline constexpr Flag kOfTopicFrom = {.name = "from",
                                      .kind = FlagKind::Text,
                                      .argument = "WHEN",
                                      .summary = "of a topic: from earliest (default), a time, -2h",
                                      .in_notes = true,
                                      .synonyms = kFromAlso};
inline constexpr Flag kOfTopicTo = {.name = "to",
                                    .kind = FlagKind::Text,
                                    .argument = "WHEN",
                                    .summary = "of a topic: up to a time; without it, to where it ends now",
                                    .in_notes = true};
inline constexpr Flag kOfTopicPartitions = {.name = "partitions",
                                            .kind = FlagKind::Text,
                                            .argument = "N,...",
                                            .summary = "of a topic: only these partitions",
                                            .in_notes = true};
inline constexpr Flag kOfTopicConfig = {
    .name = "config",
    .letter = 'c',
    .kind = FlagKind::Text,
    .argument = "FILE",
    .summary = "of a topic: `brokers`, `kafka`, `registry` as in the configuration of weir run",
    .in_notes = true};

inline constexpr Flag kCheckFlags[] = {
    {.name = "rules",
     .letter = 'r',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "the rule file (required)",
     .required = true,
     .synonyms = kRulesBesideConfigAlso},
    kFormat,
    kReport,
    kGithub,
    {.name = "quarantine",
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "failing records with their reasons",
     .synonyms = kQuarantineAlso},
    {.name = "clean",
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "passing records, byte for byte",
     .synonyms = kCleanAlso},
    kState,
    kSummaryOut,
    {.name = "other",
     .kind = FlagKind::Text,
     .argument = "NAME=FILE",
     .summary = "records of a stream that rules compare with",
     .repeats = true},
    kOfTopicBrokers,
    kOfTopicName,
    kOfTopicRegistry,
    kOfTopicFrom,
    kOfTopicTo,
    kOfTopicPartitions,
    kOfTopicConfig,
    {.name = "as-stream", .summary = "windows close by watermark, records may be late"},
    kWindowsFlag,
    kFailOnFlag,
    kAllowEmpty,
    {.name = "select",
     .letter = 's',
     .kind = FlagKind::Text,
     .argument = "KIND:GLOB",
     .summary = "only rules by id:, field: or tag:",
     .repeats = true},
    kVar,
    kNow,
    kFailingRows,
    {.name = "redact",
     .kind = FlagKind::Text,
     .argument = "PATH",
     .summary = "show no values of this field anywhere",
     .repeats = true,
     .synonyms = kRedactAlso},
    {.name = "threads",
     .letter = 'j',
     .kind = FlagKind::Count,
     .argument = "N",
     .summary = "default: one a core, at most 4",
     .synonyms = kThreadsAlso},
    {.name = "batch", .kind = FlagKind::Count, .argument = "N", .summary = "records judged at a time", .hidden = true},
    kAllRules,
    {.name = "no-progress", .summary = "no progress line on a terminal"},
    kQuiet,
};

inline constexpr Flag kBrokers = {.name = "brokers",
                                  .kind = FlagKind::Text,
                                  .argument = "HOST:PORT",
                                  .summary = "the brokers, with , between them",
                                  .synonyms = kBrokersAlso};
inline constexpr Flag kTopic = {.name = "topic",
                                .kind = FlagKind::Text,
                                .argument = "TOPIC",
                                .summary = "what is judged; ^... is a pattern",
                                .repeats = true,
                                .synonyms = kTopicAlso};

inline constexpr Flag kMergeFlags[] = {
    {.name = "rules",
     .letter = 'r',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "the rules as they are now (those in summaries)",
     .synonyms = kRulesAlso},
    kVar,
    kReport,
    kGithub,
    kState,
    kSummaryOut,
    kWindowsFlag,
    kFailOnFlag,
    kAllowEmpty,
    {.name = "now", .kind = FlagKind::Text, .argument = "TIME", .summary = "default: the latest of the runs"},
    kFailingRows,
    kAllRules,
    kQuiet,
};

inline constexpr Flag kHistoryFlags[] = {
    {.name = "state",
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "the state file of weir check --state",
     .required = true,
     .synonyms = kStateAlso},
    {.name = "last", .kind = FlagKind::Count, .argument = "N", .summary = "only the newest values of each series"},
    {.name = "json", .summary = "for programs"},
};

inline constexpr std::array<Flag, 4> kLintFlags = {{
    {.name = "format",
     .kind = FlagKind::Choice,
     .argument = "FORMAT",
     .summary = "text (default), json, github",
     .choices = kLintFormats},
    {.name = "strict", .summary = "a warning is a fault too", .synonyms = kStrictAlso},
    kVar,
    kQuiet,
}};

inline constexpr Flag kExplainFlags[] = {
    {.name = "ids", .summary = "only the ids of the rules, one a line"},
    {.name = "rules",
     .letter = 'r',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "of a record: the rules that judge it",
     .synonyms = kRulesBesideConfigAlso},
    kFormat,
    kOfTopicBrokers,
    kOfTopicRegistry,
    kOfTopicConfig,
    {.name = "json", .summary = "of a record: for programs"},
    kVar,
};

inline constexpr std::array<Flag, 4> kTestFlags = {{
    {.name = "junit", .kind = FlagKind::Text, .argument = "FILE", .summary = "the cases as JUnit XML; - is stdout"},
    {.name = "now",
     .kind = FlagKind::Text,
     .argument = "TIME",
     .summary = "the time for cases that give none (the clock)"},
    kVar,
    kQuiet,
}};

inline constexpr std::array<Flag, 3> kDiffFlags = {{
    {.name = "markdown", .summary = "a table for a pull request"},
    {.name = "exit-code", .summary = "exit 1 when the meaning differs"},
    kVar,
}};

inline constexpr std::array<Flag, 1> kSchemaFlags = {{
    {.name = "output",
     .letter = 'o',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "write here instead of stdout"},
}};

inline constexpr std::array<Name, 1> kImportOutputAlso = {"out"};
inline constexpr std::array<Name, 3> kModelAlso = {"dataset", "table", "suite"};

inline constexpr std::array<Flag, 3> kImportFlags = {{
    {.name = "output",
     .letter = 'o',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "write here instead of stdout; DIR/ for several",
     .synonyms = kImportOutputAlso},
    {.name = "model",
     .kind = FlagKind::Text,
     .argument = "NAME",
     .summary = "only this model, dataset or table",
     .synonyms = kModelAlso},
    {.name = "strict", .summary = "exit 1 when a rule is not carried over", .synonyms = kStrictAlso},
}};

inline constexpr std::array<Flag, 3> kSuggestFlags = {{
    {.name = "output",
     .letter = 'o',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "write here instead of stdout"},
    kFormat,
    {.name = "time",
     .kind = FlagKind::Text,
     .argument = "FIELD",
     .summary = "the field of the event time (found by its name)"},
}};

inline constexpr std::array<Name, 3> kSuggestAlso = {"profile", "init", "generate"};
inline constexpr std::array<Name, 3> kImportAlso = {"convert", "migrate", "from"};
inline constexpr std::array<Name, 3> kCheckAlso = {"verify", "scan", "gate"};
inline constexpr std::array<Name, 3> kLintAlso = {"validate", "vet", "lint-rules"};
inline constexpr std::array<Name, 2> kExplainAlso = {"describe", "show"};

}  // namespace weir::flags
