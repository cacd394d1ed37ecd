// SPDX-License-Identifier: Apache-2.0
// A pattern means what RE2 says it means, whichever engine runs it.
#include "base/pattern.h"

#include <re2/re2.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace weir {
namespace {

Pattern compiled(std::string_view text) {
  Result<Pattern> pattern = Pattern::compile(text);
  INFO("pattern: " << text);
  REQUIRE(pattern.ok());
  return std::move(*pattern);
}

bool found_by_re2(const std::string& pattern, const std::string& text) {
  return RE2::PartialMatch(text, RE2(pattern));
}

struct Case {
  std::string_view pattern;
  std::vector<std::string_view> found;
  std::vector<std::string_view> not_found;
};

TEST_CASE("patterns of rule files find what they should") {
  const Case cases[] = {
      {"^O-[0-9]{8}$",
       {"O-00000000", "O-12345678"},
       {"", "O-1234567", "O-123456789", "o-12345678", "xO-12345678", "O-1234567a", "O-12345678\n"}},
      {R"(^[^@ ]+@[a-z0-9.-]+\.[a-z]{2,}$)",
       {"a@b.de", "jürgen.müller@mail.example.org", "x@a-b.c-d.info"},
       {"", "@b.de", "a@b", "a@b.d", "a b@c.de", "a@B.de", "a@b.de\n", "a@@b.de"}},
      {"^$", {""}, {" ", "\n"}},
      {"", {"", "anything"}, {}},
      {"error", {"error", "an error occurred", "errerror"}, {"", "erro", "Error"}},
      {"^(new|paid|shipped)$", {"new", "paid", "shipped"}, {"", "ne", "newer", "paidnew"}},
      {"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$", {"DE89370400440532013000"}, {"DE8937040044", "de89370400440532013000"}},
      {R"(^\d{4}-\d\d-\d\d$)", {"2026-01-31"}, {"2026-1-31", "2026-01-31 ", "26-01-31"}},
      {"^.{3}$", {"abc", "äöü", "日本語", "a😀c"}, {"ab", "abcd", "a\nb", "äöü!"}},
      {"(?s)^.{3}$", {"a\nb"}, {"ab"}},
      {"(?i)^straße$", {}, {"STRASSE"}},
      {"(?i)^kiss$", {"kiss", "KISS", "Kiss", "\u212Ai\u017Fs"}, {"kist"}},
      {"a|^b|c$", {"xay", "b", "bx", "xc", "c"}, {"xb", "cx", ""}},
      {R"(\Aab\z)", {"ab"}, {"ab\n", "xab"}},
      {"a^b", {}, {"ab", "a\nb"}},
      {"x*", {"", "y"}, {}},
      {"^(a|ab)(c|bcd)(d*)$", {"abcd", "abcddd", "acd"}, {"abd", "abc d"}},
      {"^[äöü]+$", {"äöü", "ü"}, {"", "a", "ä "}},
      {"^[^a-z]$", {"A", "ß", "😀", "\n"}, {"a", "", "AB"}},
      {"[[:punct:]]", {"a!b"}, {"ab", "ä"}},
      {R"(^[\w.-]+$)", {"a_b.c-d", "9"}, {"", "a b", "ä"}},
      {"^a{,2}$", {"a{,2}"}, {"a", "aa"}},
      {"^a{2,3}?$", {"aa", "aaa"}, {"a", "aaaa"}},
      {R"(^\x41\x{1F600}\.\*$)", {"A😀.*"}, {"A😀.", "A.*"}},
      {R"(\bword\b)", {"a word here"}, {"swords"}},
      {R"(^\p{Lu})", {"Äpfel"}, {"äpfel"}},
      {"(?m)^b$", {"a\nb\nc"}, {"ab"}},
  };
  for (const Case& one : cases) {
    INFO("pattern: " << one.pattern);
    const Pattern pattern = compiled(one.pattern);
    for (const std::string_view text : one.found) {
      INFO("text: " << text);
      CHECK(pattern.matches(text));
      CHECK(found_by_re2(std::string(one.pattern), std::string(text)));
    }
    for (const std::string_view text : one.not_found) {
      INFO("text: " << text);
      CHECK_FALSE(pattern.matches(text));
      CHECK_FALSE(found_by_re2(std::string(one.pattern), std::string(text)));
    }
  }
}

TEST_CASE("the patterns that rules are made of run in a table") {
  for (const std::string_view text :
       {"^O-[0-9]{8}$", R"(^[^@ ]+@[a-z0-9.-]+\.[a-z]{2,}$)", "error", "^(new|paid|shipped)$", "(?i)test",
        "^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$", R"(^\+?[0-9 ()-]{7,20}$)", R"(^https?://[^\s/$.?#][^\s]*$)",
        "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", R"(^\S+$)", "^.{1,50}$",
        R"(^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$)"}) {
    INFO("pattern: " << text);
    CHECK(compiled(text).has_table());
  }
}

TEST_CASE("what a table cannot hold runs in RE2") {
  for (const std::string_view text :
       {R"(\bword\b)", R"(\p{Greek})", "(?m)^a$", "(?i)ä", R"(\C)", "(a|b)*a(a|b){12}", "^.{1000}$"}) {
    INFO("pattern: " << text);
    CHECK_FALSE(compiled(text).has_table());
  }
}

struct Fault {
  std::string_view pattern;
  int at;
  int length;
  std::string_view message;
};

TEST_CASE("a faulty pattern says what is wrong, and where") {
  const Fault faults[] = {
      {"a\\q", 1, 2, "the escape `\\q` has no meaning"},
      {"\\\\q\\q", 3, 2, "the escape `\\q` has no meaning"},
      {"x[b-a]", 2, 3, "the range `b-a` runs backwards"},
      {"[[:foo:]]", 1, 7, "the class `[:foo:]` is not known"},
      {"x\\p{Foo}", 1, 7, "the class `\\p{Foo}` is not known"},
      {"ab[a", 2, 2, "`[` is not closed"},
      {"(a)(b", 3, 1, "`(` is not closed"},
      {"[(](b\\)", 3, 1, "`(` is not closed"},
      {"(a)b)c", 4, 1, "`)` closes nothing"},
      {"a\\", 1, 1, "`\\` at the end escapes nothing"},
      {"a|*", 2, 1, "`*` has nothing to repeat"},
      {"a{2}b{2000}", 5, 6, "`{2000}` repeats too often or backwards"},
      {"a{3,2}", 1, 5, "`{3,2}` repeats too often or backwards"},
      {"ab**", 2, 2, "`**` repeats a repetition"},
      {"a(?=b)", 1, 3, "`(?=` is not supported"},
      {"(.)\\1", 3, 2, "the escape `\\1` has no meaning"},
      {"a\xFFz", 1, 1, "the bytes are not UTF-8"},
  };
  for (const Fault& fault : faults) {
    INFO("pattern: " << fault.pattern);
    const Result<Pattern> pattern = Pattern::compile(fault.pattern);
    REQUIRE_FALSE(pattern.ok());
    CHECK(pattern.error().message == fault.message);
    CHECK(pattern.error().where.column == fault.at);
    CHECK(pattern.error().where.length == fault.length);
  }
}

TEST_CASE("look-around and back-references are told not to exist") {
  for (const std::string_view text : {"(?=a)", "(?!a)", "(?<=a)b", "(?<!a)b", "(a)\\1"}) {
    INFO("pattern: " << text);
    const Result<Pattern> pattern = Pattern::compile(text);
    REQUIRE_FALSE(pattern.ok());
    CHECK(pattern.error().help.find("linear time") != std::string::npos);
  }
}

TEST_CASE("a pattern of more than a kibibyte is refused") {
  CHECK(Pattern::compile(std::string(1024, 'a')).ok());
  CHECK_FALSE(Pattern::compile(std::string(1025, 'a')).ok());
}

/// Draws patterns from a grammar, and texts that have a chance to match.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}

  std::string pattern(int depth = 3) {
    std::string out;
    const std::size_t branches = chance(5) ? 2 : 1;
    for (std::size_t branch = 0; branch < branches; ++branch) {
      if (branch > 0) out += '|';
      for (std::size_t i = below(4) + (depth == 3 ? 1 : 0); i > 0; --i) out += repeated(depth);
    }
    return out;
  }

  std::string text() {
    static const std::string_view pieces[] = {"a",
                                              "b",
                                              "A",
                                              "k",
                                              "s",
                                              "0",
                                              "7",
                                              " ",
                                              "\n",
                                              "_",
                                              "-",
                                              ".",
                                              "ä",
                                              "ß",
                                              "€",
                                              "日",
                                              "😀",
                                              "\u212A",
                                              "\u017F",
                                              "ab",
                                              "aa",
                                              "\xC3",
                                              "\x80",
                                              "\xFF",
                                              "\xED\xA0\x80",
                                              "\xF4\x90\x80\x80",
                                              "\xC0\x80",
                                              "\xE0\x80\x80"};
    std::string out;
    // Bytes that are no UTF-8 come in one text of four: the tables agree with RE2 there as well.
    const std::size_t choices = chance(4) ? std::size(pieces) : 21;
    for (std::size_t i = below(12); i > 0; --i) out += pieces[below(chance(2) ? 6 : choices)];
    return out;
  }

  bool chance(std::size_t one_in) { return below(one_in) == 0; }
  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }

 private:
  std::string repeated(int depth) {
    static const std::string_view repeats[] = {"*",     "+",      "?",    "*?",  "+?",   "??", "{2}",
                                               "{1,3}", "{0,2}?", "{2,}", "{0}", "{,2}", "{"};
    const std::string one = atom(depth);
    return chance(3) && one[0] != '\x01' ? one + std::string(repeats[below(std::size(repeats))]) : one;
  }

  std::string atom(int depth) {
    static const std::string_view atoms[] = {
        "a",   "b",   "ab",  "k",   "s",   "0",     "_",       "-", " ", "ä",   "€",   "😀", ".", "\\d", "\\w", "\\s",
        "\\D", "\\W", "\\S", "\\.", "\\n", "\\x61", "\\x{e4}", "^", "$", "\\A", "\\z", "]", "}", "\\-", "\\b", "\\pL"};
    if (depth > 0 && chance(4)) {
      static const std::string_view opens[] = {"(", "(?:", "(?i:", "(?s:", "(?P<n>", "(?U:", "(?-i:"};
      return std::string(opens[below(std::size(opens))]) + pattern(depth - 1) + ")";
    }
    if (chance(20)) return chance(2) ? "(?i)" : "(?s-i)";
    if (chance(4)) return bracket();
    return std::string(atoms[below(chance(30) ? std::size(atoms) : std::size(atoms) - 2)]);
  }

  std::string bracket() {
    static const std::string_view parts[] = {"a",         "b",          "k",   "A-Z",   "a-z", "0-9",
                                             " ",         ".",          "-",   "\\d",   "\\W", "\\n",
                                             "ä",         "à-ü",        "€",   "一-龥", "😀-😎", "\\x{80}-\\x{10ffff}",
                                             "[:alpha:]", "[:^space:]", "\\]", "^",     "!-~", "\\x{700}-\\x{ffff}"};
    std::string out = chance(3) ? "[^" : "[";
    if (chance(15)) out += ']';
    for (std::size_t i = below(3) + 1; i > 0; --i) out += parts[below(std::size(parts))];
    return out + "]";
  }

  std::mt19937_64 random_;
};

void agree_with_re2(std::uint64_t seed, int wanted) {
  constexpr int kTextsEach = 10;
  Draw draw(seed);
  int pairs = 0;
  int in_table = 0;
  int found = 0;
  for (int round = 0; pairs < wanted; ++round) {
    const std::string text = draw.pattern();
    RE2::Options quiet;
    quiet.set_log_errors(false);
    const RE2 re2(text, quiet);
    Result<Pattern> pattern = Pattern::compile(text);
    INFO("seed " << seed << ", round " << round << ", pattern: " << text);
    REQUIRE(pattern.ok() == re2.ok());
    if (!pattern) continue;
    pairs += kTextsEach;
    in_table += pattern->has_table() ? kTextsEach : 0;
    for (int i = 0; i < kTextsEach; ++i) {
      const std::string subject = draw.text();
      const bool expected = RE2::PartialMatch(subject, re2);
      found += expected ? 1 : 0;
      if (pattern->matches(subject) == expected) continue;
      CAPTURE(subject, expected);
      FAIL("the table and RE2 disagree");
    }
  }
  // The draw has to be worth something: mostly tables, and both answers.
  CHECK(in_table > pairs / 2);
  CHECK(found > pairs / 10);
  CHECK(found < pairs - pairs / 10);
}

TEST_CASE("on 20 000 random patterns and texts the answer is RE2's") {
  agree_with_re2(20'260'101, 20'000);
}

TEST_CASE("on a million random patterns and texts the answer is RE2's", "[long]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) agree_with_re2(seed, 50'000);
}

}  // namespace
}  // namespace weir
