// SPDX-License-Identifier: Apache-2.0
// How summaries become bytes: little endian, counts as varints (seven bits a byte), doubles by their bits.
//
// The same summary gives the same bytes on every machine. A reader trusts nothing: it never reads beyond the end, and
// says how much is left before anything is allocated for what a length promises.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weir/result.h"

namespace weir {

class SummaryWriter {
 public:
  /// Room for so many bytes more, where it is known that they come.
  void reserve(std::size_t bytes) { bytes_.reserve(bytes_.size() + bytes); }
  void u8(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void varint(std::uint64_t value);
  void signed_varint(std::int64_t value);  // zigzag: small either way is short
  void u64(std::uint64_t value);
  void f64(double value);
  void text(std::string_view text);  // its length, then itself
  void raw(std::string_view bytes) { bytes_.append(bytes); }

  [[nodiscard]] const std::string& bytes() const& noexcept { return bytes_; }
  [[nodiscard]] std::string bytes() && noexcept { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Errors stick: after the first one every read gives zero, so that a part is read without asking after each number. The
/// text of an error says at which byte.
class SummaryReader {
 public:
  explicit SummaryReader(std::string_view bytes) noexcept : bytes_(bytes) {}

  std::uint8_t u8();
  std::uint64_t varint();
  std::int64_t signed_varint();
  std::uint64_t u64();
  double f64();
  /// A finite double, without the sign of zero; anything else is an error.
  double finite();
  /// A view into the input; longer than `most` is an error.
  std::string_view text(std::size_t most);
  std::string_view raw(std::size_t size);
  /// A varint that must be at most `most`.
  std::uint64_t at_most(std::uint64_t most, std::string_view what);
  /// A number of entries of at least `bytes_each` bytes: an error when there is not that much left.
  std::size_t count(std::uint64_t most, std::size_t bytes_each, std::string_view what);

  void fail(std::string_view why);
  void require(bool condition, std::string_view why) {
    if (!condition) fail(why);
  }
  [[nodiscard]] bool ok() const noexcept { return fault_.empty(); }
  [[nodiscard]] bool at_end() const noexcept { return at_ == bytes_.size(); }
  [[nodiscard]] std::size_t left() const noexcept { return bytes_.size() - at_; }
  [[nodiscard]] Error error() const { return {.message = fault_}; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  std::string fault_;
};

}  // namespace weir
