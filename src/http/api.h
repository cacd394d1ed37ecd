// SPDX-License-Identifier: Apache-2.0
// The JSON of /api/v1: docs/http.md. Names are those of the JSON report where they mean the same.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/status_board.h"
#include "weir/ports.h"
#include "weir/rule.h"
#include "weir/time.h"

namespace weir {

struct KeptWindows {
  StreamView view;
  std::vector<ShownWindow> windows;
};

/// The process that answers.
struct ShownInstance {
  std::string version;
  std::string pipeline;
  std::string group;
  std::string instance;
  Instant started{};
  Instant now{};
};

[[nodiscard]] std::string_view word_of(StreamStatus::Phase phase);

struct ShownStream {
  StreamView view;
  std::vector<Readiness> readiness;
};

/// Which windows are asked for.
struct WindowFilter {
  std::optional<std::string> rule;
  std::optional<Instant> since;  // that end after it
  std::size_t limit = 100;
};

inline constexpr std::size_t kMostWindows = 1000;  // in one answer

/// Of a record rule since the start; of a window rule the gravest of its newest window.
[[nodiscard]] Verdict outcome_of(const RuleInfo& rule, const RuleCounts& counts);
struct WindowStanding {
  Verdict outcome = Verdict::NoData;
  const WindowVerdict* newest = nullptr;  // the gravest of its newest window; null: none was judged
  std::optional<Instant> failing_since;  // the start of the first of the windows in a row that failed, up to the newest
};
[[nodiscard]] std::vector<WindowStanding> window_states(const KeptWindows& stream);

/// The newest first.
struct FoundWindow {
  const StreamView* stream = nullptr;
  const RuleInfo* rule = nullptr;
  const WindowVerdict* verdict = nullptr;
};
struct FoundWindows {
  std::vector<FoundWindow> windows;
  bool more = false;  // beyond the limit
};
[[nodiscard]] FoundWindows find_windows(const std::vector<KeptWindows>& streams, const WindowFilter& filter,
                                        RuleKind kind);

/// The process, and each stream with its state.
[[nodiscard]] std::string streams_json(const ShownInstance& instance, const std::vector<ShownStream>& streams);
[[nodiscard]] std::string rules_json(const std::vector<KeptWindows>& streams);
/// `kind` Window: {"windows": …}; Drift: {"drift": …}.
[[nodiscard]] std::string windows_json(const std::vector<KeptWindows>& streams, const WindowFilter& filter,
                                       RuleKind kind);
[[nodiscard]] std::string quarantine_json(const std::vector<StreamView>& streams);
/// The schemas that records came with, the newest first; a change with both schemas.
[[nodiscard]] std::string schemas_json(const std::vector<StreamView>& streams);
[[nodiscard]] std::string assignments_json(const std::vector<StreamView>& streams);

}  // namespace weir
