// SPDX-License-Identifier: Apache-2.0
// What people see of texts: shortened values, suggestions, numbers; and what counts as UTF-8.
#include "base/text.h"

#include <array>
#include <catch2/catch_test_macros.hpp>

namespace weir {
namespace {

TEST_CASE("code points are counted, not bytes") {
  CHECK(code_points("") == 0);
  CHECK(code_points("abc") == 3);
  CHECK(code_points("\u00e9\u65e5\U0001F600") == 3);
}

TEST_CASE("only well-formed UTF-8 is valid") {
  CHECK(is_valid_utf8(""));
  CHECK(is_valid_utf8("plain ascii that is longer than eight bytes"));
  CHECK(is_valid_utf8("\u00e9\u65e5\U0001F600 and \uFFFF \U0010FFFF"));
  CHECK_FALSE(is_valid_utf8("\x80"));              // a continuation alone
  CHECK_FALSE(is_valid_utf8("\xC3"));              // cut off
  CHECK_FALSE(is_valid_utf8("\xC0\x80"));          // overlong
  CHECK_FALSE(is_valid_utf8("\xE0\x80\x80"));      // overlong
  CHECK_FALSE(is_valid_utf8("\xF0\x8F\xBF\xBF"));  // overlong
  CHECK_FALSE(is_valid_utf8("\xED\xA0\x80"));      // a surrogate
  CHECK_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));  // beyond U+10FFFF
  CHECK_FALSE(is_valid_utf8("\xF8\x88\x80\x80\x80"));
  CHECK(first_invalid_utf8("twelve bytes\xFF") == 12);
  CHECK(first_invalid_utf8("fine") == std::string_view::npos);
}

TEST_CASE("ascii is told from everything else, at any alignment") {
  CHECK(is_ascii(""));
  CHECK(is_ascii("0123456789abcdef"));
  for (std::size_t i = 0; i < 20; ++i) {
    std::string text(20, 'a');
    text[i] = '\xC3';
    CHECK_FALSE(is_ascii(text));
  }
}

TEST_CASE("a wide character takes two cells and a combining mark none") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("\u65e5\u672c") == 4);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("\U0001F600") == 2);
}

TEST_CASE("a value is shortened between code points and says so") {
  CHECK(shorten("short", 10) == "short");
  CHECK(shorten("exactly ten", 11) == "exactly ten");
  CHECK(shorten("a value that is long", 10) == "a value\u2026");
  CHECK(shorten("\u65e5\u672c\u8a9e\u65e5\u672c", 10) == "\u65e5\u672c\u2026");
  CHECK(shorten("abc", 0).empty());
  for (std::size_t limit = 0; limit < 40; ++limit) {
    const std::string cut = shorten("\u65e5a\u00e9\U0001F600 tail with \x1b[31m colour", limit);
    CHECK(cut.size() <= limit);
    CHECK(is_valid_utf8(cut));
  }
}

TEST_CASE("a hostile value cannot forge a line, colour a terminal or turn the direction of writing") {
  CHECK(shorten("a\nb\tc\r", 40) == "a\\nb\\tc\\r");
  CHECK(shorten("\x1b[31mred", 40) == "\\u001b[31mred");
  CHECK(shorten("\u202Egnp.exe", 40) == "\\u202egnp.exe");
  CHECK(shorten("\u2028", 40) == "\\u2028");
  CHECK(shorten("\u0085", 40) == "\\u0085");
  CHECK(shorten("bad \xFF byte", 40) == "bad \uFFFD byte");
}

TEST_CASE("a typing error finds the word that was meant, another word finds nothing") {
  constexpr std::array<std::string_view, 6> kWords = {"required", "min", "max", "min_length", "not_in", "x"};
  CHECK(nearest("requierd", kWords) == "required");
  CHECK(nearest("Required", kWords) == "required");
  CHECK(nearest("mni", kWords) == "min");
  CHECK(nearest("minLength", kWords) == "min_length");
  CHECK(nearest("not-in", kWords) == "not_in");
  CHECK(nearest("colour", kWords).empty());
  CHECK(nearest("y", kWords).empty());
  CHECK(nearest("", kWords).empty());
  CHECK(nearest(std::string(100000, 'a'), kWords).empty());
}

TEST_CASE("numbers are written for people") {
  CHECK(with_commas(0) == "0");
  CHECK(with_commas(999) == "999");
  CHECK(with_commas(1000) == "1,000");
  CHECK(with_commas(1234567) == "1,234,567");
  CHECK(with_commas(18446744073709551615ULL) == "18,446,744,073,709,551,615");
  CHECK(human_bytes(0) == "0 B");
  CHECK(human_bytes(999) == "999 B");
  CHECK(human_bytes(1000) == "1.0 kB");
  CHECK(human_bytes(999999) == "1.0 MB");
  CHECK(human_bytes(1200000000) == "1.2 GB");
}

}  // namespace
}  // namespace weir
