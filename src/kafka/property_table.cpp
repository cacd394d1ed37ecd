// SPDX-License-Identifier: Apache-2.0
#include "kafka/property_table.h"

#include <algorithm>

namespace weir::kafka {

namespace {

constexpr AllowedProperty kAllowed[] = {
    // who we are and whom we trust
    {"client.id"},
    {"client.rack"},
    {"security.protocol"},
    {"sasl.mechanism"},
    {"sasl.mechanisms"},
    {"sasl.username"},
    {"sasl.password", Scope::Both, true},
    {"sasl.kerberos.service.name"},
    {"sasl.kerberos.principal"},
    {"sasl.kerberos.keytab"},
    {"sasl.oauthbearer.method"},
    {"sasl.oauthbearer.config", Scope::Both, true},
    {"sasl.oauthbearer.client.id"},
    {"sasl.oauthbearer.client.secret", Scope::Both, true},
    {"sasl.oauthbearer.scope"},
    {"sasl.oauthbearer.extensions"},
    {"sasl.oauthbearer.token.endpoint.url"},
    {"enable.sasl.oauthbearer.unsecure.jwt"},
    {"ssl.ca.location"},
    {"ssl.ca.pem"},
    {"ssl.certificate.location"},
    {"ssl.certificate.pem"},
    {"ssl.key.location"},
    {"ssl.key.pem", Scope::Both, true},
    {"ssl.key.password", Scope::Both, true},
    {"ssl.keystore.location"},
    {"ssl.keystore.password", Scope::Both, true},
    {"ssl.crl.location"},
    {"ssl.cipher.suites"},
    {"ssl.curves.list"},
    {"ssl.sigalgs.list"},
    {"ssl.endpoint.identification.algorithm"},
    {"enable.ssl.certificate.verification"},
    {kTokenFile},
    {kSkipCertificate},
    {kSkipHostname},
    // the network
    {"broker.address.family"},
    {"broker.address.ttl"},
    {"client.dns.lookup"},
    {"connections.max.idle.ms"},
    {"socket.timeout.ms"},
    {"socket.connection.setup.timeout.ms"},
    {"socket.keepalive.enable"},
    {"socket.nagle.disable"},
    {"socket.send.buffer.bytes"},
    {"socket.receive.buffer.bytes"},
    {"reconnect.backoff.ms"},
    {"reconnect.backoff.max.ms"},
    {"retry.backoff.ms"},
    {"retry.backoff.max.ms"},
    {"topic.metadata.refresh.interval.ms"},
    {"metadata.max.age.ms"},
    {"topic.metadata.propagation.max.ms"},
    {"receive.message.max.bytes"},
    {"enable.metrics.push"},
    // reading
    {"session.timeout.ms", Scope::Consumer},
    {"heartbeat.interval.ms", Scope::Consumer},
    {"max.poll.interval.ms", Scope::Consumer},
    {"partition.assignment.strategy", Scope::Consumer},
    {"fetch.wait.max.ms", Scope::Consumer},
    {"fetch.min.bytes", Scope::Consumer},
    {"fetch.max.bytes", Scope::Consumer},
    {"fetch.message.max.bytes", Scope::Consumer},
    {"max.partition.fetch.bytes", Scope::Consumer},
    {"fetch.error.backoff.ms", Scope::Consumer},
    {"fetch.queue.backoff.ms", Scope::Consumer},
    {"queued.min.messages", Scope::Consumer},
    {"queued.max.messages.kbytes", Scope::Consumer},
    {"check.crcs", Scope::Consumer},
    // writing
    {"message.max.bytes", Scope::Producer},
    {"compression.type", Scope::Producer},
    {"compression.codec", Scope::Producer},
    {"compression.level", Scope::Producer},
    {"linger.ms", Scope::Producer},
    {"queue.buffering.max.ms", Scope::Producer},
    {"queue.buffering.max.messages", Scope::Producer},
    {"queue.buffering.max.kbytes", Scope::Producer},
    {"batch.size", Scope::Producer},
    {"batch.num.messages", Scope::Producer},
    {"request.timeout.ms", Scope::Producer},
    {"partitioner", Scope::Producer},
    {"sticky.partitioning.linger.ms", Scope::Producer},
    {"transaction.timeout.ms", Scope::Producer},
};

constexpr std::string_view kCommits = "is set by weir, which commits a position only when everything before it is safe";
constexpr std::string_view kNothingLost = "is set by weir, so that no record is lost or written in another order";
constexpr std::string_view kLoadsCode = "loads code into weir, which no configuration may do";
constexpr std::string_view kLogs = "is not offered: what the client says goes into weir's own log (`log`)";
constexpr std::string_view kClassic = "is not offered: weir speaks the classic group protocol";

constexpr RefusedProperty kRefused[] = {
    {"bootstrap.servers", "is the key `brokers` of weir"},
    {"metadata.broker.list", "is the key `brokers` of weir"},
    {"group.id", "is the key `group` of weir"},
    {"group.instance.id", "is the key `instance` of weir"},
    {"transactional.id", "is made by weir of `group` and `instance`"},
    {"auto.offset.reset", "is the key `from` of weir"},
    {"enable.auto.commit", kCommits},
    {"auto.commit.enable", kCommits},
    {"auto.commit.interval.ms", kCommits},
    {"enable.auto.offset.store", kCommits},
    {"offset.store.method", kCommits},
    {"isolation.level", "is set by weir, which reads only what was committed"},
    {"enable.partition.eof", "is set by weir, which must know the end of a partition"},
    {"enable.idempotence", kNothingLost},
    {"acks", kNothingLost},
    {"request.required.acks", kNothingLost},
    {"retries", kNothingLost},
    {"message.send.max.retries", kNothingLost},
    {"message.timeout.ms", kNothingLost},
    {"delivery.timeout.ms", kNothingLost},
    {"max.in.flight", kNothingLost},
    {"max.in.flight.requests.per.connection", kNothingLost},
    {"enable.gapless.guarantee", kNothingLost},
    {"max.poll.records", "is set by weir, which bounds a batch by records and by bytes"},
    {"group.protocol", kClassic},
    {"group.protocol.type", kClassic},
    {"group.remote.assignor", kClassic},
    {"plugin.library.paths", kLoadsCode},
    {"ssl.engine.location", kLoadsCode},
    {"ssl.engine.id", kLoadsCode},
    {"ssl.providers", kLoadsCode},
    {"sasl.kerberos.kinit.cmd", "runs a command of the shell; renew the ticket beside weir"},
    {"sasl.kerberos.min.time.before.relogin", "belongs to `kinit`, which weir does not run"},
    {"allow.auto.create.topics", "is not offered: reading a topic does not create it"},
    {"topic.blacklist", "is set by weir, so that a pattern does not match weir's own topics"},
    {"statistics.interval.ms", "is not offered: weir counts for itself, see /metrics"},
    {"debug", kLogs},
    {"log_level", kLogs},
    {"log.queue", kLogs},
    {"log.connection.close", kLogs},
    // names of the Java client that people carry over
    {"sasl.jaas.config", "is Java's: use `sasl.username` and `sasl.password_file`"},
    {"sasl.login.callback.handler.class", "is Java's: use `sasl.oauthbearer.token_file` or `sasl.oauthbearer.method`"},
    {"ssl.truststore.location", "is Java's: use `ssl.ca.location`, a file in PEM"},
    {"ssl.truststore.password", "is Java's: a file in PEM (`ssl.ca.location`) needs none"},
    {"ssl.truststore.certificates", "is Java's: use `ssl.ca.pem`"},
    {"ssl.keystore.key", "is Java's: use `ssl.key.pem_file`"},
    {"ssl.keystore.certificate.chain", "is Java's: use `ssl.certificate.pem`"},
    {"max.request.size", "is Java's: use `message.max.bytes`"},
    {"buffer.memory", "is Java's: use `queue.buffering.max.kbytes`"},
    {"fetch.max.wait.ms", "is Java's: use `fetch.wait.max.ms`"},
    {"key.deserializer", "is Java's: how records are read stands in the rule file"},
    {"value.deserializer", "is Java's: how records are read stands in the rule file"},
};

}  // namespace

std::span<const AllowedProperty> allowed_properties() {
  return kAllowed;
}

const AllowedProperty* find_allowed(std::string_view name) {
  const auto* const found = std::ranges::find(kAllowed, name, &AllowedProperty::name);
  return found == std::end(kAllowed) ? nullptr : found;
}

const AllowedProperty* secret_in_file(std::string_view name) {
  if (!name.ends_with(kFileSuffix)) return nullptr;
  const AllowedProperty* const row = find_allowed(name.substr(0, name.size() - kFileSuffix.size()));
  return row != nullptr && row->secret ? row : nullptr;
}

const RefusedProperty* find_refused(std::string_view name) {
  const auto* const found = std::ranges::find(kRefused, name, &RefusedProperty::name);
  return found == std::end(kRefused) ? nullptr : found;
}

}  // namespace weir::kafka
