// SPDX-License-Identifier: Apache-2.0
#include "base/zone.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "base/timestamp.h"

namespace weir {
namespace {

std::string file_of(const std::string& name) {
  std::ifstream in("/usr/share/zoneinfo/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A TZif file with no change but the rule at its end, which is enough for a zone.
std::string file_with_rule(const std::string& rule) {
  const auto block = [](char version) {
    std::string out = "TZif";
    out += version;
    out.append(15, '\0');
    for (const char count : {'\0', '\0', '\0', '\0', '\1', '\4'}) out += std::string(3, '\0') + count;
    out += std::string(6, '\0') + std::string("UTC\0", 4);
    return out;
  };
  return block('2') + block('2') + "\n" + rule + "\n";
}

Zone zone_of(const std::string& rule) {
  const auto zone = Zone::read(file_with_rule(rule));
  REQUIRE(zone.ok());
  return *zone;
}

Instant at(std::string_view text) {
  return *parse_timestamp(text);
}
Duration wall(std::string_view text) {
  return at(text).time_since_epoch();
}
std::int64_t hours_of_day(const Zone& zone, std::string_view midnight) {
  const Duration start = wall(midnight);
  return std::chrono::duration_cast<std::chrono::hours>(zone.instant_of(start + std::chrono::hours(24)) -
                                                        zone.instant_of(start))
      .count();
}

TEST_CASE("days in Berlin have 23, 24 or 25 hours") {
  const Zone berlin = zone_of("CET-1CEST,M3.5.0,M10.5.0/3");
  CHECK(hours_of_day(berlin, "2026-03-29T00:00:00Z") == 23);
  CHECK(hours_of_day(berlin, "2026-06-29T00:00:00Z") == 24);
  CHECK(hours_of_day(berlin, "2026-10-25T00:00:00Z") == 25);
  CHECK(berlin.instant_of(wall("2026-03-29T00:00:00Z")) == at("2026-03-28T23:00:00Z"));
  CHECK(berlin.instant_of(wall("2026-07-01T00:00:00Z")) == at("2026-06-30T22:00:00Z"));
  CHECK(berlin.offset_at(at("2026-03-29T00:59:59Z")) == std::chrono::hours(1));
  CHECK(berlin.offset_at(at("2026-03-29T01:00:00Z")) == std::chrono::hours(2));
  CHECK(berlin.offset_at(at("2026-10-25T00:59:59Z")) == std::chrono::hours(2));
  CHECK(berlin.offset_at(at("2026-10-25T01:00:00Z")) == std::chrono::hours(1));
}

TEST_CASE("a time that clocks skip is the instant of the jump, and one that they show twice is the first") {
  const Zone berlin = zone_of("CET-1CEST,M3.5.0,M10.5.0/3");
  CHECK(berlin.instant_of(wall("2026-03-29T02:30:00Z")) == at("2026-03-29T01:00:00Z"));
  CHECK(berlin.instant_of(wall("2026-10-25T02:30:00Z")) == at("2026-10-25T00:30:00Z"));
  const Zone midnight = zone_of("<-04>4<-03>,M9.1.6/24,M4.1.6/24");  // Santiago changes at 24:00
  CHECK(midnight.instant_of(wall("2026-09-06T00:00:00Z")) == at("2026-09-06T04:00:00Z"));
  CHECK(hours_of_day(midnight, "2026-09-06T00:00:00Z") == 23);
  CHECK(hours_of_day(midnight, "2026-04-04T00:00:00Z") == 25);
}

TEST_CASE("a rule holds for summers that end before they begin, for days by number and for ever") {
  const Zone sydney = zone_of("AEST-10AEDT,M10.1.0,M4.1.0/3");
  CHECK(sydney.offset_at(at("2026-01-01T00:00:00Z")) == std::chrono::hours(11));
  CHECK(sydney.offset_at(at("2026-07-01T00:00:00Z")) == std::chrono::hours(10));
  CHECK(sydney.offset_at(at("9999-01-01T00:00:00Z")) == std::chrono::hours(11));
  const Zone by_day = zone_of("AAA0BBB-1,J60/0,J300/0");
  CHECK(by_day.offset_at(at("2024-02-29T12:00:00Z")) == std::chrono::hours(0));
  CHECK(by_day.offset_at(at("2024-03-01T00:00:00Z")) == std::chrono::hours(1));
  CHECK(by_day.offset_at(at("2025-03-01T00:00:00Z")) == std::chrono::hours(1));
  const Zone zero_based = zone_of("AAA0BBB-1,59/0,300/0");
  CHECK(zero_based.offset_at(at("2024-02-29T00:00:00Z")) == std::chrono::hours(1));
}

TEST_CASE("a zone without summer time and times before our era are read as well") {
  const Zone kolkata = zone_of("IST-5:30");
  CHECK(kolkata.local(at("2026-01-01T00:00:00Z")) == wall("2026-01-01T05:30:00Z"));
  CHECK(hours_of_day(kolkata, "2026-03-29T00:00:00Z") == 24);
  const Zone berlin = zone_of("CET-1CEST,M3.5.0,M10.5.0/3");
  const Instant long_ago{std::chrono::sys_days(std::chrono::year(-4000) / 7 / 1)};
  CHECK(berlin.offset_at(long_ago) == std::chrono::hours(2));
  CHECK(berlin.instant_of(berlin.local(long_ago)) == long_ago);
  CHECK(Zone(std::chrono::hours(-3)).local(at("2026-01-01T00:00:00Z")) == wall("2025-12-31T21:00:00Z"));
}

TEST_CASE("a file of the system is read with its history") {
  const std::string bytes = file_of("Europe/Berlin");
  if (bytes.empty()) SKIP("this system has no zone files");
  const auto berlin = Zone::read(bytes);
  REQUIRE(berlin.ok());
  CHECK(berlin->offset_at(at("1900-01-01T00:00:00Z")) == std::chrono::hours(1));
  CHECK(berlin->offset_at(at("1945-06-01T00:00:00Z")) == std::chrono::hours(3));
  CHECK(berlin->offset_at(at("1975-07-01T00:00:00Z")) == std::chrono::hours(1));
  CHECK(berlin->offset_at(at("2026-07-01T00:00:00Z")) == std::chrono::hours(2));
  CHECK(hours_of_day(*berlin, "2077-03-28T00:00:00Z") == 23);
}

TEST_CASE("what is no zone file is an error, wherever it is cut and whatever it promises") {
  const std::string good = file_with_rule("CET-1CEST,M3.5.0,M10.5.0/3");
  for (std::size_t size = 0; size + 30 < good.size(); ++size) CHECK_FALSE(Zone::read(good.substr(0, size)).ok());
  CHECK_FALSE(Zone::read(file_with_rule("CET-1CEST,M13.5.0,M10.5.0/3")).ok());
  CHECK_FALSE(Zone::read(file_with_rule("CET-1CEST")).ok());
  CHECK_FALSE(Zone::read(file_with_rule("1")).ok());
  std::string greedy = good;
  for (std::size_t i = 20; i < 44; ++i) greedy[i] = '\x7f';
  CHECK_FALSE(Zone::read(greedy).ok());
  CHECK_FALSE(Zone::read("root:x:0:0").ok());
}

}  // namespace
}  // namespace weir
