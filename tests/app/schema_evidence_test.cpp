// SPDX-License-Identifier: Apache-2.0
#include "app/schema_evidence.h"

#include <catch2/catch_test_macros.hpp>

#include "rules/load.h"

using namespace weir;

namespace {

struct Heard final : StreamObserver {
  void windows(const WindowOutcome& windows, Instant) override { last = windows; }
  void schema(const SchemaChange&, Instant) override { ++schemas; }
  WindowOutcome last;
  int schemas = 0;
};

WindowOutcome failing() {
  WindowOutcome out;
  for (std::uint32_t rule = 0; rule < 2; ++rule) {
    WindowVerdict& verdict = out.verdicts.emplace_back();
    verdict.rule = rule;
    verdict.verdict = Verdict::Fail;
  }
  return out;
}

}  // namespace

TEST_CASE("a window that breaks a rule about its schema names the last change, and no other window does") {
  LoadOptions options;
  options.read_file = [](const std::string&) -> Result<std::string> {
    return std::string(
        "weir: 1\nwindows:\n  - every: 1m\n    rules:\n      - {must: schema == last}\n"
        "      - {must: row_count > 5}\n");
  };
  const Loaded loaded = load_rules("rules.yml", options);
  REQUIRE(loaded.plan != nullptr);
  Heard heard;
  SchemaEvidence evidence(heard);
  evidence.rules(loaded.plan);
  evidence.windows(failing(), Instant{});
  CHECK(heard.last.verdicts.at(0).cause.empty());

  SchemaChange change;
  change.topic = "orders";
  change.from_key = schema_key(7);
  change.to_key = schema_key(9);
  change.from = change.to = std::make_shared<SchemaText>();
  change.offset = 512;
  change.difference.differences = {"`n`: int -> long"};
  change.difference.compatibility = Compatibility::Full;
  evidence.schema(change, Instant{});
  CHECK(heard.schemas == 1);
  evidence.windows(failing(), Instant{});
  CHECK(heard.last.verdicts.at(0).cause ==
        "the last change before: the values of orders went from the schema id 7 to the schema id 9: `n`: int -> long; "
        "compatible in both directions (first in orders[0] at offset 512)");
  CHECK(heard.last.verdicts.at(1).cause.empty());
}
