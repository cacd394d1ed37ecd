// SPDX-License-Identifier: Apache-2.0
#include "suggest/discover.h"

#include <catch2/catch_test_macros.hpp>

namespace weir {
namespace {

std::vector<std::string> paths_of(std::initializer_list<const char*> records) {
  FieldDiscovery discovery;
  for (const char* record : records) discovery.add(parse_json(record).value());
  std::vector<std::string> out;
  for (const FieldPath& path : discovery.paths()) out.push_back(path.text());
  return out;
}

TEST_CASE("fields are the leaves of records, in the order in which they come") {
  CHECK(paths_of({R"({"b": 1, "a": {"x": 1, "y": {"z": null}}})", R"({"c": "t"})"}) ==
        std::vector<std::string>{"b", "a.x", "a.y.z", "c"});
}

TEST_CASE("arrays are named by their elements") {
  CHECK(paths_of({R"({"tags": ["a"], "items": [{"qty": 1}, {"sku": "x"}], "none": []})"}) ==
        std::vector<std::string>{"tags[]", "items[].qty", "items[].sku", "none"});
}

TEST_CASE("names with other signs read back as the same path") {
  CHECK(paths_of({R"({"@timestamp": 1, "a.b": {"c d": 2}, "kafka": {"x": 1}})"}) ==
        std::vector<std::string>{"@timestamp", R"("a.b".c d)", "kafka.x"});
  CHECK(paths_of({R"({"kafka": {"key": 1}})"}) == std::vector<std::string>{R"("kafka".key)"});
}

TEST_CASE("a map with data for keys and a deep document end somewhere") {
  std::string wide = "{\"m\": {\"k\": 0";
  for (int i = 0; i < 1000; ++i) wide += ", \"k" + std::to_string(i) + "\": 1";
  wide += "}}";
  CHECK(paths_of({wide.c_str()}) == std::vector<std::string>{"m"});
  CHECK(paths_of({R"({"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":1}}}}}}}})"}).size() == 1);
  CHECK(paths_of({"[1, 2]", "7"}).empty());
}

}  // namespace
}  // namespace weir
