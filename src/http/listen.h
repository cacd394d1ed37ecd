// SPDX-License-Identifier: Apache-2.0
// Where the web server is to be reached.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/connection.h"
#include "weir/result.h"

namespace weir {

struct ListenAddress {
  std::string host = "127.0.0.1";  // a name, or a number; empty: every interface
  std::uint16_t port = 0;          // 0: any that is free
};

/// `HOST:PORT`, `:PORT`, `[::1]:PORT`.
[[nodiscard]] Result<ListenAddress> parse_listen_address(std::string_view text);
[[nodiscard]] bool is_loopback(const ListenAddress& address);

/// A socket that listens and never blocks.
[[nodiscard]] Result<Descriptor> listen_on(const ListenAddress& address);
[[nodiscard]] std::uint16_t port_of(const Descriptor& socket);

/// `peer`: where the client is, "192.0.2.1"; of IPv6 the network, "2001:db8::"; "?" when there is no number. The socket is
/// made not to block.
struct Accepted {
  Descriptor socket;
  std::string peer;
};
enum class Acceptance : std::uint8_t { One, NoneLeft, NoDescriptor };
[[nodiscard]] Acceptance accept_one(const Descriptor& listener, Accepted& accepted);

}  // namespace weir
