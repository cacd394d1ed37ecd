// SPDX-License-Identifier: Apache-2.0
// Rules that are sound and that a stream cannot be judged by.
#include "config/consistency.h"

#include <catch2/catch_test_macros.hpp>

namespace weir {
namespace {

std::vector<std::string> faults(const std::string& text, std::vector<std::string> topics = {"orders"}) {
  LoadOptions options;
  options.read_file = [&](const std::string&) -> Result<std::string> { return text; };
  const Loaded loaded = load_rules("rules.yml", options);
  REQUIRE(loaded.plan != nullptr);
  StreamConfig stream;
  stream.name.value = "shop";
  stream.rules.value = "rules.yml";
  stream.topics.value = std::move(topics);
  std::vector<std::string> out;
  for (const Diagnostic& diagnostic : check_stream_rules(stream, loaded)) {
    CHECK(diagnostic.error.code == "W183");
    out.push_back(diagnostic.error.message + " at " + std::to_string(diagnostic.error.where.line));
  }
  return out;
}

using Faults = std::vector<std::string>;

TEST_CASE("a window over the whole input is nothing for a topic") {
  CHECK(faults("weir: 1\nwindows:\n  - rules: [{must: row_count >= 1}]\n") ==
        Faults{"a window over the whole input, and a topic has no end at 3"});
  CHECK(
      faults("weir: 1\nsource: {topic: orders}\nwindows:\n  - {every: 1m, rules: [{must: row_count >= 1}]}\n").empty());
}

TEST_CASE("rules about another topic are refused, where they say so") {
  const std::string rules = "weir: 1\nsource: {topic: orders}\nfields: {id: {required: true}}\n";
  CHECK(faults(rules).empty());
  CHECK(faults(rules, {"clicks", "orders"}).empty());
  CHECK(faults(rules, {"^ord"}).empty());
  CHECK(faults(rules, {"clicks"}) == Faults{"these rules are about the topic `orders` at 2"});
}

TEST_CASE("formats of files are refused") {
  CHECK(faults("weir: 1\nsource: {format: csv}\nfields: {id: {required: true}}\n") ==
        Faults{"`source.format` is one of files at 0"});
  CHECK(faults("weir: 1\nsource: {format: parquet}\nfields: {id: {required: true}}\n") ==
        Faults{"`source.format` is one of files at 0"});
  for (const char* format : {"json", "avro", "protobuf"})
    CHECK(faults("weir: 1\nsource: {format: " + std::string(format) + "}\nfields: {id: {required: true}}\n").empty());
}

TEST_CASE("a comparison with another stream is refused") {
  const std::string rules =
      "weir: 1\nsource: {topic: orders}\nwindows:\n"
      "  - {every: 1m, rules: [{must: 'other(\"paid\", row_count) >= 1'}]}\n";
  CHECK(faults(rules) == Faults{"the rule compares with the stream `paid` at 4"});
}

TEST_CASE("a pattern reads what it matches from its beginning on") {
  StreamConfig stream;
  stream.topics.value = {"clicks", "^orders\\.(eu|us)$"};
  CHECK(reads_topic(stream, "clicks"));
  CHECK(reads_topic(stream, "orders.eu"));
  CHECK_FALSE(reads_topic(stream, "orders.eu.quarantine"));
  CHECK_FALSE(reads_topic(stream, "click"));
}

}  // namespace
}  // namespace weir
