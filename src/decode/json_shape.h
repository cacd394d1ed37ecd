// SPDX-License-Identifier: Apache-2.0
// The keys of one kind of object, in the order in which they tend to come.
//
// Records of a topic share their key order. Each key remembers which key followed it last time, so the usual lookup is one
// comparison of sixteen bytes with the key that is expected next; only a surprise costs a hash. Keys that no rule names are
// remembered too: that is how they are passed over fast and how duplicates are seen.
#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace weir {

class JsonShape {
 public:
  static constexpr std::int32_t kNone = -1;
  /// Keys remembered for one kind of object; records with ever new keys fall back to a hash of the rules' own keys.
  static constexpr std::size_t kMaxKeys = 1024;
  static constexpr std::size_t kMaxKeyBytes = 256;

  struct Key {
    std::uint64_t low = 0;  // the first 16 bytes of `key"`, the quote included, zero beyond
    std::uint64_t high = 0;
    std::uint64_t low_mask = 0;
    std::uint64_t high_mask = 0;
    std::uint64_t seen = 0;       // the visit in which it came last
    std::uint64_t noted = 0;      // the visit in which it was last noted as a field of the record
    std::size_t noted_at = 0;     // where in Batch::seen_fields
    Key* next = nullptr;          // the key that followed last time
    std::int32_t node = kNone;    // the node of the field table, kNone when no rule reads below it
    bool short_and_plain = true;  // under 16 bytes, no quote, no backslash: may be compared with raw bytes
    std::string name;             // unescaped
  };

  JsonShape() {
    start_.short_and_plain = false;
    start_.next = &start_;
  }
  JsonShape(const JsonShape&) = delete;
  JsonShape& operator=(const JsonShape&) = delete;

  /// Adds a key of the rules. Call before the first visit.
  void expect(const std::string& name, std::int32_t node) { add(name, node); }

  /// Stands before the first key of an object and is no key itself.
  [[nodiscard]] Key* start() { return &start_; }
  /// The keys of the rules come first, in the order of expect().
  [[nodiscard]] Key& operator[](std::size_t index) { return keys_[index]; }

  /// Whether the raw bytes behind an opening quote are exactly this short key; 16 bytes are read. Long keys and those with
  /// escapes are never recognised this way.
  [[nodiscard]] static bool is(const Key& key, const char* raw) noexcept {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::memcpy(&low, raw, 8);
    std::memcpy(&high, raw + 8, 8);
    return key.short_and_plain && (((low ^ key.low) & key.low_mask) | ((high ^ key.high) & key.high_mask)) == 0;
  }

  /// The key of that (unescaped) name, added when there is room; null when there is not.
  Key* find(std::string_view name) {
    const auto known = index_.find(name);
    if (known != index_.end()) return known->second;
    return keys_.size() < kMaxKeys && name.size() <= kMaxKeyBytes ? add(std::string(name), kNone) : nullptr;
  }

 private:
  Key* add(std::string name, std::int32_t node) {
    Key& key = keys_.emplace_back();
    key.short_and_plain = name.size() < 16 && name.find_first_of("\"\\") == std::string::npos;
    key.node = node;
    unsigned char head[16] = {};
    unsigned char mask[16] = {};
    for (std::size_t i = 0; i < 16 && i <= name.size(); ++i) {
      head[i] = i < name.size() ? static_cast<unsigned char>(name[i]) : '"';
      mask[i] = 0xFF;
    }
    std::memcpy(&key.low, head, 8);
    std::memcpy(&key.high, head + 8, 8);
    std::memcpy(&key.low_mask, mask, 8);
    std::memcpy(&key.high_mask, mask + 8, 8);
    key.name = std::move(name);
    key.next = &start_;  // until the records tell otherwise
    index_.emplace(key.name, &key);
    return &key;
  }

  Key start_;
  std::deque<Key> keys_;  // never moved: others point at them
  std::unordered_map<std::string_view, Key*> index_;
};

}  // namespace weir
