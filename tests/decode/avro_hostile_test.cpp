// SPDX-License-Identifier: Apache-2.0
// Bytes that are cut short, changed, or made to cost far more than they are long.
#include <catch2/catch_test_macros.hpp>
#include <random>
#include <string>
#include <vector>

#include "decode/avro_rows.h"
#include "decode/avro_skip.h"

namespace weir {
namespace {

using testing::avro_json_of;
using testing::avro_long;
using testing::avro_of;
using testing::avro_raw;
using testing::avro_record;
using testing::avro_schema;
using testing::avro_text;
using testing::read_avro;

std::string value_of(const std::string& type, const std::string& datum) {
  return read_avro({"a"}, avro_of(type), datum);
}

/// A schema with everything in it.
const std::string kAll = avro_record(
    R"({"name":"z","type":"null"},{"name":"b","type":"boolean"},{"name":"i","type":"int"},{"name":"l","type":"long"},)"
    R"({"name":"f","type":"float"},{"name":"d","type":"double"},{"name":"y","type":"bytes"},{"name":"s","type":"string"},)"
    R"({"name":"e","type":{"type":"enum","name":"E","symbols":["A","B"]}},)"
    R"({"name":"x","type":{"type":"fixed","name":"X","size":3}},)"
    R"({"name":"ar","type":{"type":"array","items":["null","string",{"type":"map","values":"int"}]}},)"
    R"({"name":"m","type":{"type":"map","values":{"type":"record","name":"M","fields":[)"
    R"({"name":"p","type":["int","null"]},{"name":"r","type":["null","M"]}]}}},)"
    R"({"name":"c","type":{"type":"bytes","logicalType":"decimal","precision":30,"scale":2}},)"
    R"({"name":"t","type":["null",{"type":"long","logicalType":"timestamp-micros"}]},)"
    R"({"name":"du","type":{"type":"fixed","name":"D","size":12,"logicalType":"duration"}})");

std::string all() {
  return std::string("\1", 1) + avro_long(-3) + avro_long(1LL << 40) + avro_raw(1.5F) + avro_raw(1e300) +
         avro_text("\xff\xfe") + avro_text("grün") + avro_long(1) + "abc" +  //
         avro_long(-2) + avro_long(9) + avro_long(1) + avro_text("x") + avro_long(2) + avro_long(1) + avro_text("k") +
         avro_long(9) + avro_long(0) + avro_long(1) + avro_long(0) + avro_long(0) +  //
         avro_long(1) + avro_text("k") + avro_long(0) + avro_long(4) + avro_long(1) + avro_long(1) + avro_long(0) +
         avro_long(0) + avro_text("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a") + avro_long(1) +
         avro_long(1767225600000001) + avro_raw(std::uint32_t{1}) + avro_raw(std::uint32_t{2}) +
         avro_raw(std::uint32_t{3});
}

/// The same, changed in ways that resolution has to mend.
const std::string kOther = avro_record(
    R"({"name":"n","type":{"type":"array","items":"string"},"default":["q"]},{"name":"d","type":["null","double"]},)"
    R"({"name":"i","type":"double"},{"name":"y","type":"string"},{"name":"e","type":{"type":"enum","name":"E","symbols":["B"]}},)"
    R"({"name":"ar","type":{"type":"array","items":["string","null"]}},)"
    R"({"name":"m","type":{"type":"map","values":{"type":"record","name":"M","fields":[)"
    R"({"name":"r","type":["null","M"]},{"name":"p","type":"long"}]}}})");

const std::vector<std::vector<std::string>> kPaths = {
    {},
    {"z", "b", "i", "l", "f", "d", "y", "s", "e", "x", "ar[]", "ar[].k", "m.k.p", "m.k.r.p", "c", "t", "du"},
    {"ar", "m", "m.k", "n", "n[]", "m.k.r.r.p[].x"}};

TEST_CASE("a record that holds everything is read, skipped and written as JSON alike") {
  CHECK(read_avro(kPaths[1], kAll, all()) ==
        "null null | boolean 1 true | integer -3 | integer 1099511627776 | decimal 15/1 | number 1e+300 | text //4= | "
        "text grün"
        " | text B | text YWJj | [text x, object {\"k\":9}, null null] | [absent, integer 9 , absent] | integer 4 | "
        "null null"
        " | number 47594772752225308531.30 | text 2026-01-01T00:00:00.000001Z | text P1M2DT0.003S");
}

/// What must hold whatever the bytes are: the outcome does not hang on who asks, reading and skipping agree on the length.
void check_bytes(const AvroSkipper& skipper, const std::string& bytes) {
  const std::optional<std::size_t> end = skipper.skip(bytes, 0);
  for (const auto& paths : kPaths) {
    const std::string line = read_avro(paths, kAll, bytes);
    const bool refused = line.find(" at ") != std::string::npos;
    if (!refused) CHECK(end == bytes.size());
    static_cast<void>(read_avro(paths, kAll, bytes, kOther));
  }
  static_cast<void>(avro_json_of(kAll, bytes));
  static_cast<void>(avro_json_of(kAll, bytes, kOther));
}

TEST_CASE("no beginning of a record is a record") {
  const Result<AvroSkipper> skipper = AvroSkipper::make(avro_schema(kAll));
  REQUIRE(skipper.ok());
  const std::string bytes = all();
  CHECK(skipper->skip(bytes, 0) == bytes.size());
  CHECK(skipper->skip("....." + bytes + "...", 5) == bytes.size() + 5);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string cut = bytes.substr(0, size);
    CHECK(skipper->skip(cut, 0) == std::nullopt);
    for (const auto& paths : kPaths) CHECK(read_avro(paths, kAll, cut).find(" at ") != std::string::npos);
    CHECK(avro_json_of(kAll, cut).substr(0, 7) == "syntax:");
    check_bytes(*skipper, cut);
  }
}

TEST_CASE("no changed byte does more than change or refuse the record") {
  const Result<AvroSkipper> skipper = AvroSkipper::make(avro_schema(kAll));
  REQUIRE(skipper.ok());
  const std::string bytes = all();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const int with : {0x00, 0x01, 0x02, 0x7f, 0x80, 0xff, bytes[at] ^ 1, bytes[at] ^ 0x40}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(with);
      check_bytes(*skipper, changed);
    }
  }
  std::mt19937 random(7);
  for (int i = 0; i < 300; ++i) {
    std::string changed = bytes;
    for (int n = 0; n < 3; ++n) changed[random() % changed.size()] = static_cast<char>(random());
    check_bytes(*skipper, changed);
  }
}

TEST_CASE("what is broken is said with its place") {
  CHECK(value_of(R"("int")", "") == "syntax at 0: `a`: the record ends in the middle of a value");
  CHECK(value_of(R"("int")", "\x80") == "syntax at 0: `a`: the record ends in the middle of a value");
  CHECK(value_of(R"("int")", avro_long(2147483648)) == "syntax at 5: `a`: an int is larger than 32 bits");
  CHECK(value_of(R"("long")", std::string(10, '\xff') + "\1") == "syntax at 0: `a`: a number is longer than 64 bits");
  CHECK(value_of(R"("long")", std::string(9, '\xff') + "\2") == "syntax at 0: `a`: a number is longer than 64 bits");
  CHECK(value_of(R"("long")", std::string(9, '\xff') + "\1") == "integer -9223372036854775808");
  CHECK(value_of(R"("int")", "\2\2") == "syntax at 1: 1 bytes are left behind the record");
  CHECK(value_of(R"("boolean")", "\2") == "syntax at 0: `a`: a boolean is neither 0 nor 1");
  CHECK(value_of(R"("string")", avro_long(-1)) == "syntax at 0: `a`: a length is negative");
  CHECK(value_of(R"("string")", avro_long(5) + "abc") == "syntax at 0: `a`: a value of 5 bytes where 3 are left");
  CHECK(value_of(R"("string")", avro_text("ab\xff")) == "utf8 at 3: `a`: the bytes are not UTF-8");
  CHECK(value_of(R"({"type":"enum","name":"e","symbols":["A"]})", avro_long(1)) ==
        "syntax at 1: `a`: number 1 of an enum of 1");
  CHECK(value_of(R"(["null","int"])", avro_long(-1)) == "syntax at 1: `a`: number -1 of a union of 2");
  CHECK(value_of(R"(["null","int"])", avro_long(2)) == "syntax at 1: `a`: number 2 of a union of 2");
  CHECK(value_of(R"({"type":"array","items":"int"})", avro_long(9) + "\2") ==
        "syntax at 0: `a`: a block of 9 elements where 1 bytes are left");
  CHECK(value_of(R"({"type":"array","items":"int"})", avro_long(-1) + avro_long(5) + "\2") ==
        "syntax at 0: `a`: a block of 5 bytes where 1 are left");
  CHECK(read_avro({"a[]"}, avro_of(R"({"type":"array","items":"int"})"),
                  avro_long(-1) + avro_long(2) + "\2\2" + avro_long(0)) ==
        "syntax at 3: `a`: a block is not as long as it says");
}

TEST_CASE("elements without bytes are bounded, whoever looks") {
  for (const std::string element :
       {R"("null")", R"({"type":"record","name":"e","fields":[]})", R"({"type":"fixed","name":"e","size":0})"}) {
    const std::string array = avro_of(R"({"type":"array","items":)" + element + "}");
    for (const std::int64_t count :
         {1LL << 60, 1'000'000LL, -(1LL << 60), static_cast<long long>(std::numeric_limits<std::int64_t>::min())}) {
      const std::string datum = avro_long(count) + (count < 0 ? avro_long(0) : "") + avro_long(0);
      for (const auto& paths : std::vector<std::vector<std::string>>{{}, {"a[]"}, {"a"}}) {
        CHECK(read_avro(paths, array, datum).substr(0, 24) == "too_large at 0: `a`: a b");
      }
      CHECK(avro_json_of(array, datum).substr(0, 10) == "too_large:");
    }
    const std::string some = avro_long(1000) + avro_long(0);
    CHECK(read_avro({"b"}, array, some) == "absent");
  }
}

TEST_CASE("records that hold two of each other come to an end") {
  std::string type = "\"null\"";
  for (int i = 0; i < 60; ++i) {
    const std::string name = "N" + std::to_string(i);
    const std::string again = i == 0 ? "\"null\"" : "\"N" + std::to_string(i - 1) + "\"";
    type = R"({"type":"record","name":")" + name + R"(","fields":[{"name":"a","type":)" + type +
           R"(},{"name":"b","type":)" + again + "}]}";
  }
  for (const auto& paths : std::vector<std::vector<std::string>>{{}, {"a.b.a.b"}, {"a"}}) {
    CHECK(read_avro(paths, type, "").find("too_large at 0:") == 0);
  }
  CHECK(avro_json_of(type, "").substr(0, 10) == "too_large:");
  const Result<AvroSkipper> skipper = AvroSkipper::make(avro_schema(type));
  REQUIRE(skipper.ok());
  CHECK(skipper->skip("", 0) == std::nullopt);
}

TEST_CASE("depth is bounded, whoever looks") {
  const std::string list = R"({"type":"record","name":"n","fields":[{"name":"next","type":["null","n"]}]})";
  const auto chain = [](int records) {
    std::string out;
    for (int i = 1; i < records; ++i) out += avro_long(1);
    return out + avro_long(0);
  };
  const Result<AvroSkipper> skipper = AvroSkipper::make(avro_schema(list));
  REQUIRE(skipper.ok());
  for (const auto& paths : std::vector<std::vector<std::string>>{{}, {"next.next.no"}, {"next"}}) {
    CHECK(read_avro(paths, list, chain(64)).find("too_deep") == std::string::npos);
    CHECK(read_avro(paths, list, chain(65)).find("too_deep at 64: ") == 0);
  }
  CHECK(skipper->skip(chain(1000), 0) == 1000);
  CHECK(skipper->skip(chain(1001), 0) == std::nullopt);
  CHECK(skipper->skip(chain(1'000'000), 0) == std::nullopt);
  // A record that holds itself and nothing between has no end.
  CHECK(read_avro({"next"},
                  R"({"type":"record","name":"n","fields":[{"name":"next","type":"n"},{"name":"m","type":"n"}]})", "")
            .find("too_deep at 0: ") == 0);
}

TEST_CASE("JSON that grows far beyond its bytes is refused") {
  std::string fields;
  for (int i = 0; i < 500; ++i)
    fields += (i == 0 ? "" : ",") + (R"({"name":"a_name_that_is_rather_long_for_nothing_at_all_)" + std::to_string(i) +
                                     R"(","type":"null"})");
  const std::string array =
      avro_of(R"({"type":"array","items":{"type":"record","name":"q","fields":[)" + fields + "]}}");
  const std::string datum = avro_long(30'000) + avro_long(0);
  CHECK(avro_json_of(array, datum).substr(0, 10) == "too_large:");
  CHECK(read_avro({"b"}, array, datum) == "absent");
}

TEST_CASE("a record that cannot be read leaves nothing behind") {
  Plan plan = testing::plan_of({"i", "ar[]", "m.k.p"});
  plan.note_fields = true;
  plan.extra_fields_rule = 0;
  const std::string good = all();
  const std::vector<std::string> lines = read_avro(plan, kAll, {good, good.substr(0, good.size() - 1), good});
  CHECK(lines[0] == lines[2]);
  CHECK(lines[1] ==
        "syntax at " + std::to_string(good.size() - 12) + ": `du`: the record ends in the middle of a value");
}

}  // namespace
}  // namespace weir
