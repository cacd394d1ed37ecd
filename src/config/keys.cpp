// SPDX-License-Identifier: Apache-2.0
// The keys of the configuration file, section by section, in the order in which people write them.
#include "config/keys.h"

namespace weir {
namespace {

using Names = std::string_view[];

constexpr Names kDeliveries = {"at_least_once", "exactly_once"};
constexpr Names kLogFormats = {"auto", "json", "text"};
constexpr Names kLogLevels = {"debug", "info", "warn", "error"};
constexpr Names kOverflows = {"pause", "count"};
constexpr Names kCompats = {"connect", "confluent"};
constexpr Names kRedactions = {"mask", "hash", "drop"};

constexpr Names kBrokersSynonyms = {"bootstrap.servers", "bootstrap_servers", "bootstrap-servers", "broker", "servers"};
constexpr Names kGroupSynonyms = {"group.id", "group_id", "consumer_group"};
constexpr Names kInstanceSynonyms = {"group.instance.id", "instance_id", "client.id", "client_id"};
constexpr Names kDeliverySynonyms = {"processing.guarantee", "processing_guarantee", "semantics", "guarantee"};
constexpr Names kKafkaSynonyms = {"properties", "librdkafka", "librdkafka_options", "consumer", "security"};
constexpr Names kRegistrySynonyms = {"schema_registry", "schema.registry", "schema-registry", "schemas"};
constexpr Names kUrlSynonyms = {"urls", "schema.registry.url", "endpoint", "address", "host"};
constexpr Names kUserSynonyms = {"username", "basic.auth.user.info", "sasl.username"};
constexpr Names kPasswordSynonyms = {"secret", "basic.auth.password"};
constexpr Names kTokenSynonyms = {"bearer_token", "bearer.auth.token"};
constexpr Names kTokenFileSynonyms = {"bearer_token_file"};
constexpr Names kCaSynonyms = {"ca", "ssl.ca.location", "ca_cert", "truststore"};
constexpr Names kCertSynonyms = {"cert", "certificate", "ssl.certificate.location", "keystore"};
constexpr Names kKeySynonyms = {"key", "ssl.key.location"};
constexpr Names kTimeoutSynonyms = {"request_timeout", "timeout_ms"};
constexpr Names kRefusedSynonyms = {"negative_ttl", "cache_ttl", "missing_ttl"};
constexpr Names kSnapshotSynonyms = {"state_interval", "checkpoint_interval", "snapshot_interval", "commit_interval"};
constexpr Names kStateSynonyms = {"storage", "checkpoint", "data_dir", "state_dir"};
constexpr Names kWebSynonyms = {"http", "server", "api", "metrics"};
constexpr Names kLogSynonyms = {"logging", "logs"};
constexpr Names kAlertsSynonyms = {"alerting", "notifications", "notify", "alert"};
constexpr Names kMaintenanceSynonyms = {"silences", "mute_time_intervals", "downtime", "downtimes"};
constexpr Names kLineageSynonyms = {"openlineage", "open_lineage"};
constexpr Names kStreamsSynonyms = {"stream", "sources", "inputs"};
constexpr Names kPipelineSynonyms = {"name", "application", "job"};
constexpr Names kTopicsSynonyms = {"topic", "topic_pattern", "source"};
constexpr Names kRulesSynonyms = {"ruleset", "rule_file", "schema", "checks"};
constexpr Names kFromSynonyms = {"auto.offset.reset", "offset", "start", "since"};
constexpr Names kQuarantineSynonyms = {"dlq", "dead_letter", "dead_letter_queue", "deadletter", "rejects"};
constexpr Names kSplitSynonyms = {"gate", "clean", "output", "forward"};
constexpr Names kListenSynonyms = {"listen_address", "listen-address", "address", "port", "bind"};
constexpr Names kWebConfigSynonyms = {"config.file", "config_file", "web_config"};
constexpr Names kDirSynonyms = {"path", "directory", "folder"};
constexpr Names kPathsSynonyms = {"fields", "columns"};
constexpr Names kWatchSynonyms = {"files", "auto"};

constexpr KeySpec kState[] = {
    {.name = "dir", .shape = Shape::Text, .summary = "A folder of this machine.", .synonyms = kDirSynonyms},
    {.name = "topic", .shape = Shape::Text, .summary = "A compacted topic, for several instances."},
};
constexpr Keys kStateTable{.name = "`state`", .keys = kState};

constexpr KeySpec kRegistry[] = {
    {.name = "url",
     .shape = Shape::Texts,
     .summary = "Where it is, with the path of its API; several are tried in turn.",
     .required = true,
     .synonyms = kUrlSynonyms},
    {.name = "user", .shape = Shape::Text, .summary = "Of basic authentication.", .synonyms = kUserSynonyms},
    {.name = "password_file",
     .shape = Shape::Text,
     .summary = "Its password: the first line of the file, read again for each call."},
    {.name = "password",
     .shape = Shape::Text,
     .summary = "The same from the environment: `$env:NAME`.",
     .synonyms = kPasswordSynonyms},
    {.name = "token_file",
     .shape = Shape::Text,
     .summary = "A bearer token that something else keeps fresh, read again for each call.",
     .synonyms = kTokenFileSynonyms},
    {.name = "token",
     .shape = Shape::Text,
     .summary = "The same from the environment: `$env:NAME`.",
     .synonyms = kTokenSynonyms},
    {.name = "ca_file",
     .shape = Shape::Text,
     .summary = "Who vouches for the registry; whom the system trusts without it.",
     .synonyms = kCaSynonyms},
    {.name = "cert_file",
     .shape = Shape::Text,
     .summary = "The certificate of weir, where the registry wants one.",
     .synonyms = kCertSynonyms},
    {.name = "key_file", .shape = Shape::Text, .summary = "Its key.", .synonyms = kKeySynonyms},
    {.name = "proxy",
     .shape = Shape::Text,
     .summary = "The URL of a proxy on the way; none without it, whatever the environment says."},
    {.name = "timeout",
     .shape = Shape::Duration,
     .summary = "How long an answer may take: `10s`.",
     .synonyms = kTimeoutSynonyms},
    {.name = "refused_for",
     .shape = Shape::Duration,
     .summary = "A schema that the registry did not know is asked for again after so long: `60s`.",
     .synonyms = kRefusedSynonyms},
};
constexpr Keys kRegistryTable{.name = "`registry`", .keys = kRegistry};

constexpr KeySpec kPanes[] = {
    {.name = "topic",
     .shape = Shape::Text,
     .summary = "The topic over which instances add up their windows.",
     .required = true},
};
constexpr Keys kPanesTable{.name = "`panes`", .keys = kPanes};

constexpr KeySpec kWeb[] = {
    {.name = "listen",
     .shape = Shape::Text,
     .summary = "HOST:PORT of metrics, health and the API; 127.0.0.1:8947 without it, `off` for none.",
     .synonyms = kListenSynonyms},
    {.name = "config",
     .shape = Shape::Text,
     .summary = "A file with TLS and passwords, as Prometheus's exporters read it.",
     .synonyms = kWebConfigSynonyms},
    {.name = "enable_lifecycle",
     .shape = Shape::Boolean,
     .summary = "Whether `POST /-/reload` and `POST /-/quit` do something."},
    {.name = "samples",
     .shape = Shape::Count,
     .summary = "So many failing values of each rule are shown, redacted as everywhere: 0; at most 100."},
};
constexpr Keys kWebTable{.name = "`web`", .keys = kWeb};

constexpr KeySpec kLog[] = {
    {.name = "format",
     .shape = Shape::Choice,
     .summary = "`auto` writes text on a terminal and JSON lines elsewhere.",
     .choices = kLogFormats},
    {.name = "level", .shape = Shape::Choice, .summary = "What is worth a line: `info`.", .choices = kLogLevels},
};
constexpr Keys kLogTable{.name = "`log`", .keys = kLog};

constexpr KeySpec kReload[] = {
    {.name = "watch",
     .shape = Shape::Boolean,
     .summary = "Whether a rule file that changes is loaded again: `true`.",
     .synonyms = kWatchSynonyms},
};
constexpr Keys kReloadTable{.name = "`reload`", .keys = kReload};

constexpr KeySpec kQuarantine[] = {
    {.name = "topic", .shape = Shape::Text, .summary = "A topic for the records that fail."},
    {.name = "file", .shape = Shape::Text, .summary = "A file of JSON lines for them.", .synonyms = kDirSynonyms},
    {.name = "max_per_second",
     .shape = Shape::Count,
     .summary = "So many records a second at most; without it there is no limit."},
    {.name = "budget",
     .shape = Shape::Count,
     .summary = "So many records a day (UTC) at most; without it there is no limit."},
    {.name = "overflow",
     .shape = Shape::Choice,
     .summary = "What is beyond: `pause` waits, `count` only counts.",
     .choices = kOverflows},
    {.name = "compat",
     .shape = Shape::Choices,
     .summary = "Header names of other tools beside weir's own.",
     .choices = kCompats},
    {.name = "rotate_bytes",
     .shape = Shape::Text,
     .summary = "A file that is larger (`256MiB`) makes room for a new one."},
    {.name = "keep", .shape = Shape::Count, .summary = "So many old files: 5."},
};
constexpr Keys kQuarantineTable{.name = "`quarantine`", .keys = kQuarantine};

constexpr KeySpec kSplit[] = {
    {.name = "clean",
     .shape = Shape::Text,
     .summary = "The topic, or with a `/` the file, for records that pass.",
     .required = true},
};
constexpr Keys kSplitTable{.name = "`split`", .keys = kSplit};

constexpr KeySpec kStreamRedact[] = {
    {.name = "paths",
     .shape = Shape::Paths,
     .summary = "Fields whose values are shown nowhere, beside those of the rule file.",
     .required = true,
     .synonyms = kPathsSynonyms},
    {.name = "how", .shape = Shape::Choice, .summary = "What is shown in their place.", .choices = kRedactions},
};
constexpr Keys kStreamRedactTable{.name = "`redact`", .keys = kStreamRedact};

constexpr KeySpec kStream[] = {
    {.name = "name", .shape = Shape::Text, .summary = "What metrics and logs call it; its topic without it."},
    {.name = "topics",
     .shape = Shape::Texts,
     .summary = "The topics, or regular expressions that begin with `^`.",
     .required = true,
     .synonyms = kTopicsSynonyms},
    {.name = "rules", .shape = Shape::Text, .summary = "The rule file.", .required = true, .synonyms = kRulesSynonyms},
    {.name = "from",
     .shape = Shape::Text,
     .summary = "`earliest`, `latest`, a time, or `-2h`, where nothing is remembered: `earliest`.",
     .synonyms = kFromSynonyms},
    {.name = "quarantine",
     .shape = Shape::Anything,
     .summary = "A topic, a file (with a `/`), or a map.",
     .table = &kQuarantineTable,
     .synonyms = kQuarantineSynonyms},
    {.name = "split",
     .shape = Shape::Section,
     .summary = "Makes weir a gate: records that pass go on, byte for byte.",
     .table = &kSplitTable,
     .synonyms = kSplitSynonyms},
    {.name = "idle_after",
     .shape = Shape::Duration,
     .summary = "A partition that is silent for so long is idle; else what the rule file says."},
    {.name = "redact",
     .shape = Shape::Section,
     .summary = "Fields whose values are shown nowhere.",
     .table = &kStreamRedactTable},
};
constexpr Keys kStreamTable{.name = "a stream", .keys = kStream};

constexpr KeySpec kTop[] = {
    {.name = "pipeline",
     .shape = Shape::Text,
     .summary = "The name of it all, in headers, metrics and the names of topics.",
     .synonyms = kPipelineSynonyms},
    {.name = "brokers",
     .shape = Shape::Texts,
     .summary = "HOST:PORT of one or more brokers.",
     .synonyms = kBrokersSynonyms},
    {.name = "group",
     .shape = Shape::Text,
     .summary = "The consumer group: `weir-` and the pipeline without it.",
     .synonyms = kGroupSynonyms},
    {.name = "instance",
     .shape = Shape::Text,
     .summary = "The name under which this process comes back; of the host and the state without it.",
     .synonyms = kInstanceSynonyms},
    {.name = "delivery",
     .shape = Shape::Choice,
     .summary = "`at_least_once`, or `exactly_once` by transactions.",
     .choices = kDeliveries,
     .synonyms = kDeliverySynonyms},
    {.name = "kafka",
     .shape = Shape::Anything,
     .summary = "Properties of the Kafka client; a secret by `NAME_file: PATH` or `$env:NAME`.",
     .synonyms = kKafkaSynonyms},
    {.name = "registry",
     .shape = Shape::Anything,
     .summary = "The schema registry: its URL, or a map.",
     .table = &kRegistryTable,
     .synonyms = kRegistrySynonyms},
    {.name = "state",
     .shape = Shape::Section,
     .summary = "Where snapshots are kept: `{dir: PATH}` or `{topic: NAME}`.",
     .table = &kStateTable,
     .synonyms = kStateSynonyms},
    {.name = "snapshot_every",
     .shape = Shape::Duration,
     .summary = "How often a snapshot is taken: `10s`.",
     .synonyms = kSnapshotSynonyms},
    {.name = "panes",
     .shape = Shape::Section,
     .summary = "Windows over partitions that several instances share.",
     .table = &kPanesTable},
    {.name = "web",
     .shape = Shape::Section,
     .summary = "Metrics, health and the API.",
     .table = &kWebTable,
     .synonyms = kWebSynonyms},
    {.name = "log",
     .shape = Shape::Section,
     .summary = "Lines on stderr.",
     .table = &kLogTable,
     .synonyms = kLogSynonyms},
    {.name = "reload", .shape = Shape::Section, .summary = "Rules that change.", .table = &kReloadTable},
    {.name = "alerts",
     .shape = Shape::Section,
     .summary = "Who is told of windows that break their rules, and how often.",
     .synonyms = kAlertsSynonyms},
    {.name = "maintenance",
     .shape = Shape::Sections,
     .summary = "Times in which nobody is told.",
     .synonyms = kMaintenanceSynonyms},
    {.name = "lineage",
     .shape = Shape::Section,
     .summary = "Who is told of every window that was judged, as OpenLineage events.",
     .synonyms = kLineageSynonyms},
    {.name = "streams",
     .shape = Shape::Sections,
     .summary = "What is judged, by which rules.",
     .table = &kStreamTable,
     .synonyms = kStreamsSynonyms},
};
constexpr Keys kTopTable{.name = "the configuration", .keys = kTop};

std::string value_of(const KeySpec& key) {
  if (!key.choices.empty()) {
    std::string words;
    for (const std::string_view choice : key.choices)
      words += (words.empty() ? "`" : ", `") + std::string(choice) + "`";
    return words;
  }
  switch (key.shape) {
    case Shape::Boolean: return "`true`, `false`";
    case Shape::Count: return "a whole number";
    case Shape::Duration: return "a duration";
    case Shape::Texts:
    case Shape::Paths: return "a text or a list";
    case Shape::Section: return "a map";
    case Shape::Sections: return "a list of maps";
    case Shape::Anything: return key.table == nullptr ? "a map of texts" : "a text or a map";
    default: return "a text";
  }
}

std::string table_of(const Keys& keys) {
  std::string text = "| key | value | |\n|---|---|---|\n";
  for (const KeySpec& key : keys.keys) {
    text += "| `" + std::string(key.name) + "` | " + value_of(key) + " | " + std::string(key.summary) +
            (key.required ? " Required." : "") + " |\n";
  }
  return text;
}

}  // namespace

const Keys& config_keys() {
  return kTopTable;
}
const Keys& registry_keys() {
  return kRegistryTable;
}
const Keys& state_keys() {
  return kStateTable;
}
const Keys& panes_keys() {
  return kPanesTable;
}
const Keys& web_keys() {
  return kWebTable;
}
const Keys& log_keys() {
  return kLogTable;
}
const Keys& reload_keys() {
  return kReloadTable;
}
const Keys& stream_keys() {
  return kStreamTable;
}
const Keys& quarantine_keys() {
  return kQuarantineTable;
}
const Keys& split_keys() {
  return kSplitTable;
}
const Keys& stream_redact_keys() {
  return kStreamRedactTable;
}

std::string config_reference() {
  std::string text = table_of(kTopTable);
  for (const Keys* keys :
       {&kRegistryTable, &kStateTable, &kPanesTable, &kWebTable, &kLogTable, &kReloadTable, &alerts_keys(),
        &receiver_keys(), &webhook_keys(), &slack_keys(), &pagerduty_keys(), &email_keys(), &maintenance_keys(),
        &lineage_keys(), &kStreamTable, &kQuarantineTable, &kSplitTable, &kStreamRedactTable}) {
    std::string title(keys->name);
    if (keys == &kStreamTable) title = "`streams`, each";
    if (keys == &receiver_keys()) title = "`receivers`, each";
    if (keys == &webhook_keys()) title = "`alertmanager` and `webhook`";
    if (keys == &maintenance_keys()) title = "`maintenance`, each";
    text += "\n### " + title + "\n\n" + table_of(*keys);
  }
  return text;
}

}  // namespace weir
