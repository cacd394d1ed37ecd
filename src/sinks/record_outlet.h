// SPDX-License-Identifier: Apache-2.0
// Where each record of a step goes.
//
//   passes, or fails a rule with `on_fail: count`     clean
//   `on_fail: tag`                                    clean, with a header that names the rules
//   `on_fail: drop`                                   nowhere; counted
//   `on_fail: quarantine`, `on_fail: halt`            quarantine
//
// So a record is in one of them or dropped on purpose, never in both. Without a clean topic a step in which nothing failed
// costs nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sinks/quarantine_record.h"
#include "sinks/storm_control.h"
#include "weir/ports.h"

namespace weir {

/// Where one record goes.
struct Route {
  enum class To : std::uint8_t { Clean, Tagged, Quarantine };
  std::uint32_t item = 0;     // index into the items of the messages
  std::uint32_t failing = 0;  // index into Outcome::failing, unless it passed
  To to = To::Clean;
  bool passed = true;
};

/// Which outputs there are.
struct Outputs {
  bool quarantine = true;
  bool clean = false;
};

/// The routes of a step, in the order of its records. Clears `out` first.
void route_records(const Messages& messages, const Outcome& outcome, Outputs outputs, std::vector<Route>& out);

struct OutletOptions {
  bool quarantine = true;             // false: failing records are only counted
  std::string quarantine_topic = {};  // empty: <topic>.quarantine
  std::string clean_topic = {};       // empty: passing records go nowhere
  bool clean = false;                 // passing records go out although no topic is named: to a file
  QuarantineStamp stamp = {};
  StormControl::Settings storm = {};
};

class RecordOutlet final : public Outlet {
 public:
  /// The observer is told of records that storm control kept out, and that a stream waits for it.
  RecordOutlet(std::shared_ptr<const Plan> plan, OutletOptions options, StreamObserver& observer);
  ~RecordOutlet() override;

  void route(const Fetched& fetched, const Outcome& outcome, RecordLog& log, Instant now,
             std::vector<OwnRecord>& out) override;
  [[nodiscard]] std::optional<OwnRecord> stub_of(const OwnRecord& record) override;
  [[nodiscard]] bool is_open(Instant now) override;
  void use(std::shared_ptr<const Plan> plan) override;

 private:
  void tell_of_storm(std::string message, Instant now);

  std::shared_ptr<const Plan> plan_;
  std::unique_ptr<DatumJson> json_;  // null: nothing is redacted
  OutletOptions options_;
  StreamObserver& observer_;
  StormControl storm_;
  std::vector<Route> routes_;
  std::optional<Instant> told_at_;
  std::uint64_t untold_ = 0;
};

}  // namespace weir
