// SPDX-License-Identifier: Apache-2.0
// What becomes of CSV and TSV cells: kinds, texts, and the reasons why a row cannot be read.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "decode/csv_record.h"
#include "decode/decoders.h"

namespace weir {

namespace {

/// Decodes rows under a header and shows cells as `kind:text`.
class Table {
 public:
  explicit Table(std::string header, char separator = ',') : header_(std::move(header)), separator_(separator) {}

  Table& field(std::string_view path, CellType type = CellType::Text) {
    const Result<FieldPath> parsed = FieldPath::parse(path);
    REQUIRE(parsed.ok());
    plan_.fields[plan_.fields.add(*parsed)].cell_type = type;
    return *this;
  }
  Table& whole() {
    plan_.fields.add(FieldPath::whole());
    return *this;
  }
  Table& note_extra_fields() {
    plan_.extra_fields_rule = 0;
    return *this;
  }
  Table& limit(std::uint32_t bytes) {
    plan_.record_max_bytes = bytes;
    return *this;
  }
  Table& rows(std::vector<std::string> rows) {
    rows_ = std::move(rows);
    Messages messages;
    messages.header = header_;
    for (const std::string& row : rows_)
      messages.items.push_back({.bytes = row, .line = 7, .offset = 70, .whole = true});
    return decode(messages);
  }
  Table& decode(const Messages& messages) {
    if (!decoder_) decoder_ = make_csv_decoder(plan_, separator_);
    batch_.clear(plan_.fields.size());
    decoder_->decode(messages, batch_);
    return *this;
  }

  [[nodiscard]] std::string cell(std::size_t row, std::size_t column = 0) const {
    static constexpr std::string_view kNames[] = {"absent", "null", "boolean", "integer", "decimal",
                                                  "number", "text", "array",   "object"};
    const Kind kind = batch_.columns[column].kinds[row];
    std::string shown(kNames[static_cast<std::size_t>(kind)]);
    if (kind == Kind::Absent || kind == Kind::Null) return shown;
    const Cell& cell = batch_.columns[column].cells[row];
    shown += ":" + std::string(cell.text());
    if (kind == Kind::Boolean || kind == Kind::Integer) shown += "=" + std::to_string(cell.number);
    if (kind == Kind::Decimal) shown += "=" + std::to_string(cell.number) + "e-" + std::to_string(cell.scale);
    return shown;
  }
  /// "code@offset: reason", or "" for a row that could be read.
  [[nodiscard]] std::string fault(std::size_t row) const {
    for (const DecodeFailure& failure : batch_.failures) {
      if (failure.row == row)
        return std::string(failure.code) + "@" + std::to_string(failure.at) + ": " + failure.reason;
    }
    return "";
  }
  [[nodiscard]] const Batch& batch() const { return batch_; }

 private:
  std::string header_;
  char separator_;
  Plan plan_;
  std::vector<std::string> rows_;
  std::unique_ptr<Decoder> decoder_;
  Batch batch_;
};

}  // namespace

TEST_CASE("a row as one value is an object made by the header, typed as the fields that read it") {
  Table table("a,b,c,d,,\"x\"\"y\"");
  table.whole()
      .field("a", CellType::Number)
      .field("b", CellType::Boolean)
      .rows({"1.50,TRUE,7,,z,\"q\"\"\"", "NaN,no,,\"\",z,1e5", "1e5,false,x,y,,"});
  CHECK(table.cell(0) == R"(object:{"a":1.50,"b":true,"c":"7","d":null,"x\"y":"q\""})");
  CHECK(table.cell(1) == R"(object:{"a":"NaN","b":"no","c":null,"d":"","x\"y":"1e5"})");
  CHECK(table.cell(2) == R"(object:{"a":1e5,"b":false,"c":"x","d":"y","x\"y":null})");
}

TEST_CASE("An empty cell is null, a quoted empty cell is an empty text") {
  Table table("a,b");
  table.field("a").field("b").rows({",\"\"", "\"\","});
  CHECK(table.cell(0, 0) == "null");
  CHECK(table.cell(0, 1) == "text:");
  CHECK(table.cell(1, 0) == "text:");
  CHECK(table.cell(1, 1) == "null");
}

TEST_CASE("Without a type a cell is text exactly as it stands") {
  Table table("a");
  table.field("a").rows({"007", " x ", "true", "\"a,\"\"b\"\"\n\"", "1e3", std::string("\0", 1)});
  CHECK(table.cell(0) == "text:007");
  CHECK(table.cell(1) == "text: x ");
  CHECK(table.cell(2) == "text:true");
  CHECK(table.cell(3) == "text:a,\"b\"\n");
  CHECK(table.cell(4) == "text:1e3");
  CHECK(table.cell(5) == std::string("text:\0", 6));
}

TEST_CASE("Number cells are the numbers of JSON, and what is none stays text") {
  Table table("a");
  table.field("a", CellType::Number)
      .rows({"12", "-0.50", "\"7\"", "1e3", "123456789012345678901234567890", "NaN", "-Infinity", "007", "+1", " 1",
             "1,5", "abc", "9223372036854775807", "0.1234567890123456789"});
  CHECK(table.cell(0) == "integer:12=12");
  CHECK(table.cell(1) == "decimal:-0.50=-50e-2");
  CHECK(table.cell(2) == "integer:7=7");
  CHECK(table.cell(3) == "number:1e3");
  CHECK(table.cell(4) == "number:123456789012345678901234567890");
  CHECK(table.cell(5) == "number:NaN");
  CHECK(table.cell(6) == "number:-Infinity");
  CHECK(table.cell(7) == "text:007");
  CHECK(table.cell(8) == "text:+1");
  CHECK(table.cell(9) == "text: 1");
  CHECK(table.fault(10) == "columns@3: expected 1 cell, got 2");
  CHECK(table.cell(11) == "text:abc");
  CHECK(table.cell(12) == "integer:9223372036854775807=9223372036854775807");
  CHECK(table.cell(13) == "number:0.1234567890123456789");
}

TEST_CASE("Boolean cells are true and false in any case, everything else stays text") {
  Table table("a");
  table.field("a", CellType::Boolean).rows({"true", "FALSE", "True", "yes", "1", "\"true\"", "tru\x05"});
  CHECK(table.cell(0) == "boolean:true=1");
  CHECK(table.cell(1) == "boolean:FALSE=0");
  CHECK(table.cell(2) == "boolean:True=1");
  CHECK(table.cell(3) == "text:yes");
  CHECK(table.cell(4) == "text:1");
  CHECK(table.cell(5) == "boolean:true=1");
  CHECK(table.cell(6) == "text:tru\x05");
}

TEST_CASE("Header names find fields: nested and quoted paths alike, in any order, and what is missing is absent") {
  Table table("user.city,b,\"odd, name\",a");
  table.field("a")
      .field("user.city")
      .field("\"user.city\"")
      .field("\"odd, name\"")
      .field("missing")
      .field("items[].qty")
      .field("kafka.key")
      .rows({"Rome,2,3,1"});
  CHECK(table.cell(0, 0) == "text:1");
  CHECK(table.cell(0, 1) == "text:Rome");
  CHECK(table.cell(0, 2) == "text:Rome");
  CHECK(table.cell(0, 3) == "text:3");
  CHECK(table.cell(0, 4) == "absent");
  CHECK(table.batch().columns[5].repeated());
  CHECK(table.cell(0, 5) == "absent");
  CHECK(table.cell(0, 6) == "absent");
}

TEST_CASE("Columns that no rule names are extra fields where a rule asks for them") {
  Table table("a,b,c");
  table.field("b").rows({"1,2,3"});
  CHECK(table.batch().extra_fields.empty());

  Table asked("a,b,c");
  asked.field("b").note_extra_fields().rows({"1,2,3", "1,2", "4,5,6"});
  REQUIRE(asked.batch().extra_fields.size() == 4);
  CHECK(asked.batch().extra_fields[0].name == "a");
  CHECK(asked.batch().extra_fields[1].name == "c");
  CHECK(asked.batch().extra_fields[3].row == 2);
}

TEST_CASE("A row that cannot be read says why and where, and the next one is read") {
  Table table("a,b");
  table.field("a").field("b").limit(40).rows(
      {"1", "1,2,3", "x\"y,1", "\"x\"y,1", "1,\"x", "1,\xC3\x28", std::string(41, 'x') + ",1", "", "1,2"});
  CHECK(table.fault(0) == "columns@1: expected 2 cells, got 1");
  CHECK(table.fault(1) == "columns@5: expected 2 cells, got 3");
  CHECK(table.fault(2) == "syntax@1: a quote in a cell that does not begin with one");
  CHECK(table.fault(3) == "syntax@3: expected the end of the cell behind its closing quote");
  CHECK(table.fault(4) == "syntax@2: a quote is not closed");
  CHECK(table.fault(5) == "utf8@2: the bytes are not UTF-8");
  CHECK(table.fault(6) == "too_large@40: the record is longer than 40 bytes");
  CHECK(table.fault(7) == "columns@0: expected 2 cells, got 1");
  CHECK(table.fault(8).empty());
  CHECK(table.cell(8, 1) == "text:2");
  CHECK(table.cell(2, 0) == "absent");
  CHECK(table.batch().decoded.count() == 1);
  CHECK(table.batch().origins[3].line == 7);
  CHECK(table.batch().origins[3].bytes == "\"x\"y,1");
}

TEST_CASE("The beginning of a record that is too long is no record") {
  Table table("a,b");
  Messages messages;
  messages.header = "a,b";
  messages.items.push_back({.bytes = "1,2", .line = 2, .offset = 4, .whole = false});
  table.field("a").decode(messages);
  CHECK(table.fault(0).starts_with("too_large"));
}

TEST_CASE("Without a readable header no row can be read") {
  for (const std::string header : {"", "a,\"b", "a,a"}) {
    Table table(header);
    table.field("a").rows({"1,2"});
    CHECK(table.fault(0).starts_with("columns@0: "));
  }
}

TEST_CASE("A header whose names are separated by another sign is refused, and one in quotes is a name") {
  for (const std::string header : {"a;b", "a|b", "a\tb"}) {
    INFO(header);
    const Status checked = check_csv_header(header, ',');
    REQUIRE_FALSE(checked);
    CHECK(checked.error().message.find("cells seem to be separated by") != std::string::npos);
  }
  CHECK_FALSE(check_csv_header("a;b", '\t'));
  CHECK_FALSE(check_csv_header("a,b", '\t'));
  for (const std::string header : {"a", "\"a;b\"", "a;b,c", ""}) CHECK(check_csv_header(header, ','));
}

TEST_CASE("A new header is taken over between blocks") {
  Table table("a,b");
  table.field("a").rows({"1,2"});
  CHECK(table.cell(0) == "text:1");
  Messages messages;
  messages.header = "b,a";
  messages.items.push_back({.bytes = "1,2"});
  table.decode(messages);
  CHECK(table.cell(0) == "text:2");
}

TEST_CASE("Tabs separate the cells of TSV") {
  Table table("a\tb", '\t');
  table.field("a").field("b", CellType::Number).rows({"1,5\t2", "\"x\ty\"\t3"});
  CHECK(table.cell(0, 0) == "text:1,5");
  CHECK(table.cell(0, 1) == "integer:2=2");
  CHECK(table.cell(1, 0) == "text:x\ty");
}

TEST_CASE("Splitting eight bytes at a time finds the same cells as splitting one by one") {
  CsvSplitter splitter(',');
  for (std::size_t size = 0; size < 40; ++size) {
    for (unsigned pattern = 0; pattern < 64; ++pattern) {
      std::string row;
      std::vector<std::string> expected(1);
      for (std::size_t i = 0; i < size; ++i) {
        // Bytes next to the comma and with the high bit set are where arithmetic on words goes wrong.
        const char c = (pattern >> (i % 6) & 1U) != 0 ? ',' : "+-\xAC,."[i % 5];
        row += c;
        if (c == ',') {
          expected.emplace_back();
        } else {
          expected.back() += c;
        }
      }
      REQUIRE(splitter.split(row));
      REQUIRE(splitter.cells().size() == expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) REQUIRE(splitter.cells()[i].raw() == expected[i]);
    }
  }
}

}  // namespace weir
