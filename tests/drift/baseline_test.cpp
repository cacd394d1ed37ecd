// SPDX-License-Identifier: Apache-2.0
// What is in a baseline, what is not, and what happens to one that somebody touched.
#include "drift/baseline.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "base/timestamp.h"
#include "drift/baseline_form.h"
#include "drift/edges.h"
#include "drift/written_column.h"

namespace weir {
namespace {

using testing::numbers_column;
using testing::profile_of_values;
using testing::WrittenValues;

SummarySpec everything() {
  SummarySpec spec;
  spec.parts = Part::Moments | Part::Raw | Part::Quantiles | Part::Values | Part::Distinct | Part::Shape;
  spec.raw_most = 100'000;
  return spec;
}

// Numbers of nine digits, each once, and one that is common.
std::vector<double> amounts() {
  std::mt19937_64 random(3);
  std::vector<double> values;
  for (int i = 0; i < 2'000; ++i) values.push_back(static_cast<double>(random() % 900'000'000 + 100'000'000) / 1000);
  values.insert(values.end(), 200, 777'777.125);
  values.insert(values.end(), 4, 424'242.375);  // rarer than the floor
  return values;
}

std::vector<std::string> countries() {
  std::vector<std::string> values;
  for (int i = 0; i < 1'000; ++i) values.push_back(i % 3 == 0 ? "\"Liechtenstein\"" : "\"Mozambique\"");
  for (int i = 0; i < 4; ++i) values.emplace_back("\"Kiribati-of-the-four\"");
  for (int i = 0; i < 50; ++i) values.emplace_back("null");
  return values;
}

Baseline sample() {
  Baseline baseline;
  baseline.weir = "0.1.0";
  baseline.made = Instant(Duration(1'767'225'600'000'000));
  baseline.records = 2'204;
  baseline.fields.push_back({"country", profile_of_values(WrittenValues(countries()), everything())});
  baseline.fields.push_back({"amount", profile_of_values(numbers_column(amounts()), everything())});
  baseline.fields.back().profile.design_effect = 1.25;
  baseline.fields.back().profile.design_windows = 48;
  baseline.joints.push_back({{"a", "b"}, 10, {1, 2}, {4, 1, 1, 9}, {0.5, -2}, {3, 20}, 1});
  return baseline;
}

std::string fault_of(const std::string& text, const std::string& secret = "") {
  const Result<Baseline> read = read_baseline(text, "refs/orders.json", secret);
  return read.ok() ? "" : read.error().message;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// As somebody who changes a baseline on purpose would do it.
std::string with_content(const std::string& content) {
  const Result<JsonValue> parsed = parse_json(content);
  REQUIRE(parsed.ok());
  return "{\"format\":\"weir-baseline\",\"version\":1,\"checksum\":\"" +
         baseline_form::checksum_of(baseline_form::compact_json(*parsed)) + "\",\"content\":" + content + "}";
}

std::string with_field(const std::string& members) {
  return with_content(R"({"weir":"0.1.0","records":1,"salt":"ab","fields":[{"path":"x",)" + members +
                      R"(}],"joints":[]})");
}

TEST_CASE("a baseline is read as it was written") {
  const Baseline baseline = sample();
  const std::string text = write_baseline(baseline, {});
  CHECK(is_baseline(text));
  const Result<Baseline> read = read_baseline(text, "refs/orders.json", "");
  REQUIRE(read.ok());
  CHECK(read->weir == "0.1.0");
  CHECK(read->made == baseline.made);
  CHECK_FALSE(read->from.has_value());
  CHECK(read->records == 2'204);
  CHECK(read->path == "refs/orders.json");
  CHECK_FALSE(read->keyed);
  CHECK(read->joints == baseline.joints);
  CHECK(read->find("nobody") == nullptr);
  const BaselineField* const amount = read->find("amount");
  REQUIRE(amount != nullptr);
  const Profile& raw = baseline.fields[1].profile;
  CHECK(amount->profile.elements == raw.elements);
  CHECK(amount->profile.mean == raw.mean);
  CHECK(amount->profile.m2 == raw.m2);
  CHECK(amount->profile.m3 == raw.m3);
  CHECK(amount->profile.design_effect == 1.25);
  CHECK(amount->profile.design_windows == 48);
  CHECK_FALSE(amount->profile.has_raw());
  CHECK(amount->profile.sketch.empty());
  REQUIRE(amount->profile.edges != nullptr);
  CHECK(amount->profile.edges->size() > 200);
  CHECK(amount->profile.cells == raw.counts_on(*amount->profile.edges));
  const BaselineField* const country = read->find("country");
  REQUIRE(country != nullptr);
  CHECK(country->profile.odd.null == 50);
  CHECK(country->profile.lengths == baseline.fields[0].profile.lengths);
  // Categories of the current side are found under the hash that they have here.
  REQUIRE(country->profile.categories.size() == 2);
  for (const Category& category : baseline.fields[0].profile.categories) {
    if (category.count < 5) continue;
    const std::uint64_t hash = baseline_hash(*read, category.hash, "");
    const auto found = std::find_if(country->profile.categories.begin(), country->profile.categories.end(),
                                    [&](const Category& one) { return one.hash == hash; });
    REQUIRE(found != country->profile.categories.end());
    CHECK(found->count == category.count);
    CHECK(found->hash != category.hash);
  }
  CHECK(write_baseline(*read, {}) == text);
}

TEST_CASE("the same records give the same baseline, other records another salt") {
  CHECK(write_baseline(sample(), {}) == write_baseline(sample(), {}));
  Baseline shuffled = sample();
  std::swap(shuffled.fields[0], shuffled.fields[1]);
  CHECK(write_baseline(shuffled, {}) == write_baseline(sample(), {}));
  Baseline other = sample();
  other.fields[0].profile.odd.null += 1;
  other.fields[0].profile.elements += 1;
  const Result<Baseline> first = read_baseline(write_baseline(sample(), {}), "", "");
  const Result<Baseline> second = read_baseline(write_baseline(other, {}), "", "");
  REQUIRE((first.ok() && second.ok()));
  CHECK(first->salt != second->salt);
}

TEST_CASE("no text of a baseline and no number but the common ones is in its bytes") {
  const std::string text = write_baseline(sample(), {});
  for (const std::string country : {"Liechtenstein", "Mozambique", "Kiribati"}) CHECK_FALSE(holds(text, country));
  std::set<double> seen;
  for (const double amount : amounts()) {
    if (!seen.insert(amount).second) continue;
    if (amount == 777'777.125) continue;
    const std::string digits = testing::written(amount);
    if (digits.size() < 7) continue;  // a round number may be an edge of another's neighbours
    CHECK_FALSE(holds(text, digits));
  }
  CHECK(holds(text, "777777.125,777777.125"));  // an atom is a value
  // Nor the smallest and the largest, whatever the number of their digits.
  const Result<Baseline> read = read_baseline(text, "", "");
  REQUIRE(read.ok());
  const std::vector<double>& edges = *read->find("amount")->profile.edges;
  for (const double amount : seen) {
    if (amount != 777'777.125) CHECK_FALSE(std::binary_search(edges.begin(), edges.end(), amount));
  }
}

TEST_CASE("values that are rarer than the floor are in no category, no atom and no cell of their own") {
  const Baseline baseline = sample();
  for (const std::uint64_t floor : {std::uint64_t{5}, std::uint64_t{50}, std::uint64_t{500}}) {
    const Result<Baseline> read = read_baseline(write_baseline(baseline, {.floor = floor}), "", "");
    REQUIRE(read.ok());
    const Profile& amount = read->find("amount")->profile;
    std::uint64_t sum = 0;
    for (std::size_t cell = 0; cell < amount.cells.size(); ++cell) {
      sum += amount.cells[cell];
      CHECK((amount.cells[cell] >= floor || is_atom_cell(*amount.edges, cell + 1) ||
             (cell > 0 && is_atom_cell(*amount.edges, cell - 1))));
    }
    CHECK(sum == 2'204);
    CHECK(std::count(amount.edges->begin(), amount.edges->end(), 777'777.125) == (floor <= 200 ? 2 : 0));
    const Profile& country = read->find("country")->profile;
    CHECK_FALSE(country.exact);
    CHECK(country.other == (floor <= 5 ? 4U : floor <= 334 ? 4U : 338U));
  }
}

TEST_CASE("a mean of fewer values than the floor is not written") {
  Baseline baseline;
  baseline.fields.push_back(
      {"few", profile_of_values(numbers_column({123'456.5, 123'456.5, 123'456.5}), everything())});
  const std::string text = write_baseline(baseline, {});
  CHECK_FALSE(holds(text, "123456"));
  const Result<Baseline> read = read_baseline(text, "", "");
  REQUIRE(read.ok());
  CHECK(read->find("few")->profile.finite == 3);
}

TEST_CASE("the mean does not give away what lies beside common numbers") {
  std::vector<double> bonus(200, 0.0);
  bonus[77] = 83'412.5;
  std::vector<double> two(200, 0.0);
  two[3] = 83'412.5;
  two[4] = 12.5;
  std::vector<double> six(200, 0.0);
  for (std::size_t i = 0; i < 6; ++i) six[i] = 100.5 + static_cast<double>(i);
  Baseline baseline;
  for (const auto& [path, values] : {std::pair("a.bonus", &bonus), std::pair("b.two", &two), std::pair("c.six", &six)})
    baseline.fields.push_back({path, profile_of_values(numbers_column(*values), everything())});
  for (const std::uint64_t floor : {std::uint64_t{5}, std::uint64_t{10}}) {
    const Result<Baseline> read = read_baseline(write_baseline(baseline, {.floor = floor}), "", "");
    REQUIRE(read.ok());
    for (const std::string path : {"a.bonus", "b.two"}) {
      const Profile& profile = read->find(path)->profile;
      CHECK(profile.finite == 200);
      CHECK(profile.mean == 0);
      CHECK_FALSE(std::isfinite(profile.m2));
    }
    CHECK(std::isfinite(read->find("c.six")->profile.m2) == (floor <= 6));
  }
  baseline.fields[0].profile.redacted = true;  // its common numbers are shown nowhere, and are known all the same
  CHECK_FALSE(std::isfinite(read_baseline(write_baseline(baseline, {}), "", "")->find("a.bonus")->profile.m2));
}

TEST_CASE("categories are named only where they were revealed, and never in a redacted field") {
  Baseline baseline = sample();
  const std::string open = write_baseline(baseline, {.reveal = true});
  CHECK(holds(open, "Liechtenstein"));
  CHECK_FALSE(holds(open, "Kiribati"));  // too rare
  SummarySpec redacted = everything();
  redacted.redacted = true;
  baseline.fields[0].profile = profile_of_values(WrittenValues(countries()), redacted);
  baseline.fields[1].profile = profile_of_values(numbers_column(amounts()), redacted);
  const std::string closed = write_baseline(baseline, {.reveal = true});
  CHECK_FALSE(holds(closed, "Liechtenstein"));
  CHECK_FALSE(holds(closed, "777777.125"));  // an atom is a value
}

TEST_CASE("hashes with a secret need it") {
  const Baseline baseline = sample();
  const std::string text = write_baseline(baseline, {.secret = "open sesame"});
  CHECK_FALSE(holds(text, "sesame"));
  CHECK(holds(fault_of(text), "set WEIR_BASELINE_SECRET"));
  CHECK(holds(fault_of(text, "close sesame"), "not the one that it was made with"));
  const Result<Baseline> read = read_baseline(text, "", "open sesame");
  REQUIRE(read.ok());
  CHECK(read->keyed);
  const std::uint64_t hash = baseline.fields[0].profile.categories[0].hash;
  CHECK(baseline_hash(*read, hash, "open sesame") == baseline_hash(*read, hash, ""));
  CHECK(baseline_hash(*read, hash, "") != baseline_hash(*read, hash, "close sesame"));
  // Without the secret not even the salt is a function of guesses.
  const Result<Baseline> plain = read_baseline(write_baseline(baseline, {}), "", "");
  REQUIRE(plain.ok());
  CHECK(plain->salt != read->salt);
  CHECK(write_baseline(*read, {}) == text);
}

TEST_CASE("a baseline that is cut short, changed, too new or none at all says what to do") {
  const std::string text = write_baseline(sample(), {});
  for (std::size_t size = 40; size + 2 < text.size(); size += 97) {
    CHECK(holds(fault_of(text.substr(0, size)), "cut short"));
  }
  CHECK(holds(fault_of(replaced(text, "\"elements\":1054", "\"elements\":1055")), "changed after it was made"));
  CHECK(holds(fault_of(replaced(text, "\"version\":1", "\"version\":2")),
              "it was made by a newer weir (format 2): update weir"));
  for (const char* const other : {"", "{}", "{\"id\": 1}", "id,amount\n1,2\n", "[\"format\"]"}) {
    CHECK_FALSE(is_baseline(other));
    CHECK(holds(fault_of(other), "this is no baseline: make one with `weir baseline`"));
  }
  CHECK(holds(fault_of(text.substr(0, 100)), "refs/orders.json"));
  CHECK(holds(fault_of("{\"format\":\"weir-baseline\",\"version\":1}"), "make it again"));
}

TEST_CASE("a baseline that was laid out otherwise is the same one") {
  const std::string text = write_baseline(sample(), {});
  std::string spread = " \n";
  bool quoted = false;
  for (const char c : text) {
    spread += c;
    quoted = quoted != (c == '"');
    if (!quoted && (c == ',' || c == '[' || c == '{' || c == ':')) spread += "\n\t ";
  }
  CHECK(is_baseline(spread));
  const Result<Baseline> read = read_baseline(spread, "", "");
  REQUIRE(read.ok());
  CHECK(write_baseline(*read, {}) == text);
}

TEST_CASE("a baseline that was made up with the right checksum is looked at all the same") {
  CHECK(fault_of(with_field(R"("elements":3,"integer":3,"numbers":{"count":3,"edges":[1,1],"cells":[1,1,1]},)"
                            R"("categories":[["00000000000000aa",2]],"other":1)")) == "");
  const std::pair<const char*, const char*> faults[] = {
      {R"("elements":-1,"categories":[])", "no whole number"},
      {R"("elements":9007199254740994,"categories":[])", "no whole number"},
      {R"("elements":1e3,"categories":[])", "no whole number"},
      {R"("elements":3,"categories":[],"other":2)", "categories do not add up"},
      {R"("elements":3,"null":9,"categories":[])", "do not add up"},
      {R"("elements":3,"categories":[["xyz",3]])", "16 hexadecimal digits"},
      {R"("elements":2,"categories":[["00000000000000aa",1],["00000000000000aa",1]])", "stands twice"},
      {R"("elements":3,"categories":[["00000000000000aa"]])", "a hash and a count"},
      {R"("elements":2,"categories":[],"other":2,"integer":2,"numbers":{"count":2,"edges":[2,1],"cells":[0,1,1]})",
       "edges are not in order"},
      {R"("elements":2,"categories":[],"other":2,"integer":2,"numbers":{"count":2,"edges":[1,1,1],"cells":[0,1,1,0]})",
       "three times"},
      {R"("elements":2,"categories":[],"other":2,"integer":2,"numbers":{"count":2,"edges":[1e999],"cells":[1,1]})",
       "out of range"},
      {R"("elements":2,"categories":[],"other":2,"integer":2,"numbers":{"count":2,"edges":[null],"cells":[1,1]})",
       "out of range"},
      {R"("elements":2,"categories":[],"other":2,"integer":2,"numbers":{"count":2,"edges":[1],"cells":[1]})",
       "one cell more than edges"},
      {R"("elements":2,"categories":[],"other":2,"integer":2,"numbers":{"count":2,"edges":[1],"cells":[1,2]})",
       "cells do not add up"},
      {R"("elements":2,"categories":[],"other":2,"integer":1,"numbers":{"count":2})", "than the types say"},
      {R"("elements":2,"categories":[],"other":2,"lengths":[1,2])", "32 cells"},
      {R"("elements":2,"categories":[],"other":2,"design_effect":0.5)", "below 1"},
      {R"("elements":2,"categories":7)", "list is missing"},
      {R"("categories":[])", "`elements` is missing"},
  };
  for (const auto& [members, fault] : faults) {
    INFO(members);
    const std::string found = fault_of(with_field(members));
    INFO(found);
    CHECK(holds(found, fault));
    CHECK(holds(found, "field `x`"));
  }
  std::string many = R"("elements":1025,"categories":[)";
  for (int i = 0; i < 1025; ++i) {
    char text[40];
    (void)std::snprintf(text, sizeof text, "%s[\"%016x\",1]", i == 0 ? "" : ",", i);
    many += text;
  }
  CHECK(holds(fault_of(with_field(many + "]")), "too long"));
  std::string deep = "{\"format\":\"weir-baseline\",\"version\":1,\"content\":";
  deep += std::string(100'000, '[');
  CHECK(holds(fault_of(deep), "cut short or damaged"));
  CHECK(
      holds(fault_of("{\"format\":\"weir-baseline\"," + std::string(5'000'000, ',')), "larger than a baseline can be"));
  CHECK(holds(fault_of(with_content(R"({"weir":"","records":1,"salt":"","fields":[],"joints":[]})")), "no salt"));
  CHECK(holds(fault_of(with_content(R"({"weir":"","records":1,"salt":"a","joints":[],"fields":[)"
                                    R"({"path":"b","elements":0,"categories":[]},)"
                                    R"({"path":"a","elements":0,"categories":[]}]})")),
              "not in order"));
  CHECK(holds(fault_of(with_content(R"({"weir":"","records":1,"salt":"a","fields":[],)"
                                    R"("joints":[{"paths":["a","b"],"rows":2,"means":[1,2],"comoments":[1,2]}]})")),
              "not all there"));
}

TEST_CASE("the baseline that docs/baseline.md shows is one") {
  std::ifstream file(WEIR_SOURCE_DIR "/docs/baseline.md");
  const std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::string open = "```json\n";
  const std::size_t from = page.find(open);
  REQUIRE(from != std::string::npos);
  const std::string shown = page.substr(from + open.size(), page.find("```", from + 3) - from - open.size());
  const Result<Baseline> read = read_baseline(shown, "docs/baseline.md", "");
  REQUIRE(read.ok());
  CHECK(read->records == 60);
  CHECK(write_baseline(*read, {}) == shown);
}

TEST_CASE("hashes that were not made for a file stay what they are") {
  CHECK(baseline_hash(Baseline(), 42, "secret") == 42);
}

}  // namespace
}  // namespace weir
