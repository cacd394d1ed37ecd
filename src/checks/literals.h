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
#include "base/hash.h"
#include "base/small_number.h"
#include "weir/batch.h"
#include "weir/spec.h"

namespace weir {

/// An open-addressing table of texts, built once. For short lists build() tries seeds until no two texts want one place,
/// so that a look-up is one hash and one comparison without a branch that depends on luck.
class TextSet {
 public:
  void add(std::string text);
  /// To be called after the last add().
  void build();
  [[nodiscard]] bool contains(std::string_view text) const noexcept {
    const std::uint64_t head = hashing::head_of(text);
    const std::size_t last = slots_.size() - 1;
    for (std::size_t at = place_of(text, head, seed_) >> shift_;; at = (at + 1) & last) {
      const Slot& slot = slots_[at];
      if (slot.head == head && slot.size == text.size() && (slot.size <= 8 || texts_[slot.text] == text)) return true;
      if (slot.size == kFree) return false;
    }
  }
  [[nodiscard]] bool empty() const noexcept { return texts_.empty(); }

 private:
  struct Slot {
    std::uint64_t head = 0;  // the first eight bytes
    std::uint32_t size = kFree;
    std::uint32_t text = 0;
  };
  static constexpr std::uint32_t kFree = ~std::uint32_t{0};

  // Up to 16 bytes the first and the last eight are the whole text; longer ones often share both (`https://….html`).
  static std::uint64_t place_of(std::string_view text, std::uint64_t head, std::uint64_t seed) noexcept {
    if (text.size() > 16) return hash_text(text, seed);
    const std::uint64_t tail = text.size() > 8 ? hashing::load8(text.data() + text.size() - 8) : 0;
    return hashing::fold(head ^ seed, tail ^ (text.size() * hashing::kRoot3));
  }
  /// Fills `slots` of a power of two with the seed; gives how many texts did not get the place they wanted.
  std::size_t fill(std::size_t slots, std::uint64_t seed);

  std::vector<std::string> texts_;
  std::vector<Slot> slots_;
  std::uint64_t seed_ = 0;
  unsigned shift_ = 63;
};

/// The same for numbers.
class NumberSet {
 public:
  void add(SmallNumber number) { numbers_.push_back(number); }
  void build();
  [[nodiscard]] bool contains(SmallNumber number) const noexcept {
    const std::size_t last = slots_.size() - 1;
    for (std::size_t at = slot_of(number);; at = (at + 1) & last) {
      if (slots_[at] == number) return true;
      if (slots_[at].scale == kFree) return false;
    }
  }
  [[nodiscard]] bool empty() const noexcept { return numbers_.empty(); }

 private:
  static constexpr std::uint32_t kFree = ~std::uint32_t{0};
  [[nodiscard]] std::size_t slot_of(SmallNumber number) const noexcept {
    return hashing::fold(static_cast<std::uint64_t>(number.unscaled) ^ hashing::kRoot2,
                         hashing::kRoot3 + number.scale) >>
           shift_;
  }
  std::vector<SmallNumber> numbers_;
  std::vector<SmallNumber> slots_;
  unsigned shift_ = 63;
};

class Literals {
 public:
  /// The literals as `type` reads them. The error points at the literal that has no meaning there.
  static Result<Literals> make(std::span<const Scalar> written, FieldType type);

  [[nodiscard]] bool contains(Kind kind, const Cell& cell) const;
  [[nodiscard]] bool contains_text(std::string_view text) const noexcept { return texts_.contains(text); }
  [[nodiscard]] bool contains_integer(std::int64_t number) const noexcept { return small_.contains({number, 0}); }
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
  NumberSet small_;
  std::vector<Decimal> large_;  // sorted: what does not fit SmallNumber
  bool has_true_ = false;
  bool has_false_ = false;
  std::vector<std::string> shown_;
};

}  // namespace weir
