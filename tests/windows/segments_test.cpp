// SPDX-License-Identifier: Apache-2.0
#include "windows/segments.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace weir {
namespace {

/// A batch with one column of texts; an empty text is null.
struct Rows {
  explicit Rows(const std::vector<std::string>& texts) : kept(texts) {
    batch.clear(1);
    batch.origins.resize(texts.size());
    Column& column = batch.columns[0];
    column.kinds.assign(texts.size(), Kind::Text);
    column.cells.resize(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      column.cells[i] = {
          .number = 0, .data = kept[i].data(), .size = static_cast<std::uint32_t>(kept[i].size()), .scale = 0};
      if (texts[i].empty()) column.kinds[i] = Kind::Null;
      rows.push_back(static_cast<std::uint32_t>(i));
    }
  }
  std::vector<std::string> kept;
  Batch batch;
  std::vector<std::uint32_t> rows;
};

FieldTable table_of(bool redacted = false) {
  FieldTable table;
  table.add(*FieldPath::parse("land"));
  table[0].redacted = redacted;
  return table;
}

std::vector<SegmentField> by_land(const std::vector<std::string>& listed = {}) {
  return {{.column = 0, .path = "land", .listed = listed}};
}

std::vector<std::string> names(Segments& segments) {
  std::vector<std::string> out;
  for (const std::uint32_t number : segments.in_order()) out.push_back(segments.name(number));
  return out;
}

std::vector<std::string> draw(std::size_t count, std::size_t different, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back("land " + std::to_string(random() % different));
  return out;
}

TEST_CASE("the same segments are kept whatever the order and however many runs are merged") {
  std::vector<std::string> texts = draw(2'000, 500, 1);
  const FieldTable table = table_of();
  std::vector<std::string> expected;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    std::mt19937_64 random(seed);
    std::shuffle(texts.begin(), texts.end(), random);
    Segments all(by_land({"land 7", "nowhere"}), 20, table);
    std::vector<std::uint32_t> found;
    for (std::size_t at = 0; at < texts.size();) {
      const std::size_t size = std::min<std::size_t>(texts.size() - at, 1 + random() % 300);
      const Rows rows(
          {texts.begin() + static_cast<std::ptrdiff_t>(at), texts.begin() + static_cast<std::ptrdiff_t>(at + size)});
      Segments part(by_land({"land 7", "nowhere"}), 20, table);
      part.find(rows.batch, rows.rows, found);
      for (std::uint32_t number = 0; number < part.numbers(); ++number) all.adopt(part, number);
      all.merge_folded(part);
      static_cast<void>(all.take_pushed_out());
      at += size;
    }
    if (expected.empty()) expected = names(all);
    CHECK(names(all) == expected);
    CHECK(all.folded() == std::set<std::string>(texts.begin(), texts.end()).size() - 19);
  }
  CHECK(expected.size() == 21);
  CHECK(std::count(expected.begin(), expected.end(), "land=\"land 7\"") == 1);
  CHECK(std::count(expected.begin(), expected.end(), "land=\"nowhere\"") == 1);
  CHECK(expected.back() == "land, __other__");
}

TEST_CASE("a segment that is pushed out within a batch has no row in it") {
  const Rows rows(draw(1'000, 300, 2));
  Segments segments(by_land(), 5, table_of());
  std::vector<std::uint32_t> found;
  segments.find(rows.batch, rows.rows, found);
  CHECK_FALSE(segments.take_pushed_out().empty());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::string name = "land=\"" + rows.kept[i] + "\"";
    const bool is_kept = segments.name(found[i]) == name;
    CHECK((is_kept || found[i] == Segments::kOther));
  }
  std::vector<std::uint32_t> again;
  segments.find(rows.batch, rows.rows, again);
  CHECK(again == found);
}

TEST_CASE("how many segments were folded is estimated within five standard errors beyond 4,096") {
  Segments segments(by_land(), 10, table_of());
  std::vector<std::string> texts;
  for (int i = 0; i < 60'000; ++i) texts.push_back("key " + std::to_string(i));
  std::vector<std::uint32_t> found;
  const Rows rows(texts);
  segments.find(rows.batch, rows.rows, found);
  const double estimate = static_cast<double>(segments.folded());
  CHECK(estimate > 59'990 * (1 - 5 / 64.0));
  CHECK(estimate < 59'990 * (1 + 5 / 64.0));
  CHECK(segments.bytes() < 2'000'000);
}

TEST_CASE("null is a segment of its own, a number that is listed is found, a redacted value is not shown") {
  Segments plain(by_land({"12"}), 5, table_of());
  Rows rows({"DE", "", "12"});
  rows.batch.columns[0].kinds[2] = Kind::Integer;
  rows.batch.columns[0].cells[2].number = 12;
  std::vector<std::uint32_t> found;
  plain.find(rows.batch, rows.rows, found);
  CHECK(names(plain) == std::vector<std::string>{"land=\"12\"", "land=\"DE\"", "land=null"});
  CHECK(plain.name(found[2]) == "land=\"12\"");
  Segments hidden(by_land(), 5, table_of(true));
  hidden.find(rows.batch, rows.rows, found);
  CHECK(hidden.name(found[0]).starts_with("land=\"#"));
  CHECK(hidden.name(found[0]).find("DE") == std::string::npos);
}

TEST_CASE("written segments are read as they were, and damaged ones are an error") {
  const Rows rows(draw(500, 100, 3));
  Segments segments(by_land({"land 1"}), 8, table_of());
  std::vector<std::uint32_t> found;
  segments.find(rows.batch, rows.rows, found);
  SummaryWriter out;
  segments.write(out);
  Segments copy(by_land({"land 1"}), 8, table_of());
  SummaryReader in(out.bytes());
  copy.read(in);
  CHECK(in.ok());
  CHECK(in.at_end());
  CHECK(names(copy) == names(segments));
  CHECK(copy.folded() == segments.folded());
  const std::vector<std::uint32_t> numbers = segments.written_numbers();
  for (const std::uint32_t number : segments.in_order()) CHECK(copy.name(numbers[number]) == segments.name(number));
  for (std::size_t size = 0; size < out.bytes().size(); ++size) {
    Segments cut(by_land({"land 1"}), 8, table_of());
    SummaryReader part(std::string_view(out.bytes()).substr(0, size));
    cut.read(part);
    CHECK_FALSE(part.ok());
  }
}

}  // namespace
}  // namespace weir
