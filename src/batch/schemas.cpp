// SPDX-License-Identifier: Apache-2.0
#include "weir/schemas.h"

#include <algorithm>

namespace weir {

std::string schema_key(std::uint32_t id) {
  std::string key;
  for (int shift = 24; shift >= 0; shift -= 8) key.push_back(static_cast<char>(id >> shift & 0xFFU));
  return key;
}

std::string schema_key_text(std::string_view key) {
  if (key.size() == 4) {
    std::uint32_t id = 0;
    for (const char c : key) id = id << 8 | static_cast<unsigned char>(c);
    return "id " + std::to_string(id);
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "guid ";
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kDigits[static_cast<unsigned char>(key[i]) >> 4];
    out += kDigits[static_cast<unsigned char>(key[i]) & 15U];
  }
  return out;
}

std::shared_ptr<const KnownSchema> SchemaBook::find(std::string_view key) const {
  const std::lock_guard lock(mutex_);
  const auto at = entries_.find(key);
  if (at == entries_.end()) return nullptr;
  at->second.asked = ++clock_;
  return at->second.schema;
}

void SchemaBook::put(std::string_view key, KnownSchema schema) {
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kMost && !entries_.contains(key)) {
    entries_.erase(std::min_element(entries_.begin(), entries_.end(),
                                    [](const auto& a, const auto& b) { return a.second.asked < b.second.asked; }));
  }
  entries_.insert_or_assign(std::string(key),
                            Entry{.schema = std::make_shared<const KnownSchema>(std::move(schema)), .asked = ++clock_});
}

void SchemaBook::forget(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto at = entries_.find(key);
  if (at != entries_.end() && at->second.schema->text == nullptr) entries_.erase(at);
}

std::size_t SchemaBook::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace weir
