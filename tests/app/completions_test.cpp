// SPDX-License-Identifier: Apache-2.0
// What shells and the manual page are told is what the table says, hidden flags left out. Whether a shell understands it is
// the business of tests/scripts/completions_test.py.
#include "app/completions.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "app/command.h"
#include "app/command_line.h"
#include "app/completion_values.h"
#include "app/man_page.h"
#include "import/import.h"

namespace weir {
namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string escaped_for_roff(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '-' ? "\\-" : std::string(1, c);
  return out;
}

TEST_CASE("every command and flag is in the completions of every shell and on the manual page") {
  const std::string bash = bash_completions();
  const std::string zsh = zsh_completions();
  const std::string fish = fish_completions();
  const std::string man = man_page("1.2.3");
  for (const Command& command : commands()) {
    const std::string name(command.name);
    INFO(name);
    CHECK(holds(bash, "    " + name + ")\n"));
    CHECK(holds(zsh, "      " + name + ") _arguments"));
    CHECK(holds(fish, "-n __fish_use_subcommand -a " + name + " "));
    CHECK(holds(man, ".SS weir " + escaped_for_roff(name) + "\n"));
    for (const Flag& flag : command.flags) {
      const std::string flag_name(flag.name);
      INFO("--" << flag_name);
      CHECK(holds(fish, "'__weir_in " + name + "' -l " + flag_name + " ") != flag.hidden);
      CHECK(holds(bash, "--" + flag_name + " ") != flag.hidden);
      CHECK(holds(zsh, "--" + flag_name + (flag.kind == FlagKind::Switch ? "" : "=")) != flag.hidden);
      CHECK(holds(man, "\\fB\\-\\-" + escaped_for_roff(flag_name) + "\\fR") != flag.hidden);
    }
  }
}

TEST_CASE("a value is completed by what its argument is called") {
  CHECK(completed_of(Flag{.name = "a", .kind = FlagKind::Text, .argument = "FILE"}) == Completed::Files);
  CHECK(completed_of(Flag{.name = "a", .kind = FlagKind::Text, .argument = "DIR"}) == Completed::Files);
  CHECK(completed_of(Flag{.name = "a", .kind = FlagKind::Text, .argument = "TIME"}) == Completed::Nothing);
  CHECK(completed_of(Flag{.name = "a", .kind = FlagKind::Count, .argument = "N"}) == Completed::Nothing);
  const Flag* report = find_flag(*find_command("check"), "report");
  REQUIRE(completed_of(*report) == Completed::KindThenFile);
  CHECK(joined_words(words_of(*report), "=").starts_with("text= json= junit= "));
  CHECK(completed_of(*find_command("lint")) == Completed::Files);
  CHECK(completed_of(*find_command("import")) == Completed::Words);
  CHECK(completed_of(*find_command("history")) == Completed::Nothing);
  CHECK(completed_of(*find_command("version")) == Completed::Nothing);
  CHECK(takes_rule_id(*find_command("explain")));
  CHECK_FALSE(takes_rule_id(*find_command("lint")));
}

TEST_CASE("every suite that the command line offers to import has a reader") {
  for (const std::string_view word : find_command("import")->words) {
    INFO(word);
    CHECK(suite_kind(word).has_value());
  }
}

TEST_CASE("no line of the manual page is taken for a macro that it is not") {
  const std::string man = man_page("1.2.3");
  std::size_t begin = 0;
  while (begin < man.size()) {
    const std::size_t end = man.find('\n', begin);
    const std::string line = man.substr(begin, end - begin);
    begin = end + 1;
    INFO(line);
    if (!line.starts_with('.')) {
      CHECK((!line.starts_with('\'') || line == "'\\\" t"));
      continue;
    }
    bool known = line.starts_with(".\\\"");
    for (const std::string_view macro :
         {".TH ", ".SH ", ".SS ", ".TP", ".PP", ".RS ", ".RE", ".nf", ".fi", ".br", ".nh", ".ad "})
      known = known || line.starts_with(macro);
    CHECK(known);
  }
}

TEST_CASE("a shell that weir knows nothing of is refused with those that it knows") {
  const testing::Ran ran = testing::run({"completion", "tcsh"});
  CHECK(ran.exit == 2);
  CHECK(ran.out.empty());
  CHECK(holds(ran.err, "`weir completion` has no `tcsh`: it is one of bash, zsh, fish"));
}

}  // namespace
}  // namespace weir
