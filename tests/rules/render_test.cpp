// SPDX-License-Identifier: Apache-2.0
// Diagnostics as a person sees them in a terminal, to the cell.
#include <catch2/catch_test_macros.hpp>

#include "loading.h"
#include "rules/findings.h"

namespace weir {
namespace {

using testing::load_text;

std::string shown(const std::string& text) {
  const Loaded loaded = load_text(text);
  return render(loaded.diagnostics, loaded.sources, false);
}

Diagnostic at(SourceSpan where, std::string label = "here") {
  return {
      .level = DiagnosticLevel::Error,
      .error = {
          .message = "something", .where = std::move(where), .code = "W104", .label = std::move(label), .help = {}}};
}

/// The two lines that matter: the source and the caret.
std::string excerpt(const std::string& source, int column, int length) {
  const std::string text = render({at({"f.yml", 1, column, length})}, {{"f.yml", source}}, false);
  const std::size_t begin = text.find("1 |");
  const std::size_t end = text.find("  = see");
  return text.substr(begin, end - begin);
}

TEST_CASE("a diagnostic has code, place, line, caret, label, help and where to read more") {
  CHECK(shown("weir: 1\nfields:\n  amount: {minimum: 0, type: float}\n") ==
        "error[W104]: unknown key `minimum` in the field `amount`\n"
        " --> rules.yml:3:12\n"
        "  |\n"
        "3 |   amount: {minimum: 0, type: float}\n"
        "  |            ^^^^^^^ in weir this is `min`\n"
        "  = see: weir explain W104\n"
        "\n"
        "error[W121]: `type` cannot be `float`\n"
        " --> rules.yml:3:30\n"
        "  |\n"
        "3 |   amount: {minimum: 0, type: float}\n"
        "  |                              ^^^^^\n"
        "  = help: one of `string`, `integer`, `number`, `decimal`, `boolean`, `timestamp`, `date`, `uuid`, `object` "
        "and `array`\n"
        "  = see: weir explain W121\n");
}

TEST_CASE("the gutter is as wide as the number of the line") {
  const std::string text = shown("weir: 1\n\n\n\n\n\n\n\n\nfields: []\n");
  CHECK(text.find("  --> rules.yml:10:9\n   |\n10 | fields: []\n   |         ^\n   = see: weir explain W110\n") !=
        std::string::npos);
}

TEST_CASE("the caret stands under the fault whatever stands before it") {
  CHECK(excerpt("abc: x", 6, 1) == "1 | abc: x\n  |      ^ here\n");
  CHECK(excerpt("é: x", 5, 1) == "1 | é: x\n  |    ^ here\n");
  CHECK(excerpt("名前: x", 9, 1) == "1 | 名前: x\n  |       ^ here\n");     // two cells each
  CHECK(excerpt("e\u0301: x", 6, 1) == "1 | e\u0301: x\n  |    ^ here\n");  // a combining mark takes none
  CHECK(excerpt("\tx: y", 2, 1) == "1 |     x: y\n  |     ^ here\n");
  CHECK(excerpt("a\tx: y", 3, 1) == "1 | a   x: y\n  |     ^ here\n");
  CHECK(excerpt("a: 名前", 4, 6) == "1 | a: 名前\n  |    ^^^^ here\n");
}

TEST_CASE("a place beyond the end of its line is shown at the end") {
  CHECK(excerpt("abc", 10, 5) == "1 | abc\n  |    ^ here\n");
  CHECK(excerpt("", 1, 1) == "1 |\n  | ^ here\n");
}

TEST_CASE("columns are shown in characters, as editors count them") {
  CHECK(render({at({"f.yml", 1, 5, 1})}, {{"f.yml", "é: x"}}, false).find("f.yml:1:4\n") != std::string::npos);
}

TEST_CASE("a long line is cut around the fault") {
  const std::string text = excerpt(std::string(500, 'a') + "FAULT" + std::string(500, 'b'), 501, 5);
  CHECK(text == "1 | … " + std::string(40, 'a') + "FAULT" + std::string(75, 'b') + " …\n  | " + std::string(42, ' ') +
                    "^^^^^ here\n");
}

TEST_CASE("a rule file cannot colour the terminal through its own diagnostics") {
  const std::string text = render({at({"f.yml", 1, 4, 5})}, {{"f.yml", "a: \x1b[31m \xFF"}}, false);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("\\u001b[31m") != std::string::npos);
  CHECK(text.find('\xFF') == std::string::npos);
}

TEST_CASE("a fault without a line is told with its file, one without a file with nothing") {
  CHECK(render({at({"f.yml", 0, 0, 1}, "")}, {}, false) ==
        "error[W104]: something\n --> f.yml\n  = see: weir explain W104\n");
  CHECK(render({at({}, "")}, {}, false) == "error[W104]: something\n  = see: weir explain W104\n");
}

TEST_CASE("twenty are shown and the rest is counted, errors before warnings") {
  std::vector<Diagnostic> many;
  for (int i = 1; i <= 30; ++i) many.push_back(at({"f.yml", i, 1, 1}));
  for (int i = 0; i < 15; ++i) many[static_cast<std::size_t>(i)].level = DiagnosticLevel::Warning;
  const std::string text = render(many, {{"f.yml", std::string(40, '\n')}}, false);
  const auto count = [&](std::string_view word) {
    std::size_t n = 0;
    for (std::size_t found = text.find(word); found != std::string::npos; found = text.find(word, found + 1)) ++n;
    return n;
  };
  CHECK(count("error[W104]") == 15);
  CHECK(count("warning[W104]") == 5);
  CHECK(text.ends_with("\nand 10 more\n"));
}

TEST_CASE("colours are there when asked for, and the text is the same without them") {
  const Loaded loaded = load_text("weir: 2\n");
  std::string colored = render(loaded.diagnostics, loaded.sources, true);
  CHECK(colored.find("\033[1;31merror[W112]\033[0m") == 0);
  for (std::size_t begin = colored.find('\033'); begin != std::string::npos; begin = colored.find('\033')) {
    colored.erase(begin, colored.find('m', begin) - begin + 1);
  }
  CHECK(colored == render(loaded.diagnostics, loaded.sources, false));
}

TEST_CASE("findings are sorted by place, and told once") {
  Findings findings;
  findings.error("W120", {"b.yml", 1, 1, 1}, "third");
  findings.error("W120", {"a.yml", 2, 1, 1}, "second");
  findings.error("W120", {"a.yml", 1, 9, 1}, "first");
  findings.error("W120", {"a.yml", 2, 1, 1}, "second");
  findings.spoil({"a.yml", 3, 1, 1});
  findings.error("W120", {"a.yml", 3, 1, 1}, "a consequence");
  const std::vector<Diagnostic> sorted = std::move(findings).sorted();
  REQUIRE(sorted.size() == 3);
  CHECK(sorted[0].error.message == "first");
  CHECK(sorted[1].error.message == "second");
  CHECK(sorted[2].error.message == "third");
}

}  // namespace
}  // namespace weir
