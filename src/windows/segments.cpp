// SPDX-License-Identifier: Apache-2.0
// Keys of segments, and which of them have a place.
#include "windows/segments.h"

#include <algorithm>
#include <cmath>

#include "base/decimal.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace weir {

namespace {

constexpr std::size_t kShownBytes = 128;
constexpr std::size_t kMostListed = 100'000;  // combinations; a rule file that lists more lists none
constexpr Key kMissing{.high = 0x9ae16a3b2f90404f, .low = 0xc949d7c7509e6557};
constexpr std::string_view kOtherName = "__other__";

std::string name_of(const Segment& segment) {
  std::string out;
  for (const auto& [field, value] : segment.values) {
    if (!out.empty()) out += ", ";
    out += field + "=" + (value ? json_quote(*value) : "null");
  }
  return out;
}

/// The keys that a listed text stands for: itself, and the number or truth that it spells.
std::vector<Key> keys_of_listed(const std::string& text) {
  Cell cell{.number = 0, .data = text.data(), .size = static_cast<std::uint32_t>(text.size()), .scale = 0};
  std::vector<Key> out = {key_of(Kind::Text, cell)};
  if (text == "true" || text == "false") {
    cell.number = text == "true" ? 1 : 0;
    out.push_back(key_of(Kind::Boolean, cell));
  } else if (Decimal::parse(text)) {
    out.push_back(key_of(Kind::Number, cell));
  }
  return out;
}

}  // namespace

Segments::Segments(const std::vector<SegmentField>& fields, std::uint32_t most, const FieldTable& table)
    : fields_(fields) {
  for (const SegmentField& field : fields_) redacted_.push_back(table[field.column].redacted);
  slots_.resize(64);
  kept_.resize(1);
  kept_[kOther].in_use = true;
  if (fields_.empty()) return;
  Segment other;
  other.other = true;
  kept_[kOther].shown = std::make_shared<const Segment>(other);
  for (const SegmentField& field : fields_) kept_[kOther].name += field.path + ", ";
  kept_[kOther].name += kOtherName;
  list_all();
  const std::size_t listed = kept_.size() - 1;
  places_ = most > listed ? most - listed : 0;
}

/// Every combination of the values that are listed for each of the fields, when there are some for each.
void Segments::list_all() {
  std::size_t combinations = 1;
  for (const SegmentField& field : fields_) {
    combinations *= field.listed.size();
    if (combinations == 0 || combinations > kMostListed) return;
  }
  for (std::size_t i = 0; i < combinations; ++i) {
    Segment shown;
    std::vector<Key> keys = {Key{}};
    std::size_t rest = i;
    for (std::size_t f = 0; f < fields_.size(); ++f) {
      const std::vector<std::string>& listed = fields_[f].listed;
      const std::string& text = listed[rest % listed.size()];
      rest /= listed.size();
      shown.values.emplace_back(fields_[f].path, text);
      std::vector<Key> longer;
      for (const Key& key : keys) {
        for (const Key& next : keys_of_listed(text)) longer.push_back(f == 0 ? next : joined(key, next));
      }
      keys = std::move(longer);
    }
    if (look_up(keys[0]) != kFree) continue;  // listed twice
    const std::uint32_t number = add(keys[0], true, std::move(shown));
    for (std::size_t k = 1; k < keys.size(); ++k) put(keys[k], number);
  }
}

Key Segments::key_of_row(const Batch& batch, std::size_t row) const {
  Key key;
  for (std::size_t f = 0; f < fields_.size(); ++f) {
    const Column& column = batch.columns[fields_[f].column];
    const bool missing = column.repeated() || row >= column.size() || is_missing(column.kinds[row]);
    const Key next = missing ? kMissing : key_of(column.kinds[row], column.cells[row]);
    key = f == 0 ? next : joined(key, next);
  }
  return key;
}

Segment Segments::show(const Batch& batch, std::size_t row) const {
  Segment out;
  for (std::size_t f = 0; f < fields_.size(); ++f) {
    const Column& column = batch.columns[fields_[f].column];
    std::optional<std::string> text;
    if (!column.repeated() && row < column.size() && !is_missing(column.kinds[row])) {
      const Cell& cell = column.cells[row];
      text = shorten(written_text(column.kinds[row], cell), kShownBytes);
      if (redacted_[f]) {
        constexpr char kDigits[] = "0123456789abcdef";
        std::uint64_t hash = key_of(column.kinds[row], cell).low;
        *text = "#";
        for (int i = 0; i < 12; ++i, hash >>= 4) *text += kDigits[hash & 15U];
      }
    }
    out.values.emplace_back(fields_[f].path, std::move(text));
  }
  return out;
}

std::uint32_t Segments::look_up(const Key& key) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = key.low & mask;; i = (i + 1) & mask) {
    if (slots_[i].number == kFree) return kFree;
    if (slots_[i].key == key) return slots_[i].number;
  }
}

void Segments::put(const Key& key, std::uint32_t number) {
  if (2 * (used_ + 1) > slots_.size()) {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    used_ = 0;
    for (const Slot& slot : old) {
      if (slot.number != kFree) put(slot.key, slot.number);
    }
  }
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = key.low & mask;
  while (slots_[i].number != kFree && !(slots_[i].key == key)) i = (i + 1) & mask;
  if (slots_[i].number == kFree) ++used_;
  slots_[i] = {.key = key, .number = number};
}

void Segments::take_out(const Key& key) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t hole = key.low & mask;
  while (!(slots_[hole].key == key)) {
    if (slots_[hole].number == kFree) return;
    hole = (hole + 1) & mask;
  }
  // What was pushed beyond the hole moves up, so that no search ends too early.
  for (std::size_t i = (hole + 1) & mask; slots_[i].number != kFree; i = (i + 1) & mask) {
    const std::size_t home = slots_[i].key.low & mask;
    if (((i - home) & mask) < ((i - hole) & mask)) continue;
    slots_[hole] = slots_[i];
    hole = i;
  }
  slots_[hole].number = kFree;
  --used_;
}

std::uint32_t Segments::add(const Key& key, bool listed, Segment shown) {
  std::uint32_t number = static_cast<std::uint32_t>(kept_.size());
  if (free_.empty()) {
    kept_.emplace_back();
  } else {
    number = free_.back();
    free_.pop_back();
  }
  Kept& kept = kept_[number];
  kept.key = key;
  kept.listed = listed;
  kept.in_use = true;
  kept.name = name_of(shown);
  kept.shown = std::make_shared<const Segment>(std::move(shown));
  put(key, number);
  if (!listed) unlisted_.insert(key);
  ordered_ = false;
  return number;
}

void Segments::fold(const Key& key) {
  if (!other_in_use_) ordered_ = false;
  other_in_use_ = true;
  const bool full = folded_.size() >= kCounted;
  if (full) folded_more_ = true;
  if (full && !BySize()(key, *folded_.rbegin())) return;
  if (!folded_.insert(key).second) return;
  put(key, kOther);
  if (!full) return;
  take_out(*folded_.rbegin());
  folded_.erase(std::prev(folded_.end()));
}

bool Segments::claim(const Key& key) {
  if (unlisted_.size() < places_) return true;
  if (places_ == 0 || !BySize()(key, *unlisted_.rbegin())) {
    fold(key);
    return false;
  }
  const Key loser = *unlisted_.rbegin();
  const std::uint32_t number = look_up(loser);
  unlisted_.erase(loser);
  take_out(loser);
  kept_[number].in_use = false;
  pushed_out_.push_back(number);
  ordered_ = false;
  fold(loser);
  return true;
}

void Segments::find(const Batch& batch, std::span<const std::uint32_t> rows, std::vector<std::uint32_t>& out) {
  out.resize(rows.size());
  if (fields_.empty()) {
    std::fill(out.begin(), out.end(), kOther);
    return;
  }
  keys_.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    keys_[i] = key_of_row(batch, rows[i]);
    __builtin_prefetch(&slots_[keys_[i].low & (slots_.size() - 1)]);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::uint32_t number = look_up(keys_[i]);
    if (number == kFree) number = claim(keys_[i]) ? add(keys_[i], false, show(batch, rows[i])) : kOther;
    out[i] = number;
  }
  if (pushed_out_.empty()) return;
  for (std::uint32_t& number : out) {
    if (!kept_[number].in_use) number = kOther;
  }
}

std::vector<std::uint32_t> Segments::take_pushed_out() {
  std::vector<std::uint32_t> out;
  out.swap(pushed_out_);
  for (const std::uint32_t number : out) {
    kept_[number] = Kept{};
    free_.push_back(number);
  }
  return out;
}

void Segments::adopt(const Segments& other, std::uint32_t number) {
  if (number == kOther || !other.kept_[number].in_use) return;
  const Kept& theirs = other.kept_[number];
  if (look_up(theirs.key) == kFree && claim(theirs.key)) add(theirs.key, false, *theirs.shown);
}

std::uint32_t Segments::number_of(const Segments& other, std::uint32_t number) const {
  if (number == kOther) return kOther;
  const std::uint32_t mine = look_up(other.kept_[number].key);
  return mine == kFree ? kOther : mine;
}

std::optional<std::uint32_t> Segments::peek(const Batch& batch, std::uint32_t row) const {
  if (fields_.empty()) return kOther;
  const std::uint32_t number = look_up(key_of_row(batch, row));
  return number == kFree ? std::nullopt : std::optional(number);
}

void Segments::merge_folded(const Segments& other) {
  if (other.other_in_use_) {
    other_in_use_ = true;
    ordered_ = false;
  }
  folded_more_ = folded_more_ || other.folded_more_;
  for (const Key& key : other.folded_) {
    if (look_up(key) == kFree) fold(key);
  }
}

const std::vector<std::uint32_t>& Segments::in_order() {
  if (ordered_) return order_;
  order_.clear();
  for (std::uint32_t i = 0; i < kept_.size(); ++i) {
    if (kept_[i].in_use && i != kOther) order_.push_back(i);
  }
  std::sort(order_.begin(), order_.end(), [this](std::uint32_t a, std::uint32_t b) {
    return kept_[a].name != kept_[b].name ? kept_[a].name < kept_[b].name : BySize()(kept_[a].key, kept_[b].key);
  });
  if (fields_.empty() || other_in_use_) order_.push_back(kOther);
  ordered_ = true;
  return order_;
}

std::uint64_t Segments::folded() const {
  if (!folded_more_) return folded_.size();
  constexpr double kAllHashes = 18446744073709551616.0;
  const double largest = static_cast<double>(folded_.rbegin()->high) / kAllHashes;
  const auto below = static_cast<double>(folded_.size() + unlisted_.size());
  const double all = (below - 1) / largest;
  return static_cast<std::uint64_t>(std::llround(std::max(all, below))) - unlisted_.size();
}

std::uint64_t Segments::bytes() const {
  constexpr std::uint64_t kNode = 64;  // of a tree: the key, three pointers, a colour, what malloc adds
  std::uint64_t out = slots_.size() * sizeof(Slot) + kept_.size() * sizeof(Kept);
  out += (unlisted_.size() + folded_.size()) * kNode;
  for (const Kept& kept : kept_) out += kept.name.size() * 2 + (kept.shown ? sizeof(Segment) + 96 * fields_.size() : 0);
  return out;
}

}  // namespace weir
