// SPDX-License-Identifier: Apache-2.0
// What a client is made with: what weir sets, what the person added, and the secrets out of their files.
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <map>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "kafka/handles.h"
#include "kafka/property_table.h"
#include "kafka/settings.h"

namespace weir::kafka {

namespace {

using Property = KafkaSettings::Property;

constexpr std::size_t kSecretMax = 1 << 20;

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

/// A secret in a file ends before its last line end, which editors add.
Result<std::string> read_secret(const Property& property) {
  std::ifstream file(property.value, std::ios::binary);
  if (!file) {
    return Error{.message = "cannot read the file of `" + property.name + "`: " + shorten(property.value, 200),
                 .where = property.where};
  }
  std::string text(kSecretMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (file.fail() && !file.eof())) {
    return Error{.message = "cannot read the file of `" + property.name + "`: " + shorten(property.value, 200),
                 .where = property.where};
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kSecretMax) {
    return Error{.message = "the file of `" + property.name + "` is larger than " + human_bytes(kSecretMax),
                 .where = property.where};
  }
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (text.empty()) return Error{.message = "the file of `" + property.name + "` is empty", .where = property.where};
  return text;
}

/// librdkafka says of a file that it cannot read only that it cannot.
std::optional<Error> check_file(const Property& property) {
  if (!property.name.ends_with(".location") && !property.name.ends_with(".keytab")) return std::nullopt;
  if (property.value == "probe" || access(property.value.c_str(), R_OK) == 0) return std::nullopt;
  return Error{.message = "cannot read the file of `" + property.name + "`: " + shorten(property.value, 200),
               .where = property.where};
}

using Values = std::map<std::string, std::string, std::less<>>;

/// Static members and cooperative rebalances: what 2.6.1 put right decides which of them may be used.
constexpr int kCooperativeWorks = 0x02060100;
constexpr int kHasQueueBackoff = 0x02020000;

Values fixed_values(const KafkaSettings& settings, Role role) {
  Values values;
  values["bootstrap.servers"] = settings.brokers;
  values["client.id"] = "weir";
  values["log.queue"] = "true";
  if (role == Role::Admin) return values;
  values["topic.metadata.refresh.interval.ms"] = "30000";
  if (role == Role::Consumer) {
    // assign() wants a group even where nobody joins one.
    values["group.id"] = settings.group.empty() ? "weir-without-group" : settings.group;
    if (!settings.group.empty() && !settings.instance.empty()) values["group.instance.id"] = settings.instance;
    values["enable.auto.commit"] = "false";
    values["enable.auto.offset.store"] = "false";
    values["auto.offset.reset"] = "error";
    // Partitions are read one after the other then: what waits at the end of its neighbours would hold each one up.
    if (settings.group.empty()) values["fetch.wait.max.ms"] = "20";
    values["isolation.level"] = "read_committed";
    values["enable.partition.eof"] = "true";
    values["session.timeout.ms"] = "10000";
    values["queued.max.messages.kbytes"] = "65536";
    values["fetch.max.bytes"] = "16777216";  // what may be in flight, for each broker, beside what waits
    values["partition.assignment.strategy"] =
        rd_kafka_version() >= kCooperativeWorks ? "cooperative-sticky" : "range,roundrobin";
    if (rd_kafka_version() >= kHasQueueBackoff) values["fetch.queue.backoff.ms"] = "10";
    return values;
  }
  values["enable.idempotence"] = "true";
  values["acks"] = "all";
  values["partitioner"] = "murmur2_random";  // as Java's producers do, who mostly wrote the topic that is copied
  values["queue.buffering.max.kbytes"] = "65536";
  values["message.timeout.ms"] = "0";  // never: what was taken is kept until it is written
  if (role == Role::Transactional) {
    values["transactional.id"] = "weir-" + settings.group + "-" + settings.instance;
    values["transaction.timeout.ms"] = "15000";
  }
  return values;
}

int number_in(const Values& values, std::string_view name) {
  const auto found = values.find(name);
  int number = 0;
  if (found != values.end()) {
    std::from_chars(found->second.data(), found->second.data() + found->second.size(), number);
  }
  return number;
}

/// The largest record must fit into the queue, or it would be waited for in vain.
void make_room(Values& values) {
  const int least = number_in(values, "message.max.bytes") / 1024 * 2;
  if (number_in(values, "queue.buffering.max.kbytes") < least) {
    values["queue.buffering.max.kbytes"] = std::to_string(least);
  }
}

bool concerns(Scope scope, Role role) {
  if (scope == Scope::Both) return true;
  if (role == Role::Admin) return false;
  return (scope == Scope::Consumer) == (role == Role::Consumer);
}

}  // namespace

Result<ClientProperties> client_properties(const KafkaSettings& settings, Role role) {
  const std::vector<Error> errors = check_settings(settings);
  if (!errors.empty()) return errors.front();
  if (role == Role::Transactional && (settings.group.empty() || settings.instance.empty())) {
    return Error{.message = "`delivery: exactly_once` needs `group` and `instance`"};
  }
  ClientProperties out;
  Values values = fixed_values(settings, role);
  for (const Property& property : settings.properties) {
    if (property.name == kTokenFile) {
      out.token_file = property.value;
    } else if (property.name == kSkipCertificate) {
      values["enable.ssl.certificate.verification"] = property.value == "true" ? "false" : "true";
    } else if (property.name == kSkipHostname) {
      if (property.value == "true") values["ssl.endpoint.identification.algorithm"] = "none";
    } else if (const AllowedProperty* const row = secret_in_file(property.name)) {
      const Result<std::string> secret = read_secret(property);
      if (!secret) return secret.error();
      values[std::string(row->name)] = *secret;
    } else if (concerns(find_allowed(property.name)->scope, role)) {
      if (const std::optional<Error> error = check_file(property)) return *error;
      values[property.name] = property.value;
    }
    if (property.name.starts_with("sasl.mechanism")) out.oauth = upper(property.value) == "OAUTHBEARER";
  }
  if (role != Role::Transactional) {
    values.erase("transaction.timeout.ms");
  } else {
    // A record must fail while its transaction can still be aborted.
    const int whole = number_in(values, "transaction.timeout.ms");
    values["message.timeout.ms"] = std::to_string(std::max(500, whole * 2 / 3));
  }
  if (role == Role::Producer || role == Role::Transactional) make_room(values);
  out.values.assign(values.begin(), values.end());
  return out;
}

std::vector<std::pair<std::string, std::string>> set_by_weir(const KafkaSettings& settings, Role role) {
  Values values = fixed_values(settings, role);
  for (const char* const name : {"bootstrap.servers", "log.queue", "group.id", "group.instance.id", "transactional.id"})
    values.erase(name);
  for (const Property& property : settings.properties) values.erase(property.name);
  return {values.begin(), values.end()};
}

int transaction_timeout_ms(const ClientProperties& properties) {
  for (const auto& [name, value] : properties.values) {
    int milliseconds = 0;
    if (name != "transaction.timeout.ms") continue;
    std::from_chars(value.data(), value.data() + value.size(), milliseconds);
    return milliseconds;
  }
  return 0;
}

}  // namespace weir::kafka
