// SPDX-License-Identifier: Apache-2.0
// What a summary says about a column of everything that JSON can hold.
#include "summary/field_summary.h"

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <vector>

#include "base/timestamp.h"
#include "summary/column.h"

namespace weir {
namespace {

using testing::WrittenColumn;

FieldSummary summary_of(const SummarySpec& spec, const WrittenColumn& values) {
  FieldSummary summary(spec);
  summary.add(values.column(), values.all());
  return summary;
}

TEST_CASE("every kind of value is counted once, whole numbers however they are written") {
  const WrittenColumn values({"", "null", "true", "5", "5.0", "1e3", "-7", "0", "0.00", "1.5", "-1e-400", "NaN",
                              "Infinity", "-Infinity", "1e400", "\"\"", "\"x\"", "[1]", "{}"});
  const FieldSummary summary = summary_of({.parts = Part::Moments}, values);
  const Counters& c = summary.counters();
  CHECK(c.elements == 19);
  CHECK(c.absent == 1);
  CHECK(c.null == 1);
  CHECK(c.missing() == 2);
  CHECK(c.values() == 17);
  CHECK(c.boolean == 1);
  CHECK(c.integer == 7);  // 5, 5.0, 1e3, -7, 0, 0.00, 1e400
  CHECK(c.fraction == 2);
  CHECK(c.nan == 1);
  CHECK(c.positive_infinity == 1);
  CHECK(c.negative_infinity == 1);
  CHECK(c.text == 2);
  CHECK(c.empty_text == 1);
  CHECK(c.array == 1);
  CHECK(c.object == 1);
  CHECK(c.zero == 2);
  CHECK(c.negative == 3);  // -7, -1e-400, -Infinity
  CHECK(c.beyond == 1);
  REQUIRE(summary.moments() != nullptr);
  CHECK(summary.moments()->count() == 8);
  CHECK(summary.moments()->max() == 1000);
}

TEST_CASE("parts that nobody asked for are not there") {
  const FieldSummary summary(SummarySpec{});
  CHECK(summary.moments() == nullptr);
  CHECK(summary.extremes() == nullptr);
  CHECK(summary.histogram() == nullptr);
  CHECK(summary.quantiles() == nullptr);
  CHECK(summary.distinct() == nullptr);
  CHECK(summary.values() == nullptr);
  CHECK(summary.shape() == nullptr);
  CHECK(summary.repeats() == nullptr);
  CHECK(summary.delays() == nullptr);
  CHECK(summary.bytes() == sizeof(FieldSummary));
}

TEST_CASE("one value is one value in every part, however it is written") {
  const WrittenColumn values({"1", "1.0", "1e0", "\"1\"", "true"});
  const FieldSummary summary = summary_of({.parts = Part::Distinct | Part::Values | Parts(Part::Repeats)}, values);
  CHECK(summary.distinct()->estimate() == 3);
  REQUIRE(summary.values()->size() == 3);
  const std::vector<ValueCount> entries = summary.values()->entries();
  CHECK(entries[0].text == "1");
  CHECK(entries[0].value_class == ValueClass::Number);
  CHECK(entries[0].count == 3);
  CHECK(entries[1].value_class == ValueClass::Text);
  CHECK(entries[2].text == "true");
  CHECK(summary.repeats()->keys().keys == 3);
  CHECK(summary.repeats()->keys().once == 2);
}

TEST_CASE("delays are seconds from the time in the field to the arrival of its record") {
  const WrittenColumn values({"\"2026-01-01T00:00:00Z\"", "null", "\"2026-01-01T00:00:10Z\"", "1767225600"});
  FieldSummary summary({.parts = Part::Delay});
  const std::vector<Instant> one = {*parse_timestamp("2026-01-01T00:00:30Z")};
  summary.add(values.column(), values.all(), one);
  CHECK(summary.delays()->count() == 3);
  CHECK(summary.delays()->min() == 20);
  CHECK(summary.delays()->max() == 30);

  FieldSummary each({.parts = Part::Delay});
  const std::vector<Instant> arrivals(4, *parse_timestamp("2026-01-01T00:00:11Z"));
  each.add(values.column(), values.all(), arrivals);
  CHECK(each.delays()->min() == 1);
}

TEST_CASE("no text of a redacted field is kept") {
  const WrittenColumn values({"\"secret text\"", "\"secret text\"", "4711", "{\"pin\":4711}"});
  const FieldSummary summary =
      summary_of({.parts = Part::Values | Part::Extremes | Parts(Part::Shape), .redacted = true}, values);
  CHECK(summary.values()->size() == 3);
  for (const ValueCount& entry : summary.values()->entries()) CHECK(entry.text.empty());
  CHECK_FALSE(summary.extremes()->smallest_text());
  CHECK(summary.shape()->longest() == 11);
  SummaryWriter out;
  summary.write(out);
  CHECK(out.bytes().find("secret") == std::string::npos);
}

TEST_CASE("a summary is read back only with the spec that it was written with") {
  const SummarySpec spec{.parts = Part::Moments | Part::Quantiles};
  SummaryWriter out;
  summary_of(spec, WrittenColumn({"1", "2"})).write(out);
  SummaryReader same(out.bytes());
  CHECK(FieldSummary::read(same, spec).ok());
  CHECK(same.at_end());
  SummaryReader other(out.bytes());
  const Result<FieldSummary> wrong = FieldSummary::read(other, {.parts = Part::Moments});
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().message == "summary is damaged at byte 2: it was made for another rule file");
}

TEST_CASE("a summary that is cut short anywhere is an error") {
  const SummarySpec spec{.parts = Part::Moments | Part::Extremes | Part::Quantiles | Part::Distinct | Part::Values |
                                  Part::Shape | Parts(Part::Repeats)};
  SummaryWriter out;
  summary_of(spec, WrittenColumn({"1", "2.5", "\"text\"", "true", "1e30"})).write(out);
  for (std::size_t size = 0; size < out.bytes().size(); ++size) {
    SummaryReader in(std::string_view(out.bytes()).substr(0, size));
    INFO(size);
    CHECK_FALSE(FieldSummary::read(in, spec).ok());
  }
}

}  // namespace
}  // namespace weir
