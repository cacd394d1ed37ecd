// SPDX-License-Identifier: Apache-2.0
#include "sim/broker.h"

#include <algorithm>

namespace weir::sim {

void Broker::create(const std::string& topic, std::size_t partitions) {
  topics_[topic].resize(partitions);
}

std::vector<Partition> Broker::partitions_of(const std::string& topic) const {
  std::vector<Partition> out;
  const auto at = topics_.find(topic);
  for (std::size_t i = 0; at != topics_.end() && i < at->second.size(); ++i) {
    out.push_back({.topic = topic, .number = static_cast<std::int32_t>(i)});
  }
  return out;
}

std::int64_t Broker::append(const Partition& partition, Stored record, const std::shared_ptr<Transaction>& within) {
  Log& log = topics_.at(partition.topic).at(static_cast<std::size_t>(partition.number));
  record.offset = log.end++;
  record.within = within;
  if (within && std::find(within->touched.begin(), within->touched.end(), partition) == within->touched.end()) {
    within->touched.push_back(partition);
  }
  if (within) within->records.emplace_back(partition, record.offset);
  log.records.push_back(std::move(record));
  if (!within && !log.records.back().marker && on_visible) on_visible(partition, log.records.back());
  return log.end - 1;
}

Bounds Broker::bounds(const Partition& partition) const {
  const Log& found = log(partition);
  Bounds out{.first = found.first, .end = found.end};
  if (open_.empty()) return out;
  for (const auto& transaction : open_) {
    for (const auto& [where, offset] : transaction->records) {
      if (where == partition) out.end = std::min(out.end, offset);
    }
  }
  return out;
}

std::int64_t Broker::high_watermark(const Partition& partition) const {
  return log(partition).end;
}

std::vector<const Stored*> Broker::read(const Partition& partition, std::int64_t from, std::size_t most,
                                        std::int64_t& next) const {
  const Log& found = log(partition);
  const Bounds seen = bounds(partition);
  std::vector<const Stored*> out;
  next = std::max(from, seen.first);
  for (std::int64_t offset = next; offset < seen.end && out.size() < most; ++offset) {
    const Stored& record = found.records[static_cast<std::size_t>(offset)];
    next = offset + 1;
    if (record.marker || (record.within && record.within->state != Transaction::State::Committed)) continue;
    out.push_back(&record);
  }
  return out;
}

std::vector<const Stored*> Broker::all(const std::string& topic) const {
  std::vector<const Stored*> out;
  for (const Partition& partition : partitions_of(topic)) {
    std::int64_t next = 0;
    const std::vector<const Stored*> some = read(partition, 0, ~std::size_t{0}, next);
    out.insert(out.end(), some.begin(), some.end());
  }
  return out;
}

void Broker::delete_before(const Partition& partition, std::int64_t offset) {
  Log& log = topics_.at(partition.topic).at(static_cast<std::size_t>(partition.number));
  log.first = std::max(log.first, std::min(offset, log.end));
}

void Broker::copy_topic(const Broker& from, const std::string& topic) {
  std::vector<Log>& logs = topics_[topic];
  logs = from.topics_.at(topic);
  for (Log& log : logs) log.first = 0;
}

std::uint64_t Broker::init_producer(const std::string& name) {
  Producer& producer = producers_[name];
  if (producer.open && producer.open->state == Transaction::State::Open) end(*producer.open, false);
  producer.open.reset();
  return ++producer.epoch;
}

bool Broker::is_fenced(const std::string& name, std::uint64_t epoch) const {
  const auto at = producers_.find(name);
  return at == producers_.end() || at->second.epoch != epoch;
}

std::shared_ptr<Transaction> Broker::begin(Duration now) {
  auto out = std::make_shared<Transaction>();
  out->began = now;
  open_.push_back(out);
  return out;
}

void Broker::end(Transaction& transaction, bool commit) {
  if (transaction.state != Transaction::State::Open) return;
  // What appears with it appears first, so that whoever is told of the positions sees it.
  transaction.state = commit ? Transaction::State::Committed : Transaction::State::Aborted;
  std::erase_if(open_, [&](const auto& open) { return open.get() == &transaction; });
  Stored marker;
  marker.marker = true;
  for (const Partition& partition : transaction.touched) append(partition, marker);
  if (!commit) return;
  for (const auto& [partition, offset] : transaction.records) {
    if (on_visible) on_visible(partition, log(partition).records.at(static_cast<std::size_t>(offset)));
  }
  for (const auto& effect : transaction.on_commit) effect();
  if (!transaction.positions.empty()) set_positions(transaction.group, transaction.positions);
}

void Broker::expire(Duration now) {
  const std::vector<std::shared_ptr<Transaction>> open = open_;
  for (const auto& transaction : open) {
    if (now - transaction->began >= kTransactionTimeout) end(*transaction, false);
  }
}

void Broker::set_positions(const std::string& group, const std::vector<Position>& positions) {
  if (on_positions) on_positions(group, positions);
  for (const Position& one : positions) {
    positions_[{group, one.partition}] = {.offset = one.offset.value_or(0), .metadata = one.metadata};
  }
}

std::optional<Broker::Committed> Broker::position(const std::string& group, const Partition& partition) const {
  const auto at = positions_.find({group, partition});
  return at == positions_.end() ? std::nullopt : std::optional(at->second);
}

bool Broker::is_unstable(const std::string& group, const Partition& partition) const {
  return std::any_of(open_.begin(), open_.end(), [&](const auto& open) {
    return open->group == group && std::any_of(open->positions.begin(), open->positions.end(),
                                               [&](const Position& one) { return one.partition == partition; });
  });
}

}  // namespace weir::sim
