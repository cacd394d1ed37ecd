// SPDX-License-Identifier: Apache-2.0
// The parts of a URL that decide who is called.
#pragma once

#include <string>
#include <string_view>

#include "weir/result.h"

namespace weir {

struct UrlParts {
  std::string server;  // "https://registry.example:8443": lower case, the port always there
  std::string scheme;  // "http", "https"
  std::string host;
  std::string port;
  std::string path;
  bool has_query = false;
  bool has_fragment = false;
};

/// Http or https, a host, no credentials. An error has the remedy and not the secret.
[[nodiscard]] Result<UrlParts> parse_url(std::string_view url);

/// Whether a URL can be called as the root of an API: as parse_url(), without query and fragment.
[[nodiscard]] Status check_url(std::string_view url);

/// Where a `Location` leads that an answer of `url` has; empty: nowhere.
[[nodiscard]] std::string resolve_url(const std::string& url, const std::string& location);

/// A text as one step of a path: `a/b c` is `a%2Fb%20c`.
[[nodiscard]] std::string url_step(std::string_view text);

}  // namespace weir
