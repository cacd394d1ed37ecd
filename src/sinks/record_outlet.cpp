// SPDX-License-Identifier: Apache-2.0
#include "sinks/record_outlet.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/text.h"
#include "decode/datum_json.h"
#include "decode/redact.h"

namespace weir {

namespace {

constexpr Duration kTellEvery = std::chrono::minutes(1);

/// Where a failing record goes; nothing: it is dropped, or there is no such output.
std::optional<Route::To> destination_of(const FailingRecord& record, Outputs outputs) {
  if (record.action >= OnFail::Quarantine) {
    return outputs.quarantine ? std::optional(Route::To::Quarantine) : std::nullopt;
  }
  if (!outputs.clean || record.action == OnFail::Drop) return std::nullopt;
  return record.action == OnFail::Tag ? Route::To::Tagged : Route::To::Clean;
}

}  // namespace

void route_records(const Messages& messages, const Outcome& outcome, Outputs outputs, std::vector<Route>& out) {
  out.clear();
  if (!outputs.clean && outcome.failing.empty()) return;
  const std::size_t judged = outcome.halted ? static_cast<std::size_t>(outcome.records) : messages.items.size();
  const auto pass_up_to = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; outputs.clean && i < to; ++i) out.push_back({.item = static_cast<std::uint32_t>(i)});
  };
  std::size_t next = 0;
  for (std::size_t i = 0; i < outcome.failing.size(); ++i) {
    const FailingRecord& record = outcome.failing[i];
    WEIR_ASSERT(record.item >= next && record.item < judged, "failing records come once each and in order");
    pass_up_to(next, record.item);
    next = record.item + std::size_t{1};
    if (const auto to = destination_of(record, outputs)) {
      out.push_back({.item = record.item, .failing = static_cast<std::uint32_t>(i), .to = *to, .passed = false});
    }
  }
  pass_up_to(next, judged);
}

RecordOutlet::RecordOutlet(std::shared_ptr<const Plan> plan, OutletOptions options, StreamObserver& observer)
    : plan_(std::move(plan)), options_(std::move(options)), observer_(observer), storm_(options_.storm) {
  options_.clean = options_.clean || !options_.clean_topic.empty();
  use(plan_);
}

RecordOutlet::~RecordOutlet() = default;

void RecordOutlet::use(std::shared_ptr<const Plan> plan) {
  json_.reset();  // it looks at the plan before
  plan_ = std::move(plan);
  if (has_redacted(plan_->fields)) json_ = std::make_unique<DatumJson>(*plan_);
}

void RecordOutlet::route(const Fetched& fetched, const Outcome& outcome, RecordLog& log, Instant now,
                         std::vector<OwnRecord>& out) {
  route_records(fetched.messages, outcome, {.quarantine = options_.quarantine, .clean = options_.clean}, routes_);
  if (routes_.empty()) return;
  const std::string quarantine =
      options_.quarantine_topic.empty() ? fetched.partition.topic + ".quarantine" : options_.quarantine_topic;
  std::uint64_t kept_out = 0;
  for (const Route& route : routes_) {
    const FailingRecord* const failing = route.passed ? nullptr : &outcome.failing[route.failing];
    const bool clean = route.to != Route::To::Quarantine;
    if (!clean && !storm_.take(now)) {
      ++kept_out;
      continue;
    }
    const Envelope envelope = log.envelope_of(fetched, route.item);
    const LogRecord record{.partition = fetched.partition,
                           .offset = fetched.messages.items[route.item].offset,
                           .value = log.value_of(fetched, route.item),
                           .envelope = envelope};
    if (clean) {
      out.push_back(clean_record(record, *plan_, route.to == Route::To::Tagged ? failing : nullptr));
      out.back().topic = options_.clean_topic;
    } else {
      out.push_back(quarantine_record(*failing, record, *plan_, options_.stamp, now, json_.get()));
      out.back().topic = quarantine;
      out.back().failing = route.failing;
    }
  }
  if (kept_out == 0) return;
  observer_.kept_out(kept_out);
  untold_ += kept_out;
  tell_of_storm(with_commas(untold_) + " failing records of `" + fetched.partition.topic +
                    "` were counted and not put aside: the quarantine is over its limit",
                now);
}

/// Once a minute.
void RecordOutlet::tell_of_storm(std::string message, Instant now) {
  if (told_at_ && now - *told_at_ < kTellEvery && now >= *told_at_) return;
  observer_.trouble(
      {.weight = Trouble::Weight::Standing, .event = "quarantine_over_limit", .message = std::move(message)}, now);
  told_at_ = now;
  untold_ = 0;
}

std::optional<OwnRecord> RecordOutlet::stub_of(const OwnRecord& record) {
  return record.clean ? std::nullopt : stub_of_quarantined(record);
}

bool RecordOutlet::is_open(Instant now) {
  if (storm_.is_open(now)) return true;
  tell_of_storm("the stream waits: more records fail than its quarantine may take (`max_per_second`, `budget`)", now);
  return false;
}

}  // namespace weir
