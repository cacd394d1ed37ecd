// SPDX-License-Identifier: Apache-2.0
// Which topics a configuration needs, what each has to be like, and what stands against what there is: decided from plain
// data, without a broker.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/stream_rules.h"
#include "config/config.h"
#include "kafka/topics.h"

namespace weir {

enum class TopicUse : std::uint8_t { Input, Quarantine, Clean, State, Panes, Alerts };
[[nodiscard]] std::string_view name_of(TopicUse use);

struct NeededTopic {
  std::string name;
  TopicUse use = TopicUse::Input;
  std::vector<std::string> origins = {};  // of a quarantine and of clean records: the topics that they come from
  std::optional<Duration> keep = {};      // of panes: what a successor has to read back
};

/// Inputs first. A pattern is each of `known` that it matches; it is there as it was written where nothing matches it.
/// `rules` by index of Config::streams, or empty; windows and references in them say how long panes are kept.
[[nodiscard]] std::vector<NeededTopic> needed_topics(const Config& config, std::span<const StreamRules> rules,
                                                     std::span<const std::string> known);
/// Whether some input is a pattern, so that the names of the topics that there are have to be asked for.
[[nodiscard]] bool reads_patterns(const Config& config);

/// As it would be made: what of it the facts about its origins decide is there when they are.
struct TopicShape {
  std::optional<std::int32_t> partitions;
  std::vector<std::pair<std::string, std::string>> config;
};

/// Facts stand beside the needed topics, by index; a topic that nobody was asked about has facts without a name.
[[nodiscard]] TopicShape shape_of(const NeededTopic& topic, std::span<const NeededTopic> needed,
                                  std::span<const TopicFacts> facts);

struct TopicFault {
  std::string what;
  std::string remedy;
};

/// What is wrong with one that is there; empty: it is fit.
[[nodiscard]] std::vector<TopicFault> topic_faults(const NeededTopic& topic, const TopicFacts& there,
                                                   std::span<const NeededTopic> needed,
                                                   std::span<const TopicFacts> facts);

/// `kafka-topics.sh --bootstrap-server B --create --topic …`, ready for a shell. `copies` 0: the broker's default.
[[nodiscard]] std::string create_command(const Config& config, const NeededTopic& topic, const TopicShape& shape,
                                         std::uint64_t copies);

/// "7d", "for ever".
[[nodiscard]] std::string retention_words(std::int64_t milliseconds);

}  // namespace weir
