// SPDX-License-Identifier: Apache-2.0
// `tests`: records with the verdicts that they should get. Records are data: no variable is replaced in them.
#include "base/decimal.h"
#include "base/json_writer.h"
#include "rules/codes.h"
#include "rules/keys.h"
#include "rules/read_rules.h"

namespace weir {
namespace {

/// A number as JSON writes it; YAML's octal, `.5` and `1_000` are texts.
bool is_json_number(std::string_view text) {
  if (text.empty() || (text[0] != '-' && (text[0] < '0' || text[0] > '9'))) return false;
  std::size_t at = text[0] == '-' ? 1 : 0;
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - begin;
  };
  const bool leading_zero = at < text.size() && text[at] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

std::string scalar_json(const YamlNode& node) {
  if (node.plain) {
    const std::string& text = node.text;
    if (text == "true" || text == "True" || text == "TRUE") return "true";
    if (text == "false" || text == "False" || text == "FALSE") return "false";
    if (is_json_number(text)) return text;
  }
  return json_quote(node.text);
}

void append_json(std::string& out, const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::Null: out += "null"; return;
    case YamlNode::Kind::Scalar: out += scalar_json(node); return;
    case YamlNode::Kind::List:
      out += '[';
      for (std::size_t i = 0; i < node.items.size(); ++i) {
        if (i > 0) out += ',';
        append_json(out, *node.items[i]);
      }
      out += ']';
      return;
    case YamlNode::Kind::Map:
      out += '{';
      for (std::size_t i = 0; i < node.members.size(); ++i) {
        if (i > 0) out += ',';
        out += json_quote(node.members[i].key->text) + ':';
        append_json(out, *node.members[i].value);
      }
      out += '}';
      return;
  }
}

void check_ids(RuleReading& reading, const YamlNode& fail) {
  const auto check = [&](const YamlNode& id) {
    if (reading.ids.knows(id.text)) return;
    reading.findings.error(codes::kTestRule, id.where(), "there is no rule " + backquoted(id.text),
                           {.label = did_you_mean(id.text, reading.ids.all()),
                            .help = "a rule of a field is called field.check, or by its `id`"});
  };
  if (fail.is_scalar()) check(fail);
  for (const YamlNode* id : fail.items) check(*id);
}

void read_test(RuleReading& reading, const YamlNode& node) {
  const std::size_t before = reading.findings.errors();
  const Section test(reading.findings, node, test_keys());
  if (reading.findings.errors() > before) return;
  std::vector<std::string_view> kinds;
  for (const std::string_view key : {"pass", "fail", "window"}) {
    if (test.has(key)) kinds.push_back(key);
  }
  const auto refuse = [&](const YamlNode& at, std::string message, std::string help) {
    reading.findings.error(codes::kTest, at.where(), std::move(message), {.label = {}, .help = std::move(help)});
  };
  if (kinds.size() != 1)
    return refuse(node, kinds.empty() ? "a test without `pass`, `fail` or `window`" : "a test with " + listed(kinds),
                  "a test holds exactly one of them");
  RuleTest out;
  out.where = node.where();
  out.name = test.text("name");
  if (const YamlNode* now = test.node("now")) out.now = read_time(reading.findings, *now, "`now`");
  if (kinds[0] == "window") {
    if (!read_window_test(reading, test, node, out)) return;
  } else if (kinds[0] == "pass") {
    if (test.has("record"))
      return refuse(*test.key("record"), "a test of `pass` with a `record`",
                    "`pass` is the record: {pass: {order_id: O-1}}");
    out.record = record_json(*test.node("pass"));
  } else {
    out.expect = RuleTest::Expect::Fail;
    if (!test.has("record"))
      return refuse(node, "a test of `fail` without a `record`", "{fail: [amount.max], record: {amount: 100001}}");
    check_ids(reading, *test.node("fail"));
    out.failing = test.texts("fail");
    out.record = record_json(*test.node("record"));
  }
  reading.out.tests.push_back(std::move(out));
}

}  // namespace

std::string record_json(const YamlNode& node) {
  return node.is_scalar() && !node.plain ? node.text : to_json(node);
}

std::string to_json(const YamlNode& node) {
  std::string out;
  append_json(out, node);
  return out;
}

void read_tests(RuleReading& reading, const YamlNode& tests) {
  for (const YamlNode* test : tests.items) read_test(reading, *test);
}

}  // namespace weir
