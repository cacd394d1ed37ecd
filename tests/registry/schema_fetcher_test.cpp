// SPDX-License-Identifier: Apache-2.0
#include "registry/schema_fetcher.h"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <vector>

#include "registry/fake_registry.h"
#include "registry/schema_client.h"

namespace weir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::FakeRegistry;

constexpr Duration kLong = seconds(20);

struct Bench {
  std::shared_ptr<SchemaBook> book = std::make_shared<SchemaBook>();
  SchemaFetcher fetcher;

  explicit Bench(const RegistrySettings& settings, Duration refused_for = seconds(60))
      : fetcher(std::make_unique<SchemaClient>(settings), book, refused_for) {}
  bool await(std::vector<std::string> keys, Duration timeout = kLong) { return fetcher.await(keys, timeout); }
};

TEST_CASE("what is wanted comes into the book, known or refused, and is asked for once") {
  FakeRegistry registry;
  registry.add(7, "orders-value", 3, {.text = "A"});
  Bench bench(registry.settings());
  CHECK(bench.fetcher.want(schema_key(7)));
  CHECK(bench.fetcher.want(schema_key(7)));
  CHECK(bench.await({schema_key(7), schema_key(8), schema_key(8)}));
  REQUIRE(bench.book->find(schema_key(7)) != nullptr);
  CHECK(bench.book->find(schema_key(7))->text->text == "A");
  CHECK(bench.book->find(schema_key(8))->text == nullptr);
  CHECK(bench.book->find(schema_key(8))->refusal == "the registry knows no schema with the id 8");
  CHECK(bench.await({schema_key(7), schema_key(8)}));
  CHECK(bench.fetcher.want(schema_key(8)));  // refused just now
  const RegistryStatus status = bench.fetcher.status();
  CHECK(status.fetched == 1);
  CHECK(status.refused == 1);
  CHECK(status.known == 2);
  CHECK(status.waiting == 0);
  CHECK(status.calls == 3);  // the schema, its versions, and the one that is not there
  CHECK_FALSE(status.away);
  CHECK(status.since_success);
  CHECK(bench.fetcher.readiness().ok);
}

TEST_CASE("a schema that is registered after it was refused is found, and the refusal stays until then") {
  FakeRegistry registry;
  Bench bench(registry.settings(), milliseconds(1));
  CHECK(bench.await({schema_key(7)}));
  CHECK(bench.book->find(schema_key(7))->text == nullptr);
  registry.add(7, "a", 1, {.text = "A"});
  while (bench.book->find(schema_key(7))->text == nullptr) CHECK(bench.fetcher.want(schema_key(7)));
  CHECK(bench.book->find(schema_key(7))->text->text == "A");
}

TEST_CASE("while the registry is away known schemas stay, wanted ones wait, and come when it is back") {
  auto registry = std::make_unique<FakeRegistry>();
  const std::uint16_t port = registry->port();
  registry->add(7, "a", 1, {.text = "A"});
  Bench bench(registry->settings());
  CHECK(bench.await({schema_key(7)}));
  registry = nullptr;
  CHECK_FALSE(bench.await({schema_key(8)}, milliseconds(150)));
  CHECK(bench.book->find(schema_key(7))->text->text == "A");
  CHECK(bench.book->find(schema_key(8)) == nullptr);
  const RegistryStatus status = bench.fetcher.status();
  CHECK(status.away);
  CHECK(status.waiting == 1);
  CHECK(status.failures[static_cast<std::size_t>(RegistryFault::Unreachable)] >= 1);
  CHECK_FALSE(status.standing);
  const Readiness readiness = bench.fetcher.readiness();
  CHECK(readiness.name == "registry");
  CHECK_FALSE(readiness.ok);
  CHECK(readiness.reason == "cannot connect to http://127.0.0.1:" + std::to_string(port) +
                                ": Connection refused; schemas that wait for it: 1");
  FakeRegistry back(port);
  back.add(8, "b", 1, {.text = "B"});
  CHECK(bench.await({schema_key(8)}));
  CHECK(bench.book->find(schema_key(8))->text->text == "B");
  CHECK(bench.fetcher.readiness().ok);
  CHECK_FALSE(bench.fetcher.status().away);
}

TEST_CASE("who waits is told at once when no waiting helps") {
  FakeRegistry registry;
  registry.require("Bearer other");
  Bench bench(registry.settings());
  const auto began = std::chrono::steady_clock::now();
  CHECK_FALSE(bench.await({schema_key(7)}));
  CHECK(std::chrono::steady_clock::now() - began < kLong);
  CHECK(bench.fetcher.status().standing);
  CHECK(bench.fetcher.status().trouble.find("refuses the login (401") != std::string::npos);
  // Nothing was decided: somebody mends it, and the schema comes.
  registry.require("");
  registry.add(7, "a", 1, {.text = "A"});
  while (bench.book->find(schema_key(7)) == nullptr) static_cast<void>(bench.await({schema_key(7)}));
  CHECK(bench.book->find(schema_key(7))->text != nullptr);
}

TEST_CASE("garbage is asked for again and refused in the end; another schema comes in between") {
  FakeRegistry registry;
  registry.add(8, "b", 1, {.text = "B"});
  registry.fail_by([](const testing::PeerRequest& request, bool& handled) -> std::optional<testing::PeerReply> {
    handled = request.target == "/schemas/ids/7";
    return testing::http_reply(200, "{\"schema\": ");
  });
  Bench bench(registry.settings());
  CHECK(bench.await({schema_key(7), schema_key(8)}));
  CHECK(bench.book->find(schema_key(7))->refusal ==
        "the registry at " + registry.url() + " answered with JSON that is none");
  CHECK(bench.book->find(schema_key(8))->text != nullptr);
  CHECK(bench.fetcher.status().failures[static_cast<std::size_t>(RegistryFault::Garbled)] == 3);
}

TEST_CASE("stop ends what waits, at once") {
  FakeRegistry registry;
  registry.fail_by([](const testing::PeerRequest&, bool& handled) -> std::optional<testing::PeerReply> {
    handled = true;
    return std::nullopt;
  });
  Bench bench(registry.settings());
  const auto began = std::chrono::steady_clock::now();
  std::thread other([&] {
    while (registry.asked().empty()) std::this_thread::yield();
    bench.fetcher.stop();
  });
  CHECK_FALSE(bench.await({schema_key(7)}));
  other.join();
  CHECK(std::chrono::steady_clock::now() - began < seconds(8));
  CHECK(bench.book->find(schema_key(7)) == nullptr);
  CHECK_FALSE(bench.await({schema_key(7)}));
}

}  // namespace
}  // namespace weir
