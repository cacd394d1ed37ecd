// SPDX-License-Identifier: Apache-2.0
// Who watches a stream of `weir run`: several at once, and among them the log.
#pragma once

#include <array>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/log.h"
#include "weir/ports.h"

namespace weir {

/// Passes everything on.
class StreamObservers final : public StreamObserver {
 public:
  explicit StreamObservers(std::vector<StreamObserver*> all) : all_(std::move(all)) {}

  void rules(const std::shared_ptr<const Plan>& plan) override;
  void judged(const Fetched& fetched, const Outcome& outcome, Instant now) override;
  void windows(const WindowOutcome& windows, Instant now) override;
  void quarantined(std::uint64_t records, std::span<const std::uint64_t> rules) override;
  void kept_out(std::uint64_t records) override;
  void trouble(const Trouble& trouble, Instant now) override;
  void schema(const SchemaChange& change, Instant now) override;
  void status(const StreamStatus& status) override;

 private:
  std::vector<StreamObserver*> all_;
};

/// What is worth a line: troubles, windows that fail, schemas that change, what records stand in, partitions that come and go, readiness that changes.
class LogObserver final : public StreamObserver {
 public:
  LogObserver(Log& log, std::string stream) : log_(log), stream_(std::move(stream)) {}

  void rules(const std::shared_ptr<const Plan>& plan) override { plan_ = plan; }
  void judged(const Fetched& fetched, const Outcome& outcome, Instant now) override;
  void windows(const WindowOutcome& windows, Instant now) override;
  void trouble(const Trouble& trouble, Instant now) override;
  void schema(const SchemaChange& change, Instant now) override;
  void status(const StreamStatus& status) override;

  /// Why no partition was ever ours though a person could do something about it; nothing when it is not so. Any thread.
  [[nodiscard]] std::optional<std::string> standing() const;

 private:
  void tell_of_readiness(const StreamStatus& status);

  Log& log_;
  std::string stream_;
  std::shared_ptr<const Plan> plan_;
  std::optional<std::vector<Partition>> partitions_;
  std::string unready_ = "starting";  // the reasons, or empty
  bool was_ready_ = false;
  std::array<bool, kWrappings> told_of_{};  // by Wrapping: records were found in it
  mutable std::mutex mutex_;
  bool was_assigned_ = false;  // under mutex_
  std::string standing_ = {};  // under mutex_: the last trouble that does not heal by itself
};

/// How many bytes were judged, for a report at the end.
class ByteCount final : public StreamObserver {
 public:
  void judged(const Fetched& fetched, const Outcome& /*outcome*/, Instant /*now*/) override {
    for (const Message& message : fetched.messages.items) bytes_ += message.bytes.size();
  }
  /// Once the stream has ended.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  std::uint64_t bytes_ = 0;
};

}  // namespace weir
