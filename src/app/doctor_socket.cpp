// SPDX-License-Identifier: Apache-2.0
// A connection that is made and closed again, for a reason in plain words where it cannot be made.
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>
#include <system_error>

#include "app/doctor_probes.h"

namespace weir {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

/// 0, or why not.
int connect_to(const addrinfo& address, std::chrono::steady_clock::time_point end) {
  const int socket =
      ::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol);
  if (socket < 0) return errno;
  int reason = ::connect(socket, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (reason == EINPROGRESS) {
    pollfd ready{.fd = socket, .events = POLLOUT, .revents = 0};
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    reason = ETIMEDOUT;
    socklen_t size = sizeof reason;
    if (::poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(left, 0))) > 0)
      ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &reason, &size);
  }
  ::close(socket);
  return reason;
}

}  // namespace

Status try_connect(const std::string& host, const std::string& port, Duration most) {
  const auto end = std::chrono::steady_clock::now() + most;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* raw = nullptr;
  const int unknown = getaddrinfo(host.c_str(), port.c_str(), &hints, &raw);
  const std::unique_ptr<addrinfo, FreeAddresses> list(raw);
  if (unknown != 0)
    return Error{.message = "the name is not known here (" + std::string(gai_strerror(unknown)) + ")", .code = "name"};
  int reason = ETIMEDOUT;
  for (const addrinfo* one = list.get(); one != nullptr; one = one->ai_next) {
    reason = connect_to(*one, end);
    if (reason == 0) return Done{};
  }
  if (reason == ETIMEDOUT) return Error{.message = "no answer: a firewall, or another address", .code = "silent"};
  if (reason == ECONNREFUSED) return Error{.message = "nothing listens there (connection refused)", .code = "refused"};
  return Error{.message = std::generic_category().message(reason), .code = "connect"};
}

std::pair<std::string, std::string> words_of_trouble(const std::string& message) {
  std::string what = message;
  std::string remedy;
  if (const std::size_t cut = what.rfind("; "); cut != std::string::npos) {
    remedy = what.substr(cut + 2);
    what.erase(cut);
  }
  // "(after 12ms in state AUTH_REQ, 3 identical error(s) suppressed)"
  for (std::size_t begin = what.find(" (after "); begin != std::string::npos; begin = what.find(" (after ", begin)) {
    const std::size_t suppressed = what.find(" suppressed)", begin);
    const std::size_t end = what.find(')', suppressed == std::string::npos ? begin : suppressed);
    if (end == std::string::npos) break;
    what.erase(begin, end + 1 - begin);
  }
  if (remedy.starts_with("weir ")) remedy.clear();  // connects again, tries again: a look does not
  return {what, remedy};
}

}  // namespace weir
