// SPDX-License-Identifier: Apache-2.0
// One record at a time: its partition is moved there, read until the record is past, and put to rest again. Quarantined records
// lie in the order of their origin, so what one poll brings often holds the next ones as well.
#include "app/replay_origins.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "app/interrupt.h"
#include "quarantine/quarantine_names.h"

namespace weir {
namespace {

using Clock = std::chrono::steady_clock;
constexpr Duration kWait = std::chrono::milliseconds(100);
constexpr std::size_t kMost = 500;
constexpr Duration kPatience = std::chrono::seconds(30);

enum class Found : std::uint8_t { Yes, Gone, NotHere };

bool same_time(const QuarantinedRecord& record, const Envelope& envelope) {
  const std::optional<Instant> there =
      envelope.timestamp_type == TimestampType::None ? std::nullopt : std::optional(envelope.timestamp);
  return !record.timestamp || record.timestamp == there;
}

void take_over(const Message& message, const Envelope& envelope, QuarantinedRecord& record) {
  record.value = envelope.tombstone ? std::nullopt : std::optional<std::string>(message.bytes);
  record.key = envelope.has_key ? std::optional<std::string>(envelope.key) : std::nullopt;
  if (envelope.timestamp_type != TimestampType::None) record.timestamp = envelope.timestamp;
  record.timestamp_type = envelope.timestamp_type;
  record.headers.clear();
  for (const auto& [name, value] : envelope.headers) {
    if (name.starts_with(kHeaderPrefix)) continue;
    record.headers.emplace_back(name, value.data() == nullptr ? std::nullopt : std::optional<std::string>(value));
  }
  record.value_form = record.key_form = QuarantinedRecord::Form::Original;
  record.missing.clear();
}

/// Looks for the record among what a poll brought of its partition.
Found find_in(const Fetched& fetched, QuarantinedRecord& record) {
  const std::vector<Message>& items = fetched.messages.items;
  const auto wanted = static_cast<std::uint64_t>(record.offset);
  const auto at =
      std::lower_bound(items.begin(), items.end(), wanted,
                       [](const Message& message, std::uint64_t offset) { return message.offset < offset; });
  if (at == items.end()) return fetched.next_offset > record.offset ? Found::Gone : Found::NotHere;
  if (at->offset != wanted) return Found::Gone;
  const Envelope& envelope = fetched.messages.envelopes[static_cast<std::size_t>(at - items.begin())];
  // A topic that was made anew has other records under the old offsets.
  if (!at->whole || !same_time(record, envelope)) return Found::Gone;
  take_over(*at, envelope, record);
  return Found::Yes;
}

}  // namespace

std::vector<std::int64_t> ReplayOrigins::assigned(std::span<const Partition> partitions) {
  std::vector<std::int64_t> ends;
  for (const Partition& partition : partitions) {
    const Result<Bounds> bounds = starting_->log->bounds(partition);
    ends.push_back(bounds ? bounds->end : 0);
    starting_->partitions.insert(partition);
  }
  return ends;
}

Result<ReplayOrigins::Reader*> ReplayOrigins::reader_of(const std::string& topic) {
  const auto [found, is_new] = readers_.try_emplace(topic);
  Reader& reader = found->second;
  if (!is_new) return &reader;
  Result<std::unique_ptr<RecordLog>> log = open_(topic);
  if (!log) return log.error();
  reader.log = *std::move(log);
  starting_ = &reader;
  if (const Status started = reader.log->start(*this); !started) {
    if (started.error().code != "topic_unknown") return started.error();
    reader.log.reset();
    return &reader;
  }
  const auto until = Clock::now() + kPatience;
  while (reader.partitions.empty() && Clock::now() < until && InterruptGuard::signal() == 0) {
    reader.log->poll(kWait, kMost, reader.events);
  }
  for (const Partition& partition : reader.partitions) reader.log->pause(partition);
  return &reader;
}

Result<bool> ReplayOrigins::await(Reader& reader, QuarantinedRecord& record) {
  const Partition& partition = record.origin;
  const auto until = Clock::now() + kPatience;
  while (Clock::now() < until) {
    if (InterruptGuard::signal() != 0) return Error{.message = "interrupted", .code = "interrupted"};
    reader.log->poll(kWait, kMost, reader.events);
    for (const Trouble& trouble : reader.events.troubles) {
      if (trouble.weight != Trouble::Weight::Passing) return Error{.message = trouble.message, .code = trouble.event};
    }
    for (const Fetched& fetched : reader.events.fetched) {
      if (fetched.partition != partition) continue;
      const Found found = find_in(fetched, record);
      if (found != Found::NotHere) return found == Found::Yes;
    }
    const auto has = [&partition](const std::vector<Partition>& list) {
      return std::find(list.begin(), list.end(), partition) != list.end();
    };
    if (has(reader.events.ended) || has(reader.events.out_of_range)) return false;
  }
  return Error{.message = "the original of " + record.id + " did not come from `" + partition.topic + "` for 30 s"};
}

Result<bool> ReplayOrigins::fetch(QuarantinedRecord& record) {
  if (record.origin.topic.empty()) return false;
  const Result<Reader*> found = reader_of(record.origin.topic);
  if (!found) return found.error();
  Reader& reader = **found;
  if (reader.log == nullptr || !reader.partitions.contains(record.origin)) return false;
  for (const Fetched& fetched : reader.events.fetched) {
    const std::vector<Message>& items = fetched.messages.items;
    if (fetched.partition != record.origin || items.empty()) continue;
    const auto offset = static_cast<std::uint64_t>(record.offset);
    if (items.front().offset <= offset && offset <= items.back().offset) return find_in(fetched, record) == Found::Yes;
  }
  const Result<Bounds> bounds = reader.log->bounds(record.origin);
  if (!bounds) return bounds.error();
  if (record.offset < bounds->first || record.offset >= bounds->end) return false;
  if (const Status sought = reader.log->seek(record.origin, record.offset); !sought) return sought.error();
  reader.log->resume(record.origin);
  Result<bool> there = await(reader, record);
  reader.log->pause(record.origin);
  return there;
}

}  // namespace weir
