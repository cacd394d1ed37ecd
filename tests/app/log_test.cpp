// SPDX-License-Identifier: Apache-2.0
// Lines for collectors and for people, and how many of them.
#include "app/log.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/file_watch.h"
#include "base/json_value.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "command_line.h"

namespace weir {
namespace {

const Instant kNow = *parse_timestamp("2026-01-31T12:00:00.05Z");

TEST_CASE("a line is one JSON object, or one line for a person, whatever is in it") {
  const std::vector<LogField> fields = {{"count", std::uint64_t{3}}, {"name", "a \"b\"\nc"}};
  CHECK(log_line(true, kNow, LogLevel::Warn, "broker_away", "orders", "gone\naway", fields) ==
        "{\"ts\":\"2026-01-31T12:00:00.050Z\",\"level\":\"warn\",\"event\":\"broker_away\",\"about\":\"orders\","
        "\"message\":\"gone\\\\naway\",\"count\":3,\"name\":\"a \\\"b\\\"\\\\nc\"}\n");
  const std::string text = log_line(false, kNow, LogLevel::Warn, "broker_away", "orders", "gone\naway", fields);
  CHECK(text.starts_with("2026-01-31T12:00:00.050Z warn  broker_away orders: gone"));
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
}

TEST_CASE("no value, however hostile or long, breaks a line or leaves it") {
  const std::string hostile[] = {
      std::string("\0\n\r\t\x1b[2J\x7f", 9),
      "\"}\n{\"event\":\"forged\"}",
      "\xff\xfe\xc0\x80 \xed\xa0\x80",              // no UTF-8: bytes, an overlong zero, half a surrogate pair
      "\xc2\x9b 2J \xe2\x80\xa8 \xe2\x80\xae txt",  // a control sequence in one character, a line separator, text turned round
      std::string(1'000'000, 'x'),
      std::string(1'000'000, '"'),
      std::string(1'000'000, '\\'),
      std::string(1'000'000, '\x01'),
      std::string(1'000'000, '\xff'),
  };
  for (const std::string& value : hostile) {
    std::vector<LogField> fields;
    for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}) fields.emplace_back(name, value);
    for (const bool json : {true, false}) {
      const std::string line = log_line(json, kNow, LogLevel::Error, "broker_away", value, value, fields);
      INFO(line.substr(0, 300));
      CHECK(line.size() < 16 * 1024);
      CHECK(line.ends_with('\n'));
      CHECK(line == shorten(line.substr(0, line.size() - 1), 1'000'000) + "\n");  // nothing in it wants to be escaped
      if (!json) continue;
      const Result<JsonValue> read = parse_json(std::string_view(line).substr(0, line.size() - 1));
      REQUIRE(read);
      CHECK(read->find("event")->text == "broker_away");
      CHECK(read->members.size() == 5 + fields.size());
    }
  }
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

TEST_CASE("what was held back is told when its time is over, though nothing more comes, and at the end") {
  const testing::File file(std::tmpfile());
  Instant now = kNow;
  Log log(file.get(), {.json = true, .least = LogLevel::Info, .clock = [&] { return now; }});
  std::size_t told = 0;
  const auto lines = [&] {
    std::vector<std::string> found;
    std::istringstream text(testing::read_back(file.get()));
    for (std::string line; std::getline(text, line);) found.push_back(line);
    return found;
  };
  for (std::uint64_t i = 1; i <= 100; ++i) log.warn("broker_away", "orders", "gone", {{"number", i}});
  log.warn("tls", "orders", "once");
  log.tell_held_back();
  told = lines().size();
  CHECK(told == 6);
  now += std::chrono::seconds(10);
  log.tell_held_back();
  log.tell_held_back();  // once
  REQUIRE(lines().size() == told + 1);
  CHECK(lines().back().ends_with(R"("message":"gone","number":100,"held_back":94})"));
  for (std::uint64_t i = 1; i <= 5; ++i) log.warn("broker_away", "orders", "gone");
  log.tell_held_back(Log::Held::All);
  REQUIRE(lines().size() == told + 6);  // four of the five had a place beside the one that was told
  CHECK(lines().back().ends_with(R"("message":"gone"})"));
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
