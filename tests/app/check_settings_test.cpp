// SPDX-License-Identifier: Apache-2.0
// What `weir check` understands of its arguments, and what it refuses.
#include "app/check_settings.h"

#include <catch2/catch_test_macros.hpp>

namespace weir {
namespace {

Result<CheckSettings> settings(std::vector<std::string> words) {
  words.insert(words.end(), {"orders.ndjson", "--rules", "rules.yml"});
  const Result<Arguments> arguments =
      Arguments::parse(*find_command("check"), words, [](const std::string&) { return std::nullopt; });
  REQUIRE(arguments);
  Surroundings surroundings;
  surroundings.environment = [](const std::string&) { return std::nullopt; };
  return CheckSettings::from(*arguments, surroundings);
}

std::string fault(std::vector<std::string> words) {
  const Result<CheckSettings> found = settings(std::move(words));
  return found ? "" : found.error().message;
}

TEST_CASE("without flags: errors fail, twenty samples a rule, at most four threads") {
  const Result<CheckSettings> found = settings({});
  REQUIRE(found);
  CHECK(found->fail_on == FailOn::Error);
  CHECK(found->samples_per_rule == 20);
  CHECK(found->threads >= 1);
  CHECK(found->threads <= 4);
  CHECK_FALSE(found->format);
  CHECK_FALSE(found->now);
  REQUIRE(found->inputs.size() == 1);
  CHECK(found->inputs[0].path == "orders.ndjson");
}

TEST_CASE("--format auto is said, and so it is stronger than the rule file") {
  CHECK(settings({"--format", "auto"})->format == Format::Auto);
  CHECK(settings({"--format", "tsv"})->format == Format::Tsv);
}

TEST_CASE("a report is a kind and a file, and a wrong kind is answered with the right one") {
  const Result<CheckSettings> found = settings({"--report", "json=a=b.json"});
  REQUIRE(found);
  CHECK(found->reports.at(0).path == "a=b.json");
  CHECK(fault({"--report", "jsn=x"}) == "`--report` has no kind `jsn`: did you mean `json`?");
  CHECK(fault({"--report", "json"}) == "`--report` wants KIND=FILE, not `json`");
  CHECK(fault({"--report", "json="}) == "`--report` wants KIND=FILE, not `json=`");
}

TEST_CASE("no file has two purposes, however it is spelled") {
  CHECK(fault({"--clean", "./orders.ndjson"}) == "--clean would overwrite `./orders.ndjson`, which is an input");
  CHECK(fault({"--quarantine", "rules.yml"}) == "--quarantine would overwrite `rules.yml`, which is the rule file");
  CHECK(fault({"--quarantine", "q", "--clean", "x/../q"}) == "--clean would overwrite `x/../q`, which is --quarantine");
  CHECK(fault({"--report", "json=r", "--report", "md=r"}) == "--report md would overwrite `r`, which is --report json");
  CHECK(fault({"--report", "json=/dev/null", "--report", "md=/dev/null"}) == "");
}

TEST_CASE("standard output carries one thing") {
  CHECK(fault({"--report", "json=-", "--report", "md=-"}) == "--report json and --report md both want standard output");
  CHECK(fault({"--report", "json=-", "--github"}) == "--report json and --report github both want standard output");
  CHECK(fault({"--quarantine", "-"}) == "`--quarantine` wants a file, not standard output");
}

TEST_CASE("--failing-rows takes a number or all") {
  CHECK(settings({"--failing-rows", "0"})->samples_per_rule == 0);
  CHECK(settings({"--failing-rows", "all"})->samples_per_rule > 1'000'000'000'000U);
  CHECK(fault({"--failing-rows", "-1"}) == "`--failing-rows` wants a number or `all`, not `-1`");
}

TEST_CASE("--now wants a zone, --redact a field path, --select a kind, --threads a sane number") {
  CHECK(fault({"--now", "2026-01-31"}) ==
        "`--now` wants a time with a zone, such as 2026-01-31T12:00:00Z, not `2026-01-31`");
  CHECK(fault({"--redact", "a[[b"}).starts_with("`--redact` wants a field, not `a[[b`: "));
  CHECK(fault({"--select", "money"}) == "`--select` wants id:GLOB, field:GLOB or tag:GLOB, not `money`");
  CHECK(fault({"--threads", "257"}) == "`--threads` is at most 256");
}

TEST_CASE("selectors take rules by id, field or tag, and one that takes none is an error") {
  const Result<CheckSettings> found = settings({"--select", "id:amount.*", "--select", "tag:money"});
  REQUIRE(found);
  LoadOptions options;
  found->add_to(options);
  RuleInfo rule;
  rule.id = "amount.max";
  CHECK(options.keep(rule));
  rule.id = "currency.in";
  CHECK_FALSE(options.keep(rule));
  CHECK(found->check_selectors().error().message == "no rule fits `--select tag:money`");
  rule.tags = {"tier1", "money"};
  CHECK(options.keep(rule));
  CHECK(found->check_selectors());
}

TEST_CASE("another stream is a name and a file; every file has its own purpose") {
  const Result<CheckSettings> found = settings({"--other", "payments=a=b.ndjson", "--other", "payments=c.ndjson"});
  REQUIRE(found);
  REQUIRE(found->others.size() == 2);
  CHECK(found->others[0].stream == "payments");
  CHECK(found->others[0].path.path == "a=b.ndjson");
  CHECK(fault({"--other", "payments"}) == "`--other` wants NAME=FILE, not `payments`");
  CHECK(fault({"--other", "=a"}) == "`--other` wants NAME=FILE, not `=a`");
  CHECK(fault({"--other", "a="}) == "`--other` wants NAME=FILE, not `a=`");
  CHECK(fault({"--other", "p=x.ndjson", "--state", "x.ndjson"}) ==
        "--state would overwrite `x.ndjson`, which is an input");
}

TEST_CASE("a state and a summary are files of their own") {
  CHECK(fault({"--state", "-"}) == "`--state` wants a file, not standard output");
  CHECK(fault({"--summary-out", "-"}) == "`--summary-out` wants a file, not standard output");
  CHECK(fault({"--state", "x", "--summary-out", "./x"}) == "--summary-out would overwrite `./x`, which is --state");
  CHECK(fault({"--as-stream", "--summary-out", "x"}) == "`--summary-out` and `--as-stream` exclude each other");
  CHECK(settings({"--windows", "all"})->all_windows);
  CHECK_FALSE(settings({})->all_windows);
}

TEST_CASE("the streams that rules compare with and those that are given have to be the same") {
  Plan plan;
  WindowRule& rule = plan.window_rules.emplace_back();
  MeasureCall& call = rule.should.calls.emplace_back();
  CHECK(settings({})->check_others(plan).ok());
  CHECK(settings({"--other", "payments=a"})->check_others(plan).error().message ==
        "no rule compares with the stream `payments` of `--other`");
  call.stream = "payments";
  CHECK(settings({"--other", "payments=a"})->check_others(plan).ok());
  CHECK(settings({})->check_others(plan).error().message ==
        "a rule compares with the stream `payments`, which has no input");
}

}  // namespace
}  // namespace weir
