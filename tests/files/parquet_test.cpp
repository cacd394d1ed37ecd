// SPDX-License-Identifier: Apache-2.0
// Parquet files as a user meets them: what their values are to rules, what is read of them, and what is said of broken ones.
// parquet/make.py wrote the files.
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "decode/decoders.h"
#include "files/expand.h"
#include "files/parquet_source.h"
#include "measures/registry.h"
#include "testing/input_files.h"

namespace weir {

namespace {

using Catch::Matchers::ContainsSubstring;
using testing::Folder;
using testing::read_file;
using Texts = std::vector<std::string>;

std::string fixture(const std::string& name) {
  return std::string(WEIR_SOURCE_DIR "/tests/files/parquet/") + name;
}

/// What became of a file.
struct Table {
  std::string error;
  std::uint64_t rows = 0;
  std::uint64_t undecodable = 0;
  std::uint64_t bytes = 0;
  Texts failures;
  Texts json;                          // of each row, where wanted
  std::map<std::string, Texts> cells;  // by path: the elements one after the other, as they are written
  std::map<std::string, std::vector<Kind>> kinds;
  std::vector<std::vector<std::string>> seen;  // by row
};

struct Wanted {
  Texts paths;
  bool whole_rows = false;
  bool json = false;
  bool seen = false;
  CellType cell_type = CellType::Text;
  std::size_t every = 1;                                             // only each so-many-th row is handed on
  std::vector<std::pair<std::string, std::uint32_t>> measures = {};  // that a window asks for, of which path
};

Table read_table(const std::string& path, const Wanted& wanted) {
  Table table;
  Plan plan;
  plan.note_fields = wanted.seen;
  plan.windows.resize(1);
  WindowRule& rule = plan.window_rules.emplace_back();
  for (const auto& [name, column] : wanted.measures) {
    MeasureCall& call = rule.must.calls.emplace_back();
    call.spec = &*std::ranges::find(measure_specs(), name, &MeasureSpec::name);
    call.columns = {column};
    call.declared = {FieldType::Any};
  }
  for (const std::string& text : wanted.paths)
    plan.fields[plan.fields.add(text.empty() ? FieldPath::whole() : *FieldPath::parse(text))].cell_type =
        wanted.cell_type;
  Result<std::unique_ptr<FileSource>> source = FileSource::open(path, {.plan = &plan, .whole_rows = wanted.whole_rows});
  if (!source) {
    table.error = source.error().message;
    return table;
  }
  REQUIRE((*source)->format() == Format::Parquet);
  const std::unique_ptr<Decoder> decoder = make_decoder(Format::Parquet, plan);
  Block block;
  Batch batch;
  for (;;) {
    const Result<bool> more = (*source)->next(block);
    if (!more) {
      table.error = more.error().message;
      break;
    }
    if (!*more) break;
    (*source)->cut(block);
    Messages messages;
    messages.columns = block.messages.columns;
    for (std::size_t i = 0; i < block.messages.items.size(); i += wanted.every)
      messages.items.push_back(block.messages.items[i]);
    batch.clear(plan.fields.size());
    decoder->decode(messages, batch);
    table.rows += batch.size();
    table.undecodable += batch.failures.size();
    for (const DecodeFailure& failure : batch.failures)
      table.failures.push_back(std::to_string(failure.row) + ": " + failure.reason);
    for (const SeenField& seen : batch.seen_fields) {
      if (seen.position == 0) table.seen.emplace_back();
      table.seen.back().push_back(std::string(seen.name) + " " + std::to_string(static_cast<int>(seen.kind)));
    }
    for (std::size_t i = 0; i < plan.fields.size(); ++i) {
      const Column& column = batch.columns[i];
      for (std::size_t element = 0; element < column.size(); ++element) {
        const Kind kind = column.kinds[element];
        table.cells[wanted.paths[i]].push_back(kind == Kind::Absent ? "-" : written_text(kind, column.cells[element]));
        table.kinds[wanted.paths[i]].push_back(kind);
      }
    }
    for (const Message& message : messages.items) {
      if (wanted.json) table.json.push_back(block.messages.columns->json(message.line));
    }
  }
  table.bytes = (*source)->bytes_read();
  return table;
}

bool built_without() {
  return parquet_library().empty();
}

}  // namespace

TEST_CASE("Without Apache Arrow a Parquet file is an error that says so") {
  if (!built_without()) SKIP("this weir was built with Parquet");
  CHECK_THAT(read_table(fixture("rows.parquet"), {}).error, ContainsSubstring("this weir was built without Parquet"));
}

TEST_CASE("Every type of a Parquet file is what rules take it for") {
  if (built_without()) SKIP("this weir was built without Parquet");
  struct Type {
    std::string path;
    Kind kind;
    std::string written;
  };
  const std::vector<Type> types = {
      {"bool", Kind::Boolean, "true"},
      {"int8", Kind::Integer, "-8"},
      {"uint64", Kind::Number, "18446744073709551615"},
      {"int64", Kind::Integer, "-9223372036854775808"},
      {"half", Kind::Decimal, "0.5"},
      {"float", Kind::Decimal, "0.1"},
      {"double", Kind::Decimal, "19.99"},
      {"nan", Kind::Number, "NaN"},
      {"whole", Kind::Integer, "100"},
      {"decimal", Kind::Decimal, "-0.50"},
      {"long_decimal", Kind::Number, "12345678901234567890.5"},
      {"longest_decimal", Kind::Number, "1234567890123456789012345678901234567890.12"},
      {"text", Kind::Text, "zwölf"},
      {"large_text", Kind::Text, "groß"},
      {"bytes", Kind::Text, "AP8="},
      {"fixed", Kind::Text, "YWJj"},
      {"uuid", Kind::Text, "0f8fad5b-d9cb-469f-a165-70867728950e"},
      {"date", Kind::Text, "2026-01-02"},
      {"time", Kind::Text, "12:34:56.789"},
      {"utc_millis", Kind::Text, "2026-01-02T03:04:05.678Z"},
      {"local_micros", Kind::Text, "2026-01-02T03:04:05.678"},
      {"utc_nanos", Kind::Text, "2026-01-02T03:04:05Z"},
      {"list", Kind::Array, "[1,null,3]"},
      {"user", Kind::Object, R"({"address":{"zip":"8001"},"tags":["x","y"]})"},
      {"user.address.zip", Kind::Text, "8001"},
      {"map", Kind::Object, R"({"color":"red","size":null})"},
      {"map.color", Kind::Text, "red"},
  };
  Wanted wanted;
  for (const Type& type : types) wanted.paths.push_back(type.path);
  const Table table = read_table(fixture("types.parquet"), wanted);
  REQUIRE(table.error.empty());
  for (const Type& type : types) {
    INFO(type.path);
    REQUIRE(table.cells.at(type.path).size() == 2);
    CHECK(table.cells.at(type.path)[0] == type.written);
    CHECK(table.kinds.at(type.path)[0] == type.kind);
    const bool nested = type.path.find('.') != std::string::npos;
    CHECK(table.kinds.at(type.path)[1] == (nested ? Kind::Absent : Kind::Null));
  }
}

TEST_CASE("ENUM of Parquet is text, wherever it stands, and BSON is bytes") {
  if (built_without()) SKIP("this weir was built without Parquet");
  const Table table = read_table(fixture("annotated.parquet"),
                                 {.paths = {"enum", "bson", "list[]", "user.kind", "map.a", "user"}, .json = true});
  REQUIRE(table.error.empty());
  CHECK(table.cells.at("enum") == Texts{"PAID", "null", "OPEN"});
  CHECK(table.cells.at("bson") == Texts{"e30=", "null", "eA=="});
  CHECK(table.cells.at("list[]") == Texts{"PAID", "OPEN", "-"});
  CHECK(table.cells.at("user.kind") == Texts{"A", "-", "null"});
  CHECK(table.cells.at("map.a") == Texts{"ONE", "-", "-"});
  const Table whole = read_table(fixture("annotated.parquet"), {.paths = {}, .whole_rows = true, .json = true});
  CHECK(whole.json[0] ==
        R"({"enum":"PAID","bson":"e30=","list":["PAID","OPEN"],"user":{"other":1,"kind":"A"},"map":{"a":"ONE"}})");
}

TEST_CASE("Elements of lists in Parquet are those that a path names") {
  if (built_without()) SKIP("this weir was built without Parquet");
  const Table table =
      read_table(fixture("types.parquet"),
                 {.paths = {"items[].qty", "items[].sku", "list[]", "user.tags[]", "items[].none", "none[].x"}});
  REQUIRE(table.error.empty());
  CHECK(table.cells.at("items[].qty") == Texts{"1", "2", "-"});
  CHECK(table.cells.at("items[].sku") == Texts{"a", "null", "-"});
  CHECK(table.cells.at("list[]") == Texts{"1", "null", "3", "-"});
  CHECK(table.cells.at("user.tags[]") == Texts{"x", "y", "-"});
  CHECK(table.cells.at("items[].none") == Texts{"-", "-", "-"});
  CHECK(table.cells.at("none[].x") == Texts{"-", "-"});
}

TEST_CASE("A row of a Parquet file is shown as JSON with all of its fields") {
  if (built_without()) SKIP("this weir was built without Parquet");
  const Table table = read_table(fixture("rows.parquet"), {.paths = {"id"}, .whole_rows = true, .json = true});
  REQUIRE(table.rows == 3000);
  CHECK(table.json[0] == R"({"id":0,"country":"DE","noise":"noise 0","amount":0.00})");
  CHECK(table.json[2999] == R"({"id":2999,"country":null,"noise":"noise 48370","amount":29.99})");
}

TEST_CASE("A rule about whole records of Parquet sees them as objects with all fields") {
  if (built_without()) SKIP("this weir was built without Parquet");
  const Table table = read_table(fixture("rows.parquet"), {.paths = {"id", ""}, .every = 1000});
  CHECK(table.kinds.at("")[1] == Kind::Object);
  CHECK(table.cells.at("")[0] == R"({"id":0,"country":"DE","noise":"noise 0","amount":0.00})");
  CHECK(table.cells.at("id")[1] == "1000");
  const Table broken = read_table(fixture("broken_text.parquet"), {.paths = {""}});
  CHECK(broken.cells.at("")[1] == "-");
  CHECK(broken.failures == Texts{"1: a text of the row is not UTF-8"});
}

TEST_CASE("Columns of Parquet that no rule names are not read") {
  if (built_without()) SKIP("this weir was built without Parquet");
  const Table little = read_table(fixture("rows.parquet"), {.paths = {"id"}});
  const Table all = read_table(fixture("rows.parquet"), {.paths = {"id"}, .whole_rows = true});
  const Table none = read_table(fixture("rows.parquet"), {});
  CHECK(little.rows == 3000);
  CHECK(none.rows == 3000);
  CHECK(all.bytes > little.bytes + 40'000);
  CHECK(little.bytes > none.bytes + 3000 * 8);

  // Broken pages of such a column are never met; where it is named they are.
  const Folder folder;
  std::string bytes = read_file(fixture("rows.parquet"));
  for (std::size_t at = 0; (at = bytes.find("noise 1", at)) != std::string::npos; at += 7) bytes[at] = 'X';
  const std::string broken = folder.write_raw("broken.parquet", bytes);
  CHECK(read_table(broken, {.paths = {"id", "amount"}}).error.empty());
  CHECK(read_table(broken, {.paths = {"id", "amount"}}).rows == 3000);
  CHECK_THAT(read_table(broken, {.paths = {"id", "noise"}}).error, ContainsSubstring("row group 1, from row 1: "));
}

TEST_CASE("What windows ask for and row groups say is not read from pages") {
  if (built_without()) SKIP("this weir was built without Parquet");
  const Folder folder;
  const std::string good = read_file(fixture("rows.parquet"));
  const std::size_t head = good.find("schema", good.size() - good.size() / 10) - 16;  // where no page lies any more
  const std::string broken =
      folder.write_raw("broken.parquet", "PAR1" + std::string(head - 4, '\0') + good.substr(head));
  const Wanted wanted{.paths = {"id", "amount"}, .measures = {{"min", 0}, {"max", 0}, {"null_rate", 0}, {"min", 1}}};
  const Table table = read_table(broken, wanted);
  REQUIRE(table.error.empty());
  REQUIRE(table.rows == 3000);
  for (std::size_t group = 0; group < 3; ++group) {
    CHECK(table.cells.at("id")[group * 1000] == std::to_string(group * 1000));
    CHECK(table.cells.at("id")[group * 1000 + 999] == std::to_string(group * 1000 + 999));
    CHECK(table.kinds.at("id")[group * 1000 + 500] == Kind::Integer);
  }
  CHECK(table.cells.at("amount")[0] == "0.00");
  CHECK(table.cells.at("amount")[2999] == "29.99");
  CHECK(read_table(broken, {.paths = {"id"}, .whole_rows = true, .measures = {{"min", 0}}}).error != "");
  CHECK(read_table(broken, {.paths = {"id", ""}, .measures = {{"min", 0}}}).error != "");
  // What needs more than that is read, and so is everything beside a text, whose row might be lost.
  CHECK(read_table(broken, {.paths = {"id"}, .measures = {{"min", 0}, {"mean", 0}}}).error != "");
  CHECK(read_table(broken, {.paths = {"id", "country"}, .measures = {{"min", 0}}}).error != "");
  CHECK(read_table(fixture("rows.parquet"), {.paths = {"id", "country"}, .measures = {{"min", 0}, {"null_rate", 1}}})
            .cells.at("country")[2] == "null");
}

TEST_CASE("A row group whose statistics cannot be right or are missing is read") {
  if (built_without()) SKIP("this weir was built without Parquet");
  const Folder folder;
  std::string bytes = read_file(fixture("rows.parquet"));
  // The smallest id of the second row group, in its statistics, becomes larger than the largest.
  const std::string least("\xe8\x03\0\0\0\0\0\0", 8);
  std::size_t changed = 0;
  for (std::size_t at = bytes.size() - bytes.size() / 10; (at = bytes.find(least, at)) != std::string::npos; ++at) {
    bytes[at + 1] = '\x7f';
    ++changed;
  }
  REQUIRE(changed > 0);
  const Table table = read_table(folder.write_raw("x.parquet", bytes), {.paths = {"id"}, .measures = {{"min", 0}}});
  REQUIRE(table.error.empty());
  const Texts& ids = table.cells.at("id");
  CHECK(ids[0] == "0");
  CHECK(ids[500] == "999");
  CHECK(ids[1000] == "1000");
  CHECK(ids[1500] == "1500");
  CHECK(ids[2500] == "2999");

  // Of floats nothing but nulls is taken, as NaN does not show in statistics; times are compared as texts.
  const Wanted floats{.paths = {"nan", "double", "utc_millis"},
                      .measures = {{"max", 0}, {"null_count", 1}, {"min", 2}}};
  const Table types = read_table(fixture("types.parquet"), floats);
  CHECK(types.cells.at("nan") == Texts{"NaN", "null"});
  CHECK(types.cells.at("double") == Texts{"null", "0"});
  CHECK(types.cells.at("utc_millis")[0] == "2026-01-02T03:04:05.678Z");
}

TEST_CASE("Rows of Parquet may be handed on in parts and as a selection") {
  if (built_without()) SKIP("this weir was built without Parquet");
  const Table table = read_table(fixture("rows.parquet"), {.paths = {"id", "country"}, .every = 7});
  REQUIRE(table.cells.at("id").size() == table.rows);
  CHECK(table.cells.at("id")[1] == "7");
  CHECK(table.cells.at("id")[2] == "14");
  CHECK(table.cells.at("country")[1] == "CH");
  CHECK(table.cells.at("country")[2] == "null");
}

TEST_CASE("A text in Parquet that is not UTF-8 makes its row undecodable, and no other") {
  if (built_without()) SKIP("this weir was built without Parquet");
  const Table table = read_table(fixture("broken_text.parquet"), {.paths = {"id", "text", "list[]"}});
  CHECK(table.cells.at("id") == Texts{"1", "-", "3"});
  CHECK(table.cells.at("list[]") == Texts{"a"});
  CHECK(table.failures == Texts{"1: a text of the row is not UTF-8"});
  CHECK(read_table(fixture("broken_text.parquet"), {.paths = {"id"}}).failures.empty());
}

TEST_CASE("Every field of the schema is seen where a measure asks for fields") {
  if (built_without()) SKIP("this weir was built without Parquet");
  const Table table = read_table(fixture("rows.parquet"), {.paths = {"id"}, .seen = true});
  REQUIRE(table.seen.size() == 3000);
  CHECK(table.seen[0] == Texts{"id 3", "country 6", "noise 6", "amount 4"});
  CHECK(table.seen[2] == Texts{"id 3", "country 1", "noise 6", "amount 4"});
}

TEST_CASE("Directories name fields of the rows below them") {
  if (built_without()) SKIP("this weir was built without Parquet");
  const Folder folder;
  const std::string bytes = read_file(fixture("rows.parquet"));
  const auto put = [&](const std::string& below) {
    std::filesystem::create_directories(folder.path("t/" + below));
    return folder.write_raw("t/" + below + "/part-0.parquet", bytes);
  };
  const std::string first = put("year=2026/city=Z%C3%BCrich%2FWest");
  const std::string second = put("year=__HIVE_DEFAULT_PARTITION__/city=x");
  const Table table = read_table(first, {.paths = {"id", "year", "city"}, .json = true});
  CHECK(table.cells.at("year")[5] == "2026");
  CHECK(table.kinds.at("year")[5] == Kind::Text);
  CHECK(table.cells.at("city")[2999] == "Zürich/West");
  CHECK_THAT(table.json[1], ContainsSubstring(R"("year":"2026","city":"Zürich/West"})"));
  CHECK(read_table(first, {.paths = {"year"}, .cell_type = CellType::Number}).kinds.at("year")[0] == Kind::Integer);
  CHECK(read_table(second, {.paths = {"year"}, .cell_type = CellType::Number}).kinds.at("year")[0] == Kind::Null);

  // A directory stands for all files of the table below it, and for nothing that is not data.
  for (const char* const name : {"t/_SUCCESS", "t/_metadata", "t/.hidden.parquet", "t/year=2026/_side.parquet"})
    (void)folder.write_raw(name, "x");
  std::filesystem::create_directories(folder.path("t/_temporary/0"));
  (void)folder.write_raw("t/_temporary/0/part-0.parquet", bytes);
  const Result<Texts> files = expand_inputs({folder.path("t")});
  REQUIRE(files.ok());
  CHECK(*files == Texts{first, second});
}

TEST_CASE("A Parquet file is known by its first bytes too, and is no pipe") {
  if (built_without()) SKIP("this weir was built without Parquet");
  const Folder folder;
  CHECK(read_table(folder.write_raw("table", read_file(fixture("rows.parquet"))), {.paths = {"id"}}).rows == 3000);
  int ends[2] = {-1, -1};
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::write(ends[1], "PAR1", 4) == 4);
  ::close(ends[1]);
  const std::string pipe = "/dev/fd/" + std::to_string(ends[0]);
  CHECK_THAT(read_table(pipe, {}).error, ContainsSubstring("Parquet is read from files, not from a pipe"));
  ::close(ends[0]);
}

TEST_CASE("A Parquet file that is none, cut short or encrypted is an error that says so") {
  if (built_without()) SKIP("this weir was built without Parquet");
  const Folder folder;
  const std::string bytes = read_file(fixture("rows.parquet"));
  const auto error_of = [&](const std::string& content) {
    return read_table(folder.write_raw("x.parquet", content), {.paths = {"id"}}).error;
  };
  CHECK_THAT(error_of(""), ContainsSubstring("it is empty"));
  CHECK_THAT(error_of("{\"a\":1}\n"), ContainsSubstring("it is no Parquet file"));
  CHECK_THAT(error_of(bytes.substr(0, bytes.size() / 2)), ContainsSubstring("it is cut short"));
  CHECK_THAT(error_of(bytes.substr(0, bytes.size() - 4) + "PARE"), ContainsSubstring("it is encrypted"));
  CHECK_THAT(error_of("PAR1" + std::string(100, '\xff') + "PAR1"), ContainsSubstring("cannot read `"));
}

TEST_CASE("Whatever bytes of a Parquet file are wrong, it is read or refused") {
  if (built_without()) SKIP("this weir was built without Parquet");
  const Folder folder;
  const std::string good = read_file(fixture("types.parquet"));
  const Wanted wanted{.paths = {"text", "decimal", "items[].qty", "map", "utc_millis", "uuid"}, .json = true};
  const Texts whole = read_table(fixture("types.parquet"), wanted).json;
  std::mt19937_64 random(11);
  std::size_t refused = 0;
  for (int i = 0; i < 300; ++i) {
    std::string bytes = good;
    // The head, at the end of the file, is where it hurts most.
    const std::size_t from = i % 2 == 0 ? 0 : good.size() - good.size() / 3;
    for (std::size_t flips = 1 + random() % 4; flips > 0; --flips)
      bytes[from + random() % (good.size() - from)] ^= static_cast<char>(1U << random() % 8);
    if (i % 10 == 0) bytes.erase(random() % bytes.size(), 1 + random() % 100);
    const Table table = read_table(folder.write_raw("x.parquet", bytes), wanted);
    refused += table.error.empty() ? 0U : 1U;
    const Wanted counted{.paths = {"int64", "decimal"}, .measures = {{"min", 0}, {"max", 1}}};
    (void)read_table(folder.path("x.parquet"), counted);
  }
  CHECK(refused > 100);
  CHECK(whole.size() == 2);
}

}  // namespace weir
