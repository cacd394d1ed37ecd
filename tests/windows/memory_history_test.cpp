// SPDX-License-Identifier: Apache-2.0
// A history in memory comes back from its bytes, and bytes that are none leave it as it was.
#include "windows/memory_history.h"

#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <string>

namespace weir::testing {
namespace {

constexpr Instant kNever = Instant(Duration(std::numeric_limits<std::int64_t>::min()));
constexpr Instant kEver = Instant(Duration(std::numeric_limits<std::int64_t>::max()));

MemoryHistory filled(bool backwards) {
  MemoryHistory history;
  const double infinity = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 100; ++i) {
    const int n = backwards ? 99 - i : i;
    const Instant at = Instant(std::chrono::minutes(n - 50));
    history.add("row_count | 1m", {at, n * 0.1});
    history.add("mean(amount) | 1m | shop=\"x\"", {at + std::chrono::days(20'000), n == 7 ? -infinity : -n / 3.0});
  }
  history.add("ends of time", {kNever, 1});
  history.add("ends of time", {kEver, -0.0});
  history.add(std::string("\0\xff", 2), {Instant{}, std::numeric_limits<double>::denorm_min()});
  return history;
}

TEST_CASE("a history comes back to the bit, whatever the order in which it came about") {
  const std::string written = filled(false).write();
  CHECK(filled(true).write() == written);
  MemoryHistory read;
  read.add("of before", {Instant{}, 1});
  REQUIRE(read.read(written).ok());
  CHECK(read.write() == written);
  MemoryHistory filled_one = filled(false);
  for (const char* series : {"row_count | 1m", "mean(amount) | 1m | shop=\"x\"", "ends of time"}) {
    const std::vector<PastValue> values = read.past(series, kNever, kEver, 1'000);
    CHECK(values.size() >= 1);
    CHECK(values == filled_one.past(series, kNever, kEver, 1'000));
  }
  CHECK(read.past("of before", kNever, kEver, 10).empty());
  CHECK(MemoryHistory().read(MemoryHistory().write()).ok());
}

TEST_CASE("a history that is cut short, changed or of another version is refused, and what was there stays") {
  const std::string written = filled(false).write();
  MemoryHistory history;
  history.add("kept", {Instant{}, 1});
  const std::string before = history.write();
  for (std::size_t size = 0; size < written.size(); ++size) {
    REQUIRE_FALSE(history.read(written.substr(0, size)).ok());
  }
  CHECK_FALSE(history.read(written + '\0').ok());
  CHECK_FALSE(history.read("\x02" + written.substr(1)).ok());
  CHECK_FALSE(history.read(std::string("\x01\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10)).ok());
  CHECK(history.write() == before);
  for (std::size_t at = 0; at < written.size(); ++at) {
    std::string changed = written;
    changed[at] = static_cast<char>(changed[at] ^ 0x41);
    MemoryHistory other;
    if (other.read(changed)) CHECK(other.write().size() <= changed.size());  // another history, and no fault
  }
}

}  // namespace
}  // namespace weir::testing
