// SPDX-License-Identifier: Apache-2.0
// The page about summaries says what they take.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "summary/field_summary.h"

namespace weir {
namespace {

// The third cell of the row of a part.
double stated_bytes(const std::string& page, const std::string& part) {
  const std::size_t row = page.find("\n| " + part + " |");
  REQUIRE(row != std::string::npos);
  std::size_t at = row + 2;
  for (int cell = 0; cell < 2; ++cell) at = page.find('|', at) + 1;
  return std::stod(page.substr(at));
}

TEST_CASE("docs/summaries.md says what each part takes") {
  std::ifstream file(WEIR_SOURCE_DIR "/docs/summaries.md");
  const std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto bound = [](Parts parts) {
    SummarySpec spec{.parts = parts};
    spec.edges = std::make_shared<const std::vector<double>>(255);
    return static_cast<double>(FieldSummary::bytes_bound(spec));
  };
  const double counters = bound(Parts());
  CHECK(std::fabs(stated_bytes(page, "counters") - counters) <= 0.1 * counters);
  const std::pair<std::string, Part> parts[] = {
      {"moments", Part::HighMoments}, {"extremes", Part::Extremes},
      {"histogram", Part::Histogram}, {"quantiles", Part::Quantiles},
      {"distinct", Part::Distinct},   {"values", Part::Values},
      {"shape", Part::Shape},         {"repeats", Part::Repeats},
      {"delay", Part::Delay},         {"raw", Part::Raw},
  };
  for (const auto& [name, part] : parts) {
    INFO(name);
    const double bytes = bound(part) - counters;
    CHECK(std::fabs(stated_bytes(page, name) - bytes) <= 0.1 * bytes);
  }
}

}  // namespace
}  // namespace weir
