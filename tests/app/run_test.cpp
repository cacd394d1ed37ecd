// SPDX-License-Identifier: Apache-2.0
// `weir run` up to the moment at which it would connect: what it takes, what it refuses, in which words.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "app/rule_reload.h"
#include "app/run_settings.h"
#include "command_line.h"

namespace weir {
namespace {

using testing::Ran;
using testing::run;

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "weir-run-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

const std::string kRules = "weir: 1\nfields:\n  id: {required: true}\n";

std::vector<std::string> command(const std::string& rules, std::vector<std::string> more = {}) {
  std::vector<std::string> words = {"run",     "--brokers", "localhost:9092", "--topic", "orders",
                                    "--rules", rules,       "--validate"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST_CASE("three flags are enough for a run") {
  const Folder folder;
  const Ran ran = run(command(folder.write("orders.yml", kRules)));
  CHECK(ran.err == "weir: PASS exit=0 (1 stream, 1 rule; nothing was connected)\n");
  CHECK(ran.exit == 0);
}

TEST_CASE("without anything a run says what it needs, all at once") {
  const Ran ran = run({"run"});
  CHECK(ran.exit == 2);
  CHECK(ran.err.find("--brokers HOST:PORT") != std::string::npos);
  CHECK(ran.err.find("--topic NAME") != std::string::npos);
  CHECK(ran.err.find("--rules FILE") != std::string::npos);
  CHECK(ran.last_line() == "weir: ERROR exit=2 (3 errors in the configuration or the rules, nothing was run)");
}

TEST_CASE("faults of flags, configuration, rules and web file come in one answer") {
  const Folder folder;
  folder.write("orders.yml", "weir: 1\nfields:\n  id: {requird: true}\n");
  folder.write("web.yml", "basic_auth_users: {ann: secret}\n");
  const std::string config = folder.write("weir.yml",
                                          "brokers: localhost:9092\nweb: {config: web.yml}\n"
                                          "kafka: {enable.auto.commit: true}\n"
                                          "streams: [{topics: orders, rules: orders.yml}]\n");
  const Ran ran = run({"run", "-c", config});
  CHECK(ran.exit == 2);
  CHECK(ran.err.find("did you mean `required`?") != std::string::npos);
  CHECK(ran.err.find("weir.yml:3:9") != std::string::npos);
  CHECK(ran.err.find("is no bcrypt hash") != std::string::npos);
  CHECK(ran.err.find("secret") == std::string::npos);
  CHECK(ran.last_line().starts_with("weir: ERROR exit=2 (3 errors"));
}

TEST_CASE("a receiver that could tell nobody, and a template that says nothing, are faults with their place") {
  const Folder folder;
  folder.write("orders.yml", kRules);
  folder.write("url", "https://hooks.shop.example/s3cr3t\n");
  const auto said = [&](const std::string& receivers) {
    const Ran ran = run({"run", "-c",
                         folder.write("weir.yml", "brokers: localhost:9092\nalerts:\n  receivers:\n" + receivers +
                                                      "streams: [{topics: orders, rules: orders.yml}]\n")});
    CHECK(ran.exit == 2);
    CHECK(ran.err.find("s3cr3t") == std::string::npos);
    return ran.err;
  };
  const std::string templates = said(
      "    - slack: {url_file: url}\n"
      "      title: \"{{ strem }} is red\"\n"
      "    - kafka: alerts\n"
      "      text: \"{{ rule\"\n");
  INFO(templates);
  CHECK(templates.find("weir.yml:5:14") != std::string::npos);
  CHECK(templates.find("did you mean `stream`") != std::string::npos);
  CHECK(templates.find("weir.yml:7:13") != std::string::npos);
  CHECK(templates.find("`{{` is not closed") != std::string::npos);
  const std::string places = said(
      "    - webhook: {url: \"http://hook/x?key=s3cr3t\"}\n"
      "    - email: {server: \"mail:587\", from: weir@shop.example, to: [\"a@b>\"]}\n");
  INFO(places);
  CHECK(places.find("weir.yml:4:22") != std::string::npos);
  CHECK(places.find("weir.yml:5:65") != std::string::npos);
  CHECK(places.find("`a@b>` is no mail address") != std::string::npos);
}

TEST_CASE("a variable of the environment is a flag, and is named where it is wrong") {
  const Folder folder;
  const std::string rules = folder.write("orders.yml", kRules);
  CHECK(run({"run", "--validate"}, {{"WEIR_BROKERS", "b:1"}, {"WEIR_TOPIC", "orders"}, {"WEIR_RULES", rules}}).exit ==
        0);
  const Ran ran = run(command(rules), {{"WEIR_WEB_LISTEN", "nowhere"}});
  CHECK(ran.exit == 2);
  CHECK(ran.err.find("WEIR_WEB_LISTEN:1:1") != std::string::npos);
}

TEST_CASE("what is about an end goes with --until-end") {
  const Folder folder;
  const std::string rules = folder.write("orders.yml", kRules);
  const Ran ran = run({"run", "--brokers", "b:1", "--topic", "t", "--rules", rules, "--report", "json=x"});
  CHECK(ran.exit == 2);
  CHECK(ran.err.find("`--report` goes with --until-end") != std::string::npos);
}

TEST_CASE("rules that only an input with an end can be judged by are refused") {
  const Folder folder;
  const std::string rules =
      folder.write("orders.yml", "weir: 1\nsource: {topic: orders}\nwindows:\n  - rules: [{must: row_count >= 1}]\n");
  const Ran ran = run(command(rules));
  CHECK(ran.exit == 2);
  CHECK(ran.err.find("error[W183]") != std::string::npos);
}

TEST_CASE("windows by the time of the message need no word about a field") {
  const Folder folder;
  const std::string rules =
      folder.write("orders.yml", "weir: 1\nwindows:\n  - {every: 1m, rules: [{must: row_count >= 1}]}\n");
  CHECK(run(command(rules)).err == "weir: PASS exit=0 (1 stream, 1 rule; nothing was connected)\n");
}

TEST_CASE("an instance keeps its name as long as host and state are the same") {
  const StatePlace place{.kind = StatePlace::Kind::Folder, .name = "/var/lib/weir"};
  CHECK(instance_name("a", place) == instance_name("a", {StatePlace::Kind::Folder, "/var/lib/./weir"}));
  CHECK(instance_name("a", place) != instance_name("b", place));
  CHECK(instance_name("a", place) != instance_name("a", {StatePlace::Kind::Folder, "/var/lib/other"}));
}

TEST_CASE("a check of a topic and one of files exclude each other") {
  const Folder folder;
  const std::string rules = folder.write("orders.yml", kRules);
  CHECK(run({"check", "--rules", rules}).err.find("wants FILE..., or --brokers and --topic") != std::string::npos);
  CHECK(run({"check", "x.ndjson", "--topic", "t", "--brokers", "b", "--rules", rules}).exit == 2);
  CHECK(run({"check", "--topic", "t", "--rules", rules}).err.find("there are no brokers") != std::string::npos);
  CHECK(run({"check", "--brokers", "b", "--topic", "t", "--rules", rules, "--partitions", "a"})
            .err.find("wants numbers") != std::string::npos);
  CHECK(run({"check", "--from", "-2h", "x.ndjson", "--rules", rules}).err.find("goes with --topic") !=
        std::string::npos);
  // The environment of a pod that runs weir does not change what a check of files is.
  const std::string records = folder.write("x.ndjson", "{\"id\":1}\n");
  CHECK(run({"check", records, "--rules", rules}, {{"WEIR_TOPIC", "t"}, {"WEIR_BROKERS", "b"}}).exit == 0);
}

/// A stream that takes rules over, or cannot.
struct Taker {
  std::vector<std::shared_ptr<const Plan>> taken;
  bool able = true;

  RuleReload::Target target() {
    return {.can_use =
                [this](const Plan&) {
                  return able ? Status(Done{}) : Status(Error{.message = "not so", .help = "restart"});
                },
            .use = [this](std::shared_ptr<const Plan> plan) { taken.push_back(std::move(plan)); }};
  }
};

TEST_CASE("rules are loaded again when they changed, and the old ones stay when the new ones are wrong") {
  const Folder folder;
  RunSettings settings;
  settings.load_options.read_file = [](const std::string& path) -> Result<std::string> {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Error{.message = "cannot read `" + path + "`"};
    return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  };
  StreamConfig stream;
  stream.name.value = "orders";
  stream.topics.value = {"orders"};
  stream.rules.value = folder.write("orders.yml", kRules);
  settings.config.streams = {stream};
  settings.rules = {load_stream_rules(stream, settings.load_options)};
  const testing::File err(std::tmpfile());
  Log log(err.get(), {.json = true, .least = LogLevel::Info, .clock = [] { return Instant{}; }});
  Taker taker;
  std::vector<bool> heard;
  RuleReload reload(settings, {taker.target()}, log, [&](bool successful) { heard.push_back(successful); });

  reload.reload_if_changed();
  CHECK(heard.empty());
  folder.write("orders.yml", kRules + "  amount: {min: 0}\n");
  reload.reload_if_changed();
  REQUIRE(taker.taken.size() == 1);
  CHECK(taker.taken[0]->rules.size() > settings.rules[0].plan->rules.size());
  folder.write("orders.yml", kRules + "  amount: {mn: 0}\n");
  reload.reload_if_changed();
  reload.reload_if_changed();  // a fault is told once
  CHECK(taker.taken.size() == 1);
  CHECK(heard == std::vector<bool>{true, false});
  CHECK(testing::read_back(err.get()).find("orders.yml:4:12: unknown key `mn`") != std::string::npos);
  folder.write("orders.yml", kRules);
  taker.able = false;
  CHECK_FALSE(reload.reload());
  taker.able = true;
  CHECK(reload.reload());
  CHECK(taker.taken.size() == 2);
}

}  // namespace
}  // namespace weir
