// SPDX-License-Identifier: Apache-2.0
// The quarantine and the clean file: every record in exactly one of them, passing ones byte for byte.
#include "files/record_writer.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "testing/input_files.h"

namespace weir {

namespace {

using Catch::Matchers::ContainsSubstring;
using testing::bytes_of;
using testing::Folder;
using testing::read_all;
using testing::read_file;

/// A plan with the rule `decode` (0) and a rule of each action behind it.
Plan make_plan() {
  Plan plan;
  for (const char* id : {"decode", "a.count", "a.tag", "a.drop", "a.max", "a.halt"}) {
    RecordRule rule;
    rule.info.id = id;
    plan.rules.push_back(std::move(rule));
  }
  plan.rules[1].info.severity = Severity::Warn;
  return plan;
}

/// Runs files through a sink as the engine would: a record that holds `bad` breaks a rule with `action`, one that holds `torn`
/// cannot be read.
struct Run {
  OnFail action = OnFail::Quarantine;
  std::size_t block_bytes = 256 * 1024;
  std::uint32_t record_max_bytes = 1000;
  Format format = Format::Auto;
  std::string error = {};

  std::unique_ptr<RecordSink> operator()(const RecordSinkOptions& options, const Plan& plan,
                                         const std::vector<std::string>& paths) {
    Result<std::unique_ptr<RecordSink>> sink = RecordSink::open(options, plan);
    REQUIRE(sink.ok());
    for (const std::string& path : paths) {
      Result<std::unique_ptr<FileSource>> source =
          FileSource::open(path, {.format = format, .block_bytes = block_bytes, .record_max_bytes = record_max_bytes});
      REQUIRE(source.ok());
      if (Status begun = (*sink)->begin_input(path, (*source)->format()); !begun)
        return error = begun.error().message, nullptr;
      std::uint64_t lines = 0;
      Block block;
      while (*(*source)->next(block)) {
        (*source)->cut(block);
        const Outcome outcome = judge(block.messages, lines);
        if (Status added = (*sink)->add(block.messages, outcome); !added) return error = added.error().message, nullptr;
        if (outcome.halted) break;
        lines += block.lines;
      }
    }
    REQUIRE((*sink)->commit().ok());
    return std::move(*sink);
  }

  [[nodiscard]] Outcome judge(const Messages& messages, std::uint64_t lines) const {
    Outcome outcome;
    for (const Message& message : messages.items) {
      if (outcome.halted) break;
      ++outcome.records;
      const bool torn = message.bytes.find("torn") != std::string_view::npos || !message.whole;
      if (!torn && message.bytes.find("bad") == std::string_view::npos) continue;
      const std::uint32_t rule = torn ? 0 : 1 + static_cast<std::uint32_t>(action);
      outcome.failing.push_back(
          {.line = lines + message.line,
           .offset = message.offset,
           .bytes = message.bytes,
           .action = torn ? OnFail::Quarantine : action,
           .decoded = !torn,
           .violations = {{.rule = rule, .code = "max", .path = "a", .value = "9", .message = "9 is above 8"}},
           .item = static_cast<std::uint32_t>(outcome.records - 1)});
      outcome.halted = !torn && action == OnFail::Halt;
    }
    return outcome;
  }
};

constexpr std::string_view kLines = "{\"a\": 1}\r\n\n{\"a\":\"bad\"}\n{\"a\":torn}\n  {\"a\":2}\t\n{\"a\":3}";

}  // namespace

TEST_CASE("Every record is in exactly one file, passing ones byte for byte") {
  const Folder folder;
  const Plan plan = make_plan();
  const std::string input = folder.write("in.ndjson", kLines);
  for (const std::size_t block_bytes : {1UL, 20UL, 100'000UL}) {
    Run run{.block_bytes = block_bytes};
    const auto sink =
        run({.quarantine = folder.path("bad.ndjson"), .clean = folder.path("good.ndjson")}, plan, {input});
    CHECK(read_file(folder.path("good.ndjson")) == "{\"a\": 1}\r\n  {\"a\":2}\t\n{\"a\":3}");
    CHECK(read_file(folder.path("bad.ndjson")) ==
          "{\"line\":3,\"offset\":11,\"input\":\"" + input +
              "\",\"stage\":\"record\",\"violations\":[{\"rule\":\"a.max\",\"severity\":\"error\",\"code\":\"max\","
              "\"path\":\"a\",\"value\":\"9\","
              "\"message\":\"9 is above 8\"}],\"record\":{\"a\":\"bad\"}}\n"
              "{\"line\":4,\"offset\":23,\"input\":\"" +
              input +
              "\",\"stage\":\"decode\",\"violations\":[{\"rule\":\"decode\",\"severity\":\"error\",\"code\":\"max\","
              "\"path\":\"a\",\"value\":\"9\","
              "\"message\":\"9 is above 8\"}],\"bytes\":\"{\\\"a\\\":torn}\"}\n");
    CHECK(sink->clean() == 3);
    CHECK(sink->quarantined() == 2);
  }
}

TEST_CASE("What becomes of a failing record follows its action") {
  const Folder folder;
  const Plan plan = make_plan();
  const std::string input = folder.write("in.ndjson", "{\"a\":1}\n{\"a\":\"bad\"}\n{\"a\":2}\n");
  const auto files = [&](OnFail action) {
    Run run{.action = action};
    run({.quarantine = folder.path("bad.ndjson"), .clean = folder.path("good.ndjson")}, plan, {input});
    const std::string bad = read_file(folder.path("bad.ndjson"));
    return std::pair(read_file(folder.path("good.ndjson")), std::count(bad.begin(), bad.end(), '\n'));
  };
  CHECK(files(OnFail::Count) == std::pair(std::string("{\"a\":1}\n{\"a\":\"bad\"}\n{\"a\":2}\n"), std::ptrdiff_t{0}));
  CHECK(files(OnFail::Tag).second == 0);
  CHECK(files(OnFail::Drop) == std::pair(std::string("{\"a\":1}\n{\"a\":2}\n"), std::ptrdiff_t{0}));
  CHECK(files(OnFail::Quarantine) == std::pair(std::string("{\"a\":1}\n{\"a\":2}\n"), std::ptrdiff_t{1}));
  CHECK(files(OnFail::Halt) == std::pair(std::string("{\"a\":1}\n"), std::ptrdiff_t{1}));
}

TEST_CASE("Every quarantine line is JSON, whatever the record held") {
  const Folder folder;
  const Plan plan = make_plan();
  const std::string input =
      folder.write_raw("in.json", "{\n  \"a\": \"bad\",\r\n  \"b\": 1.50\n}\n{\"torn\n\xFF\xFE}\n" +
                                      std::string(2000, '1') + " {\"a\":\"torn \\\"\"}");
  Run run;
  run({.quarantine = folder.path("bad.ndjson"), .clean = ""}, plan, {input});
  std::string content = read_file(folder.path("bad.ndjson"));
  std::vector<JsonValue> lines;
  while (!content.empty()) {
    const std::size_t end = content.find('\n');
    const Result<JsonValue> line = parse_json(content.substr(0, end));
    INFO(content.substr(0, end));
    REQUIRE(line.ok());
    lines.push_back(*line);
    content.erase(0, end + 1);
  }
  REQUIRE(lines.size() >= 4);
  CHECK(lines[0].find("record")->find("b")->text == "1.50");
  CHECK(lines[1].find("base64")->text == "eyJ0b3JuCv/+fQ==");
  CHECK(lines[1].find("bytes") == nullptr);
  CHECK(lines[2].find("truncated")->boolean);
  CHECK(lines[2].find("bytes")->text == std::string(1000, '1'));
  CHECK(lines.back().find("bytes")->text == "{\"a\":\"torn \\\"\"}");
}

TEST_CASE("CSV keeps its header and its line ends in the clean file, and becomes objects in the quarantine") {
  const Folder folder;
  const Plan plan = make_plan();
  const std::string input =
      folder.write("in.csv", "id,\"full \"\"name\"\"\"\r\n1,\"x\ny\"\r\n2,bad\r\n\"\",\"bad, too\"\r\n,bad\r\n3,\"q\"");
  Run run;
  run({.quarantine = folder.path("bad.ndjson"), .clean = folder.path("good.csv")}, plan, {input});
  CHECK(read_file(folder.path("good.csv")) == "id,\"full \"\"name\"\"\"\r\n1,\"x\ny\"\r\n3,\"q\"");
  const std::string bad = read_file(folder.path("bad.ndjson"));
  CHECK_THAT(bad, ContainsSubstring(R"("record":{"id":"2","full \"name\"":"bad"},"value":"rendered"})"));
  CHECK_THAT(bad, ContainsSubstring(R"("record":{"id":"","full \"name\"":"bad, too"})"));
  CHECK_THAT(bad, ContainsSubstring(R"("record":{"id":null,"full \"name\"":"bad"})"));
  CHECK_THAT(bad, ContainsSubstring("\"line\":4"));
}

TEST_CASE("A clean JSON array is a JSON array again") {
  const Folder folder;
  const Plan plan = make_plan();
  Run run;
  const auto clean = [&](std::string_view content) {
    run({.quarantine = "", .clean = folder.path("good.json")}, plan, {folder.write("in.json", content)});
    return read_file(folder.path("good.json"));
  };
  CHECK(clean("[{\"a\": 1},{\"a\":\"bad\"} ,\n{\n\"a\":2}]") == "[\n{\"a\": 1},\n{\n\"a\":2}\n]\n");
  CHECK(clean("[{\"a\":\"bad\"}]") == "[]\n");
}

TEST_CASE("Several inputs follow each other in one clean file") {
  const Folder folder;
  const Plan plan = make_plan();
  Run run;
  const std::string first = folder.write("1.ndjson", "{\"a\":1}");
  const std::string second = folder.write("2.json", "[\n{\n\"a\":2},{\"a\":3}]");
  const std::string third = folder.write("3.ndjson", "{\"a\":4}\n");
  run({.quarantine = "", .clean = folder.path("good.ndjson")}, plan, {first, second, third});
  CHECK(read_file(folder.path("good.ndjson")) == "{\"a\":1}\n{ \"a\":2}\n{\"a\":3}\n{\"a\":4}\n");

  const std::string csv = folder.write("1.csv", "a,b\n1,2");
  const std::string more = folder.write("2.csv", "a,b\n3,4\n");
  const std::string other = folder.write("3.csv", "b,a\n3,4\n");
  run({.quarantine = "", .clean = folder.path("good.csv")}, plan, {csv, more});
  CHECK(read_file(folder.path("good.csv")) == "a,b\n1,2\n3,4\n");
  CHECK(run({.quarantine = "", .clean = folder.path("never.csv")}, plan, {csv, other}) == nullptr);
  CHECK_THAT(run.error, ContainsSubstring("its header differs"));
  CHECK(run({.quarantine = "", .clean = folder.path("never.csv")}, plan, {csv, first}) == nullptr);
  CHECK_THAT(run.error, ContainsSubstring("its format is another"));
  CHECK_FALSE(std::filesystem::exists(folder.path("never.csv")));
}

TEST_CASE("Redacted values appear in no quarantine line, also where the record could not be read") {
  const Folder folder;
  Plan plan = make_plan();
  plan.fields[plan.fields.add(*FieldPath::parse("user.email"))].redacted = true;
  const std::string json = folder.write(
      "in.ndjson", "{\"user\":{\"email\":\"secret\"},\"x\":\"bad\"}\n{\"user\":{\"email\":\"secret\"},torn\n");
  const std::string csv = folder.write("in.csv", "user.email,x\nsecret,bad\n,bad\nsecret,torn\n");
  for (const Redaction how : {Redaction::Mask, Redaction::Hash, Redaction::Drop}) {
    plan.redaction = how;
    Run run;
    run({.quarantine = folder.path("bad.ndjson"), .clean = ""}, plan, {json, csv});
    const std::string bad = read_file(folder.path("bad.ndjson"));
    CHECK_THAT(bad, !ContainsSubstring("secret"));
    CHECK_THAT(bad, ContainsSubstring("\"redacted\":true"));
    CHECK(std::count(bad.begin(), bad.end(), '\n') == 5);
    if (how != Redaction::Mask) continue;
    CHECK_THAT(bad, ContainsSubstring(R"("record":{"user":{"email":"***"},"x":"bad"})"));
    CHECK_THAT(bad, ContainsSubstring(R"("record":{"user.email":"***","x":"bad"})"));
    CHECK_THAT(bad, ContainsSubstring(R"("record":{"user.email":null,"x":"bad"})"));
  }
}

TEST_CASE("A failing Protobuf message stands in the quarantine as JSON, and its own bytes beside it") {
  Plan plan = make_plan();
  auto schema = std::make_shared<SchemaText>();
  schema->language = SchemaLanguage::Protobuf;
  schema->text = R"(syntax = "proto3"; message Order { string id = 1; string card = 2; })";
  plan.format = Format::Protobuf;
  plan.payload.schema = schema;
  const Folder folder;
  const std::string message =
      "\x0A\x03"
      "bad\x12\x02"
      "42";
  const std::string input = folder.write_raw("in.pb", std::string(1, static_cast<char>(message.size())) + message);
  const bool redacted = GENERATE(false, true);
  if (redacted) plan.fields[plan.fields.add(*FieldPath::parse("card"))].redacted = true;
  Run run{.format = Format::Protobuf};
  run({.quarantine = folder.path("q.ndjson"), .clean = ""}, plan, {input});
  const std::string bad = read_file(folder.path("q.ndjson"));
  REQUIRE(parse_json(bad).ok());
  if (redacted) {
    CHECK_THAT(bad, ContainsSubstring(R"("record":{"id":"bad","card":"***"},"value":"redacted"})"));
  } else {
    CHECK_THAT(bad, ContainsSubstring(R"("record":{"id":"bad","card":"42"},"record_base64":"CgNiYWQSAjQy")"));
  }
}

TEST_CASE("Outputs that end in .gz or .zst are compressed") {
  const Folder folder;
  const Plan plan = make_plan();
  const std::string input = folder.write("in.ndjson", kLines);
  Run run;
  for (const char* name : {"good.ndjson.gz", "good.ndjson.zst"}) {
    run({.quarantine = "", .clean = folder.path(name)}, plan, {input});
    CHECK_FALSE(read_file(folder.path(name)).starts_with("{\"a\""));
    CHECK(bytes_of(read_all(folder.path(name))) ==
          std::vector<std::string>{"{\"a\": 1}", "  {\"a\":2}\t", "{\"a\":3}"});
  }
}

TEST_CASE("A full disk is one clear line and leaves no file behind") {
  const Folder folder;
  const Plan plan = make_plan();
  Result<std::unique_ptr<RecordSink>> sink = RecordSink::open({.quarantine = "", .clean = "/dev/full"}, plan);
  REQUIRE(sink.ok());
  REQUIRE((*sink)->begin_input("in.ndjson", Format::Json).ok());
  const std::string record(100'000, 'x');
  Messages messages;
  messages.items.push_back({.bytes = record});
  Status status = Done{};
  for (int i = 0; i < 10 && status; ++i) status = (*sink)->add(messages, Outcome{});
  if (status) status = (*sink)->commit();
  REQUIRE_FALSE(status.ok());
  CHECK_THAT(status.error().message, ContainsSubstring("`/dev/full`: No space left on device"));

  CHECK_FALSE(RecordSink::open({.quarantine = folder.path("none/bad.ndjson"), .clean = ""}, plan).ok());
  {
    Result<std::unique_ptr<RecordSink>> left =
        RecordSink::open({.quarantine = folder.path("bad.ndjson"), .clean = ""}, plan);
    REQUIRE(left.ok());
  }
  CHECK_FALSE(std::filesystem::exists(folder.path("bad.ndjson")));
}

}  // namespace weir
