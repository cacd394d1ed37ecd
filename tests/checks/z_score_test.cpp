// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "checks/registry.h"
#include "testing/checks_judge.h"

namespace weir::testing {
namespace {

Written within(const std::string& most, const std::string& mean, const std::string& sd) {
  return Written().scalar("max", most).scalar("mean", mean).scalar("sd", sd);
}

TEST_CASE("max_z_score counts standard deviations on both sides of the mean, and the bound holds") {
  CHECK(verdicts(kMaxZScoreCheck, within("4", "10", "2"), {"2", "1.99", "18", "18.01", "10", "1800e-2"}) == ".F.F..");
  CHECK(verdicts(kMaxZScoreCheck, within("1.5", "-0.5", "1e-3"), {"-0.4986", "-0.498", "-0.502", "0"}) == ".FFF");
  CHECK(verdicts(kMaxZScoreCheck, within("3", "1e18", "1"), {"1000000000000000000", "2e18", "-1e18"}) == ".FF");
}

TEST_CASE("max_z_score fails what is no finite number") {
  CHECK(verdicts(kMaxZScoreCheck, within("4", "0", "1e300"), {"1e400", "-1e400", "1e300", "null"}) == "FF.-");
  CHECK(reason(kMaxZScoreCheck, within("4", "10", "2"), "\"10\"") == "type: `10` is a text, a number is needed");
  CHECK(reason(kMaxZScoreCheck, within("4", "10", "2"), "20") ==
        "max_z_score: 20 lies 5 standard deviations from the mean 10, at most 4 allowed");
}

TEST_CASE("a redacted value tells neither itself nor its distance") {
  const std::unique_ptr<const Check> check = make(kMaxZScoreCheck, within("4", "10", "2"));
  TableOfValues table;
  table.column("amount", {"20"}).redact();
  CHECK(check->explain(table.subject(), 0).message == "*** is too far from the mean, at most 4 allowed");
}

TEST_CASE("max_z_score refuses what says nothing") {
  const std::string both = "`max_z_score` takes both of `mean` and `sd`, or none of them";
  CHECK(refusal(kMaxZScoreCheck, Written().scalar("max", "4").scalar("mean", "1")) == both);
  CHECK(refusal(kMaxZScoreCheck, Written().scalar("max", "4").scalar("sd", "1")) == both);
  CHECK(refusal(kMaxZScoreCheck, within("0", "1", "1")) == "`max_z_score` needs a number above 0");
  CHECK(refusal(kMaxZScoreCheck, within("-1", "1", "1")) == "`max_z_score` needs a number above 0");
  CHECK(refusal(kMaxZScoreCheck, within("4", "1e999", "1")) == "`mean` needs a finite number");
  CHECK(refusal(kMaxZScoreCheck, within("4", "1", "0")) == "`sd` needs a number above 0");
  CHECK(refusal(kMaxZScoreCheck, within("1e200", "1", "1e200")) == "`max_z_score` reaches beyond every number");
}

}  // namespace
}  // namespace weir::testing
