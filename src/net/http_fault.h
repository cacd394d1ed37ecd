// SPDX-License-Identifier: Apache-2.0
// What went wrong with a call, in words for people.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "net/http_call.h"
#include "net/url.h"

namespace weir {

/// `code`: a CURLcode; `words`: what libcurl says of it.
[[nodiscard]] HttpFailure failure_of(int code, int system_error, std::string_view words, const UrlParts& server,
                                     const HttpCall& call);
[[nodiscard]] HttpFailure interrupted_failure(const std::string& server);
[[nodiscard]] HttpFailure too_large_failure(const std::string& server, std::size_t most_bytes);
/// `to`: the server that was named; empty: something that is no URL.
[[nodiscard]] HttpFailure redirect_failure(const std::string& server, const std::string& to);
/// A redirect on the same server of what is more than a question.
[[nodiscard]] HttpFailure moved_failure(const std::string& server);
[[nodiscard]] HttpFailure out_of_reach_failure(const std::string& server, const std::string& address);

}  // namespace weir
