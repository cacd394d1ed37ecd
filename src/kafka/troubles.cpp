// SPDX-License-Identifier: Apache-2.0
#include "kafka/troubles.h"

#include <array>
#include <utility>

#include "base/text.h"

namespace weir::kafka {

namespace {

using Weight = Trouble::Weight;

struct Words {
  rd_kafka_resp_err_t code;
  Weight weight;
  std::string_view event;
  std::string_view what;    // before librdkafka's reason
  std::string_view remedy;  // behind it
};

constexpr Words kWords[] = {
    {RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, Weight::Passing, "brokers_away", "no broker can be reached",
     "weir goes on trying; is `brokers` right, and do they listen there?"},
    {RD_KAFKA_RESP_ERR__TRANSPORT, Weight::Passing, "broker_away", "a broker went away", "weir connects again"},
    {RD_KAFKA_RESP_ERR__RESOLVE, Weight::Passing, "broker_name", "the name of a broker is unknown",
     "check `brokers` and, if it is another name, `advertised.listeners` of the broker"},
    {RD_KAFKA_RESP_ERR__TIMED_OUT, Weight::Passing, "broker_slow", "a broker did not answer in time",
     "weir tries again"},
    {RD_KAFKA_RESP_ERR__AUTHENTICATION, Weight::Standing, "authentication",
     "the broker does not accept who weir says it is",
     "check `sasl.mechanism`, `sasl.username` and `sasl.password_file`"},
    {RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, Weight::Standing, "authentication",
     "the broker does not accept who weir says it is",
     "check `sasl.mechanism`, `sasl.username` and `sasl.password_file`"},
    {RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM, Weight::Standing, "authentication",
     "the broker does not offer this mechanism", "set `sasl.mechanism` to one that it has"},
    {RD_KAFKA_RESP_ERR__SSL, Weight::Standing, "tls", "no TLS connection to a broker",
     "check `ssl.ca.location`, the name in the broker's certificate, and that the port speaks TLS"},
    {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, Weight::Standing, "topic_unknown", "a topic does not exist",
     "check its name, or make it; `weir run` waits for it"},
    {RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, Weight::Standing, "topic_unknown", "a topic does not exist",
     "make it, with kafka-topics for example"},
    {RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, Weight::Standing, "partition_unknown", "a partition does not exist",
     "the topic has fewer partitions than its source: add some"},
    {RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION, Weight::Standing, "topic_invalid",
     "a topic has a name that Kafka does not take", "check `topic`"},
    {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, Weight::Standing, "topic_forbidden", "no permission for a topic",
     "allow weir's user Read and Describe on the topics it reads, Write on those it writes"},
    {RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, Weight::Standing, "group_forbidden", "no permission for the group",
     "allow weir's user Read on the group"},
    {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, Weight::Standing, "cluster_forbidden",
     "no permission for the cluster",
     "allow weir's user Write on the topics that it writes (brokers before 3.0: IdempotentWrite on the cluster)"},
    {RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, Weight::Standing, "transactions_forbidden",
     "no permission for the transactional id",
     "allow weir's user Write and Describe on the id `weir-<group>-<instance>`"},
    {RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED, Weight::Passing, "too_slow",
     "the group took the partitions away because weir was busy for longer than `max.poll.interval.ms`",
     "they are given out anew; a smaller rule set or a longer interval helps"},
    {RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, Weight::Fatal, "fenced",
     "another process joined the group under the same `instance`", "give each process an `instance` of its own"},
    {RD_KAFKA_RESP_ERR__FENCED, Weight::Fatal, "fenced", "another process writes under the same `instance`",
     "give each process an `instance` of its own"},
    {RD_KAFKA_RESP_ERR_PRODUCER_FENCED, Weight::Fatal, "fenced", "another process writes under the same `instance`",
     "give each process an `instance` of its own"},
    {RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, Weight::Fatal, "fenced",
     "another process writes under the same `instance`, or the transaction took too long",
     "give each process an `instance` of its own"},
    {RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL, Weight::Standing, "group_protocol",
     "the other members of the group share out partitions in another way",
     "set `partition.assignment.strategy` to theirs, or take a `group` of weir's own"},
    {RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT, Weight::Standing, "session_timeout",
     "the broker does not take this `session.timeout.ms`", "see `group.min.session.timeout.ms` of the broker"},
    {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, Weight::Standing, "too_large", "a record is larger than the topic takes",
     "raise `max.message.bytes` of the topic, and `message.max.bytes` here"},
    {RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, Weight::Standing, "timestamp",
     "the topic does not take a record of that time",
     "see `message.timestamp.before.max.ms` and `message.timestamp.after.max.ms` of the topic"},
    {RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, Weight::Passing, "too_few_replicas", "too few replicas are in sync",
     "weir tries again; see `min.insync.replicas` of the topic"},
    {RD_KAFKA_RESP_ERR_POLICY_VIOLATION, Weight::Standing, "policy", "the broker's policy refuses it",
     "ask who runs it"},
    {RD_KAFKA_RESP_ERR__PURGE_QUEUE, Weight::Passing, "aborted", "the transaction was given up", "it is done anew"},
    {RD_KAFKA_RESP_ERR__PURGE_INFLIGHT, Weight::Passing, "aborted", "the transaction was given up", "it is done anew"},
    {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, Weight::Passing, "not_written", "a record could not be written in time",
     "the transaction is done anew"},
    {RD_KAFKA_RESP_ERR__FATAL, Weight::Fatal, "fatal", "the Kafka client cannot go on", "weir must be started again"},
};

std::string line_of(std::string_view what, std::string_view reason, std::string_view remedy) {
  std::string out(what);
  if (!reason.empty()) out.append(": ").append(shorten(reason, 400));
  if (!remedy.empty()) out.append("; ").append(remedy);
  return out;
}

}  // namespace

Trouble trouble_of(rd_kafka_resp_err_t code, std::string_view reason) {
  if (reason.empty()) reason = rd_kafka_err2str(code);
  for (const Words& words : kWords) {
    if (words.code != code) continue;
    return {.weight = words.weight,
            .event = std::string(words.event),
            .message = line_of(words.what, reason, words.remedy)};
  }
  return {.weight = Weight::Passing,
          .event = "kafka_error",
          .message = line_of(std::string("the Kafka client says ") + rd_kafka_err2name(code), reason, "")};
}

Error error_of(std::string_view what, rd_kafka_resp_err_t code, std::string_view reason) {
  Trouble trouble = trouble_of(code, reason);
  return {.message = std::string(what) + ": " + std::move(trouble.message), .code = std::move(trouble.event)};
}

void Troubles::add(Trouble trouble, std::string_view kind) {
  // A password that was right once will be put right by whoever changed it. One that never was ends the start.
  if (!connected_ && trouble.weight == Weight::Standing &&
      (trouble.event == "authentication" || trouble.event == "tls")) {
    trouble.weight = Weight::Fatal;
  }
  if (trouble.event == "broker_away" || trouble.event == "broker_name" || trouble.event == "tls" ||
      trouble.event == "authentication") {
    last_reason_ = trouble.message;
  } else if (trouble.event == "brokers_away" && !last_reason_.empty()) {
    trouble.message += " (" + last_reason_ + ")";
  }
  const Clock::time_point now = Clock::now();
  if (said_.size() > kMost) said_.clear();
  // Of a topic it matters which; of a broker it does not.
  const bool named = trouble.event.starts_with("topic_") || trouble.event.starts_with("partition_");
  if (named) kind = trouble.message;
  const auto [said, first] = said_.try_emplace(trouble.event + std::string(kind), Said{.at = now});
  if (!first && trouble.weight != Weight::Fatal && now - said->second.at < kEvery) {
    ++said->second.kept_back;
    return;
  }
  if (said->second.kept_back > 0) {
    trouble.message += " (and " + with_commas(said->second.kept_back) + " more like it since)";
  }
  said->second = {.at = now};
  if (waiting_.size() < kMost) waiting_.push_back(std::move(trouble));
}

void Troubles::add_log(int level, std::string_view kind, std::string_view line) {
  constexpr int kWarning = 4;  // of syslog
  // The first four are told by the error callback. GETPID: a coordinator that is still loading has no number for a producer,
  // which asks again by itself, so on a fresh broker nearly every start says it; where none ever comes, not_written does.
  constexpr std::array<std::string_view, 5> kHeard = {"FAIL", "ERROR", "FATAL", "CLOSE", "GETPID"};
  if (level > kWarning) return;
  for (const std::string_view heard : kHeard) {
    if (kind == heard) return;
  }
  // "[thrd:main]: text": the thread says nothing to a person.
  if (line.starts_with("[thrd:")) {
    if (const std::size_t end = line.find("]: "); end != std::string_view::npos) line.remove_prefix(end + 3);
  }
  add({.weight = Weight::Passing,
       .event = "kafka_log",
       .message = "the Kafka client says (" + shorten(kind, 40) + "): " + shorten(line, 400)},
      kind);
}

const Trouble* Troubles::fatal() const noexcept {
  for (const Trouble& trouble : waiting_) {
    if (trouble.weight == Weight::Fatal) return &trouble;
  }
  return nullptr;
}

void Troubles::take(std::vector<Trouble>& out) {
  for (Trouble& trouble : waiting_) out.push_back(std::move(trouble));
  waiting_.clear();
}

}  // namespace weir::kafka
