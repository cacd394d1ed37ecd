// SPDX-License-Identifier: Apache-2.0
// The frame of every loop over columns: asks one question of each open row and packs the answers, 64 a word.
#pragma once

#include <bit>
#include <cstdint>

#include "expr/evaluate.h"
#include "weir/check.h"

namespace weir {

/// Answers for one row, as bits, so that they can be shifted into masks without a branch.
enum Answer : std::uint32_t { kNo = 0, kYes = 1, kUnknown = 2, kFault = 4 };

[[nodiscard]] constexpr std::uint32_t yes_if(bool condition) {
  return condition ? kYes : kNo;
}

[[nodiscard]] inline std::uint32_t answer_of(const Value& value) {
  if (value.type == ValueType::Boolean) return yes_if(value.integer != 0);
  return value.is_null() ? kUnknown : kFault;
}

/// Calls ask(row) for each row of `open` and sets the row's bit in the mask of its answer.
template <class Ask>
void ask_rows(const Mask& open, Truth& out, Ask ask) {
  constexpr int kFew = 24;  // fewer open rows than this in a word are visited one by one
  for (std::size_t w = 0; w < open.words().size(); ++w) {
    const std::uint64_t rows = open.words()[w];
    std::uint64_t yes = 0;
    std::uint64_t unknown = 0;
    std::uint64_t fault = 0;
    const auto note = [&](std::size_t bit) {
      const std::uint64_t answer = ask(w * 64 + bit);
      yes |= (answer & 1U) << bit;
      unknown |= (answer >> 1U & 1U) << bit;
      fault |= (answer >> 2U) << bit;
    };
    if (std::popcount(rows) < kFew) {
      for (std::uint64_t rest = rows; rest != 0; rest &= rest - 1)
        note(static_cast<std::size_t>(std::countr_zero(rest)));
    } else {
      const std::size_t end = open.size() - w * 64 < 64 ? open.size() - w * 64 : 64;
      for (std::size_t bit = 0; bit < end; ++bit) note(bit);
    }
    out.yes.words()[w] = yes;
    out.unknown.words()[w] = unknown;
    out.error.words()[w] = fault;
  }
}

}  // namespace weir
