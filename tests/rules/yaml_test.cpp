// SPDX-License-Identifier: Apache-2.0
// YAML as a tree that knows its places; what hostile files cost; and many snippets, valid and not, in the spirit of YAML's
// own test suite, none of which may crash or pass in silence.
#include "rules/yaml.h"

#include <sys/resource.h>

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <ctime>

#include "loading.h"
#include "rules/codes.h"

namespace weir {
namespace {

using testing::load_text;

std::unique_ptr<YamlDocument> parse(std::string_view text) {
  return parse_yaml("f.yml", text);
}

TEST_CASE("a value knows its line, its column and its length") {
  const auto document = parse("a: plain text\nb: 'it''s'\nc: [1, \"two\"]\nd: |\n    block\n    more\n");
  REQUIRE(document->root != nullptr);
  const YamlNode& root = *document->root;
  CHECK(root.find("a")->where() == SourceSpan{"f.yml", 1, 4, 10});
  CHECK(root.find("b")->where() == SourceSpan{"f.yml", 2, 4, 7});
  CHECK(root.find("b")->text == "it's");
  CHECK_FALSE(root.find("b")->plain);
  CHECK(root.find("c")->where() == SourceSpan{"f.yml", 3, 4, 1});
  CHECK(root.find("c")->items[0]->where() == SourceSpan{"f.yml", 3, 5, 1});
  CHECK(root.find("c")->items[1]->where() == SourceSpan{"f.yml", 3, 8, 5});
  CHECK(root.find("d")->text == "block\nmore\n");
  CHECK(root.members[3].key->where() == SourceSpan{"f.yml", 4, 1, 1});
}

TEST_CASE("columns count bytes") {
  const auto document = parse("{é: [ü, x]}\n");
  REQUIRE(document->root != nullptr);
  CHECK(document->root->members[0].value->items[1]->where() == SourceSpan{"f.yml", 1, 11, 1});
}

TEST_CASE("a place within a text is found where the text is written as it reads") {
  const auto document = parse("a: x + y\nb: 'x + y'\nc: |\n  x +\n  yy\nd: 'it''s'\ne: >\n  x\n  y\n");
  REQUIRE(document->root != nullptr);
  const YamlNode& root = *document->root;
  CHECK(root.find("a")->where(4, 1) == SourceSpan{"f.yml", 1, 8, 1});
  CHECK(root.find("b")->where(4, 1) == SourceSpan{"f.yml", 2, 9, 1});
  CHECK(root.find("c")->where(5, 1) == SourceSpan{"f.yml", 5, 4, 1});
  CHECK(root.find("d")->where(3, 1) == root.find("d")->where());  // an escape moves what follows it
  CHECK(root.find("e")->where(2, 1) == root.find("e")->where());  // lines were folded
}

TEST_CASE("a value behind an anchor stands where the value stands") {
  const auto document = parse("a: &x value\nb: *x\n");
  REQUIRE(document->root != nullptr);
  CHECK(document->root->find("a")->where() == SourceSpan{"f.yml", 1, 7, 5});
  CHECK(document->root->find("b") == document->root->find("a"));
}

TEST_CASE("merge keys take what the map does not say, from the first map that does") {
  const auto document = parse("x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz: {<<: [*x, *y], a: 0}\nq: {'<<': text}\n");
  REQUIRE(document->root != nullptr);
  CHECK(document->errors.empty());
  const YamlNode& z = *document->root->find("z");
  REQUIRE(z.members.size() == 3);
  CHECK(z.find("a")->text == "0");
  CHECK(z.find("b")->text == "2");
  CHECK(z.find("c")->text == "4");
  CHECK(document->root->find("q")->find("<<") != nullptr);  // in quotes it is a key like any other
}

TEST_CASE("null is a key, and a value with or without a word") {
  const auto document = parse("null: true\na:\nb: ~\nc: null\nd: 'null'\n");
  REQUIRE(document->root != nullptr);
  CHECK(document->root->find("null")->text == "true");
  CHECK(document->root->find("a")->is_null());
  CHECK(document->root->find("a")->line == 2);  // where its key is, not where the next thing begins
  CHECK(document->root->find("b")->is_null());
  CHECK(document->root->find("c")->is_null());
  CHECK(document->root->find("d")->is_scalar());
}

struct Cost {
  double seconds;
  long kilobytes;
};

/// Processor time and growth of the largest size of this process while `work` runs.
template <class Work>
Cost cost_of(Work work) {
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  const std::clock_t start = std::clock();
  work();
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  return {seconds, after.ru_maxrss - before.ru_maxrss};
}

struct Hostile {
  const char* name;
  std::string text;
  std::string_view code;
};

std::string repeated(std::string_view piece, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += piece;
  return out;
}

std::string alias_bomb() {
  std::string out = "weir: 1\nvars:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    out += "  a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + repeated(", " + before, 9) + "]\n";
  }
  return out;
}

TEST_CASE("a hostile rule file is a located error, below a second and 100 MB") {
  std::string many_fields = "weir: 1\nfields:\n";
  for (int i = 0; i < 30000; ++i) many_fields += "  field_" + std::to_string(i) + ": {min: 0}\n";
  std::string many_unknown = "weir: 1\nfields:\n  a:\n";
  for (int i = 0; i < 40000; ++i) many_unknown += "    requierd" + std::to_string(i) + ": 0\n";
  std::string many_windows = "weir: 1\nwindows:\n  - rules:\n";
  for (int i = 0; i < 20000; ++i) many_windows += "    - {must: row_count > " + std::to_string(i) + "}\n";
  std::string many_unknown_rules = "weir: 1\nfields:\n";
  for (int i = 0; i < 4000; ++i) many_unknown_rules += "  field_" + std::to_string(i) + ": {min: 0}\n";
  many_unknown_rules += "windows:\n  - rules:\n";
  for (int i = 0; i < 4000; ++i)
    many_unknown_rules += "    - {must: fail_rate(\"field_" + std::to_string(i) + ".max\") < 1%}\n";
  std::string doubling = "weir: 1\nvars:\n  v0: 0123456789\n";
  for (int i = 1; i < 60; ++i)
    doubling += "  v" + std::to_string(i) + ": $v" + std::to_string(i - 1) + "$v" + std::to_string(i - 1) + "\n";
  const Hostile cases[] = {
      {"alias bomb", alias_bomb(), codes::kAlias},
      {"alias cycle", "weir: 1\nvars: &x {a: *x}\n", codes::kAlias},
      {"100 000 levels in brackets", "weir: 1\nvars: " + repeated("[", 100000), codes::kLimit},
      {"100 000 levels of maps", "weir: 1\nvars: " + repeated("{a: ", 100000), codes::kLimit},
      {"100 000 levels of dashes", repeated("- ", 100000), codes::kLimit},
      {"100 000 levels of question marks", repeated("? ", 100000), codes::kLimit},
      {"a scalar of 10 MB", "weir: 1\nvars: {a: " + std::string(10'000'000, 'x') + "}\n", codes::kLimit},
      {"a scalar of almost 1 MB", "weir: 1\nfields: {a: {min: " + std::string(1'000'000, '9') + "}}\n", codes::kDigits},
      {"a key of almost 1 MB", "weir: 1\nfields: {" + std::string(1'000'000, 'x') + ": {mni: 0}}\n", ""},
      {"200 000 values", "weir: 1\nvars: {a: [" + repeated("1,", 200000) + "1]}\n", codes::kLimit},
      {"30 000 fields", many_fields, codes::kLimit},
      {"40 000 unknown keys", many_unknown, codes::kUnknownKey},
      {"20 000 window rules", many_windows, codes::kLimit},
      {"4 000 rules that are not there", many_unknown_rules, codes::kMeasureRule},
      {"variables that double", doubling, codes::kLimit},
      {"a second document", "weir: 1\n---\nweir: 1\n", codes::kTrailing},
      {"a thousand documents", "weir: 1\n" + repeated("---\na\n", 1000), codes::kTrailing},
      {"a tag", "weir: !!int 1\n", codes::kTag},
      {"a NUL", std::string("weir: 1\nvars: {a: \0}\n", 20), codes::kEncoding},
      {"invalid UTF-8", "weir: 1\nvars: {a: \xC0\x80}\n", codes::kEncoding},
      {"UTF-16", std::string("\xFF\xFEw\0e\0", 6), codes::kEncoding},
      {"a list followed by a map", "- a\nweir: 1\n", codes::kTrailing},
      {"a comma", ",", codes::kTrailing},
      {"nothing but brackets", repeated("[]", 100000), ""},
      {"nothing but colons", repeated(": ", 200000), ""},
      {"nothing but quotes", repeated("'", 999999), ""},
      {"nothing but anchors", repeated("&a ", 200000), ""},
      {"nothing but percent signs", repeated("%", 500000), ""},
      {"one line of dollars", "weir: 1\nfields: {a: {match: '" + std::string(500000, '$') + "'}}\n", ""},
      {"carriage returns", repeated("\r", 500000), ""},
      {"tabs", repeated("\t", 500000), ""},
  };
  for (const Hostile& hostile : cases) {
    INFO(hostile.name);
    Loaded loaded;
    std::string shown;
    const Cost cost = cost_of([&] {
      loaded = load_text(hostile.text);
      shown = render(loaded.diagnostics, loaded.sources, true);
    });
    REQUIRE_FALSE(loaded.diagnostics.empty());
    CHECK(loaded.plan == nullptr);
    bool found = hostile.code.empty();
    for (const Diagnostic& diagnostic : loaded.diagnostics) found = found || diagnostic.error.code == hostile.code;
    CHECK(found);
    CHECK(shown.size() < 40000);
    // The sanitizers of the everyday build take several times the time and the memory; a second and 100 MB are for what ships.
#if defined(__SANITIZE_ADDRESS__)
    CHECK(cost.seconds < 12.0);  // catches what grows with the square, on any machine
    CHECK(cost.kilobytes < 300'000);
#else
    CHECK(cost.seconds < 1.0);
    CHECK(cost.kilobytes < 100'000);
#endif
  }
}

// Valid YAML, with the number of members or items of its root.
struct Valid {
  const char* text;
  std::size_t size;
};
constexpr Valid kValid[] = {
    {"a: b", 1},
    {"a: b\n", 1},
    {"a:    b   \n", 1},
    {"a: b # comment\n", 1},
    {"# first\na: b\n", 1},
    {"\n\n\na: b\n", 1},
    {"a: b\r\nc: d\r\n", 2},
    {"---\na: b\n", 1},
    {"--- # x\na: b\n", 1},
    {"---\na: b\n...\n", 1},
    {"a: b\n...\n# end\n", 1},
    {"%YAML 1.2\n---\na: b\n", 1},
    {"- a\n- b\n- c\n", 3},
    {"-  a\n-  b\n", 2},
    {"- - a\n  - b\n- c\n", 2},
    {"-\n  - a\n", 1},
    {"- a: 1\n  b: 2\n- c: 3\n", 2},
    {"a:\n- x\n- y\n", 1},
    {"a:\n  - x\n  - y\nb: z\n", 2},
    {"a: {b: c, d: e}\n", 1},
    {"a: {b: c, d: e,}\n", 1},
    {"a: [b, c,]\n", 1},
    {"{}\n", 0},
    {"[]\n", 0},
    {"{a: b}", 1},
    {"[a, b]", 2},
    {"[a, [b, c], {d: e}]", 3},
    {"{a: [1, 2],\n b: 3}\n", 2},
    {"[\na,\nb\n]\n", 2},
    {"{a: b, c}\n", 2},
    {"[a: b, c: d]\n", 2},
    {"'a': 'b'\n", 1},
    {"\"a\": \"b\"\n", 1},
    {"a: 'it''s'\n", 1},
    {"a: \"x\\ty\\u00e9\\x41\"\n", 1},
    {"a: \"line\n  folded\"\n", 1},
    {"a: 'line\n  folded'\n", 1},
    {"a: \"escaped \\\n  end\"\n", 1},
    {"a: ''\nb: \"\"\n", 2},
    {"a: plain\n  goes on\n", 1},
    {"a: b:c\n", 1},
    {"a: http://x/y?z=1#f\n", 1},
    {"a: x#y\n", 1},
    {"a: -1\nb: -x\n", 2},
    {"a: ?x\n", 1},
    {"a: :x\n", 1},
    {"a: |\n  x\n  y\n", 1},
    {"a: |-\n  x\n", 1},
    {"a: |+\n  x\n\n", 1},
    {"a: |2\n   x\n", 1},
    {"a: >\n  x\n  y\n\n  z\n", 1},
    {"a: >-\n  x\nb: y\n", 2},
    {"a: |\n\n  x\n", 1},
    {"a: |\n", 1},
    {"a:\nb:\n", 2},
    {"a: ~\n", 1},
    {"a: null\nb: Null\nc: NULL\n", 3},
    {"? a\n: b\n", 1},
    {"? a\n", 1},
    {"? 'a'\n: - b\n  - c\n", 1},
    {"a: &x b\nc: *x\n", 2},
    {"a: &x {b: c}\nd: {<<: *x}\n", 2},
    {"&x a: b\n", 1},
    {"- &x a\n- *x\n", 2},
    {"a: &x\n  b: c\n", 1},
    {"a: &x # comment\n  b: c\n", 1},
    {"a: &x [1]\nb: [*x, *x]\n", 2},
    {"é: ü\n", 1},
    {"名前: 値\n", 1},
    {"a b c: d e f\n", 1},
    {"a: 0o7\nb: 0x1F\nc: 1e3\nd: .5\ne: 012\n", 5},
    {"a: 2026-01-01\n", 1},
    {"a: [x y, z w]\n", 1},
    {"a: [\"x\", 'y']\n", 1},
    {"{\"a\":1,\"b\":[true,null]}\n", 2},
    {"a: \"{\"\nb: '}'\n", 2},
    {"a: x, y\n", 1},
    {"a: x] y\n", 1},
    {"a: \"\\/\"\n", 1},
    {"a: \t b\n", 1},
    {"a: b\t# c\n", 1},
    {"a: [b,\tc]\n", 1},
};

TEST_CASE("valid YAML is read") {
  for (const Valid& valid : kValid) {
    INFO(valid.text);
    const auto document = parse(valid.text);
    CHECK(document->errors.empty());
    REQUIRE(document->root != nullptr);
    CHECK(document->root->members.size() + document->root->items.size() == valid.size);
  }
}

constexpr const char* kInvalid[] = {
    "a: b: c\n",
    "a: b\n c: d\n",
    "- a\nb: c\n",
    "a: 1\n- b\n",
    "a:\n  b: 1\n c: 2\n",
    "  a: 1\nb: 2\n",
    "a\nb: c\n",
    "[a, b\n",
    "[a, b}\n",
    "{a: b\n",
    "{a: b]\n",
    "]\n",
    "}\n",
    "a: ]\n",
    "a: }\n",
    "[a]]\n",
    "{a: b}}\n",
    "[a] b\n",
    "{a: b} c\n",
    "{a: b}\nc: d\n",
    "[a]\n- b\n",
    "a: 'b\n",
    "a: \"b\n",
    "'a: b\n",
    "a: 'b' c\n",
    "a: \"b\" c\n",
    "a: \"\\q\"\n",
    "a: \"\\xZZ\"\n",
    "a: \"\\u12\"\n",
    "a: @b\n",
    "a: `b\n",
    "a: %b\n",
    "@a: b\n",
    "a: *\n",
    "a: &\n",
    "a: *b\n",
    "a: &x &y b\n",
    "a: &x *x\n",
    "&x [*x]\n",
    "a: &x {b: *x}\n",
    "*a : b\n",
    "a: !tag b\n",
    "a: !!str b\n",
    "a: ! b\n",
    "!!map {a: b}\n",
    "- !x\n",
    "a: |x\n  b\n",
    "a: >9x\n  b\n",
    "a: |\n  b\n c\n",
    "a: 1\na: 2\n",
    "{a: 1, a: 2}\n",
    "a: {b: 1, b: 1}\n",
    "a: 1\n'a': 2\n",
    "? [a]\n: b\n",
    "? {a: b}\n: c\n",
    "[a]: b\n",
    "{a: b}: c\n",
    "{[a]: b}\n",
    "a: b\n---\nc: d\n",
    "a: b\n...\nc: d\n",
    "---\na\n---\nb\n",
    "- a\n---\n- b\n",
    ",\n",
    ", a\n",
    "a,\nb: c\n",
    "a:\n\tb: c\n",
    "\ta: b\n c: d\n",
    "a: b\n\tc: d\n",
    "<<: a\n",
    "<<: [a]\n",
    "<<: [{a: 1}, b]\n",
    "a: {<<: 1}\n",
    "%YAML 3.0\n---\na: b\n",
    "%YAML\n---\na\n",
    "%YAML 1.2\n%YAML 1.2\n---\na\n",
    "a: \x01\n",
    "a: \x7F\n",
    "a: \xFF\n",
    "a: \xC3\n",
    "a: \xED\xA0\x80\n",
    "\xFE\xFF\n",
    "a: [b, c: {d]\n",
    "a: {b: [c}\n",
    "a: -\n  - b\n c\n",
    "key: [\nb\n",
    "a:\n  - b\n - c\n",
    "a:\n   - b\n  - c\n",
};

TEST_CASE("invalid YAML is told with its place, and is no tree that somebody could run") {
  for (const char* text : kInvalid) {
    INFO(text);
    const auto document = parse(text);
    CHECK_FALSE(document->errors.empty());
    for (const Error& error : document->errors) {
      CHECK(error.where.file == "f.yml");
      CHECK(error.where.line >= 1);
      CHECK(error.where.column >= 1);
      CHECK(error.code.size() == 4);
      CHECK_FALSE(error.message.empty());
    }
  }
}

TEST_CASE("every beginning of a good rule file is read or refused, never worse") {
  const std::string good =
      "weir: 1\nvars: {m: 100}\nsets: {c: [EUR, USD]}\ntemplates: {t: &t {min: 0, max: $m}}\nfields:\n  amount: {use: "
      "t, required: true}\n  c: {in: $c}\n"
      "  x: {<<: *t, when: 'c == \"EUR\"'}\n  s:\n    - {in: [a, \"b\"]}\n    - {id: q, match: '^\\d+$'}\nrecords:\n  "
      "- {id: r, expr: amount > 0 || c == \"EUR\"}\n"
      "tests:\n  - {pass: {amount: 1}, now: 2026-01-01T00:00:00Z}\n";
  REQUIRE(load_text(good).plan != nullptr);
  for (std::size_t size = 0; size < good.size(); ++size) {
    const Loaded loaded = load_text(good.substr(0, size));
    CHECK((loaded.plan != nullptr || !loaded.diagnostics.empty()));
    CHECK((loaded.diagnostics.empty() || !render(loaded.diagnostics, loaded.sources, false).empty()));
  }
}

TEST_CASE("a byte changed anywhere is read or refused, never worse") {
  const std::string good =
      "weir: 1\nsets: {c: [EUR]}\nfields:\n  a: &a {in: $c, min_length: 2}\n  b: {<<: *a}\nrecords:\n  - {id: r, expr: "
      "'a == \"x\"'}\n";
  constexpr std::string_view kBytes = "{}[]:,-#&*!|>'\"%@`?$\n\t \\x0~<";
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char byte : kBytes) {
      std::string text = good;
      text[at] = byte;
      const Loaded loaded = load_text(text);
      if (loaded.plan == nullptr) CHECK_FALSE(loaded.diagnostics.empty());
    }
  }
}

}  // namespace
}  // namespace weir
