// SPDX-License-Identifier: Apache-2.0
// Where records begin and end in text that is laid out oddly, or broken: nothing is lost, and a fault stays where it is.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <random>
#include <string>
#include <vector>

#include "testing/input_files.h"

namespace weir {

namespace {

using Catch::Matchers::ContainsSubstring;
using testing::bytes_of;
using testing::Folder;
using testing::read_all;
using testing::Reading;
using testing::Record;
using Texts = std::vector<std::string>;

struct Layout {
  const char* what;
  Format format;
  std::string content;
  Texts records;
  std::string error = "";
};

// Records are at most 60 bytes long here.
const std::vector<Layout>& layouts() {
  static const std::vector<Layout> all = {
      {"stream: one a line", Format::JsonStream, "{\"a\":1}\n{\"a\":2}\n", {"{\"a\":1}", "{\"a\":2}"}},
      {"stream: nothing between", Format::JsonStream, "{\"a\":1}{\"a\":2}[3]", {"{\"a\":1}", "{\"a\":2}", "[3]"}},
      {"stream: pretty",
       Format::JsonStream,
       "{\n  \"a\": {\n    \"b\": [1,\n 2]\n  }\n}\n{\n}\n",
       {"{\n  \"a\": {\n    \"b\": [1,\n 2]\n  }\n}", "{\n}"}},
      {"stream: brackets and escaped quotes in texts",
       Format::JsonStream,
       R"({"a":"}{\"[]"} {"b":"\\"}{"c":"\\\""})",
       {R"({"a":"}{\"[]"})", R"({"b":"\\"})", R"({"c":"\\\""})"}},
      {"stream: scalars",
       Format::JsonStream,
       "1 \"a b\"\"c\" true null\n-2.5e3",
       {"1", "\"a b\"", "\"c\"", "true", "null", "-2.5e3"}},
      {"stream: an object at the beginning of a line within an array",
       Format::JsonStream,
       "[\n{\"a\":1},\n{\"a\":2}\n]\n{\"a\":\n{\"b\":1}}",
       {"[\n{\"a\":1},\n{\"a\":2}\n]", "{\"a\":\n{\"b\":1}}"}},
      {"stream: a closing brace is missing",
       Format::JsonStream,
       "{\"a\":{\"b\":1}\n{\"a\":2}\n{\"a\":3}\n",
       {"{\"a\":{\"b\":1}", "{\"a\":2}", "{\"a\":3}"}},
      {"stream: a line breaks off in a text",
       Format::JsonStream,
       "{\"a\":\"x\n{\"a\":2}\n",
       {"{\"a\":\"x", "{\"a\":2}"}},
      {"stream: a line breaks off behind a comma",
       Format::JsonStream,
       "{\"a\":1,\n{\"a\":2}\n",
       {"{\"a\":1,", "{\"a\":2}"}},
      {"stream: a brace too many", Format::JsonStream, "{\"a\":1}}\n{\"a\":2}", {"{\"a\":1}", "}", "{\"a\":2}"}},
      {"stream: a bracket of the wrong kind",
       Format::JsonStream,
       "{\"a\":[1}\n{\"a\":1]}\n{\"a\":3}",
       {"{\"a\":[1}", "{\"a\":1]}", "{\"a\":3}"}},
      {"stream: garbage between",
       Format::JsonStream,
       "x:y {\"a\":1} ,{\"a\":2}",
       {"x:y", "{\"a\":1}", ",", "{\"a\":2}"}},
      {"stream: cut short", Format::JsonStream, "{\"a\":1}\n{\"a\":", {"{\"a\":1}", "{\"a\":"}},
      {"stream: nested objects stay together when broken",
       Format::JsonStream,
       "{\"a\" {\"b\":1}}\n{\"a\":2}",
       {"{\"a\" {\"b\":1}}", "{\"a\":2}"}},
      {"array: plain", Format::JsonArray, "[{\"a\":1},{\"a\":2}]", {"{\"a\":1}", "{\"a\":2}"}},
      {"array: pretty",
       Format::JsonArray,
       " [\n  {\n    \"a\": [1, 2]\n  },\n  {\n  }\n]\n",
       {"{\n    \"a\": [1, 2]\n  }", "{\n  }"}},
      {"array: empty", Format::JsonArray, "[ ]", {}},
      {"array: scalars and arrays",
       Format::JsonArray,
       "[1, \"a,]\", [2, [3]], null ]",
       {"1", "\"a,]\"", "[2, [3]]", "null"}},
      {"array: an element is missing", Format::JsonArray, "[1,,2]", {"1", ",", "2"}},
      {"array: a comma too many", Format::JsonArray, "[1,2,]", {"1", "2", "]"}},
      {"array: a comma too early", Format::JsonArray, "[,1]", {",", "1"}},
      {"array: a comma is missing", Format::JsonArray, "[{\"a\":1} {\"a\":2}, 3]", {"{\"a\":1} {\"a\":2}", "3"}},
      {"array: an element is not closed",
       Format::JsonArray,
       "[\n{\"a\":1,\n{\"a\":2},\n{\"a\":3}\n]",
       {"{\"a\":1,", "{\"a\":2}", "{\"a\":3}"}},
      {"array: the last element is not closed", Format::JsonArray, "[{\"a\":1},{\"a\":2]", {"{\"a\":1}", "{\"a\":2"}},
      {"array: cut short behind an element", Format::JsonArray, "[{\"a\":1}", {"{\"a\":1}"}, "cut short"},
      {"array: cut short in an element", Format::JsonArray, "[{\"a\":1},{\"a\"", {"{\"a\":1}", "{\"a\""}, "cut short"},
      {"array: cut short at once", Format::JsonArray, "[", {}, "cut short"},
      {"array: something behind it", Format::JsonArray, "[1]\n[2]", {"1"}, "goes on at byte 4"},
      {"array: is none", Format::JsonArray, "{\"a\":1}", {}, "expected `[` at byte 0"},
      {"csv: plain", Format::Csv, "a,b\n1,2\n3,4\n", {"1,2", "3,4"}},
      {"csv: all kinds of line ends", Format::Csv, "a,b\r\n1,2\r\n\r\n\n3,4", {"1,2", "3,4"}},
      {"csv: quoted line ends",
       Format::Csv,
       "a,b\n\"x\ny\",2\n1,\"x\r\ny\"\r\n\"\",\"\"\"\n\"\n",
       {"\"x\ny\",2", "1,\"x\r\ny\"", "\"\",\"\"\"\n\""}},
      {"csv: a quoted header", Format::Csv, "\"a\nb\",c\n1,2\n", {"1,2"}},
      {"csv: a quote within a cell opens nothing", Format::Csv, "a,b\nx\"y,2\n3,4\n", {"x\"y,2", "3,4"}},
      {"csv: a quote that is never closed", Format::Csv, "a,b\n1,\"x\n2,y\n3,z\n", {"1,\"x", "2,y", "3,z"}},
      {"csv: a quote that the next quoted cell seems to close",
       Format::Csv,
       "a,b\n1,\"x\n2,\"y\"\n3,z\n",
       {"1,\"x", "2,\"y\"", "3,z"}},
      {"csv: text behind a closing quote", Format::Csv, "a,b\n\"x\"y,1\n3,4\n", {"\"x\"y,1", "3,4"}},
      {"csv: a quote is closed only beyond the limit",
       Format::Csv,
       "a,b\n1,\"" + std::string(70, 'x') + "\n" + std::string(10, 'y') + "\"\n3,4\n",
       {"1,\"" + std::string(57, 'x'), std::string(10, 'y') + "\"", "3,4"}},
      {"csv: a long cell",
       Format::Csv,
       "a,b\n1," + std::string(500, 'x') + "\n3,4\n",
       {"1," + std::string(58, 'x'), "3,4"}},
      {"csv: zero bytes", Format::Csv, std::string("a,b\n1,\0\n3,4\n", 12), {std::string("1,\0", 3), "3,4"}},
      {"csv: the header alone", Format::Csv, "a,b", {}},
      {"tsv: commas are data", Format::Tsv, "a\tb\n1,2\t\"x\n,\"\n", {"1,2\t\"x\n,\""}},
      {"stream: a document beyond the limit",
       Format::JsonStream,
       "{\"a\":\"" + std::string(300, 'x') + "\"}\n{\"a\":2}",
       {"{\"a\":\"" + std::string(54, 'x'), "{\"a\":2}"}},
      {"stream: a broken document swallows no more than the limit",
       Format::JsonStream,
       "{\"a\":[" + std::string(80, '1') + "} {\"b\":1}{\"a\":\n 1} {\"a\":2}",
       {"{\"a\":[" + std::string(54, '1'), "{\"b\":1}", "{\"a\":\n 1}", "{\"a\":2}"}},
      {"array: an element beyond the limit",
       Format::JsonArray,
       "[{\"a\":\"" + std::string(300, ',') + "\"}, {\"a\":2}]",
       {"{\"a\":\"" + std::string(54, ','), "{\"a\":2}"}},
  };
  return all;
}

}  // namespace

TEST_CASE("Records are found where a reader would see them, and whatever the size of the blocks") {
  const Folder folder;
  for (const Layout& layout : layouts()) {
    INFO(layout.what);
    const std::string path = folder.write("input", layout.content);
    FileOptions options{.format = layout.format, .block_bytes = 1 << 18, .record_max_bytes = 60};
    const Reading whole = read_all(path, options);
    CHECK(bytes_of(whole) == layout.records);
    if (layout.error.empty()) {
      CHECK(whole.error.empty());
    } else {
      CHECK_THAT(whole.error, ContainsSubstring(layout.error));
    }
    for (options.block_bytes = 1; options.block_bytes <= 1000;
         options.block_bytes += options.block_bytes < 100 ? 1 : 97) {
      INFO("blocks of " << options.block_bytes << " bytes");
      const Reading reading = read_all(path, options);
      REQUIRE(reading.records == whole.records);
      REQUIRE(reading.lines == whole.lines);
      REQUIRE(reading.error == whole.error);
    }
  }
}

TEST_CASE("Lines and offsets point at the byte where a record begins") {
  const Folder folder;
  for (const Layout& layout : layouts()) {
    INFO(layout.what);
    const Reading reading =
        read_all(folder.write("input", layout.content), {.format = layout.format, .record_max_bytes = 60});
    for (const Record& record : reading.records) {
      REQUIRE(layout.content.compare(record.offset, record.bytes.size(), record.bytes) == 0);
      const auto before = static_cast<std::ptrdiff_t>(record.offset);
      const auto line = 1 + std::count(layout.content.begin(), layout.content.begin() + before, '\n');
      CHECK(record.line == static_cast<std::uint64_t>(line));
    }
    if (reading.error.empty())
      CHECK(reading.lines ==
            static_cast<std::uint64_t>(std::count(layout.content.begin(), layout.content.end(), '\n')));
  }
}

TEST_CASE("In random text no byte that means something is lost, and blocks of any size agree") {
  const Folder folder;
  std::mt19937 random(7);
  const std::string_view alphabet = "{}[]\",:\\\n 1a\r\t";
  for (int round = 0; round < 300; ++round) {
    std::string content;
    const std::size_t size = 1 + random() % 120;
    while (content.size() < size) content += alphabet[random() % alphabet.size()];
    for (const Format format : {Format::Json, Format::JsonStream, Format::JsonArray, Format::Csv}) {
      if (format == Format::JsonArray) content[0] = '[';
      FileOptions options{.format = format, .block_bytes = 1 << 18, .record_max_bytes = 1000};
      const std::string path = folder.write_raw("input", content);
      const Reading whole = read_all(path, options);
      if (format == Format::JsonStream) {
        std::string left = content;
        for (const Record& record : whole.records)
          left.replace(record.offset, record.bytes.size(), record.bytes.size(), ' ');
        INFO(content);
        REQUIRE(left.find_first_not_of(" \t\r\n") == std::string::npos);
      }
      for (const std::size_t block_bytes : {1UL, 3UL, 17UL}) {
        options.block_bytes = block_bytes;
        const Reading reading = read_all(path, options);
        INFO(content);
        REQUIRE(reading.records == whole.records);
        REQUIRE(reading.error == whole.error);
      }
    }
  }
}

TEST_CASE("A header that cannot name the columns is a fault of the input") {
  const Folder folder;
  const auto error = [&folder](std::string_view content) { return read_all(folder.write("a.csv", content)).error; };
  CHECK_THAT(error("a,b,a\n1,2,3\n"), ContainsSubstring("the header names `a` twice, columns 1 and 3"));
  CHECK_THAT(error("a,\"b\n1,2\n"), ContainsSubstring("a quote is not closed"));
  CHECK_THAT(error("a,b\xFF\n1,2\n"), ContainsSubstring("the header is not UTF-8"));
  CHECK_THAT(read_all(folder.write("a.csv", std::string(2000, 'a') + "\n1\n"), {.record_max_bytes = 1000}).error,
             ContainsSubstring("its header is longer than 1000 bytes"));
  CHECK(error("a,,\n1,2,3\n").empty());
  CHECK(error("").empty());
  CHECK(read_all(folder.write("a.csv", "\xEF\xBB\xBF\n\r\na,b\r\n1,2\n")).header == "a,b");
}

}  // namespace weir
