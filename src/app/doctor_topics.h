// SPDX-License-Identifier: Apache-2.0
// Topics, groups and positions, as a broker that answers describes them.
#pragma once

#include "app/doctor_probes.h"
#include "kafka/topics.h"

namespace weir {

/// `brokers`: the addresses that answer.
void add_topics_and_groups(KafkaTopics& topics, const std::string& brokers, const DoctorCase& of, DoctorFindings& out);

/// How far a group is, from what was found: apart, so that it can be tried without a broker. `recent`: where records begin
/// that are younger than half of what the topic keeps; empty: the topic keeps everything.
[[nodiscard]] DoctorFinding lag_finding(const std::string& group, const TopicFacts& topic,
                                        std::span<const PartitionFacts> partitions, std::span<const Position> recent,
                                        const std::string& from);

}  // namespace weir
