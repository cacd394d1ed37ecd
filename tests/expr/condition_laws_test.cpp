// SPDX-License-Identifier: Apache-2.0
// What a condition says of a sketch's answer holds for everything that the truth may be: random conditions against all of
// the truths, one by one.
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "expr/judge.h"

namespace weir::testing {
namespace {

class Draw {
 public:
  explicit Draw(std::uint32_t seed) : random_(seed) {}
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint32_t>(n)); }
  template <std::size_t N>
  std::string one_of(const char* const (&choices)[N]) {
    return choices[static_cast<std::size_t>(below(static_cast<int>(N)))];
  }

  // &&, || and ! over parts that `part` makes.
  template <class Part>
  std::string condition(int depth, Part part) {
    const int kind = depth == 0 ? 0 : below(5);
    if (kind <= 1) return part();
    if (kind == 2) return "!(" + condition(depth - 1, part) + ")";
    return "(" + condition(depth - 1, part) + (kind == 3 ? " && " : " || ") + condition(depth - 1, part) + ")";
  }

 private:
  std::mt19937 random_;
};

// A condition over one measure.
Verdict of(const CompiledCondition& compiled, const Measured& value) {
  REQUIRE(compiled.calls.size() == 1);
  return compiled.condition->judge({&value, 1}).verdict;
}

TEST_CASE("an answer over an interval is the answer at every point of it, and inconclusive means that two differ") {
  constexpr const char* kOperators[] = {"==", "!=", "<", "<=", ">", ">="};
  Draw draw(20260131);
  int told = 0;
  int open = 0;
  for (int round = 0; round < 800; ++round) {
    const auto part = [&draw, &kOperators] {
      const std::string bound = std::to_string(draw.below(9) - 4);
      return draw.below(2) == 0 ? bound + " " + draw.one_of(kOperators) + " median(x)"
                                : "median(x) " + draw.one_of(kOperators) + " " + bound;
    };
    const std::string condition = draw.condition(3, part);
    const int low = draw.below(20) - 10;       // halves
    const int high = low + 1 + draw.below(8);  // halves
    const int answer = low + draw.below(high - low + 1);
    const auto at = [](int halves) { return halves / 2.0; };
    const CompiledCondition compiled = compile_window(condition);
    const Verdict verdict = of(compiled, Measured::within(at(answer), at(low), at(high), ""));
    bool pass = false;
    bool fail = false;
    for (int quarters = 2 * low; quarters <= 2 * high; ++quarters) {
      const Verdict there = of(compiled, Measured::of(quarters / 4.0));
      pass = pass || there == Verdict::Pass;
      fail = fail || there == Verdict::Fail;
    }
    INFO(condition << " over [" << at(low) << ", " << at(high) << "]");
    CHECK(verdict == (pass && fail ? Verdict::Inconclusive : pass ? Verdict::Pass : Verdict::Fail));
    ++(verdict == Verdict::Inconclusive ? open : told);
  }
  CHECK(told > 100);
  CHECK(open > 100);
}

std::vector<std::string> letters_of(unsigned set) {
  std::vector<std::string> out;
  for (unsigned i = 0; i < 5; ++i) {
    if ((set >> i & 1U) != 0) out.emplace_back(1, static_cast<char>('a' + i));
  }
  return out;
}

std::string list_text(unsigned set) {
  std::string out;
  for (const std::string& letter : letters_of(set)) out += (out.empty() ? "\"" : ", \"") + letter + "\"";
  return "[" + out + "]";
}

TEST_CASE("an answer over a part of the values is the answer over all that they may be") {
  constexpr unsigned kSets = 32;
  Draw draw(20260201);
  int told = 0;
  for (int round = 0; round < 800; ++round) {
    const auto part = [&draw]() -> std::string {
      const std::string list = list_text(static_cast<unsigned>(draw.below(kSets)));
      const std::string letter = "\"" + std::string(1, static_cast<char>('a' + draw.below(5))) + "\"";
      switch (draw.below(9)) {
        case 0: return letter + " in values(c)";
        case 1: return "values(c).containsAll(" + list + ")";
        case 2: return list + ".containsAll(values(c))";
        case 3: return "values(c) == " + list;
        case 4: return list + " != values(c)";
        case 5: return "values(c).all(v, v in " + list + ")";
        case 6: return "values(c).exists(v, v == " + letter + ")";
        case 7: return "values(c).filter(v, v > \"b\").exists_one(v, v in " + list + ")";
        default: return "size(values(c)) < " + std::to_string(draw.below(6));
      }
    };
    const std::string condition = draw.condition(2, part);
    const auto kept = static_cast<unsigned>(draw.below(kSets - 1));
    const CompiledCondition compiled = compile_window(condition);
    const Verdict verdict = of(compiled, list_of(letters_of(kept), false));
    if (verdict == Verdict::Inconclusive) continue;
    ++told;
    for (unsigned all = kept + 1; all < kSets; ++all) {
      if ((all & kept) != kept) continue;
      INFO(condition << " over " << list_text(kept) << " of " << list_text(all));
      CHECK(of(compiled, list_of(letters_of(all))) == verdict);
    }
  }
  CHECK(told > 100);
}

}  // namespace
}  // namespace weir::testing
