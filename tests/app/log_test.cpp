// SPDX-License-Identifier: Apache-2.0
// Lines for collectors and for people, and how many of them.
#include "app/log.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "app/file_watch.h"
#include "base/timestamp.h"
#include "command_line.h"

namespace weir {
namespace {

const Instant kNow = *parse_timestamp("2026-01-31T12:00:00.05Z");

TEST_CASE("a line is one JSON object, or one line for a person, whatever is in it") {
  const std::vector<LogField> fields = {{"count", std::uint64_t{3}}, {"name", "a \"b\"\nc"}};
  CHECK(log_line(true, kNow, LogLevel::Warn, "broker_away", "orders", "gone\naway", fields) ==
        "{\"ts\":\"2026-01-31T12:00:00.050Z\",\"level\":\"warn\",\"event\":\"broker_away\",\"about\":\"orders\","
        "\"message\":\"gone\\naway\",\"count\":3,\"name\":\"a \\\"b\\\"\\nc\"}\n");
  const std::string text = log_line(false, kNow, LogLevel::Warn, "broker_away", "orders", "gone\naway", fields);
  CHECK(text.starts_with("2026-01-31T12:00:00.050Z warn  broker_away orders: gone"));
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
}

TEST_CASE("what repeats is counted and not written") {
  const testing::File file(std::tmpfile());
  Instant now = kNow;
  Log log(file.get(), {.json = false, .least = LogLevel::Info, .clock = [&] { return now; }});
  for (int i = 0; i < 100; ++i) log.warn("broker_away", "orders", "gone");
  log.warn("broker_away", "clicks", "gone");  // another stream is another matter
  log.debug("broker_away", "orders", "not worth a line");
  now += std::chrono::seconds(11);
  log.warn("broker_away", "orders", "gone");
  const std::string text = testing::read_back(file.get());
  CHECK(std::count(text.begin(), text.end(), '\n') == 7);
  CHECK(text.find("held_back=95") != std::string::npos);
}

TEST_CASE("a file that another takes the place of is noticed, and so is Kubernetes turning its link") {
  std::string name = (std::filesystem::temp_directory_path() / "weir-watch-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  const std::filesystem::path folder = name;
  const auto write = [&](const std::string& file) { std::ofstream(folder / file) << "x"; };
  write("orders.yml");
  Result<FileWatch> watch = FileWatch::make();
  REQUIRE(watch);
  REQUIRE(watch->watch({(folder / "orders.yml").string()}));
  CHECK_FALSE(watch->take_changes());
  write("other.yml");
  CHECK_FALSE(watch->take_changes());
  write("orders.yml");
  CHECK(watch->take_changes());
  CHECK_FALSE(watch->take_changes());
  write("orders.yml.new");
  std::filesystem::rename(folder / "orders.yml.new", folder / "orders.yml");
  CHECK(watch->take_changes());
  std::filesystem::create_directory_symlink("v1", folder / "..data_tmp");
  std::filesystem::rename(folder / "..data_tmp", folder / "..data");
  CHECK(watch->take_changes());
  CHECK_FALSE(watch->watch({"/nowhere/at/all.yml"}));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace weir
