// SPDX-License-Identifier: Apache-2.0
// From the head of a request to the bytes of its answer. Who may ask is decided here; taking the target apart, writing the
// answer and compressing it are the library's. The library is given a request that was spelled anew from what was
// understood, in memory: it never sees a socket, and nothing that a client wrote reaches it but the target.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/login.h"
#include "http/reply.h"
#include "http/request_head.h"
#include "http/web.h"

namespace weir {

/// What all workers share; outlives them.
struct Audience {
  WebHandler handler;
  WebHeaders headers;              // of every answer
  std::vector<std::string> hosts;  // names beside `localhost` and numbers that a request may be addressed to
  bool any_host = false;
  Login* login = nullptr;
};

/// Whether a request may be addressed like this. A page of somebody else's can make a browser call a server on the loopback
/// interface by a name that the page's owner made to point there; so names count only where they are known.
[[nodiscard]] bool is_known_host(std::string_view host, const std::vector<std::string>& names);

/// One a worker: not for several threads at once.
class Responder {
 public:
  explicit Responder(const Audience& audience);
  ~Responder();
  Responder(Responder&&) = delete;

  [[nodiscard]] std::string respond(const RequestHead& head);

 private:
  class Library;
  [[nodiscard]] std::string refusal_of(const RequestHead& head) const;
  const Audience& audience_;
  std::unique_ptr<Library> library_;
};

}  // namespace weir
