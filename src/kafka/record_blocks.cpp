// SPDX-License-Identifier: Apache-2.0
#include "kafka/record_blocks.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "base/assert.h"

namespace weir::kafka {

namespace {

constexpr std::size_t kAhead = 8;           // payloads that are asked for before they are copied
constexpr std::size_t kSpareItems = 65536;  // of items whose memory is kept for the next poll
constexpr std::size_t kRoomKept = 32 << 20;
// A producer may write any number; later than this no time of ours is.
constexpr std::int64_t kLatest = std::chrono::duration_cast<std::chrono::milliseconds>(Duration::max()).count();

std::string_view text_of(const void* data, std::size_t size) {
  // An empty text is not a null: it must point somewhere.
  return {data == nullptr ? "" : static_cast<const char*>(data), data == nullptr ? 0 : size};
}

TimestampType type_of(rd_kafka_timestamp_type_t type) {
  if (type == RD_KAFKA_TIMESTAMP_CREATE_TIME) return TimestampType::Create;
  return type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME ? TimestampType::LogAppend : TimestampType::None;
}

}  // namespace

void read_envelope(const rd_kafka_message_t& message, Envelope& envelope) {
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const std::int64_t timestamp = rd_kafka_message_timestamp(&message, &type);
  envelope.topic = rd_kafka_topic_name(message.rkt);
  envelope.partition = message.partition;
  envelope.timestamp = timestamp < 0 ? Instant{} : Instant(std::chrono::milliseconds(std::min(timestamp, kLatest)));
  envelope.timestamp_type = timestamp < 0 ? TimestampType::None : type_of(type);
  envelope.tombstone = message.payload == nullptr;
  envelope.has_key = message.key != nullptr;
  envelope.key = text_of(message.key, message.key_len);
}

void read_headers(const rd_kafka_message_t& message, Envelope& envelope) {
  envelope.headers.clear();
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    envelope.headers.emplace_back(name, value == nullptr ? std::string_view() : text_of(value, size));
  }
}

void RecordBlocks::begin(std::vector<Fetched>& last) {
  release();
  std::size_t kept = 0;
  for (const Messages& messages : spare_) kept += messages.items.capacity();
  for (Fetched& fetched : last) {
    kept += fetched.messages.items.capacity();
    if (kept > kSpareItems) break;
    spare_.push_back(std::move(fetched.messages));
  }
  last.clear();
}

RecordBlocks::Part& RecordBlocks::part_of(const rd_kafka_message_t& message) {
  // A fetch brings many records of a partition in a row.
  if (last_part_ < parts_.size() && parts_[last_part_].is(message)) [[likely]]
    return parts_[last_part_];
  const auto found = std::ranges::find_if(parts_, [&](const Part& part) { return part.is(message); });
  last_part_ = static_cast<std::size_t>(found - parts_.begin());
  if (found != parts_.end()) return *found;
  parts_.push_back({.topic = message.rkt, .partition = message.partition});
  return parts_.back();
}

void RecordBlocks::add(rd_kafka_message_t* message) {
  Part& part = part_of(*message);
  held_.push_back({.message = message, .part = static_cast<std::uint32_t>(last_part_)});
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    part.end = message->offset;
    return;
  }
  const std::size_t bytes = std::min(message->len, limits_.record_max_bytes);
  part.end = -1;
  ++part.records;
  part.bytes += bytes;
  ++records_;
  bytes_ += bytes;
}

void RecordBlocks::drop(const Partition& partition) {
  for (Part& part : parts_) {
    if (part.partition == partition.number && partition.topic == rd_kafka_topic_name(part.topic)) part.dropped = true;
  }
}

void RecordBlocks::lay_out(std::vector<Fetched>& fetched) {
  std::size_t size = 0;
  std::size_t items = 0;
  for (Part& part : parts_) {
    part.first = items;
    items += part.records;
    size += part.bytes + part.records + Messages::kPadding;
  }
  if (size > room_size_ || (room_size_ > kRoomKept && size < kRoomKept)) {
    room_size_ = std::max(size + size / 2, std::size_t{64} << 10);
    room_.reset();
    room_ = std::make_unique_for_overwrite<char[]>(room_size_);
  }
  order_.resize(items);

  struct Filling {
    char* at = nullptr;
    std::uint32_t item = 0;
    std::uint32_t fetched = 0;
  };
  std::vector<Filling> filling(parts_.size());
  char* at = room_.get();
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    Part& part = parts_[i];
    part.begin = at;
    if (part.dropped) continue;
    filling[i] = {.at = at, .item = 0, .fetched = static_cast<std::uint32_t>(fetched.size())};
    Fetched& next = fetched.emplace_back();
    next.partition = {.topic = rd_kafka_topic_name(part.topic), .number = part.partition};
    next.next_offset = part.end;
    if (!spare_.empty()) {
      next.messages = std::move(spare_.back());
      spare_.pop_back();
    }
    next.messages.items.resize(part.records);
    next.messages.envelopes.resize(part.records);
    next.messages.block = {at, part.records == 0 ? 0 : part.bytes + part.records};
    at += part.bytes + part.records;
    std::memset(at, 0, Messages::kPadding);
    at += Messages::kPadding;
  }
  for (std::size_t i = 0; i < held_.size(); ++i) {
    if (i + kAhead < held_.size()) __builtin_prefetch(held_[i + kAhead].message->payload);
    const Held& held = held_[i];
    const Part& part = parts_[held.part];
    if (part.dropped || held.message->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    Filling& fill = filling[held.part];
    Fetched& target = fetched[fill.fetched];
    order_[part.first + fill.item] = static_cast<std::uint32_t>(i);
    copy(*held.message, target.messages, fill.item++, fill.at);
    target.next_offset = std::max(target.next_offset, held.message->offset + 1);
  }
}

void RecordBlocks::copy(const rd_kafka_message_t& message, Messages& to, std::size_t item, char*& at) {
  const std::size_t size = std::min(message.len, limits_.record_max_bytes);
  if (size > 0) std::memcpy(at, message.payload, size);
  Message& out = to.items[item];
  out.bytes = {at, size};
  out.line = 0;
  out.offset = static_cast<std::uint64_t>(message.offset);
  out.whole = size == message.len;
  at += size;
  *at++ = '\n';
  read_envelope(message, to.envelopes[item]);
  if (limits_.headers) {
    read_headers(message, to.envelopes[item]);
  } else {
    to.envelopes[item].headers.clear();
  }
}

const rd_kafka_message_t& RecordBlocks::message_of(const Fetched& fetched, std::size_t item) const {
  const char* const begin = fetched.messages.block.data();
  const auto part = std::ranges::find_if(parts_, [&](const Part& p) { return p.begin == begin && !p.dropped; });
  WEIR_ASSERT(part != parts_.end() && item < part->records, "a record of the last poll");
  return *held_[order_[part->first + item]].message;
}

void RecordBlocks::release() {
  for (const Held& held : held_) rd_kafka_message_destroy(held.message);
  held_.clear();
  parts_.clear();
  last_part_ = 0;
  records_ = 0;
  bytes_ = 0;
}

}  // namespace weir::kafka
