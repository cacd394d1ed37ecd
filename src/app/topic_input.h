// SPDX-License-Identifier: Apache-2.0
// A topic as the input of `weir check`: read without a group, from its beginning or a time to where it ends now, and left
// as it was.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/arguments.h"
#include "app/surroundings.h"
#include "config/config.h"
#include "kafka/settings.h"
#include "rules/load.h"
#include "weir/messages.h"
#include "weir/plan.h"
#include "weir/ports.h"
#include "weir/registry_settings.h"
#include "weir/schemas.h"

namespace weir {

struct TopicInput {
  KafkaSettings kafka;
  RegistrySettings registry;  // without URLs: there is none
  StreamConfig stream;
  std::shared_ptr<SchemaBook> schemas = std::make_shared<SchemaBook>();  // where the plans of this command look
  std::optional<Start> to;                                               // nothing: where each partition ends now
  std::vector<std::int32_t> numbers;                                     // only these partitions; empty: all
};

/// What --from and --to are about: the stretch of the topic that is read, or the records in it, wherever they are read from (then
/// they are for the command to look at).
enum class TimesMean : std::uint8_t { Stretch, Records };

/// `--brokers --topic --registry --from --to --partitions --config`; nothing when no topic was asked for. Every fault of it is in the
/// message and the help of the error. The first `beside` operands are not what a topic stands in place of.
Result<std::optional<TopicInput>> topic_input_of(const Arguments& arguments, const Surroundings& surroundings,
                                                 std::size_t beside = 0, TimesMean times = TimesMean::Stretch);

/// The same for a topic that is named by an operand, whole: `--brokers --registry --config`.
Result<TopicInput> topic_named(const Arguments& arguments, const Surroundings& surroundings, const std::string& topic);

/// Whether these rules are about the topic, and about records as messages.
[[nodiscard]] Status check_topic_rules(const TopicInput& input, const Loaded& rules);

/// Whoever takes what is read. Partition after partition, in order, so that two reads of one topic are alike.
struct TopicReader {
  std::function<void(const std::string& name)> begin;         // "orders/0": a partition
  std::function<bool(const Messages& messages)> step;         // false: enough
  std::function<void(const SchemaChange& change)> seen = {};  // each schema of the topic, before its first record
};

/// The offsets of each partition that are meant.
using Stretch = std::map<Partition, Bounds>;
/// Asks a log that was not started, and closes it: what is written later is no part of it.
Result<Stretch> stretch_of(RecordLog& log, const TopicInput& input, Instant now);
/// The topic without a group; talks to nobody yet.
Result<std::unique_ptr<RecordLog>> open_topic(const TopicInput& input, const Plan& plan, bool headers);
/// Takes away what lies at this offset and behind.
void cut_at(Messages& messages, std::int64_t end);

/// Reads it all. `now` is what `-2h` counts from.
Status read_topic(const TopicInput& input, const Plan& plan, Instant now, const TopicReader& reader);
/// The same from a log that is there already.
Status read_log(RecordLog& log, const TopicInput& input, Instant now, const TopicReader& reader);

}  // namespace weir
