// SPDX-License-Identifier: Apache-2.0
// Brokers: every address by itself, since a client is content with one of them, and a list in which half the names are
// wrong works until the other half is away.
#include <algorithm>
#include <chrono>

#include "app/doctor_probes.h"
#include "app/doctor_topics.h"
#include "app/rule_file.h"
#include "base/text.h"
#include "kafka/topics.h"

namespace weir {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Duration kConnect = std::chrono::seconds(2);
constexpr Duration kAnswer = std::chrono::seconds(3);
constexpr std::size_t kMostAddresses = 16;

struct BrokerLook {
  std::optional<Error> wrong;
  double milliseconds = 0;
};

std::pair<std::string, std::string> host_and_port(const std::string& address) {
  std::string rest = address;
  if (const std::size_t scheme = rest.find("://"); scheme != std::string::npos) rest.erase(0, scheme + 3);
  const std::size_t colon = rest.rfind(':');
  const bool has_port = colon != std::string::npos && rest.find(']', colon) == std::string::npos;
  std::string host = has_port ? rest.substr(0, colon) : rest;
  const std::string port = has_port ? rest.substr(colon + 1) : "9092";
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {host, port};
}

std::vector<std::string> addresses_of(const std::string& brokers) {
  std::vector<std::string> all;
  for (std::size_t begin = 0; begin <= brokers.size();) {
    const std::size_t end = std::min(brokers.find(',', begin), brokers.size());
    if (end > begin) all.push_back(brokers.substr(begin, end - begin));
    begin = end + 1;
  }
  return all;
}

/// First whether anything is there, which librdkafka says in many words; then whether it is a broker that lets weir in.
BrokerLook look_at_broker(KafkaSettings settings, const std::string& address) {
  const auto [host, port] = host_and_port(address);
  const auto start = Clock::now();
  if (const Status there = try_connect(host, port, kConnect); !there) {
    Error error = there.error();
    error.help = error.code == "name" ? "check `brokers`, and what resolves names here"
                                      : "is the broker up, and does `brokers` have its port?";
    return {.wrong = std::move(error)};
  }
  settings.brokers = address;
  const Result<std::unique_ptr<KafkaTopics>> topics = KafkaTopics::connect(settings, kAnswer, kAnswer);
  const std::chrono::duration<double, std::milli> taken = Clock::now() - start;
  if (topics) return {.wrong = std::nullopt, .milliseconds = taken.count()};
  auto [what, remedy] = words_of_trouble(topics.error().message);
  const std::string silent = "no broker answers at " + address;
  if (what.starts_with(silent)) {
    what = "takes connections, and does not answer as a broker" + what.substr(silent.size());
    if (remedy.empty()) remedy = "does `security.protocol` fit this port?";
  }
  return {.wrong = Error{.message = what, .help = remedy}};
}

std::vector<std::pair<std::string, BrokerLook>> look_at_all(const KafkaSettings& settings,
                                                            std::vector<std::string> addresses) {
  if (addresses.size() > kMostAddresses) addresses.resize(kMostAddresses);
  std::vector<TimedQuestion<BrokerLook>> asked;
  asked.reserve(addresses.size());
  for (const std::string& address : addresses)
    asked.emplace_back([settings, address] { return look_at_broker(settings, address); });
  const auto end = Clock::now() + kConnect + kAnswer + std::chrono::seconds(1);
  std::vector<std::pair<std::string, BrokerLook>> looks;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    std::optional<BrokerLook> look = asked[i].wait_until(end);
    if (!look) look = BrokerLook{.wrong = Error{.message = "no answer within 6 s", .help = "see its log"}};
    looks.emplace_back(addresses[i], *std::move(look));
  }
  return looks;
}

/// One of several that is away is a warning; when all are, or one says no, nothing works.
void add_brokers(const std::vector<std::pair<std::string, BrokerLook>>& looks, DoctorFindings& out) {
  const bool any = std::any_of(looks.begin(), looks.end(), [](const auto& look) { return !look.second.wrong; });
  for (const auto& [address, look] : looks) {
    if (!look.wrong) {
      const auto spent = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(look.milliseconds));
      out.push_back({.subject = "broker", .message = address + " answers, after " + with_commas(spent) + " ms"});
    } else {
      out.push_back({.subject = "broker",
                     .verdict = any ? DoctorVerdict::Warn : DoctorVerdict::Bad,
                     .message = address + ": " + look.wrong->message,
                     .remedy = look.wrong->help});
    }
  }
}

/// Clients are sent from the address that they were told to those that the brokers advertise.
void add_cluster(KafkaTopics& topics, const KafkaSettings& settings, const std::vector<std::string>& known,
                 DoctorFindings& out) {
  const Result<ClusterFacts> cluster = topics.cluster();
  if (!cluster) {
    const auto [what, remedy] = words_of_trouble(cluster.error().message);
    out.push_back({.subject = "cluster", .verdict = DoctorVerdict::Warn, .message = what, .remedy = remedy});
    return;
  }
  out.push_back({.subject = "cluster", .message = cluster->id + ", " + counted(cluster->brokers.size(), "broker")});
  std::vector<std::string> others;
  for (const std::string& broker : cluster->brokers) {
    if (std::find(known.begin(), known.end(), broker) == known.end()) others.push_back(broker);
  }
  for (const auto& [address, look] : look_at_all(settings, others)) {
    if (!look.wrong) continue;
    out.push_back({.subject = "cluster",
                   .verdict = DoctorVerdict::Bad,
                   .message = "a broker says that it is at " + address + ": " + look.wrong->message,
                   .remedy = "`advertised.listeners` of that broker has to be reachable from here"});
  }
}

}  // namespace

DoctorFindings look_at_kafka(const DoctorCase& of) {
  const Config& config = of.settings.config;
  KafkaSettings settings = kafka_settings(config, config.streams.front());
  settings.group.clear();
  settings.instance.clear();
  DoctorFindings out;
  const std::vector<std::string> addresses = addresses_of(config.brokers.value);
  const auto looks = look_at_all(settings, addresses);
  add_brokers(looks, out);
  std::string answering;
  for (const auto& [address, look] : looks) {
    if (!look.wrong) answering += (answering.empty() ? "" : ",") + address;
  }
  if (answering.empty()) {
    for (const char* const subject : {"topic", "group"})
      out.push_back({.subject = subject, .verdict = DoctorVerdict::Skipped, .message = "not looked at: no broker"});
    return out;
  }
  settings.brokers = answering;
  Result<std::unique_ptr<KafkaTopics>> topics = KafkaTopics::connect(settings, kAnswer, kAnswer);
  if (!topics) {
    const auto [what, remedy] = words_of_trouble(topics.error().message);
    out.push_back({.subject = "cluster", .verdict = DoctorVerdict::Bad, .message = what, .remedy = remedy});
    return out;
  }
  add_cluster(**topics, settings, addresses, out);
  add_topics_and_groups(**topics, answering, of, out);
  return out;
}

}  // namespace weir
