// SPDX-License-Identifier: Apache-2.0
// `alerts`: who is told, of what, and how often.
#include <algorithm>
#include <array>
#include <set>

#include "base/timestamp.h"
#include "config/keys.h"
#include "config/read_access.h"
#include "config/read_config.h"
#include "config/values.h"
#include "net/mail_call.h"
#include "net/url.h"
#include "rules/codes.h"
#include "rules/values.h"

namespace weir {
namespace {

using Kind = ReceiverSettings::Kind;

constexpr std::size_t kMostReceivers = 16;
constexpr std::size_t kMostAddresses = 50;
constexpr std::size_t kMostNames = 100;  // of streams and rules in one list
constexpr std::int64_t kMostSamples = 20;
constexpr std::int64_t kMostVotes = 100;
constexpr Duration kLongestGroupWait = std::chrono::minutes(10);
constexpr Duration kShortestRepeat = std::chrono::minutes(1);
constexpr const char* kPagerDutyUrl = "https://events.pagerduty.com/v2/enqueue";

struct KindKey {
  std::string_view key;
  Kind kind;
};
constexpr std::array kKinds = {
    KindKey{"alertmanager", Kind::Alertmanager}, KindKey{"webhook", Kind::Webhook}, KindKey{"slack", Kind::Slack},
    KindKey{"pagerduty", Kind::PagerDuty},       KindKey{"email", Kind::Email},     KindKey{"kafka", Kind::Kafka}};

std::int64_t count_of(const Section& section, std::string_view key, std::int64_t otherwise) {
  const YamlNode* const node = section.node(key);
  Findings unused;  // the Section has told what is wrong
  return node == nullptr ? otherwise : read_count(unused, *node, key).value_or(otherwise);
}

/// What stands in `alerts` for all receivers, and in one of them for itself.
void read_choice(ConfigReading& reading, const Section& section, ReceiverSettings& receiver) {
  if (section.has("severities")) {
    const std::vector<std::string> written = section.texts("severities");
    const auto has = [&](const char* severity) {
      return std::find(written.begin(), written.end(), severity) != written.end();
    };
    receiver.choice.errors = has("error");
    receiver.choice.warnings = has("warn");
    if (written.empty())
      reading.findings.error(codes::kValue, section.node("severities")->where(),
                             "`severities` is empty: nobody is told", {});
  }
  receiver.choice.streams = read_names(reading, section, "streams", receiver.choice.streams);
  receiver.choice.rules = read_names(reading, section, "rules", receiver.choice.rules);
  const Setting<Duration> wait = duration_setting(section, "group_wait", receiver.group_wait);
  if (section.has("group_wait") && (wait.value < Duration::zero() || wait.value > kLongestGroupWait))
    reading.findings.error(codes::kValue, wait.where, "`group_wait` is at most 10m", {});
  receiver.group_wait = wait.value;
  const Setting<Duration> repeat = duration_setting(section, "repeat_every", receiver.repeat_every);
  if (section.has("repeat_every") && repeat.value != Duration::zero() && repeat.value < kShortestRepeat)
    reading.findings.error(codes::kValue, repeat.where, "`repeat_every` is at least 1m, or 0s for never", {});
  receiver.repeat_every = repeat.value;
  const std::int64_t samples = count_of(section, "samples", static_cast<std::int64_t>(receiver.samples));
  if (section.has("samples") && samples > kMostSamples)
    reading.findings.error(codes::kValue, section.node("samples")->where(), "`samples` is at most 20", {});
  receiver.samples = static_cast<std::size_t>(std::clamp<std::int64_t>(samples, 0, kMostSamples));
}

// ---- one kind each

void read_web(ConfigReading& reading, const YamlNode& node, const Keys& keys, ReceiverSettings& receiver) {
  const bool one = receiver.kind != Kind::Alertmanager;
  const YamlNode* url = &node;
  if (node.is_map()) {
    const Section section(reading.findings, node, keys);
    url = section.node("url");
    exclude(reading, section, keys.name, "url", "url_file");
    receiver.url_file = read_secret_path(reading, section, "url_file");
    read_access(reading, section, keys.name, receiver.access);
    if (url == nullptr && receiver.url_file.empty() && section.key("url") == nullptr)
      reading.findings.error(codes::kMissingKey, node.where(), std::string(keys.name) + " needs `url` or `url_file`",
                             {});
  } else if (!fits(reading.findings, node, *keys.find("url"))) {
    return;
  }
  if (url == nullptr) return;
  receiver.urls = read_urls(reading, *url, "receiver", "a URL that has more is a secret, in a file: `url_file: PATH`");
  constexpr std::string_view kAlerts = "/api/v2/alerts";
  if (!one && std::any_of(receiver.urls.begin(), receiver.urls.end(),
                          [&](const std::string& given) { return given.ends_with(kAlerts); }))
    reading.findings.error(codes::kValue, url->where(), "`/api/v2/alerts` is not a part of Alertmanager's URL",
                           {.label = {}, .help = "weir puts it behind what is written here: leave it out"});
  receiver.secret_urls = url->substituted;
  if (one && receiver.urls.size() > 1)
    reading.findings.error(codes::kValue, url->where(), std::string(keys.name) + " is one URL",
                           {.label = {}, .help = "write a receiver for each"});
}

void read_proxied(ConfigReading& reading, const Section& section, ReceiverAccess& access) {
  access.ca_file = read_certificate_path(reading, section, "ca_file");
  access.proxy = read_proxy(reading, section);
  access.timeout = read_timeout(reading, section, access.timeout);
}

/// The URL of Slack and the key of PagerDuty are secrets: from a file or from the environment.
bool has_secret(ConfigReading& reading, const Section& section, const YamlNode& node, const Keys& keys,
                std::string_view key, std::string_view file) {
  exclude(reading, section, keys.name, key, file);
  if (section.has(key) || section.has(file)) return true;
  if (node.is_map() && node.find(key) == nullptr && node.find(file) == nullptr)
    reading.findings.error(codes::kMissingKey, node.where(),
                           std::string(keys.name) + " needs the key " + backquoted(file), {});
  return false;
}

void read_slack(ConfigReading& reading, const YamlNode& node, ReceiverSettings& receiver) {
  const Section section(reading.findings, node, slack_keys());
  if (has_secret(reading, section, node, slack_keys(), "url", "url_file")) {
    receiver.url_file = read_secret_path(reading, section, "url_file");
    if (const std::string url = read_secret_text(reading, section, "url"); !url.empty()) {
      receiver.urls = {url};
      receiver.secret_urls = true;
      if (section.node("url")->substituted && !check_url(url))
        reading.findings.error(codes::kValue, section.node("url")->where(), "what the environment says is no URL", {});
    }
  }
  read_proxied(reading, section, receiver.access);
}

void read_pagerduty(ConfigReading& reading, const YamlNode& node, ReceiverSettings& receiver) {
  const Section section(reading.findings, node, pagerduty_keys());
  if (has_secret(reading, section, node, pagerduty_keys(), "key", "key_file")) {
    receiver.routing_key_file = read_secret_path(reading, section, "key_file");
    receiver.routing_key = read_secret_text(reading, section, "key");
  }
  receiver.urls = {kPagerDutyUrl};
  if (const YamlNode* const url = section.node("url")) receiver.urls = read_urls(reading, *url, "receiver");
  read_proxied(reading, section, receiver.access);
}

void check_address(ConfigReading& reading, const YamlNode& node) {
  if (const Status address = check_mail_address(node.text); !address)
    reading.findings.error(codes::kValue, node.where(), address.error().message,
                           {.label = {}, .help = address.error().help});
}

void read_email(ConfigReading& reading, const YamlNode& node, ReceiverSettings& receiver) {
  const Section section(reading.findings, node, email_keys());
  EmailSettings& email = receiver.email;
  if (const YamlNode* const server = section.node("server")) {
    const std::optional<HostPort> place = parse_host_port(server->text);
    if (!place || place->host.empty() || place->port == 0) {
      reading.findings.error(codes::kValue, server->where(),
                             "`server` wants HOST:PORT, not " + backquoted(server->text),
                             {.label = {}, .help = "mail is mostly taken at port 587"});
    } else {
      email.host = place->host;
      email.port = place->port;
    }
  }
  if (const YamlNode* const from = section.node("from")) {
    check_address(reading, *from);
    email.from = from->text;
  }
  if (const YamlNode* const to = section.node("to")) {
    if (to->is_scalar()) check_address(reading, *to);
    for (const YamlNode* const item : to->items) check_address(reading, *item);
    email.to = texts_of(*to);
    if (email.to.empty() || email.to.size() > kMostAddresses)
      reading.findings.error(codes::kLimit, to->where(), "`to` has 1 to 50 addresses", {});
  }
  const std::string tls = section.text("tls", "starttls");
  email.security = tls == "none"  ? EmailSettings::Security::None
                   : tls == "tls" ? EmailSettings::Security::Tls
                                  : EmailSettings::Security::StartTls;
  ReceiverAccess& access = receiver.access;
  access.user = section.text("user");
  access.password = read_secret_text(reading, section, "password");
  access.password_file = read_secret_path(reading, section, "password_file");
  access.ca_file = read_certificate_path(reading, section, "ca_file");
  access.timeout = read_timeout(reading, section, access.timeout);
  check_credentials(reading, section, email_keys().name);
  if (email.security == EmailSettings::Security::None && section.has("user"))
    reading.findings.error(codes::kValue, section.key("user")->where(), "a password would go in clear: `tls` is `none`",
                           {});
}

void read_kind(ConfigReading& reading, const YamlNode& node, ReceiverSettings& receiver) {
  switch (receiver.kind) {
    case Kind::Alertmanager: return read_web(reading, node, alertmanager_keys(), receiver);
    case Kind::Webhook: return read_web(reading, node, webhook_keys(), receiver);
    case Kind::Slack: return read_slack(reading, node, receiver);
    case Kind::PagerDuty: return read_pagerduty(reading, node, receiver);
    case Kind::Email: return read_email(reading, node, receiver);
    case Kind::Kafka:
      check_topic(reading.findings, node, "`kafka`");
      receiver.topic = node.text;
      return;
  }
}

/// Tells and is false where there is not exactly one.
bool find_kind(ConfigReading& reading, const YamlNode& node, const Section& section, ReceiverSettings& receiver) {
  std::size_t kinds = 0;
  for (const KindKey& one : kKinds) {
    if (node.is_map() && node.find(one.key) != nullptr) ++kinds;
    if (section.has(one.key)) receiver.kind = one.kind;
  }
  if (kinds == 1)
    return std::any_of(kKinds.begin(), kKinds.end(), [&](const KindKey& one) { return section.has(one.key); });
  if (node.is_map())
    reading.findings.error(codes::kValue, node.where(),
                           kinds == 0 ? "the receiver does not say who is told" : "a receiver is one of a kind",
                           {.label = {},
                            .help = "`alertmanager`, `webhook`, `slack`, `pagerduty`, `email` or `kafka`; write a "
                                    "receiver for each"});
  return false;
}

ReceiverSettings read_receiver(ConfigReading& reading, const YamlNode& node, const ReceiverSettings& defaults) {
  ReceiverSettings receiver = defaults;
  receiver.where = node.where();
  const Section section(reading.findings, node, receiver_keys());
  if (find_kind(reading, node, section, receiver)) {
    const KindKey& kind =
        *std::find_if(kKinds.begin(), kKinds.end(), [&](const KindKey& one) { return one.kind == receiver.kind; });
    receiver.name = kind.key;
    read_kind(reading, *section.node(kind.key), receiver);
  }
  if (const YamlNode* const name = section.node("name")) {
    check_name(reading.findings, *name, "a receiver");
    receiver.name = name->text;
    receiver.where = name->where();
  }
  read_choice(reading, section, receiver);
  for (const auto& [key, text, where] : {std::tuple("title", &receiver.title, &receiver.title_where),
                                         std::tuple("text", &receiver.text, &receiver.text_where)}) {
    if (const YamlNode* const written = section.node(key)) {
      *text = written->text;
      *where = written->where();
    }
  }
  return receiver;
}

void read_votes(ConfigReading& reading, const Section& section, AlertSettings& alerts) {
  if (const YamlNode* const after = section.node("after")) {
    const std::size_t of = after->text.find(" of ");
    const auto number = [](const std::string& digits) { return static_cast<std::uint32_t>(std::stoul(digits)); };
    alerts.fire = number(after->text.substr(0, of));
    alerts.of = of == std::string::npos ? alerts.fire : number(after->text.substr(of + 4));
    if (alerts.of > kMostVotes)
      reading.findings.error(codes::kValue, after->where(), "`after` looks at more than 100 windows", {});
  }
  const std::int64_t clear = count_of(section, "clear_after", 1);
  if (clear < 1 || clear > kMostVotes)
    reading.findings.error(codes::kValue, section.node("clear_after")->where(),
                           "`clear_after` lies outside of 1 to 100 windows", {});
  alerts.clear = static_cast<std::uint32_t>(std::clamp<std::int64_t>(clear, 1, kMostVotes));
}

}  // namespace

std::vector<std::string> read_names(ConfigReading& reading, const Section& section, std::string_view key,
                                    std::vector<std::string> otherwise) {
  const YamlNode* const node = section.node(key);
  if (node == nullptr) return otherwise;
  std::vector<std::string> names = texts_of(*node);
  if (names.empty() || names.size() > kMostNames)
    reading.findings.error(codes::kLimit, node->where(), backquoted(key) + " has 1 to 100 names",
                           {.label = {}, .help = "without the key it is all of them"});
  if (key == "streams") {
    if (node->is_scalar()) reading.streams_named.push_back(node);
    reading.streams_named.insert(reading.streams_named.end(), node->items.begin(), node->items.end());
  }
  return names;
}

void read_alerts(ConfigReading& reading, const YamlNode& node, AlertSettings& alerts) {
  const Section section(reading.findings, node, alerts_keys());
  read_votes(reading, section, alerts);
  ReceiverSettings defaults;
  read_choice(reading, section, defaults);
  if (const YamlNode* const page = section.node("page")) {
    alerts.page = page->text;
    if (const Status checked = check_url(page->text); !checked)
      reading.findings.error(codes::kValue, page->where(), checked.error().message,
                             {.label = {}, .help = checked.error().help});
  }
  const YamlNode* const receivers = section.node("receivers");
  if (receivers == nullptr) return;
  if (receivers->items.size() > kMostReceivers) {
    reading.findings.error(codes::kLimit, receivers->where(), "more than 16 receivers", {});
    return;
  }
  std::set<std::string> names;
  for (const YamlNode* const item : receivers->items) {
    ReceiverSettings receiver = read_receiver(reading, *item, defaults);
    if (!receiver.name.empty() && !names.insert(receiver.name).second)
      reading.findings.error(codes::kTwice, receiver.where, "two receivers are called " + backquoted(receiver.name),
                             {.label = "give it a `name` of its own", .help = {}});
    alerts.receivers.push_back(std::move(receiver));
  }
}

}  // namespace weir
