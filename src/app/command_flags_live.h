// SPDX-License-Identifier: Apache-2.0
// The flags of the commands around a live stream: what it put aside, what it would have found, what it needs, what it does now.
#pragma once

#include "app/command_flags.h"
#include "app/command_flags_run.h"

namespace weir::flags {

// ---- what was put aside
inline constexpr std::array<Name, 3> kQuarantineWords = {"ls", "show", "stats"};
inline constexpr std::array<Name, 3> kQuarantineCommandAlso = {"dlq", "dead-letters", "rejects"};
inline constexpr std::array<Name, 3> kReplayAlso = {"redrive", "resend", "retry"};

inline constexpr std::array<Name, 2> kReplayTimestamps = {"original", "now"};

inline constexpr Flag kOfRule = {.name = "rule",
                                 .kind = FlagKind::Text,
                                 .argument = "GLOB",
                                 .summary = "only records that broke such a rule",
                                 .repeats = true};
inline constexpr Flag kOfId = {.name = "id",
                               .kind = FlagKind::Text,
                               .argument = "ID",
                               .summary = "only this record: topic-partition-offset",
                               .repeats = true};
inline constexpr Flag kOfStage = {.name = "stage",
                                  .kind = FlagKind::Text,
                                  .argument = "STAGE",
                                  .summary = "only decode, record, time, late",
                                  .repeats = true};
inline constexpr Flag kAsideFrom = {.name = "from",
                                    .kind = FlagKind::Text,
                                    .argument = "WHEN",
                                    .summary = "put aside since: a time, -2h",
                                    .synonyms = kFromAlso};
inline constexpr Flag kAsideTo = {
    .name = "to", .kind = FlagKind::Text, .argument = "WHEN", .summary = "put aside before: a time, -1h"};

inline constexpr Flag kQuarantineFlags[] = {
    kOfRule,
    kOfId,
    kOfStage,
    kAsideFrom,
    kAsideTo,
    {.name = "last", .kind = FlagKind::Count, .argument = "N", .summary = "only the newest (ls: 20, show: 1)"},
    {.name = "every", .kind = FlagKind::Text, .argument = "TIME", .summary = "stats: the width of a step in time"},
    {.name = "json", .summary = "lines as in a quarantine file; stats: an object"},
    kBrokers,
    {.name = "topic",
     .kind = FlagKind::Text,
     .argument = "TOPIC",
     .summary = "the quarantine topic, in place of files",
     .synonyms = kTopicAlso},
    kOfTopicRegistry,
    kOfTopicPartitions,
    kOfTopicConfig,
};

inline constexpr Flag kReplayFlags[] = {
    kOfRule,
    kOfId,
    kOfStage,
    kAsideFrom,
    kAsideTo,
    {.name = "recheck", .summary = "only what passes --rules as they are now"},
    {.name = "rules", .letter = 'r', .kind = FlagKind::Text, .argument = "FILE", .summary = "the rules of --recheck"},
    kVar,
    {.name = "into",
     .kind = FlagKind::Text,
     .argument = "TOPIC",
     .summary = "send there; without it, where each came from"},
    {.name = "rate", .kind = FlagKind::Count, .argument = "N", .summary = "so many records a second at most"},
    {.name = "max-replays",
     .kind = FlagKind::Count,
     .argument = "N",
     .summary = "leave what was sent back N times before (3)"},
    {.name = "timestamps",
     .kind = FlagKind::Choice,
     .argument = "WHICH",
     .summary = "original (default) or now",
     .choices = kReplayTimestamps},
    {.name = "again", .summary = "also what was sent back from here before"},
    {.name = "dry-run", .letter = 'n', .summary = "say what would be sent, send nothing"},
    {.name = "json", .summary = "the summary for programs, on stdout"},
    kBrokers,
    {.name = "topic",
     .kind = FlagKind::Text,
     .argument = "TOPIC",
     .summary = "the quarantine topic, in place of files",
     .synonyms = kTopicAlso},
    kOfTopicRegistry,
    kOfTopicPartitions,
    kOfTopicConfig,
    kQuiet,
};

// ---- what would have been found
inline constexpr std::array<Name, 3> kBacktestAlso = {"simulate", "what-if", "rehearse"};
inline constexpr Flag kBacktestFlags[] = {
    {.name = "rules",
     .letter = 'r',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "the rules to try (required)",
     .required = true,
     .synonyms = kRulesBesideConfigAlso},
    {.name = "against", .kind = FlagKind::Text, .argument = "FILE", .summary = "the rules to compare them with"},
    kFormat,
    kReport,
    kBrokers,
    kTopic,
    kOfTopicRegistry,
    {.name = "from",
     .kind = FlagKind::Text,
     .argument = "WHEN",
     .summary = "of a topic: earliest (default), a time, -2h",
     .synonyms = kFromAlso},
    {.name = "to", .kind = FlagKind::Text, .argument = "WHEN", .summary = "of a topic: up to a time (its end)"},
    kOfTopicPartitions,
    kOfTopicConfig,
    kWindowsFlag,
    kFailOnFlag,
    kAllowEmpty,
    kVar,
    kNow,
    {.name = "threads",
     .letter = 'j',
     .kind = FlagKind::Count,
     .argument = "N",
     .summary = "default: one a core, at most 4",
     .synonyms = kThreadsAlso},
    {.name = "json", .summary = "the comparison for programs, on stdout"},
    kQuiet,
};

// ---- what it needs
inline constexpr std::array<Name, 2> kDoctorAlso = {"diagnose", "preflight"};
inline constexpr Flag kTopicsFlags[] = {
    {.name = "config",
     .letter = 'c',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "the configuration of weir run; flags win over it"},
    kBrokers,
    kTopic,
    kRunQuarantine,
    kRunClean,
    kRunState,
    {.name = "create", .summary = "make the ones that are missing"},
    {.name = "print", .summary = "commands of Kafka's own tools that would make them"},
    {.name = "copies", .kind = FlagKind::Count, .argument = "N", .summary = "of each record (the broker's default)"},
    kVar,
    {.name = "json", .summary = "for programs"},
};

// ---- what it does now
inline constexpr std::array<Name, 3> kTopAlso = {"status", "ui", "monitor"};
inline constexpr Flag kTopFlags[] = {
    {.name = "every", .kind = FlagKind::Text, .argument = "TIME", .summary = "how often it looks (2s)"},
    {.name = "once", .summary = "look once, print, end"},
    {.name = "sort", .kind = FlagKind::Text, .argument = "COLUMN", .summary = "by state (default) or another column"},
    {.name = "filter", .kind = FlagKind::Text, .argument = "TEXT", .summary = "only rows that hold it"},
    {.name = "user", .kind = FlagKind::Text, .argument = "NAME", .summary = "of basic authentication"},
    {.name = "password-file", .kind = FlagKind::Text, .argument = "FILE", .summary = "its password: the first line"},
    {.name = "ca-file", .kind = FlagKind::Text, .argument = "FILE", .summary = "who vouches for the servers"},
    {.name = "json", .summary = "what it saw, a line a look, for programs"},
};

inline constexpr std::array<Name, 2> kDemoAlso = {"quickstart", "tour"};
inline constexpr Flag kDemoFlags[] = {
    {.name = "brokers",
     .kind = FlagKind::Text,
     .argument = "HOST:PORT",
     .summary = "a real cluster in place of the embedded one",
     .synonyms = kBrokersAlso},
    {.name = "seconds", .kind = FlagKind::Count, .argument = "N", .summary = "end after so long, with a summary"},
    {.name = "web.listen",
     .kind = FlagKind::Text,
     .argument = "HOST:PORT",
     .summary = "page and metrics (127.0.0.1:8947), or off",
     .synonyms = kListenAlso},
    {.name = "dir", .kind = FlagKind::Text, .argument = "DIR", .summary = "where rules and state go (a new one)"},
};

}  // namespace weir::flags
