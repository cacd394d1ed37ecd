// SPDX-License-Identifier: Apache-2.0
// The server among clients that mean ill: it goes on answering, and holds little.
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cerrno>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "http/client.h"

namespace weir {
namespace {

using namespace std::chrono_literals;
using testing::Answer;
using testing::ask;
using testing::Client;

constexpr std::size_t kMegabyte = 1U << 20;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kMemoryScale = 8;  // what is freed stays for a while, and has shadows
#else
constexpr std::size_t kMemoryScale = 1;
#endif

/// Whether no more than so many megabytes came to what the process held before.
bool grew_less_than(std::size_t megabytes, std::size_t before) {
  return testing::resident_bytes() < before + megabytes * kMemoryScale * kMegabyte;
}

WebReply small_or_large(const WebRequest& request) {
  return {.body = request.path == "/large" ? std::string(4 * kMegabyte, 'x') : "ok"};
}

std::unique_ptr<HttpServer> serve(HttpServerOptions options = {}) {
  options.probes = {"/healthz"};
  auto server = HttpServer::start(std::move(options), small_or_large);
  REQUIRE(server.ok());
  return std::move(*server);
}

/// How long a probe takes: the middle one of five, as a busy machine may delay any of them. None takes long.
std::chrono::milliseconds probe(const HttpServer& server) {
  std::array<std::chrono::milliseconds, 5> took{};
  for (std::chrono::milliseconds& one : took) {
    const Answer answer = testing::get(server.port(), "/healthz");
    CHECK(answer.body == "ok");
    CHECK(answer.took < 2s);
    one = answer.took;
  }
  std::sort(took.begin(), took.end());
  return took[2];
}

/// Descriptors that the test may use for clients; the server needs as many.
std::size_t client_room() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur < 1000 ? 100 : static_cast<std::size_t>(limit.rlim_cur) - 600;
}

TEST_CASE("clients that drip, that are silent and that stop in the middle delay nobody") {
  const auto server = serve();
  const std::size_t before = testing::resident_bytes();
  std::vector<Client> slow;
  for (std::size_t i = 0; i < 240; ++i) {
    slow.emplace_back(server->port());
    slow.back().send(i % 3 == 0 ? "" : i % 3 == 1 ? "GET / HT" : "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ");
  }
  for (int round = 0; round < 3; ++round) {
    for (Client& client : slow) client.send("b");
    CHECK(probe(*server) < 2s);
  }
  CHECK(grew_less_than(8, before));
}

TEST_CASE("who has not said it all in time is told so and leaves") {
  const auto server = serve({.to_send = 300ms});
  Client silent(server->port());
  Client drips(server->port());
  drips.send("GET / HTTP/1.1\r\n");
  const auto begun = std::chrono::steady_clock::now();
  CHECK(testing::answer_in(silent.receive()).status == 408);
  CHECK(testing::answer_in(drips.receive()).status == 408);
  CHECK(std::chrono::steady_clock::now() - begun < 20s);
  CHECK(testing::comes_to_hold([&] { return server->counts().expired == 2; }));
}

TEST_CASE("ten thousand connections leave a place for the next one") {
  const auto server = serve();
  const std::size_t before = testing::resident_bytes();
  const std::size_t many = std::min<std::size_t>(10'000, client_room());
  std::vector<Client> crowd;
  for (std::size_t i = 0; i < many; ++i) {
    crowd.emplace_back(server->port());
    REQUIRE(crowd.back().is_connected());
    crowd.back().send("GET / HTTP/1.1\r\nHost: ");
    if (i % (many / 10) == 0) CHECK(probe(*server) < 2s);
  }
  CHECK(probe(*server) < 2s);
  CHECK(testing::comes_to_hold([&] { return server->counts().accepted >= many; }));
  CHECK(testing::comes_to_hold([&] { return server->counts().evicted + 300 >= many; }));
  CHECK(grew_less_than(24, before));  // of which the clients here are some
}

TEST_CASE("of those that hold equally many places the oldest has to go, wherever it is") {
  const auto server = serve({.most_connections = 4});
  std::vector<Client> crowd;
  for (const char* from : {"127.0.0.5", "127.0.0.6", "127.0.0.7", "127.0.0.8"})
    crowd.emplace_back(server->port(), from);
  CHECK(testing::comes_to_hold([&] { return server->counts().accepted == 4; }));
  Client late(server->port());
  crowd.emplace_back(server->port(), "127.0.0.9");
  crowd.emplace_back(server->port(), "127.0.0.10");
  CHECK(testing::comes_to_hold([&] { return server->counts().evicted == 3; }));
  late.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(testing::answer_in(late.receive()).status == 200);
}

TEST_CASE("who asks for more than its share is told to wait, others are served") {
  std::mutex mutex;
  std::condition_variable go;
  bool open = false;
  auto server = HttpServer::start({.most_waiting_of_peer = 8}, [&](const WebRequest&) -> WebReply {
    std::unique_lock lock(mutex);
    go.wait(lock, [&] { return open; });
    return {.body = "at last"};
  });
  REQUIRE(server.ok());
  const std::string request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  std::vector<Client> greedy;
  for (int i = 0; i < 300; ++i) {
    greedy.emplace_back((*server)->port(), "127.0.0.5");
    greedy.back().send(request);
  }
  CHECK(testing::comes_to_hold([&] { return (*server)->counts().refused >= 292; }));
  Client modest((*server)->port());
  modest.send(request);
  CHECK(testing::comes_to_hold([&] { return (*server)->counts().accepted == 301; }));
  {
    const std::lock_guard lock(mutex);
    open = true;
  }
  go.notify_all();
  CHECK(testing::answer_in(modest.receive()).body == "at last");
  int served = 0;
  for (Client& client : greedy) {
    const Answer answer = testing::answer_in(client.receive());
    served += answer.status == 200 ? 1 : 0;
    if (answer.status != 200) {
      CHECK(answer.status == 503);
      CHECK(answer.header("Retry-After") == "1");
    }
  }
  CHECK(served == 8);
}

TEST_CASE("the threads of the server give way to others") {
  const auto server = serve();
  CHECK(testing::comes_to_hold([] {
    int behind = 0;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
      errno = 0;
      const int niceness = getpriority(PRIO_PROCESS, static_cast<id_t>(std::stoi(task.path().filename().string())));
      if (errno == 0 && niceness > getpriority(PRIO_PROCESS, 0)) ++behind;
    }
    return behind == 5;  // the loop and four workers
  }));
}

TEST_CASE("of IPv6 a network is one client") {
  auto listener = listen_on({.host = "::1", .port = 0});
  if (!listener.ok()) SKIP("no IPv6 here");
  const Descriptor client(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port_of(*listener));
  address.sin6_addr = in6addr_loopback;
  REQUIRE(connect(client.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  Accepted accepted;
  CHECK(testing::comes_to_hold(
      [&] { return !accepted.peer.empty() || accept_one(*listener, accepted) == Acceptance::One; }));
  CHECK(accepted.peer == "::");
}

TEST_CASE("a gigabyte of body, of one header and of headers is not read") {
  const auto server = serve({.lifecycle = true});
  const std::size_t before = testing::resident_bytes();
  const std::string megabyte(kMegabyte, 'x');
  const std::string many_headers = [] {
    std::string text;
    while (text.size() < kMegabyte) text += "X-Header: of no use\r\n";
    return text;
  }();
  const std::string head = "GET / HTTP/1.1\r\nHost: localhost\r\n";
  const std::string post = "POST /-/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: ";
  struct Flood {
    std::string begin;
    const std::string& more;
    int status;
  };
  for (const Flood& flood : {Flood{head + "Content-Length: 1073741824\r\n\r\n", megabyte, 413},
                             Flood{post + "1073741824\r\n\r\n", megabyte, 413}, Flood{head + "X: ", megabyte, 431},
                             Flood{"GET /", megabyte, 431}, Flood{"", megabyte, 431}, Flood{head, many_headers, 431},
                             Flood{head + "Transfer-Encoding: chunked\r\n\r\n", megabyte, 501}}) {
    INFO(flood.begin);
    Client client(server->port());
    std::size_t sent = 0;
    bool taken = client.send(flood.begin);
    while (taken && sent < 1024) {
      taken = client.send(flood.more);
      ++sent;
    }
    CHECK(sent < 64);  // megabytes, most of them in the kernel's buffers
    CHECK(probe(*server) < 2s);
  }
  CHECK(testing::comes_to_hold([&] { return server->counts().refused >= 7; }));
  CHECK(grew_less_than(8, before));
}

TEST_CASE("the refusal reaches the client that is still sending") {
  const auto server = serve();
  const std::string body(300'000, 'x');
  const Answer answer =
      ask(server->port(), "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000\r\n\r\n" + body);
  CHECK(answer.status == 413);
  CHECK(answer.header("X-Content-Type-Options") == "nosniff");
}

TEST_CASE("large answers that nobody takes are kept up to a bound") {
  const auto server = serve({.most_waiting_of_peer = 120, .most_owed = 20 * kMegabyte});
  const std::size_t before = testing::resident_bytes();
  std::vector<Client> greedy;
  for (int i = 0; i < 120; ++i) {
    greedy.emplace_back(server->port());
    greedy.back().send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  CHECK(probe(*server) < 2s);
  CHECK(testing::comes_to_hold([&] { return server->counts().answered >= 120; }));
  // Of 480: 20 that are owed, what four workers have in hand, and what malloc keeps of both.
  CHECK(grew_less_than(120, before));
  CHECK(testing::comes_to_hold([&] { return server->counts().evicted > 50; }));
  CHECK(testing::get(server->port(), "/large").body.size() == 4 * kMegabyte);
}

TEST_CASE("an answer that is not taken in time is given up") {
  const auto server = serve({.to_take = 300ms});
  Client lazy(server->port());
  lazy.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(testing::comes_to_hold([&] { return server->counts().expired == 1; }));
  CHECK(lazy.receive().size() < 4 * kMegabyte);
}

TEST_CASE("nonsense is answered with an error or nothing, and the next one is served") {
  const auto server = serve();
  const std::vector<std::string> nonsense = {
      std::string("\0\0\0\0", 4),
      std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + "\r\n\r\n",
      "\r\n\r\n",
      "GET\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "GET /../../etc/passwd HTTP/1.1\r\n\r\n",
      "GET //etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /?%ff%00=%zz&&&==? HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /%u0041%uD800 HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /" + std::string(3000, '%') + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /?" + std::string(4000, '&') + " HTTP/1.1\r\nHost: localhost\r\n\r\n"};
  for (const std::string& request : nonsense) {
    Client client(server->port());
    client.send(request);
    const std::string answer = client.receive(300ms);
    CHECK((answer.empty() || answer.starts_with("HTTP/1.1 ")));
  }
  CHECK(probe(*server) < 2s);
}

TEST_CASE("without a free descriptor the server lets old clients go and goes on") {
  const auto server = serve();
  std::vector<Client> slow;
  for (int i = 0; i < 30; ++i) slow.emplace_back(server->port());
  CHECK(testing::comes_to_hold([&] { return server->counts().accepted == 30; }));
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit none_left = before;
  const int next = dup(0);  // the smallest that is free
  close(next);
  none_left.rlim_cur = static_cast<rlim_t>(next) + 1;  // one, for the client
  setrlimit(RLIMIT_NOFILE, &none_left);
  int answered = 0;
  for (int i = 0; i < 20; ++i) answered += testing::get(server->port(), "/healthz").status == 200 ? 1 : 0;
  setrlimit(RLIMIT_NOFILE, &before);
  CHECK(answered > 0);
  CHECK(server->counts().evicted > 0);
  CHECK(probe(*server) < 2s);
}

TEST_CASE("clients that reset the connection at any moment leave nothing behind") {
  const auto server = serve();
  const std::string request = "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n";
  for (std::size_t i = 0; i < 300; ++i) {
    Client client(server->port());
    client.send(std::string_view(request).substr(0, i % (request.size() + 1)));
  }
  CHECK(probe(*server) < 2s);
}

}  // namespace
}  // namespace weir
