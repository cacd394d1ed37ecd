// SPDX-License-Identifier: Apache-2.0
// What a hostile text looks like in each place.
#include "base/escape.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "base/text.h"
#include "testing/hostile_text.h"

namespace weir {
namespace {

TEST_CASE("control characters and marks that turn the text are shown and not obeyed") {
  CHECK(visible("a\nb\r\tc\x1b[31m") == "a\\nb\\r\\tc\\u001b[31m");
  CHECK(visible("\xc2\x9b") == "\\u009b");
  CHECK(visible("admin\xe2\x80\xaenimda") == "admin\\u202enimda");
  CHECK(visible("zero\xe2\x80\x8bwidth") == "zero\\u200bwidth");
  CHECK(visible("\xf3\xa0\x80\x81tag") == "\\U000e0001tag");
  CHECK(visible("grün 😀 日本") == "grün 😀 日本");
}

TEST_CASE("bytes that are no UTF-8 are replaced") {
  CHECK(visible("a\xff") == "a\xEF\xBF\xBD");
}

TEST_CASE("a text is cut between code points") {
  CHECK(visible("grün", 3) == "grü…");
  CHECK(visible("grün", 4) == "grün");
  CHECK(visible("", 0).empty());
}

TEST_CASE("markup cannot leave an element or an attribute") {
  CHECK(escape_markup("<b a='1' c=\"2\">&]]>") == "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;]]&gt;");
  const std::string escaped = escape_markup(testing::hostile_text());
  CHECK(escaped.find_first_of("<>\"'\n\r\t\x1b") == std::string::npos);
}

TEST_CASE("Markdown shows a value as code where it can, and as entities where it has to") {
  CHECK(markdown_code("O-1") == "`O-1`");
  CHECK(markdown_code("a|b") == "<code>a&#124;b</code>");
  CHECK(markdown_code("a`b") == "<code>a&#96;b</code>");
  CHECK(markdown_code(" a") == "<code> a</code>");
  CHECK(markdown_code("").empty());
}

TEST_CASE("Markdown text mentions nobody, links nowhere and opens no tag") {
  CHECK(escape_markdown("@all see #1 <img src=x> [a](b) https://example.com") ==
        "&#64;all see &#35;1 &#60;img src=x&#62; &#91;a&#93;(b) https&#58;//example.com");
  CHECK(escape_markdown("amount: 5") == "amount: 5");
}

TEST_CASE("paths become URI references") {
  CHECK(uri_of_path("data/orders.ndjson") == "data/orders.ndjson");
  CHECK(uri_of_path("a b%c#d?e.ndjson") == "a%20b%25c%23d%3Fe.ndjson");
  CHECK(uri_of_path("/tmp/grün") == "file:///tmp/gr%C3%BCn");
  CHECK(uri_of_path("c:d") == "c%3Ad");
}

TEST_CASE("a word of a command is quoted when a shell would read it otherwise") {
  CHECK(shell_word("data/orders.ndjson") == "data/orders.ndjson");
  CHECK(shell_word("my orders.ndjson") == "'my orders.ndjson'");
  CHECK(shell_word("it's") == "'it'\\''s'");
  CHECK(shell_word("$(rm)") == "'$(rm)'");
  CHECK(shell_word("") == "''");
}

TEST_CASE("a text is fitted to cells of a terminal, of which wide characters take two") {
  CHECK(fit("abcdef", 6) == "abcdef");
  CHECK(fit("abcdef", 4) == "abc…");
  CHECK(display_width(fit("日本語日本語", 6)) <= 6);
  CHECK(fit("日本語日本語", 6) == "日本…");
  CHECK(fit_end("data/2026/orders.ndjson:17", 12) == "…s.ndjson:17");
  CHECK(fit("abc", 0).empty());
}

}  // namespace
}  // namespace weir
