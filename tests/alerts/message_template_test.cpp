// SPDX-License-Identifier: Apache-2.0
#include "alerts/message_template.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <sstream>

#include "alerts/told_notification.h"
#include "testing/hostile_text.h"

namespace weir {
namespace {

std::string written(std::string_view text, Script script = Script::Text) {
  const Result<MessageTemplate> made = MessageTemplate::parse(text);
  REQUIRE(made);
  return made->write(testing::told_notification(), testing::firing_alert(), script);
}

Error fault_in(std::string_view text) {
  const Result<MessageTemplate> made = MessageTemplate::parse(text);
  REQUIRE_FALSE(made);
  return made.error();
}

TEST_CASE("names of a template are replaced by what is known of the alert") {
  CHECK(written("{{ stream }}: {{rule}} is {{ observed }}, expected {{\texpected }}") ==
        "orders: amount.null_rate is 12.4 %, expected <= 5 %");
  CHECK(written("{{ window }}, since {{ since }}, {{ windows }} windows, {{ segment }}") ==
        "2026-03-01T10:02:00Z to 2026-03-01T10:03:00Z, since 2026-03-01T10:01:00Z, 3 windows, address.country=DE, "
        "shop=7");
  CHECK(written("{{ status }} {{ severity }} {{ samples }} {{ tags }} [{{ until }}] {{ count }} {{ still_firing }}") ==
        "firing error null, -1 finance [] 2 2");
  CHECK(written("{{ page }} {{ runbook }} {{ fingerprint }}") ==
        "https://weir.example:8947/ https://wiki.example/runbooks/amount?a=1&b=2 00c0ffee12345678");
  CHECK(written("no name, } } and { are text, }} too") == "no name, } } and { are text, }} too");
  CHECK(MessageTemplate::parse("")->empty());
}

TEST_CASE("names in the braces of other tools are told, and nobody gets them as they stand") {
  CHECK(fault_in("{stream} is bad").message == "`{stream}` is no name: two braces make one");
  CHECK(fault_in("{{ stream }}: ${ rule }").label == "write `{{ rule }}`");
  CHECK(fault_in("{% if until %}over{% endif %}").message == "`{%` means nothing in a template");
  CHECK(written("{} {x} { {{ stream }} } {") == "{} {x} { orders } {");
}

TEST_CASE("every name that is offered can be written") {
  for (const TemplateName& name : template_names()) {
    CAPTURE(name.name);
    const Result<MessageTemplate> made = MessageTemplate::parse("{{ " + std::string(name.name) + " }}");
    REQUIRE(made);
    CHECK_FALSE(name.summary.empty());
    static_cast<void>(made->write(testing::told_notification(), testing::resolved_alert(), Script::Html));
  }
}

TEST_CASE("the page about receivers has every name of a template") {
  std::ifstream file(std::string(WEIR_SOURCE_DIR) + "/docs/receivers.md");
  std::stringstream text;
  text << file.rdbuf();
  const std::string page = text.str();
  std::string table;
  for (const TemplateName& name : template_names())
    table += "| `" + std::string(name.name) + "` | " + std::string(name.summary) + " |\n";
  CAPTURE(table);
  CHECK(page.find("|---|---|\n" + table + "\n") != std::string::npos);
}

TEST_CASE("a template that is wrong is told with its place and with what was meant") {
  const Error typo = fault_in("a\n  {{ obsrved }}");
  CHECK(typo.message == "`obsrved` is no name that a template knows");
  CHECK(typo.label == "did you mean `observed`?");
  CHECK(typo.where.line == 2);
  CHECK(typo.where.column == 3);
  CHECK(typo.where.length == 13);
  CHECK(fault_in("{{ zzzzzz }}").help.starts_with("there are: stream, pipeline, "));
  CHECK(fault_in("{{ }}").message == "`{{ }}` has no name in it");
  CHECK(fault_in("{{ rule | upper }}").help == "a name and nothing else: no filters, no conditions, no loops");
  CHECK(fault_in("{{ .Labels.rule }}").help == "a name and nothing else: no filters, no conditions, no loops");
  const Error open = fault_in("{{ rule }} {{ stream");
  CHECK(open.message == "`{{` is not closed");
  CHECK(open.where.column == 12);
  CHECK(fault_in("{{ rule {{ stream }}").where.column == 1);
  CHECK(fault_in(std::string(5000, 'x')).message == "a template is at most 4.1 kB long");
  CHECK(fault_in("a\xFF").message == "the template is not UTF-8");
  CHECK(fault_in("{{ \x1b[31m }}").message == "`\\u001b[31m` is no name that a template knows");
}

TEST_CASE("values are escaped for the place they go to, cut, and never read as a template") {
  Alert alert = testing::firing_alert();
  alert.cause = "<b>&{{ runbook }}`\n";
  const auto cause = [&](Script script) {
    return MessageTemplate::parse("[{{ cause }}]")->write(testing::told_notification(), alert, script);
  };
  CHECK(cause(Script::Text) == "[<b>&{{ runbook }}`\\n]");
  CHECK(cause(Script::Html) == "[&lt;b&gt;&amp;{{ runbook }}`\\n]");
  CHECK(cause(Script::Slack) == "[&lt;b&gt;&amp;{{ runbook }}ˋ\\n]");
  alert.cause = std::string(10'000, 'x');
  CHECK(cause(Script::Text).size() == 500 + 2 + std::string("…").size());
  alert.cause = testing::hostile_text();
  for (const char c : cause(Script::Text)) CHECK((static_cast<unsigned char>(c) >= ' ' && c != 0x7F));
}

TEST_CASE("what the operator wrote stays as it is, but on a page it is text") {
  CHECK(written("*bold* <@team>\n{{ rule }}", Script::Slack) == "*bold* <@team>\namount.null_rate");
  CHECK(written("<b>\n{{ expected }}", Script::Html) == "&lt;b&gt;<br>\n&lt;= 5 %");
}

}  // namespace
}  // namespace weir
