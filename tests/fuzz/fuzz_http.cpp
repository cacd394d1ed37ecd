// SPDX-License-Identifier: Apache-2.0
// Requests as bytes: the head is read or refused, and what was read is answered by every page there is, without a socket.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "http/request_head.h"
#include "http/responder.h"
#include "http/routes.h"

namespace {

weir::Audience make_audience() {
  auto board = std::make_shared<weir::StatusBoard>(weir::StatusBoard::Options{.stream = "orders"});
  auto plan = std::make_shared<weir::Plan>();
  plan->rules.emplace_back().info.id = "amount.max";
  plan->window_rules.emplace_back().info.id = "row_count.1m";
  board->rules(plan);
  weir::WindowOutcome windows;
  windows.verdicts.emplace_back().has_span = true;
  board->windows(windows, {});
  board->status({});
  weir::WebSource source;
  source.streams = {board};
  source.metrics = [] { return "weir_up 1\n"; };
  source.reload = []() -> weir::Status { return weir::Done{}; };
  source.quit = [] {};
  source.now = [] { return weir::Instant{}; };
  weir::Audience audience;
  audience.handler = weir::make_routes(std::move(source));
  audience.headers = weir::headers_of_every_answer({});
  return audience;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const weir::Audience audience = make_audience();
  static weir::Responder responder(audience);
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t end = weir::end_of_head(bytes, 0);
  if (end == std::string_view::npos) return 0;
  const weir::HeadRead read = weir::read_head(bytes.substr(0, end), true);
  if (read.refused != 0) {
    if (read.reason.empty()) std::abort();
    return 0;
  }
  const std::string answer = responder.respond(read.head);
  const bool whole = answer.starts_with("HTTP/1.1 ") && weir::end_of_head(answer, 0) != std::string::npos;
  if (!whole || answer.starts_with("HTTP/1.1 500")) std::abort();
  return 0;
}
