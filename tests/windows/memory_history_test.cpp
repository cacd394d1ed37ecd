// SPDX-License-Identifier: Apache-2.0
// A history in memory comes back from its bytes, and bytes that are none leave it as it was. Records are bounded, and a trial
// leaves those behind it alone.
#include "windows/memory_history.h"

#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <string>
#include <vector>

#include "windows/past_records.h"
#include "windows/trial_history.h"

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

std::vector<std::string> texts(const std::vector<PastRecord>& records) {
  std::vector<std::string> out;
  for (const PastRecord& record : records) out.push_back(record.bytes);
  return out;
}

using Texts = std::vector<std::string>;

Instant minute(std::int64_t n) {
  return Instant(std::chrono::minutes(n));
}

TEST_CASE("records come back to the bit with the values, and a history without any reads as ever") {
  MemoryHistory history = filled(false);
  const std::string without = history.write();
  history.add_record("b", {kEver, std::string("\0x", 2)});
  history.add_record("b", {kNever, ""});
  history.add_record("a", {minute(3), "three"});
  const std::string written = history.write();
  MemoryHistory read;
  REQUIRE(read.read(written).ok());
  CHECK(read.write() == written);
  CHECK(texts(read.past_records("b", kNever, kEver, 9)) == Texts{""});
  CHECK(texts(read.past_records("a", minute(3), minute(4), 9)) == Texts{"three"});
  CHECK(read.bytes() == history.bytes());
  for (std::size_t size = 0; size < written.size(); ++size)
    REQUIRE_FALSE(MemoryHistory().read(written.substr(0, size)));
  for (std::size_t at = 0; at < written.size(); ++at) {
    std::string changed = written;
    changed[at] = static_cast<char>(changed[at] ^ 0x41);
    MemoryHistory other;
    if (other.read(changed)) CHECK(other.write().size() <= changed.size());
  }
  REQUIRE(read.read(without).ok());
  CHECK_FALSE(read.has_records());
}

TEST_CASE("a record of the same series and instant is replaced, and the newest that fit are given oldest first") {
  PastRecords records;
  for (int i = 0; i < 5; ++i) records.add("s", {minute(i), "old"});
  for (int i = 4; i >= 0; --i) records.add("s", {minute(i), std::to_string(i)});
  CHECK(texts(records.past("s", kNever, kEver, 9)) == Texts{"0", "1", "2", "3", "4"});
  CHECK(texts(records.past("s", minute(1), minute(4), 2)) == Texts{"2", "3"});
  CHECK(records.past("s", minute(4), minute(1), 2).empty());
  records.drop("s", minute(3));
  CHECK(texts(records.past("s", kNever, kEver, 9)) == Texts{"3", "4"});
  records.drop("s", kEver);
  CHECK(records.empty());
  CHECK(records.bytes() == 0);
}

TEST_CASE("without room the oldest records go first, the newest of a series last, in whatever order they came") {
  const auto fill = [](bool backwards) {
    PastRecords records(100'000);
    records.add("edges", {kNever, std::string(1'000, 'e')});
    for (int i = 0; i < 60; ++i) {
      const int n = backwards ? 59 - i : i;
      records.add(n % 2 == 0 ? "even" : "odd", {minute(n), std::string(1'000, 'x')});
      CHECK(records.bytes() <= 100'000);
    }
    return records;
  };
  CHECK(fill(false) == fill(true));
  PastRecords records = fill(false);
  for (int i = 60; i < 1'000; ++i) {
    records.add(i % 2 == 0 ? "even" : "odd", {minute(i), std::string(1'000, 'x')});
    REQUIRE(records.bytes() <= 100'000);
  }
  CHECK(records.past("edges", kNever, kEver, 9).size() == 1);
  const std::vector<PastRecord> odd = records.past("odd", kNever, kEver, 1'000);
  CHECK(odd.size() >= 35);
  CHECK(odd.back().at == minute(999));
  CHECK(odd.front().at == minute(999 - 2 * (static_cast<std::int64_t>(odd.size()) - 1)));
  records.add("huge", {minute(0), std::string(200'000, 'x')});
  CHECK(records.bytes() <= 100'000);
}

TEST_CASE("what is tried lies over the records behind it, and leaves them as they are") {
  MemoryHistory behind;
  for (int i = 0; i < 4; ++i) behind.add_record("s", {minute(i), std::to_string(i)});
  const std::string before = behind.write();
  TrialHistory trial(behind);
  trial.add_record("s", {minute(3), "tried"});
  trial.add_record("s", {minute(4), "new"});
  CHECK(texts(trial.past_records("s", kNever, kEver, 9)) == Texts{"0", "1", "2", "tried", "new"});
  CHECK(texts(trial.past_records("s", kNever, kEver, 3)) == Texts{"2", "tried", "new"});
  trial.drop_records("s", minute(2));
  CHECK(texts(trial.past_records("s", kNever, kEver, 9)) == Texts{"2", "tried", "new"});
  trial.add_record("s", {minute(1), "again"});
  CHECK(texts(trial.past_records("s", kNever, kEver, 9)) == Texts{"again", "2", "tried", "new"});
  CHECK(behind.write() == before);
}

}  // namespace
}  // namespace weir::testing
