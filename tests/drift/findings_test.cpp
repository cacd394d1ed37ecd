// SPDX-License-Identifier: Apache-2.0
// What moved, in words, and the picture of it.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numeric>

#include "drift/sides_of.h"
#include "drift/words.h"

namespace weir::testing {
namespace {

using Texts = std::vector<std::string>;

FieldResult of_map(double (*map)(double), std::size_t n = 2000) {
  const std::vector<double> values = normals(n, 3, 100, 15);
  std::vector<double> current = normals(n, 4, 100, 15);
  for (double& value : current) value = map(value);
  return compared(profile_of_numbers(values), profile_of_numbers(current), {"ks"});
}

TEST_CASE("a changed unit is told by its factor instead of by drift") {
  const auto first = [](const FieldResult& result) { return result.findings.empty() ? "" : result.findings[0].text; };
  CHECK(first(of_map([](double x) { return x * 1000; })) == "scaled by 1000");
  CHECK(first(of_map([](double x) { return x * 100; })) == "scaled by 100");
  CHECK(first(of_map([](double x) { return x / 1000; })) == "scaled by 1/1000");
  CHECK(first(of_map([](double x) { return x * 60; })) == "scaled by 60");
  CHECK(first(of_map([](double x) { return x * 3600; })) == "scaled by 3600");
  CHECK(first(of_map([](double x) { return x / 1.609344; })) == "scaled by 0.6214");
  CHECK(first(of_map([](double x) { return x + 3600; })) == "shifted by 3600");
  CHECK(first(of_map([](double x) { return x * 1.8 + 32; })) == "scaled by 1.8 and shifted by 32");
}

TEST_CASE("a factor is not taken for a unit that is only near it") {
  std::vector<double> counted;
  std::vector<double> longer;
  for (int i = 0; i < 3000; ++i) counted.push_back(i);
  for (int i = 0; i < 5000; ++i) longer.push_back(i);
  const FieldResult found = compared(profile_of_numbers(counted), profile_of_numbers(longer), {"ks"});
  CHECK(found.findings.at(0).text != "scaled by 1.609");
}

TEST_CASE("a value that stands for many is told by its shares") {
  std::vector<double> values = normals(2000, 3, 100, 15);
  std::vector<double> current = normals(2000, 4, 100, 15);
  for (std::size_t i = 0; i < 200; ++i) current[i * 10] = -999;
  const Profile before = profile_of_numbers(values);
  Profile now = profile_of_numbers(current);
  CHECK(compared(before, now, {"ks"}).findings.at(0).text == "-999 went from 0 % to 10 %");
  now.redacted = true;
  const FieldResult hidden = compared(before, now, {"ks"});
  CHECK(says(hidden, "one value went from 0 % to 10 %"));
  for (const DriftFinding& finding : hidden.findings) CHECK(finding.text.find("999") == std::string::npos);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i % 10 < 7) values[i] = 0;
    if (i % 10 < 9) current[i] = 0;
  }
  const FieldResult zeros = compared(profile_of_numbers(values), profile_of_numbers(current), {"ks"});
  CHECK(zeros.findings.at(0).text == "0 went from 70 % to 90 %");
  CHECK_FALSE(says(zeros, "p50 0 -> 0"));
}

TEST_CASE("an outlier hides no changed unit") {
  const std::vector<double> values = normals(2000, 3, 100, 15);
  std::vector<double> current = normals(2000, 4, 100, 15);
  for (double& value : current) value *= 100;
  current[5] = 1e12;
  const FieldResult found = compared(profile_of_numbers(values), profile_of_numbers(current));
  CHECK(found.findings.at(0).text == "scaled by 100");
  CHECK(summary_of("amount", found).starts_with("amount: scaled by 100 (ks 1, tolerance 0.05)"));
}

TEST_CASE("quantiles and spread are told where the shape changed") {
  const Profile reference = profile_written("1..1000");
  const FieldResult tail = compared(reference, profile_written("1..500 501..2500"), {"ks"});
  REQUIRE(tail.verdict == Verdict::Fail);
  const FieldResult found =
      compared(profile_of_numbers(normals(2000, 3, 0, 10)), profile_of_numbers(normals(2000, 4, 0, 5)), {"ks"});
  CHECK(found.verdict == Verdict::Fail);
  CHECK(says(found, "scaled by 1/2"));
  std::vector<double> narrow = normals(2000, 4, 100, 5);
  CHECK(says(compared(profile_of_numbers(normals(2000, 3, 100, 10)), profile_of_numbers(narrow), {"ks"}),
             "spread halved"));
  std::vector<double> mixed = normals(1500, 5, 100, 10);
  for (const double value : normals(500, 6, 400, 10)) mixed.push_back(value);
  const FieldResult bulge = compared(profile_of_numbers(normals(2000, 3, 100, 10)), profile_of_numbers(mixed), {"ks"});
  REQUIRE_FALSE(bulge.findings.empty());
  CHECK(bulge.findings[0].text.starts_with("p50 "));
  CHECK(says(bulge, "p95 "));
  CHECK(says(bulge, " -> 4"));
}

TEST_CASE("values cut off and everything one value are told") {
  const Profile reference = profile_of_numbers(normals(2000, 3, 1000, 200));
  std::vector<double> capped = normals(2000, 4, 1000, 200);
  for (double& value : capped) value = std::min(value, 1100.0);
  CHECK(says(compared(reference, profile_of_numbers(capped), {"ks"}), "cut off at 1100 ("));
  std::vector<double> zeros(2000, 0.0);
  for (std::size_t i = 0; i < 60; ++i) zeros[i] = 900 + static_cast<double>(i);
  CHECK(says(compared(reference, profile_of_numbers(zeros), {"ks"}), "everything is one value now: 0 (97 %)"));
}

TEST_CASE("shares that moved are told, the largest first, at most five") {
  const FieldResult found = compared("DE*410 FR*300 US*290", "DE*120 FR*310 US*570");
  CHECK(texts_of(found) ==
        Texts{"DE went from 41 % to 12 %", "US went from 29 % to 57 %", "FR went from 30 % to 31 %"});
  std::string reference;
  std::string current;
  for (int i = 0; i < 12; ++i) {
    reference += "a" + std::to_string(i) + "*100 ";
    current += "b" + std::to_string(i) + "*100 ";
  }
  const FieldResult many = compared(reference, current);
  CHECK(many.findings.size() == 5);
  for (std::size_t i = 1; i < many.findings.size(); ++i) {
    CHECK(many.findings[i - 1].effect >= many.findings[i].effect);
  }
}

TEST_CASE("a picture has at most 32 cells, readable bounds, and all of both sides in it") {
  const auto adds_up = [](const std::vector<double>& shares) {
    return std::abs(std::accumulate(shares.begin(), shares.end(), 0.0) - 1) < 1e-9;
  };
  for (const auto& [reference, current] :
       std::vector<std::pair<std::string, std::string>>{{"1..1000", "1..1000"},
                                                        {"1..1000 null*7", "5001..9000"},
                                                        {"1..1000", "1..1000 NaN*3 Infinity*2"},
                                                        {"7*100 1..50/7", "7*40 8*40"},
                                                        {"1..300/1000", "1..300"}}) {
    INFO(reference << " against " << current);
    const DriftPicture drawn = compared(reference, current, {"ks"}).picture;
    REQUIRE(drawn.numbers);
    CHECK(drawn.labels.size() <= 32);
    CHECK(drawn.reference.size() == drawn.labels.size());
    CHECK(drawn.current.size() == drawn.labels.size());
    CHECK(drawn.starts.size() >= 2);
    for (std::size_t i = 1; i < drawn.starts.size(); ++i) CHECK(drawn.starts[i - 1] < drawn.starts[i]);
    CHECK(adds_up(drawn.reference));
    CHECK(adds_up(drawn.current));
  }
  const DriftPicture drawn = compared("1..1000 null*7", "1..1000", {"ks"}).picture;
  CHECK(drawn.labels.front() == "0 to 50");
  CHECK(drawn.labels.back() == "missing");
  const DriftPicture shares = compared("DE*41 FR*59", "DE*12 FR*88", {"chi_square"}).picture;
  CHECK_FALSE(shares.numbers);
  CHECK(shares.labels == Texts{"FR", "DE"});
  CHECK(shares.current == std::vector<double>{0.88, 0.12});
}

TEST_CASE("numbers are written with few digits") {
  CHECK(percent(0.41) == "41 %");
  CHECK(percent(0.0312) == "3.1 %");
  CHECK(percent(0.001) == "0.1 %");
  CHECK(percent(0) == "0 %");
  CHECK(percent(1) == "100 %");
  CHECK(percent(0.00001) == "0.001 %");
  CHECK(plain(120) == "120");
  CHECK(plain(-0.0) == "0");
  CHECK(plain(1234567.8) == "1234568");
  CHECK(plain(0.00125) == "0.00125");
  CHECK(plain(3.14159) == "3.142");
  CHECK(plain(1e300) == "1e+300");
}

}  // namespace
}  // namespace weir::testing
