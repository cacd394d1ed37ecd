// SPDX-License-Identifier: Apache-2.0
// A bounded table of field names.
#include "summary/schema_summary.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "base/hash.h"

namespace weir {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint64_t kMostCount = ~std::uint64_t{0} >> 8;
constexpr std::size_t kFirst = 8;

std::uint64_t hash_of_name(std::string_view name) noexcept {
  return hash_text(name, hashing::kRoot7);
}

}  // namespace

std::uint64_t FieldCount::total() const noexcept {
  return std::accumulate(kinds.begin(), kinds.end(), std::uint64_t{0});
}

// Null where the name is not among those to keep.
FieldCount* SchemaSummary::place_of(std::uint64_t hash, std::string_view name) {
  if (hash > most_) return nullptr;
  if (const std::uint16_t at = index_.find(fields_, hash); at != HashIndex::kNone) return &fields_[at];
  if (fields_.size() == kMost) {
    const auto by_hash = [](const FieldCount& a, const FieldCount& b) { return a.hash < b.hash; };
    const auto last = std::max_element(fields_.begin(), fields_.end(), by_hash);
    if (hash > last->hash) {
      most_ = last->hash;
      return nullptr;
    }
    *last = {.name = std::string(name), .hash = hash, .position = ~std::uint32_t{0}};
    const auto place = static_cast<std::size_t>(last - fields_.begin());
    most_ = std::max_element(fields_.begin(), fields_.end(), by_hash)->hash;
    index_.rebuild(fields_);
    return &fields_[place];
  }
  if (fields_.size() == fields_.capacity()) fields_.reserve(std::min(kMost, std::max(kFirst, 2 * fields_.size())));
  fields_.push_back({.name = std::string(name), .hash = hash, .position = ~std::uint32_t{0}});
  index_.add_last(fields_);
  return &fields_.back();
}

void SchemaSummary::add(std::string_view name, std::uint32_t position, Kind kind) {
  ++total_;
  FieldCount* const field = place_of(hash_of_name(name), name.substr(0, kNameMost));
  if (field == nullptr) return;
  ++field->kinds[static_cast<std::size_t>(kind)];
  field->position = std::min(field->position, position);
}

void SchemaSummary::merge(const SchemaSummary& other) {
  if (this == &other) return merge(SchemaSummary(other));
  records_ += other.records_;
  total_ += other.total_;
  for (const FieldCount& theirs : other.fields_) {
    FieldCount* const field = place_of(theirs.hash, theirs.name);
    if (field == nullptr) continue;
    for (std::size_t i = 0; i < kKinds; ++i) field->kinds[i] += theirs.kinds[i];
    field->position = std::min(field->position, theirs.position);
  }
  // A piece that left names out says nothing about those beyond its last one.
  most_ = std::min(most_, other.most_);
}

std::vector<FieldCount> SchemaSummary::fields() const {
  std::vector<FieldCount> fields = fields_;
  std::sort(fields.begin(), fields.end(), [](const FieldCount& a, const FieldCount& b) {
    return std::tie(a.position, a.name, a.hash) < std::tie(b.position, b.name, b.hash);
  });
  return fields;
}

const FieldCount* SchemaSummary::find(std::string_view name) const noexcept {
  const std::uint16_t at = index_.find(fields_, hash_of_name(name));
  return at == HashIndex::kNone ? nullptr : &fields_[at];
}

std::uint64_t SchemaSummary::overflow() const noexcept {
  std::uint64_t kept = 0;
  for (const FieldCount& field : fields_) kept += field.total();
  return total_ - kept;
}

std::uint64_t SchemaSummary::bytes() const noexcept {
  std::uint64_t bytes = sizeof *this + fields_.capacity() * sizeof(FieldCount) + index_.bytes();
  const std::size_t inside = std::string().capacity();
  for (const FieldCount& field : fields_) {
    if (field.name.capacity() > inside) bytes += field.name.capacity() + 1;
  }
  return bytes;
}

std::uint64_t SchemaSummary::bytes_bound(std::size_t fields) noexcept {
  const std::size_t kept = std::min(fields, kMost);
  return sizeof(SchemaSummary) + kept * sizeof(FieldCount) + HashIndex::bytes_bound(std::max(kept, kFirst));
}

void SchemaSummary::write(SummaryWriter& out) const {
  out.u8(kVersion);
  out.varint(records_);
  out.varint(total_);
  out.u8(most_ != ~std::uint64_t{0} ? 1 : 0);
  out.varint(fields_.size());
  std::vector<FieldCount> in_order = fields_;
  std::sort(in_order.begin(), in_order.end(), [](const FieldCount& a, const FieldCount& b) { return a.hash < b.hash; });
  for (const FieldCount& field : in_order) {
    out.u64(field.hash);
    out.text(field.name);
    out.varint(field.position);
    for (const std::uint64_t count : field.kinds) out.varint(count);
  }
}

Result<SchemaSummary> SchemaSummary::read(SummaryReader& in) {
  constexpr std::size_t kLeastBytes = 10 + kKinds;  // of a field
  SchemaSummary read;
  in.require(in.u8() == kVersion, "a version of the schema summary that is not known");
  read.records_ = in.at_most(kMostCount, "the number of records");
  read.total_ = in.at_most(kMostCount, "the number of fields");
  const bool full = in.at_most(1, "a flag") == 1;
  const std::size_t size = in.count(kMost, kLeastBytes, "the number of fields");
  in.require(!full || size == kMost, "names were left out though there is room");
  std::uint64_t counted = 0;
  for (std::size_t i = 0; i < size && in.ok(); ++i) {
    FieldCount field;
    field.hash = in.u64();
    field.name = in.text(kNameMost);
    field.position = static_cast<std::uint32_t>(in.at_most(~std::uint32_t{0}, "a position"));
    for (std::uint64_t& count : field.kinds) counted += count = in.at_most(read.total_ - counted, "a count of a field");
    in.require(field.name.size() == kNameMost || hash_of_name(field.name) == field.hash, "a name is not its own");
    in.require(i == 0 || read.fields_.back().hash < field.hash, "fields are not in order");
    if (!in.ok()) break;
    read.fields_.push_back(std::move(field));
    read.index_.add_last(read.fields_);
  }
  in.require(full || counted == read.total_, "the counts of the fields do not add up");
  if (!in.ok()) return in.error();
  if (full) read.most_ = read.fields_.back().hash;
  return read;
}

bool SchemaSummary::operator==(const SchemaSummary& other) const {
  SummaryWriter own;
  SummaryWriter others;
  write(own);
  other.write(others);
  return own.bytes() == others.bytes();
}

}  // namespace weir
