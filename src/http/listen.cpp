// SPDX-License-Identifier: Apache-2.0
#include "http/listen.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

namespace weir {

namespace {

// Clients that the kernel keeps while weir is busy with others: for the last of them to be heard within a second even where
// judging leaves this server some hundredths of a processor.
constexpr int kBacklog = 2048;
// What the kernel keeps for a client, each way; left to itself it would be megabytes for who does not read.
constexpr int kSendBuffer = 128 * 1024;
constexpr int kReceiveBuffer = 32 * 1024;

std::string name_of(const ListenAddress& address) {
  const bool bracketed = address.host.find(':') != std::string::npos;
  return (bracketed ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

Error cannot_listen(const ListenAddress& address, const std::string& why) {
  return Error{.message = "cannot listen on `" + name_of(address) + "`: " + why};
}

/// The number by which a client is counted. Whoever has an IPv6 address has the 2^64 beside it as well: those are one.
std::string peer_of(const sockaddr_storage& from) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (from.ss_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(from).sin_addr, text.data(), text.size());
  } else if (from.ss_family == AF_INET6) {
    in6_addr address = reinterpret_cast<const sockaddr_in6&>(from).sin6_addr;
    if (!IN6_IS_ADDR_V4MAPPED(&address)) std::memset(address.s6_addr + 8, 0, 8);
    inet_ntop(AF_INET6, &address, text.data(), text.size());
  }
  return text[0] == '\0' ? "?" : text.data();
}

}  // namespace

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const auto fault = [text] {
    return Error{.message = "`" + std::string(text) + "` is no address to listen on",
                 .help = "write HOST:PORT, for example 127.0.0.1:8947 or [::1]:8947"};
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return fault();
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find_first_of(":[]") != std::string_view::npos) {
    return fault();
  }
  ListenAddress address{.host = std::string(host), .port = 0};
  const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (wrong != std::errc() || end != digits.data() + digits.size()) return fault();
  return address;
}

bool is_loopback(const ListenAddress& address) {
  return address.host == "localhost" || address.host == "::1" || address.host.starts_with("127.");
}

Result<Descriptor> listen_on(const ListenAddress& address) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(address.port);
  const int answer = getaddrinfo(address.host.empty() ? nullptr : address.host.c_str(), port.c_str(), &wanted, &found);
  if (answer != 0) return cannot_listen(address, gai_strerror(answer));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> list(found, freeaddrinfo);
  int fault = EADDRNOTAVAIL;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    Descriptor socket(::socket(at->ai_family, at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, at->ai_protocol));
    const int on = 1;
    setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // this and the next: of its clients too
    setsockopt(socket.number(), SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
    setsockopt(socket.number(), SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
    if (bind(socket.number(), at->ai_addr, at->ai_addrlen) == 0 && listen(socket.number(), kBacklog) == 0) {
      return socket;
    }
    fault = errno;
  }
  return cannot_listen(address, std::strerror(fault));
}

std::uint16_t port_of(const Descriptor& socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (getsockname(socket.number(), reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
  return bound.ss_family == AF_INET6 ? ntohs(reinterpret_cast<const sockaddr_in6*>(&bound)->sin6_port)
                                     : ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
}

Acceptance accept_one(const Descriptor& listener, Accepted& accepted) {
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  const int number =
      accept4(listener.number(), reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (number < 0) {
    return errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS ? Acceptance::NoDescriptor
                                                                                     : Acceptance::NoneLeft;
  }
  accepted.socket = Descriptor(number);
  accepted.peer = peer_of(from);
  return Acceptance::One;
}

}  // namespace weir
