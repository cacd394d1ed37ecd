// SPDX-License-Identifier: Apache-2.0
// A set of literals of the rule file, and whether a value is one of them (`in`, `not_in`, `exists_in`).
//
// Equality is typed: 1 equals 1.0 and 1e0 and no text; `true` is a boolean unless the field is declared a text. A text
// is looked up by one hash and one comparison in a flat table; a number by its shortest digits and scale.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "weir/batch.h"
#include "weir/spec.h"

namespace weir {

/// An open-addressing table of texts, built once.
class TextSet {
 public:
  void add(std::string text);
  /// To be called after the last add().
  void build();
  [[nodiscard]] bool contains(std::string_view text) const noexcept;
  [[nodiscard]] bool empty() const noexcept { return texts_.empty(); }

 private:
  struct Slot {
    std::uint64_t head = 0;  // the first eight bytes
    std::uint32_t size = kFree;
    std::uint32_t text = 0;
  };
  static constexpr std::uint32_t kFree = ~std::uint32_t{0};
  [[nodiscard]] std::size_t slot_of(std::string_view text) const noexcept;

  std::vector<std::string> texts_;
  std::vector<Slot> slots_;
  std::uint64_t sizes_ = 0;  // bit n: there is a text of n bytes; bit 63: of 63 or more
  unsigned shift_ = 63;
};

/// A number with trailing zeros gone, where 64 bits and 18 places are enough.
struct SmallNumber {
  std::int64_t unscaled = 0;
  std::uint32_t scale = 0;
  auto operator<=>(const SmallNumber&) const = default;
};
[[nodiscard]] SmallNumber stripped(std::int64_t unscaled, std::uint32_t scale) noexcept;
[[nodiscard]] std::optional<SmallNumber> small_number_of(Kind kind, const Cell& cell);
[[nodiscard]] std::optional<SmallNumber> small_number_of(const Decimal& number);

class Literals {
 public:
  /// The literals as `type` reads them. The error points at the literal that has no meaning there.
  static Result<Literals> make(std::span<const Scalar> written, FieldType type);

  [[nodiscard]] bool contains(Kind kind, const Cell& cell) const;
  [[nodiscard]] bool contains_text(std::string_view text) const noexcept { return texts_.contains(text); }
  /// Whether a value of this kind can be one of the literals at all; else it is of the wrong type.
  [[nodiscard]] bool has_kind(Kind kind) const noexcept;
  /// "a text", "a number or a text": what has_kind() wants.
  [[nodiscard]] std::string kinds_in_words() const;
  [[nodiscard]] std::size_t size() const noexcept { return shown_.size(); }
  /// As written, in order.
  [[nodiscard]] const std::vector<std::string>& shown() const noexcept { return shown_; }

 private:
  [[nodiscard]] bool contains_number(Kind kind, const Cell& cell) const;

  TextSet texts_;
  std::vector<SmallNumber> small_;  // sorted
  std::vector<Decimal> large_;      // sorted: what does not fit SmallNumber
  bool has_true_ = false;
  bool has_false_ = false;
  std::vector<std::string> shown_;
};

}  // namespace weir
