// SPDX-License-Identifier: Apache-2.0
#include "sinks/lineage_observer.h"

#include <algorithm>

namespace weir {

void LineageObserver::windows(const WindowOutcome& windows, Instant now) {
  if (plan_ == nullptr || windows.verdicts.empty()) return;
  const auto known = names_.inputs.size() == 1 ? fields_.find(names_.inputs.front()) : fields_.end();
  const std::vector<LineageField> none;
  tell_lineage(windows, *plan_, names_, known == fields_.end() ? none : known->second, now, tell_);
}

void LineageObserver::schema(const SchemaChange& change, Instant /*now*/) {
  if (change.of_key || change.to == nullptr) return;
  if (fields_.size() >= kMostTopics && !fields_.contains(change.topic)) return;
  fields_[change.topic] = lineage_fields(*change.to);
}

void LineageObserver::status(const StreamStatus& status) {
  if (!learns_topics_) return;
  for (const PartitionStatus& one : status.partitions) {
    const std::string& topic = one.partition.topic;
    const auto at = std::lower_bound(names_.inputs.begin(), names_.inputs.end(), topic);
    if ((at == names_.inputs.end() || *at != topic) && names_.inputs.size() < kMostTopics)
      names_.inputs.insert(at, topic);
  }
}

}  // namespace weir
