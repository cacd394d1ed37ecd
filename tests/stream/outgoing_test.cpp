// SPDX-License-Identifier: Apache-2.0
#include "stream/outgoing.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <deque>
#include <map>
#include <utility>
#include <vector>

namespace weir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A sink that does as it is told.
class ObedientOut final : public RecordOut {
 public:
  std::size_t room = 100;
  std::size_t largest = 1'000;
  bool acknowledges = true;
  bool refuses = false;  // every record fails for good
  bool says_too_large_late = false;
  bool says_full = false;  // as a file whose disk is: once, not every time
  std::vector<std::string> written;

  Taken write(const OutRecord& record, std::uint64_t token) override {
    if (!says_too_large_late && record.value && record.value->size() > largest) return Taken::TooLarge;
    if (flying_.size() >= room) return Taken::Full;
    flying_.push_back({token, std::string(record.value.value_or("null"))});
    return Taken::Yes;
  }
  void poll(std::vector<Delivered>& delivered, std::vector<Trouble>& troubles) override {
    if (std::exchange(says_full, false))
      troubles.push_back(
          {.weight = Trouble::Weight::Standing, .event = "file_not_written", .message = "no space left"});
    while (acknowledges && !flying_.empty()) {
      const auto [token, value] = flying_.front();
      flying_.pop_front();
      const bool too_large = says_too_large_late && value.size() > largest;
      Delivered one{.token = token, .ok = !refuses && !too_large, .too_large = too_large, .trouble = {}};
      if (!one.ok) one.trouble = {.weight = Trouble::Weight::Standing, .event = "refused", .message = "no permission"};
      if (one.ok) written.push_back(value);
      delivered.push_back(one);
    }
  }
  bool flush(Duration /*wait*/) override { return acknowledges; }

 private:
  std::deque<std::pair<std::uint64_t, std::string>> flying_;
};

class StubOutlet final : public Outlet {
 public:
  bool has_stub = true;
  void route(const Fetched&, const Outcome&, RecordLog&, Instant, std::vector<OwnRecord>&) override {}
  std::optional<OwnRecord> stub_of(const OwnRecord& record) override {
    if (!has_stub) return std::nullopt;
    OwnRecord out = record;
    out.value = "stub";
    return out;
  }
  void use(std::shared_ptr<const Plan>) override {}
};

struct Fixture {
  ObedientOut out;
  StubOutlet outlet;
  Outgoing outgoing{out, out, outlet, {.records = 10, .bytes = 1 << 20}, 7};
  std::vector<Trouble> troubles;

  void add(const std::string& value) {
    OwnRecord record;
    record.origin = {"t", 0};
    record.value = value;
    outgoing.add(std::move(record));
  }
};

TEST_CASE("records are settled once all that were added before them are acknowledged") {
  Fixture f;
  f.add("a");
  f.add("b");
  const std::uint64_t mark = f.outgoing.mark();
  f.add("c");
  f.out.acknowledges = false;
  f.outgoing.pump(seconds(1), f.troubles);
  CHECK(!f.outgoing.is_settled(mark));
  CHECK(f.outgoing.waiting_of({"t", 0}) == 3);
  f.out.acknowledges = true;
  f.outgoing.pump(seconds(2), f.troubles);
  CHECK(f.outgoing.is_settled(mark));
  CHECK(f.outgoing.waiting() == 0);
  CHECK(f.out.written == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("a sink without room is asked again, and nobody feeds it meanwhile") {
  Fixture f;
  f.out.room = 3;
  f.out.acknowledges = false;
  for (int i = 0; i < 10; ++i) f.add(std::to_string(i));
  f.outgoing.pump(seconds(1), f.troubles);
  CHECK(f.outgoing.is_full());
  CHECK(!f.outgoing.has_room());
  f.out.acknowledges = true;
  for (int i = 0; i < 10; ++i) f.outgoing.pump(seconds(2 + i), f.troubles);
  CHECK(f.out.written == std::vector<std::string>{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"});
  CHECK(f.outgoing.has_room());
}

TEST_CASE("a record that failed is tried again later and later, and never given up") {
  Fixture f;
  f.out.refuses = true;
  f.add("a");
  Duration now = seconds(1);
  std::vector<Duration> tries;
  for (int i = 0; i < 100'000 && tries.size() < 12; ++i) {
    const std::size_t before = f.troubles.size();
    f.outgoing.pump(now, f.troubles);
    if (f.troubles.size() > before) tries.push_back(now);
    now += milliseconds(10);
  }
  REQUIRE(tries.size() == 12);
  CHECK(tries[1] - tries[0] >= milliseconds(250));
  CHECK(tries[1] - tries[0] <= milliseconds(510));
  CHECK(tries[11] - tries[10] >= seconds(15));
  CHECK(tries[11] - tries[10] <= seconds(31));
  CHECK(f.outgoing.fault() == "no permission");
  f.out.refuses = false;
  f.outgoing.pump(now + seconds(31), f.troubles);
  CHECK(f.outgoing.waiting() == 0);
  CHECK(f.outgoing.fault().empty());
  CHECK(f.out.written == std::vector<std::string>{"a"});
}

TEST_CASE("a record that is too large is replaced by its stub, whenever that turns out") {
  for (const bool late : {false, true}) {
    CAPTURE(late);
    Fixture f;
    f.out.says_too_large_late = late;
    f.add("small");
    f.add(std::string(5'000, 'x'));
    f.add("other");
    for (int i = 0; i < 4; ++i) f.outgoing.pump(seconds(1 + i), f.troubles);
    CHECK(f.outgoing.waiting() == 0);
    CHECK(f.out.written.size() == 3);
    CHECK(std::count(f.out.written.begin(), f.out.written.end(), "stub") == 1);
  }
}

TEST_CASE("a record that is too large and has no stub waits and says why") {
  Fixture f;
  f.outlet.has_stub = false;
  f.add(std::string(5'000, 'x'));
  f.outgoing.pump(seconds(1), f.troubles);
  CHECK(f.outgoing.waiting() == 1);
  REQUIRE(!f.troubles.empty());
  CHECK(f.troubles[0].event == "record_too_large");
  CHECK(!f.outgoing.fault().empty());
}

TEST_CASE("a file whose disk is full is told of until it settles something again, and takes what it has room for") {
  Fixture f;
  f.out.acknowledges = false;
  f.out.says_full = true;
  f.add("a");
  f.outgoing.pump(seconds(1), f.troubles);
  f.outgoing.pump(seconds(2), f.troubles);  // the file has said it, and says it again in a minute
  CHECK(f.outgoing.trouble() == "no space left");
  CHECK(f.outgoing.fault().empty());
  f.out.acknowledges = true;
  f.outgoing.pump(seconds(3), f.troubles);
  CHECK(f.outgoing.trouble().empty());
  CHECK(f.out.written == std::vector<std::string>{"a"});
}

TEST_CASE("what belongs to an aborted transaction is forgotten, also when it is acknowledged late") {
  Fixture f;
  f.out.acknowledges = false;
  f.add("a");
  f.outgoing.pump(seconds(1), f.troubles);
  f.outgoing.forget();
  CHECK(f.outgoing.waiting() == 0);
  f.out.acknowledges = true;
  f.add("b");
  f.outgoing.pump(seconds(2), f.troubles);
  CHECK(f.outgoing.waiting() == 0);
}

TEST_CASE("what failed in an aborted transaction keeps nobody waiting") {
  Fixture f;
  f.out.refuses = true;
  f.add("a");
  f.outgoing.pump(seconds(1), f.troubles);
  CHECK(f.outgoing.has_failed());
  CHECK(!f.outgoing.fault().empty());
  f.outgoing.forget();
  CHECK(!f.outgoing.has_failed());
  CHECK(f.outgoing.fault().empty());
}

TEST_CASE("flush waits for what was added, and says when it could not") {
  Fixture f;
  for (int i = 0; i < 8; ++i) f.add("x");
  f.out.room = 2;
  CHECK(f.outgoing.flush(seconds(5), f.troubles));
  CHECK(f.out.written.size() == 8);
  f.add("y");
  f.out.acknowledges = false;
  CHECK(!f.outgoing.flush(seconds(5), f.troubles));
  CHECK(f.outgoing.waiting() == 1);
}

}  // namespace
}  // namespace weir
