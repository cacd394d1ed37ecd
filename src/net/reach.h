// SPDX-License-Identifier: Apache-2.0
// Which addresses a call may connect to, decided when a name is resolved: a name in a configuration may lead anywhere.
#pragma once

#include <cstdint>
#include <string>

struct sockaddr;

namespace weir {

enum class Reach : std::uint8_t {
  Anywhere,
  NotLinkLocal,  // 169.254/16 and fe80::/10: where clouds tell machines their secrets
  Public,        // nor this machine, nor private networks
};

[[nodiscard]] bool is_within(Reach reach, const sockaddr& address);
/// "169.254.169.254"; empty for what is neither IPv4 nor IPv6.
[[nodiscard]] std::string written_address(const sockaddr& address);

}  // namespace weir
