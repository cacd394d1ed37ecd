// SPDX-License-Identifier: Apache-2.0
#include "drift/watch.h"

#include <catch2/catch_test_macros.hpp>
#include <random>
#include <string>
#include <vector>

#include "drift/registry.h"
#include "drift/watched_stream.h"

namespace weir {

namespace {

using testing::Chance;
using testing::shown;
using testing::WatchedStream;

constexpr std::size_t kValues = 500;  // of a window

}  // namespace

TEST_CASE("against a file one odd window is told and two raise the alarm") {
  // 0.5 sd moves the distribution function by 0.197: far above the tolerance of 0.05, and at 500 values against 5,000
  // chance reaches 0.1 once in some 5,000 windows.
  Chance chance(11);
  WatchedStream stream(testing::file(testing::baseline_of(chance.normals(5'000))));
  for (int i = 0; i < 5; ++i) {
    const DriftVerdict fine = stream.add(chance.normals(kValues));
    CHECK(fine.verdict == Verdict::Pass);
    CHECK_FALSE(fine.drifted);
    CHECK(fine.reference_windows == 0);
    CHECK(fine.reference_values == 5'000);
    CHECK_FALSE(fine.design_effect);
  }
  const DriftVerdict first = stream.add(chance.normals(kValues, 0.5));
  CHECK(first.verdict == Verdict::Pass);
  CHECK(first.drifted);
  CHECK_FALSE(first.firing);
  CHECK(first.drifted_of_last == 1);
  CHECK(first.summary.find("drifted in 1 of the last 3 windows, alarms from 2") != std::string::npos);
  const DriftVerdict second = stream.add(chance.normals(kValues, 0.5));
  CHECK(second.verdict == Verdict::Fail);
  CHECK(second.firing);
  CHECK(second.since == stream.start_of(5));
  CHECK(second.decisive == "ks");
  CHECK(second.expected == "ks <= 0.05");
  CHECK(second.observed > 0.1);
  for (int i = 0; i < 2; ++i) {
    const DriftVerdict still = stream.add(chance.normals(kValues));
    CHECK(still.verdict == Verdict::Fail);
    CHECK_FALSE(still.drifted);
    CHECK(still.summary.find("still in alarm since") != std::string::npos);
  }
  const DriftVerdict cleared = stream.add(chance.normals(kValues));
  CHECK(cleared.verdict == Verdict::Pass);
  CHECK_FALSE(cleared.firing);
  CHECK(stream.history().records("drift|") == 0);  // a file needs no windows
}

TEST_CASE("a window without records has no data and changes nothing") {
  Chance chance(12);
  WatchedStream stream(testing::file(testing::baseline_of(chance.normals(5'000))));
  stream.add(chance.normals(kValues, 0.5));
  const DriftVerdict empty = stream.add(std::vector<double>());
  CHECK(empty.verdict == Verdict::NoData);
  CHECK(empty.cause == "no records");
  const DriftVerdict few = stream.add(chance.normals(12, 0.5));
  CHECK(few.verdict == Verdict::Inconclusive);
  CHECK(stream.add(chance.normals(kValues, 0.5)).verdict == Verdict::Fail);
}

TEST_CASE("a field that the baseline lacks is no data and says so") {
  Chance chance(13);
  WatchedStream stream(testing::file(testing::baseline_of(chance.normals(1'000))));
  stream.rule().paths = {"price"};
  const DriftVerdict verdict = stream.add(chance.normals(kValues));
  CHECK(verdict.verdict == Verdict::NoData);
  CHECK(verdict.cause == "the baseline amount.baseline.json has no field price");
}

TEST_CASE("a whole input is judged once") {
  Chance chance(14);
  WatchedStream stream(testing::file(testing::baseline_of(chance.normals(5'000))));
  stream.block().kind = WindowKind::Whole;
  CHECK(stream.add(chance.normals(kValues)).verdict == Verdict::Pass);
  const DriftVerdict drifted = stream.add(chance.normals(kValues, 0.5));
  CHECK(drifted.verdict == Verdict::Fail);
  CHECK(drifted.firing);
  CHECK(drifted.drifted_of_last == 1);
  CHECK(stream.history().records("") == 0);
}

TEST_CASE("a partial window is judged, raises no alarm and becomes part of no reference") {
  Chance chance(15);
  WatchedStream stream(testing::previous(3));
  for (int i = 0; i < 3; ++i) stream.add(chance.normals(kValues));
  for (int i = 0; i < 5; ++i) {
    const DriftVerdict partial = stream.add(chance.normals(kValues, 1), {.partial = true});
    CHECK(partial.verdict == Verdict::Pass);
    CHECK(partial.drifted);
    CHECK_FALSE(partial.firing);
  }
  CHECK(stream.history().records("drift|") == 3);
  const DriftVerdict whole = stream.add(chance.normals(kValues, 1));
  CHECK(whole.drifted_of_last == 1);
}

TEST_CASE("the same window judged twice comes to the same, and counts once") {
  Chance chance(16);
  WatchedStream stream(testing::previous(4));
  for (int i = 0; i < 6; ++i) stream.add(chance.normals(kValues));
  const std::vector<double> odd = chance.normals(kValues, 1);
  const std::string once = shown(stream.add(odd));
  const std::size_t records = stream.history().records("");
  for (int i = 0; i < 3; ++i) CHECK(shown(stream.add(odd, {.number = 6})) == once);
  CHECK(stream.history().records("") == records);
}

TEST_CASE("a window that is revised takes its vote back") {
  Chance chance(17);
  WatchedStream stream(testing::file(testing::baseline_of(chance.normals(5'000))));
  for (int i = 0; i < 3; ++i) stream.add(chance.normals(kValues));
  CHECK(stream.add(chance.normals(kValues, 1)).drifted);
  CHECK_FALSE(stream.add(chance.normals(kValues)).firing);
  CHECK_FALSE(stream.add(chance.normals(kValues), {.number = 3}).drifted);  // with late records it is fine
  const DriftVerdict later = stream.add(chance.normals(kValues, 1));
  CHECK(later.drifted);
  CHECK(later.drifted_of_last == 1);  // the odd one of before is gone
  CHECK_FALSE(later.firing);
}

TEST_CASE("a window that is revised takes its place in references") {
  const auto run = [](bool revised) {
    Chance chance(24);
    WatchedStream stream(testing::previous(4));
    for (int i = 0; i < 6; ++i) stream.add(chance.normals(kValues));
    const std::vector<double> odd = chance.normals(kValues, 1);
    const std::vector<double> fine = chance.normals(kValues);
    stream.add(revised ? odd : fine);
    if (revised) stream.add(fine, {.number = 6});
    return shown(stream.add(chance.normals(kValues)));
  };
  CHECK(run(true) == run(false));
}

TEST_CASE("a judge that knows nothing but the history goes on as if nothing had happened") {
  const auto run = [](bool restarts) {
    Chance chance(18);
    WatchedStream stream(testing::rolling(std::chrono::hours(10)));
    std::string out;
    for (int i = 0; i < 45; ++i) {
      if (restarts) stream.restart();
      const double shift = i > 20 && i < 26 ? 1 : 0;
      out += shown(stream.add(chance.normals(200, shift))) + "\n";
    }
    return out;
  };
  CHECK(run(false) == run(true));
}

TEST_CASE("a replay over a history that holds later windows comes to the same verdicts") {
  Chance chance(19);
  WatchedStream stream(testing::previous(3));
  std::vector<std::vector<double>> windows;
  std::vector<std::string> first;
  for (int i = 0; i < 12; ++i) {
    windows.push_back(chance.normals(kValues, i == 7 ? 1 : 0));
    first.push_back(shown(stream.add(windows.back())));
  }
  for (std::int64_t i = 6; i < 12; ++i)
    CHECK(shown(stream.add(windows[static_cast<std::size_t>(i)], {.number = i})) == first[static_cast<std::size_t>(i)]);
}

TEST_CASE("records that make no sense are as if they were not there") {
  Chance chance(20);
  WatchedStream stream(testing::previous(6));
  for (int i = 0; i < 8; ++i) stream.add(chance.normals(kValues));
  for (auto& [name, records] : stream.history().series) {
    for (auto& [at, bytes] : records) bytes = bytes.substr(0, bytes.size() / 2) + "hostile";
  }
  const DriftVerdict verdict = stream.add(chance.normals(kValues));
  CHECK(verdict.verdict == Verdict::NoData);
  CHECK(verdict.cause == "0 of 6 windows of the reference are known");
  for (int i = 0; i < 5; ++i) stream.add(chance.normals(kValues));
  CHECK(stream.add(chance.normals(kValues)).verdict == Verdict::Pass);
}

TEST_CASE("records that a stranger wrote are judged by without harm") {
  // Their checksums are right, their numbers anything that the readers let through.
  std::mt19937_64 random(26);
  for (const DriftReference& reference : {testing::previous(3), testing::rolling(std::chrono::hours(4))}) {
    Chance chance(25);
    WatchedStream stream(reference);
    stream.rule().sequential = reference.kind == DriftReference::Kind::Previous;
    for (int i = 0; i < 8; ++i) stream.add(chance.normals(100));
    const auto good = stream.history().series;
    const FieldSummary window = testing::summary_of_numbers(chance.normals(100));
    for (int i = 0; i < 150; ++i) {
      stream.history().series = good;
      for (auto& [name, records] : stream.history().series) {
        for (auto& [at, bytes] : records) {
          for (int changes = 0; changes < 2; ++changes)
            bytes[2 + random() % (bytes.size() - 10)] = static_cast<char>(random() % 3 == 0 ? 0xff : random());
          bytes = testing::sealed(bytes);
        }
      }
      const DriftVerdict verdict = stream.add(window, {.number = 8});
      CHECK(verdict.verdict != Verdict::Error);
    }
  }
}

TEST_CASE("segments have references of their own and are judged together") {
  Chance chance(21);
  WatchedStream stream(testing::previous(3));
  const auto both = [&](double north, double south) {
    std::vector<std::pair<std::string, FieldSummary>> out;
    out.emplace_back("region=\"north\"", testing::summary_of_numbers(chance.normals(kValues, north)));
    out.emplace_back("region=\"south\"", testing::summary_of_numbers(chance.normals(kValues, south)));
    return stream.add(out);
  };
  for (int i = 0; i < 3; ++i) both(0, 10);
  const std::vector<DriftVerdict> fine = both(0, 10);
  CHECK(fine[0].verdict == Verdict::Pass);
  CHECK(fine[1].verdict == Verdict::Pass);
  const std::vector<DriftVerdict> odd = both(10, 10);
  CHECK(odd[0].drifted);
  CHECK_FALSE(odd[1].drifted);
  CHECK(stream.history().series.contains("drift|drift.amount|1h|region=\"north\""));
}

TEST_CASE("several fields together are compared with the windows before") {
  Chance chance(22);
  WatchedStream stream(testing::previous(3));
  stream.rule().paths = {"a", "b"};
  stream.rule().columns = {0, 1};
  stream.rule().tests = {find_drift_test("correlation")};
  REQUIRE(stream.rule().tests[0] != nullptr);
  const auto window = [&](double together) {
    const std::vector<double> a = chance.normals(kValues);
    std::vector<double> b = chance.normals(kValues);
    for (std::size_t i = 0; i < kValues; ++i) b[i] += together * a[i];
    return stream.add(testing::scatter_of({a, b}));
  };
  CHECK(window(0).cause == "0 of 3 windows of the reference are known");
  for (int i = 0; i < 2; ++i) window(0);
  CHECK(window(0).verdict == Verdict::Pass);
  CHECK(window(1).drifted);  // a correlation of 0.71 where there was none
  CHECK(window(1).verdict == Verdict::Fail);
}

TEST_CASE("categories are compared with the windows before, and a new one is found") {
  Chance chance(23);
  WatchedStream stream(testing::previous(4));
  const std::vector<std::pair<std::string, double>> usual = {{"NO", 0.5}, {"SE", 0.3}, {"DK", 0.2}};
  const std::vector<std::pair<std::string, double>> odd = {{"NO", 0.2}, {"SE", 0.3}, {"DK", 0.2}, {"FI", 0.3}};
  for (int i = 0; i < 4; ++i) stream.add(testing::summary_of_words(chance.words(kValues, usual)));
  CHECK(stream.add(testing::summary_of_words(chance.words(kValues, usual))).verdict == Verdict::Pass);
  const DriftVerdict verdict = stream.add(testing::summary_of_words(chance.words(kValues, odd)));
  CHECK(verdict.drifted);
  REQUIRE_FALSE(verdict.findings.empty());
}

}  // namespace weir
