// SPDX-License-Identifier: Apache-2.0
// A bounded table of counts. Small numbers are kept as numbers and written out only when somebody looks.
#include "summary/value_counts.h"

#include <algorithm>
#include <tuple>

#include "base/assert.h"
#include "base/small_number.h"

namespace weir {

namespace {

constexpr std::size_t kFirst = 8;
constexpr std::uint32_t kMostScale = 18;

ValueClass class_of(Kind kind) noexcept {
  if (kind == Kind::Text) return ValueClass::Text;
  if (kind == Kind::Boolean) return ValueClass::Boolean;
  return is_number(kind) ? ValueClass::Number : ValueClass::Structure;
}

// The beginning of a text, up to a whole character.
std::string_view beginning_of(std::string_view text) noexcept {
  if (text.size() <= ValueCounts::kTextMost) return text;
  std::size_t end = ValueCounts::kTextMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

template <class T>
void reserve_next(T& kept, std::size_t more, std::size_t most) {
  if (kept.size() + more <= kept.capacity()) return;
  kept.reserve(std::min(most, std::max({kFirst, kept.capacity() * 2, kept.size() + more})));
}

}  // namespace

std::string_view ValueCounts::pooled(const Entry& entry) const noexcept {
  return {pool_.data() + entry.payload, entry.size};
}

void ValueCounts::insert(Entry entry, std::string_view text) {
  if (entries_.size() == kMost) make_room();
  if (entry.form == Form::Pooled) {
    reserve_next(pool_, text.size(), kMost * kTextMost);
    entry.payload = static_cast<std::int64_t>(pool_.size());
    pool_.insert(pool_.end(), text.begin(), text.end());
  }
  reserve_next(entries_, 1, kMost);
  entries_.push_back(entry);
  index_.add_last(entries_);
}

void ValueCounts::add(Kind kind, const Cell& cell, std::uint64_t hash) {
  ++total_;
  if (const std::uint16_t at = index_.find(entries_, hash); at != HashIndex::kNone) {
    ++entries_[at].count;
    return;
  }
  Entry entry{.hash = hash, .count = 1, .value_class = class_of(kind)};
  if (redacted_) {
    insert(entry, {});
  } else if (kind == Kind::Boolean) {
    entry.form = Form::Small;
    entry.payload = cell.number;
    insert(entry, {});
  } else if (const auto small = small_number_of(kind, cell)) {
    entry.form = Form::Small;
    entry.payload = small->unscaled;
    entry.size = static_cast<std::uint8_t>(small->scale);
    insert(entry, {});
  } else {
    const std::string digits = is_number(kind) ? number_of(kind, cell).text() : std::string();
    const std::string_view whole = is_number(kind) ? std::string_view(digits) : cell.text();
    const std::string_view text = beginning_of(whole);
    entry.form = Form::Pooled;
    entry.size = static_cast<std::uint8_t>(text.size());
    entry.cut = text.size() < whole.size();
    insert(entry, text);
  }
}

void ValueCounts::make_room() {
  std::vector<std::uint64_t> counts;
  counts.reserve(entries_.size());
  for (const Entry& entry : entries_) counts.push_back(entry.count);
  const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
  std::nth_element(counts.begin(), middle, counts.end());
  const std::uint64_t off = *middle;
  error_ += off;
  std::erase_if(entries_, [&](const Entry& entry) { return entry.count <= off; });
  std::vector<char> pool;
  pool.reserve(pool_.capacity());
  for (Entry& entry : entries_) {
    entry.count -= off;
    if (entry.form != Form::Pooled) continue;
    const std::string_view text = pooled(entry);
    entry.payload = static_cast<std::int64_t>(pool.size());
    pool.insert(pool.end(), text.begin(), text.end());
  }
  pool_ = std::move(pool);
  index_.rebuild(entries_);
}

std::vector<const ValueCounts::Entry*> ValueCounts::in_order() const {
  std::vector<const Entry*> order;
  order.reserve(entries_.size());
  for (const Entry& entry : entries_) order.push_back(&entry);
  std::sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) { return a->hash < b->hash; });
  return order;
}

void ValueCounts::merge(const ValueCounts& other) {
  WEIR_ASSERT(redacted_ == other.redacted_, "value counts of one spec");
  if (this == &other) return merge(ValueCounts(other));
  total_ += other.total_;
  error_ += other.error_;
  // In order of the hashes: where room has to be made, the result depends on what is there and not on how it lay.
  for (const Entry* const entry : other.in_order()) {
    const std::uint16_t at = index_.find(entries_, entry->hash);
    if (at != HashIndex::kNone) {
      entries_[at].count += entry->count;
    } else {
      insert(*entry, entry->form == Form::Pooled ? other.pooled(*entry) : std::string_view());
    }
  }
}

std::uint64_t ValueCounts::other() const noexcept {
  std::uint64_t counted = 0;
  for (const Entry& entry : entries_) counted += entry.count;
  return total_ - counted;
}

std::uint64_t ValueCounts::count_of(std::uint64_t hash) const noexcept {
  const std::uint16_t at = index_.find(entries_, hash);
  return at == HashIndex::kNone ? 0 : entries_[at].count;
}

ValueCount ValueCounts::shown(const Entry& entry) const {
  ValueCount shown;
  shown.value_class = entry.value_class;
  shown.cut = entry.cut;
  shown.hash = entry.hash;
  shown.count = entry.count;
  if (entry.form == Form::Pooled) shown.text = pooled(entry);
  if (entry.form == Form::Small && entry.value_class == ValueClass::Boolean) {
    shown.text = entry.payload != 0 ? "true" : "false";
  } else if (entry.form == Form::Small) {
    shown.text = Decimal(entry.payload, entry.size).text();
  }
  return shown;
}

std::vector<ValueCount> ValueCounts::entries(std::size_t most) const {
  std::vector<ValueCount> all;
  all.reserve(entries_.size());
  for (const Entry& entry : entries_) all.push_back(shown(entry));
  std::sort(all.begin(), all.end(), [](const ValueCount& a, const ValueCount& b) {
    return std::tie(b.count, a.value_class, a.text, a.hash) < std::tie(a.count, b.value_class, b.text, b.hash);
  });
  if (all.size() > most) all.resize(most);
  return all;
}

std::vector<ValueCount> ValueCounts::by_hash() const {
  std::vector<ValueCount> all;
  all.reserve(entries_.size());
  for (const Entry* const entry : in_order()) all.push_back(shown(*entry));
  return all;
}

std::vector<std::uint64_t> ValueCounts::counts() const {
  std::vector<std::uint64_t> counts;
  counts.reserve(entries_.size());
  for (const Entry& entry : entries_) counts.push_back(entry.count);
  std::sort(counts.rbegin(), counts.rend());
  return counts;
}

std::uint64_t ValueCounts::bytes() const noexcept {
  return sizeof *this + entries_.capacity() * sizeof(Entry) + index_.bytes() + pool_.capacity();
}

std::uint64_t ValueCounts::bytes_bound(bool redacted) noexcept {
  return sizeof(ValueCounts) + kMost * sizeof(Entry) + HashIndex::bytes_bound(kMost) +
         (redacted ? 0 : kMost * kTextMost);
}

void ValueCounts::write(SummaryWriter& out) const {
  out.varint(total_);
  out.varint(error_);
  out.varint(entries_.size());
  for (const Entry* const entry : in_order()) {
    out.u64(entry->hash);
    out.varint(entry->count);
    out.u8(static_cast<std::uint8_t>(static_cast<unsigned>(entry->value_class) |
                                     static_cast<unsigned>(entry->form) << 2U | (entry->cut ? 1U : 0U) << 4U));
    if (entry->form == Form::Small) {
      out.u8(entry->size);
      out.signed_varint(entry->payload);
    } else if (entry->form == Form::Pooled) {
      out.text(pooled(*entry));
    }
  }
}

ValueCounts ValueCounts::read(SummaryReader& in, bool redacted) {
  constexpr std::uint64_t kMostCount = ~std::uint64_t{0} >> 8;
  constexpr std::size_t kLeastBytes = 10;  // of an entry
  ValueCounts read(redacted);
  read.total_ = in.at_most(kMostCount, "the total of the values");
  read.error_ = in.at_most(read.total_, "the error of the values");
  const std::size_t size = in.count(kMost, kLeastBytes, "the number of values");
  std::uint64_t counted = 0;
  for (std::size_t i = 0; i < size && in.ok(); ++i) {
    Entry entry;
    entry.hash = in.u64();
    entry.count = in.at_most(read.total_ - counted, "the count of a value");
    counted += entry.count;
    const std::uint8_t form = in.u8();
    entry.value_class = static_cast<ValueClass>(form & 3U);
    entry.form = static_cast<Form>(form >> 2U & 3U);
    entry.cut = (form >> 4U & 1U) != 0;
    std::string_view text;
    if (entry.form == Form::Small) {
      entry.size = in.u8();
      entry.payload = in.signed_varint();
    } else if (entry.form == Form::Pooled) {
      text = in.text(kTextMost);
      entry.size = static_cast<std::uint8_t>(text.size());
    }
    const bool number = entry.value_class == ValueClass::Number || entry.value_class == ValueClass::Boolean;
    in.require(form < 32 && entry.form <= Form::Pooled && (entry.form == Form::None) == redacted,
               "the form of a value is not known");
    in.require(entry.form != Form::Small || (number && entry.size <= kMostScale), "a value is out of range");
    in.require(entry.count > 0, "a value that does not occur");
    in.require(read.entries_.empty() || read.entries_.back().hash < entry.hash, "values are not in order");
    if (in.ok()) read.insert(entry, text);
  }
  in.require(read.error_ > 0 || counted == read.total_, "the counts of the values do not add up");
  return in.ok() ? read : ValueCounts(redacted);
}

bool ValueCounts::operator==(const ValueCounts& other) const {
  SummaryWriter own;
  SummaryWriter others;
  write(own);
  other.write(others);
  return own.bytes() == others.bytes();
}

}  // namespace weir
