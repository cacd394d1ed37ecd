// SPDX-License-Identifier: Apache-2.0
// Few numbers are kept, many are not.
#include "summary/raw_values.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "summary/column.h"
#include "summary/field_summary.h"

namespace weir {
namespace {

using testing::WrittenColumn;

std::string bytes_of(const RawValues& values) {
  SummaryWriter out;
  values.write(out);
  return out.bytes();
}

RawValues raw_of(std::uint32_t most, const std::vector<double>& values) {
  RawValues raw(most);
  raw.add(values);
  return raw;
}

TEST_CASE("raw values are all there in ascending order up to their bound") {
  const RawValues raw = raw_of(5, {3, 1, 2, 2, -1});
  CHECK(raw.complete());
  CHECK(raw.count() == 5);
  CHECK(raw.sorted() == std::vector<double>{-1, 1, 2, 2, 3});
  CHECK(raw.bytes() <= RawValues::bytes_bound(5));
}

TEST_CASE("with one raw value too many there are none at all, and no memory is held for them") {
  RawValues raw = raw_of(4, {3, 1, 2, 2});
  raw.add(std::vector<double>{7});
  CHECK_FALSE(raw.complete());
  CHECK(raw.count() == 5);
  CHECK(raw.sorted().empty());
  CHECK(raw.bytes() == sizeof(RawValues));
  raw.add(std::vector<double>{1, 2, 3});
  CHECK(raw.count() == 8);
  CHECK(raw.bytes() == sizeof(RawValues));
}

TEST_CASE("raw values that overflow by a merge are those that overflow by an addition") {
  RawValues merged = raw_of(4, {1, 2, 3});
  merged.merge(raw_of(4, {5, 4}));
  CHECK(merged == raw_of(4, {5, 4, 3, 2, 1}));
  CHECK(bytes_of(merged) == bytes_of(raw_of(4, {9, 9, 9, 9, 9})));
  RawValues fits = raw_of(4, {3, 1});
  fits.merge(fits);
  CHECK(fits.sorted() == std::vector<double>{1, 1, 3, 3});
}

TEST_CASE("a zero among raw values has no sign") {
  CHECK(bytes_of(raw_of(4, {-0.0, 1})) == bytes_of(raw_of(4, {1, 0.0})));
}

TEST_CASE("settled raw values are the same ones") {
  RawValues raw = raw_of(9, {3, 1, 2});
  const std::string before = bytes_of(raw);
  raw.settle();
  CHECK(bytes_of(raw) == before);
  CHECK(raw == raw_of(9, {1, 2, 3}));
}

TEST_CASE("raw values that were changed in their file are an error") {
  const auto fault_of = [](std::string bytes, std::uint32_t most) {
    SummaryReader in(bytes);
    const RawValues read = RawValues::read(in, most);
    return in.ok() ? std::string() : in.error().message;
  };
  const std::string good = bytes_of(raw_of(9, {1, 2, 3}));
  CHECK(fault_of(good, 9).empty());
  CHECK(fault_of(good.substr(0, good.size() - 1), 9).find("too early") != std::string::npos);
  std::string unsorted = good;
  std::swap_ranges(unsorted.begin() + 1, unsorted.begin() + 9, unsorted.begin() + 9);
  CHECK(fault_of(unsorted, 9).find("not in order") != std::string::npos);
  SummaryWriter infinite;
  infinite.varint(1);
  infinite.f64(std::numeric_limits<double>::infinity());
  CHECK(fault_of(infinite.bytes(), 9).find("not finite") != std::string::npos);
  SummaryWriter huge;
  huge.varint(2'000'000'000);
  CHECK(fault_of(huge.bytes(), 4'000'000'000U).find("too early") != std::string::npos);
  CHECK(fault_of(huge.bytes(), 9).empty());  // too many for this bound: only their number
}

TEST_CASE("a field keeps as raw values its finite numbers and nothing else") {
  const WrittenColumn column({"3", "1.5", "\"x\"", "null", "NaN", "1e400", "true", "", "-0.0", "-Infinity"});
  FieldSummary summary(SummarySpec{.parts = Part::Raw});
  summary.add(column.column(), column.all());
  REQUIRE(summary.raw() != nullptr);
  CHECK(summary.raw()->sorted() == std::vector<double>{0, 1.5, 3});
  CHECK(FieldSummary(SummarySpec{.parts = Part::Moments}).raw() == nullptr);
}

TEST_CASE("a summary whose raw values are fewer than its numbers is an error") {
  const WrittenColumn column({"3", "1", "2"});
  const SummarySpec spec{.parts = Part::Raw};
  FieldSummary summary(spec);
  summary.add(column.column(), column.all());
  SummaryWriter out;
  summary.write(out);
  std::string bytes = out.bytes();
  bytes.resize(bytes.size() - 8);
  bytes[bytes.size() - 17] = 2;  // the number of raw values
  SummaryReader in(bytes);
  const Result<FieldSummary> read = FieldSummary::read(in, spec);
  REQUIRE_FALSE(read.ok());
  CHECK(read.error().message.find("differ") != std::string::npos);
}

}  // namespace
}  // namespace weir
