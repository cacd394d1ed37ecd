// SPDX-License-Identifier: Apache-2.0
// One call of another server over HTTP or HTTPS, which waits for the answer.
//
// Credentials go to the server of the URL and to nobody else: a redirect is followed on the same scheme, host and port
// only, and only where nothing is sent but the question (GET). A proxy is used when the call names one; what the environment says of proxies is not looked at. Certificates and
// host names are always verified, by TLS 1.2 or later. Every call has an end in time and every answer one in bytes. No
// message has a secret in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "net/reach.h"
#include "weir/result.h"
#include "weir/time.h"

namespace weir {

struct HttpCall {
  std::string method = "GET";
  std::string url = {};  // without credentials in it
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};      // sent where there is one
  std::string user = {};      // basic authentication, with `password`; empty: none
  std::string password = {};  //
  std::string token = {};     // a bearer token, in place of a user
  std::string ca_file = {};   // empty: whom the system trusts
  std::string cert_file = {};
  std::string key_file = {};
  std::string proxy = {};  // empty: none
  Duration connect_timeout = std::chrono::seconds(5);
  Duration timeout = std::chrono::seconds(30);  // of the whole call, redirects with it
  std::size_t most_bytes = 5U << 20;            // of the answer's body
  bool cut_answer = false;                      // a larger one is cut there, and not a failure
  Reach reach = Reach::Anywhere;                // the proxy's, where there is one
};

struct HttpAnswer {
  int status = 0;
  std::string content_type;  // as the server wrote it
  std::string body;
  std::optional<Duration> retry_after;  // where the server said so, in seconds or as a date; a day at most
  std::optional<Instant> date;          // the server's clock, to the second, where it says what time it is
};

enum class HttpFault : std::uint8_t {
  Call,         // what was asked for makes no sense: a URL that is none, a file that is not there
  Name,         // nobody knows the host
  Unreachable,  // refused, no route
  Timeout,
  Tls,         // not trusted, not the host's, no common version
  CutShort,    // the connection ended within the answer
  TooLarge,    // the answer
  Redirect,    // to somewhere else, or round in circles
  Reach,       // an address that the call must not connect to
  NoHttp,      // what answered does not speak HTTP
  Interrupted  // by HttpCaller::interrupt()
};

struct HttpFailure {
  HttpFault fault = HttpFault::Call;
  bool may_pass = false;  // worth trying again without anybody having done something
  Error error;            // names scheme, host and port
};

using HttpOutcome = std::variant<HttpAnswer, HttpFailure>;

/// Calls one after the other, and keeps the connection for the next one. Used by one thread at a time.
class HttpCaller {
 public:
  HttpCaller();
  ~HttpCaller();
  HttpCaller(HttpCaller&&) = delete;

  [[nodiscard]] HttpOutcome call(const HttpCall& call);
  /// Ends the call that is under way and every later one at once. Any thread.
  void interrupt();

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace weir
