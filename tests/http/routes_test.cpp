// SPDX-License-Identifier: Apache-2.0
// What each path answers, without a socket.
#include "http/routes.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "http/board.h"
#include "testing/drift_verdict.h"
#include "testing/hostile_text.h"

namespace weir {
namespace {

using namespace std::chrono_literals;
using testing::at;
using testing::StandingClock;

struct Site {
  StandingClock clock;
  std::shared_ptr<StatusBoard> board;
  WebSource source;
  int reloads = 0;
  int quits = 0;

  explicit Site(std::size_t samples = 0) : board(testing::orders_board(clock, samples)) {
    source.streams = {board};
    source.metrics = [] { return "# TYPE weir_up gauge\nweir_up 1\n"; };
    source.alerts = [] { return std::string("{\"alerts\":[]}\n"); };
    source.now = [] { return at("2026-01-31T12:03:00Z"); };
    source.version = "1.2.3";
    source.pipeline = "shop";
    source.group = "weir-shop";
    source.instance = "shop-0";
    source.started = at("2026-01-31T11:00:00Z");
  }
  void allow_lifecycle() {
    source.reload = [this]() -> Status {
      if (++reloads == 1) return Done{};
      return Error{.message = "unknown check `mx`",
                   .where = {.file = "orders.yml", .line = 3, .column = 7},
                   .code = "W104",
                   .help = "did you mean `max`?"};
    };
    source.quit = [this] { ++quits; };
  }
  [[nodiscard]] WebReply ask(std::string path, std::vector<std::pair<std::string, std::string>> query = {},
                             std::string method = "GET") const {
    return make_routes(source)({.method = std::move(method), .path = std::move(path), .query = std::move(query)});
  }
  [[nodiscard]] JsonValue json(const std::string& path,
                               std::vector<std::pair<std::string, std::string>> query = {}) const {
    const WebReply reply = ask(path, std::move(query));
    CHECK(reply.status == 200);
    CHECK(reply.content_type == "application/json");
    Result<JsonValue> parsed = parse_json(reply.body);
    REQUIRE(parsed.ok());
    return std::move(*parsed);
  }
};

PartitionStatus partition(const std::string& topic, std::int32_t number) {
  PartitionStatus status;
  status.partition = {topic, number};
  return status;
}

std::string text_of(const JsonValue& object, std::string_view key) {
  const JsonValue* const found = object.find(key);
  return found == nullptr ? "absent" : found->text;
}

TEST_CASE("the examples of docs/http.md are what a program gets") {
  std::ifstream file(WEIR_SOURCE_DIR "/docs/http.md");
  const std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const Site site(1);
  int examples = 0;
  constexpr std::string_view kHeading = "### `GET /api/v1/";
  for (std::size_t from = page.find(kHeading); from != std::string::npos; from = page.find(kHeading, from + 1)) {
    const std::size_t path = from + kHeading.size() - std::string_view("/api/v1/").size();
    const std::string name = page.substr(path, page.find('`', path) - path);
    const std::size_t fence = page.find("```json\n", from);
    REQUIRE(fence != std::string::npos);
    const std::size_t begin = fence + std::string_view("```json\n").size();
    const Result<JsonValue> example = parse_json(page.substr(begin, page.find("```", begin) - begin));
    INFO(name << " gives " << site.ask(name).body);
    REQUIRE(example.ok());
    CHECK(site.json(name) == *example);
    ++examples;
  }
  CHECK(examples == 8);
}

TEST_CASE("every path that the page of the documentation lists is there, and no other") {
  std::ifstream file(WEIR_SOURCE_DIR "/docs/http.md");
  const std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const Site site;
  for (const char* path :
       {"/", "/style.css", "/metrics", "/healthz", "/readyz", "/-/healthy", "/-/ready", "/api/v1/rules",
        "/api/v1/windows", "/api/v1/drift", "/api/v1/quarantine", "/api/v1/assignments", "/api/v1/schemas",
        "/api/v1/streams", "/api/v1/reloads", "/api/v1/alerts"}) {
    INFO(path);
    CHECK(site.ask(path).status == 200);
    CHECK(page.find("`" + std::string(path) + "`") != std::string::npos);
    CHECK(site.ask(path, {}, "POST").status == 405);
    CHECK(site.ask(path, {{"nonsense", "1"}}).status == 400);
  }
  for (const char* path : {"", "/x", "//", "/api", "/api/v1/", "/api/v1/rules/", "/metrics/../", "/.", "/Healthz"}) {
    CHECK(site.ask(path).status == 404);
  }
}

TEST_CASE("where nobody is told of alerts the path says so") {
  Site site;
  CHECK(site.json("/api/v1/alerts").find("alerts") != nullptr);
  site.source.alerts = nullptr;
  CHECK(site.ask("/api/v1/alerts").status == 404);
}

TEST_CASE("a stream says what keeps it from being ready, and what went wrong lately") {
  const Site site;
  StreamStatus status = *site.board->view().status;
  status.readiness[1] = {.name = "broker", .ok = false, .reason = "kafka:9092 does not answer"};
  site.board->status(status);
  site.board->trouble({.weight = {}, .event = "broker_away", .message = "gone"}, at("2026-01-31T12:02:00Z"));
  const JsonValue answer = site.json("/api/v1/streams");
  const JsonValue& stream = answer.find("streams")->items.at(0);
  CHECK(!stream.find("ready")->boolean);
  REQUIRE(stream.find("not_ready")->items.size() == 1);
  CHECK(text_of(stream.find("not_ready")->items[0], "reason") == "kafka:9092 does not answer");
  CHECK(text_of(stream.find("troubles")->items.at(0), "event") == "broker_away");
  CHECK(text_of(answer, "instance") == "shop-0");
}

TEST_CASE("a window rule tells since when its windows have failed in a row, and the newest of them") {
  const Site site;
  WindowOutcome windows;
  windows.rules = {{.evaluated = 3, .failed = 2}};
  windows.verdicts = {testing::minute(0, at("2026-01-31T12:02:00Z"), Verdict::Fail, 9),
                      testing::minute(0, at("2026-01-31T12:02:00Z"), Verdict::Pass, 900),
                      testing::minute(0, at("2026-01-31T12:03:00Z"), Verdict::Warn, 10)};
  site.board->windows(windows, at("2026-01-31T12:04:00Z"));
  const JsonValue rules = site.json("/api/v1/rules");
  const JsonValue& rule = rules.find("rules")->items.at(2);
  CHECK(text_of(rule, "failing_since") == "2026-01-31T12:01:00Z");
  CHECK(text_of(*rule.find("newest"), "observed") == "10");
  windows.verdicts = {testing::minute(0, at("2026-01-31T12:04:00Z"), Verdict::Pass, 500)};
  site.board->windows(windows, at("2026-01-31T12:05:00Z"));
  const JsonValue after = site.json("/api/v1/rules");
  CHECK(after.find("rules")->items.at(2).find("failing_since")->type == JsonValue::Type::Null);
}

TEST_CASE("drift is told with its tests and what moved, and drawn on the page, apart from other windows") {
  Site site;
  auto plan = std::make_shared<Plan>(Plan{});
  plan->windows.emplace_back();
  for (const RuleKind kind : {RuleKind::Window, RuleKind::Drift}) {
    WindowRule& rule = plan->window_rules.emplace_back();
    rule.info.id = kind == RuleKind::Drift ? "drift.amount" : "rows";
    rule.info.kind = kind;
    rule.info.field = kind == RuleKind::Drift ? "amount" : "";
    rule.info.check = "auto";
  }
  site.board->rules(plan);
  WindowOutcome windows;
  windows.rules.resize(2);
  windows.verdicts = {testing::minute(0, at("2026-01-31T12:00:00Z"), Verdict::Pass),
                      testing::minute(1, at("2026-01-31T12:00:00Z"), Verdict::Fail),
                      testing::minute(1, at("2026-01-31T12:01:00Z"), Verdict::Fail)};
  for (std::size_t i = 1; i < 3; ++i) {
    windows.verdicts[i].drift = testing::scaled_amounts();
    windows.verdicts[i].cause = windows.verdicts[i].drift->summary;
  }
  site.board->windows(windows, at("2026-01-31T12:02:00Z"));

  const JsonValue answer = site.json("/api/v1/drift");
  const JsonValue& list = *answer.find("drift");
  REQUIRE(list.items.size() == 2);
  const JsonValue& newest = list.items[0];
  CHECK(newest.find("rule")->text == "drift.amount");
  CHECK(newest.find("field")->text == "amount");
  CHECK(newest.find("window")->find("end")->text == "2026-01-31T12:02:00Z");
  CHECK(newest.find("drift")->find("tests")->items.size() == 2);
  CHECK(newest.find("drift")->find("findings")->items.at(0).find("text")->text == "scaled by 100");
  CHECK(site.json("/api/v1/windows").find("windows")->items.size() == 1);

  const std::string page = site.ask("/").body;
  CHECK(page.find("scaled by 100") != std::string::npos);
  const std::size_t drawn = page.find("<svg");
  REQUIRE(drawn != std::string::npos);
  CHECK(page.find("<svg", drawn + 1) == std::string::npos);  // of the newest window alone
}

TEST_CASE("a stream is alive while its loop comes round") {
  const Site site;
  CHECK(site.ask("/healthz").status == 200);
  site.clock.pass(9s);
  CHECK(site.ask("/healthz").status == 200);
  site.clock.pass(2s);
  CHECK(site.ask("/healthz").status == 503);
  CHECK(site.ask("/-/healthy").body == "orders: the stream has not come round for 11 s\n");
  CHECK(site.ask("/readyz").status == 503);
  StreamStatus status = *site.board->view().status;
  site.board->status(status);
  CHECK(site.ask("/healthz").status == 200);
  status.phase = StreamStatus::Phase::Failed;
  site.board->status(status);
  CHECK(site.ask("/healthz").status == 503);
  status.phase = StreamStatus::Phase::Draining;
  site.board->status(status);
  site.clock.pass(30s);
  CHECK(site.ask("/healthz").status == 200);
  CHECK(site.ask("/readyz").status == 503);
}

TEST_CASE("a stream that has not begun is alive for a while and not ready") {
  const StandingClock clock;
  Site site;
  site.source.streams = {std::make_shared<StatusBoard>(StatusBoard::Options{.stream = "new"}, clock)};
  CHECK(site.ask("/healthz").status == 200);
  CHECK(site.ask("/readyz").body == "[-] new/running: the stream is starting\nnot ready\n");
  CHECK(site.json("/api/v1/rules").find("rules")->items.empty());
  CHECK(site.json("/api/v1/assignments").find("assignments")->items.empty());
  CHECK(site.ask("/").status == 200);
  clock.pass(6min);
  CHECK(site.ask("/healthz").status == 503);
}

TEST_CASE("readiness says what is missing, and all of it when asked") {
  const Site site;
  CHECK(site.ask("/readyz").status == 200);
  CHECK(site.ask("/readyz").body == "ready\n");
  CHECK(site.ask("/readyz", {{"verbose", ""}}).body ==
        "[+] orders/assigned ok\n[+] orders/broker ok\n[+] orders/loop ok\nready\n");
  StreamStatus status = *site.board->view().status;
  status.readiness[1] = {.name = "broker", .ok = false, .reason = "kafka:9092 does not answer"};
  site.board->status(status);
  CHECK(site.ask("/readyz").status == 503);
  CHECK(site.ask("/-/ready").body == "[-] orders/broker: kafka:9092 does not answer\nnot ready\n");
}

TEST_CASE("windows are listed the newest first, and filtered") {
  const Site site;
  const JsonValue all = site.json("/api/v1/windows");
  REQUIRE(all.find("windows")->items.size() == 2);
  CHECK(text_of(all.find("windows")->items[0], "outcome") == "fail");
  CHECK(text_of(all.find("windows")->items[1], "outcome") == "pass");
  const auto found = [&](std::vector<std::pair<std::string, std::string>> query) {
    const JsonValue list = site.json("/api/v1/windows", std::move(query));
    return std::to_string(list.find("windows")->items.size()) + (list.find("more")->boolean ? "+" : "");
  };
  CHECK(found({{"rule", "row_count.1m"}}) == "2");
  CHECK(found({{"rule", "other"}}) == "0");
  CHECK(found({{"limit", "1"}}) == "1+");
  CHECK(found({{"since", "2026-01-31T12:01:00Z"}}) == "1");
  CHECK(found({{"since", "2026-01-31T12:00:59Z"}}) == "2");
  CHECK(found({{"since", "1m30s"}}) == "1");
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{{"limit", "0"},
                                                                                    {"limit", "1001"},
                                                                                    {"limit", "-1"},
                                                                                    {"limit", "x"},
                                                                                    {"limit", ""},
                                                                                    {"limit", "1 "},
                                                                                    {"since", "yesterday"},
                                                                                    {"since", "-1h"},
                                                                                    {"since", "106751991d"},
                                                                                    {"since", "-106751991d"},
                                                                                    {"since", ""}}) {
    INFO(name << "=" << value);
    const WebReply reply = site.ask("/api/v1/windows", {{name, value}});
    CHECK(reply.status == 400);
    CHECK(parse_json(reply.body).ok());
  }
}

TEST_CASE("a window rule's outcome is the gravest of its newest window's segments") {
  Site site;
  WindowOutcome windows;
  windows.rules.resize(1);
  const Instant start = at("2026-01-31T12:05:00Z");
  for (const Verdict verdict : {Verdict::Pass, Verdict::Warn, Verdict::NoData}) {
    windows.verdicts.push_back(testing::minute(0, start, verdict));
  }
  windows.verdicts.push_back(testing::minute(0, at("2026-01-31T12:04:00Z"), Verdict::Error));  // late: an older window
  site.board->windows(windows, {});
  CHECK(text_of(site.json("/api/v1/rules").find("rules")->items[2], "outcome") == "warn");
}

TEST_CASE("values of records are shown only where they were asked for") {
  CHECK(Site(0).ask("/api/v1/quarantine").body.find("9e9") == std::string::npos);
  CHECK(Site(0).json("/api/v1/quarantine").find("quarantine")->items[0].find("samples")->items.empty());
  CHECK(Site(3).ask("/api/v1/quarantine").body.find("9e9") != std::string::npos);
  for (const char* path : {"/", "/api/v1/rules", "/api/v1/windows", "/api/v1/assignments", "/readyz"}) {
    CHECK(Site(3).ask(path).body.find("9e9") == std::string::npos);
  }
}

TEST_CASE("reload and quit are there only where they are allowed, for POST") {
  Site site;
  CHECK(site.ask("/-/reload", {}, "POST").status == 403);
  CHECK(site.ask("/-/quit", {}, "POST").status == 403);
  site.allow_lifecycle();
  CHECK(site.ask("/-/reload").status == 405);
  CHECK(site.ask("/-/quit").status == 405);
  CHECK(site.reloads == 0);
  CHECK(site.ask("/-/reload", {}, "POST").status == 200);
  const WebReply broken = site.ask("/-/reload", {}, "PUT");
  CHECK(broken.status == 400);
  CHECK(broken.body ==
        "orders.yml:3:7: W104: unknown check `mx`\nhelp: did you mean `max`?\nthe rules of before stay in force\n");
  CHECK(site.ask("/-/quit", {}, "POST").status == 200);
  CHECK(site.quits == 1);
}

TEST_CASE("the page shows the stream, and nothing that anybody wrote is markup on it") {
  Site site;
  const std::string calm = site.ask("/").body;
  for (const char* shown :
       {"amount.max", "row_count.1m", "orders/1", "2026-01-31T12:02:50Z", "by the clock", "country=DE"}) {
    INFO(shown);
    CHECK(calm.find(shown) != std::string::npos);
  }
  const std::string& text = testing::hostile_text();
  StatusBoard::Options options{.stream = text, .samples_per_rule = 1};
  const auto board = std::make_shared<StatusBoard>(std::move(options), site.clock);
  board->rules(testing::plan_of({text}, {text}));
  WindowOutcome windows;
  windows.rules.resize(1);
  windows.verdicts = {testing::minute(0, {}, Verdict::Fail)};
  auto segment = std::make_shared<Segment>();
  segment->values = {{text, text}};
  windows.verdicts[0].segment = segment;
  windows.verdicts[0].cause = windows.verdicts[0].expected = windows.verdicts[0].observed.text = text;
  windows.verdicts[0].observed.kind = Measured::Kind::Text;
  board->windows(windows, {});
  board->trouble({.weight = Trouble::Weight::Standing, .event = text, .message = text}, {});
  StreamStatus status;
  status.readiness = {{.name = text, .ok = false, .reason = text}};
  status.partitions.push_back(partition(text, 0));
  board->status(status);
  site.source.streams = {board};
  const std::string page = site.ask("/").body;
  const std::size_t script = page.find("<script");  // its own, in the head
  CHECK(page.substr(script, 32) == "<script type=\"module\" src=\"/web/");
  CHECK(page.find("<script", script + 1) == std::string::npos);
  CHECK(page.find("<!--") == std::string::npos);
  CHECK(page.find('\x1b') == std::string::npos);
  CHECK(page.find("\xe2\x80\xae") == std::string::npos);
  CHECK(page.find("&lt;script&gt;") != std::string::npos);
  for (const char* path : {"/api/v1/rules", "/api/v1/windows", "/api/v1/quarantine", "/api/v1/assignments"}) {
    CHECK(parse_json(site.ask(path).body).ok());
  }
}

TEST_CASE("the page stays small however much there is") {
  Site site;
  std::vector<std::string> many;
  for (int i = 0; i < 3000; ++i) many.push_back("field_" + std::to_string(i) + ".max");
  site.board->rules(testing::plan_of(many, many));
  StreamStatus status;
  for (int i = 0; i < 2000; ++i) status.partitions.push_back(partition("orders", i));
  site.board->status(status);
  const std::string page = site.ask("/").body;
  CHECK(page.size() < 300'000);
  CHECK(page.find("5,500 more are in the API") != std::string::npos);
  CHECK(page.find("1,800 more are in the API") != std::string::npos);
}

}  // namespace
}  // namespace weir
