// SPDX-License-Identifier: Apache-2.0
// Literals typed by the field they meet, and the tables they are looked up in.
#include "checks/literals.h"

#include <algorithm>
#include <bit>

#include "base/hash.h"

namespace weir {

namespace {

bool is_boolean(const Scalar& literal) {
  return literal.text == "true" || literal.text == "false";
}

Error fault(const Scalar& literal, std::string_view what, std::string_view type) {
  return {.message = "`" + literal.text + "` is " + std::string(what),
          .where = literal.where,
          .help = "the field is declared as `type: " + std::string(type) + "`"};
}

}  // namespace

void TextSet::add(std::string text) {
  texts_.push_back(std::move(text));
}

std::size_t TextSet::fill(std::size_t slots, std::uint64_t seed) {
  slots_.assign(slots, {});
  shift_ = static_cast<unsigned>(64 - std::countr_zero(slots));
  seed_ = seed;
  std::size_t displaced = 0;
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    const std::string& text = texts_[i];
    if (contains(text)) continue;
    const std::uint64_t head = hashing::head_of(text);
    std::size_t at = place_of(text, head, seed) >> shift_;
    displaced += slots_[at].size == kFree ? 0U : 1U;
    while (slots_[at].size != kFree) at = (at + 1) & (slots - 1);
    slots_[at] = {head, static_cast<std::uint32_t>(text.size()), static_cast<std::uint32_t>(i)};
  }
  return displaced;
}

void TextSet::build() {
  constexpr std::size_t kShort = 256;  // longer lists take the first seed: the search would cost more than it gives
  constexpr std::size_t kSeeds = 64;   // for each size of the table
  const std::size_t slots = std::bit_ceil(std::max<std::size_t>(8, texts_.size() * 3));
  for (std::size_t size = slots; texts_.size() <= kShort && size <= slots * 8; size *= 2) {
    for (std::size_t i = 1; i <= kSeeds; ++i) {
      if (fill(size, i * hashing::kRoot7) == 0) return;
    }
  }
  fill(slots, hashing::kRoot7);
}

void NumberSet::build() {
  const std::size_t slots = std::bit_ceil(std::max<std::size_t>(8, numbers_.size() * 4));
  slots_.assign(slots, {0, kFree});
  shift_ = static_cast<unsigned>(64 - std::countr_zero(slots));
  for (const SmallNumber number : numbers_) {
    std::size_t at = slot_of(number);
    while (slots_[at].scale != kFree && slots_[at] != number) at = (at + 1) & (slots - 1);
    slots_[at] = number;
  }
}

Result<Literals> Literals::make(std::span<const Scalar> written, FieldType type) {
  Literals set;
  const bool numbers = type == FieldType::Integer || type == FieldType::Number || type == FieldType::Decimal;
  for (const Scalar& literal : written) {
    const std::optional<Decimal> number =
        numbers || (type == FieldType::Any && literal.plain) ? Decimal::parse(literal.text) : std::nullopt;
    const bool boolean =
        (type == FieldType::Boolean || (type == FieldType::Any && literal.plain)) && is_boolean(literal);
    if (numbers && !number) return fault(literal, "no number", "number");
    if (type == FieldType::Boolean && !boolean) return fault(literal, "neither true nor false", "boolean");
    if (type == FieldType::Object || type == FieldType::Array) {
      return fault(literal, "no " + std::string(type == FieldType::Object ? "object" : "array"),
                   type == FieldType::Object ? "object" : "array");
    }
    if (number && number->is_finite()) {
      if (const auto small = small_number_of(*number)) {
        set.small_.add(*small);
      } else {
        set.large_.push_back(*number);
      }
    } else if (boolean) {
      (literal.text == "true" ? set.has_true_ : set.has_false_) = true;
    } else {
      set.texts_.add(literal.text);
    }
    set.shown_.push_back(literal.text);
  }
  set.texts_.build();
  set.small_.build();
  std::sort(set.large_.begin(), set.large_.end(), [](const Decimal& a, const Decimal& b) { return a < b; });
  return set;
}

bool Literals::contains_number(Kind kind, const Cell& cell) const {
  if (const auto small = small_number_of(kind, cell)) return small_.contains(*small);
  if (large_.empty()) return false;
  const Decimal number = number_of(kind, cell);
  return number.is_finite() && std::binary_search(large_.begin(), large_.end(), number,
                                                  [](const Decimal& a, const Decimal& b) { return a < b; });
}

bool Literals::contains(Kind kind, const Cell& cell) const {
  if (kind == Kind::Text) return texts_.contains(cell.text());
  if (kind == Kind::Boolean) return cell.number != 0 ? has_true_ : has_false_;
  return is_number(kind) && contains_number(kind, cell);
}

bool Literals::has_kind(Kind kind) const noexcept {
  if (kind == Kind::Text) return !texts_.empty();
  if (kind == Kind::Boolean) return has_true_ || has_false_;
  return is_number(kind) && !(small_.empty() && large_.empty());
}

std::string Literals::kinds_in_words() const {
  std::string words;
  for (const auto& [kind, name] :
       {std::pair(Kind::Text, "a text"), std::pair(Kind::Integer, "a number"), std::pair(Kind::Boolean, "a boolean")}) {
    if (!has_kind(kind)) continue;
    if (!words.empty()) words += " or ";
    words += name;
  }
  return words;
}

}  // namespace weir
