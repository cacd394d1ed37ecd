// SPDX-License-Identifier: Apache-2.0
// What the progress line says, and when there is none.
#include "app/progress.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "app/command_line.h"

namespace weir {
namespace {

/// What a run of `steps` steps, 40 ms apart, prints.
std::string shown(bool terminal, bool wanted, int steps, const std::string& term = "xterm") {
  const testing::File err(std::tmpfile());
  double now = 0;
  Surroundings surroundings;
  surroundings.err = err.get();
  surroundings.err_is_terminal = terminal;
  surroundings.environment = [&](const std::string& name) {
    return name == "TERM" ? std::optional(term) : std::nullopt;
  };
  surroundings.stopwatch = [&] { return now; };
  {
    ProgressLine line(surroundings, wanted);
    for (int i = 0; i < steps; ++i, now += 0.04) {
      line.show({.input = "orders.ndjson",
                 .records = static_cast<std::uint64_t>(i) * 1000,
                 .failures = 2,
                 .bytes = 1,
                 .bytes_total = 2});
    }
  }
  return testing::read_back(err.get());
}

TEST_CASE("the line names the file, the records, their rate, the failures and the time that is left") {
  const ProgressLine::Position position = {
      .input = "orders.ndjson", .records = 1'200'000, .failures = 12, .bytes = 100, .bytes_total = 400};
  CHECK(ProgressLine::text(position, 10, 5, 100) ==
        "orders.ndjson  1,200,000 records  120,000/s  12 failures  15 s left");
  CHECK(ProgressLine::text(position, 10, 50, 100).ends_with("2 min 30 s left"));
}

TEST_CASE("the line says nothing of the time that is left when the size is unknown") {
  CHECK(ProgressLine::text({.input = "-", .records = 5, .failures = 0, .bytes = 100}, 1, 1, 100) ==
        "-  5 records  5/s  0 failures");
}

TEST_CASE("the line stays within the terminal") {
  const std::string name(200, 'x');
  const ProgressLine::Position position = {
      .input = name, .records = 1'200'000, .failures = 12, .bytes = 1, .bytes_total = 2};
  CHECK(ProgressLine::text(position, 10, 5, 79).size() <= 79);
}

TEST_CASE("a long run redraws its line at most ten times a second and leaves nothing behind") {
  const std::string text = shown(true, true, 50);  // two seconds
  const auto drawn = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\r'));
  CHECK(drawn >= 10);
  CHECK(drawn <= 17);
  CHECK(text.ends_with("\r\033[K"));
}

TEST_CASE("a short run, a pipe, a dumb terminal and --no-progress show no line") {
  CHECK(shown(true, true, 10).empty());
  CHECK(shown(false, true, 50).empty());
  CHECK(shown(true, false, 50).empty());
  CHECK(shown(true, true, 50, "dumb").empty());
}

}  // namespace
}  // namespace weir
