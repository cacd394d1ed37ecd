// SPDX-License-Identifier: Apache-2.0
// Summaries as bytes.
#include "summary/codec.h"

#include <bit>
#include <cmath>

namespace weir {

void SummaryWriter::varint(std::uint64_t value) {
  while (value >= 0x80) {
    u8(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  u8(static_cast<std::uint8_t>(value));
}

void SummaryWriter::signed_varint(std::int64_t value) {
  varint(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
}

void SummaryWriter::u64(std::uint64_t value) {
  for (unsigned shift = 0; shift < 64; shift += 8) u8(static_cast<std::uint8_t>(value >> shift));
}

void SummaryWriter::f64(double value) {
  u64(std::bit_cast<std::uint64_t>(value));
}

void SummaryWriter::text(std::string_view text) {
  varint(text.size());
  raw(text);
}

void SummaryReader::fail(std::string_view why) {
  if (!ok()) return;
  fault_ = "summary is damaged at byte " + std::to_string(at_) + ": " + std::string(why);
  at_ = bytes_.size();
}

std::string_view SummaryReader::raw(std::size_t size) {
  if (size > left()) {
    fail("it ends too early");
    return {};
  }
  const std::string_view found = bytes_.substr(at_, size);
  at_ += size;
  return found;
}

std::uint8_t SummaryReader::u8() {
  const std::string_view byte = raw(1);
  return byte.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(byte[0]);
}

std::uint64_t SummaryReader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t byte = u8();
    if (!ok()) return 0;
    // The tenth byte has room for one bit, and none but the first is zero at the end: a number has one form.
    if ((shift == 63 && byte > 1) || (byte == 0 && shift > 0)) break;
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return value;
  }
  fail("a number is not written as numbers are");
  return 0;
}

std::int64_t SummaryReader::signed_varint() {
  const std::uint64_t value = varint();
  return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
}

std::uint64_t SummaryReader::u64() {
  const std::string_view found = raw(8);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(found[i])} << (8 * i);
  }
  return value;
}

double SummaryReader::f64() {
  return std::bit_cast<double>(u64());
}

double SummaryReader::finite() {
  const double value = f64();
  if (std::isfinite(value) && !(value == 0 && std::signbit(value))) return value;
  fail("a number is not finite");
  return 0;
}

std::string_view SummaryReader::text(std::size_t most) {
  const std::uint64_t size = varint();
  if (size > most) {
    fail("a text is too long");
    return {};
  }
  return raw(static_cast<std::size_t>(size));
}

std::uint64_t SummaryReader::at_most(std::uint64_t most, std::string_view what) {
  const std::uint64_t value = varint();
  if (value <= most) return value;
  fail(std::string(what) + " is out of range");
  return 0;
}

std::size_t SummaryReader::count(std::uint64_t most, std::size_t bytes_each, std::string_view what) {
  const std::uint64_t value = at_most(most, what);
  if (value <= left() / bytes_each) return static_cast<std::size_t>(value);
  fail("it ends too early");
  return 0;
}

}  // namespace weir
