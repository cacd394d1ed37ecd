// SPDX-License-Identifier: Apache-2.0
#include "summary/shapes.h"

#include <algorithm>
#include <cmath>

namespace weir::testing {

namespace {

// Between 0 and 1, neither of them: the same on every machine, unlike the distributions of the standard library.
double unit(std::mt19937_64& random) {
  return (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53;
}

double normal(std::mt19937_64& random) {
  constexpr double kTurn = 6.283185307179586;
  const double radius = std::sqrt(-2 * std::log(unit(random)));
  return radius * std::cos(kTurn * unit(random));
}

}  // namespace

std::size_t any_up_to(std::size_t size, std::mt19937_64& random) {
  return static_cast<std::size_t>(random() % (size + 1));
}

std::vector<double> drawn(Shape shape, std::size_t size, std::uint64_t seed) {
  std::mt19937_64 random(seed * 1000 + static_cast<std::uint64_t>(shape));
  std::vector<double> values(size);
  const double constant = unit(random) * 1000;
  for (double& value : values) {
    switch (shape) {
      case Shape::Uniform:
      case Shape::Sorted:
      case Shape::Reversed: value = unit(random); break;
      case Shape::Normal: value = normal(random); break;
      case Shape::Constant: value = constant; break;
      case Shape::HeavyTailed: value = (random() % 2 == 0 ? 1 : -1) / unit(random); break;
      case Shape::FarFromZero: value = 1e9 + normal(random); break;
      case Shape::FewValues: value = static_cast<double>(random() % 5); break;
      case Shape::OutlierFirst: value = &value == values.data() ? 1e12 : normal(random); break;
    }
  }
  if (shape == Shape::Sorted) std::sort(values.begin(), values.end());
  if (shape == Shape::Reversed) std::sort(values.rbegin(), values.rend());
  return values;
}

std::string name_of(Shape shape) {
  switch (shape) {
    case Shape::Uniform: return "uniform";
    case Shape::Normal: return "normal";
    case Shape::Sorted: return "sorted";
    case Shape::Reversed: return "reversed";
    case Shape::Constant: return "constant";
    case Shape::HeavyTailed: return "heavy-tailed";
    case Shape::FarFromZero: return "far from zero";
    case Shape::FewValues: return "few values";
    case Shape::OutlierFirst: return "outlier first";
  }
  return "";
}

}  // namespace weir::testing
