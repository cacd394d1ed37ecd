// SPDX-License-Identifier: Apache-2.0
// The pages of all diagnostics. They are printed by `weir explain CODE`, and docs/diagnostics.md is made of them: a test
// fails when it is stale, and when a code has no page or no file in tests/rules that earns it.
#include "rules/codes.h"

#include <algorithm>

namespace weir {
namespace {

constexpr CodePage kPages[] = {
    {"W100", "the rule file cannot be read",
     "The file does not exist, is a directory, or may not be read by this user. Check the path; it is relative to "
     "where weir was started.",
     "", ""},
    {"W101", "beyond a limit of rule files",
     "A rule file has at most 1 MiB, 100,000 values, 64 levels of nesting, 4,096 fields, 4,096 window rules "
     "in 256 blocks, and 64 included files; variables put in at most 4 MiB. People do not write such files; programs "
     "that do should put long lists of values "
     "into a file of their own.",
     "sets: {skus: [A1, A2, …]}   # a hundred thousand of them", "sets: {skus: {file: refs/skus.csv, column: sku}}"},
    {"W102", "not UTF-8 text",
     "The file holds a NUL byte, a control character, or bytes that are not UTF-8. Save it as UTF-8; a byte order mark "
     "is fine.",
     "", ""},
    {"W103", "not YAML",
     "The file cannot be read as YAML from this place on. The usual reasons are an indentation that does not match, a "
     "tab, a bracket or quote that is not closed, and a text with `: ` or a leading special character that needs "
     "quotes.",
     "fields:\n  amount: {min: 0\n  email: {format: email}", "fields:\n  amount: {min: 0}\n  email: {format: email}"},
    {"W104", "unknown key",
     "Nothing in weir has this name at this place. A key that is silently ignored is a rule that silently does not "
     "run, so it is an error. Names of other tools are recognised.",
     "fields:\n  amount: {minimum: 0}", "fields:\n  amount: {min: 0}"},
    {"W105", "a key twice",
     "A map holds the same key twice. YAML readers disagree about which one counts, so weir takes neither. Where one "
     "field needs the same check twice, write a list of maps.",
     "fields:\n  status: {in: [new, paid]}\n  status: {not_in: [TEST]}",
     "fields:\n  status:\n    - {in: [new, paid]}\n    - {not_in: [TEST]}"},
    {"W106", "content behind the end",
     "A rule file is one YAML map. A second document, or anything behind a value that is complete, would be dropped by "
     "other readers without a word.",
     "- a\nfields: {}", "fields: {}"},
    {"W107", "a YAML tag",
     "A value that begins with `!` is a tag in YAML, and weir uses none. Most often an expression that begins with `!` "
     "has lost its quotes.",
     "records:\n  - {expr: !cancelled}", "records:\n  - {expr: '!cancelled'}"},
    {"W108", "an alias that leads nowhere, in a circle, or too far",
     "An alias `*name` stands for the value that `&name` marks before it. There is no such mark, or the value holds "
     "the alias itself, or the aliases of the file stand for more than 10,000 values.",
     "fields:\n  net: *money", "fields:\n  gross: &money {type: decimal, min: 0}\n  net: *money"},
    {"W109", "a key that is no text, or a merge of no map",
     "Keys are texts; a list or a map cannot be one. `<<` merges a map, or each map of a list.",
     "fields:\n  ? [a, b]\n  : {min: 0}", "fields:\n  a: {min: 0}\n  b: {min: 0}"},
    {"W110", "another shape than expected",
     "A list stands where a map belongs, a map where a single value belongs, or nothing at all.",
     "fields:\n  amount: required", "fields:\n  amount: {required: true}"},
    {"W111", "a key is missing",
     "This part of the file cannot be understood without the key that is named. Every rule file says the version of "
     "the format, `weir: 1`.",
     "fields:\n  amount: {min: 0}", "weir: 1\nfields:\n  amount: {min: 0}"},
    {"W112", "another version of the format", "The file is written for a later weir. This one reads version 1.",
     "weir: 2", "weir: 1"},
    {"W113", "an id twice",
     "Ids name rules in reports, metrics, headers and tests, so each names one rule. Rules without an id of their own "
     "are called field.check.",
     "records:\n  - {id: order, expr: a < b}\n  - {id: order, expr: b < c}",
     "records:\n  - {id: order-ab, expr: a < b}\n  - {id: order-bc, expr: b < c}"},
    {"W114", "not exactly one check", "An entry of `records` is one rule: one check and its options.",
     "records:\n  - {expr: a < b, any_of: [a, b]}", "records:\n  - {expr: a < b}\n  - {any_of: [a, b]}"},
    {"W115", "not a field path",
     "Paths are written `a.b`, `items[].qty` for every element of an array, and `\"a.b\".c` for a name that holds a "
     "dot. `kafka.` leads to what comes with a message and not in it; a field of that name is `\"kafka\".x`.",
     "fields:\n  items[0].qty: {min: 1}", "fields:\n  items[].qty: {min: 1}"},
    {"W116", "not an id",
     "An id is a label in metrics and a name in reports: 1 to 200 printable characters, no blank at either end. "
     "`decode`, `time`, `extra_fields` and `duplicate_keys` are the ids of rules that are built in.",
     "records:\n  - {id: '', expr: a < b}", "records:\n  - {id: a-before-b, expr: a < b}"},
    {"W117", "a key that means nothing here",
     "The check or option exists, but not at this place: checks of one field stand under `fields`, checks across "
     "fields under `records`; `nulls` says nothing to a check that judges nulls itself.",
     "records:\n  - {min: 0}", "fields:\n  amount: {min: 0}"},
    {"W120", "not the kind of value",
     "The key wants `true` or `false`, a whole number, a number, a duration such as `10m`, or a time such as "
     "`2026-01-31T12:00:00Z`.",
     "fields:\n  created_at: {max_age: 120}", "fields:\n  created_at: {max_age: 2m}"},
    {"W121", "not one of the choices", "The key takes one of a few words; the message lists them.",
     "fields:\n  amount: {type: float}", "fields:\n  amount: {type: number}"},
    {"W122", "refused by the check", "The check understands the value and cannot work with it; the message says why.",
     "fields:\n  currency: {in: []}", "fields:\n  currency: {in: [EUR, USD]}"},
    {"W123", "not a regular expression",
     "Patterns are RE2's: no look-around, no back-references, which is why they run in linear time. The caret stands "
     "under the fault. In single quotes a backslash is written once.",
     "fields:\n  order_id: {match: '^O-(\\d{8}$'}", "fields:\n  order_id: {match: '^O-(\\d{8})$'}"},
    {"W124", "a number of more than 1,000 digits", "Numbers are compared exactly, digit by digit, up to 1,000 digits.",
     "fields:\n  amount: {max: 1000…}   # a thousand zeros", "fields:\n  amount: {max: 1e1000}"},
    {"W130", "a check that cannot meet the type",
     "The field is declared as a type about which this check says nothing, so every record would fail. Either the "
     "`type` or the check is wrong.",
     "fields:\n  amount: {type: string, min: 0}", "fields:\n  amount: {type: decimal, min: 0}"},
    {"W131", "a contradiction",
     "Two statements that no value can hold at once: a `min` above its `max`, two types for one field, a window by "
     "time and by count.",
     "fields:\n  amount: {min: 10, max: 1}", "fields:\n  amount: {min: 1, max: 10}"},
    {"W132", "a parameter is missing", "The check cannot work without the parameter that is named.",
     "fields:\n  amount: {min: {}}", "fields:\n  amount: {min: {value: 0}}"},
    {"W140", "not an expression",
     "The text cannot be read as an expression; the caret stands where reading stopped. Texts are quoted, `==` "
     "compares, `&&` and `||` join.",
     "records:\n  - {expr: amount >}", "records:\n  - {expr: amount > 0}"},
    {"W141", "an unknown function", "The expression calls a function or measure that does not exist.",
     "records:\n  - {expr: length(name) > 0}", "records:\n  - {expr: size(name) > 0}"},
    {"W142", "types that do not go together",
     "The expression compares or computes values whose types cannot meet, such as a text with a number; or a regular "
     "expression in it is wrong. What a field is says `type` under `fields`.",
     "fields:\n  name: {type: string}\nrecords:\n  - {expr: name > 5}",
     "fields:\n  name: {type: string}\nrecords:\n  - {expr: size(name) > 5}"},
    {"W143", "a rate against a bare number",
     "`null_rate(email) <= 5` could mean 5 % or 500 %. Rates are compared with percentages.",
     "windows:\n  - rules:\n      - {must: null_rate(email) <= 0.05}",
     "windows:\n  - rules:\n      - {must: null_rate(email) <= 5%}"},
    {"W144", "an expression too large", "The expression is too long or nests too deeply. Split it into several rules.",
     "", ""},
    {"W150", "an unknown variable or set",
     "`$name` is replaced by the value that stands under `vars`, or that --var gives; a variable can use those that "
     "are written before it. Where a check takes a list, `$name` is a set under `sets`. A dollar sign itself is `$$`; "
     "one that no name follows, as at the end of a regular expression, stands for itself.",
     "vars: {max_amount: 1000}\nfields:\n  amount: {max: $max_amuont}",
     "vars: {max_amount: 1000}\nfields:\n  amount: {max: $max_amount}"},
    {"W151", "an include from outside",
     "Included files lie in the directory of the file that includes them, or below it, and so do the files that tests "
     "read their records from. That keeps a rule file from reading elsewhere on the machine.",
     "include: [../other/money.yml]", "include: [common/money.yml]"},
    {"W152", "a file cannot be read",
     "An include or the file of a set does not exist or may not be read. Both are relative to the file that names "
     "them.",
     "include: [common/mony.yml]", "include: [common/money.yml]"},
    {"W153", "an include that includes itself", "The file that is named here leads back to itself.",
     "include: [orders.yml]   # in orders.yml", "include: [common/money.yml]"},
    {"W154", "a section that is not included",
     "Included files hold `templates`, `sets` and `vars`. What is judged stands in the rule file itself, so that a "
     "reader sees all of it.",
     "fields:   # in an included file\n  amount: {min: 0}", "templates:\n  money: {min: 0}"},
    {"W156", "the file of a set cannot be used",
     "The CSV file has no such column, ends within a quote, or holds no value at all; an empty set would let nothing "
     "pass.",
     "sets: {skus: {file: refs/skus.csv, column: SKU}}", "sets: {skus: {file: refs/skus.csv, column: sku}}"},
    {"W157", "an unknown template", "`use` names a template that does not exist, or that uses itself.",
     "templates: {money: {min: 0}}\nfields:\n  amount: {use: mony}",
     "templates: {money: {min: 0}}\nfields:\n  amount: {use: money}"},
    {"W158", "a name twice",
     "Two included files define the same name, or a set and a variable share one. Which one counts would depend on the "
     "order of lines. A name in the rule file itself wins over included ones.",
     "vars: {currency: EUR}\nsets: {currency: [EUR, USD]}", "vars: {home_currency: EUR}\nsets: {currency: [EUR, USD]}"},
    {"W159", "not in the environment",
     "`$env:NAME` is replaced by a variable of the environment, which is not set. weir does not guess an empty text.",
     "vars: {limit: $env:ORDER_LIMIT}", "vars: {limit: 1000}"},
    {"W160", "a test that says too little or too much",
     "A test holds one of `pass` (a record that breaks no rule), `fail` with `record` (the rules that it breaks, all "
     "of them), or `window` with `records` and `expect` (what each rule of the window comes to).",
     "tests:\n  - {record: {amount: 1}}", "tests:\n  - {pass: {amount: 1}}"},
    {"W161", "a test of an unknown rule",
     "`fail`, `window` or `expect` names a rule that the file does not have. A rule of a field is called field.check, "
     "or by its id. `expect` also takes the text of a window rule or the measure that it begins with, where that fits "
     "one rule.",
     "fields:\n  amount: {max: 5}\ntests:\n  - {fail: [amount.maximum], record: {amount: 6}}",
     "fields:\n  amount: {max: 5}\ntests:\n  - {fail: [amount.max], record: {amount: 6}}"},
    {"W170", "a measure of an unknown rule",
     "`fail_rate`, `fail_count` and `pass_rate` name a record rule of the file by its id, in quotes. There is none of "
     "that id, or it is switched off, or it can never fail, or the records that break it lie in no window.",
     "fields:\n  amount: {max: 5}\nwindows:\n  - rules:\n      - {must: fail_rate(\"amount.maximum\") <= 1%}",
     "fields:\n  amount: {max: 5}\nwindows:\n  - rules:\n      - {must: fail_rate(\"amount.max\") <= 1%}"},
    {"W171", "an argument that a measure does not take",
     "The measure is called with an argument of the right kind that means nothing to it: a type that does not exist, "
     "bounds in the wrong order, a count that is no whole number, the name of a stream with other characters than "
     "those of a topic, `score` where there is nothing to score.",
     "windows:\n  - rules:\n      - {must: 'type_rate(amount, \"float\") >= 99%'}",
     "windows:\n  - rules:\n      - {must: 'type_rate(amount, \"number\") >= 99%'}"},
    {"W172", "an unknown time zone",
     "Zones are UTC, an offset such as `+02:00`, or a name of the time zone database such as `Europe/Berlin`. The "
     "database is that of the machine: a name that it does not have cannot be used there.",
     "windows:\n  - every: 1d\n    zone: Europe/Berln\n    rules: [{must: row_count >= 1}]",
     "windows:\n  - every: 1d\n    zone: UTC\n    rules: [{must: row_count >= 1}]"},
    {"W173", "windows that cannot be cut so",
     "The lengths do not go together: a window shorter than the step to the next one would leave records out, a "
     "sliding window of more than 10,000 panes would cost too much (a pane is the longest stretch that goes into "
     "`every` and `size` without a rest), days of a time zone are cut only as whole days.",
     "windows:\n  - every: 10m\n    size: 1m\n    rules: [{must: row_count >= 1}]",
     "windows:\n  - every: 1m\n    size: 10m\n    rules: [{must: row_count >= 1}]"},
    {"W174", "a past that these windows do not have",
     "`same(day)` compares with the window that began one day before, so `every` has to go into a day without a rest. "
     "Sessions and windows by count begin when records come, so that nothing lies exactly a day before them; `last` "
     "and `avg(last(n))` work with every kind of window.",
     "windows:\n  - every: 7h\n    rules: [{must: \"change(row_count, same(day)) <= 10%\"}]",
     "windows:\n  - every: 6h\n    rules: [{must: \"change(row_count, same(day)) <= 10%\"}]"},
    {"W175", "not one value of a record",
     "The event time and the segments of a window are single values of a record. A path with `[]` leads to any number "
     "of them.",
     "windows:\n  - segment: [items[].sku]\n    rules: [{must: row_count >= 1}]",
     "windows:\n  - segment: [country]\n    rules: [{must: row_count >= 1}]"},
    {"W176", "a reference that nothing can be compared with",
     "A reference is a baseline that `weir baseline` made, or a file of records. It has to hold every field that is "
     "compared with it, with values, of the type that the rule file declares, and be whole and of a version that this "
     "weir reads. What is missing there would be windows without an answer for as long as nobody looks.",
     "drift:\n  - {fields: [amount], reference: {file: refs/skus.csv}}   # without the field",
     "drift:\n  - {fields: [amount], every: 1h, reference: {previous: 6}}"},
    {"W177", "a drift test that these fields do not have",
     "Some tests compare numbers only, and some compare several fields of a record together. `auto` picks what fits a "
     "field: `ks` for numbers, `chi_square` for anything else.",
     "fields:\n  status: {type: string}\ndrift:\n  - {fields: [status], test: ks, reference: {previous: 6}, every: 1h}",
     "fields:\n  status: {type: string}\ndrift:\n  - {fields: [status], test: auto, reference: {previous: 6}, every: "
     "1h}"},
    {"W180", "records would come round again",
     "What weir run writes goes to a topic that it reads, so every record that fails would be judged once more, and "
     "fail "
     "once more, without an end. A pattern of topics takes a name in, too, that is only made later: say the topic of "
     "the "
     "quarantine where a pattern is read, and a name that the pattern does not match.",
     "", ""},
    {"W181", "one name for two things",
     "Two streams with one name, or one topic or file that two parts of the configuration write to as if it were "
     "theirs "
     "alone: snapshots, panes, clean records and failing ones each need a place of their own.",
     "", ""},
    {"W182", "a delivery that cannot be kept",
     "Exactly once is kept by Kafka's transactions, and a file is no part of them: after a crash it would hold records "
     "that were taken back. Write to a topic, or take `delivery: at_least_once`, where each record carries an id by "
     "which one that came twice is found.",
     "", ""},
    {"W183", "rules that a stream cannot be judged by",
     "The rule file is sound and is about something else than this stream: another topic, records that are lines of a "
     "file, the whole input of a stream that has no end, or a second stream that is not there.",
     "", ""},
    {"W184", "something that has to be said is not",
     "weir run needs the brokers, the topic and the rule file. Say them by flags (`--brokers`, `--topic`, `--rules`), "
     "by "
     "the environment (`WEIR_BROKERS`, …) or in a configuration file (`-c weir.yml`).",
     "", ""},
    {"W190", "a schema cannot be used",
     "The file that `source.schema` or `source.key_schema` names is no schema of Avro or Protobuf, imports what is not "
     "there, or has no message of the name in `source.message`. The text says where in the schema. Of a Protobuf "
     "schema "
     "with several messages `source.message` names the one that files and messages without a schema's id hold.",
     "source: {schema: orders.proto, message: shop.Ordr}   # it is called Order",
     "source: {format: protobuf}   # and schema: orders.proto, message: shop.Order"},
    {"W204", "a field without checks", "The field is named and nothing is asked of it.", "fields:\n  note: {}",
     "fields:\n  note: {max_length: 200}"},
    {"W205", "never used",
     "A variable, set or template of this file is not used in it. Perhaps the name is misspelt where it should be.",
     "sets: {currency: [EUR]}", "sets: {currency: [EUR]}\nfields:\n  currency: {in: $currency}"},
    {"W206", "unique only within a partition",
     "Records of a topic are judged partition by partition, so two records with the same value in two partitions are "
     "not seen together. A field by which the topic is partitioned is always in the same one.",
     "source: {topic: orders}\nfields:\n  order_id: {unique: true}",
     "source: {topic: orders, key: order_id}\nfields:\n  order_id: {unique: true}"},
    {"W207", "nothing to judge", "The file holds no rule. Only records that cannot be read fail.", "weir: 1",
     "weir: 1\nfields:\n  amount: {min: 0}"},
    {"W208", "windows by time without a time",
     "A block with `every` or `session` needs to know when a record happened. On a topic the time of the message is "
     "taken; a record of a file has none, so `weir check` gives these rules the outcome error.",
     "windows:\n  - every: 1m\n    rules: [{must: row_count >= 1}]",
     "source: {time: created_at}\nwindows:\n  - every: 1m\n    rules: [{must: row_count >= 1}]"},
    {"W209", "a setting of drift without effect",
     "The tolerance of a test that is not made, or how many windows have to drift where the whole input is compared "
     "once. Probably something else was meant.",
     "drift:\n  - {fields: [amount], every: 1h, reference: {previous: 6}, test: ks, tolerance: {psi: 0.1}}",
     "drift:\n  - {fields: [amount], every: 1h, reference: {previous: 6}, test: ks, tolerance: {ks: 0.1}}"},
    {"W210", "drift that will say little",
     "The rule can be judged, and its answers will not be worth much: a rolling reference of a few windows does not "
     "know what is usual, and the values of a key never come twice.",
     "drift:\n  - {fields: [amount], every: 1h, reference: {rolling: 3h}}",
     "drift:\n  - {fields: [amount], every: 1h, reference: {rolling: 7d}}"},
    {"W211", "drift that takes much memory",
     "A window keeps for each field numbers, values and their counts, and all of it once for each segment. Together "
     "that "
     "may come to more than 256 MiB. Segments beyond `max_segments` are judged together; a field that is declared a "
     "number keeps no lengths, and one that is declared a text keeps no numbers.",
     "drift:\n  - {fields: [a, b], every: 1h, reference: {previous: 6}, segment: shop, max_segments: 10000}",
     "drift:\n  - {fields: [a, b], every: 1h, reference: {previous: 6}, segment: shop, max_segments: 20}"},
};

std::string indented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += "    " + std::string(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string_view kind_of(const CodePage& page) {
  return page.code[1] == '2' ? "warning" : "error";
}

/// Breaks at blanks, so that a page can be read in a terminal.
std::string wrapped(std::string_view text) {
  constexpr std::size_t kWidth = 78;
  std::string out;
  std::size_t line = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (line > 0 && line + 1 + end > kWidth) {
      out += '\n';
      line = 0;
    } else if (line > 0) {
      out += ' ';
      ++line;
    }
    out += text.substr(0, end);
    line += end;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + "\n";
}

}  // namespace

std::span<const CodePage> code_pages() {
  return kPages;
}

std::string explain_code(std::string_view code) {
  const auto page =
      std::find_if(std::begin(kPages), std::end(kPages), [&](const CodePage& p) { return p.code == code; });
  if (page == std::end(kPages)) return "";
  std::string out = std::string(kind_of(*page)) + "[" + std::string(page->code) + "]: " + std::string(page->title) +
                    "\n\n" + wrapped(page->why);
  if (!page->bad.empty())
    out += "\nThis earns it:\n\n" + indented(page->bad) + "\nThis does not:\n\n" + indented(page->good);
  return out;
}

std::string diagnostics_page() {
  std::string out =
      "# Diagnostics\n\n"
      "Every fault that `weir lint` finds in a rule file, and `weir run` in its configuration, has a code. A code "
      "never\n"
      "changes its meaning. `weir explain W104` prints the same page in the terminal. This file is made from\n"
      "`src/rules/codes.cpp`.\n";
  for (const CodePage& page : kPages) {
    out += "\n## " + std::string(page.code) + ": " + std::string(page.title) + "\n\n";
    if (kind_of(page) == "warning") out += "A warning.\n\n";
    out += wrapped(page.why);
    if (page.bad.empty()) continue;
    out += "\nThis earns it:\n\n```yaml\n" + std::string(page.bad) + "\n```\n\nThis does not:\n\n```yaml\n" +
           std::string(page.good) + "\n```\n";
  }
  return out;
}

}  // namespace weir
