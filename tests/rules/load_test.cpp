// SPDX-License-Identifier: Apache-2.0
// What a rule file becomes: ids, options, columns, how cells are read, what is shown, what is left out.
#include "rules/load.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <ctime>

#include "checks/registry.h"
#include "loading.h"

namespace weir {
namespace {

using testing::field_of;
using testing::ids_of;
using testing::load_text;
using testing::rule_of;
using testing::summaries_of;

using Ids = std::vector<std::string>;

TEST_CASE("a rule is called by its field and check, or by its id, and repeats are numbered") {
  const Loaded loaded = load_text(
      "weir: 1\nfields:\n  b: {min: 0, max: 5}\n  a:\n    - {in: [x]}\n    - {in: [y], when: b == 1}\n    - {id: own, "
      "not_in: [z]}\n    - {id: size, min_length: 1, max_length: 2}\n"
      "extra_fields: warn\nduplicate_keys: fail\nrecords:\n  - {expr: 'a  ==\n      \"x\"'}\n  - {unique: [a, b]}\n  - "
      "{unique: [a, b], when: b == 1}\n");
  CHECK(summaries_of(loaded).empty());
  CHECK(ids_of(loaded) == Ids{"b.min", "b.max", "a.in", "a.in#2", "own", "size.min_length", "size.max_length",
                              "extra_fields", "duplicate_keys", "records.expr.a == \"x\"", "records.unique.a,b",
                              "records.unique.a,b#2"});
  CHECK(loaded.plan->rules[0].info.id == "decode");
  CHECK(loaded.plan->rules[0].info.where.line == 0);  // nobody wrote it
  CHECK(loaded.plan->rules[loaded.plan->extra_fields_rule].info.severity == Severity::Warn);
  CHECK(loaded.plan->rules[loaded.plan->duplicate_keys_rule].info.severity == Severity::Error);
}

TEST_CASE("the id of a long expression stays below a label's size and differs from that of another") {
  const std::string left(100, 'a');
  const Loaded loaded =
      load_text("weir: 1\nrecords:\n  - {expr: " + left + "x == 1}\n  - {expr: " + left + "y == 1}\n");
  const Ids ids = ids_of(loaded);
  REQUIRE(ids.size() == 2);
  CHECK(ids[0] != ids[1]);
  CHECK(ids[0].size() < 120);
}

TEST_CASE("options come from the rule, its template, the defaults, in this order") {
  const Loaded loaded = load_text(
      "weir: 1\ndefaults: {severity: warn, nulls: fail}\nmeta: {tags: [tier1], runbook: https://r}\ntemplates:\n  t: "
      "{severity: error, description: from template, min: 0}\n  u: {description: later}\n"
      "fields:\n  a: {use: t}\n  b: {use: [t, u], severity: warn, tags: [own], nulls: skip}\n  c: {max: 1, on_fail: "
      "tag, runbook: https://own}\n");
  REQUIRE(loaded.plan != nullptr);
  const RuleInfo& a = rule_of(loaded, "a.min")->info;
  CHECK(a.severity == Severity::Error);
  CHECK(a.description == "from template");
  CHECK(a.on_fail == OnFail::Quarantine);
  CHECK(rule_of(loaded, "a.min")->nulls_fail);
  const RuleInfo& b = rule_of(loaded, "b.min")->info;
  CHECK(b.severity == Severity::Warn);
  CHECK(b.description == "later");
  CHECK(b.on_fail == OnFail::Count);
  CHECK(b.tags == Ids{"tier1", "own"});
  CHECK_FALSE(rule_of(loaded, "b.min")->nulls_fail);
  const RuleInfo& c = rule_of(loaded, "c.max")->info;
  CHECK(c.on_fail == OnFail::Tag);
  CHECK(c.runbook == "https://own");
  CHECK(a.runbook == "https://r");
}

TEST_CASE("the default action is for rules of the default severity") {
  const Loaded loaded = load_text(
      "weir: 1\ndefaults: {on_fail: drop}\nextra_fields: warn\nfields:\n  a: {min: 0}\n  b: {min: 0, severity: warn}\n "
      " c: {min: 0, severity: warn, on_fail: halt}\n");
  REQUIRE(loaded.plan != nullptr);
  CHECK(rule_of(loaded, "a.min")->info.on_fail == OnFail::Drop);
  CHECK(rule_of(loaded, "b.min")->info.on_fail == OnFail::Count);
  CHECK(rule_of(loaded, "c.min")->info.on_fail == OnFail::Halt);
  CHECK(rule_of(loaded, "extra_fields")->info.on_fail == OnFail::Count);
}

TEST_CASE("a rule of a template is shown where the field uses it") {
  const Loaded loaded = load_text("weir: 1\ntemplates:\n  t: {min: 0}\nfields:\n  a: {required: true, use: t}\n");
  REQUIRE(loaded.plan != nullptr);
  CHECK(rule_of(loaded, "a.min")->info.where == SourceSpan{"rules.yml", 5, 28, 1});
  CHECK(rule_of(loaded, "a.required")->info.where == SourceSpan{"rules.yml", 5, 7, 8});
}

TEST_CASE("what can never fail or is switched off is not in the plan, but its id is known") {
  const Loaded loaded = load_text(
      "weir: 1\nfields:\n  a: {required: false, min: 0}\n  b: {max: 1, enabled: false}\ntests:\n  - {fail: [b.max], "
      "record: {b: 2}}\n");
  CHECK(summaries_of(loaded).empty());
  CHECK(ids_of(loaded) == Ids{"a.min"});
}

TEST_CASE("a selection leaves rules out, but never the built-in one") {
  LoadOptions options =
      testing::options_for({{"rules.yml", "weir: 1\nextra_fields: fail\nfields:\n  a: {min: 0, max: 1}\n"}});
  options.keep = [](const RuleInfo& info) { return info.id == "a.max"; };
  const Loaded loaded = load_rules("rules.yml", options);
  REQUIRE(loaded.plan != nullptr);
  CHECK(ids_of(loaded) == Ids{"a.max"});
  CHECK(loaded.plan->rules.size() == 2);
  CHECK(loaded.plan->extra_fields_rule == Plan::kNoRule);
}

TEST_CASE("a cell of CSV is read by the type and the checks of its field") {
  const Loaded loaded = load_text(
      "weir: 1\nfields:\n  declared: {type: integer}\n  flag: {type: boolean}\n  text: {type: string, in: [1, 2]}\n  "
      "bounded: {min: 0}\n  listed: {in: [1, 2.5]}\n  mixed: {in: [1, x]}\n"
      "  quoted: {in: ['1']}\n  since: {min: 2026-01-01}\n  time: {type: timestamp, max_age: 2h}\n  plain: {required: "
      "true}\nrecords:\n  - {id: e, expr: calculated > 5}\n");
  CHECK(summaries_of(loaded).empty());
  CHECK(field_of(loaded, "declared")->cell_type == CellType::Number);
  CHECK(field_of(loaded, "flag")->cell_type == CellType::Boolean);
  CHECK(field_of(loaded, "text")->cell_type == CellType::Text);
  CHECK(field_of(loaded, "bounded")->cell_type == CellType::Number);
  CHECK(field_of(loaded, "listed")->cell_type == CellType::Number);
  CHECK(field_of(loaded, "mixed")->cell_type == CellType::Number);  // a cell that reads as no number stays a text
  CHECK(field_of(loaded, "quoted")->cell_type == CellType::Text);
  CHECK(field_of(loaded, "since")->cell_type == CellType::Text);
  CHECK(field_of(loaded, "time")->cell_type == CellType::Text);
  CHECK(field_of(loaded, "plain")->cell_type == CellType::Text);
  CHECK(field_of(loaded, "calculated")->cell_type == CellType::Number);
}

TEST_CASE("missing values of a field replace those of the file") {
  const Loaded loaded = load_text(
      "weir: 1\ndefaults: {missing_values: ['', N/A]}\nfields:\n  a: {min: 0}\n  b: {min: 0, missing_values: [-1]}\n");
  REQUIRE(loaded.plan != nullptr);
  CHECK(field_of(loaded, "a")->missing_values == Ids{"", "N/A"});
  CHECK(field_of(loaded, "b")->missing_values == Ids{"-1"});
}

TEST_CASE("a redacted path hides itself, what lies in it, and what it lies in") {
  LoadOptions options =
      testing::options_for({{"rules.yml",
                             "weir: 1\nredact: {paths: [user.email, card], how: hash}\nfields:\n  user: {type: "
                             "object}\n  user.email.domain: {required: true}\n  user.name: {required: true}\n"}});
  options.redact = {"user.phone"};
  const Loaded loaded = load_rules("rules.yml", options);
  REQUIRE(loaded.plan != nullptr);
  CHECK(loaded.plan->redaction == Redaction::Hash);
  CHECK(field_of(loaded, "user")->redacted);
  CHECK(field_of(loaded, "user.email")->redacted);
  CHECK(field_of(loaded, "user.email.domain")->redacted);
  CHECK(field_of(loaded, "user.phone")->redacted);
  CHECK(field_of(loaded, "card")->redacted);
  CHECK_FALSE(field_of(loaded, "user.name")->redacted);
}

TEST_CASE("a field that nothing is asked of is not decoded, unless it has to be known") {
  const std::string fields = "fields:\n  a: {min: 0}\n  b: {max: 1, enabled: false}\n  c: {missing_values: [x]}\n";
  CHECK(field_of(load_text("weir: 1\n" + fields), "c") == nullptr);
  CHECK(field_of(load_text("weir: 1\nextra_fields: fail\n" + fields), "c") != nullptr);
}

TEST_CASE("variables come from the file, the environment and the command line, and put in no structure") {
  LoadOptions options = testing::options_for({{"rules.yml",
                                               "weir: 1\nvars: {low: 1, high: $env:LIMIT, word: x}\nfields:\n  a: "
                                               "{min: $low, max: $high}\n  b: {in: [$word, \"pre-$word\", $$low]}\n"}});
  options.vars = {{"word", "a], min: 0, x: [b"}};
  const Loaded loaded = load_rules("rules.yml", options);
  CHECK(summaries_of(loaded).empty());
  CHECK(rule_of(loaded, "a.max")->info.expected == "<= 100");
  REQUIRE(rule_of(loaded, "b.in") != nullptr);
  CHECK(ids_of(loaded) == Ids{"a.min", "a.max", "b.in"});
  const Params& written = loaded.written[3];
  const auto& values = *written.get<std::vector<Scalar>>("value");
  REQUIRE(values.size() == 3);
  CHECK(values[0].text == "a], min: 0, x: [b");
  CHECK(values[1].text == "pre-a], min: 0, x: [b");
  CHECK(values[2].text == "$low");
}

TEST_CASE("literals keep how they were written") {
  const Loaded loaded = load_text(
      "weir: 1\nvars: {n: 5, s: '5'}\nfields:\n  a: {in: [NO, '1', 012, 1e3, null, ~, $n, $s, 2026-01-01]}\n");
  REQUIRE(loaded.plan != nullptr);
  const auto& values = *loaded.written[1].get<std::vector<Scalar>>("value");
  std::string seen;
  for (const Scalar& value : values) seen += value.text + (value.plain ? " " : "' ");
  CHECK(seen == "NO 1' 012 1e3 null null 5 5' 2026-01-01 ");
}

TEST_CASE("sets come from lists, CSV columns and lines") {
  const Loaded loaded = load_text(
      "weir: 1\nsets:\n  a: [x, y]\n  b: {file: refs/b.csv, column: 'the, column'}\nfields:\n  f: {in: $a}\n  g: {in: "
      "$b}\n  h: {in: {file: refs/c.txt}}\n",
      {{"refs/b.csv", "\xEF\xBB\xBFid,\"the, column\"\r\n1,plain\r\n2,\"quoted \"\"q\"\"\nline\"\r\n\r\n3,7\r\n"},
       {"refs/c.txt", "one, two\n\nthree\r\n"}});
  CHECK(summaries_of(loaded).empty());
  const auto texts = [&](std::size_t rule) {
    Ids out;
    for (const Scalar& value : *loaded.written[rule].get<std::vector<Scalar>>("value"))
      out.push_back(value.text + (value.plain ? "" : "'"));
    return out;
  };
  CHECK(texts(1) == Ids{"x", "y"});
  CHECK(texts(2) == Ids{"plain", "quoted \"q\"\nline'", "7"});
  CHECK(texts(3) == Ids{"one, two", "three"});
}

TEST_CASE("a set of a file that is used often is read once") {
  int reads = 0;
  LoadOptions options = testing::options_for(
      {{"rules.yml",
        "weir: 1\nsets: {a: {file: a.txt}}\nfields:\n  f: {in: $a}\n  g: {in: $a}\n  h: {in: {file: a.txt}}\n"},
       {"a.txt", "x\n"}});
  const ReadFile read = options.read_file;
  options.read_file = [&](const std::string& path) {
    reads += path == "a.txt" ? 1 : 0;
    return read(path);
  };
  CHECK(load_rules("rules.yml", options).plan != nullptr);
  CHECK(reads == 1);
}

TEST_CASE("included files are found beside the file that names them, and its own names win") {
  const testing::Files files = {
      {"team/common/a.yml", "include: deeper/b.yml\nvars: {low: 1}\ntemplates: {t: {min: $low, max: $high}}\n"},
      {"team/common/deeper/b.yml", "vars: {high: 9}\nsets: {c: {file: c.txt}}\n"},
      {"team/common/deeper/c.txt", "x\n"},
      {"team/rules.yml",
       "weir: 1\ninclude: [common/a.yml, common/deeper/b.yml]\nvars: {low: 2}\nfields:\n  f: {use: t}\n  g: {in: "
       "$c}\n"}};
  const Loaded loaded = load_rules("team/rules.yml", testing::options_for(files));
  CHECK(summaries_of(loaded).empty());
  REQUIRE(loaded.plan != nullptr);
  CHECK(rule_of(loaded, "f.min")->info.expected == ">= 2");
  CHECK(rule_of(loaded, "f.max")->info.expected == "<= 9");
}

TEST_CASE("a rule file that is not there is one error") {
  const Loaded loaded = load_rules("nope.yml", testing::options_for({}));
  CHECK(loaded.plan == nullptr);
  CHECK(summaries_of(loaded, "nope.yml") == Ids{"error[W100]: cannot read `nope.yml`: no such file"});
  CHECK(render(loaded.diagnostics, loaded.sources, false) ==
        "error[W100]: cannot read `nope.yml`: no such file\n --> nope.yml\n  = see: weir explain W100\n");
}

TEST_CASE("`when` and `expr` bring their own columns") {
  const Loaded loaded =
      load_text("weir: 1\nfields:\n  a: {min: 0, when: b == \"x\" && c > 1}\nrecords:\n  - {id: e, expr: c > a}\n");
  REQUIRE(loaded.plan != nullptr);
  const RecordRule& a = *rule_of(loaded, "a.min");
  CHECK(a.columns.size() == 1);
  CHECK(a.when_columns.size() == 2);
  CHECK(a.when != nullptr);
  CHECK(a.info.when == "b == \"x\" && c > 1");
  const RecordRule& e = *rule_of(loaded, "e");
  CHECK(e.columns.size() == 2);
  CHECK(e.info.check == "expr");
  CHECK(e.info.expected == "c > a");
}

TEST_CASE("checks with memory are known as ordered") {
  const Loaded loaded = load_text("weir: 1\nfields:\n  a: {unique: true, increasing: {by: b}, min: 0}\n");
  REQUIRE(loaded.plan != nullptr);
  CHECK(rule_of(loaded, "a.unique")->ordered);
  CHECK(rule_of(loaded, "a.increasing")->ordered);
  CHECK(rule_of(loaded, "a.increasing")->columns.size() == 2);
  CHECK_FALSE(rule_of(loaded, "a.min")->ordered);
}

TEST_CASE("tests keep their records as data") {
  const Loaded loaded = load_text(
      "weir: 1\nvars: {x: 1}\nfields:\n  a: {max: $x}\ntests:\n  - {pass: {a: 1, b: [null, true, 1.50, 0x1F, .5, "
      "\"1\", $x, 2026-01-01], c: {d: ~}}, now: 2026-01-01T00:00:00Z, name: fine}\n"
      "  - {fail: [a.max, decode], record: '{\"a\": 2'}\n");
  CHECK(summaries_of(loaded).empty());
  REQUIRE(loaded.tests.size() == 2);
  CHECK(loaded.tests[0].record == R"({"a":1,"b":[null,true,1.50,"0x1F",".5","1","$x","2026-01-01"],"c":{"d":null}})");
  CHECK(loaded.tests[0].name == "fine");
  CHECK(loaded.tests[0].now.has_value());
  CHECK(loaded.tests[1].record == "{\"a\": 2");
  CHECK(loaded.tests[1].failing == Ids{"a.max", "decode"});
}

TEST_CASE("the fingerprint is of the meaning: comments, order of keys and names of variables leave it alone") {
  const auto ruleset = [](const std::string& text) {
    const Loaded loaded = load_text(text);
    return loaded.plan == nullptr ? std::string("refused") : loaded.plan->ruleset;
  };
  const std::string base = ruleset("weir: 1\nfields:\n  a: {max: 5, when: b == 1}\n");
  CHECK(base.size() == 64);
  CHECK(
      ruleset("# words\nweir: 1\nvars: {m: 5}\nfields:\n  a:\n    when: b == 1\n    max: $m\n    description: why\n") ==
      base);
  CHECK(ruleset("weir: 1\nfields:\n  a: {max: 6, when: b == 1}\n") != base);
  CHECK(ruleset("weir: 1\nfields:\n  a: {max: '5', when: b == 1}\n") != base);
  CHECK(ruleset("weir: 1\nfields:\n  a: {max: 5, when: b == 2}\n") != base);
  CHECK(ruleset("weir: 1\nfields:\n  a: {max: 5, when: b == 1, severity: warn}\n") != base);
  CHECK(ruleset("weir: 1\nredact: {paths: a}\nfields:\n  a: {max: 5, when: b == 1}\n") != base);
}

TEST_CASE("every check of the registry can be asked for by its name") {
  const auto specs = check_specs();
  CHECK(specs.size() == record_checks().size() + 1);
  CHECK(std::any_of(specs.begin(), specs.end(), [](const CheckSpec* spec) { return spec->name == "expr"; }));
  for (const CheckSpec* spec : specs) {
    INFO(spec->name);
    if (spec->name == "json_schema") continue;  // a map there is the schema itself
    const Loaded loaded =
        load_text(spec->on_field ? "weir: 1\nfields:\n  a: {" + std::string(spec->name) + ": {nonsense: 1}}\n"
                                 : "weir: 1\nrecords:\n  - {" + std::string(spec->name) + ": {nonsense: 1}}\n");
    REQUIRE(loaded.diagnostics.size() >= 1);
    CHECK(loaded.diagnostics[0].error.message.find("unknown key `nonsense` in the check `" + std::string(spec->name) +
                                                   "`") == 0);
  }
}

TEST_CASE("names of other tools lead to the name in weir") {
  for (const CheckSpec* spec : check_specs()) {
    for (const std::string_view synonym : spec->synonyms) {
      INFO(synonym);
      const Loaded loaded = load_text("weir: 1\nfields:\n  a: {'" + std::string(synonym) + "': 1}\n");
      REQUIRE(loaded.diagnostics.size() == 1);
      CHECK(loaded.diagnostics[0].error.code == "W104");
      CHECK(loaded.diagnostics[0].error.label.starts_with("in weir this is `"));
    }
  }
}

TEST_CASE("a thousand rules are loaded in a blink, and twice as many in about twice the time") {
  const auto file_of = [](int fields) {
    std::string text = "weir: 1\nfields:\n";
    for (int i = 0; i < fields; ++i)
      text += "  field_" + std::to_string(i) + ": {type: integer, min: 0, max: " + std::to_string(i + 1) +
              ", when: 'field_0 > 1'}\n";
    return text;
  };
  const std::string text = file_of(1000);
  const std::clock_t start = std::clock();
  const Loaded loaded = load_text(text);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  REQUIRE(loaded.plan != nullptr);
  CHECK(loaded.plan->rules.size() == 3001);
  CHECK(seconds < 12.0);  // 3 000 rules, with the sanitizers on any machine; the release takes a twentieth
}

}  // namespace
}  // namespace weir
