// SPDX-License-Identifier: Apache-2.0
#include "stream/outgoing.h"

#include <algorithm>
#include <span>
#include <utility>

namespace weir {

namespace {

constexpr Duration kFirstRetry = std::chrono::milliseconds(500);
constexpr Duration kLongestRetry = std::chrono::seconds(30);

std::uint64_t size_of(const OwnRecord& record) {
  std::uint64_t out =
      sizeof(OwnRecord) + (record.key ? record.key->size() : 0) + (record.value ? record.value->size() : 0);
  for (const auto& [name, value] : record.headers) out += name.size() + (value ? value->size() : 0) + 64;
  return out;
}

}  // namespace

void Outgoing::add(OwnRecord&& record) {
  bytes_ += size_of(record);
  items_.push_back({.record = std::move(record), .state = State::Waiting});
}

RecordOut::Taken Outgoing::write(const Item& item, std::uint64_t token) {
  const OwnRecord& record = item.record;
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  headers.reserve(record.headers.size());
  for (const auto& [name, value] : record.headers) {
    headers.emplace_back(name, value ? std::string_view(*value) : std::string_view());
  }
  const OutRecord out{.topic = record.topic,
                      .partition = record.partition,
                      .key = record.key ? std::optional<std::string_view>(*record.key) : std::nullopt,
                      .value = record.value ? std::optional<std::string_view>(*record.value) : std::nullopt,
                      .headers = headers,
                      .timestamp = record.timestamp};
  return (record.clean ? clean_ : quarantine_).write(out, token);
}

void Outgoing::pump(Duration steady, std::vector<Trouble>& troubles) {
  hear(steady, troubles);
  if (steady < retry_at_) return;
  // Those that failed come first; they lie before what was never written.
  for (std::uint64_t token = failed_ > 0 ? first_ : next_write_; token < mark(); ++token) {
    Item& item = items_[token - first_];
    if (item.state != State::Waiting) continue;
    RecordOut::Taken taken = write(item, token);
    if (taken == RecordOut::Taken::TooLarge) {
      put_stub(item, steady, troubles);
      if (item.state != State::Waiting || steady < retry_at_) break;
      taken = write(item, token);
      if (taken == RecordOut::Taken::TooLarge) break;
    }
    if (taken == RecordOut::Taken::Full) break;
    item.state = State::Flying;
    if (token < next_write_) --failed_;
    next_write_ = std::max(next_write_, token + 1);
  }
  hear(steady, troubles);
}

void Outgoing::hear(Duration steady, std::vector<Trouble>& troubles) {
  delivered_.clear();
  const std::size_t known = troubles.size();
  quarantine_.poll(delivered_, troubles);
  if (&clean_ != &quarantine_) clean_.poll(delivered_, troubles);
  for (const Delivered& one : delivered_) {
    // Nothing that was given up by forget() is waited for.
    if (one.token < first_ || one.token >= mark()) continue;
    Item& item = items_[one.token - first_];
    if (item.state != State::Flying) continue;
    if (one.ok) {
      item.state = State::Done;
      failures_ = 0;
      fault_.clear();
      full_.clear();
      continue;
    }
    item.state = State::Waiting;
    ++failed_;
    if (one.too_large) {
      put_stub(item, steady, troubles);
      continue;
    }
    troubles.push_back(one.trouble);
    back_off(steady, one.trouble.message);
  }
  // A file gives nothing back: it keeps its lines until there is room, says so now and then, and settles them then.
  for (const Trouble& trouble : std::span(troubles).subspan(known)) {
    if (trouble.event == "file_not_written") full_ = trouble.message;
  }
  drop_done();
}

void Outgoing::put_stub(Item& item, Duration steady, std::vector<Trouble>& troubles) {
  std::optional<OwnRecord> stub = outlet_.stub_of(item.record);
  if (!stub) {
    const std::string message = "a record is too large for topic `" + item.record.topic +
                                "`: raise max.message.bytes there; the partition waits until then";
    troubles.push_back({.weight = Trouble::Weight::Standing, .event = "record_too_large", .message = message});
    back_off(steady, message);
    return;
  }
  bytes_ -= std::min(bytes_, size_of(item.record));
  item.record = *std::move(stub);
  bytes_ += size_of(item.record);
}

void Outgoing::back_off(Duration steady, const std::string& why) {
  fault_ = why;
  if (steady < retry_at_) return;
  Duration wait = kFirstRetry;
  for (unsigned i = 0; i < failures_ && wait < kLongestRetry; ++i) wait *= 2;
  wait = std::min(wait, kLongestRetry);
  // Between half and all of it, so that many instances do not come back at once.
  const double share = 0.5 + random() / 2;
  retry_at_ = steady + Duration(static_cast<std::int64_t>(static_cast<double>(wait.count()) * share));
  ++failures_;
}

double Outgoing::random() {
  random_ ^= random_ << 13U;
  random_ ^= random_ >> 7U;
  random_ ^= random_ << 17U;
  return static_cast<double>(random_ >> 11U) / static_cast<double>(std::uint64_t{1} << 53U);
}

void Outgoing::drop_done() {
  while (!items_.empty() && items_.front().state == State::Done) {
    bytes_ -= std::min(bytes_, size_of(items_.front().record));
    items_.pop_front();
    ++first_;
  }
  next_write_ = std::max(next_write_, first_);
}

bool Outgoing::flush(Duration within, std::vector<Trouble>& troubles) {
  constexpr int kTries = 20;
  // The sinks do the waiting; each round writes what they had no room for.
  for (int i = 0; i < kTries && !items_.empty(); ++i) {
    retry_at_ = Duration{};
    pump(Duration{1}, troubles);
    if (items_.empty()) break;
    const bool quarantine = quarantine_.flush(within / kTries);
    const bool clean = &clean_ == &quarantine_ || clean_.flush(within / kTries);
    hear(Duration{1}, troubles);
    if (failed_ > 0 && quarantine && clean) break;
  }
  return items_.empty();
}

void Outgoing::forget() {
  first_ = mark();
  next_write_ = first_;
  items_.clear();
  bytes_ = 0;
  failed_ = 0;
  fault_.clear();  // nothing waits any more, so nothing would come to clear it
  full_.clear();
}

std::uint64_t Outgoing::waiting_of(const Partition& partition) const {
  return static_cast<std::uint64_t>(std::count_if(items_.begin(), items_.end(), [&](const Item& item) {
    return item.state != State::Done && item.record.origin == partition;
  }));
}

}  // namespace weir
