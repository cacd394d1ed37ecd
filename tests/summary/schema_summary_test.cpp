// SPDX-License-Identifier: Apache-2.0
// Which fields were seen, in which order, and what happens when there are too many.
#include "summary/schema_summary.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace weir {
namespace {

TEST_CASE("fields stand in the order of their smallest positions") {
  SchemaSummary schema;
  schema.add_records(2);
  schema.add("b", 0, Kind::Integer);
  schema.add("a", 1, Kind::Text);
  schema.add("a", 0, Kind::Null);
  schema.add("c", 2, Kind::Object);
  schema.add("b", 5, Kind::Integer);
  CHECK(schema.records() == 2);
  const std::vector<FieldCount> fields = schema.fields();
  REQUIRE(fields.size() == 3);
  CHECK(fields[0].name == "a");
  CHECK(fields[0].of(Kind::Text) == 1);
  CHECK(fields[0].of(Kind::Null) == 1);
  CHECK(fields[1].name == "b");
  CHECK(fields[1].total() == 2);
  CHECK(fields[2].name == "c");
  REQUIRE(schema.find("c") != nullptr);
  CHECK(schema.find("c")->position == 2);
  CHECK(schema.find("d") == nullptr);
  CHECK(schema.overflow() == 0);
}

TEST_CASE("of too many names the same are kept whatever their order, and all are counted") {
  SchemaSummary up;
  SchemaSummary down;
  constexpr std::uint32_t kNames = 2000;
  for (std::uint32_t i = 0; i < kNames; ++i) {
    up.add("field" + std::to_string(i), i, Kind::Text);
    down.add("field" + std::to_string(kNames - 1 - i), kNames - 1 - i, Kind::Text);
  }
  CHECK((up == down));
  CHECK(up.size() == SchemaSummary::kMost);
  CHECK(up.overflow() == kNames - SchemaSummary::kMost);
  CHECK(up.bytes() <= SchemaSummary::bytes_bound(kNames));
}

TEST_CASE("a long name is kept by its beginning and known by all of it") {
  SchemaSummary schema;
  const std::string name(1000, 'n');
  schema.add(name, 0, Kind::Text);
  schema.add(name + "x", 1, Kind::Text);
  CHECK(schema.size() == 2);
  REQUIRE(schema.find(name) != nullptr);
  CHECK(schema.find(name)->name.size() == SchemaSummary::kNameMost);
}

}  // namespace
}  // namespace weir
