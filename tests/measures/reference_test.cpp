// SPDX-License-Identifier: Apache-2.0
// The measures against NumPy and SciPy: tests/reference/measures.json, made by the script beside it.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "measures/written_field.h"

namespace weir::testing {
namespace {

// What two programs that add doubles in different orders agree to.
constexpr double kRelative = 1e-11;

SlowJson reference() {
  std::ifstream file(std::string(WEIR_SOURCE_DIR) + "/tests/reference/measures.json");
  std::ostringstream text;
  text << file.rdbuf();
  const std::optional<SlowJson> parsed = slow_parse(text.str());
  REQUIRE(parsed.has_value());
  return *parsed;
}

std::vector<std::string> texts_of(const SlowJson& array) {
  std::vector<std::string> out;
  for (const SlowJson& item : array.items) out.push_back(item.text);
  return out;
}

double number_of(const SlowJson& value) {
  return std::strtod(value.text.c_str(), nullptr);
}

void check(const std::string& name, const MeasureInput& input, double expected) {
  const Measured found = measure_named(name).compute(input);
  SlowMeasured slow;
  slow.number = expected;
  INFO(name);
  CHECK(difference(slow, found, kRelative, 1) == "");
  CHECK(found.exact);
}

TEST_CASE("measures of one field are those of NumPy and SciPy") {
  const SlowJson all = reference();
  REQUIRE(all.find("fields")->items.size() == 10);
  for (const SlowJson& one : all.find("fields")->items) {
    const WrittenField field(texts_of(*one.find("values")));
    SummarySpec spec;
    spec.parts = Part::Moments | Part::HighMoments | Part::Extremes | Part::Quantiles | Part::Values;
    const FieldSummary summary = field.summary(spec, {}, 3);
    MeasureInput input;
    input.field = &summary;
    const SlowJson& measures = *one.find("measures");
    REQUIRE(measures.keys.size() >= 7);
    for (std::size_t i = 0; i < measures.keys.size(); ++i) {
      if (measures.keys[i] != "quantiles") check(measures.keys[i], input, number_of(measures.items[i]));
    }
    for (const SlowJson& quantile : measures.find("quantiles")->items) {
      const std::vector<double> share = {number_of(quantile.items[0])};
      input.numbers = share;
      check("quantile", input, number_of(quantile.items[1]));
    }
  }
}

TEST_CASE("measures of two fields are those of NumPy and SciPy") {
  const SlowJson all = reference();
  REQUIRE(all.find("pairs")->items.size() == 4);
  for (const SlowJson& one : all.find("pairs")->items) {
    const WrittenField a(texts_of(*one.find("a")));
    const WrittenField b(texts_of(*one.find("b")));
    SummarySpec spec;
    spec.parts = Part::Moments;
    const FieldSummary of_a = a.summary(spec);
    const FieldSummary of_b = b.summary(spec);
    const JointSummary joint = joint_summary(a, b, 3);
    MeasureInput input;
    input.field = &of_a;
    input.second = &of_b;
    input.joint = &joint;
    const SlowJson& measures = *one.find("measures");
    REQUIRE(measures.keys.size() == 4);
    for (std::size_t i = 0; i < measures.keys.size(); ++i) {
      check(measures.keys[i], input, number_of(measures.items[i]));
    }
  }
}

}  // namespace
}  // namespace weir::testing
