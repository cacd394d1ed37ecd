// SPDX-License-Identifier: Apache-2.0
// Where the records of Avro files go: passing ones byte for byte into a container file, failing ones into the quarantine as JSON
// and as the bytes that they were.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "base/base64.h"
#include "files/avro_writer.h"
#include "files/record_writer.h"
#include "testing/input_files.h"

namespace weir {

namespace {

using Catch::Matchers::ContainsSubstring;
using testing::bytes_of;
using testing::Folder;
using testing::read_all;
using testing::read_file;
using Texts = std::vector<std::string>;

const std::string kSchema =
    R"({"type":"record","name":"R","fields":[{"name":"user","type":{"type":"record","name":"U","fields":)"
    R"([{"name":"mail","type":"string"},{"name":"age","type":"int"}]}},{"name":"note","type":"string"}]})";

std::string text(const std::string& content) {
  return static_cast<char>(content.size() * 2) + content;  // below 64 bytes
}

std::string datum(const std::string& mail, const std::string& note) {
  return text(mail) + "\x0E" + text(note);  // an age of 7
}

std::string container(const Texts& data, const std::string& schema = kSchema) {
  std::string out;
  AvroWriter writer;
  writer.begin(schema, out);
  for (const std::string& one : data) writer.add(one, out);
  writer.finish(out);
  return out;
}

/// The rules `decode` (0) and `a` (1).
Plan make_plan() {
  Plan plan;
  for (const char* id : {"decode", "a"}) {
    RecordRule rule;
    rule.info.id = id;
    plan.rules.push_back(std::move(rule));
  }
  return plan;
}

/// As the engine would: a record that holds `bad` fails, one that holds `torn` could not be read. Gives the error of the sink.
std::string part(const RecordSinkOptions& options, const Plan& plan, const Texts& paths,
                 std::uint32_t record_max_bytes = 1000) {
  Result<std::unique_ptr<RecordSink>> sink = RecordSink::open(options, plan);
  REQUIRE(sink.ok());
  for (const std::string& path : paths) {
    Result<std::unique_ptr<FileSource>> source =
        FileSource::open(path, {.block_bytes = 50, .record_max_bytes = record_max_bytes});
    REQUIRE(source.ok());
    if (Status begun = (*sink)->begin_input(path, (*source)->format()); !begun) return begun.error().message;
    Block block;
    while (*(*source)->next(block)) {
      (*source)->cut(block);
      Outcome outcome;
      for (const Message& message : block.messages.items) {
        ++outcome.records;
        const bool torn = message.bytes.find("torn") != std::string_view::npos || !message.whole;
        if (!torn && message.bytes.find("bad") == std::string_view::npos) continue;
        outcome.failing.push_back({.line = message.line,
                                   .offset = message.offset,
                                   .bytes = message.bytes,
                                   .action = OnFail::Quarantine,
                                   .decoded = !torn,
                                   .violations = {},
                                   .item = static_cast<std::uint32_t>(outcome.records - 1)});
      }
      if (Status added = (*sink)->add(block.messages, outcome); !added) return added.error().message;
    }
  }
  REQUIRE((*sink)->commit().ok());
  return "";
}

}  // namespace

TEST_CASE("Avro records that pass are a container file again, with the same schema and every datum as it was") {
  const Folder folder;
  const Texts data = {datum("x", "1"), datum("y", "bad"), datum("z", "\xFFtorn"), datum("", ""), datum("x", "5")};
  const std::string input = folder.write("in.avro", container(data));
  const std::string clean = folder.path("good.avro");
  CHECK(part({.quarantine = folder.path("bad.ndjson"), .clean = clean}, make_plan(), {input}).empty());
  CHECK(read_all(clean).header == kSchema);
  CHECK(bytes_of(read_all(clean)) == Texts{data[0], data[3], data[4]});
  CHECK(read_file(clean) == container({data[0], data[3], data[4]}));

  const std::string bad = read_file(folder.path("bad.ndjson"));
  CHECK_THAT(bad, ContainsSubstring(R"({"line":2,)"));
  CHECK_THAT(bad, ContainsSubstring(R"("record":{"user":{"mail":"y","age":7},"note":"bad"},"record_base64":")" +
                                    base64(data[1]) + "\"}\n"));
  CHECK_THAT(bad, ContainsSubstring(R"("stage":"decode","violations":[],"base64":")" + base64(data[2]) + "\"}\n"));
  CHECK(std::count(bad.begin(), bad.end(), '\n') == 2);
}

TEST_CASE("Redacted fields of an Avro record stand nowhere in the quarantine, its own bytes neither") {
  const Folder folder;
  Plan plan = make_plan();
  plan.fields[plan.fields.add(*FieldPath::parse("user.mail"))].redacted = true;
  const Texts data = {datum("secret", "bad"), datum("secret", "torn")};
  const std::string input = folder.write("in.avro", container(data));
  for (const Redaction how : {Redaction::Mask, Redaction::Hash, Redaction::Drop}) {
    plan.redaction = how;
    CHECK(part({.quarantine = folder.path("bad.ndjson"), .clean = folder.path("good.avro")}, plan, {input}).empty());
    const std::string bad = read_file(folder.path("bad.ndjson"));
    CHECK_THAT(bad, !ContainsSubstring("secret"));
    CHECK_THAT(bad, !ContainsSubstring("base64"));
    CHECK_THAT(bad, ContainsSubstring("\"age\":7"));
    CHECK_THAT(bad, ContainsSubstring("\"redacted\":true"));
    if (how == Redaction::Mask) CHECK_THAT(bad, ContainsSubstring(R"({"user":{"mail":"***","age":7},"note":"bad"})"));
    if (how == Redaction::Drop) CHECK_THAT(bad, ContainsSubstring(R"({"user":{"age":7},"note":"bad"})"));
  }
}

TEST_CASE("What the schema to read with calls otherwise is redacted under that name") {
  const Folder folder;
  Plan plan = make_plan();
  plan.payload.schema = std::make_shared<SchemaText>(SchemaText{
      .language = SchemaLanguage::Avro,
      .text = R"({"type":"record","name":"R","fields":[{"name":"note","type":"string"},{"name":"user","type":)"
              R"({"type":"record","name":"U","fields":[{"name":"email","aliases":["mail"],"type":"string"}]}}]})",
      .references = {},
      .subject = {},
      .version = 0,
      .name = {}});
  plan.fields[plan.fields.add(*FieldPath::parse("user.email"))].redacted = true;
  const std::string input = folder.write("in.avro", container({datum("secret", "bad")}));
  CHECK(part({.quarantine = folder.path("bad.ndjson"), .clean = ""}, plan, {input}).empty());
  const std::string bad = read_file(folder.path("bad.ndjson"));
  CHECK_THAT(bad, ContainsSubstring(R"("record":{"note":"bad","user":{"email":"***"}},"value":"redacted"})"));
  CHECK_THAT(bad, !ContainsSubstring("secret"));
}

TEST_CASE("What the rules say of topics, a frame and a schema that is none of Avro, is nothing to Avro files") {
  const Folder folder;
  Plan plan = make_plan();
  plan.payload.schema = std::make_shared<SchemaText>(SchemaText{
      .language = SchemaLanguage::Json, .text = "{}", .references = {}, .subject = {}, .version = 0, .name = {}});
  plan.payload.framing = WireForm::Registry;
  const std::string input = folder.write("in.avro", container({datum("y", "bad")}));
  CHECK(part({.quarantine = folder.path("bad.ndjson"), .clean = ""}, plan, {input}).empty());
  CHECK_THAT(read_file(folder.path("bad.ndjson")), ContainsSubstring(R"("record":{"user":{"mail":"y","age":7})"));
}

TEST_CASE("Avro files follow each other in one clean file when they have one schema") {
  const Folder folder;
  const std::string clean = folder.path("good.avro");
  const std::string first = folder.write("1.avro", container({datum("x", "1")}));
  const std::string empty = folder.write("2.avro", container({}));
  const std::string third = folder.write("3.avro", container({datum("x", "bad"), datum("x", "3")}));
  CHECK(part({.quarantine = "", .clean = clean}, make_plan(), {first, empty, third}).empty());
  CHECK(bytes_of(read_all(clean)) == Texts{datum("x", "1"), datum("x", "3")});

  CHECK(part({.quarantine = "", .clean = clean}, make_plan(), {empty}).empty());
  CHECK(read_file(clean) == container({}));

  const std::string packed = folder.path("good.avro.gz");
  CHECK(part({.quarantine = "", .clean = packed}, make_plan(), {third}).empty());
  CHECK(bytes_of(read_all(packed)) == Texts{datum("x", "3")});

  const std::string never = folder.path("never.avro");
  const std::string other = folder.write("other.avro", container({text("x")}, R"("string")"));
  const std::string lines = folder.write("in.ndjson", "{}\n");
  CHECK_THAT(part({.quarantine = "", .clean = never}, make_plan(), {first, other}),
             ContainsSubstring("other.avro`: its schema differs"));
  CHECK_THAT(part({.quarantine = "", .clean = never}, make_plan(), {first, lines}),
             ContainsSubstring("in.ndjson`: its format is another"));
  CHECK_FALSE(std::filesystem::exists(never));
}

TEST_CASE("A datum beyond the record limit is put aside with its beginning") {
  const Folder folder;
  const std::string input = folder.write("in.avro", container({datum("x", "1"), datum("x", std::string(60, 'n'))}));
  const std::string clean = folder.path("good.avro");
  CHECK(part({.quarantine = folder.path("bad.ndjson"), .clean = clean}, make_plan(), {input}, 20).empty());
  CHECK(bytes_of(read_all(clean)) == Texts{datum("x", "1")});
  CHECK_THAT(read_file(folder.path("bad.ndjson")),
             ContainsSubstring("\"base64\":\"" + base64(datum("x", std::string(60, 'n')).substr(0, 20)) +
                               "\",\"truncated\":true}\n"));
}

TEST_CASE(
    "A clean container of many records has blocks that others read as well, and no more than one datum too many in "
    "each") {
  const Folder folder;
  Texts data;
  for (int i = 0; i < 5000; ++i) data.push_back(datum("someone@example.com", std::to_string(i)));
  const std::string input = folder.write("in.avro", container(data));
  const std::string clean = folder.path("good.avro");
  CHECK(part({.quarantine = "", .clean = clean}, make_plan(), {input}).empty());
  CHECK(bytes_of(read_all(clean)) == data);
  CHECK(read_file(clean) == read_file(input));
}

}  // namespace weir
