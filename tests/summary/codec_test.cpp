// SPDX-License-Identifier: Apache-2.0
// Bytes that nobody vouches for: an error with its place, and nothing allocated for what a length promises.
#include "summary/codec.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "summary/column.h"
#include "summary/field_summary.h"
#include "summary/joint.h"
#include "summary/schema_summary.h"

namespace weir {
namespace {

TEST_CASE("numbers come back as they went") {
  const std::vector<std::uint64_t> numbers = {0, 1, 127, 128, 16383, 16384, ~std::uint64_t{0}, 1ULL << 63};
  const std::vector<std::int64_t> signed_numbers = {
      0, -1, 1, 63, -64, 64, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
  SummaryWriter out;
  for (const std::uint64_t number : numbers) out.varint(number);
  for (const std::int64_t number : signed_numbers) out.signed_varint(number);
  out.f64(0.1);
  out.text("text");
  SummaryReader in(out.bytes());
  for (const std::uint64_t number : numbers) CHECK(in.varint() == number);
  for (const std::int64_t number : signed_numbers) CHECK(in.signed_varint() == number);
  CHECK(in.f64() == 0.1);
  CHECK(in.text(4) == "text");
  CHECK(in.at_end());
  CHECK(in.ok());
}

TEST_CASE("a number has one form, and an error stays") {
  const std::vector<std::string> cases = {std::string("\x80\x00", 2), std::string(11, '\xff'), std::string("\x80")};
  for (const std::string& bytes : cases) {
    SummaryReader in(bytes);
    CHECK(in.varint() == 0);
    CHECK_FALSE(in.ok());
    CHECK(in.u8() == 0);
    CHECK(in.error().message.starts_with("summary is damaged at byte "));
  }
}

TEST_CASE("what a length promises is not believed") {
  SummaryWriter out;
  out.varint(1'000'000'000);
  SummaryReader text(out.bytes());
  CHECK(text.text(64).empty());
  CHECK(text.error().message == "summary is damaged at byte 5: a text is too long");
  SummaryReader count(out.bytes());
  CHECK(count.count(~std::uint64_t{0}, 8, "the number of things") == 0);
  CHECK(count.error().message == "summary is damaged at byte 5: it ends too early");
}

SummarySpec everything() {
  SummarySpec spec{.parts = Part::HighMoments | Part::Extremes | Part::Histogram | Part::Quantiles | Part::Distinct |
                            Part::Values | Part::Shape | Part::Repeats | Parts(Part::Delay)};
  spec.edges = std::make_shared<const std::vector<double>>(std::vector<double>{0, 0, 1});
  return spec;
}

template <class Read>
void flip_every_byte(const std::string& bytes, Read read) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const char change : {'\x01', '\x80'}) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ change);
      SummaryReader in(changed);
      read(in);
    }
  }
}

TEST_CASE("a changed byte is an error or another summary, which is itself sound") {
  const SummarySpec spec = everything();
  const testing::WrittenColumn values({"1", "0.5", "-3", "\"text\"", "true", "1e30", "\"2026-01-01T00:00:00Z\""});
  FieldSummary summary(spec);
  const std::vector<Instant> arrival = {Instant(Duration(1'767'225'600'000'000))};
  for (int i = 0; i < 32; ++i) summary.add(values.column(), values.all(), arrival);
  SummaryWriter out;
  summary.write(out);
  flip_every_byte(out.bytes(), [&](SummaryReader& in) {
    Result<FieldSummary> read = FieldSummary::read(in, spec);
    if (!read) return;
    read->merge(summary);
    read->merge(*read);
    (void)read->quantiles()->quantile(0.5);
    (void)read->values()->entries();
  });

  JointSummary joint(JointSpec{.pairs = true});
  joint.add(values.column(), values.column(), values.all());
  SummaryWriter joint_out;
  joint.write(joint_out);
  flip_every_byte(joint_out.bytes(), [&](SummaryReader& in) {
    Result<JointSummary> read = JointSummary::read(in, {.pairs = true});
    if (read) read->merge(joint);
  });

  SchemaSummary schema;
  for (std::uint32_t i = 0; i < 20; ++i) schema.add("name" + std::to_string(i), i, Kind::Text);
  SummaryWriter schema_out;
  schema.write(schema_out);
  flip_every_byte(schema_out.bytes(), [&](SummaryReader& in) {
    Result<SchemaSummary> read = SchemaSummary::read(in);
    if (read) read->merge(schema);
  });
}

}  // namespace
}  // namespace weir
