// SPDX-License-Identifier: Apache-2.0
// When a stream is coloured.
#include "app/surroundings.h"

#include <catch2/catch_test_macros.hpp>
#include <map>

namespace weir {
namespace {

bool colored(const std::map<std::string, std::string>& variables, bool terminal,
             ColorChoice choice = ColorChoice::Auto) {
  Surroundings surroundings;
  surroundings.environment = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  return use_color(surroundings, choice, terminal);
}

TEST_CASE("a terminal gets colours and a pipe does not") {
  CHECK(colored({}, true));
  CHECK_FALSE(colored({}, false));
}

TEST_CASE("NO_COLOR and a dumb terminal take them away, an empty NO_COLOR does not") {
  CHECK_FALSE(colored({{"NO_COLOR", "1"}}, true));
  CHECK(colored({{"NO_COLOR", ""}}, true));
  CHECK_FALSE(colored({{"TERM", "dumb"}}, true));
}

TEST_CASE("CLICOLOR_FORCE gives colours to a pipe unless NO_COLOR is there") {
  CHECK(colored({{"CLICOLOR_FORCE", "1"}}, false));
  CHECK_FALSE(colored({{"CLICOLOR_FORCE", "0"}}, false));
  CHECK_FALSE(colored({{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}, false));
}

TEST_CASE("--color is stronger than the environment") {
  CHECK(colored({{"NO_COLOR", "1"}}, false, ColorChoice::Always));
  CHECK_FALSE(colored({{"CLICOLOR_FORCE", "1"}}, true, ColorChoice::Never));
}

}  // namespace
}  // namespace weir
