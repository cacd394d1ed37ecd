// SPDX-License-Identifier: Apache-2.0
#include "alerts/receiver_post.h"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "alerts/receiver_alertmanager.h"
#include "alerts/receiver_of_settings.h"
#include "alerts/told_notification.h"
#include "testing/http_peer.h"

namespace weir {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::http_reply;
using testing::HttpPeer;
using testing::minute;
using testing::PeerReply;
using testing::PeerRequest;
using testing::told_notification;
using How = Told::How;

Told posted(int status, std::string_view body = "", std::string_view headers = "") {
  HttpPeer peer([&](const PeerRequest&) { return http_reply(status, body, "text/plain", headers); });
  return Poster(ReceiverAccess{}).post(peer.url() + "/T000/B000/s3cr3tpath", "{\"alerts\":[\"of nobody else\"]}");
}

ReceiverSettings settings_of(ReceiverSettings::Kind kind, std::vector<std::string> urls) {
  ReceiverSettings settings;
  settings.kind = kind;
  settings.name = "team";
  settings.urls = std::move(urls);
  settings.access.timeout = seconds(5);
  return settings;
}

Told told_to(const ReceiverSettings& settings) {
  Result<std::unique_ptr<Receiver>> receiver = receiver_of(settings);
  REQUIRE(receiver);
  return (*receiver)->tell(told_notification(), minute(4));
}

TEST_CASE("what an answer means for the message: taken, later, or never") {
  for (const int status : {200, 201, 202, 204, 299}) CHECK(posted(status).how == How::Done);
  for (const int status : {408, 425, 429, 500, 502, 503, 504, 599}) CHECK(posted(status).how == How::Later);
  for (const int status : {300, 304, 400, 401, 403, 404, 410, 413, 422}) CHECK(posted(status).how == How::Refused);
  CHECK(posted(200).why.empty());
  CHECK(posted(404, "no_service\nmore").why.ends_with(" answered 404: no_service"));
}

TEST_CASE("a receiver that says when to come back is believed, for an hour at most") {
  CHECK(posted(429, "", "Retry-After: 7\r\n").not_before == seconds(7));
  CHECK(posted(503, "", "Retry-After: 90\r\n").not_before == seconds(90));
  CHECK(posted(429, "", "Retry-After: 999999\r\n").not_before == hours(1));
  CHECK(posted(429, "", "Retry-After: soon\r\n").not_before == Duration{});
  CHECK(posted(429, "", "Retry-After: -5\r\n").not_before == Duration{});
  CHECK(posted(500, "", "Retry-After: Sun, 01 Mar 2020 10:00:00 GMT\r\n").not_before == Duration{});
  CHECK(posted(500, "", "Retry-After: Sun, 01 Mar 2099 10:00:00 GMT\r\n").not_before == hours(1));
}

TEST_CASE("a redirect is refused, and nothing is sent to where it leads") {
  HttpPeer other([](const PeerRequest&) { return http_reply(200, "stolen"); });
  for (const int status : {301, 302, 303, 307, 308}) {
    HttpPeer peer([&](const PeerRequest& request) {
      const std::string to = request.target == "/own" ? "/elsewhere" : other.url() + "/x";
      return http_reply(status, "", "text/plain", "Location: " + to + "\r\n");
    });
    for (const char* const path : {"/own", "/away"}) {
      ReceiverAccess access;
      access.user = "weir";
      access.password = "s3cret";
      const Told told = Poster(access).post(peer.url() + path, "{}");
      CHECK(told.how == How::Refused);
      CHECK(told.why.find("redirects") != std::string::npos);
      CHECK(told.why.find("s3cret") == std::string::npos);
    }
    CHECK(peer.requests().size() == 2);
  }
  CHECK(other.requests().empty());
}

TEST_CASE("a receiver that is away, slow or cut short is tried again") {
  const std::string nobody = "http://127.0.0.1:" + std::to_string(testing::silent_port());
  CHECK(told_to(settings_of(ReceiverSettings::Kind::Webhook, {nobody})).how == How::Later);
  CHECK(told_to(settings_of(ReceiverSettings::Kind::Webhook, {"http://no-such-host.invalid/"})).how == How::Later);
  HttpPeer silent([](const PeerRequest&) -> std::optional<PeerReply> { return std::nullopt; });
  ReceiverSettings slow = settings_of(ReceiverSettings::Kind::Webhook, {silent.url() + "/s3cr3tpath"});
  slow.access.timeout = milliseconds(100);
  const Told told = told_to(slow);
  CHECK(told.how == How::Later);
  CHECK(told.why == silent.url() + " did not answer within 100 ms");
  HttpPeer half([](const PeerRequest&) { return PeerReply{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha", true}; });
  CHECK(told_to(settings_of(ReceiverSettings::Kind::Webhook, {half.url()})).how == How::Later);
}

TEST_CASE("an answer without an end is cut, and its status counts") {
  HttpPeer endless([](const PeerRequest&) {
    return PeerReply{.bytes = "HTTP/1.1 200 OK\r\n\r\n" + std::string(1'000'000, 'x'), .close = false};
  });
  CHECK(told_to(settings_of(ReceiverSettings::Kind::Webhook, {endless.url()})).how == How::Done);
}

TEST_CASE("addresses at which clouds tell their secrets are not connected to") {
  const Told told = told_to(settings_of(ReceiverSettings::Kind::Webhook, {"http://169.254.169.254/latest/meta-data"}));
  CHECK(told.how == How::Refused);
  CHECK(told.why == "http://169.254.169.254:80 is at 169.254.169.254, which is not connected to");
  CHECK(told_to(settings_of(ReceiverSettings::Kind::Webhook, {"http://[fe80::1]/"})).how == How::Refused);
}

TEST_CASE("of a refusal that repeats what was sent nothing is shown") {
  const std::string sent = R"({"text":"customer 4711 of Berlin has no name"})";
  const std::array<std::string, 2> secrets = {"R0UT1NGKEY", "ab"};
  CHECK(harmless_piece("invalid_payload", sent, secrets) == "invalid_payload");
  CHECK(harmless_piece(R"({"status":"invalid event","message":"Event object is invalid","errors":["x"]})", sent,
                       secrets) == "Event object is invalid");
  CHECK(harmless_piece(R"({"errors":["'routing_key' is too short","b"]})", sent, secrets) ==
        "'routing_key' is too short");
  CHECK(harmless_piece("cannot read: " + sent, sent, secrets).empty());
  CHECK(harmless_piece("key R0UT1NGKEY is unknown", sent, secrets).empty());
  CHECK(harmless_piece("<html><body>502", sent, secrets).empty());
  CHECK(harmless_piece("{\"a\":1}", sent, secrets).empty());
  CHECK(harmless_piece("", sent, secrets).empty());
  CHECK(harmless_piece("bad \x1b[31mred", sent, secrets) == "bad \\u001b[31mred");
  CHECK(harmless_piece(std::string(1000, 'x'), sent, secrets) == std::string(120, 'x') + "…");
  // What is not shown gives nothing away, and is not looked through: a secret is, as half of one may be shown.
  CHECK(harmless_piece(std::string(1000, 'x') + sent, sent, secrets) == std::string(120, 'x') + "…");
  CHECK(harmless_piece(std::string(1000, 'x') + secrets[0], sent, secrets).empty());
}

TEST_CASE("a server that sends back all it was sent learns no secret into our words") {
  HttpPeer echo([](const PeerRequest& request) {
    return http_reply(400, "you sent " + request.target + " " + request.header("Authorization") + " " + request.body);
  });
  ReceiverSettings settings = settings_of(ReceiverSettings::Kind::PagerDuty, {echo.url() + "/T0/s3cr3tpath"});
  settings.routing_key = "R0UT1NGKEY";
  settings.access.user = "weir";
  settings.access.password = "p4ssw0rd";
  const Told told = told_to(settings);
  CHECK(told.how == How::Refused);
  CHECK(told.why == echo.url() + " answered 400");
}

TEST_CASE("secrets are read from their files each time, and one that is away for a moment loses nothing") {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("weir-receiver-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  const auto write = [&](const char* name, const std::string& text) { std::ofstream(folder / name) << text << "\n"; };
  HttpPeer peer([](const PeerRequest&) { return http_reply(200, "ok"); });
  ReceiverSettings settings = settings_of(ReceiverSettings::Kind::Slack, {});
  settings.url_file = folder / "url";
  settings.access.token_file = folder / "token";
  Result<std::unique_ptr<Receiver>> receiver = receiver_of(settings);
  REQUIRE(receiver);
  const auto tell = [&] { return (*receiver)->tell(told_notification(), minute(4)); };

  CHECK(tell().how == How::Later);
  write("url", peer.url() + "/services/first?a=b");
  CHECK(tell().why == "cannot read `" + (folder / "token").string() + "`");
  write("token", "one");
  CHECK(tell().how == How::Done);
  write("url", peer.url() + "/services/second");
  write("token", "two");
  CHECK(tell().how == How::Done);
  REQUIRE(peer.requests().size() == 2);
  CHECK(peer.requests()[0].target == "/services/first?a=b");
  CHECK(peer.requests()[0].header("Authorization") == "Bearer one");
  CHECK(peer.requests()[1].target == "/services/second");
  CHECK(peer.requests()[1].header("Authorization") == "Bearer two");
  write("url", "https://u:s3cret@hooks.example/T0/s3cr3t");
  const Told wrong = tell();
  CHECK(wrong.how == How::Later);
  CHECK(wrong.why == "what `" + (folder / "url").string() + "` holds is no URL");
  std::filesystem::remove_all(folder);
}

TEST_CASE("a part of a hook's URL that a server says again is not shown, and words are") {
  std::string answer;
  HttpPeer peer([&](const PeerRequest&) { return http_reply(404, answer); });
  const auto why = [&](const std::string& said) {
    answer = said;
    const std::string url = peer.url() + "/api/webhooks/123456789012345678/Zm9v-YmFyLWJheg_x";
    return told_to(settings_of(ReceiverSettings::Kind::Webhook, {url})).why;
  };
  CHECK(why("no hook has the token Zm9v-YmFyLWJheg_x").ends_with(" answered 404"));
  CHECK(why(R"({"message":"unknown id 123456789012345678"})").ends_with(" answered 404"));
  CHECK(why(R"({"message":"Unknown Webhook","code":10015})").ends_with(" answered 404: Unknown Webhook"));
  CHECK(why("one of webhooks is gone").ends_with(" answered 404: one of webhooks is gone"));
}

TEST_CASE("each member of an Alertmanager cluster is told, and one that is away holds up nobody") {
  HttpPeer one([](const PeerRequest&) { return http_reply(200, ""); });
  HttpPeer two([](const PeerRequest&) { return http_reply(200, ""); });
  const std::string nobody = "http://127.0.0.1:" + std::to_string(testing::silent_port());
  AlertmanagerReceiver receiver(
      settings_of(ReceiverSettings::Kind::Alertmanager, {nobody, one.url(), two.url() + "/prefix/"}), {});
  CHECK(receiver.wants_repeats());
  CHECK(receiver.tell(told_notification(), minute(4)).how == How::Done);
  REQUIRE(one.requests().size() == 1);
  REQUIRE(two.requests().size() == 1);
  CHECK(one.requests()[0].method == "POST");
  CHECK(one.requests()[0].target == "/api/v2/alerts");
  CHECK(one.requests()[0].header("Content-Type") == "application/json");
  CHECK(two.requests()[0].target == "/prefix/api/v2/alerts");

  HttpPeer wrong([](const PeerRequest&) { return http_reply(400, "bad"); });
  HttpPeer busy([](const PeerRequest&) { return http_reply(503, ""); });
  AlertmanagerReceiver none(settings_of(ReceiverSettings::Kind::Alertmanager, {wrong.url(), busy.url()}), {});
  CHECK(none.tell(told_notification(), minute(4)).how == How::Later);
  AlertmanagerReceiver refused(settings_of(ReceiverSettings::Kind::Alertmanager, {wrong.url()}), {});
  CHECK(refused.tell(told_notification(), minute(4)).how == How::Refused);
}

TEST_CASE("an incident of PagerDuty that goes on is not told when one of its rules holds again") {
  HttpPeer peer([](const PeerRequest&) { return http_reply(202, ""); });
  ReceiverSettings settings = settings_of(ReceiverSettings::Kind::PagerDuty, {peer.url()});
  settings.routing_key = "R0UT1NGKEY";
  Result<std::unique_ptr<Receiver>> receiver = receiver_of(settings);
  REQUIRE(receiver);
  Notification notification = told_notification();
  notification.alerts = {testing::resolved_alert()};
  CHECK((*receiver)->tell(notification, minute(4)).how == How::Done);
  CHECK(peer.requests().empty());
  notification.still_firing = 0;
  CHECK((*receiver)->tell(notification, minute(4)).how == How::Done);
  REQUIRE(peer.requests().size() == 1);
  CHECK(peer.requests()[0].body.find("\"event_action\":\"resolve\"") != std::string::npos);
}

TEST_CASE("what is wrong with a receiver is found before anybody is called") {
  ReceiverSettings settings = settings_of(ReceiverSettings::Kind::Webhook, {"http://127.0.0.1:1/"});
  CHECK_FALSE(fault_of(settings));
  settings.title = "{{ rul }}";
  REQUIRE(fault_of(settings));
  CHECK(fault_of(settings)->of == ReceiverFault::Of::Title);
  CHECK(fault_of(settings)->error.label == "did you mean `rule`?");
  CHECK_FALSE(receiver_of(settings));
  settings.title = "one\ntwo";
  CHECK(fault_of(settings)->error.message == "`title` is one line");
  settings.title.clear();
  settings.text = "{{ rule";
  CHECK(fault_of(settings)->of == ReceiverFault::Of::Text);
  settings = settings_of(ReceiverSettings::Kind::Email, {});
  settings.email = {.host = "mail.example", .port = 587, .from = "weir@shop.example", .to = {"team@shop.example"}};
  CHECK_FALSE(fault_of(settings));
  settings.email.to.emplace_back("a@b.example\r\nBcc: c@d.example");
  CHECK(fault_of(settings)->of == ReceiverFault::Of::Receiver);
  CHECK_FALSE(receiver_of(settings_of(ReceiverSettings::Kind::Kafka, {})));
}

TEST_CASE("a file that holds something else than a URL is found before anybody is called, and not shown") {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("weir-receiver-url-" + std::to_string(getpid()));
  ReceiverSettings settings = settings_of(ReceiverSettings::Kind::Slack, {});
  settings.url_file = file;
  settings.where = {.file = "weir.yml", .line = 4, .column = 7};
  CHECK_FALSE(fault_of(settings));  // it may be there when somebody is to be told
  std::ofstream(file) << "xoxb-s3cr3t-token\n";
  const Result<std::unique_ptr<Receiver>> made = receiver_of(settings);
  REQUIRE_FALSE(made);
  CHECK(made.error().message.ends_with("holds is no URL"));
  CHECK(made.error().message.find("s3cr3t") == std::string::npos);
  CHECK(made.error().where.line == 4);
  std::ofstream(file) << "https://hooks.example/services/s3cr3t?a=b\n";
  CHECK_FALSE(fault_of(settings));
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace weir
