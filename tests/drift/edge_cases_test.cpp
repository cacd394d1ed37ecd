// SPDX-License-Identifier: Apache-2.0
// What data does at its edges: nothing there, one value, new ones, ids, other types, other units.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "drift/sides_of.h"

namespace weir::testing {
namespace {

using Texts = std::vector<std::string>;

TEST_CASE("a field that one side lacks is no data, and the cause says which side") {
  const Profile some = profile_written("1..100");
  FieldPair pair = pair_of(some, some, {"ks"});
  pair.current = nullptr;
  FieldResult found = compare_fields(std::vector{pair}, {}).front();
  CHECK(found.verdict == Verdict::NoData);
  CHECK(found.cause == "no records with the field");
  CHECK(found.tests.empty());
  CHECK(summary_of("x", found) == "x: no records with the field");

  pair.reference = nullptr;
  CHECK(compare_fields(std::vector{pair}, {}).front().cause == "the reference lacks the field");
  CHECK(compared("null*100", "1..100").cause == "the reference has no values");
  CHECK(compared("null*100", "1..100").verdict == Verdict::NoData);
  found = compared("1..100", "absent*100", {"ks"});
  CHECK(found.verdict == Verdict::NoData);
  CHECK(found.cause == "no record has the field");
}

TEST_CASE("a field that vanished from all records is drift for auto, because the share of nulls is asked as well") {
  const FieldResult found = compared("1..100", "absent*100");
  CHECK(found.verdict == Verdict::Fail);
  CHECK(texts_of(found) == Texts{"records without the field went from 0 % to 100 %"});
}

TEST_CASE("fewer than 30 values are inconclusive, never fine, and how many are missing is said") {
  for (const std::string_view test :
       {"ks", "psi", "wasserstein", "cvm", "mean_shift", "quantile_shift", "chi_square", "js", "tv", "l_inf",
        "hellinger", "cramers_v", "null_share", "type_share", "new_value", "vanished_value", "cardinality"}) {
    INFO(test);
    const FieldResult found = compared("1*20 2*20 3*20", "1*4 2*4 3*4", {test});
    CHECK(found.verdict == Verdict::Inconclusive);
    CHECK(found.cause == "12 values, 30 are needed");
    CHECK(found.tests[0].measured.computed);
    const FieldResult reference = compared("1*4 2*4 3*4", "1*20 2*20 3*20", {test});
    CHECK(reference.verdict == Verdict::Inconclusive);
    CHECK(reference.cause == "12 values in the reference, 30 are needed");
  }
  CHECK(compared("a*20 b*20", "a*6 b*6", {"fisher"}).verdict == Verdict::Inconclusive);
}

TEST_CASE("the same constant on both sides: distance 0, index 0, p 1") {
  for (const std::string_view test : {"ks", "psi", "wasserstein", "cvm", "mean_shift", "quantile_shift", "chi_square",
                                      "js", "tv", "l_inf", "hellinger", "cramers_v", "z", "fisher", "cardinality"}) {
    INFO(test);
    const FieldResult found = compared("5*100", "5*200", {test});
    CHECK(found.verdict == Verdict::Pass);
    CHECK(found.tests[0].measured.effect == 0);
    CHECK(found.tests[0].measured.p_high == 1);
    CHECK(std::isfinite(found.tests[0].measured.statistic));
  }
}

TEST_CASE("another constant is drift in every test, with a finite effect") {
  for (const std::string_view test :
       {"ks", "psi", "wasserstein", "cvm", "mean_shift", "chi_square", "js", "tv", "l_inf", "hellinger"}) {
    INFO(test);
    const FieldResult found = compared("5*100", "6*200", {test});
    CHECK(found.verdict == Verdict::Fail);
    CHECK(std::isfinite(found.tests[0].measured.effect));
    CHECK(std::isfinite(found.tests[0].measured.statistic));
    CHECK(std::isfinite(found.severity));
  }
  const FieldResult by_auto = compared("5*100", "6*200");
  CHECK(by_auto.verdict == Verdict::Fail);
  CHECK(says(by_auto, "everything is one value now: 6 (100 %)"));
}

TEST_CASE("nulls, NaN and infinities are groups of their own in tests of shares, and no matter to tests of numbers") {
  const std::string_view reference = "1..1000";
  const std::string_view current = "1..1000 null*150 NaN*150 Infinity*100 -Infinity*100";
  CHECK(compared(reference, current, {"ks"}).verdict == Verdict::Pass);
  CHECK(compared(reference, current, {"wasserstein"}).verdict == Verdict::Pass);
  for (const std::string_view test : {"psi", "chi_square", "js", "tv", "l_inf", "hellinger", "cramers_v"}) {
    INFO(test);
    CHECK(compared(reference, current, {test}).verdict == Verdict::Fail);
  }
  CHECK(compared(reference, current).verdict == Verdict::Fail);  // by null_share
  const FieldResult tv = compared("a*500 b*500", "a*250 b*250 null*500", {"tv"});
  CHECK(tv.tests[0].measured.effect == 0.5);
}

TEST_CASE("the verdict of a field is the worst of its tests") {
  const FieldResult found = compared("1..1000 null*1", "1..650 651..1000 null*540");
  CHECK(test_of(found, "ks").outcome == Verdict::Pass);
  CHECK(test_of(found, "null_share").outcome == Verdict::Fail);
  CHECK(test_of(found, "type_share").outcome == Verdict::Pass);
  CHECK(found.verdict == Verdict::Fail);
  CHECK(texts_of(found) == Texts{"nulls went from 0.1 % to 35 %"});
}

TEST_CASE("a new category has a finite statistic and is named with its count") {
  const FieldResult found = compared("EUR*5000 USD*5000", "EUR*4800 USD*4888 CHF*312");
  CHECK(std::isfinite(test_of(found, "chi_square").measured.statistic));
  const FieldResult asked = compared("EUR*5000 USD*5000", "EUR*4800 USD*4888 CHF*312", {"new_value"});
  CHECK(asked.verdict == Verdict::Fail);
  CHECK(asked.tests[0].measured.effect == 0.0312);
  REQUIRE(asked.findings.size() == 3);
  CHECK(says(asked, "new value CHF (312 records, 3.1 %)"));
  const auto& first = asked.findings[0];
  CHECK(first.kind == DriftFindingKind::NewValue);
  CHECK(first.example == "CHF");
  CHECK(first.count == 312);
}

TEST_CASE("a value that vanished is told where at least ten were expected") {
  const FieldResult found = compared("EUR*4900 USD*4900 BTC*200", "EUR*500 USD*500", {"vanished_value"});
  CHECK(found.verdict == Verdict::Fail);
  CHECK(found.tests[0].measured.effect == 0.02);
  CHECK(says(found, "BTC vanished (2 % of the reference)"));
  const FieldResult few = compared("EUR*4900 USD*4900 BTC*200", "EUR*200 USD*200", {"vanished_value"});
  CHECK(few.verdict == Verdict::Pass);
  CHECK(few.tests[0].measured.effect == 0);
}

TEST_CASE("new values are no drift where the reference is full of values that it saw once") {
  CHECK(compared("id1..900", "id901..1800", {"new_value"}).verdict == Verdict::Pass);
  CHECK(compared("A*1000", "A*1000", {"new_value"}).verdict == Verdict::Pass);
}

TEST_CASE("an id-like field: chi-square does not apply, and auto takes what does") {
  const FieldResult asked = compared("id1..5000", "id5001..10000", {"chi_square"});
  CHECK(asked.verdict == Verdict::NoData);
  CHECK(asked.cause.starts_with("an id-like field: "));
  CHECK(asked.cause.ends_with(" different values among 5,000"));

  const FieldResult fine = compared("id1..5000", "id5001..10000");
  CHECK(fine.verdict == Verdict::Pass);
  CHECK(fine.picked.starts_with("cardinality, chi_square over lengths: an id-like field"));

  const FieldResult repeated = compared("id1..5000", "id1..10*500");
  CHECK(repeated.verdict == Verdict::Fail);
  CHECK(test_of(repeated, "cardinality").outcome == Verdict::Fail);
  CHECK(says(repeated, "10 different values instead of about "));

  std::string longer;
  for (int i = 0; i < 2000; ++i) longer += "customer-number-" + std::to_string(10000 + i) + " ";
  const FieldResult lengths = compared("id1..2000", longer);
  CHECK(test_of(lengths, "chi_square").outcome == Verdict::Fail);
  CHECK(says(lengths, "texts of 10 characters went from 100 % to 0 %"));
}

// Ten thousand customers, of whom each side sees some: what was kept of the larger side was chosen by chance, and has to look neither
// common there nor new here. 40 pairs without drift at a false discovery rate of 5 %: more than 8 have a chance of 1 in 2 000.
TEST_CASE("values that are mostly rare are no drift because they are others") {
  std::uint64_t state = 7;
  const auto draw = [&state](std::size_t n, std::uint64_t from) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      text += "u" + std::to_string(from + (state >> 33) % 10'000) + " ";
    }
    return text;
  };
  int drifted = 0;
  for (int i = 0; i < 40; ++i) {
    const FieldResult result = compared(draw(6'000, 10'000), draw(600, 10'000));
    drifted += result.verdict == Verdict::Fail ? 1 : 0;
    const FieldResult asked = compared(draw(6'000, 10'000), draw(600, 10'000), {"chi_square", "new_value"});
    drifted += asked.verdict == Verdict::Fail ? 1 : 0;
  }
  CHECK(drifted <= 8);
  CHECK(compared(draw(6'000, 10'000), draw(600, 10'000)).picked.find("mostly rare values") != std::string::npos);
  CHECK(compared(draw(900, 10'000), draw(600, 90'000), {"new_value"}).verdict == Verdict::Fail);
}

TEST_CASE("categories that became ids are drift, not a test that does not apply") {
  const FieldResult texts = compared("a*500 b*500 c*500 d*500", "id1..5000");
  CHECK(texts.verdict == Verdict::Fail);
  CHECK(says(texts, " different values instead of 4"));
  const FieldResult numbers = compared("1*500 2*500 3*500", "1..5000");
  CHECK(numbers.verdict == Verdict::Fail);
}

TEST_CASE("a type that changes midway is told") {
  const FieldResult found = compared("1..1000", "1..960 \"7\"*40");
  CHECK(test_of(found, "type_share").outcome == Verdict::Fail);
  CHECK(says(found, "text where numbers were: 0 % to 4 %"));
  CHECK(compared("1..1000", "1..1000/8", {"type_share"}).verdict == Verdict::Pass);  // a fraction is a number
}

TEST_CASE("sparse tables are regrouped, and a sum of rare values is no alarm") {
  std::string reference = "A*500 B*400 ";
  std::string current = "A*500 B*400 ";
  for (int i = 0; i < 40; ++i) reference += "r" + std::to_string(i) + "*2 ";
  for (int i = 20; i < 60; ++i) current += "r" + std::to_string(i) + "*2 ";
  CHECK(compared(reference, current, {"chi_square"}).verdict == Verdict::Pass);
}

TEST_CASE("more than two values are nothing for z and fisher") {
  const FieldResult found = compared("a*50 b*50 c*50", "a*50 b*50 c*50", {"z"});
  CHECK(found.verdict == Verdict::NoData);
  CHECK(found.cause == "more than two different values");
}

TEST_CASE("huge sizes: significance is certain, the effect decides") {
  Profile reference;
  reference.elements = reference.finite = 100'000'000;
  reference.types.fraction = reference.other = reference.finite;
  reference.exact = false;
  reference.edges = std::make_shared<const std::vector<double>>(std::vector<double>{1, 2, 3});
  reference.cells = {25'000'000, 25'000'000, 25'000'000, 25'000'000};
  Profile current = reference;
  current.cells = {24'900'000, 25'000'000, 25'000'000, 25'100'000};
  const FieldResult psi = compared(reference, current, {"psi"});
  CHECK(psi.tests[0].measured.p_high < 1e-9);
  CHECK(psi.verdict == Verdict::Pass);
  current.cells = {15'000'000, 25'000'000, 25'000'000, 35'000'000};
  CHECK(compared(reference, current, {"psi"}).verdict == Verdict::Pass);  // 0.085
  current.cells = {10'000'000, 25'000'000, 25'000'000, 40'000'000};
  CHECK(compared(reference, current, {"psi"}).verdict == Verdict::Fail);
}

TEST_CASE("one outlier of a million among 5,000 values moves the index by less than 0.01") {
  std::vector<double> values = normals(5000, 7);
  const Profile reference = profile_of_numbers(normals(5000, 8));
  const double before = compared(reference, profile_of_numbers(values), {"psi"}).tests[0].measured.statistic;
  values[17] = 1e6;
  const double after = compared(reference, profile_of_numbers(values), {"psi"}).tests[0].measured.statistic;
  CHECK(std::abs(after - before) < 0.01);
}

TEST_CASE("redacted fields name no value") {
  const Profile reference = profile_written("DE*500 FR*500 US*100", true);
  const Profile current = profile_written("DE*100 FR*900 CH*100", true);
  const FieldResult found = compared(reference, current);
  REQUIRE(found.verdict == Verdict::Fail);
  CHECK_FALSE(found.findings.empty());
  for (const DriftFinding& finding : found.findings) {
    for (const std::string_view value : {"DE", "FR", "US", "CH"}) {
      CHECK(finding.text.find(value) == std::string::npos);
    }
    CHECK(finding.example.empty());
  }
  CHECK(says(found, "a value went from 45 % to 9.1 %"));
  for (const std::string& label : found.picture.labels) CHECK(label.starts_with("value "));

  FieldPair numbers = pair_of(reference, current);
  const Profile before = profile_written("1..1000");
  const Profile now = profile_written("1..400 3001..3600");
  numbers.reference = &before;
  numbers.current = &now;
  numbers.redacted = true;
  const FieldResult hidden = compare_fields(std::vector{numbers}, {}).front();
  CHECK(hidden.verdict == Verdict::Fail);
  CHECK(hidden.picture.labels.empty());
  for (const DriftFinding& finding : hidden.findings) CHECK(finding.text.find("->") == std::string::npos);
}

TEST_CASE("values that come often have a p of cvm that knows of it") {
  // One in ten against one in four: 15 against 38 of 150. The law of single values has p = 0.2 for it.
  const FieldResult found = compared("0*135 1*15", "0*112 1*38", {"cvm"});
  CHECK(found.verdict == Verdict::Fail);
  CHECK(found.tests[0].measured.p_value < 0.005);
  CHECK(compared("0*135 1*15", "0*132 1*18", {"cvm"}).verdict == Verdict::Pass);
}

// exp(1.5 z): a skewness of 33.
std::vector<double> skewed(std::size_t size, std::uint64_t seed, double by = 1) {
  std::vector<double> values = normals(size, seed, 0, 1.5);
  for (double& value : values) value = by * std::exp(value);
  return values;
}

TEST_CASE("the mean of a few skewed values against many is not judged, and it is said how many it takes") {
  const Profile reference = profile_of_numbers(skewed(5'000, 1));
  int drift = 0;
  int told = 0;
  for (std::uint64_t seed = 10; seed < 60; ++seed) {
    const FieldResult found = compared(reference, profile_of_numbers(skewed(50, seed)), {"mean_shift"});
    drift += found.verdict == Verdict::Fail ? 1 : 0;
    told += found.cause.starts_with("the values are so skewed (") && found.cause.ends_with(" are needed, or use ks");
    CHECK(found.tests[0].measured.computed);
  }
  CHECK(drift == 0);
  CHECK(told > 30);  // of the others the mean is near enough to be fine
  // The small side is the reference.
  const FieldResult turned = compared(profile_of_numbers(skewed(50, 10, 3)), reference, {"mean_shift"});
  CHECK(turned.verdict == Verdict::Inconclusive);
  CHECK(turned.cause.ends_with(" are needed in the reference, or use ks"));
}

TEST_CASE("sides of one size are judged by their means however skewed they are") {
  const Profile reference = profile_of_numbers(skewed(1'000, 2));
  CHECK(compared(reference, profile_of_numbers(skewed(1'000, 3, 3)), {"mean_shift"}).verdict == Verdict::Fail);
  CHECK(compared(reference, reference, {"mean_shift"}).verdict == Verdict::Pass);
  // And normal ones with any size.
  const Profile large = profile_of_numbers(normals(10'000, 4));
  CHECK(compared(large, profile_of_numbers(normals(60, 5, 1)), {"mean_shift"}).verdict == Verdict::Fail);
  CHECK(compared(large, profile_of_numbers(normals(60, 6)), {"mean_shift"}).verdict == Verdict::Pass);
}

TEST_CASE("how skewed a reference is that did not keep it is not known") {
  Profile reference = profile_of_numbers(normals(5'000, 7));
  reference.m3 = std::numeric_limits<double>::infinity();
  const FieldResult found = compared(reference, profile_of_numbers(normals(60, 8, 1)), {"mean_shift"});
  CHECK(found.verdict == Verdict::Inconclusive);
  CHECK(found.cause.starts_with("how skewed the values are is not known: "));
}

}  // namespace
}  // namespace weir::testing
