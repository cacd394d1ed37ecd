// SPDX-License-Identifier: Apache-2.0
// Records that are read many at a time: they come out as they would one by one, and what cannot be read that way is left over.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>
#include <string>
#include <vector>

#include "decode/avro_rows.h"

namespace weir::testing {

namespace {

const std::string kFields =
    R"({"name":"id","type":"string"},{"name":"count","type":["null","long"]},{"name":"small","type":["int","null"]},)"
    R"({"name":"price","type":["null","double"]},{"name":"share","type":"float"},{"name":"unnamed","type":["null","string"]},)"
    R"({"name":"tags","type":{"type":"array","items":"int"}},{"name":"on","type":["null","boolean"]},)"
    R"({"name":"kind","type":{"type":"enum","name":"K","symbols":["A","B"]}},)"
    R"({"name":"at","type":["null",{"type":"long","logicalType":"timestamp-millis"}]},{"name":"raw","type":"bytes"},)"
    R"({"name":"skipped","type":"double"},{"name":"big","type":"long"},{"name":"note","type":["null","string"]})";
const std::vector<std::string> kPaths = {"id",   "count", "small", "price",   "share", "on",
                                         "kind", "at",    "raw",   "nowhere", "note"};

class Records {
 public:
  std::string next() {
    std::string out = avro_text(text());
    out += maybe(avro_long(number()));
    out += chance(9) ? avro_long(1) : avro_long(0) + avro_long(static_cast<std::int32_t>(random_()));
    out += maybe(avro_raw(static_cast<double>(random_() % 100'000) / (chance(2) ? 100 : 1000)));
    out += avro_raw(static_cast<float>(random_() % 1000) / 8);
    out += maybe(avro_text(text()));
    out += chance(2) ? avro_long(0) : avro_long(2) + avro_long(5) + avro_long(6) + avro_long(0);
    out += maybe(std::string(1, static_cast<char>(random_() % 2)));
    out += avro_long(static_cast<std::int64_t>(random_() % 2));
    out += maybe(avro_long(static_cast<std::int64_t>(random_() % 2'000'000'000'000)));
    out += avro_text(text());
    out += avro_raw(1.5);
    out += avro_long(number());
    return out + maybe(avro_text(text()));
  }
  bool chance(unsigned in) { return random_() % in == 0; }
  std::mt19937_64& random() { return random_; }

 private:
  std::string maybe(const std::string& value) { return chance(5) ? avro_long(0) : avro_long(1) + value; }
  std::string text() {
    constexpr std::size_t kLengths[] = {0, 1, 3, 7, 8, 9, 16, 31, 32, 33, 63, 64, 100, 9000};
    std::string out(kLengths[random_() % (chance(50) ? 14 : 12)], 'x');
    if (!out.empty() && chance(6)) out.replace(random_() % out.size(), 1, "\xC3\xA9");
    return out;
  }
  std::int64_t number() { return static_cast<std::int64_t>(random_()) >> (random_() % 64); }

  std::mt19937_64 random_{11};
};

}  // namespace

TEST_CASE("Avro records read many at a time are those that are read one by one") {
  Records records;
  std::vector<std::string> data;
  for (int i = 0; i < 3000; ++i) data.push_back(records.next());
  std::size_t at_once = 0;
  const std::vector<std::string> lines = read_avro(plan_of(kPaths), avro_record(kFields), data, {}, &at_once);
  REQUIRE(lines.size() == data.size());
  for (const std::string& line : lines) {
    INFO(line);
    REQUIRE((line.starts_with("text ") && line.find("one by one") == std::string::npos));
  }
  // Only those with a text whose length takes more than two bytes are left over.
  CHECK(at_once > 2800);
  CHECK(at_once < 3000);
}

TEST_CASE("Avro records that are cut, altered or too long fail alone, with the same words either way") {
  Records records;
  std::vector<std::string> data;
  for (int i = 0; i < 3000; ++i) {
    std::string datum = records.next();
    if (records.chance(3)) datum.resize(records.random()() % datum.size());
    if (records.chance(3) && !datum.empty())
      datum[records.random()() % datum.size()] = static_cast<char>(records.random()());
    if (records.chance(10)) datum += 'x';
    data.push_back(std::move(datum));
  }
  std::size_t at_once = 0;
  const std::vector<std::string> lines = read_avro(plan_of(kPaths), avro_record(kFields), data, {}, &at_once);
  std::size_t broken = 0;
  for (const std::string& line : lines) {
    INFO(line);
    REQUIRE(line.find("one by one") == std::string::npos);
    if (!line.starts_with("text ")) ++broken;
  }
  CHECK(broken > 500);
  CHECK(at_once + broken <= data.size());
  CHECK(at_once > 1000);
}

TEST_CASE("Avro records with a nested field that a rule names are read one by one") {
  std::size_t at_once = 7;
  const std::string schema =
      avro_record(R"({"name":"a","type":{"type":"array","items":"int"}},{"name":"b","type":"int"})");
  const std::vector<std::string> lines = read_avro(
      plan_of({"a[]", "b"}), schema, {avro_long(1) + avro_long(4) + avro_long(0) + avro_long(9)}, {}, &at_once);
  CHECK(lines == std::vector<std::string>{"[integer 4 ] | integer 9"});
  CHECK(at_once == 0);
}

}  // namespace weir::testing
