// SPDX-License-Identifier: Apache-2.0
// The shapes of data that statistics go wrong on.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace weir::testing {

enum class Shape : std::uint8_t {
  Uniform,
  Normal,
  Sorted,
  Reversed,
  Constant,
  HeavyTailed,  // Pareto with exponent 1: no mean, and both signs
  FarFromZero,  // 1e9 and noise
  FewValues,    // five of them
  OutlierFirst,
};
inline constexpr Shape kShapes[] = {Shape::Uniform,     Shape::Normal,    Shape::Sorted,
                                    Shape::Reversed,    Shape::Constant,  Shape::HeavyTailed,
                                    Shape::FarFromZero, Shape::FewValues, Shape::OutlierFirst};

[[nodiscard]] std::vector<double> drawn(Shape shape, std::size_t size, std::uint64_t seed);
[[nodiscard]] std::string name_of(Shape shape);

/// A place to cut: below or equal to `size`.
[[nodiscard]] std::size_t any_up_to(std::size_t size, std::mt19937_64& random);

}  // namespace weir::testing
