// SPDX-License-Identifier: Apache-2.0
#include "registry/fetch_queue.h"

#include <catch2/catch_test_macros.hpp>
#include <chrono>

#include "weir/schemas.h"

namespace weir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kRefusedFor = seconds(60);

SchemaReply known() {
  SchemaReply reply;
  reply.kind = SchemaReply::Kind::Known;
  reply.text = std::make_shared<const SchemaText>();
  return reply;
}

SchemaReply refused() {
  SchemaReply reply;
  reply.kind = SchemaReply::Kind::Refused;
  reply.reason = "unknown";
  return reply;
}

SchemaReply away(RegistryFault fault = RegistryFault::Unreachable) {
  SchemaReply reply;
  reply.reason = "nobody there";
  reply.fault = fault;
  return reply;
}

void settle(FetchQueue& queue, const std::string& key, SchemaReply reply, Duration now) {
  queue.settle(key, reply, now);
}

TEST_CASE("keys are asked for once each, in the order in which they were wanted") {
  FetchQueue queue(kRefusedFor, 1);
  CHECK_FALSE(queue.next({}));
  CHECK_FALSE(queue.wait({}));
  CHECK(queue.want("b", {}));
  CHECK(queue.want("a", {}));
  CHECK(queue.want("b", {}));
  CHECK(queue.waiting() == 2);
  CHECK(queue.wait({}) == Duration::zero());
  CHECK(queue.next({}) == "b");
  settle(queue, "b", known(), {});
  CHECK(queue.next({}) == "a");
  settle(queue, "a", known(), {});
  CHECK(queue.waiting() == 0);
  CHECK(queue.want("b", {}));  // a key that the book has lost
  CHECK(queue.next({}) == "b");
}

TEST_CASE("a key that was refused is asked for again after a while, when it is wanted then") {
  FetchQueue queue(kRefusedFor, 1);
  CHECK(queue.want("a", {}));
  settle(queue, "a", refused(), seconds(5));
  CHECK(queue.want("a", seconds(64)));
  CHECK(queue.waiting() == 0);
  CHECK(queue.want("a", seconds(65)));
  CHECK(queue.next(seconds(65)) == "a");
  settle(queue, "a", refused(), seconds(66));
  CHECK(queue.want("a", seconds(125)));
  CHECK(queue.waiting() == 0);
  CHECK(queue.want("a", seconds(126)));
  settle(queue, "a", known(), seconds(126));
  CHECK(queue.want("a", seconds(127)));
  CHECK(queue.waiting() == 1);
}

TEST_CASE("while the registry is away it is asked less and less often, by jitter never sooner than half of that") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    FetchQueue queue(kRefusedFor, seed);
    CHECK(queue.want("a", {}));
    Duration now{};
    Duration most = milliseconds(100);
    for (int i = 0; i < 20; ++i) {
      settle(queue, "a", away(), now);
      CHECK(queue.away_since() == Duration::zero());
      CHECK(queue.trouble() == "nobody there");
      const Duration wait = queue.wait(now).value();
      CHECK(wait <= most);
      CHECK(wait >= most / 2);
      CHECK_FALSE(queue.next(now + wait - Duration(1)));
      now += wait;
      CHECK(queue.next(now) == "a");
      most = std::min<Duration>(most * 2, seconds(30));
    }
    settle(queue, "a", known(), now);
    CHECK_FALSE(queue.away_since());
    CHECK(queue.trouble().empty());
    CHECK(queue.want("b", now));
    CHECK(queue.next(now) == "b");
    settle(queue, "b", away(), now);
    CHECK(queue.wait(now).value() <= milliseconds(100));  // from the beginning
    CHECK(queue.away_since() == now);
  }
}

TEST_CASE("two instances do not come back in the same moment") {
  Backoff one(1);
  Backoff other(2);
  int same = 0;
  for (int i = 0; i < 20; ++i) same += one.after_failure() == other.after_failure() ? 1 : 0;
  CHECK(same < 3);
}

TEST_CASE("a registry may say when to come back, within bounds") {
  FetchQueue queue(kRefusedFor, 1);
  CHECK(queue.want("a", {}));
  SchemaReply busy = away(RegistryFault::Busy);
  busy.wait = seconds(7);
  settle(queue, "a", busy, {});
  CHECK(queue.wait({}) == Duration(seconds(7)));
  busy.wait = std::chrono::hours(24);
  settle(queue, "a", busy, {});
  CHECK(queue.wait({}) == FetchQueue::kMostWait);
}

TEST_CASE("a key that the registry always fails at holds up no other") {
  FetchQueue queue(kRefusedFor, 1);
  CHECK(queue.want("bad", {}));
  CHECK(queue.want("good", {}));
  settle(queue, "bad", away(RegistryFault::Server), {});
  CHECK(queue.next(seconds(1)) == "good");
  settle(queue, "good", known(), seconds(1));
  CHECK(queue.next(seconds(1)) == "bad");
}

TEST_CASE("an answer that is garbled three times is taken for a refusal; other failures never are") {
  FetchQueue queue(kRefusedFor, 1);
  CHECK(queue.want("a", {}));
  for (const bool last : {false, false, true}) {
    SchemaReply reply = away(RegistryFault::Garbled);
    queue.settle("a", reply, {});
    CHECK((reply.kind == SchemaReply::Kind::Refused) == last);
    CHECK(reply.reason == "nobody there");
  }
  CHECK(queue.waiting() == 0);
  CHECK(queue.want("b", {}));
  for (int i = 0; i < 100; ++i) {
    for (const RegistryFault fault : {RegistryFault::Answer, RegistryFault::Login, RegistryFault::Server}) {
      SchemaReply reply = away(fault);
      queue.settle("b", reply, {});
      CHECK(reply.kind == SchemaReply::Kind::Away);
    }
  }
  CHECK(queue.waiting() == 1);
}

TEST_CASE("a trouble that somebody has to mend is told apart, until there is an answer") {
  FetchQueue queue(kRefusedFor, 1);
  CHECK(queue.want("a", {}));
  SchemaReply login = away(RegistryFault::Login);
  login.standing = true;
  settle(queue, "a", login, {});
  CHECK(queue.is_standing());
  settle(queue, "a", away(), {});
  CHECK_FALSE(queue.is_standing());
  settle(queue, "a", login, {});
  settle(queue, "a", refused(), {});
  CHECK_FALSE(queue.is_standing());
}

TEST_CASE("the queue and what it remembers of refusals are bounded") {
  FetchQueue queue(kRefusedFor, 1);
  for (std::uint32_t id = 0; id < FetchQueue::kMost; ++id) REQUIRE(queue.want(schema_key(id), {}));
  CHECK_FALSE(queue.want("one more", {}));
  CHECK(queue.want(schema_key(5), {}));
  for (std::uint32_t id = 0; id < 100; ++id) {
    settle(queue, schema_key(id), refused(), seconds(id));
    CHECK(queue.want(schema_key(static_cast<std::uint32_t>(FetchQueue::kMost) + id), seconds(id)));
  }
  CHECK(queue.waiting() == FetchQueue::kMost);
}

}  // namespace
}  // namespace weir
