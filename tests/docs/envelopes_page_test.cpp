// SPDX-License-Identifier: Apache-2.0
// The page about envelopes is a test: its rules load, and each of its records breaks the rules that the page says.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "docs/page.h"
#include "rules/load.h"
#include "weir/engine.h"

namespace weir::docs {
namespace {

std::shared_ptr<const Plan> plan_of(const std::string& rules) {
  LoadOptions options;
  options.read_file = [&rules](const std::string&) -> Result<std::string> { return "weir: 1\n" + rules; };
  const Loaded loaded = load_rules("rules.yml", options);
  CAPTURE(render(loaded.diagnostics, loaded.sources, false));
  REQUIRE(loaded.plan != nullptr);
  return loaded.plan;
}

/// The ids of the rules that a record of a file breaks, in the order of the rules, with commas.
std::string broken(const std::shared_ptr<const Plan>& plan, const std::string& record) {
  const std::string padded = record + std::string(Messages::kPadding, ' ');
  Messages messages;
  messages.items.push_back({.bytes = std::string_view(padded).substr(0, record.size()), .line = 1});
  Engine engine(plan, {});
  const Outcome outcome = engine.step(messages, Instant{});
  std::string out;
  for (std::size_t i = 0; i < plan->rules.size(); ++i) {
    if (outcome.rules[i].failed > 0) out += (out.empty() ? "" : ", ") + plan->rules[i].info.id;
  }
  return out;
}

TEST_CASE("the page about envelopes says which rules each of its records breaks") {
  const Page page = read_page("envelopes.md");
  CHECK(page.faults == std::vector<std::string>());
  std::size_t cases = 0;
  for (const Block& block : page.blocks) {
    INFO("rules at line " << block.line << ":\n" << block.rules);
    const std::shared_ptr<const Plan> plan = plan_of(block.rules);
    for (const Case& one : block.cases) {
      INFO("line " << one.line << ": " << one.verb << " " << one.subject);
      CHECK((one.verb == "pass" || one.verb == "fail"));
      CHECK((one.verb == "pass") == one.message.empty());
      CHECK(broken(plan, one.subject) == one.message);
      ++cases;
    }
  }
  CHECK(cases > 10);
}

}  // namespace
}  // namespace weir::docs
