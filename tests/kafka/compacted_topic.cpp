// SPDX-License-Identifier: Apache-2.0
#include "kafka/compacted_topic.h"

#include <algorithm>
#include <utility>

namespace weir::testing {

void CompactedTopic::append(std::int32_t partition, const Record& record, int writer) {
  Log& log = logs_.at(static_cast<std::size_t>(partition));
  log.records.push_back(record);
  log.records.back().offset = log.next++;
  if (on_append) on_append(log.records.back(), writer);
}

bool CompactedTopic::is(const Record& record, Transaction state) const {
  if (!record.transaction) return state == Transaction::Committed;
  return transactions_.at(*record.transaction) == state;
}

std::int64_t CompactedTopic::stable_end(std::int32_t partition) const {
  const Log& log = logs_.at(static_cast<std::size_t>(partition));
  for (const Record& record : log.records) {
    if (is(record, Transaction::Open)) return record.offset;
  }
  return log.next;
}

/// Up to some offset, as a cleaner does that has room for so many keys.
void CompactedTopic::compact() {
  for (std::int32_t partition = 0; partition < partitions(); ++partition) {
    Log& log = logs_.at(static_cast<std::size_t>(partition));
    const std::int64_t end = stable_end(partition);
    if (end == 0) continue;
    const auto until = static_cast<std::int64_t>(below(static_cast<std::size_t>(end) + 1));
    std::map<std::string, std::int64_t> newest;
    for (const Record& record : log.records) {
      if (record.offset < until && is(record, Transaction::Committed)) newest[record.key] = record.offset;
    }
    std::erase_if(log.records, [&](const Record& record) {
      if (record.offset >= until) return false;
      if (is(record, Transaction::Aborted)) return true;
      if (newest.at(record.key) != record.offset) return true;
      return !record.value && restoring == 0 && chance(0.5);
    });
  }
}

std::size_t CompactedTopic::begin_transaction() {
  transactions_.push_back(Transaction::Open);
  return transactions_.size() - 1;
}

void CompactedTopic::end_transaction(std::size_t transaction, bool commits) {
  if (transactions_.at(transaction) != Transaction::Open) return;
  transactions_.at(transaction) = commits ? Transaction::Committed : Transaction::Aborted;
}

std::optional<CompactedTopic::Record> CompactedTopic::next(std::int32_t partition, std::int64_t from) const {
  const Log& log = logs_.at(static_cast<std::size_t>(partition));
  auto record = std::lower_bound(log.records.begin(), log.records.end(), from,
                                 [](const Record& a, std::int64_t offset) { return a.offset < offset; });
  if (record == log.records.end()) return std::nullopt;
  return *record;
}

std::map<std::string, std::string> CompactedTopic::live() const {
  std::map<std::string, std::string> out;
  for (const Log& log : logs_) {
    for (const Record& record : log.records) {
      if (!is(record, Transaction::Committed)) continue;
      if (record.value) {
        out[record.key] = *record.value;
      } else {
        out.erase(record.key);
      }
    }
  }
  return out;
}

Result<std::int64_t> TopicReader::read(std::int32_t partition, std::int64_t from,
                                       const std::function<void(const Record&)>& take) {
  const std::int64_t end = topic_.stable_end(partition);
  meanwhile_();
  for (std::int64_t at = from; at < end;) {
    const std::optional<CompactedTopic::Record> record = topic_.next(partition, at);
    if (!record || record->offset >= end) break;
    at = record->offset + 1;
    // Below the end that was stable, so decided.
    const bool aborted = record->transaction && topic_.is_aborted(*record->transaction);
    if (!aborted) {
      take({.offset = record->offset,
            .key = record->key,
            .value = record->value ? std::optional<std::string_view>(*record->value) : std::nullopt});
    }
    if (topic_.chance(0.05)) meanwhile_();
  }
  return std::max(from, end);
}

RecordOut::Taken TopicWriter::write(const OutRecord& record, std::uint64_t token) {
  if (flying.size() >= 4 && topic_.chance(0.5)) return Taken::Full;
  flying.push_back({.partition = record.partition,
                    .record = {.key = std::string(record.key.value_or("")),
                               .value = record.value ? std::optional<std::string>(*record.value) : std::nullopt,
                               .transaction = transaction},
                    .token = token});
  return Taken::Yes;
}

void TopicWriter::poll(std::vector<Delivered>& delivered, std::vector<Trouble>& /*troubles*/) {
  delivered.insert(delivered.end(), settled_.begin(), settled_.end());
  settled_.clear();
}

bool TopicWriter::flush(Duration /*wait*/) {
  meanwhile_();
  while (!flying.empty()) {
    const Flying one = std::move(flying.front());
    flying.pop_front();
    const bool fails = topic_.chance(failing);
    // A failure that was none: the record is there, and nobody was told so.
    if (!fails || topic_.chance(0.5)) topic_.append(one.partition, one.record, writer_);
    settled_.push_back({.token = one.token, .ok = !fails, .trouble = {.event = "refused", .message = "refused"}});
    if (topic_.chance(0.1)) meanwhile_();
    if (topic_.chance(0.05)) return false;
  }
  return true;
}

}  // namespace weir::testing
