// SPDX-License-Identifier: Apache-2.0
// What every summary keeps: how many elements there were, of which kind.
#pragma once

#include <array>
#include <cstdint>

#include "summary/codec.h"

namespace weir {

/// Exact counts: merging adds them, so any order and any cut gives the same bytes.
struct Counters {
  std::uint64_t boolean = 0;
  std::uint64_t array = 0;
  std::uint64_t object = 0;
  std::uint64_t nan = 0;
  std::uint64_t positive_infinity = 0;
  std::uint64_t negative_infinity = 0;
  std::uint64_t empty_text = 0;
  std::uint64_t zero = 0;
  std::uint64_t negative = 0;  // negative numbers, infinity included
  std::uint64_t beyond = 0;    // finite numbers that no double holds (1e400): counted above, but in no moments
  // What most cells touch, side by side: with many segments, each line of memory is waited for.
  std::uint64_t elements = 0;
  std::uint64_t absent = 0;
  std::uint64_t null = 0;
  std::uint64_t text = 0;
  std::uint64_t integer = 0;   // whole numbers, however they are written: 5, 5.0, 1e3
  std::uint64_t fraction = 0;  // other finite numbers

  [[nodiscard]] std::uint64_t missing() const noexcept { return absent + null; }
  [[nodiscard]] std::uint64_t values() const noexcept { return elements - missing(); }
  [[nodiscard]] std::uint64_t finite() const noexcept { return integer + fraction; }
  [[nodiscard]] std::uint64_t infinite() const noexcept { return positive_infinity + negative_infinity; }
  [[nodiscard]] std::uint64_t numbers() const noexcept { return finite() + nan + infinite(); }

  void merge(const Counters& other) noexcept;
  void write(SummaryWriter& out) const;
  static Counters read(SummaryReader& in);
  bool operator==(const Counters&) const = default;
};

}  // namespace weir
