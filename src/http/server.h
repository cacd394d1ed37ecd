// SPDX-License-Identifier: Apache-2.0
// The web server beside a stream: few pages, and whoever asks gets an answer at once, whatever others do.
//
// Threads are weir's business in src/app alone; the server is the one exception, because waiting for clients is all that
// they do here, and a stream must not wait for a page. One thread holds every connection and waits for none; a few workers
// make answers. A client that is slow, silent or endless therefore costs a place among `most_connections` and a few
// kilobytes, never a thread. When the places are gone, the client that has been at it longest without a whole request has to
// go, of the peer that holds most of them: a probe that says what it wants gets through while ten thousand others dribble.
// Requests that wait for a worker are fewer than places, so who has asked is answered and not pushed out by who asks later.
//
// All of its threads give way to those that judge: see give_way().
//
// cpp-httplib's own loop is not used: it gives each client a thread, has a backlog of five, and bounds neither the length of
// a line nor the time of a request. What it is good at, it does: see Responder.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/listen.h"
#include "http/web.h"
#include "weir/result.h"
#include "weir/web_config.h"

namespace weir {

struct HttpServerOptions {
  ListenAddress address = {};
  WebConfig web = {};
  bool lifecycle = false;                // POST /-/reload and /-/quit
  std::vector<std::string> hosts = {};   // names that it is called by, beside localhost and numbers; `*`: any
  std::vector<std::string> probes = {};  // paths that are answered before all others: probe_paths()
  std::size_t most_connections = 256;
  std::size_t most_waiting = 128;         // requests that wait for a worker; fewer than connections
  std::size_t most_waiting_of_peer = 32;  // of one peer; probes are not counted
  std::size_t most_owed = 64U << 20;      // bytes of answers that clients have not taken yet, together
  std::chrono::milliseconds to_send = std::chrono::seconds(5);   // until a request is whole
  std::chrono::milliseconds to_take = std::chrono::seconds(10);  // until its answer is taken
};

/// What happened since the start. Counters only grow.
struct HttpCounts {
  std::uint64_t accepted = 0;
  std::uint64_t answered = 0;  // by a route
  std::uint64_t refused = 0;   // malformed, too large, not allowed
  std::uint64_t expired = 0;   // too slow
  std::uint64_t evicted = 0;   // made room for others
};

class HttpServer {
 public:
  /// Listens and answers from now on. The handler is called by several threads at once.
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> start(HttpServerOptions options, WebHandler handler);
  /// Takes no more clients, gives those who asked their answers for up to a second, and ends.
  ~HttpServer();
  HttpServer(HttpServer&&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;
  [[nodiscard]] HttpCounts counts() const noexcept;

 private:
  class Loop;
  explicit HttpServer(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace weir
