// SPDX-License-Identifier: Apache-2.0
// All that is random in a simulated world comes from one seed.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "weir/time.h"

namespace weir::sim {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  std::uint64_t below(std::uint64_t end) { return next() % end; }
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most - least) + 1));
  }
  Duration between(Duration least, Duration most) { return Duration(between(least.count(), most.count())); }
  /// Once in so many times; 0: never.
  bool one_in(std::uint64_t times) { return times != 0 && below(times) == 0; }
  template <class T>
  const T& of(const std::vector<T>& some) {
    return some[below(some.size())];
  }
  template <class T>
  void shuffle(std::vector<T>& some) {
    for (std::size_t i = some.size(); i > 1; --i) std::swap(some[i - 1], some[below(i)]);
  }

 private:
  std::uint64_t state_;
};

}  // namespace weir::sim
