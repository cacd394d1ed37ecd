// SPDX-License-Identifier: Apache-2.0
// `weir config`: every key of the tables is shown, with where its value came from, and no secret ever.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "app/command.h"
#include "app/command_flags_run.h"
#include "command_line.h"
#include "config/hide.h"
#include "config/keys.h"
#include "config/shown.h"

namespace weir {
namespace {

using testing::Ran;
using testing::run;

class ConfigFolder {
 public:
  ConfigFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "weir-config-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
    write("orders.yml", "weir: 1\nfields:\n  id: {required: true}\n");
  }
  ~ConfigFolder() { std::filesystem::remove_all(path_); }
  ConfigFolder(const ConfigFolder&) = delete;
  ConfigFolder& operator=(const ConfigFolder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }
  [[nodiscard]] std::string rules() const { return (path_ / "orders.yml").string(); }

 private:
  std::filesystem::path path_;
};

/// The rest of the first line that begins with the key: its value and its place, with one blank between words.
std::string shown(const Ran& ran, const std::string& key) {
  std::istringstream lines(ran.out);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (word != key) continue;
    std::string rest;
    while (words >> word) rest += (rest.empty() ? "" : " ") + word;
    return rest;
  }
  return "(not shown)";
}

void collect(const Keys& table, const std::string& prefix, std::set<std::string>& keys) {
  for (const KeySpec& key : table.keys) {
    const std::string name = prefix + std::string(key.name);
    if (key.shape == Shape::Sections && key.table != nullptr) {
      collect(*key.table, "stream.", keys);
    } else if (key.table != nullptr) {
      collect(*key.table, name + ".", keys);
    } else {
      keys.insert(name);
    }
  }
}

TEST_CASE("every key that a configuration may have is shown, given or not, with the value that has effect") {
  std::set<std::string> keys;
  collect(config_keys(), "", keys);
  REQUIRE(keys.size() > 40);
  const ConfigFolder folder;
  const Ran ran = run({"config", "--brokers", "b:1", "--topic", "orders", "--rules", folder.rules()});
  REQUIRE(ran.exit == 0);
  for (const std::string& key : keys) {
    INFO(key);
    CHECK(has_shown_value(key));
    const std::string rest = shown(ran, key.starts_with("stream.") ? key.substr(7) : key);
    CHECK(rest != "(not shown)");
    CHECK(rest.find(' ') != std::string::npos);  // a value and a place
  }
}

TEST_CASE("each origin is named: the default, the line of the file, the variable, the flag") {
  const ConfigFolder folder;
  const std::string config = folder.write("weir.yml",
                                          "brokers: [b:1, c:2]\nsnapshot_every: 30s\nweb:\n  listen: 127.0.0.1:9\n"
                                          "streams:\n  - topics: orders\n    rules: orders.yml\n"
                                          "    quarantine: {file: ./bad.ndjson, keep: 7}\n");
  const Ran ran = run({"config", "-c", config, "--from", "-2h"}, {{"WEIR_LOG_LEVEL", "warn"}});
  REQUIRE(ran.exit == 0);
  CHECK(ran.err.empty());
  CHECK(shown(ran, "brokers") == "b:1,c:2 " + config + ":1");
  CHECK(shown(ran, "snapshot_every") == "30s " + config + ":2");
  CHECK(shown(ran, "web.listen") == "127.0.0.1:9 " + config + ":4");
  CHECK(shown(ran, "web.enable_lifecycle") == "false default");
  CHECK(shown(ran, "log.level") == "warn WEIR_LOG_LEVEL");
  CHECK(shown(ran, "from") == "-2h --from");
  CHECK(shown(ran, "group") == "weir-orders default");
  CHECK(shown(ran, "quarantine.topic") == "none default");
  CHECK(shown(ran, "quarantine.file").ends_with("bad.ndjson " + config + ":8"));
  CHECK(shown(ran, "quarantine.keep") == "7 " + config + ":8");
  CHECK(shown(ran, "quarantine.budget") == "no limit default");
  CHECK(shown(ran, "rules") == folder.rules() + " " + config + ":7");
  const Ran flag =
      run({"config", "-c", config, "--quarantine", "./other.ndjson", "--state", "topic:st", "--web.listen", "off"},
          {{"WEIR_WEB_LISTEN", "127.0.0.1:7"}});
  CHECK(shown(flag, "quarantine.file") == "./other.ndjson --quarantine");
  CHECK(shown(flag, "quarantine.keep") == "7 " + config + ":8");
}

TEST_CASE("what one key says in short is shown at the key that it stands for") {
  const ConfigFolder folder;
  const std::string config = folder.write("weir.yml",
                                          "brokers: b:1\nregistry: http://r:8081\nstreams:\n  - topics: orders\n"
                                          "    rules: orders.yml\n    quarantine: bad\n");
  const Ran ran = run({"config", "-c", config});
  CHECK(shown(ran, "registry.url") == "http://r:8081 " + config + ":2");
  CHECK(shown(ran, "registry.user") == "none default");
  CHECK(shown(ran, "quarantine.topic") == "bad " + config + ":6");
  CHECK(shown(ran, "quarantine.file") == "none default");
}

TEST_CASE("the state's folder that systemd names comes from systemd's variable") {
  const ConfigFolder folder;
  const Ran ran = run({"config", "--brokers", "b:1", "--topic", "orders", "--rules", folder.rules()},
                      {{"STATE_DIRECTORY", "/var/lib/weir:/var/lib/other"}});
  CHECK(shown(ran, "state.dir") == "/var/lib/weir STATE_DIRECTORY");
}

TEST_CASE("a secret is never shown, wherever it stands") {
  const ConfigFolder folder;
  folder.write("pw", "filesecret\n");
  const std::string config = folder.write(
      "weir.yml",
      "brokers: b:1\nkafka:\n  security.protocol: SASL_PLAINTEXT\n  sasl.mechanism: PLAIN\n  sasl.username: weir\n"
      "  sasl.password: plainsecret\nregistry: {url: 'http://r', user: u, password: $env:PW}\n"
      "streams: [{topics: orders, rules: orders.yml}]\n");
  for (const std::vector<std::string>& args :
       {std::vector<std::string>{"config", "-c", config}, std::vector<std::string>{"config", "-c", config, "--json"}}) {
    const Ran ran = run(args, {{"PW", "variablesecret"}});
    CHECK(ran.exit == 0);
    CHECK((ran.out + ran.err).find("secret") == std::string::npos);
    CHECK(ran.out.find("********") != std::string::npos);
    CHECK(ran.out.find("$env:PW") != std::string::npos);
  }
  const std::string by_file = folder.write("file.yml",
                                           "brokers: b:1\nregistry: {url: 'http://r', user: u, password_file: pw}\n"
                                           "streams: [{topics: orders, rules: orders.yml}]\n");
  const Ran ran = run({"config", "-c", by_file});
  CHECK(shown(ran, "registry.password_file").ends_with("/pw " + by_file + ":2"));
  CHECK(ran.out.find("filesecret") == std::string::npos);
}

TEST_CASE("a secret that is a fault is not shown by the line that shows the fault") {
  const ConfigFolder folder;
  const Ran url = run({"config", "--brokers", "b:1", "--topic", "orders", "--rules", folder.rules(), "--registry",
                       "http://ann:urlsecret@r:8081"});
  CHECK(url.exit == 2);
  CHECK(url.err.find("urlsecret") == std::string::npos);
  CHECK(url.err.find("http://*************@r:8081") != std::string::npos);
  const std::string config = folder.write("weir.yml",
                                          "brokers: b:1\nregistry: {url: 'http://r', user: u, password: plainsecret}\n"
                                          "streams: [{topics: orders, rules: orders.yml}]\n");
  const Ran ran = run({"config", "-c", config});
  CHECK(ran.exit == 2);
  CHECK(ran.err.find("plainsecret") == std::string::npos);
  CHECK(ran.err.find("password: ***********}") != std::string::npos);
  CHECK(hide_secrets("a: {token: \"x y\", b: 1}\n") == "a: {token: \"***\", b: 1}\n");
  CHECK(hide_secrets("password_file: pw\npassword: $env:PW\n") == "password_file: pw\npassword: $env:PW\n");
  CHECK(hide_secrets("- pagerduty: R0UTE\n- {pagerduty: R0UTE}\n") == "- pagerduty: *****\n- {pagerduty: *****}\n");
  CHECK(hide_secrets("- pagerduty: {key_file: pd}\n") == "- pagerduty: {key_file: pd}\n");
  // What stands behind a hook is who may write there.
  CHECK(hide_secrets("url: https://hooks.slack.com/T0/s3cr3t\n") == "url: https://hooks.slack.com/*********\n");
  CHECK(hide_secrets("webhook: 'https://discord.com/api/webhooks/12/s3cr3t', b\n") ==
        "webhook: 'https://discord.com/api/webhooks/*********', b\n");
  CHECK(hide_secrets("{url: https://shop.webhook.office.com/webhookb2/1@2/I/3}\n") ==
        "{url: https://shop.webhook.office.com/*****************}\n");
  CHECK(hide_secrets("url: https://alerts.example/hook\n") == "url: https://alerts.example/hook\n");
  CHECK(hide_secrets("url: https://alerts.example/v2/x # a hook\n/s") ==
        "url: https://alerts.example/v2/x # a hook\n/s");
}

TEST_CASE("a receiver of rules that are not there is told before it misses an alert") {
  const ConfigFolder folder;
  folder.write("orders.yml",
               "weir: 1\nfields: {id: {required: true}}\n"
               "windows: [{every: 1m, rules: [{id: volume, must: row_count >= 1}]}]\n");
  const auto validated = [&](const std::string& rules) {
    return run({"run", "--validate", "-c",
                folder.write("weir.yml",
                             "brokers: b:1\nstreams: [{topics: orders, rules: orders.yml}]\n"
                             "alerts: {receivers: [{kafka: weir.alerts, rules: " +
                                 rules + "}]}\n")});
  };
  const Ran typo = validated("volum");
  CHECK(typo.exit == 0);
  CHECK(typo.err.find("warning[W121]: the receiver waits for the rule `volum`, which is not there") !=
        std::string::npos);
  CHECK(typo.err.find("did you mean `volume`?") != std::string::npos);
  CHECK(validated("id.required").err.find("a window rule over `fail_rate(\"id.required\")`") != std::string::npos);
  CHECK(validated("[volume, 'vol*']").err.find("warning") == std::string::npos);
}

TEST_CASE("maintenance of rules that are not there is told before it silences nothing") {
  const ConfigFolder folder;
  folder.write("orders.yml",
               "weir: 1\nfields: {id: {required: true}}\n"
               "windows: [{every: 1m, rules: [{id: volume, must: row_count >= 1}]}]\n");
  const auto validated = [&](const std::string& rules) {
    return run({"run", "--validate", "-c",
                folder.write("weir.yml",
                             "brokers: b:1\nstreams: [{topics: orders, rules: orders.yml}]\n"
                             "maintenance:\n  - {every: '03:00', for: 30m, rules: " +
                                 rules + "}\n")});
  };
  const Ran typo = validated("[volume, volum]");
  INFO(typo.err);
  CHECK(typo.exit == 0);
  CHECK(typo.err.find("warning[W121]: `maintenance` is about the rule `volum`, which is not there") !=
        std::string::npos);
  CHECK(typo.err.find("weir.yml:4:48") != std::string::npos);
  CHECK(typo.err.find("did you mean `volume`?") != std::string::npos);
  CHECK(validated("volum").err.find("weir.yml:4:39") != std::string::npos);
  CHECK(validated("id.required").err.find("which is about single records") != std::string::npos);
  CHECK(validated("[volume, 'vol*']").err.find("warning") == std::string::npos);
}

TEST_CASE("a lineage file that cannot be written is found with its place, and before anything runs") {
  const ConfigFolder folder;
  folder.write("a-file", "");
  const auto validated = [&](const std::string& file) {
    return run({"run", "--validate", "-c",
                folder.write("weir.yml", "brokers: b:1\nlineage: {file: " + file +
                                             "}\n"
                                             "streams: [{topics: orders, rules: orders.yml}]\n")});
  };
  const Ran nowhere = validated("nodir/x");
  INFO(nowhere.err);
  CHECK(nowhere.exit == 2);
  CHECK(nowhere.err.find("weir.yml:2:17") != std::string::npos);
  CHECK(nowhere.err.find("lineage` cannot be written to") != std::string::npos);
  CHECK(nowhere.err.find("let weir's user write into it") != std::string::npos);
  CHECK(validated("a-file/x").exit == 2);
  CHECK(validated("./").exit == 2);
  CHECK(validated("lineage.ndjson").exit == 0);
  CHECK(validated("a-file").exit == 0);
}

TEST_CASE("every command that reads the configuration of weir run knows its time zones") {
  const ConfigFolder folder;
  const std::string config =
      folder.write("weir.yml",
                   "brokers: b:1\nmaintenance: [{every: Sat 22:00, for: 4h, zone: Europe/Berlin}]\n"
                   "streams: [{topics: orders, rules: orders.yml, no_such_key: 1}]\n");
  for (const std::vector<std::string>& line :
       {std::vector<std::string>{"run", "-c", config}, std::vector<std::string>{"topics", "-c", config},
        std::vector<std::string>{"check", "--topic", "orders", "--rules", folder.rules(), "-c", config}}) {
    CAPTURE(line.front());
    const Ran ran = run(line);
    CHECK(ran.exit == 2);
    CHECK(ran.err.find("no_such_key") != std::string::npos);
    CHECK(ran.err.find("time zone") == std::string::npos);
  }
}

TEST_CASE("faults are shown as weir run shows them, with exit 2 and no table") {
  const ConfigFolder folder;
  const std::string config = folder.write("weir.yml", "brokrs: b:1\nstreams: [{topics: orders, rules: orders.yml}]\n");
  const Ran ran = run({"config", "-c", config});
  CHECK(ran.exit == 2);
  CHECK(ran.out.empty());
  CHECK(ran.err.find("did you mean `brokers`?") != std::string::npos);
  CHECK(ran.last_line().starts_with("weir: ERROR exit=2 ("));
  std::string validated = run({"run", "-c", config, "--validate"}).err;
  CHECK(validated.substr(0, validated.rfind("weir: ")) == ran.err.substr(0, ran.err.rfind("weir: ")));
}

TEST_CASE("with several streams each has its group, and with exactly_once its transactional id") {
  const ConfigFolder folder;
  const std::string config = folder.write("weir.yml",
                                          "brokers: b:1\npipeline: shop\ndelivery: exactly_once\ninstance: i1\n"
                                          "streams:\n  - {topics: orders, rules: orders.yml}\n"
                                          "  - {topics: clicks, rules: orders.yml}\n");
  const Ran ran = run({"config", "-c", config});
  CHECK(ran.out.find("\nstream orders\n") != std::string::npos);
  CHECK(ran.out.find("weir-shop-clicks") != std::string::npos);
  CHECK(ran.out.find("weir-weir-shop-clicks-i1-clicks") != std::string::npos);
}

TEST_CASE("the flags are all settings of weir run") {
  for (const Flag& flag : flags::kRunFlags) {
    INFO(flag.name);
    const bool of_the_run =
        std::find(flags::kOfTheRun.begin(), flags::kOfTheRun.end(), flag.name) != flags::kOfTheRun.end();
    CHECK((find_flag(*find_command("config"), flag.name) != nullptr) == !of_the_run);
    CHECK((find_flag(*find_command("doctor"), flag.name) != nullptr) == !of_the_run);
  }
}

}  // namespace
}  // namespace weir
