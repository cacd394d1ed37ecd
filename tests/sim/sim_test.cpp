// SPDX-License-Identifier: Apache-2.0
// The stream in worlds in which everything goes wrong that can: thousands of them, each from a seed.
//
//   WEIR_SEED=17 ./test_sim                       one world, with all that happened in it
//   WEIR_FROM=5001 WEIR_SEEDS=100000 ./test_sim   so many worlds, from that one on
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "sim/world.h"

namespace weir::sim {
namespace {

std::uint64_t wanted(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// What is wrong in the world of that seed.
std::string run_world(std::uint64_t seed, bool in_full, bool with_faults = true) {
  Setting setting = Setting::drawn(seed);
  if (!with_faults) setting.faults = {};
  World world(setting, plan_of_the_world());
  world.run();
  const std::vector<std::string> wrong = check(world);
  if (in_full) {
    std::cerr << setting.text() << "\n";
    for (const std::string& line : world.lines) std::cerr << line << "\n";
  }
  if (wrong.empty()) return "";
  std::string out = setting.text() + "\n";
  for (const std::string& one : wrong) out += "  " + one + "\n";
  return out;
}

void run_worlds(std::uint64_t from, std::uint64_t worlds) {
  std::size_t broken = 0;
  for (std::uint64_t seed = from; seed < from + worlds && broken < 10; ++seed) {
    const std::string wrong = run_world(seed, false);
    if (wrong.empty()) continue;
    ++broken;
    FAIL_CHECK(wrong << "again, with all that happened: WEIR_SEED=" << seed);
  }
  CHECK(broken == 0);
}

TEST_CASE("the rules of the world can be read") {
  REQUIRE(plan_of_the_world() != nullptr);
}

TEST_CASE("a stream to which nothing happens does what it should") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const std::string wrong = run_world(seed, false, false);
    INFO(wrong);
    REQUIRE(wrong.empty());
  }
}

TEST_CASE("a stream loses nothing and says nothing wrong, whatever happens around it") {
  const std::uint64_t one = wanted("WEIR_SEED", 0);
  if (one != 0) {
    const std::string wrong = run_world(one, true);
    INFO(wrong);
    CHECK(wrong.empty());
    return;
  }
  run_worlds(wanted("WEIR_FROM", 1), wanted("WEIR_SEEDS", 2'000));
}

TEST_CASE("a stream loses nothing in many more worlds", "[long]") {
  run_worlds(1'001, 20'000);
}

}  // namespace
}  // namespace weir::sim
