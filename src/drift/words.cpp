// SPDX-License-Identifier: Apache-2.0
#include "drift/words.h"

#include <cmath>
#include <cstdio>

namespace weir {

std::string percent(double share) {
  const double points = share * 100;
  char text[64];
  if (!std::isfinite(points)) return "? %";
  const double size = std::abs(points);
  if (size == 0 || size >= 9.995) {
    std::snprintf(text, sizeof text, "%.0f %%", points);
  } else {
    std::snprintf(text, sizeof text, size < 0.0095 ? "%.1g %%" : "%.2g %%", points);
  }
  return text;
}

std::string plain(double number) {
  char text[64];
  const double size = std::abs(number);
  if ((number == std::trunc(number) || size >= 9999.5) && size < 1e15) {
    std::snprintf(text, sizeof text, "%.0f", number);
    return size < 0.5 ? "0" : text;
  }
  std::snprintf(text, sizeof text, "%.4g", number);
  return text;
}

double rounded(double number, double within) {
  if (number == 0) return 0;
  const double magnitude = std::floor(std::log10(std::abs(number)));
  for (int digits = 0; digits < 6; ++digits) {
    const double step = std::pow(10.0, magnitude - digits);
    const double candidate = std::round(number / step) * step;
    if (std::abs(candidate - number) <= within) return candidate;
  }
  return number;
}

}  // namespace weir
