// SPDX-License-Identifier: Apache-2.0
// Keys of values. Numbers are reduced to one form before they are hashed.
#include "base/key.h"

#include "base/hash.h"
#include "base/small_number.h"

namespace weir {

namespace {

// A kind of its own for each class of values that are never equal to another's.
enum class Class : std::uint64_t { Text = 1, Number = 2, Boolean = 3, Structure = 4 };

std::uint64_t seed_of(Class kind) noexcept {
  return static_cast<std::uint64_t>(kind) * hashing::kRoot3;
}

struct FirstHalf {
  static std::uint64_t of_text(std::string_view text, Class kind) noexcept {
    return hash_text(text, seed_of(kind) ^ hashing::kRoot2);
  }
  static std::uint64_t of_words(std::uint64_t a, std::uint64_t b) noexcept {
    using namespace hashing;
    return fold(fold(a ^ kRoot2, b ^ kRoot3), kRoot5 ^ a);
  }
};

struct WholeKey {
  static Key of_text(std::string_view text, Class kind) noexcept {
    return {FirstHalf::of_text(text, kind), hash_text(text, seed_of(kind) ^ hashing::kRoot5)};
  }
  static Key of_words(std::uint64_t a, std::uint64_t b) noexcept {
    using namespace hashing;
    return {FirstHalf::of_words(a, b), fold(fold(a ^ kRoot7, b ^ kRoot5), kRoot2 ^ b)};
  }
};

template <class Form>
auto made_of(Kind kind, const Cell& cell) {
  if (kind == Kind::Text) return Form::of_text(cell.text(), Class::Text);
  if (kind == Kind::Boolean)
    return Form::of_words(static_cast<std::uint64_t>(Class::Boolean), static_cast<std::uint64_t>(cell.number));
  if (!is_number(kind)) return Form::of_text(cell.text(), Class::Structure);
  if (const auto small = small_number_of(kind, cell)) {
    return Form::of_words(static_cast<std::uint64_t>(small->unscaled),
                          static_cast<std::uint64_t>(Class::Number) << 32 | small->scale);
  }
  return Form::of_text(number_of(kind, cell).text(), Class::Number);
}

}  // namespace

Key key_of(Kind kind, const Cell& cell) {
  return made_of<WholeKey>(kind, cell);
}

std::uint64_t hash_of(Kind kind, const Cell& cell) {
  return made_of<FirstHalf>(kind, cell);
}

Key joined(const Key& before, const Key& next) noexcept {
  using namespace hashing;
  return {fold(before.high ^ kRoot2, next.high ^ kRoot3) ^ next.low,
          fold(before.low ^ kRoot5, next.low ^ kRoot7) ^ before.high};
}

}  // namespace weir
