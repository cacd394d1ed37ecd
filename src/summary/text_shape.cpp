// SPDX-License-Identifier: Apache-2.0
// One look-up a byte: the classes of ASCII, and the bytes that continue a character.
#include "summary/text_shape.h"

#include <algorithm>
#include <bit>

namespace weir {

namespace {

constexpr std::size_t kContinuation = TextShape::kClasses;
constexpr std::uint64_t kMost = ~std::uint64_t{0} >> 8;
constexpr std::size_t kSingleCells = 16;

using Class = TextShape::Class;

constexpr std::array<std::uint8_t, 256> kClassOfByte = [] {
  std::array<std::uint8_t, 256> classes = {};
  for (std::size_t byte = 0; byte < classes.size(); ++byte) {
    const bool digit = byte >= '0' && byte <= '9';
    const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    const bool space = byte == ' ' || (byte >= '\t' && byte <= '\r');
    const bool punctuation = byte > ' ' && byte < 0x7F && !digit && !letter;
    const Class c = digit         ? Class::Digit
                    : letter      ? Class::Letter
                    : space       ? Class::Space
                    : punctuation ? Class::Punctuation
                                  : Class::Other;
    classes[byte] = static_cast<std::uint8_t>((byte & 0xC0U) == 0x80U ? kContinuation : static_cast<std::size_t>(c));
  }
  return classes;
}();

}  // namespace

std::size_t TextShape::cell_of(std::uint64_t length) noexcept {
  if (length < kSingleCells) return static_cast<std::size_t>(length);
  const auto doublings = static_cast<std::size_t>(std::bit_width(length)) - 5;  // 16 to 31 is the first
  const auto second_half = static_cast<std::size_t>(length >> (doublings + 3) & 1U);
  return std::min(kSingleCells + 2 * doublings + second_half, kCells - 1);
}

std::uint64_t TextShape::cell_start(std::size_t cell) noexcept {
  if (cell < kSingleCells) return cell;
  const std::size_t beyond = cell - kSingleCells;
  return (beyond % 2 == 0 ? std::uint64_t{16} : std::uint64_t{24}) << (beyond / 2);
}

void TextShape::add(std::string_view text) noexcept {
  std::array<std::uint32_t, kClasses + 1> seen = {};
  for (const char c : text) ++seen[kClassOfByte[static_cast<unsigned char>(c)]];
  const std::uint64_t length = text.size() - seen[kContinuation];
  for (std::size_t i = 0; i < kClasses; ++i) classes_[i] += seen[i];
  ++count_;
  length_ += length;
  shortest_ = std::min(shortest_, length);
  longest_ = std::max(longest_, length);
  ++cells_[cell_of(length)];
}

void TextShape::merge(const TextShape& other) noexcept {
  count_ += other.count_;
  length_ += other.length_;
  shortest_ = std::min(shortest_, other.shortest_);
  longest_ = std::max(longest_, other.longest_);
  for (std::size_t i = 0; i < kClasses; ++i) classes_[i] += other.classes_[i];
  for (std::size_t i = 0; i < kCells; ++i) cells_[i] += other.cells_[i];
}

std::optional<std::uint64_t> TextShape::shortest() const noexcept {
  return count_ == 0 ? std::nullopt : std::optional(shortest_);
}

std::optional<std::uint64_t> TextShape::longest() const noexcept {
  return count_ == 0 ? std::nullopt : std::optional(longest_);
}

std::optional<double> TextShape::mean_length() const noexcept {
  if (count_ == 0) return std::nullopt;
  return static_cast<double>(length_) / static_cast<double>(count_);
}

void TextShape::write(SummaryWriter& out) const {
  out.varint(count_);
  if (count_ == 0) return;
  out.varint(shortest_);
  out.varint(longest_);
  for (const std::uint64_t number : classes_) out.varint(number);
  for (const std::uint64_t number : cells_) out.varint(number);
}

TextShape TextShape::read(SummaryReader& in) {
  TextShape read;
  read.count_ = in.at_most(kMost, "the number of texts");
  if (read.count_ == 0) return read;
  read.shortest_ = in.varint();
  read.longest_ = in.at_most(kMost, "the length of a text");
  in.require(read.shortest_ <= read.longest_, "the shortest text is longer than the longest");
  // Each character is of one class, so their sum is the length.
  for (std::uint64_t& number : read.classes_) read.length_ += number = in.at_most(kMost, "a character class");
  std::uint64_t texts = 0;
  for (std::uint64_t& number : read.cells_) texts += number = in.at_most(read.count_, "a cell of lengths");
  in.require(texts == read.count_, "the lengths do not hold all texts");
  return in.ok() ? read : TextShape();
}

}  // namespace weir
