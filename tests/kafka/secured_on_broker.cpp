// SPDX-License-Identifier: Apache-2.0
// A broker with TLS, passwords and permissions: who is let in, and what is said to those who are not.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <chrono>
#include <string>

#include "kafka/on_broker.h"
#include "kafka/secret_folder.h"

namespace weir::testing {
namespace {

using Properties = std::vector<KafkaSettings::Property>;

KafkaSettings secured(const std::string& mechanism, Properties more, const std::string& group = "") {
  KafkaSettings out = settings(group, group.empty() ? "" : "one");
  out.properties.push_back({.name = "security.protocol", .value = "sasl_ssl"});
  out.properties.push_back({.name = "ssl.ca.location", .value = python_text("kafka.certificates.ca")});
  out.properties.push_back({.name = "sasl.mechanism", .value = mechanism});
  for (KafkaSettings::Property& property : more) out.properties.push_back(std::move(property));
  return out;
}

Properties login(const std::string& password = "weir-secret") {
  return {{"sasl.username", "weir"}, {"sasl.password", password}};
}

void allow(const std::string& operation, const std::string& kind, const std::string& name) {
  python("kafka.allow('weir', '" + operation + "', '" + kind + "', '" + name + "')");
}

std::string readable(std::string_view name) {
  std::string out = topic(name);
  produce(out, 3);
  allow("READ", "TOPIC", out);
  return out;
}

void reads_three(const KafkaSettings& settings, const std::string& name) {
  Reader reader(settings, {.topics = {name}});
  const Status started = reader.log().start(reader);
  INFO((started.ok() ? "" : started.error().message));
  REQUIRE(started.ok());
  CHECK(reader.until([&] { return reader.got.size() == 3; }));
}

TEST_CASE("every mechanism is let in, with the password in a file or not", "[secured]") {
  const std::string name = readable("in");
  const SecretFolder folder;
  const std::string file = folder.write("password", "weir-secret\n");
  for (const char* const mechanism : {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}) {
    CAPTURE(mechanism);
    reads_three(secured(mechanism, login()), name);
    reads_three(secured(mechanism, {{"sasl.username", "weir"}, {"sasl.password_file", file}}), name);
  }
  reads_three(secured("OAUTHBEARER", {{"enable.sasl.oauthbearer.unsecure.jwt", "true"},
                                      {"sasl.oauthbearer.config", "principal=weir"}}),
              name);
}

std::string base64url(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const unsigned char c : text) {
    bits = bits << 8 | c;
    for (count += 8; count >= 6; count -= 6) out += kDigits[bits >> (count - 6) & 63U];
  }
  if (count > 0) out += kDigits[bits << (6 - count) & 63U];
  return out;
}

std::string token(std::chrono::seconds lifetime) {
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
  return base64url(R"({"alg":"none"})") + "." +
         base64url(R"({"sub":"weir","iat":)" + std::to_string(now.count() - 1) + R"(,"exp":)" +
                   std::to_string((now + lifetime).count()) + "}") +
         ".";
}

TEST_CASE("a token in a file is taken, and read again when it runs out", "[secured]") {
  const std::string name = readable("token");
  const SecretFolder folder;
  const std::string file = folder.write("token", token(std::chrono::seconds(6)) + "\n");
  Reader reader(secured("OAUTHBEARER", {{"sasl.oauthbearer.token_file", file}}), {.topics = {name}});
  REQUIRE(reader.log().start(reader).ok());
  REQUIRE(reader.until([&] { return reader.got.size() == 3; }));
  (void)folder.write("token", token(std::chrono::seconds(600)));
  python("__import__('time').sleep(7)");
  produce(name, 3);
  CHECK(reader.until([&] { return reader.got.size() == 6; }));
}

TEST_CASE("a token that is no good ends the start, with the reason", "[secured]") {
  const SecretFolder folder;
  const bool there = GENERATE(true, false);
  const std::string file = there ? folder.write("old", token(std::chrono::seconds(-60))) : folder.path("missing");
  LogOptions options{.topics = {"any"}};
  Reader reader(secured("OAUTHBEARER", {{"sasl.oauthbearer.token_file", file}}), options);
  const Status started = reader.log().start(reader);
  REQUIRE_FALSE(started.ok());
  CHECK(started.error().message.find(file) != std::string::npos);
}

TEST_CASE("a wrong password ends the start at once, for readers and writers", "[secured]") {
  const std::string mechanism = GENERATE("PLAIN", "SCRAM-SHA-512");
  const std::string group = GENERATE("", "group");
  const auto began = std::chrono::steady_clock::now();
  Reader reader(secured(mechanism, login("wrong-secret"), group), {.topics = {"any"}});
  const Status started = reader.log().start(reader);
  REQUIRE_FALSE(started.ok());
  CHECK(started.error().code == "authentication");
  CHECK(started.error().message.find("sasl.password_file") != std::string::npos);
  CHECK(started.error().message.find("wrong-secret") == std::string::npos);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(20));

  Reader log(secured(mechanism, login(), "group"), {.topics = {"any"}});
  Result<std::unique_ptr<KafkaOut>> out =
      KafkaOut::make_transactional(secured(mechanism, login("wrong-secret"), "group"), log.log());
  REQUIRE(out.ok());
  const Status fenced = (*out)->start();
  REQUIRE_FALSE(fenced.ok());
  CHECK(fenced.error().code == "authentication");
}

TEST_CASE("a broker that cannot prove who it is ends the start", "[secured]") {
  KafkaSettings stranger = secured("PLAIN", login());
  for (KafkaSettings::Property& property : stranger.properties) {
    if (property.name == "ssl.ca.location") property.value = python_text("kafka.certificates.stranger");
  }
  Reader reader(stranger, {.topics = {"any"}});
  const Status started = reader.log().start(reader);
  REQUIRE_FALSE(started.ok());
  CHECK(started.error().code == "tls");
  CHECK(started.error().message.find("certificate") != std::string::npos);
  CHECK(started.error().message.find("`ssl.ca.location`") != std::string::npos);

  const std::string name = readable("unchecked");
  stranger.properties.push_back({.name = "dangerously_skip_certificate_verification", .value = "true"});
  reads_three(stranger, name);

  KafkaSettings nowhere = secured("PLAIN", login());
  for (KafkaSettings::Property& property : nowhere.properties) {
    if (property.name == "ssl.ca.location") property.value = "/nowhere/ca.pem";
  }
  Reader blind(nowhere, {.topics = {"any"}});
  const Status failed = blind.log().start(blind);
  REQUIRE_FALSE(failed.ok());
  CHECK(failed.error().message.find("/nowhere/ca.pem") != std::string::npos);
}

TEST_CASE("what weir may not do is told, with what to allow", "[secured]") {
  const std::string hidden = topic("hidden");
  const std::string group = fresh("group");
  {
    Reader reader(secured("PLAIN", login(), group), {.topics = {hidden}});
    REQUIRE(reader.log().start(reader).ok());
    REQUIRE(reader.until([&] { return reader.has_trouble("group_forbidden"); }));
    CHECK(reader.trouble("group_forbidden").find("Read on the group") != std::string::npos);
  }
  allow("READ", "GROUP", group);
  {
    Reader reader(secured("PLAIN", login(), group), {.topics = {hidden}});
    REQUIRE(reader.log().start(reader).ok());
    REQUIRE(reader.until([&] { return reader.has_trouble("topic_forbidden"); }));
    CHECK(reader.trouble("topic_forbidden").find(hidden) != std::string::npos);
  }
  Reader alone(secured("PLAIN", login()), {.topics = {hidden}});
  const Status started = alone.log().start(alone);
  REQUIRE_FALSE(started.ok());
  CHECK(started.error().code == "topic_forbidden");
}

TEST_CASE("a record that weir may not write is told, and nothing of it is silent", "[secured]") {
  const std::string name = topic("locked");
  const std::string open = topic("open");
  allow("DESCRIBE", "TOPIC", name);
  Result<std::unique_ptr<KafkaOut>> none = KafkaOut::make(secured("SCRAM-SHA-256", login()));
  REQUIRE(none.ok());
  // Who may write to no topic at all gets no producer's number from the broker: nothing can be written.
  CHECK((*none)->write({.topic = name, .value = "x"}, 8) == RecordOut::Taken::Yes);
  std::vector<Delivered> settled = settle(**none, 1, 60);
  REQUIRE(settled.size() == 1);
  CHECK((settled[0].token == 8 && !settled[0].ok));
  CHECK(settled[0].trouble.event == "cluster_forbidden");
  CHECK((*none)->write({.topic = name, .value = "x"}, 9) == RecordOut::Taken::Yes);
  settled = settle(**none, 1);
  REQUIRE(settled.size() == 1);
  CHECK((settled[0].token == 9 && !settled[0].ok && settled[0].trouble.event == "cluster_forbidden"));

  allow("WRITE", "TOPIC", open);
  Result<std::unique_ptr<KafkaOut>> out = KafkaOut::make(secured("SCRAM-SHA-256", login()));
  REQUIRE(out.ok());
  CHECK((*out)->write({.topic = name, .value = "x"}, 9) == RecordOut::Taken::Yes);
  settled = settle(**out, 1, 60);
  REQUIRE(settled.size() == 1);
  CHECK((settled[0].token == 9 && !settled[0].ok));
  CHECK(settled[0].trouble.event == "topic_forbidden");
  allow("WRITE", "TOPIC", name);
  for (int i = 0; i < 20 && !settled[0].ok; ++i) {  // it takes the broker a moment to know
    CHECK((*out)->write({.topic = name, .value = "x"}, 10) == RecordOut::Taken::Yes);
    settled = settle(**out, 1, 60);
    REQUIRE(settled.size() == 1);
    INFO(settled[0].trouble.event << " " << settled[0].trouble.message);
    CHECK((settled[0].ok || settled[0].trouble.event == "topic_forbidden"));
    python("__import__('time').sleep(0.1)");
  }
  CHECK(settled[0].ok);
}

TEST_CASE("a transaction without permission ends the start", "[secured]") {
  const std::string group = fresh("group");
  Reader log(secured("PLAIN", login(), group), {.topics = {"any"}});
  Result<std::unique_ptr<KafkaOut>> out = KafkaOut::make_transactional(secured("PLAIN", login(), group), log.log());
  REQUIRE(out.ok());
  const Status started = (*out)->start();
  REQUIRE_FALSE(started.ok());
  CHECK(started.error().code == "transactions_forbidden");
}

}  // namespace
}  // namespace weir::testing
