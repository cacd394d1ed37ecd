// SPDX-License-Identifier: Apache-2.0
// Literals typed by the field they meet, and the tables they are looked up in.
#include "checks/literals.h"

#include <algorithm>
#include <bit>

#include "checks/hash.h"

namespace weir {

namespace {

constexpr std::uint32_t kMostScale = 18;

// Up to 16 bytes the first and the last eight are the whole text; longer ones often share both (`https://….html`).
std::uint64_t spread(std::string_view text) noexcept {
  if (text.size() > 16) return hash_text(text, hashing::kRoot7);
  const std::uint64_t tail = text.size() > 8 ? hashing::load8(text.data() + text.size() - 8) : 0;
  return hashing::fold(hashing::head_of(text) ^ hashing::kRoot2, tail ^ (text.size() * hashing::kRoot3));
}

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
  sizes_ |= std::uint64_t{1} << std::min<std::size_t>(text.size(), 63);
  texts_.push_back(std::move(text));
}

void TextSet::build() {
  const std::size_t wanted = std::bit_ceil(std::max<std::size_t>(8, texts_.size() * 3));
  slots_.assign(wanted, {});
  shift_ = static_cast<unsigned>(64 - std::countr_zero(wanted));
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    const std::string& text = texts_[i];
    if (contains(text)) continue;
    std::size_t at = slot_of(text);
    while (slots_[at].size != kFree) at = (at + 1) & (wanted - 1);
    slots_[at] = {hashing::head_of(text), static_cast<std::uint32_t>(text.size()), static_cast<std::uint32_t>(i)};
  }
}

std::size_t TextSet::slot_of(std::string_view text) const noexcept {
  return spread(text) >> shift_;
}

bool TextSet::contains(std::string_view text) const noexcept {
  if (((sizes_ >> std::min<std::size_t>(text.size(), 63)) & 1U) == 0) return false;
  const std::uint64_t head = hashing::head_of(text);
  const std::size_t last = slots_.size() - 1;
  for (std::size_t at = slot_of(text);; at = (at + 1) & last) {
    const Slot& slot = slots_[at];
    if (slot.size == kFree) return false;
    if (slot.size == text.size() && slot.head == head && (slot.size <= 8 || texts_[slot.text] == text)) return true;
  }
}

SmallNumber stripped(std::int64_t unscaled, std::uint32_t scale) noexcept {
  while (scale > 0 && unscaled % 10 == 0) {
    unscaled /= 10;
    --scale;
  }
  return {unscaled, scale};
}

std::optional<SmallNumber> small_number_of(const Decimal& number) {
  if (!number.is_finite() || number.scale() > kMostScale) return std::nullopt;
  const auto scale = static_cast<std::uint32_t>(number.scale());
  const SmallNumber small{number.ceiling_at(scale), scale};
  return Decimal(small.unscaled, scale) == number ? std::optional(small) : std::nullopt;
}

std::optional<SmallNumber> small_number_of(Kind kind, const Cell& cell) {
  if (kind == Kind::Integer) return SmallNumber{cell.number, 0};
  if (kind == Kind::Decimal) return stripped(cell.number, cell.scale);
  return kind == Kind::Number ? small_number_of(number_of(kind, cell)) : std::nullopt;
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
        set.small_.push_back(*small);
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
  std::sort(set.small_.begin(), set.small_.end());
  std::sort(set.large_.begin(), set.large_.end(), [](const Decimal& a, const Decimal& b) { return a < b; });
  return set;
}

bool Literals::contains_number(Kind kind, const Cell& cell) const {
  if (const auto small = small_number_of(kind, cell)) return std::binary_search(small_.begin(), small_.end(), *small);
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
