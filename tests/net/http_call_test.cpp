// SPDX-License-Identifier: Apache-2.0
#include "net/http_call.h"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "testing/http_peer.h"

namespace weir {
namespace {

using testing::http_reply;
using testing::HttpPeer;
using testing::PeerReply;
using testing::PeerRequest;

HttpAnswer answer_of(const HttpOutcome& outcome) {
  if (const auto* failure = std::get_if<HttpFailure>(&outcome)) FAIL(failure->error.message);
  return std::get<HttpAnswer>(outcome);
}

HttpFailure failure_of(const HttpOutcome& outcome) {
  REQUIRE(std::holds_alternative<HttpFailure>(outcome));
  return std::get<HttpFailure>(outcome);
}

TEST_CASE("a call brings status, type and body, and the next one takes the same connection") {
  HttpPeer peer(
      [](const PeerRequest& request) { return http_reply(200, "you asked " + request.target, "text/plain"); });
  HttpCaller caller;
  const HttpAnswer answer = answer_of(caller.call({.url = peer.url() + "/a/b?c=d"}));
  CHECK(answer.status == 200);
  CHECK(answer.content_type == "text/plain");
  CHECK(answer.body == "you asked /a/b?c=d");
  CHECK_FALSE(answer.retry_after);
  CHECK(answer_of(caller.call({.url = peer.url() + "/e"})).body == "you asked /e");
  CHECK(peer.connections() == 1);
  const PeerRequest request = peer.requests().front();
  CHECK(request.method == "GET");
  CHECK(request.header("User-Agent") == "weir");
  CHECK(request.header("Authorization").empty());
}

TEST_CASE("headers, a body and another method go out as they are given") {
  HttpPeer peer([](const PeerRequest&) { return http_reply(201, ""); });
  HttpCaller caller;
  const std::string body("{\"a\":\0}", 7);
  CHECK(answer_of(
            caller.call({.method = "POST", .url = peer.url(), .headers = {{"Content-Type", "text/x"}}, .body = body}))
            .status == 201);
  const PeerRequest request = peer.requests().front();
  CHECK(request.method == "POST");
  CHECK(request.header("content-type") == "text/x");
  CHECK(request.body == body);
}

TEST_CASE("an answer of refusal is an answer, with the time after which to come back") {
  HttpPeer peer([](const PeerRequest& request) {
    return request.target == "/busy" ? http_reply(429, "", "text/plain", "Retry-After: 7\r\n") : http_reply(503, "no");
  });
  HttpCaller caller;
  const HttpAnswer busy = answer_of(caller.call({.url = peer.url() + "/busy"}));
  CHECK(busy.status == 429);
  CHECK(busy.retry_after == std::chrono::seconds(7));
  const HttpAnswer away = answer_of(caller.call({.url = peer.url()}));
  CHECK(away.status == 503);
  CHECK(away.body == "no");
}

TEST_CASE("a user or a token is sent at the first call, without being asked for") {
  HttpPeer peer([](const PeerRequest&) { return http_reply(200, "{}"); });
  HttpCaller caller;
  CHECK(answer_of(caller.call({.url = peer.url(), .user = "weir", .password = "s:3 cret"})).status == 200);
  CHECK(answer_of(caller.call({.url = peer.url(), .token = "abc.def"})).status == 200);
  CHECK(answer_of(caller.call({.url = peer.url()})).status == 200);
  const std::vector<PeerRequest> requests = peer.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].header("Authorization") == "Basic d2VpcjpzOjMgY3JldA==");
  CHECK(requests[1].header("Authorization") == "Bearer abc.def");
  CHECK(requests[2].header("Authorization").empty());
}

TEST_CASE("what would add lines to a request is refused") {
  HttpPeer peer([](const PeerRequest&) { return http_reply(200, "{}"); });
  HttpCaller caller;
  const std::string url = peer.url();
  CHECK(failure_of(caller.call({.url = url, .token = "abc\r\nX: y"})).fault == HttpFault::Call);
  CHECK(failure_of(caller.call({.url = url, .user = "a\nb"})).fault == HttpFault::Call);
  CHECK(failure_of(caller.call({.url = url, .user = "a:b"})).fault == HttpFault::Call);
  CHECK(failure_of(caller.call({.url = url, .headers = {{"X", "a\r\nY: b"}}})).fault == HttpFault::Call);
  CHECK(failure_of(caller.call({.url = "http://weir:s3cret@127.0.0.1/"})).fault == HttpFault::Call);
  CHECK(failure_of(caller.call({.url = "file:///etc/passwd"})).fault == HttpFault::Call);
  CHECK(peer.requests().empty());
}

TEST_CASE("a redirect is followed on the same server only, and credentials go nowhere else") {
  HttpPeer other([](const PeerRequest&) { return http_reply(200, "stolen"); });
  HttpPeer peer([&other](const PeerRequest& request) {
    if (request.target == "/here") return http_reply(302, "", "text/plain", "Location: /there\r\n");
    if (request.target == "/there") return http_reply(200, "found");
    if (request.target == "/round") return http_reply(307, "", "text/plain", "Location: /round\r\n");
    if (request.target == "/file") return http_reply(302, "", "text/plain", "Location: file:///etc/passwd\r\n");
    if (request.target == "/login")
      return http_reply(302, "", "text/plain", "Location: http://weir:s3cret@127.0.0.1/\r\n");
    return http_reply(301, "", "text/plain", "Location: " + other.url() + "/there\r\n");
  });
  HttpCaller caller;
  const HttpCall call{.url = peer.url() + "/here", .user = "weir", .password = "s3cret"};
  CHECK(answer_of(caller.call(call)).body == "found");
  const auto failure = [&](const std::string& path, const std::string& method = "GET") {
    HttpCall elsewhere = call;
    elsewhere.url = peer.url() + path;
    elsewhere.method = method;
    const HttpFailure found = failure_of(caller.call(elsewhere));
    CHECK(found.fault == HttpFault::Redirect);
    CHECK_FALSE(found.may_pass);
    CHECK(found.error.message.find("s3cret") == std::string::npos);
    return found.error.message;
  };
  CHECK(failure("/away") == peer.url() + " redirects to " + other.url() + ", where credentials are not taken");
  CHECK(failure("/round") == peer.url() + " redirects again and again");
  CHECK(failure("/file") == peer.url() + " redirects to what is no URL of HTTP, where credentials are not taken");
  CHECK(failure("/login").find("what is no URL") != std::string::npos);
  static_cast<void>(failure("/here", "DELETE"));
  CHECK(other.requests().empty());
}

TEST_CASE("an answer that is too large is not read to its end") {
  HttpPeer peer([](const PeerRequest& request) {
    if (request.target == "/head")
      return PeerReply{.bytes = "HTTP/1.1 200 OK\r\nX: " + std::string(80'000, 'x') + "\r\nContent-Length: 0\r\n\r\n"};
    if (request.target == "/endless") return PeerReply{.bytes = "HTTP/1.1 200 OK\r\n\r\n" + std::string(100'000, 'x')};
    return http_reply(200, std::string(1001, 'x'));
  });
  HttpCaller caller;
  const HttpFailure failure = failure_of(caller.call({.url = peer.url(), .most_bytes = 1000}));
  CHECK(failure.fault == HttpFault::TooLarge);
  CHECK(failure.error.message == "the answer of " + peer.url() + " is larger than 1.0 kB");
  CHECK(failure_of(caller.call({.url = peer.url() + "/endless", .most_bytes = 1000})).fault == HttpFault::TooLarge);
  CHECK(failure_of(caller.call({.url = peer.url() + "/head"})).fault == HttpFault::TooLarge);
  CHECK(answer_of(caller.call({.url = peer.url(), .most_bytes = 1001})).body.size() == 1001);
}

TEST_CASE("a server that is not there, cuts its answer, or speaks something else is said so") {
  HttpPeer peer([](const PeerRequest& request) -> std::optional<PeerReply> {
    if (request.target == "/half") return PeerReply{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", true};
    if (request.target == "/nothing") return PeerReply{"", true};
    if (request.target == "/ssh") return PeerReply{"SSH-2.0-OpenSSH_9.2\r\n", true};
    return PeerReply{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", true};
  });
  HttpCaller caller;
  const std::string nobody = "http://127.0.0.1:" + std::to_string(testing::silent_port());
  const HttpFailure refused = failure_of(caller.call({.url = nobody}));
  CHECK(refused.fault == HttpFault::Unreachable);
  CHECK(refused.may_pass);
  CHECK(refused.error.message == "cannot connect to " + nobody + ": Connection refused");
  for (const char* const path : {"/half", "/nothing", "/chunk"}) {
    INFO(path);
    const HttpFailure cut = failure_of(caller.call({.url = peer.url() + path}));
    CHECK(cut.fault == HttpFault::CutShort);
    CHECK(cut.may_pass);
    CHECK(cut.error.message == peer.url() + " ended the connection within its answer");
  }
  const HttpFailure strange = failure_of(caller.call({.url = peer.url() + "/ssh"}));
  CHECK(strange.fault == HttpFault::NoHttp);
  CHECK_FALSE(strange.may_pass);
  const HttpFailure unknown = failure_of(caller.call({.url = "http://no-such-host.invalid/"}));
  CHECK(unknown.fault == HttpFault::Name);
  CHECK(unknown.may_pass);
  CHECK(unknown.error.message == "nobody knows the host of http://no-such-host.invalid:80");
}

TEST_CASE("a server that says nothing is left after the time that was given") {
  HttpPeer peer([](const PeerRequest&) -> std::optional<PeerReply> { return std::nullopt; });
  HttpCaller caller;
  const HttpFailure failure = failure_of(caller.call({.url = peer.url(), .timeout = std::chrono::milliseconds(50)}));
  CHECK(failure.fault == HttpFault::Timeout);
  CHECK(failure.may_pass);
  CHECK(failure.error.message == peer.url() + " did not answer within 50 ms");
}

TEST_CASE("a call that waits is interrupted at once, and later ones do not begin") {
  HttpPeer peer([](const PeerRequest&) -> std::optional<PeerReply> { return std::nullopt; });
  HttpCaller caller;
  const auto began = std::chrono::steady_clock::now();
  std::thread other([&] {
    while (peer.requests().empty()) std::this_thread::yield();
    caller.interrupt();
  });
  CHECK(failure_of(caller.call({.url = peer.url()})).fault == HttpFault::Interrupted);
  other.join();
  CHECK(failure_of(caller.call({.url = peer.url()})).fault == HttpFault::Interrupted);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(10));
  CHECK(peer.requests().size() == 1);
}

TEST_CASE("a proxy is used where one is named, and what the environment says of proxies is not looked at") {
  HttpPeer proxy([](const PeerRequest& request) { return http_reply(200, "by proxy: " + request.target); });
  HttpPeer peer([](const PeerRequest&) { return http_reply(200, "directly"); });
  setenv("http_proxy", proxy.url().c_str(), 1);
  setenv("ALL_PROXY", proxy.url().c_str(), 1);
  HttpCaller caller;
  CHECK(answer_of(caller.call({.url = peer.url() + "/x"})).body == "directly");
  unsetenv("http_proxy");
  unsetenv("ALL_PROXY");
  setenv("no_proxy", "*", 1);
  CHECK(answer_of(caller.call({.url = peer.url() + "/x", .proxy = proxy.url()})).body ==
        "by proxy: " + peer.url() + "/x");
  unsetenv("no_proxy");
}

}  // namespace
}  // namespace weir
