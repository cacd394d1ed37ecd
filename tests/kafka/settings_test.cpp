// SPDX-License-Identifier: Apache-2.0
// What a person may say of the connection, and what is said back.
#include "kafka/settings.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "kafka/handles.h"
#include "kafka/property_table.h"
#include "kafka/secret_folder.h"

namespace weir::testing {
namespace {

using kafka::Role;
using Properties = std::vector<KafkaSettings::Property>;

KafkaSettings with(Properties properties) {
  int line = 10;
  for (KafkaSettings::Property& property : properties) {
    property.name_where = {.file = "weir.yml", .line = ++line, .column = 3};
    property.where = {.file = "weir.yml", .line = line, .column = 20};
  }
  return {.brokers = "host:9092", .group = "g", .instance = "i", .properties = std::move(properties)};
}

/// The one error that these properties are answered with.
Error refusal(Properties properties) {
  const std::vector<Error> errors = check_settings(with(std::move(properties)));
  REQUIRE(errors.size() == 1);
  return errors.front();
}

std::map<std::string, std::string> values(const KafkaSettings& settings, Role role) {
  const Result<kafka::ClientProperties> made = kafka::client_properties(settings, role);
  REQUIRE(made.ok());
  return {made->values.begin(), made->values.end()};
}

TEST_CASE("every property that is allowed is one of librdkafka or weir's own") {
  const kafka::Owned<rd_kafka_conf_t> conf(rd_kafka_conf_new());
  for (const kafka::AllowedProperty& row : kafka::allowed_properties()) {
    if (row.name == kafka::kTokenFile || row.name.starts_with("dangerously_")) continue;
    CAPTURE(row.name);
    CHECK(rd_kafka_conf_set(conf.get(), std::string(row.name).c_str(), "1", nullptr, 0) != RD_KAFKA_CONF_UNKNOWN);
    CHECK(kafka::find_refused(row.name) == nullptr);
  }
}

TEST_CASE("a consumer is made so that nothing is lost and nothing is skipped") {
  const auto made = values(with({}), Role::Consumer);
  CHECK(made.at("bootstrap.servers") == "host:9092");
  CHECK(made.at("group.id") == "g");
  CHECK(made.at("group.instance.id") == "i");
  CHECK(made.at("enable.auto.commit") == "false");
  CHECK(made.at("enable.auto.offset.store") == "false");
  CHECK(made.at("isolation.level") == "read_committed");
  CHECK(made.at("enable.partition.eof") == "true");
  CHECK(made.at("auto.offset.reset") == "error");
  CHECK(made.at("session.timeout.ms") == "10000");
  CHECK_FALSE(made.contains("acks"));
  KafkaSettings alone = with({});
  alone.group.clear();
  CHECK_FALSE(values(alone, Role::Consumer).contains("group.instance.id"));
}

TEST_CASE("a producer loses nothing and doubles nothing") {
  const auto made = values(with({}), Role::Producer);
  CHECK(made.at("enable.idempotence") == "true");
  CHECK(made.at("acks") == "all");
  CHECK(made.at("message.timeout.ms") == "0");
  CHECK_FALSE(made.contains("transactional.id"));
  CHECK_FALSE(made.contains("group.id"));
}

TEST_CASE("a transaction has a name that the next process has too, and its records fail before it does") {
  const auto made = values(with({}), Role::Transactional);
  CHECK(made.at("transactional.id") == "weir-g-i");
  CHECK(made.at("transaction.timeout.ms") == "15000");
  CHECK(made.at("message.timeout.ms") == "10000");
  CHECK(values(with({{"transaction.timeout.ms", "3000"}}), Role::Transactional).at("message.timeout.ms") == "2000");
  CHECK_FALSE(values(with({{"transaction.timeout.ms", "3000"}}), Role::Producer).contains("transaction.timeout.ms"));
  KafkaSettings nameless = with({});
  nameless.instance.clear();
  CHECK_FALSE(kafka::client_properties(nameless, Role::Transactional).ok());
}

TEST_CASE("a property goes to the clients that it concerns") {
  const KafkaSettings settings = with({{"fetch.min.bytes", "7"}, {"linger.ms", "9"}, {"client.rack", "r1"}});
  CHECK(check_settings(settings).empty());
  const auto consumer = values(settings, Role::Consumer);
  const auto producer = values(settings, Role::Producer);
  const auto admin = values(settings, Role::Admin);
  CHECK((consumer.at("fetch.min.bytes") == "7" && !producer.contains("fetch.min.bytes")));
  CHECK((producer.at("linger.ms") == "9" && !consumer.contains("linger.ms") && !admin.contains("linger.ms")));
  CHECK((consumer.at("client.rack") == "r1" && producer.at("client.rack") == "r1" && admin.at("client.rack") == "r1"));
}

TEST_CASE("what weir sets itself is refused with the key that says it") {
  CHECK(refusal({{"group.id", "x"}}).message == "`group.id` is the key `group` of weir");
  CHECK(refusal({{"bootstrap.servers", "x"}}).message == "`bootstrap.servers` is the key `brokers` of weir");
  CHECK(refusal({{"auto.offset.reset", "latest"}}).message == "`auto.offset.reset` is the key `from` of weir");
  CHECK(refusal({{"enable.auto.commit", "true"}}).message.find("commits a position only when") != std::string::npos);
  CHECK(refusal({{"acks", "1"}}).message.find("no record is lost") != std::string::npos);
  CHECK(refusal({{"acks", "1"}}).where.line == 11);
  CHECK(refusal({{"isolation.level", "read_uncommitted"}}).message.find("only what was committed") !=
        std::string::npos);
}

TEST_CASE("what would run somebody's code is refused") {
  for (const char* name : {"plugin.library.paths", "ssl.engine.location", "ssl.engine.id", "ssl.providers"}) {
    CAPTURE(name);
    CHECK(refusal({{name, "x"}}).message.find("loads code into weir") != std::string::npos);
  }
  CHECK(refusal({{"sasl.kerberos.kinit.cmd", "x"}}).message.find("runs a command of the shell") != std::string::npos);
}

TEST_CASE("Java's names are answered with librdkafka's") {
  CHECK(refusal({{"sasl.jaas.config", "x"}}).message.find("`sasl.password_file`") != std::string::npos);
  CHECK(refusal({{"ssl.truststore.location", "x"}}).message.find("`ssl.ca.location`") != std::string::npos);
}

TEST_CASE("an unknown property is answered with the one that was meant") {
  const Error error = refusal({{"sasl.pasword_file", "x"}});
  CHECK(error.message == "unknown property `sasl.pasword_file` of the Kafka client");
  CHECK(error.label == "did you mean `sasl.password_file`?");
  CHECK(error.where.column == 3);
  CHECK(refusal({{"fetch.mni.bytes", "1"}}).label == "did you mean `fetch.min.bytes`?");
  CHECK(refusal({{"entirely.something", "1"}}).label.empty());
  CHECK(refusal({{"client.rack_file", "f"}}).message == "`client.rack` is no secret and is not read from a file");
  CHECK(refusal({{"test.mock.num.brokers", "3"}}).message.find("unknown property") == 0);
}

TEST_CASE("a value that librdkafka does not take is told at its place") {
  const Error error = refusal({{"fetch.min.bytes", "many"}});
  CHECK(error.message.find("`fetch.min.bytes`: ") == 0);
  CHECK(error.where.column == 20);
  CHECK(refusal({{"security.protocol", "tls"}}).message.find("security.protocol") != std::string::npos);
}

TEST_CASE("brokers that nobody checks are taken only under a name that says so") {
  const Properties ssl = {{"security.protocol", "ssl"}};
  const auto and_this = [&](const char* name, const char* value) {
    Properties out = ssl;
    out.push_back({.name = name, .value = value});
    return out;
  };
  CHECK(refusal(and_this("enable.ssl.certificate.verification", "false"))
            .message.find("`dangerously_skip_certificate_verification: true`") != std::string::npos);
  CHECK(refusal(and_this("ssl.endpoint.identification.algorithm", "none"))
            .message.find("`dangerously_skip_hostname_verification: true`") != std::string::npos);
  CHECK(refusal(and_this("dangerously_skip_certificate_verification", "yes")).message.find("true or false") !=
        std::string::npos);
  const auto loose = values(with(and_this("dangerously_skip_certificate_verification", "true")), Role::Consumer);
  CHECK(loose.at("enable.ssl.certificate.verification") == "false");
  const auto nameless = values(with(and_this("dangerously_skip_hostname_verification", "true")), Role::Consumer);
  CHECK(nameless.at("ssl.endpoint.identification.algorithm") == "none");
  CHECK(check_settings(with(and_this("enable.ssl.certificate.verification", "true"))).empty());
}

TEST_CASE("a password that would go nowhere is an error, and so is one that is missing") {
  CHECK(refusal({{"sasl.username", "u"}}).message ==
        "`sasl.username` does nothing while `security.protocol` is `plaintext`");
  CHECK(refusal({{"security.protocol", "sasl_plaintext"},
                 {"sasl.mechanism", "PLAIN"},
                 {"ssl.ca.location", "ca.pem"},
                 {"sasl.username", "u"},
                 {"sasl.password", "p"}})
            .message.find("`ssl.ca.location` does nothing") == 0);
  CHECK(refusal({{"security.protocol", "sasl_ssl"}}).message.find("needs `sasl.mechanism`") != std::string::npos);
  CHECK(refusal({{"security.protocol", "sasl_ssl"}, {"sasl.mechanism", "SCRAM-SHA-512"}, {"sasl.username", "u"}})
            .message.find("needs `sasl.password_file`") != std::string::npos);
  CHECK(refusal({{"security.protocol", "sasl_ssl"}, {"sasl.mechanism", "OAUTHBEARER"}})
            .message.find("`sasl.oauthbearer.token_file`") != std::string::npos);
  CHECK(refusal({{"linger.ms", "1"}, {"linger.ms", "2"}}).message == "`linger.ms` is given twice");
  CHECK(refusal({{"linger.ms", "1"}, {"queue.buffering.max.ms", "2"}}).message.find("say the same thing") !=
        std::string::npos);
  KafkaSettings nowhere = with({});
  nowhere.brokers = " ,";
  CHECK(check_settings(nowhere).front().message == "no brokers are named");
}

TEST_CASE("a secret in a file is read without its last line end, and shown nowhere") {
  const SecretFolder folder;
  const auto login = [](const std::string& file) {
    return with({{"security.protocol", "sasl_ssl"},
                 {"sasl.mechanism", "PLAIN"},
                 {"sasl.username", "u"},
                 {"sasl.password_file", file}});
  };
  CHECK(values(login(folder.write("a", "p ss\n")), Role::Consumer).at("sasl.password") == "p ss");
  CHECK(values(login(folder.write("b", "p\n\n")), Role::Producer).at("sasl.password") == "p\n");
  CHECK(values(login(folder.write("c", "p\r\n")), Role::Producer).at("sasl.password") == "p");
  CHECK(kafka::client_properties(login(folder.write("d", "\n")), Role::Consumer).error().message ==
        "the file of `sasl.password_file` is empty");
  const Result<kafka::ClientProperties> missing = kafka::client_properties(login(folder.path("none")), Role::Consumer);
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().message.find("cannot read the file of `sasl.password_file`") == 0);
  CHECK(missing.error().where.line == 14);
  CHECK_FALSE(kafka::client_properties(login(folder.path("")), Role::Consumer).ok());
  CHECK(refusal({{"security.protocol", "sasl_ssl"},
                 {"sasl.mechanism", "PLAIN"},
                 {"sasl.username", "u"},
                 {"sasl.password", "p"},
                 {"sasl.password_file", "f"}})
            .message.find("keep one") != std::string::npos);

  const KafkaSettings clear = with({{"sasl.password", "hidden-1"},
                                    {"sasl.passwrd", "hidden-2"},
                                    {"client.rack", "open"},
                                    {"ssl.key.pem", "hidden-3"},
                                    {"sasl.password_file", "/secrets/p"}});
  std::string shown;
  for (const auto& [name, value] : shown_settings(clear)) shown += name + "=" + value + "\n";
  CHECK(shown.find("hidden") == std::string::npos);
  CHECK(shown.find("client.rack=open\n") != std::string::npos);
  CHECK(shown.find("sasl.password_file=/secrets/p\n") != std::string::npos);
  for (const Error& error : check_settings(clear)) CHECK(error.message.find("hidden") == std::string::npos);
}

TEST_CASE("every property that is taken stands in docs/config.md") {
  std::ifstream file(std::filesystem::path(WEIR_SOURCE_DIR) / "docs/config.md", std::ios::binary);
  const std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  for (const kafka::AllowedProperty& property : kafka::allowed_properties()) {
    INFO(property.name);
    CHECK(page.find("`" + std::string(property.name) + (property.secret ? "` *" : "`")) != std::string::npos);
  }
}

}  // namespace
}  // namespace weir::testing
