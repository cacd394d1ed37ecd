// SPDX-License-Identifier: Apache-2.0
// What `weir replay` was asked to do.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/arguments.h"
#include "app/replay_choice.h"
#include "app/surroundings.h"
#include "app/topic_input.h"
#include "weir/plan.h"

namespace weir {

struct ReplaySettings {
  std::optional<TopicInput> topic;    // how to connect, and the topic to read; nothing: files, and a dry run
  std::vector<std::string> files;     // empty: the topic
  std::vector<std::int32_t> numbers;  // only records of these partitions; empty: all
  ReplayWish wish;
  std::shared_ptr<const Plan> plan;   // of --recheck, or null
  std::string rules_topic;            // that the rules say they are about, or empty
  std::optional<std::uint64_t> rate;  // records a second
  bool keep_timestamps = true;
  bool dry_run = false;
  bool json = false;
  bool quiet = false;
  Instant now{};
};

/// All but the rules. An error is one of the command line.
Result<ReplaySettings> replay_settings(const Arguments& arguments, const Surroundings& surroundings);

/// The same command without one of its flags, for a person to type; what the environment says is left out.
[[nodiscard]] std::string command_without(const Arguments& arguments, std::string_view flag);

}  // namespace weir
