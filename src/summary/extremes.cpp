// SPDX-License-Identifier: Apache-2.0
// Comparing numbers by as few digits as it takes.
#include "summary/extremes.h"

#include <algorithm>

namespace weir {

namespace {

constexpr std::size_t kDigitsMost = Decimal::kMaxDigits + 64;  // sign, point and exponent as well
constexpr std::uint32_t kMostScale = 18;

ExactNumber exact_of(Decimal decimal) {
  if (const auto small = small_number_of(decimal)) return {decimal.to_double() + 0.0, *small};
  return {decimal.to_double(), {}, decimal.text()};
}

void write_number(SummaryWriter& out, const ExactNumber& number) {
  out.text(number.digits);
  if (!number.digits.empty()) return;
  out.u8(static_cast<std::uint8_t>(number.small.scale));
  out.signed_varint(number.small.unscaled);
}

ExactNumber read_number(SummaryReader& in) {
  const std::string_view digits = in.text(kDigitsMost);
  if (digits.empty()) {
    const auto scale = static_cast<std::uint32_t>(in.u8());
    const std::int64_t unscaled = in.signed_varint();
    in.require(scale <= kMostScale, "a number has too many digits");
    return in.ok() ? exact_of(Decimal(unscaled, scale)) : ExactNumber();
  }
  const std::optional<Decimal> decimal = Decimal::read(digits);
  in.require(decimal && decimal->is_finite() && decimal->text() == digits, "a number is not written as numbers are");
  return in.ok() ? exact_of(*decimal) : ExactNumber();
}

void write_instant(SummaryWriter& out, std::optional<Instant> instant) {
  out.signed_varint(instant->time_since_epoch().count());
}

Instant read_instant(SummaryReader& in) {
  return Instant(Duration(in.signed_varint()));
}

// What is longer than the text itself has room for gets all the room there may be: it does not grow again.
void keep(std::string& kept, std::string_view text) {
  if (text.size() > kept.capacity()) kept.reserve(Extremes::kTextMost);
  kept = text;
}

enum Has : std::uint8_t { kNumbers = 1, kTexts = 2, kInstants = 4 };

}  // namespace

Decimal ExactNumber::decimal() const {
  if (digits.empty()) return {small.unscaled, small.scale};
  return Decimal::read(digits).value_or(Decimal());
}

bool ExactNumber::is_below(const ExactNumber& other) const {
  if (nearest != other.nearest) return nearest < other.nearest;
  if (digits.empty() && other.digits.empty() && small.scale == other.small.scale) {
    return small.unscaled < other.small.unscaled;
  }
  return decimal() < other.decimal();
}

void Extremes::consider(Kind kind, const Cell& cell, double nearest) {
  ExactNumber number{nearest + 0.0, {}};
  if (const auto small = small_number_of(kind, cell)) {
    const auto is_it = [&](const ExactNumber& known) {
      return known.nearest == nearest && known.small == *small && known.digits.empty();
    };
    // A field may hold the same number in all records of a segment.
    if (has_numbers_ && (nearest > smallest_.nearest || is_it(smallest_)) &&
        (nearest < largest_.nearest || is_it(largest_)))
      return;
    number.small = *small;
  } else {
    number.digits = number_of(kind, cell).text();
  }
  consider(number);
}

void Extremes::consider(const ExactNumber& number) {
  if (!has_numbers_ || number.is_below(smallest_)) smallest_ = number;
  if (!has_numbers_ || largest_.is_below(number)) largest_ = number;
  has_numbers_ = true;
}

void Extremes::add_text(std::string_view text) {
  text = text.substr(0, kTextMost);
  if (!has_texts_ || text < smallest_text_) keep(smallest_text_, text);
  if (!has_texts_ || text > largest_text_) keep(largest_text_, text);
  has_texts_ = true;
}

void Extremes::add_instant(Instant instant) noexcept {
  earliest_ = earliest_ ? std::min(*earliest_, instant) : instant;
  latest_ = latest_ ? std::max(*latest_, instant) : instant;
}

void Extremes::merge(const Extremes& other) {
  if (other.has_numbers_) {
    consider(ExactNumber(other.smallest_));
    consider(ExactNumber(other.largest_));
  }
  if (other.has_texts_) {
    add_text(std::string(other.smallest_text_));
    add_text(std::string(other.largest_text_));
  }
  if (other.earliest_) {
    add_instant(*other.earliest_);
    add_instant(*other.latest_);
  }
}

std::optional<std::string_view> Extremes::smallest_text() const noexcept {
  return has_texts_ ? std::optional<std::string_view>(smallest_text_) : std::nullopt;
}

std::optional<std::string_view> Extremes::largest_text() const noexcept {
  return has_texts_ ? std::optional<std::string_view>(largest_text_) : std::nullopt;
}

std::uint64_t Extremes::bytes() const noexcept {
  return sizeof *this + smallest_.digits.capacity() + largest_.digits.capacity() + smallest_text_.capacity() +
         largest_text_.capacity();
}

std::uint64_t Extremes::bytes_bound() noexcept {
  // Numbers of a thousand digits are nobody's field.
  return sizeof(Extremes) + 2 * kTextMost;
}

void Extremes::write(SummaryWriter& out) const {
  out.u8(static_cast<std::uint8_t>((has_numbers_ ? kNumbers : 0) | (has_texts_ ? kTexts : 0) |
                                   (earliest_ ? kInstants : 0)));
  if (has_numbers_) {
    write_number(out, smallest_);
    write_number(out, largest_);
  }
  if (has_texts_) {
    out.text(smallest_text_);
    out.text(largest_text_);
  }
  if (earliest_) {
    write_instant(out, earliest_);
    write_instant(out, latest_);
  }
}

Extremes Extremes::read(SummaryReader& in) {
  Extremes read;
  const auto has = static_cast<std::uint8_t>(in.at_most(kNumbers | kTexts | kInstants, "what extremes there are"));
  if ((has & kNumbers) != 0) {
    read.has_numbers_ = true;
    read.smallest_ = read_number(in);
    read.largest_ = read_number(in);
    in.require(!read.largest_.is_below(read.smallest_), "the smallest number is above the largest");
  }
  if ((has & kTexts) != 0) {
    read.has_texts_ = true;
    read.smallest_text_ = in.text(kTextMost);
    read.largest_text_ = in.text(kTextMost);
    in.require(read.smallest_text_ <= read.largest_text_, "the smallest text is above the largest");
  }
  if ((has & kInstants) != 0) {
    read.earliest_ = read_instant(in);
    read.latest_ = read_instant(in);
    in.require(*read.earliest_ <= *read.latest_, "the earliest time is behind the latest");
  }
  return in.ok() ? read : Extremes();
}

}  // namespace weir
