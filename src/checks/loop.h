// SPDX-License-Identifier: Apache-2.0
// The loop that every check runs in. It builds the failing mask a 64-bit word at a time: where all 64 elements are to
// be judged, which is nearly always, there is no branch but those of the test itself; else only the set bits are
// visited.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/batch.h"
#include "weir/mask.h"

namespace weir {

/// Sets the bit of each element of `evaluated` for which fails(element) is true.
template <class Fails>
inline void mark_failing(const Mask& evaluated, Mask& failing, Fails fails) {
  const std::uint64_t* const wanted = evaluated.words().data();
  std::uint64_t* const out = failing.words().data();
  const std::size_t words = evaluated.words().size();
  for (std::size_t w = 0; w < words; ++w) {
    const std::size_t first = w * 64;
    std::uint64_t found = 0;
    if (wanted[w] == ~std::uint64_t{0}) {
      for (unsigned bit = 0; bit < 64; ++bit) found |= std::uint64_t{fails(first + bit) ? 1U : 0U} << bit;
    } else {
      for (std::uint64_t rest = wanted[w]; rest != 0; rest &= rest - 1) {
        if (fails(first + static_cast<std::size_t>(std::countr_zero(rest)))) found |= rest & (~rest + 1);
      }
    }
    out[w] |= found;
  }
}

/// What a check said of texts that lie in the same place: decoders put a word of a dictionary (Parquet) or the name of an enum
/// (Avro) into every row that has it as a view of one place, and then it is judged once.
class KnownTexts {
 public:
  /// judge(text) is asked once for each place, or a little oftener.
  template <class Judge>
  bool ask(std::string_view text, const Judge& judge) {
    const auto address = reinterpret_cast<std::uintptr_t>(text.data());
    Known& known = known_[(address ^ address >> 8U) % kPlaces];
    if (known.data == text.data() && known.size == text.size()) return known.verdict;
    ++asked_;
    known = {.data = text.data(), .size = static_cast<std::uint32_t>(text.size()), .verdict = judge(text)};
    return known.verdict;
  }
  [[nodiscard]] std::size_t asked() const noexcept { return asked_; }

 private:
  static constexpr std::size_t kPlaces = 256;
  struct Known {
    const char* data = nullptr;
    std::uint32_t size = ~std::uint32_t{0};
    bool verdict = false;
  };
  std::array<Known, kPlaces> known_{};
  std::size_t asked_ = 0;
};

/// Whether the first texts of a column seem to lie in few places, so that KnownTexts is worth its while.
[[nodiscard]] bool repeats_places(const Column& column);

/// The same for checks about texts: every other kind fails, holds(text) decides the rest.
template <class Holds>
inline void mark_texts(const Column& column, const Mask& evaluated, Mask& failing, Holds holds) {
  const Kind* const kinds = column.kinds.data();
  const Cell* const cells = column.cells.data();
  if (repeats_places(column)) {
    KnownTexts known;
    mark_failing(evaluated, failing, [=, &holds, &known](std::size_t i) {
      return kinds[i] != Kind::Text || !known.ask(cells[i].text(), holds);
    });
    return;
  }
  mark_failing(evaluated, failing,
               [=, &holds](std::size_t i) { return kinds[i] != Kind::Text || !holds(cells[i].text()); });
}

/// Removes from `evaluated` the elements for which keeps(element) is false: the check has nothing to say about them.
template <class Keeps>
inline void narrow(Mask& evaluated, Keeps keeps) {
  for (std::size_t w = 0; w < evaluated.words().size(); ++w) {
    std::uint64_t& word = evaluated.words()[w];
    for (std::uint64_t rest = word; rest != 0; rest &= rest - 1) {
      if (!keeps(w * 64 + static_cast<std::size_t>(std::countr_zero(rest)))) word &= ~(rest & (~rest + 1));
    }
  }
}

}  // namespace weir
