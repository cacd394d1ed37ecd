// SPDX-License-Identifier: Apache-2.0
// The help screens fit a terminal and hold what they promise; the reference page is what the table says.
#include "app/help.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "app/arguments.h"
#include "app/command_line.h"

namespace weir {
namespace {

using testing::Ran;
using testing::run;

void check_screen(const std::string& screen, int lines_max) {
  std::istringstream text(screen);
  std::string line;
  int lines = 0;
  while (std::getline(text, line)) {
    ++lines;
    INFO(line);
    CHECK(line.size() <= 80);
  }
  CHECK(lines <= lines_max);
}

TEST_CASE("every help screen fits 80 columns, and 24 lines unless there are many flags or commands, then 40") {
  check_screen(short_help(), 40);
  for (const Command& command : commands()) {
    INFO(command.name);
    check_screen(help_of(command), command.flags.size() <= 6 ? 24 : 40);
  }
}

TEST_CASE("every help screen has an example that its own parser accepts") {
  for (const Command& command : commands()) {
    INFO(command.name);
    std::istringstream words{std::string(command.example)};
    std::vector<std::string> rest;
    for (std::string word; words >> word;) rest.push_back(word);
    REQUIRE(rest.size() >= 2);
    CHECK(rest[0] == "weir");
    CHECK(rest[1] == command.name);
    CHECK(Arguments::parse(command, {rest.begin() + 2, rest.end()}, [](const std::string&) { return std::nullopt; }));
    CHECK(help_of(command).find("Example:\n  " + std::string(command.example) + "\n") != std::string::npos);
  }
}

TEST_CASE("help can be had in every way that people try, and exits 0") {
  const std::string check = help_of(*find_command("check"));
  for (const std::vector<std::string>& args : std::vector<std::vector<std::string>>{
           {"check", "--help"}, {"check", "-h"}, {"help", "check"}, {"check", "a", "--unknown", "--help"}}) {
    const Ran ran = run(args);
    CHECK(ran.exit == 0);
    CHECK(ran.out == check);
    CHECK(ran.err.empty());
  }
  for (const std::vector<std::string>& args : std::vector<std::vector<std::string>>{{}, {"--help"}, {"-h"}, {"help"}}) {
    CHECK(run(args).out == short_help());
  }
}

TEST_CASE("the version can be had with and without dashes") {
  const std::string version = run({"version"}).out;
  CHECK(version.starts_with("weir "));
  CHECK(run({"--version"}).out == version);
  CHECK(run({"-V"}).out == version);
}

TEST_CASE("an unknown command is answered with the nearest one or with weir's word for it") {
  const auto first_line = [](const Ran& ran) { return ran.err.substr(0, ran.err.find('\n')); };
  CHECK(run({"chekc"}).exit == 2);
  CHECK(first_line(run({"chekc"})) == "weir: unknown command `chekc`: did you mean `check`?");
  CHECK(first_line(run({"validate"})) == "weir: unknown command `validate`: in weir this is `lint`");
  CHECK(first_line(run({"help", "lnit"})) == "weir: unknown command `lnit`: did you mean `lint`?");
  CHECK(run({"frobnicate"}).last_line() == "weir: ERROR exit=2 (command line)");
  CHECK(run({"frobnicate"}).out.empty());
}

TEST_CASE("no two flags of a command share a name, a letter or a synonym") {
  for (const Command& command : commands()) {
    std::set<std::string> taken;
    for (const std::span<const Flag> flags : {command.flags, flags_of_all()}) {
      for (const Flag& flag : flags) {
        INFO(command.name << " --" << flag.name);
        CHECK(taken.insert("--" + std::string(flag.name)).second);
        if (flag.letter != 0) CHECK(taken.insert(std::string("-") + flag.letter).second);
        for (const std::string_view synonym : flag.synonyms) CHECK(taken.insert("--" + std::string(synonym)).second);
      }
    }
  }
}

TEST_CASE("docs/cli.md says what the table says") {
  const std::string path = std::string(WEIR_SOURCE_DIR) + "/docs/cli.md";
  if (std::getenv("WEIR_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << command_reference();
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  INFO("WEIR_UPDATE_GOLDEN=1 writes the page anew");
  CHECK(text.str() == command_reference());
}

}  // namespace
}  // namespace weir
