// SPDX-License-Identifier: Apache-2.0
// Watches a stream and tells of every window that is judged, as lineage events. Called in the stream's thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sinks/lineage_event.h"
#include "weir/ports.h"

namespace weir {

class LineageObserver final : public StreamObserver {
 public:
  /// `learns_topics`: the stream is told its topics by a pattern; those that are ours are the inputs.
  LineageObserver(LineageNames names, bool learns_topics, TellLineage tell)
      : names_(std::move(names)), learns_topics_(learns_topics), tell_(std::move(tell)) {}

  void rules(const std::shared_ptr<const Plan>& plan) override { plan_ = plan; }
  void windows(const WindowOutcome& windows, Instant now) override;
  void schema(const SchemaChange& change, Instant now) override;
  void status(const StreamStatus& status) override;

 private:
  static constexpr std::size_t kMostTopics = 100;

  LineageNames names_;
  bool learns_topics_;
  TellLineage tell_;
  std::shared_ptr<const Plan> plan_;
  std::map<std::string, std::vector<LineageField>> fields_;  // by topic
};

}  // namespace weir
