// SPDX-License-Identifier: Apache-2.0
// Three-valued logic: what a null makes unknown, and what it leaves known.
#include <catch2/catch_test_macros.hpp>

#include "expr/judge.h"

namespace weir::testing {
namespace {

// Every pair of true, false, unknown and faulty, in that order.
const std::vector<FieldOf> kPairs = {{"a",
                                      {"true", "true", "true", "true", "false", "false", "false", "false", "null",
                                       "null", "null", "null", "1", "1", "1", "1"}},
                                     {"b",
                                      {"true", "false", "null", "1", "true", "false", "null", "1", "true", "false",
                                       "null", "1", "true", "false", "null", "1"}}};

void same_both_ways(std::string_view text, const std::vector<FieldOf>& fields, const std::string& expected) {
  INFO(text);
  CHECK(decide(text, fields) == expected);
  CHECK(decide_by_rows(text, fields) == expected);
}

TEST_CASE("false decides an and, true decides an or, and the unknown outlasts the faulty") {
  same_both_ways("a && b", kPairs, "TF?EFFFF?F??EF?E");
  same_both_ways("a || b", kPairs, "TTTTTF?ET???TE?E");
  same_both_ways("!a", kPairs, "FFFFTTTT????EEEE");
  same_both_ways("!(a && b)", kPairs, "FT?ETTTT?T??ET?E");
  same_both_ways("!a || !b", kPairs, "FT?ETTTT?T??ET?E");
  same_both_ways("a ? b : !b", kPairs, "TF?EFT?E????EEEE");
}

TEST_CASE("the order of the parts changes nothing, whether they run as loops or row by row") {
  // `(a ? true : false)` goes row by row.
  same_both_ways("(a ? true : false) && b", kPairs, "TF?EFFFF?F??EF?E");
  same_both_ways("b && (a ? true : false)", kPairs, "TF?EFFFF?F??EF?E");
  same_both_ways("(a ? true : false) || b", kPairs, "TTTTTF?ET???TE?E");
}

TEST_CASE("a comparison with a null or an absent field is unknown") {
  const std::vector<FieldOf> fields = {{"x", {"1", "null", "absent"}}, {"y", {"1", "1", "1"}}};
  for (const std::string_view text :
       {"x == 1", "x <= y", "x in [1, 2]", "x + 1 == 2", "size(string(x)) == 1", "[x][0] == 1"}) {
    same_both_ways(text, fields, "T??");
  }
  same_both_ways("x != 1", fields, "F??");
}

TEST_CASE("== null, != null and has() are never unknown") {
  const std::vector<FieldOf> fields = {{"x", {"1", "null", "absent"}}};
  same_both_ways("x == null", fields, "FTT");
  same_both_ways("null == x", fields, "FTT");
  same_both_ways("x != null", fields, "TFF");
  same_both_ways("has(x)", fields, "TTF");
  same_both_ways("x + 1 == null", fields, "FTT");
}

TEST_CASE("a field that holds something else than it declares is not null") {
  same_both_ways("created == null", {{"created", {"\"yesterday\"", "null"}, FieldType::Timestamp}}, "FT");
}

TEST_CASE("a field of a nested value that is not there is unknown, and has() sees it") {
  const std::vector<FieldOf> fields = {
      {"items", {R"([{"qty": 2}])", R"([{"qty": 0}])", R"([{}])", R"([])", "null", "5"}}};
  same_both_ways("items.all(i, i.qty > 0)", fields, "TF?T?E");
  same_both_ways("items.exists(i, i.qty > 0)", fields, "TF?F?E");
  same_both_ways("items.exists_one(i, i.qty > 0)", fields, "TF?F?E");
  same_both_ways("items.all(i, has(i.qty))", fields, "TTFT?E");
  same_both_ways("size(items.filter(i, i.qty > 0)) == 1", fields, "TFFF?E");
  same_both_ways("items.map(i, i.qty) == [2]", fields, "TFFF?E");
}

}  // namespace
}  // namespace weir::testing
