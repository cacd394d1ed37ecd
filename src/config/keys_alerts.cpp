// SPDX-License-Identifier: Apache-2.0
// The keys of `alerts`, `maintenance` and `lineage`.
#include "config/keys.h"

namespace weir {
namespace {

using Names = std::string_view[];

constexpr Names kSeverities = {"error", "warn"};
constexpr Names kSecurities = {"starttls", "tls", "none"};

constexpr Names kReceiversSynonyms = {"receiver", "channels", "contact_points", "notifiers", "destinations"};
constexpr Names kSeveritiesSynonyms = {"severity", "levels", "level"};
constexpr Names kGroupWaitSynonyms = {"group_interval", "wait"};
constexpr Names kRepeatSynonyms = {"repeat_interval", "renotify", "repeat"};
constexpr Names kAfterSynonyms = {"alert_after", "for", "threshold"};
constexpr Names kClearSynonyms = {"resolve_after", "recover_after"};
constexpr Names kPageSynonyms = {"external_url", "url", "status_page"};
constexpr Names kWebhookSynonyms = {"http", "url", "webhook_url"};
constexpr Names kEmailSynonyms = {"mail", "smtp"};
constexpr Names kUrlSynonyms = {"urls", "endpoint", "api_url", "webhook_url", "address"};
constexpr Names kKeyFileSynonyms = {"routing_key_file", "service_key_file", "integration_key_file",
                                    "routing_key",      "service_key",      "integration_key"};
constexpr Names kServerSynonyms = {"smarthost", "host", "smtp_server", "relay"};
constexpr Names kTlsSynonyms = {"security", "require_tls", "encryption"};
constexpr Names kFileSynonyms = {"path", "log_file_path"};
constexpr Names kNamespaceSynonyms = {"job_namespace", "openlineage_namespace"};
constexpr Names kJobSynonyms = {"job_name", "name"};
constexpr Names kEverySynonyms = {"schedule", "cron", "weekly", "at"};
constexpr Names kForSynonyms = {"duration", "length"};
constexpr Names kFromSynonyms = {"start", "starts_at", "begin"};
constexpr Names kToSynonyms = {"end", "ends_at", "until"};
constexpr Names kWhySynonyms = {"comment", "reason", "description"};

/// The key beside one that names a file with a secret.
constexpr KeySpec from_environment(std::string_view name, std::span<const std::string_view> synonyms = {}) {
  return {.name = name,
          .shape = Shape::Text,
          .summary = "The same from the environment: `$env:NAME`.",
          .synonyms = synonyms};
}

// ---- what all that is called over a network have in common
constexpr KeySpec kUser{.name = "user", .shape = Shape::Text, .summary = "Of basic authentication."};
constexpr KeySpec kPasswordFile{
    .name = "password_file", .shape = Shape::Text, .summary = "Its password: the first line, read again each time."};
constexpr KeySpec kPassword = from_environment("password");
constexpr KeySpec kTokenFile{
    .name = "token_file", .shape = Shape::Text, .summary = "A bearer token, read again each time."};
constexpr KeySpec kToken = from_environment("token");
constexpr KeySpec kCaFile{.name = "ca_file",
                          .shape = Shape::Text,
                          .summary = "Who vouches for the server; whom the system trusts without it."};
constexpr KeySpec kCertFile{
    .name = "cert_file", .shape = Shape::Text, .summary = "The certificate of weir, where the server wants one."};
constexpr KeySpec kKeyFile{.name = "key_file", .shape = Shape::Text, .summary = "Its key."};
constexpr KeySpec kProxy{.name = "proxy", .shape = Shape::Text, .summary = "The URL of a proxy on the way."};
constexpr KeySpec kTimeout{
    .name = "timeout", .shape = Shape::Duration, .summary = "How long an answer may take: `10s`."};

constexpr KeySpec kWeb[] = {
    {.name = "url",
     .shape = Shape::Texts,
     .summary = "Where it is; of Alertmanager several, all of which are told.",
     .synonyms = kUrlSynonyms},
    {.name = "url_file", .shape = Shape::Text, .summary = "A URL that is a secret: the first line of the file."},
    kUser,
    kPasswordFile,
    kPassword,
    kTokenFile,
    kToken,
    kCaFile,
    kCertFile,
    kKeyFile,
    kProxy,
    kTimeout,
};
constexpr Keys kAlertmanagerTable{.name = "`alertmanager`", .keys = kWeb};
constexpr Keys kWebhookTable{.name = "`webhook`", .keys = kWeb};

constexpr KeySpec kSlack[] = {
    {.name = "url_file",
     .shape = Shape::Text,
     .summary = "The URL of an incoming webhook: the first line of the file."},
    from_environment("url", kUrlSynonyms),
    kCaFile,
    kProxy,
    kTimeout,
};
constexpr Keys kSlackTable{.name = "`slack`", .keys = kSlack};

constexpr KeySpec kPagerDuty[] = {
    {.name = "key_file",
     .shape = Shape::Text,
     .summary = "The integration key of a service (Events API v2): the first line of the file.",
     .synonyms = kKeyFileSynonyms},
    from_environment("key"),
    {.name = "url",
     .shape = Shape::Text,
     .summary = "Where events go: `https://events.pagerduty.com/v2/enqueue`.",
     .synonyms = kUrlSynonyms},
    kCaFile,
    kProxy,
    kTimeout,
};
constexpr Keys kPagerDutyTable{.name = "`pagerduty`", .keys = kPagerDuty};

constexpr KeySpec kEmail[] = {
    {.name = "server",
     .shape = Shape::Text,
     .summary = "HOST:PORT of the mail server.",
     .required = true,
     .synonyms = kServerSynonyms},
    {.name = "from", .shape = Shape::Text, .summary = "The address that mails come from.", .required = true},
    {.name = "to", .shape = Shape::Texts, .summary = "The addresses that they go to.", .required = true},
    kUser,
    kPasswordFile,
    kPassword,
    {.name = "tls",
     .shape = Shape::Choice,
     .summary = "`starttls` (without it), `tls` from the first byte, or `none`.",
     .choices = kSecurities,
     .synonyms = kTlsSynonyms},
    kCaFile,
    kTimeout,
};
constexpr Keys kEmailTable{.name = "`email`", .keys = kEmail};

// ---- who hears of what: for all receivers, and for one of them
constexpr KeySpec kSeveritiesKey{.name = "severities",
                                 .shape = Shape::Choices,
                                 .summary = "`error` (without it), `warn`, or both.",
                                 .choices = kSeverities,
                                 .synonyms = kSeveritiesSynonyms};
constexpr KeySpec kStreamsKey{
    .name = "streams", .shape = Shape::Texts, .summary = "Names of streams, with `*` and `?`; all without it."};
constexpr KeySpec kRulesKey{
    .name = "rules", .shape = Shape::Texts, .summary = "Ids of rules, with `*` and `?`; all without it."};
constexpr KeySpec kGroupWait{.name = "group_wait",
                             .shape = Shape::Duration,
                             .summary = "What changes in a stream within so long is told at once: `5s`.",
                             .synonyms = kGroupWaitSynonyms};
constexpr KeySpec kRepeatEvery{.name = "repeat_every",
                               .shape = Shape::Duration,
                               .summary = "What fires on is told again after so long: `4h`; `0s` for never.",
                               .synonyms = kRepeatSynonyms};
constexpr KeySpec kSamples{.name = "samples",
                           .shape = Shape::Count,
                           .summary = "So many failing values stand in an alert, redacted; none without it."};

constexpr KeySpec kReceiver[] = {
    {.name = "name", .shape = Shape::Text, .summary = "What metrics and logs call it; the kind without it."},
    {.name = "alertmanager",
     .shape = Shape::Anything,
     .summary = "Alertmanager: its URL, a list of them, or a map.",
     .table = &kAlertmanagerTable},
    {.name = "webhook",
     .shape = Shape::Anything,
     .summary = "A URL that takes JSON, or a map.",
     .table = &kWebhookTable,
     .synonyms = kWebhookSynonyms},
    {.name = "slack", .shape = Shape::Section, .summary = "An incoming webhook of Slack.", .table = &kSlackTable},
    {.name = "pagerduty", .shape = Shape::Section, .summary = "A service of PagerDuty.", .table = &kPagerDutyTable},
    {.name = "email", .shape = Shape::Section, .summary = "Mail.", .table = &kEmailTable, .synonyms = kEmailSynonyms},
    {.name = "kafka", .shape = Shape::Text, .summary = "A topic of the cluster that is read."},
    kSeveritiesKey,
    kStreamsKey,
    kRulesKey,
    kGroupWait,
    kRepeatEvery,
    kSamples,
    {.name = "title", .shape = Shape::Text, .summary = "A template for the first line."},
    {.name = "text", .shape = Shape::Text, .summary = "A template for the text."},
};
constexpr Keys kReceiverTable{.name = "a receiver", .keys = kReceiver};

constexpr KeySpec kAlerts[] = {
    {.name = "receivers",
     .shape = Shape::Sections,
     .summary = "Who is told.",
     .table = &kReceiverTable,
     .synonyms = kReceiversSynonyms},
    {.name = "after",
     .shape = Shape::Vote,
     .summary = "How many windows have to break a rule: `1`, or `2 of 3`; drift rules have their own `alert_after`.",
     .synonyms = kAfterSynonyms},
    {.name = "clear_after",
     .shape = Shape::Count,
     .summary = "So many windows in a row have to hold until it is over: `1`.",
     .synonyms = kClearSynonyms},
    kSeveritiesKey,
    kStreamsKey,
    kRulesKey,
    kGroupWait,
    kRepeatEvery,
    kSamples,
    {.name = "page",
     .shape = Shape::Text,
     .summary = "The URL under which people reach weir's own pages, for links.",
     .synonyms = kPageSynonyms},
};
constexpr Keys kAlertsTable{.name = "`alerts`", .keys = kAlerts};

constexpr KeySpec kMaintenance[] = {
    {.name = "from", .shape = Shape::Time, .summary = "Once: when it begins.", .synonyms = kFromSynonyms},
    {.name = "to", .shape = Shape::Time, .summary = "When it ends.", .synonyms = kToSynonyms},
    {.name = "every",
     .shape = Shape::Text,
     .summary = "Again and again: `Sat 22:00`, or `22:00` for every day.",
     .synonyms = kEverySynonyms},
    {.name = "for", .shape = Shape::Duration, .summary = "How long each time.", .synonyms = kForSynonyms},
    {.name = "zone", .shape = Shape::Text, .summary = "By whose clocks: `Europe/Berlin`; UTC without it."},
    kStreamsKey,
    kRulesKey,
    {.name = "why",
     .shape = Shape::Text,
     .summary = "What is shown beside an alert that is held.",
     .synonyms = kWhySynonyms},
};
constexpr KeySpec kLineage[] = {
    {.name = "url",
     .shape = Shape::Text,
     .summary = "A server that takes OpenLineage events; `/api/v1/lineage` where it names no path.",
     .synonyms = kUrlSynonyms},
    {.name = "file", .shape = Shape::Text, .summary = "A file of JSON lines in its place.", .synonyms = kFileSynonyms},
    {.name = "namespace",
     .shape = Shape::Text,
     .summary = "Under which the job is shown: `weir`.",
     .synonyms = kNamespaceSynonyms},
    {.name = "job",
     .shape = Shape::Text,
     .summary = "The name of the job: the pipeline's; where there are several streams, with the stream's behind it.",
     .synonyms = kJobSynonyms},
    {.name = "dataset_namespace",
     .shape = Shape::Text,
     .summary = "How others that tell of lineage call this Kafka: `kafka://` and the first broker without it."},
    kUser,
    kPasswordFile,
    kPassword,
    kTokenFile,
    kToken,
    kCaFile,
    kCertFile,
    kKeyFile,
    kProxy,
    kTimeout,
};
constexpr Keys kLineageTable{.name = "`lineage`", .keys = kLineage};

constexpr Keys kMaintenanceTable{.name = "`maintenance`", .keys = kMaintenance};

}  // namespace

const Keys& alerts_keys() {
  return kAlertsTable;
}
const Keys& receiver_keys() {
  return kReceiverTable;
}
const Keys& alertmanager_keys() {
  return kAlertmanagerTable;
}
const Keys& webhook_keys() {
  return kWebhookTable;
}
const Keys& slack_keys() {
  return kSlackTable;
}
const Keys& pagerduty_keys() {
  return kPagerDutyTable;
}
const Keys& email_keys() {
  return kEmailTable;
}
const Keys& maintenance_keys() {
  return kMaintenanceTable;
}
const Keys& lineage_keys() {
  return kLineageTable;
}

}  // namespace weir
