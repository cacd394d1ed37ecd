// SPDX-License-Identifier: Apache-2.0
// What every answer carries, and the short answers that need no library: refusals.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/web_config.h"

namespace weir {

using WebHeaders = std::vector<std::pair<std::string, std::string>>;

/// `Cache-Control` of everything that does not say otherwise.
inline constexpr std::string_view kKeepNothing = "no-store";

/// A page may load its own scripts, styles and answers and nothing else, make markup of no text, be framed by nobody, be kept by nobody and be taken for nothing but what
/// it says. The headers of the web config replace those of the same name.
[[nodiscard]] WebHeaders headers_of_every_answer(const WebConfig& config);

/// "Not Found"; "Unknown" for a status that weir does not send.
[[nodiscard]] std::string_view phrase_of(int status) noexcept;

/// A whole answer: a line of text, `extra` beside the headers that every answer has, the connection closed behind it.
[[nodiscard]] std::string plain_answer(int status, std::string_view text, const WebHeaders& headers,
                                       const WebHeaders& extra = {});

}  // namespace weir
