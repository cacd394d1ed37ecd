// SPDX-License-Identifier: Apache-2.0
// The pages and what they show: docs/http.md. Everything is read from boards and functions when somebody asks; nothing is
// pushed, and a stream does not notice.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/status_board.h"
#include "http/web.h"
#include "weir/result.h"

namespace weir {

/// Where the pages come from. The functions are called by the server's threads, several at once.
struct WebSource {
  std::vector<std::shared_ptr<const StatusBoard>> streams;
  std::function<std::string()> metrics;  // the text of Prometheus; none: no /metrics
  std::function<std::string()> alerts;   // what fires, as JSON; none: no /api/v1/alerts
  std::function<Status()> reload;        // none: not allowed
  std::function<void()> quit;            // none: not allowed
  std::function<Instant()> now;
  std::string version;
  std::string pipeline;
  std::string group;
  std::string instance;
  Instant started{};
};

/// Answers every path.
[[nodiscard]] WebHandler make_routes(WebSource source);

/// The paths that a supervisor asks.
[[nodiscard]] const std::vector<std::string>& probe_paths();

/// Whether the stream's loop comes round, and what keeps it from being ready; empty when nothing does.
[[nodiscard]] bool is_alive(const StreamView& view);
[[nodiscard]] std::vector<Readiness> readiness_of(const StreamView& view);

}  // namespace weir
