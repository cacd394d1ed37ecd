// SPDX-License-Identifier: Apache-2.0
// Counts of values against a map, exact ones and later ones.
#include "summary/value_counts.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/key.h"
#include "summary/column.h"

namespace weir {
namespace {

using testing::WrittenColumn;

ValueCounts counts_of(const WrittenColumn& values, bool redacted = false) {
  ValueCounts counts(redacted);
  for (const std::uint32_t i : values.all()) {
    const Kind kind = values.column().kinds[i];
    counts.add(kind, values.column().cells[i], hash_of(kind, values.column().cells[i]));
  }
  return counts;
}

TEST_CASE("values are shown as they are, the most common first") {
  const ValueCounts counts =
      counts_of(WrittenColumn({"\"b\"", "\"a\"", "\"b\"", "1.50", "1.5", "15e-1", "true", "{\"a\":1}",
                               "123456789012345678901234567890", "\"1.5\"", "NaN"}));
  const std::vector<ValueCount> entries = counts.entries();
  REQUIRE(entries.size() == 8);
  CHECK((entries[0].text == "1.5" && entries[0].count == 3 && entries[0].value_class == ValueClass::Number));
  CHECK((entries[1].text == "b" && entries[1].count == 2 && entries[1].value_class == ValueClass::Text));
  CHECK(entries[2].text == "1.5");
  CHECK(entries[3].text == "a");
  CHECK(entries[4].text == "123456789012345678901234567890");
  CHECK(entries[5].text == "NaN");
  CHECK((entries[6].text == "true" && entries[6].value_class == ValueClass::Boolean));
  CHECK((entries[7].text == "{\"a\":1}" && entries[7].value_class == ValueClass::Structure));
  CHECK(counts.exact());
  CHECK(counts.error() == 0);
  CHECK(counts.other() == 0);
  CHECK(counts.total() == 11);
  CHECK(counts.entries(2).size() == 2);
}

TEST_CASE("long texts are cut between characters, and stay different values") {
  const std::string same(63, 'x');
  const ValueCounts counts =
      counts_of(WrittenColumn({"\"" + same + "éa\"", "\"" + same + "éb\"", "\"" + same + "y\""}));
  const std::vector<ValueCount> entries = counts.entries();
  REQUIRE(entries.size() == 3);
  CHECK((entries[0].text == same && entries[0].cut));
  CHECK((entries[1].text == same && entries[1].cut));
  CHECK((entries[2].text == same + "y" && !entries[2].cut));
}

struct Runs {
  std::map<std::uint64_t, std::uint64_t> expected;
  ValueCounts counts;
};

// `keys` different values; the i-th most common comes with a probability of about 1 / i.
Runs run(std::size_t keys, std::size_t size, std::uint64_t seed) {
  Runs runs;
  std::mt19937_64 random(seed);
  std::vector<double> up_to;
  double sum = 0;
  for (std::size_t i = 1; i <= keys; ++i) up_to.push_back(sum += 1.0 / static_cast<double>(i));
  for (std::size_t i = 0; i < size; ++i) {
    const double at = sum * (static_cast<double>(random() >> 11) * 0x1p-53);
    Cell cell;
    cell.number = std::upper_bound(up_to.begin(), up_to.end(), at) - up_to.begin();
    const std::uint64_t hash = hash_of(Kind::Integer, cell);
    ++runs.expected[hash];
    runs.counts.add(Kind::Integer, cell, hash);
  }
  return runs;
}

TEST_CASE("up to 1 024 values every count is exact") {
  const Runs runs = run(1024, 30'000, 1);
  REQUIRE(runs.counts.exact());
  REQUIRE(runs.counts.size() == runs.expected.size());
  for (const ValueCount& entry : runs.counts.entries()) CHECK(runs.expected.at(entry.hash) == entry.count);
}

TEST_CASE("beyond it no count is farther off than the error says, and the most common are there") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Runs runs = run(20'000, 50'000, seed);
    REQUIRE_FALSE(runs.counts.exact());
    CHECK(runs.counts.error() <= runs.counts.total() * 2 / ValueCounts::kMost);
    std::uint64_t counted = 0;
    for (const auto& [hash, count] : runs.expected) {
      const std::uint64_t found = runs.counts.count_of(hash);
      counted += found;
      if (found > count || found + runs.counts.error() < count) FAIL_CHECK("a count is off by more than the error");
    }
    CHECK(counted + runs.counts.other() == runs.counts.total());
    CHECK(runs.counts.entries(3)[0].text == "0");
    CHECK(runs.counts.entries(3)[1].text == "1");
    CHECK(runs.counts.entries(3)[2].text == "2");
  }
}

TEST_CASE("a full table takes what it was said to take") {
  WrittenColumn values;
  for (std::size_t i = 0; i < 3000; ++i) values.add("\"" + std::string(60, 'x') + std::to_string(1000 + i) + "\"");
  for (const bool redacted : {false, true}) {
    const ValueCounts counts = counts_of(values, redacted);
    CHECK(counts.bytes() <= ValueCounts::bytes_bound(redacted));
    CHECK(static_cast<double>(counts.bytes()) >= 0.9 * static_cast<double>(ValueCounts::bytes_bound(redacted)));
  }
}

}  // namespace
}  // namespace weir
