// SPDX-License-Identifier: Apache-2.0
// A bearer token that something else keeps fresh in a file (a Kubernetes service account, an agent): read again whenever
// the broker wants a new one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weir/result.h"
#include "weir/time.h"

namespace weir::kafka {

struct BearerToken {
  std::string text;
  std::string principal;  // `sub`
  Instant expires{};
};

/// `exp` and `sub` of a JSON web token (RFC 7519), whose signature is the broker's to check. A token of another kind is
/// taken for a minute, after which the file is read again.
[[nodiscard]] Result<BearerToken> parse_token(std::string_view text, Instant now);
[[nodiscard]] Result<BearerToken> read_token(const std::string& path, Instant now);

}  // namespace weir::kafka
