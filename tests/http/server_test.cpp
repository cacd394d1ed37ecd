// SPDX-License-Identifier: Apache-2.0
// The server among clients that mean well.
#include "http/server.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include "http/client.h"
#include "http/passwords.h"

namespace weir {
namespace {

using testing::Answer;
using testing::ask;
using testing::get;

WebReply echo(const WebRequest& request) {
  if (request.path == "/throw") throw std::runtime_error("a secret");
  if (request.path == "/large") return {.body = std::string(3'000'000, 'x')};
  std::string text = request.method + " " + request.path;
  for (const auto& [name, value] : request.query) text += " " + name + "=" + value;
  return {.body = text};
}

std::unique_ptr<HttpServer> serve(HttpServerOptions options = {}, WebHandler handler = echo) {
  auto server = HttpServer::start(std::move(options), std::move(handler));
  REQUIRE(server.ok());
  return std::move(*server);
}

TEST_CASE("a request is answered and the connection closed behind it") {
  const auto server = serve();
  const Answer answer = get(server->port(), "/a%20b?x=1%2B1&y=");
  CHECK(answer.status == 200);
  CHECK(answer.body == "GET /a b x=1+1 y=");
  CHECK(answer.header("Content-Length") == std::to_string(answer.body.size()));
  CHECK(answer.header("Connection") == "close");
  CHECK(answer.header("Content-Type") == "text/plain; charset=utf-8");
  CHECK(answer.header("X-Content-Type-Options") == "nosniff");
  CHECK(answer.header("Cache-Control") == "no-store");
  CHECK(answer.header("Content-Security-Policy").find("default-src 'none'") == 0);
  CHECK(answer.header("Content-Security-Policy").find("frame-ancestors 'none'") != std::string::npos);
  CHECK(testing::comes_to_hold([&] { return server->counts().accepted == 1; }));
  CHECK(testing::comes_to_hold([&] { return server->counts().answered == 1; }));
}

TEST_CASE("HEAD gets the head of what GET gets") {
  const auto server = serve();
  const Answer answer = ask(server->port(), "HEAD /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(answer.status == 200);
  CHECK(answer.header("Content-Length") == "6");
  CHECK(answer.body.empty());
  const Answer wrong = ask(server->port(), "HEAD /x HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  CHECK(wrong.status == 421);
  CHECK(wrong.body.empty());
}

TEST_CASE("an exception in a handler is 500 and tells nobody why") {
  const auto server = serve();
  const Answer answer = get(server->port(), "/throw");
  CHECK(answer.status == 500);
  CHECK((answer.head + answer.body).find("secret") == std::string::npos);
}

TEST_CASE("a Range header changes nothing") {
  const auto server = serve();
  const Answer answer = get(server->port(), "/abc", "Range: bytes=0-0,1-1,2-2\r\n");
  CHECK(answer.status == 200);
  CHECK(answer.body == "GET /abc");
}

TEST_CASE("what is large is compressed for those who take gzip, never with brotli") {
  const auto server = serve();
  CHECK(get(server->port(), "/large").body.size() == 3'000'000);
  const Answer zipped = get(server->port(), "/large", "Accept-Encoding: br, gzip\r\n");
  CHECK(zipped.header("Content-Encoding") == "gzip");
  CHECK(zipped.body.size() < 10'000);
  CHECK(get(server->port(), "/large", "Accept-Encoding: br\r\n").header("Content-Encoding").empty());
}

TEST_CASE("a request may come in pieces, and POST with its body") {
  const auto server = serve({.lifecycle = true});
  testing::Client client(server->port());
  for (const char* piece :
       {"PO", "ST /-/rel", "oad HTTP/1.1\r", "\nHost: localhost\r\nContent-Le", "ngth: 5\r\n\r", "\n12", "345"}) {
    client.send(piece);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const Answer answer = testing::answer_in(client.receive());
  CHECK(answer.status == 200);
  CHECK(answer.body == "POST /-/reload");
}

TEST_CASE("one connection is one request") {
  const auto server = serve();
  const std::string request = "GET /first HTTP/1.1\r\nHost: localhost\r\n\r\n";
  testing::Client client(server->port());
  client.send(request + "GET /second HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const std::string all = client.receive();
  CHECK(all.ends_with("GET /first"));
  CHECK(all.find("second") == std::string::npos);
}

TEST_CASE("names that somebody else made to point here are refused, numbers and localhost are not") {
  const auto status_for = [](const HttpServer& server, const std::string& host) {
    return ask(server.port(), "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status;
  };
  const auto server = serve({.hosts = {"Weir.example.com"}});
  for (const char* host : {"localhost", "LOCALHOST:9469", "127.0.0.1:1", "[::1]:9469", "a.localhost",
                           "weir.example.com", "weir.example.com.:80"}) {
    INFO(host);
    CHECK(status_for(*server, host) == 200);
  }
  for (const char* host : {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "xweir.example.com",
                           "1.2.3.4x", "[evil", "[::1].evil.example", "[::1]x:80"}) {
    INFO(host);
    CHECK(status_for(*server, host) == 421);
  }
  const auto open = serve({.hosts = {"*"}});
  CHECK(status_for(*open, "anything.example") == 200);
}

TEST_CASE("a page of another site cannot make a browser reload or quit") {
  const auto server = serve({.lifecycle = true});
  const auto post = [&](const std::string& headers) {
    return ask(server->port(), "POST /-/quit HTTP/1.1\r\nHost: localhost:9\r\n" + headers + "\r\n").status;
  };
  CHECK(post("") == 200);
  CHECK(post("Origin: http://localhost:9\r\nSec-Fetch-Site: same-origin\r\n") == 200);
  CHECK(post("Origin: http://evil.example\r\n") == 403);
  CHECK(post("Origin: null\r\n") == 403);
  CHECK(post("Sec-Fetch-Site: cross-site\r\n") == 403);
  CHECK(post("Sec-Fetch-Site: same-site\r\n") == 403);
}

TEST_CASE("with users nothing is told without a password") {
  HttpServerOptions options;
  options.web.users = {{"ada", testing::bcrypt("lovelace")}};
  const auto server = serve(std::move(options));
  const Answer refused = get(server->port(), "/");
  CHECK(refused.status == 401);
  CHECK(refused.header("WWW-Authenticate").starts_with("Basic realm="));
  CHECK(get(server->port(), "/", "Authorization: " + testing::basic("ada", "no") + "\r\n").status == 401);
  CHECK(get(server->port(), "/", "Authorization: " + testing::basic("ada", "lovelace") + "\r\n").status == 200);
  CHECK(testing::comes_to_hold([&] { return server->counts().answered == 3; }));
}

TEST_CASE("headers of the web config stand on every answer, refusals too, in the place of weir's own") {
  HttpServerOptions options;
  options.web.headers = {{"Strict-Transport-Security", "max-age=1"}, {"x-frame-options", "SAMEORIGIN"}};
  const auto server = serve(std::move(options));
  for (const Answer& answer : {get(server->port(), "/"), ask(server->port(), "nonsense\r\n\r\n")}) {
    CHECK(answer.header("Strict-Transport-Security") == "max-age=1");
    CHECK(answer.header("X-Frame-Options") == "SAMEORIGIN");
    CHECK(answer.head.find("DENY") == std::string::npos);
  }
}

TEST_CASE("probes are answered while every other worker is busy") {
  std::mutex mutex;
  std::condition_variable go;
  bool open = false;
  const auto server = serve({.probes = {"/healthz"}}, [&](const WebRequest& request) -> WebReply {
    if (request.path == "/healthz") return {.body = "ok"};
    std::unique_lock lock(mutex);
    go.wait(lock, [&] { return open; });
    return {.body = "at last"};
  });
  std::vector<testing::Client> waiting;
  for (int i = 0; i < 20; ++i) {
    waiting.emplace_back(server->port());
    waiting.back().send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  for (int i = 0; i < 5; ++i) {
    const Answer answer = get(server->port(), "/healthz?x");
    CHECK(answer.body == "ok");
    CHECK(answer.took < std::chrono::milliseconds(500));
  }
  {
    const std::lock_guard lock(mutex);
    open = true;
  }
  go.notify_all();
  for (testing::Client& client : waiting) CHECK(client.receive().ends_with("at last"));
}

TEST_CASE("who has asked is answered when the server ends") {
  std::atomic<bool> asked = false;
  auto server = serve({}, [&asked](const WebRequest&) -> WebReply {
    asked = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return {.body = "bye"};
  });
  testing::Client client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(testing::comes_to_hold([&] { return asked.load(); }));
  const std::uint16_t port = server->port();
  server.reset();
  CHECK(client.receive().ends_with("bye"));
  CHECK_FALSE(testing::Client(port).is_connected());
}

TEST_CASE("an address is read as people write it") {
  const auto read = [](std::string_view text) {
    const auto address = parse_listen_address(text);
    return address.ok() ? address->host + "|" + std::to_string(address->port) : "error";
  };
  CHECK(read("127.0.0.1:9469") == "127.0.0.1|9469");
  CHECK(read(":9469") == "|9469");
  CHECK(read("[::1]:80") == "::1|80");
  CHECK(read("localhost:0") == "localhost|0");
  for (const char* bad : {"", "9469", "localhost", "localhost:", "localhost:65536", "localhost:-1", "::1:80", "[::1:80",
                          "a:b:1", "localhost:80x"}) {
    INFO(bad);
    CHECK(read(bad) == "error");
  }
}

TEST_CASE("a port that is taken is an error that names it") {
  const auto server = serve();
  const auto second = HttpServer::start({.address = {.host = "127.0.0.1", .port = server->port()}}, echo);
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().message.find("127.0.0.1:" + std::to_string(server->port())) != std::string::npos);
}

}  // namespace
}  // namespace weir
