// SPDX-License-Identifier: Apache-2.0
// How a command line is read, and what is said about one that cannot be.
#include "app/arguments.h"

#include <catch2/catch_test_macros.hpp>
#include <map>

namespace weir {
namespace {

using Variables = std::map<std::string, std::string>;

Result<Arguments> parse(const std::string& command, const std::vector<std::string>& words,
                        const Variables& variables = {}) {
  return Arguments::parse(*find_command(command), words, [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

std::string fault(const std::string& command, const std::vector<std::string>& words, const Variables& variables = {}) {
  const Result<Arguments> parsed = parse(command, words, variables);
  return parsed ? "" : parsed.error().message;
}

using Words = std::vector<std::string>;

TEST_CASE("a flag takes its value after a blank, after =, and after its letter") {
  for (const Words& words : {Words{"a", "--rules", "r.yml"}, Words{"--rules=r.yml", "a"}, Words{"-r", "r.yml", "a"},
                             Words{"-rr.yml", "a"}}) {
    const Result<Arguments> parsed = parse("check", words);
    REQUIRE(parsed);
    CHECK(parsed->text("rules") == "r.yml");
    CHECK(parsed->operands() == Words{"a"});
  }
}

TEST_CASE("letters of switches can be joined, and the last one may take a value") {
  const Result<Arguments> parsed = parse("check", {"-qar", "r.yml", "a"});
  REQUIRE(parsed);
  CHECK(parsed->on("quiet"));
  CHECK(parsed->on("all-rules"));
  CHECK(parsed->text("rules") == "r.yml");
}

TEST_CASE("after -- everything is an operand, and a lone - always is") {
  const Result<Arguments> parsed = parse("check", {"-", "--", "--rules", "-x"});
  REQUIRE(parsed);
  CHECK(parsed->operands() == Words{"-", "--rules", "-x"});
}

TEST_CASE("a value may begin with a dash or hold an =") {
  const Result<Arguments> parsed = parse("check", {"a", "--report", "text=-", "--var", "a=b=c", "--quarantine", "-"});
  REQUIRE(parsed);
  CHECK(parsed->values("report") == Words{"text=-"});
  CHECK(parsed->values("var") == Words{"a=b=c"});
  CHECK(parsed->text("quarantine") == "-");
}

TEST_CASE("a flag that repeats keeps every value in order; another may not differ from itself") {
  const Result<Arguments> parsed = parse("check", {"a", "--report", "json=1", "--report=md=2"});
  REQUIRE(parsed);
  CHECK(parsed->values("report") == Words{"json=1", "md=2"});
  CHECK(fault("check", {"a", "-r", "1", "-r", "2"}) == "`-r` is given twice: `1` and `2`");
  CHECK(fault("check", {"a", "-r", "1", "--rules", "1"}) == "");
  CHECK(fault("check", {"a", "-q", "-q"}) == "");
}

TEST_CASE("a flag of the line wins over its variable, which wins over the default") {
  const Variables variables = {{"WEIR_RULES", "env.yml"}, {"WEIR_THREADS", "3"}, {"WEIR_QUIET", "1"}};
  const Result<Arguments> parsed = parse("check", {"a", "--threads", "2"}, variables);
  REQUIRE(parsed);
  CHECK(parsed->text("rules") == "env.yml");
  CHECK(parsed->count("threads", 1) == 2);
  CHECK(parsed->on("quiet"));
  CHECK(parsed->text("fail-on", "error") == "error");
}

TEST_CASE("the variable of a flag that repeats holds values between semicolons") {
  const Result<Arguments> parsed = parse("check", {"a"}, {{"WEIR_REPORT", "json=a, b.json;md=c.md"}});
  REQUIRE(parsed);
  CHECK(parsed->values("report") == Words{"json=a, b.json", "md=c.md"});
}

TEST_CASE("the variable of a switch says 1 or 0, and an empty variable says nothing") {
  CHECK_FALSE(parse("check", {"a"}, {{"WEIR_QUIET", "0"}})->on("quiet"));
  CHECK_FALSE(parse("check", {"a"}, {{"WEIR_QUIET", ""}})->on("quiet"));
  CHECK(parse("check", {"a"}, {{"WEIR_RULES", ""}})->text("rules") == std::nullopt);
  CHECK(fault("check", {"a"}, {{"WEIR_QUIET", "perhaps"}}) ==
        "the environment variable `WEIR_QUIET` is a switch: 1 or 0, not `perhaps`");
}

TEST_CASE("a fault in the environment names the variable") {
  CHECK(fault("check", {"a"}, {{"WEIR_THREADS", "many"}}) ==
        "the environment variable `WEIR_THREADS` wants a whole number from 1, not `many`");
  CHECK(
      fault("check", {"a"}, {{"WEIR_FAIL_ON", "eror"}}) ==
      "the environment variable `WEIR_FAIL_ON` has no `eror`: it is one of error, warn, never; did you mean `error`?");
}

TEST_CASE(
    "an unknown flag is answered with the nearest one, with weir's word for it, or with the command that has it") {
  CHECK(fault("check", {"--fromat", "csv"}) == "unknown flag `--fromat`: did you mean `--format`?");
  CHECK(fault("check", {"--quarentine=q"}) == "unknown flag `--quarentine`: did you mean `--quarantine`?");
  CHECK(fault("check", {"--output", "x"}) == "unknown flag `--output`: in weir this is `--report`");
  CHECK(fault("check", {"--markdown"}) == "unknown flag `--markdown`: it is a flag of `weir diff`");
  CHECK(fault("check", {"--zzzzzzzzzz"}) == "unknown flag `--zzzzzzzzzz`");
  CHECK(fault("check", {"-Z"}) == "unknown flag `-Z`");
}

TEST_CASE("a typing error in any flag is answered with that flag") {
  // Two neighbours swapped, a letter lost, a letter doubled: the right flag comes in at least 95 of 100.
  std::size_t tried = 0;
  std::size_t right = 0;
  for (const Command& command : commands()) {
    for (const Flag& flag : command.flags) {
      const std::string name(flag.name);
      if (flag.hidden || name.size() < 4) continue;
      for (std::size_t i = 0; i + 1 < name.size(); ++i) {
        std::string swapped = name;
        std::swap(swapped[i], swapped[i + 1]);
        std::string lost = name;
        lost.erase(i, 1);
        std::string doubled = name;
        doubled.insert(i, 1, name[i]);
        for (const std::string& written : {swapped, lost, doubled}) {
          if (find_flag(command, written) != nullptr) continue;
          ++tried;
          if (fault(std::string(command.name), {"--" + written}).find("`--" + name + "`") != std::string::npos) ++right;
        }
      }
    }
  }
  CHECK(tried > 300);
  CHECK(right * 100 >= tried * 95);
}

TEST_CASE("values of the wrong shape are refused with what is wanted") {
  CHECK(fault("check", {"--threads", "0"}) == "`--threads` wants a whole number from 1, not `0`");
  CHECK(fault("check", {"--threads", "2x"}) == "`--threads` wants a whole number from 1, not `2x`");
  CHECK(fault("check", {"--threads", "99999999999999999999"}) ==
        "`--threads` wants a whole number from 1, not `99999999999999999999`");
  CHECK(fault("check", {"--format", "jsn"}).starts_with("`--format` has no `jsn`: it is one of auto, json,"));
  CHECK(fault("check", {"--rules"}) == "`--rules` wants a FILE");
  CHECK(fault("check", {"--rules", "--quiet"}) == "`--rules` wants a FILE");
  CHECK(fault("check", {"--rules="}) == "`--rules` wants a FILE, not an empty text");
  CHECK(fault("check", {"--quiet=yes"}) == "`--quiet` takes no value");
}

TEST_CASE("operands are counted") {
  CHECK(fault("lint", {}) == "`weir lint` wants RULES...");
  CHECK(fault("diff", {"a"}) == "`weir diff` wants OLD NEW");
  CHECK(fault("diff", {"a", "b", "c"}) == "`weir diff` does not take `c`");
  CHECK(fault("schema", {"a"}) == "`weir schema` does not take `a`");
}

TEST_CASE("what a person wrote cannot forge a line of the answer") {
  const std::string message = fault("check", {"--x\nweir: PASS exit=0"});
  CHECK(message.find('\n') == std::string::npos);
}

}  // namespace
}  // namespace weir
