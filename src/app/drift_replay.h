// SPDX-License-Identifier: Apache-2.0
// The reference data once more, through the drift rules: what they would have said of records that are as they should be.
//
// A rule that compares with the windows before it is replayed as it is. One that compares with a file cannot be judged on the
// data that the file was made of: each part of the time is compared with a reference made of the other parts, so that what is
// found holds of fresh data too.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/record_input.h"
#include "rules/load.h"
#include "weir/drift.h"
#include "weir/result.h"
#include "weir/time.h"

namespace weir {

/// A test of a rule in a window.
struct ReplayedTest {
  std::string_view test;
  double effect = 0;
  double tolerance = 0;
  bool significant = false;  // whatever the tolerance
};

/// One window and segment of a drift rule that had an answer.
struct ReplayedWindow {
  std::size_t series = 0;  // of windows that follow each other: a segment
  Instant start{};
  bool drifted = false;
  bool firing = false;
  bool inconclusive = false;
  std::vector<ReplayedTest> tests;
  bool dependence_known = false;  // there was a design effect
};

struct ReplayedRule {
  std::string id;
  std::vector<std::string> paths;
  std::string reference;  // in words
  bool held_out = false;  // compared with parts that it is not in
  Duration every{};
  std::uint32_t fire = 2;
  std::uint32_t of = 3;
  std::uint32_t clear = 3;
  bool sequential = false;
  std::vector<ReplayedWindow> windows = {};        // series by series, in the order of time
  std::map<std::string, std::size_t> series = {};  // by segment
  std::uint64_t unanswered = 0;                    // windows without data, or without a reference yet
};

struct DriftReplay {
  static constexpr std::size_t kParts = 5;

  std::vector<ReplayedRule> rules;
  std::size_t parts = 0;  // for references from files; 0: there was none
  std::uint64_t records = 0;
  Instant from{};
  Instant to{};
  std::vector<std::string> notes;
};

struct DriftReplayRequest {
  std::string rules;
  LoadOptions options;
  Instant now{};
  std::string shelf;  // folder for panes that do not fit
};

/// `plan` is that of the rules, loaded without their references. The input is read several times.
[[nodiscard]] Result<DriftReplay> replay_drift(RecordInput& input, const Plan& plan, const DriftReplayRequest& request);

}  // namespace weir
