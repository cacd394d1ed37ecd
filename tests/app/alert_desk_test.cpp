// SPDX-License-Identifier: Apache-2.0
// Threads, real connections and a state folder: who is told, who is not held up, and what is remembered.
#include "app/alert_desk.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "alerts/alert_world.h"
#include "base/json_value.h"
#include "command_line.h"
#include "testing/http_peer.h"
#include "testing/input_files.h"

namespace weir::testing {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

ReceiverSettings webhook(const std::string& name, const std::string& url) {
  ReceiverSettings settings;
  settings.kind = ReceiverSettings::Kind::Webhook;
  settings.name = name;
  settings.urls = {url};
  settings.group_wait = milliseconds(20);
  settings.access.timeout = seconds(60);
  return settings;
}

Config config_of(std::vector<ReceiverSettings> receivers) {
  Config config;
  config.pipeline.value = "shop";
  config.instance.value = "shop-0";
  config.alerts.receivers = std::move(receivers);
  return config;
}

bool comes(const std::function<bool()>& about) {
  const auto until = Clock::now() + seconds(30);
  while (!about()) {
    if (Clock::now() > until) return false;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return true;
}

/// A process: its desk, and the book of its stream.
struct Process {
  explicit Process(Config settings, std::shared_ptr<StateFolder> folder = nullptr) : config(std::move(settings)) {
    auto made = AlertDesk::make(config, folder, log, [this] { return now; });
    REQUIRE(made);
    desk = *std::move(made);
    auto opened = desk->open_book("orders", folder);
    REQUIRE(opened);
    book = *std::move(opened);
    book->rules(plan_of({"rows.1m"}, ""));
    desk->start();
  }
  void judge(std::int64_t n, Verdict verdict) { book->windows(outcome_of({window(0, n, verdict)}), now); }
  std::string said() {
    desk->stop(milliseconds(0));
    return read_back(file.get());
  }

  Config config;
  const File file{std::tmpfile()};
  const Instant now = minute(100);
  Log log{file.get(), {.json = true, .least = LogLevel::Info, .clock = [this] { return now; }}};
  std::unique_ptr<AlertDesk> desk;
  std::unique_ptr<AlertBook> book;
};

PeerAnswers well() {
  return [](const PeerRequest&) { return http_reply(200, ""); };
}

TEST_CASE("a receiver that hangs holds up no other one, nor the end") {
  HttpPeer hangs([](const PeerRequest&) { return std::nullopt; });
  HttpPeer answers(well());
  Process told(config_of({webhook("hangs", hangs.url()), webhook("answers", answers.url())}));
  told.judge(1, Verdict::Fail);
  REQUIRE(comes([&] { return hangs.requests().size() == 1 && answers.requests().size() == 1; }));
  told.judge(2, Verdict::Pass);
  REQUIRE(comes([&] { return answers.requests().size() == 2; }));
  CHECK(answers.requests()[0].body.find("\"status\":\"firing\"") != std::string::npos);
  CHECK(answers.requests()[1].body.find("\"status\":\"firing\"") == std::string::npos);
  const auto began = Clock::now();
  told.desk->stop(milliseconds(50));
  CHECK(Clock::now() - began < seconds(20));
  const std::vector<ReceiverFacts> facts = told.desk->receivers();
  CHECK(facts[0].sent == 0);
  CHECK(facts[0].waiting == 1);
  CHECK(facts[1].sent == 2);
  CHECK(facts[1].waiting == 0);
}

TEST_CASE("what is to be told already is told at the end, without waiting for more to group it with") {
  HttpPeer peer(well());
  ReceiverSettings settings = webhook("team", peer.url());
  settings.group_wait = minutes(10);
  Process told(config_of({settings}));
  told.judge(1, Verdict::Fail);
  const auto began = Clock::now();
  told.desk->stop(seconds(20));
  CHECK(Clock::now() - began < seconds(15));
  CHECK(peer.requests().size() == 1);
}

TEST_CASE("a receiver that is busy is asked again, and the log says why without a secret") {
  std::atomic<int> asked = 0;
  HttpPeer peer([&](const PeerRequest&) { return ++asked == 1 ? http_reply(503, "") : http_reply(200, ""); });
  ReceiverSettings settings = webhook("team", peer.url() + "/T000/s3cr3tpath");
  settings.access.token = "t0kenofours";
  Process told(config_of({settings}));
  told.judge(1, Verdict::Fail);
  REQUIRE(comes([&] { return told.desk->receivers()[0].sent == 1; }));
  const std::string said = told.said();
  INFO(said);
  CHECK(said.find("\"event\":\"alert_firing\"") != std::string::npos);
  CHECK(said.find("\"silenced\":false") != std::string::npos);
  CHECK(said.find("\"event\":\"alert_not_sent\"") != std::string::npos);
  CHECK(said.find("answered 503") != std::string::npos);
  for (const std::string& shown : {said, told.desk->json()}) {
    CHECK(shown.find("s3cr3tpath") == std::string::npos);
    CHECK(shown.find("t0kenofours") == std::string::npos);
  }
}

TEST_CASE("after a restart nobody is told twice, and who was told that it fires is told that it is over") {
  const Folder place;
  const auto folder = [&] {
    Result<std::shared_ptr<StateFolder>> opened = StateFolder::open(place.path("state"));
    REQUIRE(opened);
    return *opened;
  };
  HttpPeer peer(well());
  const Config config = config_of({webhook("team", peer.url())});
  std::string before;
  {
    Process told(config, folder());
    told.judge(1, Verdict::Fail);
    REQUIRE(comes([&] { return told.desk->receivers()[0].sent == 1; }));
    before = told.desk->json();
  }
  {
    Process told(config, folder());
    CHECK(told.book->firing() == 1);
    told.judge(1, Verdict::Fail);  // once more, as after a kill before the snapshot
    std::this_thread::sleep_for(milliseconds(100));
    CHECK(told.desk->receivers()[0].sent == 0);
    const Result<JsonValue> one = parse_json(before);
    const Result<JsonValue> other = parse_json(told.desk->json());
    REQUIRE(one);
    REQUIRE(other);
    CHECK(*one->find("alerts") == *other->find("alerts"));
  }
  {
    Process told(config, folder());
    told.judge(2, Verdict::Pass);
    REQUIRE(comes([&] { return told.desk->receivers()[0].sent == 1; }));
  }
  REQUIRE(peer.requests().size() == 2);
  CHECK(peer.requests()[1].body.find("\"status\":\"resolved\"") != std::string::npos);
}

TEST_CASE("what became worse is told as soon as what began") {
  HttpPeer peer(well());
  Process told(config_of({webhook("team", peer.url())}));  // of errors alone
  told.judge(1, Verdict::Warn);
  std::this_thread::sleep_for(milliseconds(200));
  CHECK(peer.requests().empty());
  const auto began = Clock::now();
  told.judge(2, Verdict::Fail);
  REQUIRE(comes([&] { return peer.requests().size() == 1; }));
  CHECK(Clock::now() - began < seconds(15));
}

TEST_CASE("what came and went in maintenance is told to nobody after a restart, either") {
  const Folder place;
  const auto folder = [&] {
    Result<std::shared_ptr<StateFolder>> opened = StateFolder::open(place.path("state"));
    REQUIRE(opened);
    return *opened;
  };
  HttpPeer peer(well());
  Config config = config_of({webhook("team", peer.url())});
  {
    Config held = config;
    MaintenanceWindow window;
    window.from = minute(50);
    window.to = minute(200);
    held.alerts.maintenance.push_back(window);
    Process told(held, folder());
    told.judge(101, Verdict::Fail);
    told.judge(102, Verdict::Pass);
  }
  Process told(config, folder());
  CHECK(told.desk->receivers()[0].waiting == 0);
  std::this_thread::sleep_for(milliseconds(200));
  CHECK(peer.requests().empty());
}

TEST_CASE("a desk that was never started ends") {
  const Config config = config_of({webhook("team", "http://127.0.0.1:1")});
  const File file(std::tmpfile());
  Log log(file.get(), {.json = true, .least = LogLevel::Info, .clock = [] { return minute(1); }});
  auto made = AlertDesk::make(config, nullptr, log, [] { return minute(1); });
  REQUIRE(made);
  made->reset();
  CHECK(read_back(file.get()).empty());
}

}  // namespace
}  // namespace weir::testing
