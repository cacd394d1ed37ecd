// SPDX-License-Identifier: Apache-2.0
#include "app/replay_record.h"

#include <algorithm>

#include "base/timestamp.h"
#include "quarantine/quarantine_names.h"

namespace weir {
namespace {

void add_fact(OwnRecord& record, std::string_view name, std::string value) {
  record.headers.emplace_back(std::string(kHeaderPrefix).append(name), std::move(value));
}

}  // namespace

OwnRecord replayed_record(const QuarantinedRecord& record, const ReplayTarget& target) {
  OwnRecord out;
  out.topic = target.topic;
  out.origin = record.origin;
  const bool home = target.topic == record.origin.topic;
  if (home && record.origin.number < target.partitions) out.partition = record.origin.number;
  out.key = record.key;
  out.value = record.value;
  out.headers.reserve(record.headers.size() + 2);
  for (const auto& header : record.headers) {
    if (!header.first.starts_with(kHeaderPrefix)) out.headers.push_back(header);
  }
  // The largest number stays what it is: one that wrapped would begin to count anew.
  add_fact(out, "replay_count", std::to_string(std::max(record.replay_count, record.replay_count + 1)));
  add_fact(out, "replay_of", record.id);
  if (target.keep_timestamp && record.timestamp) out.timestamp = *record.timestamp;
  return out;
}

OwnRecord replay_mark(const QuarantinedRecord& record, const std::string& into, Instant now) {
  OwnRecord out;
  out.topic = record.lies_in.topic;
  out.partition = record.lies_in.number;
  out.key = record.id;
  add_fact(out, "v", std::to_string(kQuarantineVersion));
  add_fact(out, "id", record.id);
  add_fact(out, "stage", std::string(kReplayedStage));
  add_fact(out, "at", format_timestamp(now));
  add_fact(out, "into", into);
  out.timestamp = now;
  return out;
}

}  // namespace weir
