// SPDX-License-Identifier: Apache-2.0
// What a configuration comes to: who wins, what is the default, where each value came from.
#include "config/load_config.h"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <map>

#include "base/timestamp.h"
#include "config/values.h"

namespace weir {
namespace {

using Files = std::map<std::string, std::string>;

LoadedConfig load(std::optional<std::string> file, std::vector<Given> given, Files files = {}, Files environment = {}) {
  ConfigRequest request{.file = std::move(file), .given = std::move(given)};
  request.environment = [environment](const std::string& name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    return found == environment.end() ? std::nullopt : std::optional(found->second);
  };
  request.read_file = [files](const std::string& path) -> Result<std::string> {
    const auto found = files.find(path);
    if (found != files.end()) return found->second;
    return Error{.message = "cannot read `" + path + "`: no such file"};
  };
  return load_config(request);
}

Given flag(const std::string& key, const std::string& name, std::vector<std::string> values) {
  return {.key = key, .flag = name, .values = std::move(values)};
}

std::vector<Given> single(std::vector<Given> more = {}) {
  std::vector<Given> given = {flag("brokers", "--brokers", {"localhost:9092"}),
                              flag("stream.topics", "--topic", {"orders"}),
                              flag("stream.rules", "--rules", {"rules/orders.yml"})};
  given.insert(given.end(), more.begin(), more.end());
  return given;
}

std::string first_fault(const LoadedConfig& loaded) {
  if (loaded.diagnostics.empty()) return "";
  const Error& error = loaded.diagnostics.front().error;
  return error.message + " at " + error.where.file + ":" + std::to_string(error.where.column);
}

TEST_CASE("three flags are a configuration") {
  const LoadedConfig loaded = load(std::nullopt, single());
  REQUIRE(loaded.config);
  const Config& config = *loaded.config;
  CHECK(config.brokers.value == "localhost:9092");
  CHECK(config.brokers.by == GivenBy::Flag);
  CHECK(config.pipeline.value == "orders");
  CHECK(config.group.value == "weir-orders");
  CHECK(config.delivery.value == Delivery::AtLeastOnce);
  CHECK(config.delivery.by == GivenBy::Default);
  CHECK(config.state.value == StatePlace{StatePlace::Kind::Folder, "./weir-state"});
  CHECK(config.snapshot_every.value == std::chrono::seconds(10));
  CHECK(config.web.listen.value == kDefaultListen);
  CHECK(config.web.samples.value == 0);  // values are shown only where somebody asked for it
  CHECK(config.log_level.value == LogLevel::Info);
  CHECK(config.watch.value);
  REQUIRE(config.streams.size() == 1);
  const StreamConfig& stream = config.streams[0];
  CHECK(stream.name.value == "orders");
  CHECK(stream.group == "weir-orders");
  CHECK(stream.rules.value == "rules/orders.yml");
  CHECK(stream.from.value == Start{});
  CHECK(stream.quarantine.place.value == Place{});
  CHECK_FALSE(stream.clean);
}

TEST_CASE("what is missing is asked for by its flag, all at once") {
  const LoadedConfig loaded = load(std::nullopt, {});
  REQUIRE(loaded.diagnostics.size() == 3);
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    CHECK(diagnostic.error.code == "W184");
    CHECK(diagnostic.error.help.find("give --") != std::string::npos);
  }
}

TEST_CASE("a wrong flag is shown like a wrong line of a file") {
  const LoadedConfig loaded = load(std::nullopt, single({flag("stream.from", "--from", {"noon"})}));
  CHECK(first_fault(loaded) == "`from` wants a place to begin, not `noon` at --from:1");
  const std::string shown = render(loaded.diagnostics, loaded.sources, false);
  CHECK(shown.find("1 | noon\n  | ^^^^\n") != std::string::npos);
  const LoadedConfig pattern =
      load(std::nullopt, {flag("brokers", "--brokers", {"b"}), flag("stream.rules", "--rules", {"r"}),
                          flag("stream.topics", "--topic", {"orders", "clicks!"})});
  REQUIRE(pattern.diagnostics.size() == 1);
  CHECK(pattern.diagnostics[0].error.where == SourceSpan{.file = "--topic", .line = 2, .column = 7, .length = 1});
}

TEST_CASE("a flag wins over the environment, the environment over the file, the file over the default") {
  const Files files = {
      {"conf/weir.yml",
       "brokers: file:1\ngroup: of-the-file\nstate: {dir: data}\n"
       "streams: [{topics: orders, rules: orders.yml, quarantine: {topic: bad, max_per_second: 5}}]\n"}};
  const LoadedConfig loaded =
      load("conf/weir.yml",
           {flag("brokers", "--brokers", {"flag:1"}), flag("stream.quarantine", "WEIR_QUARANTINE", {"./bad.ndjson"}),
            flag("web.listen", "WEIR_WEB_LISTEN", {":9000"}), flag("web.samples", "--web.samples", {"7"})},
           files);
  REQUIRE(loaded.config);
  const Config& config = *loaded.config;
  CHECK(config.brokers.value == "flag:1");
  CHECK(config.brokers.by == GivenBy::Flag);
  CHECK(config.group.value == "of-the-file");
  CHECK(config.group.by == GivenBy::File);
  CHECK(config.group.where == SourceSpan{.file = "conf/weir.yml", .line = 2, .column = 8, .length = 11});
  CHECK(config.pipeline.value == "of-the-file");
  CHECK(config.web.listen.value == ":9000");
  CHECK(config.web.listen.by == GivenBy::Environment);
  CHECK(config.web.samples.value == 7);
  const QuarantineConfig& quarantine = config.streams[0].quarantine;
  CHECK(quarantine.place.value == Place{Place::Kind::File, "./bad.ndjson"});
  CHECK(quarantine.max_per_second == 5);  // the place alone was said anew
}

TEST_CASE("a path in a file is relative to that file, in a flag to where weir was started") {
  const Files files = {{"/etc/weir/weir.yml",
                        "brokers: b:1\nstate: {dir: state}\nweb: {config: web.yml}\n"
                        "streams: [{topics: orders, rules: rules/orders.yml, quarantine: ./bad.ndjson, "
                        "split: {clean: /var/good}}]\n"}};
  const LoadedConfig loaded = load("/etc/weir/weir.yml", {}, files);
  REQUIRE(loaded.config);
  CHECK(loaded.config->state.value.name == "/etc/weir/state");
  CHECK(loaded.config->web.config_file.value == "/etc/weir/web.yml");
  const StreamConfig& stream = loaded.config->streams[0];
  CHECK(stream.rules.value == "/etc/weir/rules/orders.yml");
  CHECK(stream.quarantine.place.value == Place{Place::Kind::File, "/etc/weir/bad.ndjson"});
  CHECK(stream.clean->value == Place{Place::Kind::File, "/var/good"});
}

TEST_CASE("the state is a folder, a topic, or what systemd says") {
  CHECK(load(std::nullopt, single({flag("state", "--state", {"topic:weir.state"})})).config->state.value ==
        StatePlace{StatePlace::Kind::Topic, "weir.state"});
  CHECK(load(std::nullopt, single({flag("state", "--state", {"/data"})})).config->state.value ==
        StatePlace{StatePlace::Kind::Folder, "/data"});
  CHECK(load(std::nullopt, single(), {}, {{"STATE_DIRECTORY", "/var/lib/weir:/var/lib/more"}}).config->state.value ==
        StatePlace{StatePlace::Kind::Folder, "/var/lib/weir"});
  const LoadedConfig wrong = load(std::nullopt, single({flag("state", "--state", {"topic:a b"})}));
  CHECK(first_fault(wrong) == "`a b` is no name of a topic, for `state` at --state:8");
}

TEST_CASE("where systemd's state folder is a link, as with DynamicUser, it is the folder behind it") {
  namespace fs = std::filesystem;
  const fs::path top = fs::temp_directory_path() / ("weir-link-" + std::to_string(getpid()));
  fs::create_directories(top / "private" / "weir");
  fs::create_directory_symlink(top / "private" / "weir", top / "weir");
  CHECK(load(std::nullopt, single(), {}, {{"STATE_DIRECTORY", (top / "weir").string()}}).config->state.value ==
        StatePlace{StatePlace::Kind::Folder, fs::canonical(top / "private" / "weir").string()});
  fs::remove_all(top);
}

TEST_CASE("flags of a stream are refused where there are several") {
  const Files files = {
      {"weir.yml", "brokers: b:1\npipeline: p\nstreams: [{topics: a, rules: a.yml}, {topics: b, rules: b.yml}]\n"}};
  const LoadedConfig loaded = load("weir.yml", {flag("stream.from", "--from", {"latest"})}, files);
  CHECK(first_fault(loaded) == "`--from` is for a single stream, and the configuration has 2 at --from:0");
  const LoadedConfig both = load("weir.yml", {}, files);
  REQUIRE(both.config);
  CHECK(both.config->streams[0].group == "weir-p-a");
  CHECK(both.config->streams[1].group == "weir-p-b");
}

TEST_CASE("secrets come from files and the environment and are marked as such") {
  const Files files = {
      {"conf/weir.yml",
       "brokers: b:1\nkafka: {sasl.username: weir, sasl.password_file: pw, ssl.key.password: '$env:KEY'}\n"
       "streams: [{topics: a, rules: a.yml}]\n"},
      {"conf/pw", "s3cret\r\nmore\n"}};
  const LoadedConfig loaded = load("conf/weir.yml", {}, files, {{"KEY", "k$env:KEY"}});
  REQUIRE(loaded.config);
  REQUIRE(loaded.config->kafka.size() == 3);
  CHECK(loaded.config->kafka[0].name == "sasl.username");
  CHECK_FALSE(loaded.config->kafka[0].secret);
  CHECK(loaded.config->kafka[1].name == "sasl.password_file");  // read by each client that is made
  CHECK(loaded.config->kafka[1].value == "conf/pw");
  CHECK(loaded.config->kafka[2].value == "k$env:KEY");  // what is put in is not looked at again
  CHECK(loaded.config->kafka[2].secret);
}

TEST_CASE("a registry is a URL, several, or a map that a flag gives other URLs") {
  const auto urls = [](const LoadedConfig& loaded) {
    REQUIRE(loaded.config);
    return loaded.config->registry.value.urls;
  };
  using Urls = std::vector<std::string>;
  CHECK(urls(load(std::nullopt, single())).empty());
  CHECK(urls(load(std::nullopt, single({flag("registry", "--registry", {"http://r:8081"})}))) == Urls{"http://r:8081"});
  CHECK(urls(load(std::nullopt, single({flag("registry", "WEIR_REGISTRY", {"http://a, http://b/x"})}))) ==
        Urls{"http://a", "http://b/x"});
  const std::string rest = "brokers: b\nstreams: [{topics: t, rules: r}]\n";
  const Files files = {{"ca.pem", "# of the registry\n-----BEGIN CERTIFICATE-----\n"},
                       {"url.yml", "registry: http://r\n" + rest},
                       {"map.yml",
                        "registry: {url: [http://a, http://b], user: weir, password: '$env:SECRET', ca_file: ca.pem, "
                        "timeout: 3s, refused_for: 5m}\n" +
                            rest}};
  CHECK(urls(load("url.yml", {}, files)) == Urls{"http://r"});
  CHECK(urls(load("url.yml", {flag("registry", "--registry", {"http://s"})}, files)) == Urls{"http://s"});
  const LoadedConfig loaded =
      load("map.yml", {flag("registry", "--registry", {"http://s", "http://t"})}, files, {{"SECRET", "s3cret"}});
  CHECK(urls(loaded) == Urls{"http://s", "http://t"});
  const RegistrySettings& registry = loaded.config->registry.value;
  CHECK(registry.user == "weir");
  CHECK(registry.password == "s3cret");
  CHECK(registry.ca_file == "ca.pem");
  CHECK(registry.timeout == std::chrono::seconds(3));
  CHECK(registry.refused_for == std::chrono::minutes(5));
  CHECK(first_fault(load(std::nullopt, single({flag("registry", "--registry", {"r:8081"})}))) ==
        "a URL begins with http:// or https://, not like `r:8081` at --registry:1");
}

TEST_CASE("a file that cannot be read, or holds anything, is one clear fault") {
  CHECK(first_fault(load("weir.yml", {})) == "cannot read `weir.yml`: no such file at weir.yml:0");
  for (const std::string text : {"", "# nothing\n", "\xFF\xFE", "{", "a: &a [*a]", "streams: [~, 1, []]", "[]", "1"}) {
    INFO(text);
    CHECK_FALSE(load("weir.yml", {}, {{"weir.yml", text}}).diagnostics.empty());
  }
}

TEST_CASE("places to begin, sizes and addresses are read as they are written") {
  CHECK(parse_start("latest") == Start{.kind = Start::Kind::Latest});
  CHECK(parse_start("-2h") == Start{.kind = Start::Kind::Ago, .ago = std::chrono::hours(2)});
  CHECK(parse_start("2026-01-31T12:00:00Z") ==
        Start{.kind = Start::Kind::Time, .time = *parse_timestamp("2026-01-31T12:00:00Z")});
  for (const char* wrong : {"", "-", "-0s", "newest", "12"}) CHECK_FALSE(parse_start(wrong));
  CHECK(parse_bytes("256MiB") == 268'435'456);
  CHECK(parse_bytes("1 GB") == 1'000'000'000);
  CHECK(parse_bytes("77") == 77);
  for (const char* wrong : {"", "MiB", "-1", "1.5MiB", "99999999999GiB"}) CHECK_FALSE(parse_bytes(wrong));
  CHECK(parse_host_port("127.0.0.1:8947")->port == 8947);
  CHECK(parse_host_port("[::1]:80")->host == "::1");
  CHECK(parse_host_port(":0")->host.empty());
  for (const char* wrong : {"", "host", "::1:80", "host:", "host:70000", "http://host:80", "a b:1"})
    CHECK_FALSE(parse_host_port(wrong));
}

}  // namespace
}  // namespace weir
