// SPDX-License-Identifier: Apache-2.0
// A stretch of a topic as the log of a stream that leaves no trace: it begins and ends where it was decided to, and what is
// committed goes nowhere.
//
// A partition that is read to the end of its stretch is silent for good, so the stream need not wait for it: that is said
// while others go on, and not of the last one, or the clock on the wall would close windows that nobody read up to.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/topic_input.h"
#include "weir/ports.h"

namespace weir {

class StretchLog final : public RecordLog, private RecordLog::Listener {
 public:
  StretchLog(std::unique_ptr<RecordLog> log, Stretch stretch) : log_(std::move(log)), stretch_(std::move(stretch)) {}

  Status start(RecordLog::Listener& listener) override;
  void poll(Duration wait, std::size_t most, Events& out) override;
  [[nodiscard]] Envelope envelope_of(const Fetched& fetched, std::size_t item) override {
    return log_->envelope_of(fetched, item);
  }
  [[nodiscard]] std::optional<std::string_view> value_of(const Fetched& fetched, std::size_t item) override {
    return log_->value_of(fetched, item);
  }
  [[nodiscard]] bool is_held(const Partition& partition) const override { return log_->is_held(partition); }
  [[nodiscard]] std::vector<Readiness> readiness() const override { return log_->readiness(); }
  void pause(const Partition& partition) override { log_->pause(partition); }
  void resume(const Partition& partition) override;
  Status seek(const Partition& partition, std::int64_t offset) override { return log_->seek(partition, offset); }
  Result<Bounds> bounds(const Partition& partition) override;
  Result<std::int64_t> offset_at(const Partition& partition, Instant time) override {
    return log_->offset_at(partition, time);
  }
  Result<std::vector<Position>> committed(std::span<const Partition> partitions) override;
  [[nodiscard]] std::vector<Partition> known_partitions() override;
  [[nodiscard]] std::optional<std::int64_t> known_end(const Partition& partition) override;
  Status commit(std::span<const Position> /*positions*/) override { return Done{}; }
  void close() override { log_->close(); }

  /// Why the stretch cannot be read to its end: retention was faster.
  [[nodiscard]] const std::optional<Error>& fault() const noexcept { return fault_; }

 private:
  std::vector<std::int64_t> assigned(std::span<const Partition> partitions) override;
  void revoked(std::span<const Partition> partitions, bool lost) override;
  [[nodiscard]] bool has_ended(const Partition& partition) const { return !open_.contains(partition); }
  void end(const Partition& partition);

  std::unique_ptr<RecordLog> log_;
  Stretch stretch_;
  RecordLog::Listener* listener_ = nullptr;
  std::set<Partition> open_;           // of the stretch, and not read to its end
  std::set<Partition> unread_;         // of them, those that gave no record yet
  std::vector<Partition> to_pause_;    // nothing of them is wanted
  std::vector<Partition> just_ended_;  // since the last poll
  std::optional<Error> fault_;
};

}  // namespace weir
