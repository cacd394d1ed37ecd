// SPDX-License-Identifier: Apache-2.0
#include "testing/written_elements.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "base/assert.h"

namespace weir::testing {

namespace {

bool is_number(const std::string& text) {
  char* end = nullptr;
  (void)std::strtod(text.c_str(), &end);
  return !text.empty() && *end == '\0' && text.find_first_of("xXnN") == std::string::npos;
}

std::string quoted(const std::string& word) {
  return "\"" + word + "\"";
}

void add_range(std::vector<std::string>& out, const std::string& token, std::size_t dots) {
  const bool ids = token.starts_with("id");
  const long long first = std::atoll(token.c_str() + (ids ? 2 : 0));
  const long long last = std::atoll(token.c_str() + dots + 2);
  const std::size_t slash = token.find('/');
  const double by = slash == std::string::npos ? 1 : std::atof(token.c_str() + slash + 1);
  const long long step = last >= first ? 1 : -1;
  for (long long i = first; i != last + step; i += step) {
    char text[40];
    if (ids) {
      std::snprintf(text, sizeof text, "\"id%08lld\"", i);
    } else if (by == 1) {
      std::snprintf(text, sizeof text, "%lld", i);
    } else {
      std::snprintf(text, sizeof text, "%.15g", static_cast<double>(i) / by);
    }
    out.emplace_back(text);
  }
}

Kind kind_of(const std::string& text, Cell& cell) {
  cell.data = text.data();
  cell.size = static_cast<std::uint32_t>(text.size());
  if (text.empty()) return Kind::Absent;
  if (text == "null") return Kind::Null;
  if (text == "true" || text == "false") {
    cell.number = text == "true" ? 1 : 0;
    return Kind::Boolean;
  }
  if (text.front() == '"') {
    cell.data = text.data() + 1;
    cell.size -= 2;
    return Kind::Text;
  }
  const std::size_t point = text.find('.');
  std::string digits = text;
  if (point != std::string::npos) digits.erase(point, 1);
  const bool plain = digits.find_first_not_of("0123456789", digits[0] == '-' ? 1 : 0) == std::string::npos;
  if (!plain || digits.size() > 18) return Kind::Number;
  cell.number = std::strtoll(digits.c_str(), nullptr, 10);
  cell.scale = point == std::string::npos ? 0 : static_cast<std::uint32_t>(text.size() - point - 1);
  return cell.scale == 0 ? Kind::Integer : Kind::Decimal;
}

}  // namespace

std::vector<std::string> written_elements(std::string_view notation) {
  std::vector<std::string> out;
  std::istringstream words{std::string(notation)};
  for (std::string token; words >> token;) {
    std::size_t times = 1;
    const std::size_t star = token.find('*');
    if (star != std::string::npos) {
      times = static_cast<std::size_t>(std::atoll(token.c_str() + star + 1));
      token.resize(star);
    }
    WEIR_ASSERT(times > 0 && !token.empty(), "a test wrote elements that cannot be read");
    const std::size_t dots = token.find("..");
    const bool as_written = token.front() == '"' || token == "null" || token == "true" || token == "false" ||
                            token == "NaN" || token.ends_with("Infinity") || is_number(token);
    for (std::size_t i = 0; i < times; ++i) {
      if (dots != std::string::npos) {
        add_range(out, token, dots);
      } else if (token == "absent") {
        out.emplace_back();
      } else {
        out.push_back(as_written ? token : quoted(token));
      }
    }
  }
  return out;
}

SummarySpec drift_spec() {
  SummarySpec spec;
  spec.parts = Part::Moments | Part::Raw | Part::Quantiles | Part::Values | Part::Distinct | Part::Shape;
  spec.quantile_k = 1024;
  return spec;
}

FieldSummary summary_of_elements(const std::vector<std::string>& written, const SummarySpec& spec) {
  Column column;
  std::vector<std::uint32_t> rows;
  for (const std::string& text : written) {
    Cell cell;
    column.kinds.push_back(kind_of(text, cell));
    column.cells.push_back(cell);
    rows.push_back(static_cast<std::uint32_t>(rows.size()));
  }
  FieldSummary out(spec);
  out.add(column, rows, {});
  return out;
}

}  // namespace weir::testing
