// SPDX-License-Identifier: Apache-2.0
// Between a stream and whoever watches it: a window that broke a rule about `schema` says which change of the registry's
// schemas was the last before it was judged. Which window a change falls into follows from nothing that a record says, so
// it is the newest change that is named, with the place of its first record.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "weir/plan.h"
#include "weir/ports.h"

namespace weir {

class SchemaEvidence final : public StreamObserver {
 public:
  explicit SchemaEvidence(StreamObserver& next) : next_(next) {}

  void rules(const std::shared_ptr<const Plan>& plan) override;
  void judged(const Fetched& fetched, const Outcome& outcome, Instant now) override {
    next_.judged(fetched, outcome, now);
  }
  void windows(const WindowOutcome& windows, Instant now) override;
  void quarantined(std::uint64_t records, std::span<const std::uint64_t> rules) override {
    next_.quarantined(records, rules);
  }
  void kept_out(std::uint64_t records) override { next_.kept_out(records); }
  void trouble(const Trouble& trouble, Instant now) override { next_.trouble(trouble, now); }
  void schema(const SchemaChange& change, Instant now) override;
  void status(const StreamStatus& status) override { next_.status(status); }

 private:
  [[nodiscard]] bool wants_words(const WindowVerdict& verdict) const;

  StreamObserver& next_;
  std::vector<bool> about_schema_;  // by index of Plan::window_rules
  std::string last_;                // the newest change, in words; empty: there was none
};

}  // namespace weir
