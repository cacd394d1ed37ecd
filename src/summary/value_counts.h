// SPDX-License-Identifier: Apache-2.0
// The most common values and how often each occurred.
//
// Up to kMost different values every count is exact. When one more comes, the median of the counts is taken off all of
// them and those that reach zero make room: what was taken off, summed up over the times, is how much a count may be too
// low, and half of the values that were there paid it, so it is at most 2 / kMost of all values. This is Misra-Gries
// (1982) in the form of D. Anderson et al. (A high-performance algorithm for identifying frequent items in data streams,
// 2017), which carries the same information as space-saving (P. Agarwal et al., Mergeable summaries, 2012) and is merged
// in the same way as it is filled.
//
// Values are typed: 1 and "1" differ, 1 and 1.0 and 1e0 are one. A text is kept up to 64 bytes to be shown.
// Exact counts merge in any order to the same bytes; later ones within error(). Cost: about 10 ns a value, 32 bytes and
// the text a key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "summary/codec.h"
#include "summary/hash_index.h"
#include "weir/batch.h"

namespace weir {

enum class ValueClass : std::uint8_t { Text, Number, Boolean, Structure };

struct ValueCount {
  ValueClass value_class = ValueClass::Text;
  bool cut = false;  // the text goes on
  std::string text;  // of a number its one form: 1.50 is 1.5; empty where the field is redacted
  std::uint64_t hash = 0;
  std::uint64_t count = 0;  // the true one is at most error() more
};

class ValueCounts {
 public:
  static constexpr std::size_t kMost = 1024;
  static constexpr std::size_t kTextMost = 64;  // bytes

  explicit ValueCounts(bool redacted = false) noexcept : redacted_(redacted) {}

  /// A value, not a missing one, with its hash_of().
  void add(Kind kind, const Cell& cell, std::uint64_t hash);
  void merge(const ValueCounts& other);

  [[nodiscard]] std::uint64_t total() const noexcept { return total_; }
  /// Every value is there with its exact count.
  [[nodiscard]] bool exact() const noexcept { return error_ == 0; }
  /// How much each count may be too low, and how often a value may have occurred that is not there at all.
  [[nodiscard]] std::uint64_t error() const noexcept { return error_; }
  /// Values that are in no count.
  [[nodiscard]] std::uint64_t other() const noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] std::uint64_t count_of(std::uint64_t hash) const noexcept;
  /// The most common first; equally common ones by class and text. At most `most` of them.
  [[nodiscard]] std::vector<ValueCount> entries(std::size_t most = kMost) const;
  /// All of them, by hash: what costs less than any other order.
  [[nodiscard]] std::vector<ValueCount> by_hash() const;
  /// The counts alone, largest first.
  [[nodiscard]] std::vector<std::uint64_t> counts() const;

  [[nodiscard]] std::uint64_t bytes() const noexcept;
  [[nodiscard]] static std::uint64_t bytes_bound(bool redacted) noexcept;
  void write(SummaryWriter& out) const;
  static ValueCounts read(SummaryReader& in, bool redacted);
  bool operator==(const ValueCounts& other) const;

 private:
  // How the payload of an entry is to be read.
  enum class Form : std::uint8_t { None, Small, Pooled };
  struct Entry {
    std::uint64_t hash = 0;
    std::uint64_t count = 0;
    std::int64_t payload = 0;  // a boolean, a number without its scale, or where the text begins in pool_
    ValueClass value_class = ValueClass::Text;
    Form form = Form::None;
    std::uint8_t size = 0;  // of the text, or the scale of the number
    bool cut = false;
  };

  void insert(Entry entry, std::string_view text);
  void make_room();
  [[nodiscard]] std::vector<const Entry*> in_order() const;  // by hash
  [[nodiscard]] std::string_view pooled(const Entry& entry) const noexcept;
  [[nodiscard]] ValueCount shown(const Entry& entry) const;

  std::vector<Entry> entries_;
  HashIndex index_;
  std::vector<char> pool_;  // the texts, one behind the other
  std::uint64_t total_ = 0;
  std::uint64_t error_ = 0;
  bool redacted_ = false;
};

}  // namespace weir
