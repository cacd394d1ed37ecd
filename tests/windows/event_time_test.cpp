// SPDX-License-Identifier: Apache-2.0
#include "windows/event_time.h"

#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/timestamp.h"
#include "base/zone.h"

namespace weir {
namespace {

using namespace std::chrono_literals;

struct Value {
  Kind kind = Kind::Text;
  std::string text;
  std::int64_t number = 0;
  std::uint32_t scale = 0;
};

std::vector<std::optional<Instant>> times_of(const std::vector<Value>& values, const Plan& plan,
                                             const std::vector<Envelope>& envelopes = {}) {
  Batch batch;
  batch.clear(1);
  batch.origins.resize(values.size());
  batch.decoded.assign(values.size(), true);
  Column& column = batch.columns[0];
  for (const Value& value : values) {
    column.kinds.push_back(value.kind);
    column.cells.push_back({.number = value.number,
                            .data = value.text.data(),
                            .size = static_cast<std::uint32_t>(value.text.size()),
                            .scale = value.scale});
  }
  Messages messages;
  messages.envelopes = envelopes;
  std::vector<Instant> times;
  Mask timed;
  read_event_times(plan, messages, batch, times, timed);
  std::vector<std::optional<Instant>> out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    out.push_back(timed[i] ? std::optional(times[i]) : std::nullopt);
  }
  return out;
}

std::optional<Instant> at(std::string_view text) {
  return parse_timestamp(text);
}

Plan plan_with(TimeError on_error = TimeError::Drop) {
  Plan plan;
  plan.fields.add(*FieldPath::parse("at"));
  plan.time.column = 0;
  plan.time.on_error = on_error;
  return plan;
}

Value text(const std::string& text) {
  return {.kind = Kind::Text, .text = text, .number = 0, .scale = 0};
}

TEST_CASE("texts within the minute of the one before are read as each for itself") {
  const std::vector<std::string> texts = {"2026-01-01T00:00:00Z",      "2026-01-01T00:00:59Z",
                                          "2026-01-01T00:00:07.25Z",   "2026-01-01T00:00:60Z",
                                          "2026-01-01T00:00:5Z",       "2026-01-01T00:00:07.Z",
                                          "2026-01-01T00:00:07.2x5Z",  "2026-01-01T00:00:07.1234567Z",
                                          "2026-01-01T00:00:07+00:00", "2026-01-01T00:00:07.5-01:00",
                                          "2026-01-01T00:00:0aZ",      "2026-01-01T00:01:00Z",
                                          "2016-12-31T23:59:59Z",      "2016-12-31T23:59:60Z",
                                          "2016-12-31T23:59:58Z",      "2026-01-01T00:00:07.000001Z",
                                          "2026-01-01t00:00:01z",      "2026-01-01 00:00:01Z",
                                          "2026-01-01T00:00:99Z",      "soon"};
  std::vector<Value> values;
  for (const std::string& one : texts) {
    values.push_back(text("2026-01-01T00:00:30Z"));
    values.push_back(text(one));
  }
  const auto times = times_of(values, plan_with());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    INFO(texts[i]);
    CHECK(times[2 * i + 1] == at(texts[i]));
  }
}

TEST_CASE("texts without a zone are times of the plan's zone, dates their midnight there") {
  Plan plan = plan_with();
  const std::vector<Value> values = {text("2026-01-01T12:00:00"), text("2026-01-01 12:00:00.5"),
                                     text("2026-01-01"),          text("2026-01-01T12:00:00Z"),
                                     text("2026-02-30"),          text("2026-01-01T12:00")};
  CHECK(times_of(values, plan) == std::vector{at("2026-01-01T12:00:00Z"), at("2026-01-01T12:00:00.5Z"),
                                              at("2026-01-01T00:00:00Z"), at("2026-01-01T12:00:00Z"),
                                              std::optional<Instant>(), std::optional<Instant>()});
  plan.time.zone_rules = std::make_shared<const Zone>(2h);
  CHECK(times_of(values, plan) == std::vector{at("2026-01-01T10:00:00Z"), at("2026-01-01T10:00:00.5Z"),
                                              at("2025-12-31T22:00:00Z"), at("2026-01-01T12:00:00Z"),
                                              std::optional<Instant>(), std::optional<Instant>()});
}

TEST_CASE("numbers are seconds or finer since 1970, and what is no time of the calendar is none") {
  const auto times = times_of({{Kind::Integer, "1767225600", 1'767'225'600, 0},
                               {Kind::Integer, "1767225600000", 1'767'225'600'000, 0},
                               {Kind::Decimal, "1767225600.5", 17'672'256'005, 1},
                               {Kind::Boolean, "true", 1, 0},
                               {Kind::Null, "null", 0, 0},
                               {Kind::Decimal, "9000000000000.1", 90'000'000'000'001, 1}},
                              plan_with());
  CHECK(times[0] == at("2026-01-01T00:00:00Z"));
  CHECK(times[1] == at("2026-01-01T00:00:00Z"));
  CHECK(times[2] == at("2026-01-01T00:00:00.5Z"));
  CHECK_FALSE(times[3].has_value());
  CHECK_FALSE(times[4].has_value());
  CHECK_FALSE(times[5].has_value());
}

TEST_CASE("the time of the message serves where no field is named, or the field cannot be read and the plan says so") {
  Envelope envelope;
  envelope.timestamp = *at("2026-01-01T00:00:09Z");
  Plan nameless = plan_with();
  nameless.time.column = EventTime::kNone;
  CHECK(times_of({text("soon")}, nameless, {envelope})[0] == envelope.timestamp);
  CHECK_FALSE(times_of({text("soon")}, nameless)[0].has_value());
  CHECK_FALSE(times_of({text("soon")}, plan_with(), {envelope})[0].has_value());
  CHECK(times_of({text("soon")}, plan_with(TimeError::UseRecordTime), {envelope})[0] == envelope.timestamp);
}

}  // namespace
}  // namespace weir
