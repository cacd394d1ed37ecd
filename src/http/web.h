// SPDX-License-Identifier: Apache-2.0
// A request as a route sees it, and the answer: no socket, no library.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

struct WebRequest {
  std::string method;                                      // GET also for HEAD
  std::string path;                                        // decoded
  std::vector<std::pair<std::string, std::string>> query;  // decoded
  std::string if_none_match = {};                          // as sent

  /// The first value of that name; nothing when it was not given.
  [[nodiscard]] const std::string* parameter(std::string_view name) const {
    for (const auto& [key, value] : query) {
      if (key == name) return &value;
    }
    return nullptr;
  }
};

inline constexpr std::string_view kPlainText = "text/plain; charset=utf-8";
inline constexpr std::string_view kJson = "application/json";

struct WebReply {
  int status = 200;
  std::string content_type = std::string(kPlainText);
  std::string body;
  std::string etag = {};       // of what may be asked for again: with it, a client that has it gets 304 and no body
  bool never_changes = false;  // what is under this path: a client may keep it
};

/// Called by several threads at once.
using WebHandler = std::function<WebReply(const WebRequest&)>;

}  // namespace weir
