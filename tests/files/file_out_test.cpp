// SPDX-License-Identifier: Apache-2.0
// A file as the place where a stream's records go.
#include "files/file_out.h"

#include <sys/resource.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <csignal>

#include "base/json_value.h"
#include "files/quarantine_line.h"
#include "testing/input_files.h"

namespace weir {

namespace {

using Catch::Matchers::ContainsSubstring;
using testing::Folder;
using testing::read_file;

using Pairs = std::vector<std::pair<std::string_view, std::string_view>>;

/// With a clock that stands still until it is told.
std::unique_ptr<FileOut> open_out(const std::string& path, Duration& steady, FileOut::Style style,
                                  const RotatingFile::Options& file = {}) {
  Result<std::unique_ptr<FileOut>> out =
      FileOut::open(path, {.style = style, .file = file, .steady = [&steady] { return steady; }});
  REQUIRE(out.ok());
  return *std::move(out);
}

std::vector<std::uint64_t> settled(FileOut& out, std::vector<Trouble>& troubles) {
  std::vector<Delivered> delivered;
  out.poll(delivered, troubles);
  std::vector<std::uint64_t> tokens;
  for (const Delivered& one : delivered) {
    CHECK(one.ok);
    tokens.push_back(one.token);
  }
  return tokens;
}

OutRecord value_of(std::string_view value) {
  OutRecord record;
  record.value = value;
  return record;
}

}  // namespace

TEST_CASE("A line of the quarantine holds the facts, the record and its headers") {
  const Pairs headers = {{"trace", "t-1"},
                         {"none", {}},
                         {"bytes", "\xFF"},
                         {"__weir.v", "1"},
                         {"__weir.id", "orders-3-17"},
                         {"__weir.partition", "3"},
                         {"__weir.timestamp", "-1"},
                         {"__weir.pipeline", "7"},
                         {"__weir.stage", "record"},
                         {"__weir.violations", R"([{"rule":"a.max"}])"},
                         {"__weir.replay_count", "0"}};
  OutRecord record;
  record.key = "k1";
  record.value = "{\"a\":\r\n 1.50}";
  record.headers = headers;
  CHECK(quarantine_line(record) ==
        R"({"v":1,"id":"orders-3-17","partition":3,"timestamp":-1,"pipeline":"7","stage":"record",)"
        R"("violations":[{"rule":"a.max"}],"replay_count":0,"record_key":"k1",)"
        R"("record_headers":[{"name":"trace","value":"t-1"},{"name":"none","value":null},)"
        R"({"name":"bytes","value_base64":"/w=="}],"record":{"a":   1.50}})"
        "\n");
}

TEST_CASE("Whatever a record holds, its line is one line of JSON") {
  const std::string deep = std::string(5'000, '[') + std::string(5'000, ']');
  const Pairs decode = {{"__weir.stage", "decode"}, {"__weir.violations", "no\nJSON"}, {"__weir.offset", "1\n2"}};
  const Pairs hostile = {{"\xFF\n", "\n"}, {"__weir.\xFE", "\r\n"}, {"__weir.v", "1e9"}, {"__weir.v", "-"}};
  for (const std::string& value : {std::string("\xFF\n"), std::string("{\n"), deep, std::string("[1\n]"), std::string(),
                                   std::string("a\0b\n", 4), std::string("\"\xED\xA0\x80\"")}) {
    for (const Pairs& headers : {decode, hostile}) {
      OutRecord record = value_of(value);
      record.key = value;
      record.headers = headers;
      const std::string line = quarantine_line(record);
      INFO(line.substr(0, 300));
      REQUIRE(line.ends_with('\n'));
      CHECK(line.find('\n') == line.size() - 1);
      CHECK(line.find('\r') == std::string::npos);
      CHECK(parse_json(line.substr(0, line.size() - 1), 1'000).ok());
    }
  }
  OutRecord record = value_of("[1]");
  record.headers = decode;
  CHECK_THAT(quarantine_line(record), ContainsSubstring(R"("bytes":"[1]")"));
  record.value = std::nullopt;
  CHECK_THAT(quarantine_line(record), ContainsSubstring(R"("record_key":null,"record_headers":[],"record":null)"));
}

TEST_CASE("Values go to a clean file as they came, one a line") {
  const Folder folder;
  Duration steady{};
  auto out = open_out(folder.path("clean.ndjson"), steady, FileOut::Style::Value);
  std::vector<Trouble> troubles;
  CHECK(out->write(value_of("{\"a\":\n1}"), 5) == RecordOut::Taken::Yes);
  CHECK(out->write(value_of("{\"b\": 1.0 }"), 6) == RecordOut::Taken::Yes);
  CHECK(out->write(OutRecord{}, 9) == RecordOut::Taken::Yes);
  CHECK(read_file(folder.path("clean.ndjson")).empty());
  CHECK(settled(*out, troubles) == std::vector<std::uint64_t>{5, 6, 9});
  CHECK(settled(*out, troubles).empty());
  CHECK(read_file(folder.path("clean.ndjson")) == "{\"a\": 1}\n{\"b\": 1.0 }\nnull\n");
  CHECK(troubles.empty());
}

TEST_CASE("A value that cannot stand on a line goes to a clean file in base64, no byte of it changed") {
  const Folder folder;
  Duration steady{};
  auto out = open_out(folder.path("clean.ndjson"), steady, FileOut::Style::Value);
  std::vector<Trouble> troubles;
  // As Avro and Protobuf have them: with a NUL, no UTF-8, text with a line end that is no white space of JSON.
  for (const std::string& value :
       {std::string("\0\0\0\0\7\n", 6), std::string("\xFF"), std::string("a\nb"), std::string("a b")})
    CHECK(out->write(value_of(value), 1) == RecordOut::Taken::Yes);
  CHECK(settled(*out, troubles).size() == 4);
  CHECK(read_file(folder.path("clean.ndjson")) ==
        "{\"base64\":\"AAAAAAcK\"}\n{\"base64\":\"/w==\"}\n{\"base64\":\"YQpi\"}\na b\n");
}

TEST_CASE("A full disk is said once a minute, refuses what has no room, and loses nothing") {
  const Folder folder;
  Duration steady{};
  auto out = open_out(folder.path("q.ndjson"), steady, FileOut::Style::Value, {.most_waiting = 50});
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit full{.rlim_cur = 13, .rlim_max = limit.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &full);

  std::vector<Trouble> troubles;
  std::uint64_t token = 0;
  std::string all;
  for (int turn = 0; turn < 400; ++turn) {
    steady += std::chrono::milliseconds(200);
    while (out->write(value_of(std::to_string(token)), token) == RecordOut::Taken::Yes) {
      all += std::to_string(token++) + "\n";
    }
    CHECK(settled(*out, troubles).empty());
    CHECK_FALSE(out->flush(Duration(0)));
  }
  CHECK(token == 20);
  REQUIRE(troubles.size() == 2);  // in 80 seconds
  CHECK(troubles[0].event == "file_not_written");
  CHECK_THAT(troubles[0].message, ContainsSubstring("q.ndjson`: File too large; records wait"));

  ::setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, before);
  steady += std::chrono::seconds(1);
  CHECK(out->flush(Duration(0)));
  CHECK(settled(*out, troubles).size() == 20);
  CHECK(read_file(folder.path("q.ndjson")) == all);
  CHECK(out->write(value_of("x"), token) == RecordOut::Taken::Yes);
  CHECK(settled(*out, troubles) == std::vector<std::uint64_t>{20});
  CHECK(troubles.size() == 2);
}

TEST_CASE("Lines that a rotation synced are settled, and what is removed or cut is said") {
  const Folder folder;
  folder.write_raw("q.ndjson", "torn");
  Duration steady{};
  auto out = open_out(folder.path("q.ndjson"), steady, FileOut::Style::Value, {.max_bytes = 4, .files = 2});
  std::vector<Trouble> troubles;
  for (std::uint64_t token = 0; token < 7; ++token) CHECK(out->write(value_of("x"), token) == RecordOut::Taken::Yes);
  CHECK(settled(*out, troubles) == std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6});
  REQUIRE(troubles.size() == 2);
  CHECK(troubles[0].event == "file_cut");
  CHECK(troubles[1].event == "file_removed");
  CHECK(read_file(folder.path("q.ndjson")) == "x\n");
  CHECK(read_file(folder.path("q.ndjson.1")) == "x\nx\n");
  CHECK(settled(*out, troubles).empty());
  CHECK(troubles.size() == 2);
}

}  // namespace weir
