// SPDX-License-Identifier: Apache-2.0
// What windows came to is there after a restart, once for each window, and within its bounds.
#include "files/window_results.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "testing/input_files.h"

namespace weir::testing {
namespace {

constexpr Instant kBegin = Instant(std::chrono::days(20'000));

Instant minute(std::int64_t n) {
  return kBegin + std::chrono::minutes(n);
}

WindowResult result(const std::string& rule, std::int64_t n, const std::string& segment = "") {
  return {.rule = rule,
          .segment = segment,
          .start = minute(n),
          .end = minute(n + 1),
          .verdict = Verdict::Fail,
          .observed = std::to_string(n),
          .expected = "row_count > 100",
          .flags = WindowResult::Backfill | WindowResult::Partial,
          .judged_at = minute(n + 2)};
}

struct Results {
  explicit Results(const std::string& path, WindowResultLimits limits = {}) {
    Result<std::shared_ptr<StateFolder>> opened = StateFolder::open(path);
    REQUIRE(opened.ok());
    folder = *opened;
    results = another("orders", limits);
  }
  std::unique_ptr<WindowResults> another(const std::string& stream, WindowResultLimits limits = {}) {
    Result<std::unique_ptr<WindowResults>> made = WindowResults::open(folder, stream, limits);
    REQUIRE(made.ok());
    return std::move(*made);
  }
  std::shared_ptr<StateFolder> folder;
  std::unique_ptr<WindowResults> results;
};

using Found = std::vector<WindowResult>;

TEST_CASE("results are there after a restart, newest first, by stream and rule") {
  const Folder folder;
  const Found added = {result("a", 1), result("b", 1, "shop=x'; --"), result("a", 2)};
  {
    const Results file(folder.path("state"));
    REQUIRE(file.results->add(added, minute(4)).ok());
  }
  Results file(folder.path("state"));
  CHECK(*file.results->newest(10) == Found{added[2], added[1], added[0]});
  CHECK(*file.results->newest(1) == Found{added[2]});
  CHECK(*file.results->newest(10, "b") == Found{added[1]});
  CHECK(file.results->newest(10, "c")->empty());
  CHECK(file.another("payments")->newest(10)->empty());
}

TEST_CASE("a window that is judged again replaces what it came to") {
  const Folder folder;
  const Results file(folder.path("state"));
  REQUIRE(file.results->add(Found{result("a", 1), result("a", 2)}, minute(4)).ok());
  WindowResult again = result("a", 1);
  again.verdict = Verdict::Pass;
  again.flags = WindowResult::Revised;
  again.judged_at = minute(9);
  REQUIRE(file.results->add({&again, 1}, minute(9)).ok());
  CHECK(*file.results->newest(10) == Found{again, result("a", 2)});
}

TEST_CASE("the oldest go, by number and by age") {
  const Folder folder;
  const Results file(folder.path("state"), {.number = 50, .age = std::chrono::minutes(30)});
  for (std::int64_t n = 0; n < 200; ++n) {
    REQUIRE(
        file.results->add(Found{result("a", n, "x"), result("a", n, "y"), result("a", n, "z")}, minute(n + 2)).ok());
  }
  CHECK(file.results->newest(1'000)->size() == 50);
  REQUIRE(file.results->add({}, minute(200 + 30)).ok());
  const Result<Found> left = file.results->newest(1'000);
  REQUIRE(left->size() == 6);  // judged in the minutes 200 and 201
  CHECK(left->back().start == minute(198));
}

}  // namespace
}  // namespace weir::testing
