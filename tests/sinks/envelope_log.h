// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/ports.h"

namespace weir::testing {

/// A log that only knows envelopes.
class EnvelopeLog final : public RecordLog {
 public:
  Status start(Listener& /*listener*/) override { return Done{}; }
  void poll(Duration /*wait*/, std::size_t /*most*/, Events& /*out*/) override {}
  Envelope envelope_of(const Fetched& fetched, std::size_t item) override {
    ++asked;
    return fetched.messages.envelopes[item];
  }
  std::optional<std::string_view> value_of(const Fetched& fetched, std::size_t item) override {
    if (!whole_value.empty()) return whole_value;
    return RecordLog::value_of(fetched, item);
  }
  void pause(const Partition& /*partition*/) override {}
  void resume(const Partition& /*partition*/) override {}
  Status seek(const Partition& /*partition*/, std::int64_t /*offset*/) override { return Done{}; }
  Result<Bounds> bounds(const Partition& /*partition*/) override { return Bounds{}; }
  Result<std::int64_t> offset_at(const Partition& /*partition*/, Instant /*time*/) override { return std::int64_t{0}; }
  Result<std::vector<Position>> committed(std::span<const Partition> /*partitions*/) override {
    return std::vector<Position>{};
  }
  std::vector<Partition> known_partitions() override { return {}; }
  std::optional<std::int64_t> known_end(const Partition& /*partition*/) override { return std::nullopt; }
  Status commit(std::span<const Position> /*positions*/) override { return Done{}; }
  void close() override {}

  int asked = 0;
  std::string whole_value = {};  // of every record, when it is not empty
};

}  // namespace weir::testing
