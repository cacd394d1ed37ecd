// SPDX-License-Identifier: Apache-2.0
// Numbers drawn for the statistical tests: the same from the same seed on every machine that rounds as IEEE 754 wants it.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>
#include <vector>

namespace weir::stat {

/// xoshiro256++ (D. Blackman, S. Vigna 2019), seeded by splitmix64.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
      std::uint64_t z = seed += 0x9e3779b97f4a7c15ULL;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
      word = z ^ (z >> 31);
    }
  }

  std::uint64_t next() {
    const auto turned = [](std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); };
    const std::uint64_t result = turned(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = turned(state_[3], 45);
    return result;
  }
  /// In (0, 1).
  double unit() { return (static_cast<double>(next() >> 12) + 0.5) * 0x1p-52; }
  std::uint64_t below(std::uint64_t n) { return static_cast<std::uint64_t>(unit() * static_cast<double>(n)); }
  /// Two at a time (G. Box, M. Muller 1958).
  double normal() {
    if (has_spare_) {
      has_spare_ = false;
      return spare_;
    }
    const double radius = std::sqrt(-2 * std::log(unit()));
    const double angle = 2 * std::numbers::pi * unit();
    spare_ = radius * std::sin(angle);
    has_spare_ = true;
    return radius * std::cos(angle);
  }

 private:
  std::array<std::uint64_t, 4> state_ = {};
  double spare_ = 0;
  bool has_spare_ = false;
};

/// What real columns look like.
enum class Shape : std::uint8_t { Normal, LogNormal, ZeroInflated, HeavyTailed };
inline constexpr std::array kShapes = {Shape::Normal, Shape::LogNormal, Shape::ZeroInflated, Shape::HeavyTailed};

constexpr std::string_view name_of(Shape shape) {
  switch (shape) {
    case Shape::Normal: return "normal";
    case Shape::LogNormal: return "lognormal, sigma 1.5";
    case Shape::ZeroInflated: return "zero in 60 %, else exponential";
    case Shape::HeavyTailed: return "t, 2 degrees";
  }
  return "";
}

inline double value_of(Shape shape, Draw& draw) {
  switch (shape) {
    case Shape::Normal: return draw.normal();
    case Shape::LogNormal: return std::exp(1.5 * draw.normal());
    case Shape::ZeroInflated: return draw.unit() < 0.6 ? 0 : -std::log(draw.unit());
    case Shape::HeavyTailed: {
      const double u = 2 * draw.unit() - 1;  // the quantile function of t with 2 degrees
      return u * std::sqrt(2 / (1 - u * u));
    }
  }
  return 0;
}

inline std::vector<double> sample(Shape shape, std::size_t n, Draw& draw) {
  std::vector<double> values(n);
  for (double& value : values) value = value_of(shape, draw);
  return values;
}

/// A share of so many trials, as the tables have it, and how far it may be off by chance (three standard errors).
struct Rate {
  std::uint64_t hits = 0;
  std::uint64_t of = 0;
  [[nodiscard]] double share() const { return of == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(of); }
};

}  // namespace weir::stat
