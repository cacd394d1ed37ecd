// SPDX-License-Identifier: Apache-2.0
// The head of a request, read before anything else sees it. What cannot be meant well is refused here, so that the library
// behind it is never given two lengths, a chunked body, a folded header, a NUL, a Range or a line without an end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

inline constexpr std::size_t kHeadBytes = 16 * 1024;  // request line and headers together
inline constexpr std::size_t kBodyBytes = 64 * 1024;  // of a POST
inline constexpr std::size_t kTargetBytes = 4 * 1024;
inline constexpr std::size_t kHeaders = 64;

struct RequestHead {
  std::string method;
  std::string target;                                        // as sent: path and query, not decoded
  std::string host;                                          // as sent; empty: HTTP/1.0 without one
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::size_t body_bytes = 0;

  /// The part before `?`.
  [[nodiscard]] std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
  /// The first of that name (lower case), or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// A head, or why there is none.
struct HeadRead {
  int refused = 0;     // a status, or 0
  std::string reason;  // with `refused`: one line for the client
  RequestHead head;
};

/// Where the head ends, behind its blank line; npos when that has not come yet. Looks from `from` on.
[[nodiscard]] std::size_t end_of_head(std::string_view received, std::size_t from) noexcept;
/// `text` ends with the blank line. `lifecycle`: POST and PUT to /-/reload and /-/quit are allowed.
[[nodiscard]] HeadRead read_head(std::string_view text, bool lifecycle);

/// Whether the client takes gzip: `Accept-Encoding` with its weights.
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding) noexcept;

}  // namespace weir
