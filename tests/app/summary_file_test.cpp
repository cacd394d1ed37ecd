// SPDX-License-Identifier: Apache-2.0
// A summary comes back as it was written, and a file that is not one, or not a whole one, is told apart.
#include "app/summary_file.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "base/sha256.h"

namespace weir {
namespace {

RunSummary summary() {
  RunSummary made;
  made.ruleset = "abc";
  made.rules_file = "rules/orders.yml";
  made.files = {{"rules/orders.yml", "weir: 1\n"},
                {"rules/skus.csv", "sku\n\"1\"\n"},
                {"rules/latin1.csv",
                 "Stra\xdf"
                 "e\n"}};
  made.vars = {{"max", "7"}};
  made.environment = {{"HOME", "/root"}};
  made.redact = {"email"};
  made.selected = {"id:*"};
  made.now = Instant(Duration(-5));
  made.inputs = {{.path = "a.ndjson", .records = 3, .bytes = 90, .undecodable = 1},
                 {.path = "b.ndjson", .records = 2, .bytes = 60, .stream = "payments"}};
  made.inputs[0].envelopes.wrapped[static_cast<std::size_t>(Wrapping::Debezium)] = 2;
  made.inputs[0].envelopes.removals = 1;
  made.samples = {{.rule = 1, .input = 0, .line = 2, .offset = 40, .value = "\"x\"\n", .reason = "is x"}};
  made.warnings = {"order-key forgot 40 keys"};
  made.windows = std::string("\0\xff windows \n", 12);
  return made;
}

std::string refusal(std::string_view bytes) {
  const Result<RunSummary> read = read_summary(bytes, "a.weir");
  REQUIRE_FALSE(read.ok());
  return read.error().message;
}

/// The same bytes, with a checksum that holds.
std::string signed_again(std::string bytes) {
  bytes.resize(bytes.size() - 64);
  return bytes + sha256_hex(bytes);
}

TEST_CASE("a summary comes back as it was written") {
  const std::string bytes = write_summary(summary());
  const Result<RunSummary> read = read_summary(bytes, "a.weir");
  REQUIRE(read.ok());
  CHECK(write_summary(*read) == bytes);
  CHECK(read->files == summary().files);
  CHECK(read->now == summary().now);
  CHECK(read->windows == summary().windows);
  REQUIRE(read->samples.size() == 1);
  CHECK(read->samples[0].value == "\"x\"\n");
  REQUIRE(read->inputs.size() == 2);
  CHECK(read->inputs[1].stream == "payments");
  CHECK(read->inputs[0].envelopes.in(Wrapping::Debezium) == 2);
  CHECK(read->inputs[0].envelopes.removals == 1);
  CHECK_FALSE(read->inputs[1].envelopes.any());
}

TEST_CASE("the same run has the same name, another run another, and one without records none") {
  const RunSummary read = *read_summary(write_summary(summary()), "a.weir");
  CHECK(runs_of(read).size() == 1);
  CHECK(runs_of(read) == runs_of(*read_summary(write_summary(summary()), "b.weir")));
  RunSummary other = summary();
  other.inputs[0].path = "c.ndjson";
  CHECK(runs_of(read) != runs_of(*read_summary(write_summary(other), "c.weir")));
  for (InputReport& input : other.inputs) input.records = 0;
  CHECK(runs_of(*read_summary(write_summary(other), "d.weir")).empty());
  RunSummary merged = summary();
  merged.runs = {"one", "two"};
  CHECK(runs_of(*read_summary(write_summary(merged), "e.weir")) == merged.runs);
}

TEST_CASE("a summary that is cut short anywhere is refused") {
  const std::string bytes = write_summary(summary());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    INFO(size);
    CHECK(refusal(bytes.substr(0, size)) == "`a.weir` is damaged or cut short");
  }
  CHECK(refusal(bytes + "x") == "`a.weir` is damaged or cut short");
}

TEST_CASE("a summary in which any byte changed is refused") {
  const std::string bytes = write_summary(summary());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    INFO(at);
    CHECK_FALSE(read_summary(changed, "a.weir").ok());
  }
}

TEST_CASE("what is no summary and what another version wrote are told apart") {
  CHECK(refusal("{\"order_id\": 1}") == "`a.weir` is no summary of weir");
  std::string newer = write_summary(summary());
  newer.replace(newer.find("1\n"), 1, "2");
  CHECK(refusal(signed_again(newer)) == "`a.weir` was written by another version of weir (layout 2, this one reads 1)");
}

TEST_CASE("a header that is signed and still wrong is refused") {
  const std::string bytes = write_summary(summary());
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = bytes;
    changed.replace(changed.find(from), from.size(), to);
    return refusal(signed_again(changed));
  };
  CHECK(with("\"ruleset\":\"abc\"", "\"ruleset\":12345") == "`a.weir` is damaged or cut short");
  CHECK(with("\"records\":3", "\"records\":x") == "`a.weir` is damaged or cut short");
  CHECK(with("\"rule\":1", "\"rule\":-") == "`a.weir` is damaged or cut short");
  CHECK(with("\"input\":0", "\"input\":7") == "`a.weir` is damaged or cut short");
  CHECK(with("\"max\":\"7\"", "\"max\":[7]") == "`a.weir` is damaged or cut short");
  std::string lying = bytes;
  const std::size_t line = lying.find('\n') + 1;
  lying.replace(line, lying.find('\n', line) - line, "99999999999999999999");
  CHECK(refusal(signed_again(lying)) == "`a.weir` is damaged or cut short");
  lying.replace(line, 20, "5");
  CHECK(refusal(signed_again(lying)) == "`a.weir` is damaged or cut short");
}

}  // namespace
}  // namespace weir
