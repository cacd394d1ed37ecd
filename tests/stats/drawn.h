// SPDX-License-Identifier: Apache-2.0
// Values drawn as tests/reference/samples.py draws them, bit by bit.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace weir::testing {

class Drawn {
 public:
  explicit Drawn(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15) {}

  std::uint64_t next() {  // SplitMix64
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

  double share() { return static_cast<double>(next() >> 11) * 0x1p-53; }

  std::size_t size(int row) {
    const std::uint64_t most = row % 100 < 70 ? 30 : row % 100 < 95 ? 150 : row % 100 < 99 ? 500 : 3000;
    return static_cast<std::size_t>(1 + next() % most);
  }

  double value(int shape, bool second) {
    double u = share();
    switch (shape) {
      case 1: return second ? u + 0.15 : u;
      case 2: return std::floor(u * 7) + (second && share() < 0.2 ? 1.0 : 0.0);
      case 3: {
        double more = share();
        more += share();
        more += share();
        u += more;
        return second ? (u - 2) * 1.4 : u - 2;
      }
      case 4: return 1 / (1 - u) - 1;
      case 5: return (u - 0.5) * 1e300;
      case 6: return (u - 0.3) * 1e-310;
      case 7: {
        constexpr double kFour[] = {-1.0, -0.0, 0.0, 1.0};
        return kFour[static_cast<std::size_t>(u * 4)];
      }
      case 8: return second ? u + 10 : u;
      case 9: return std::floor(u * 100) / 100;
      default: return u;
    }
  }

  std::vector<double> sorted(std::size_t count, int shape, bool second) {
    std::vector<double> out(count);
    for (double& one : out) one = value(shape, second);
    std::sort(out.begin(), out.end());
    return out;
  }

 private:
  std::uint64_t state_;
};

}  // namespace weir::testing
