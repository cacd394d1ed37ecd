// SPDX-License-Identifier: Apache-2.0
// One suite for every format and every way in: the same records give the same rows, however they are framed, compressed and
// cut, and every decoder keeps to the same rules when records are hostile.
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "decode/decoders.h"
#include "testing/decoded_rows.h"
#include "testing/input_files.h"

namespace weir {

namespace {

using testing::decode;
using testing::DecodedRow;
using testing::Folder;
using testing::plan_of;

/// The rows of an input and what became of it; plain text, so that a difference can be read.
std::vector<std::string> rows_of(const std::string& path, const Plan& plan, FileOptions options = {}) {
  options.record_max_bytes = plan.record_max_bytes;
  Result<std::unique_ptr<FileSource>> source = FileSource::open(path, options);
  REQUIRE(source.ok());
  const std::unique_ptr<Decoder> decoder = make_decoder((*source)->format(), plan);
  std::vector<std::string> rows;
  Block block;
  for (;;) {
    const Result<bool> more = (*source)->next(block);
    REQUIRE(more.ok());
    if (!*more) return rows;
    (*source)->cut(block);
    for (DecodedRow& row : decode(*decoder, plan, block.messages)) {
      for (std::string& value : row.values) {
        if (value.starts_with("null ")) value = "null";  // written `null` here and as an empty cell there
      }
      rows.push_back(show(row));
    }
  }
}

/// id is a text, amount a number, ok true or false, note a text; the rest of a record no rule reads.
Plan typed_plan() {
  Plan plan = plan_of({"id", "amount", "ok", "note"});
  plan.fields[1].cell_type = CellType::Number;
  plan.fields[2].cell_type = CellType::Boolean;
  return plan;
}

const std::vector<std::string> kDocuments = {
    R"({"id":"007","amount":12,"ok":true,"note":"plain","other":1})",
    R"({"id":"b","amount":-1.50,"ok":false,"note":"comma, \"quote\"","other":2})",
    R"({"id":"","amount":1e3,"ok":null,"note":"line\nbreak","other":3})",
    R"({"id":"d","amount":123456789012345678901234567890,"ok":true,"note":"größer {[","other":4})",
    R"({"id":"e","amount":null,"ok":true,"note":"","other":5})",
};

std::string joined(const std::string& before, const std::string& between, const std::string& after) {
  std::string text = before;
  for (std::size_t i = 0; i < kDocuments.size(); ++i) text += (i == 0 ? "" : between) + kDocuments[i];
  return text + after;
}

/// The documents laid out over several lines, as a person or a tool would write them.
std::string pretty(const std::string& text) {
  std::string out;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && (i == 0 || text[i - 1] != '\\')) in_text = !in_text;
    out += c;
    if (in_text) continue;
    if (c == ',' || c == '{') out += "\n  ";
    if (c == ':') out += ' ';
  }
  return out;
}

std::string table(char separator, const std::string& ending) {
  const std::string s(1, separator);
  std::string text = "other" + s + "id" + s + "amount" + s + "ok" + s + "note" + ending;
  text += "1" + s + "007" + s + "12" + s + "true" + s + "plain" + ending;
  text += "2" + s + "b" + s + "-1.50" + s + "false" + s + "\"comma, \"\"quote\"\"\"" + ending;
  text += "3" + s + "\"\"" + s + "1e3" + s + s + "\"line\nbreak\"" + ending;
  text += "4" + s + "\"d\"" + s + "123456789012345678901234567890" + s + "true" + s + "größer {[" + ending;
  text += "5" + s + "e" + s + s + "true" + s + "\"\"" + ending;
  return text;
}

}  // namespace

TEST_CASE("The same records give the same rows in every format, framing and compression") {
  const Folder folder;
  const Plan plan = typed_plan();
  const std::vector<std::string> expected = rows_of(folder.write("plain.ndjson", joined("", "\n", "\n")), plan);
  REQUIRE(expected.size() == kDocuments.size());

  const std::string array = joined("[", ",", "]");
  const std::vector<std::pair<std::string, std::string>> inputs = {
      {"crlf.ndjson", joined("", "\r\n", "\r\n")},
      {"no_last_line_end.ndjson", joined("", "\n", "")},
      {"byte_order_mark.ndjson", joined("\xEF\xBB\xBF", "\n", "\n")},
      {"empty_lines.jsonl", joined("\n\n", "\n \n", "\n\n\n")},
      {"array.json", array},
      {"pretty_array.json", pretty(array) + "\n"},
      {"byte_order_mark.json", "\xEF\xBB\xBF" + array},
      {"stream.json", pretty(joined("", "\n", "\n"))},
      {"adjacent.json", pretty(joined("", "", ""))},
      {"table.csv", table(',', "\n")},
      {"crlf.csv", table(',', "\r\n")},
      {"byte_order_mark.csv", "\xEF\xBB\xBF" + table(',', "\n")},
      {"table.tsv", table('\t', "\n")},
  };
  for (const auto& [name, content] : inputs) {
    for (const char* compressed : {"", ".gz", ".zst"}) {
      INFO(name << compressed);
      const std::string path = folder.write(name + compressed, content);
      CHECK(rows_of(path, plan) == expected);
      for (std::size_t block_bytes = 1; block_bytes <= 1000; block_bytes += block_bytes < 20 ? 1 : 89) {
        INFO("blocks of " << block_bytes << " bytes");
        REQUIRE(rows_of(path, plan, {.block_bytes = block_bytes}) == expected);
      }
    }
    INFO(name << " through a pipe");
    int ends[2] = {-1, -1};
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::write(ends[1], content.data(), content.size()) == static_cast<ssize_t>(content.size()));
    ::close(ends[1]);
    FileOptions options;
    if (name.ends_with(".csv")) options.format = Format::Csv;
    if (name.ends_with(".tsv")) options.format = Format::Tsv;
    CHECK(rows_of("/dev/fd/" + std::to_string(ends[0]), plan, options) == expected);
    ::close(ends[0]);
  }
}

TEST_CASE("A record that cannot be read is one undecodable row, and the others are read, in every format") {
  const Folder folder;
  const Plan plan = typed_plan();
  const std::vector<std::pair<std::string, std::string>> inputs = {
      {"a.ndjson", "{\"id\":\"1\"}\n{\"id\":\n{\"id\":\"3\"}\n"},
      {"a.json", "[{\"id\":\"1\"},{\"id\":},{\"id\":\"3\"}]"},
      {"b.json", "{\n\"id\":\"1\"}\n{\"id\":\"2\"\n{\"id\":\"3\"}\n"},
      {"a.csv", "id,amount\n1,\n2\n3,\n"},
      {"a.tsv", "id\tamount\n1\t\n\"2\"x\t\n3\t\n"},
      {"b.csv", "id,amount\n1,\n\"2,\n3,\n"},
      {"c.csv", "id,amount\n1,\n\xFF,\n3,\n"},
  };
  for (const auto& [name, content] : inputs) {
    INFO(name);
    const std::string path = folder.write(name, content);
    Result<std::unique_ptr<FileSource>> source = FileSource::open(path, {});
    REQUIRE(source.ok());
    Block block;
    REQUIRE(*(*source)->next(block));
    (*source)->cut(block);
    const std::unique_ptr<Decoder> decoder = make_decoder((*source)->format(), plan);
    const std::vector<DecodedRow> rows = decode(*decoder, plan, block.messages);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].values[0] == "text 1");
    CHECK_FALSE(rows[1].decoded);
    CHECK_FALSE(rows[1].reason.empty());
    CHECK(rows[1].at <= block.messages.items[1].bytes.size());
    for (const std::string& value : rows[1].values) CHECK(value == "absent");
    CHECK(rows[2].values[0] == "text 3");
  }
}

TEST_CASE("A record beyond the limit is too_large in every format, and the next one is read") {
  const Folder folder;
  Plan plan = typed_plan();
  plan.record_max_bytes = 100;
  const std::string much(500, 'x');
  const std::vector<std::pair<std::string, std::string>> inputs = {
      {"a.ndjson", "{\"id\":\"" + much + "\"}\n{\"id\":\"2\"}\n"},
      {"a.json", "[{\"id\":\"" + much + "\"},{\"id\":\"2\"}]"},
      {"b.json", "{\"id\":\"" + much + "\"}{\"id\":\"2\"}\n"},
      {"a.csv", "id,amount\n" + much + ",\n2,\n"},
      {"b.csv", "id,amount\n\"" + much + "\",\n2,\n"},
  };
  for (const auto& [name, content] : inputs) {
    for (const std::size_t block_bytes : {1UL, 128UL, 100'000UL}) {
      INFO(name << " in blocks of " << block_bytes);
      FileOptions options{.block_bytes = block_bytes};
      if (name == "b.json") options.format = Format::JsonStream;
      const std::vector<std::string> rows = rows_of(folder.write(name, content), plan, options);
      REQUIRE(rows.size() == 2);
      CHECK(rows[0].find("too_large") != std::string::npos);
      CHECK(rows[1].find("text 2") != std::string::npos);
    }
  }
}

TEST_CASE("Damaged anywhere, an input is still read to its end and every row is a record or has a reason") {
  const Folder folder;
  const Plan plan = typed_plan();
  std::mt19937 random(11);
  const std::vector<std::pair<Format, std::string>> inputs = {{Format::Json, joined("", "\n", "\n")},
                                                              {Format::JsonStream, pretty(joined("", "\n", "\n"))},
                                                              {Format::JsonArray, joined("[", ",\n", "]")},
                                                              {Format::Csv, table(',', "\n")},
                                                              {Format::Tsv, table('\t', "\r\n")}};
  for (int round = 0; round < 200; ++round) {
    for (const auto& [format, original] : inputs) {
      std::string content = original;
      // The header and the opening bracket stay: without them the input as a whole is refused.
      const std::size_t first = format == Format::JsonArray                      ? 1
                                : format == Format::Csv || format == Format::Tsv ? content.find('\n') + 1
                                                                                 : 0;
      for (unsigned i = 0; i <= random() % 4; ++i)
        content[first + random() % (content.size() - first)] = "\"{}[],\n\\\xFF\0\r1"[random() % 12];
      Result<std::unique_ptr<FileSource>> source =
          FileSource::open(folder.write_raw("input", content), {.format = format, .block_bytes = 64});
      REQUIRE(source.ok());
      const std::unique_ptr<Decoder> decoder = make_decoder(format, plan);
      Block block;
      for (;;) {
        const Result<bool> more = (*source)->next(block);
        if (!more || !*more) break;
        (*source)->cut(block);
        for (const DecodedRow& row : decode(*decoder, plan, block.messages)) {
          INFO(content);
          REQUIRE(row.decoded == row.reason.empty());
          REQUIRE(row.decoded == row.code.empty());
        }
      }
    }
  }
}

}  // namespace weir
