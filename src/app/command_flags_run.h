// SPDX-License-Identifier: Apache-2.0
// The flags of `weir run`: each says what a key of the configuration file says, but for those about the run itself.
#pragma once

#include <algorithm>

#include "app/command_flags.h"

namespace weir::flags {

inline constexpr std::array<Name, 2> kDeliveries = {"at_least_once", "exactly_once"};
inline constexpr std::array<Name, 3> kLogFormats = {"auto", "json", "text"};
inline constexpr std::array<Name, 4> kLogLevels = {"debug", "info", "warn", "error"};
inline constexpr std::array<Name, 2> kGroupAlso = {"group-id", "consumer-group"};
inline constexpr std::array<Name, 2> kRunQuarantineAlso = {"dlq", "dead-letter"};
inline constexpr std::array<Name, 2> kRunStateAlso = {"state-dir", "checkpoint"};
inline constexpr std::array<Name, 2> kSnapshotAlso = {"state-interval", "checkpoint-interval"};
inline constexpr std::array<Name, 3> kListenAlso = {"web.listen-address", "listen", "port"};
inline constexpr std::array<Name, 2> kUntilEndAlso = {"exit-at-end", "once"};
inline constexpr std::array<Name, 2> kValidateAlso = {"dry-run", "check-config"};
inline constexpr std::array<Name, 4> kRunAlso = {"start", "serve", "watch", "sidecar"};

inline constexpr Flag kRunQuarantine = {.name = "quarantine",
                                        .kind = FlagKind::Text,
                                        .argument = "TOPIC|FILE",
                                        .summary = "failing records; with a / it is a file",
                                        .synonyms = kRunQuarantineAlso};
inline constexpr Flag kRunClean = {.name = "clean",
                                   .kind = FlagKind::Text,
                                   .argument = "TOPIC|FILE",
                                   .summary = "passing records, byte for byte",
                                   .synonyms = kCleanAlso};
inline constexpr Flag kRunState = {.name = "state",
                                   .kind = FlagKind::Text,
                                   .argument = "PLACE",
                                   .summary = "DIR (./weir-state) or topic:NAME",
                                   .synonyms = kRunStateAlso};

inline constexpr Flag kRunFlags[] = {
    {.name = "config",
     .letter = 'c',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "the configuration; flags win over it"},
    kBrokers,
    kTopic,
    {.name = "registry",
     .kind = FlagKind::Text,
     .argument = "URL",
     .summary = "the schema registry; several are tried in turn",
     .repeats = true,
     .synonyms = kRegistryAlso},
    {.name = "rules",
     .letter = 'r',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "the rule file",
     .synonyms = kRulesBesideConfigAlso},
    kRunQuarantine,
    kRunClean,
    {.name = "delivery",
     .kind = FlagKind::Choice,
     .argument = "HOW",
     .summary = "at_least_once (default), exactly_once",
     .choices = kDeliveries},
    kRunState,
    {.name = "from",
     .kind = FlagKind::Text,
     .argument = "WHEN",
     .summary = "earliest (default), latest, a time, -2h",
     .synonyms = kFromAlso},
    {.name = "group",
     .kind = FlagKind::Text,
     .argument = "NAME",
     .summary = "the consumer group (weir-TOPIC)",
     .synonyms = kGroupAlso},
    {.name = "instance",
     .kind = FlagKind::Text,
     .argument = "NAME",
     .summary = "the name under which this process comes back"},
    {.name = "snapshot-every",
     .kind = FlagKind::Text,
     .argument = "TIME",
     .summary = "how often the state is saved (10s)",
     .synonyms = kSnapshotAlso},
    {.name = "until-end", .summary = "stop where the topic ends now", .synonyms = kUntilEndAlso},
    kReport,
    kGithub,
    kFailOnFlag,
    kAllowEmpty,
    kVar,
    {.name = "web.listen",
     .kind = FlagKind::Text,
     .argument = "HOST:PORT",
     .summary = "metrics and health (127.0.0.1:8947), or off",
     .synonyms = kListenAlso},
    {.name = "web.config.file", .kind = FlagKind::Text, .argument = "FILE", .summary = "TLS and passwords of it"},
    {.name = "web.enable-lifecycle", .summary = "POST /-/reload and /-/quit"},
    {.name = "web.samples",
     .kind = FlagKind::Count,
     .argument = "N",
     .summary = "show N failing values of each rule (0)",
     .in_notes = true},
    {.name = "log-format",
     .kind = FlagKind::Choice,
     .argument = "FORMAT",
     .summary = "auto, json, text",
     .choices = kLogFormats},
    {.name = "log-level",
     .kind = FlagKind::Choice,
     .argument = "LEVEL",
     .summary = "debug, info (default), warn, error",
     .choices = kLogLevels},
    {.name = "validate", .summary = "find every mistake, connect to nothing", .synonyms = kValidateAlso},
};

/// Those of kRunFlags that are about the run and say nothing of how weir is set up.
inline constexpr std::array<Name, 6> kOfTheRun = {"until-end", "report",      "github",
                                                  "fail-on",   "allow-empty", "validate"};

consteval bool is_of_the_run(const Flag& flag) {
  return std::find(kOfTheRun.begin(), kOfTheRun.end(), flag.name) != kOfTheRun.end();
}

/// Every setting of `weir run`, for the commands that show and examine them, and --json.
consteval auto setting_flags() {
  std::array<Flag, std::size(kRunFlags) - kOfTheRun.size() + 1> kept{};
  std::size_t next = 0;
  for (const Flag& flag : kRunFlags) {
    if (!is_of_the_run(flag)) kept[next++] = flag;
  }
  kept[next] = {.name = "json", .summary = "for programs"};
  return kept;
}
inline constexpr auto kSettingFlags = setting_flags();

}  // namespace weir::flags
