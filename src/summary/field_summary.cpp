// SPDX-License-Identifier: Apache-2.0
// Cells into numbers and hashes, and those to the parts that are kept.
#include "summary/field_summary.h"

#include <cmath>

#include "base/assert.h"
#include "base/instant.h"
#include "base/key.h"
#include "summary/number_form.h"

namespace weir {

namespace {

constexpr std::size_t kChunk = Moments::kChunk;
constexpr std::size_t kLine = 64;  // of memory, in bytes
constexpr std::uint8_t kVersion = 1;
constexpr Parts kInObject = Part::Moments | Part::HighMoments;

bool keeps_instants(const SummarySpec& spec) noexcept {
  return spec.instants || spec.declared == FieldType::Timestamp || spec.declared == FieldType::Date;
}

template <class T>
std::unique_ptr<T> copied(const std::unique_ptr<T>& from) {
  return from == nullptr ? nullptr : std::make_unique<T>(*from);
}

}  // namespace

// Every part behind a pointer, in the order in which they are written.
template <class Summary, class Visit>
void FieldSummary::each_sketch(Summary& summary, Visit visit) {
  if (summary.sketches_ == nullptr) return;
  visit(&Sketches::extremes);
  visit(&Sketches::histogram);
  visit(&Sketches::quantiles);
  visit(&Sketches::distinct);
  visit(&Sketches::values);
  visit(&Sketches::shape);
  visit(&Sketches::repeats);
  visit(&Sketches::delays);
  visit(&Sketches::raw);
}

FieldSummary::FieldSummary(const SummarySpec& spec)
    : parts_(spec.parts),
      declared_(spec.declared),
      instants_(keeps_instants(spec)),
      redacted_(spec.redacted),
      moments_(spec.parts.has(Part::HighMoments)) {
  if ((parts_.bits & ~kInObject.bits) == 0) return;
  sketches_ = std::make_unique<Sketches>();
  if (parts_.has(Part::Extremes)) sketches_->extremes = std::make_unique<Extremes>();
  if (parts_.has(Part::Histogram)) sketches_->histogram = std::make_unique<Histogram>(spec.edges);
  if (parts_.has(Part::Quantiles)) sketches_->quantiles = std::make_unique<QuantileSketch>(spec.quantile_k);
  if (parts_.has(Part::Distinct)) sketches_->distinct = std::make_unique<Distinct>();
  if (parts_.has(Part::Values)) sketches_->values = std::make_unique<ValueCounts>(redacted_);
  if (parts_.has(Part::Shape)) sketches_->shape = std::make_unique<TextShape>();
  if (parts_.has(Part::Repeats)) sketches_->repeats = std::make_unique<Repeats>();
  if (parts_.has(Part::Delay)) sketches_->delays = std::make_unique<QuantileSketch>(spec.quantile_k);
  if (parts_.has(Part::Raw)) sketches_->raw = std::make_unique<RawValues>(spec.raw_most);
}

FieldSummary::FieldSummary(const FieldSummary& other)
    : counters_(other.counters_),
      parts_(other.parts_),
      declared_(other.declared_),
      instants_(other.instants_),
      redacted_(other.redacted_),
      moments_(other.moments_) {
  if (other.sketches_ == nullptr) return;
  sketches_ = std::make_unique<Sketches>();
  each_sketch(*this, [&](auto part) { (*sketches_).*part = copied((*other.sketches_).*part); });
}

FieldSummary& FieldSummary::operator=(const FieldSummary& other) {
  return *this = FieldSummary(other);
}

void FieldSummary::add(const Column& column, std::span<const std::uint32_t> elements,
                       std::span<const Instant> arrival) {
  for (; !elements.empty(); elements = elements.subspan(std::min(kChunk, elements.size()))) {
    const std::span<const std::uint32_t> chunk = elements.first(std::min(kChunk, elements.size()));
    add_chunk(column, chunk);
    if (sketches_ == nullptr) continue;
    add_hashes(column, chunk);
    add_texts(column, chunk);
    add_instants(column, chunk, arrival);
  }
}

void FieldSummary::add_chunk(const Column& column, std::span<const std::uint32_t> elements) {
  double numbers[kChunk];
  std::size_t size = 0;
  Extremes* const extremes = sketches_ == nullptr ? nullptr : sketches_->extremes.get();
  counters_.elements += elements.size();
  for (const std::uint32_t i : elements) {
    const Cell& cell = column.cells[i];
    const Kind kind = column.kinds[i];
    switch (kind) {
      case Kind::Absent: ++counters_.absent; continue;
      case Kind::Null: ++counters_.null; continue;
      case Kind::Boolean: ++counters_.boolean; continue;
      case Kind::Text:
        ++counters_.text;
        counters_.empty_text += cell.size == 0 ? 1 : 0;
        continue;
      case Kind::Array: ++counters_.array; continue;
      case Kind::Object: ++counters_.object; continue;
      case Kind::Integer:
      case Kind::Decimal:
      case Kind::Number: break;
    }
    const NumberForm form = number_form(kind, cell);
    if (form.sign < 0) ++counters_.negative;  // no addition of nothing: its line may be far away
    if (form.sort > NumberSort::Fraction) [[unlikely]] {
      counters_.nan += form.sort == NumberSort::NaN ? 1 : 0;
      counters_.positive_infinity += form.sort == NumberSort::PositiveInfinity ? 1 : 0;
      counters_.negative_infinity += form.sort == NumberSort::NegativeInfinity ? 1 : 0;
      continue;
    }
    if (form.sign == 0) ++counters_.zero;
    ++(form.sort == NumberSort::Whole ? counters_.integer : counters_.fraction);
    if (extremes != nullptr) extremes->add_number(kind, cell, form.nearest);
    if (std::isinf(form.nearest)) [[unlikely]] {
      ++counters_.beyond;
      continue;
    }
    numbers[size++] = form.nearest;
  }
  const std::span<const double> finite(numbers, size);
  if (keeps_moments()) moments_.add(finite);
  if (sketches_ == nullptr) return;
  if (sketches_->histogram != nullptr) sketches_->histogram->add(finite);
  if (sketches_->quantiles != nullptr) sketches_->quantiles->add(finite);
  if (sketches_->raw != nullptr) sketches_->raw->add(finite);
}

void FieldSummary::add_hashes(const Column& column, std::span<const std::uint32_t> elements) {
  if (sketches_->distinct == nullptr && sketches_->values == nullptr && sketches_->repeats == nullptr) return;
  std::uint64_t hashes[kChunk];
  std::size_t size = 0;
  for (const std::uint32_t i : elements) {
    if (is_missing(column.kinds[i])) continue;
    const std::uint64_t hash = hash_of(column.kinds[i], column.cells[i]);
    if (sketches_->values != nullptr) sketches_->values->add(column.kinds[i], column.cells[i], hash);
    hashes[size++] = hash;
  }
  if (sketches_->distinct != nullptr) sketches_->distinct->add({hashes, size});
  if (sketches_->repeats != nullptr) sketches_->repeats->add({hashes, size});
}

void FieldSummary::add_texts(const Column& column, std::span<const std::uint32_t> elements) {
  Extremes* const extremes = redacted_ ? nullptr : sketches_->extremes.get();
  TextShape* const shape = sketches_->shape.get();
  if (extremes == nullptr && shape == nullptr) return;
  for (const std::uint32_t i : elements) {
    if (column.kinds[i] != Kind::Text) continue;
    if (extremes != nullptr) extremes->add_text(column.cells[i].text());
    if (shape != nullptr) shape->add(column.cells[i].text());
  }
}

void FieldSummary::add_instants(const Column& column, std::span<const std::uint32_t> elements,
                                std::span<const Instant> arrival) {
  Extremes* const extremes = instants_ ? sketches_->extremes.get() : nullptr;
  QuantileSketch* const delays = sketches_->delays.get();
  if (extremes == nullptr && delays == nullptr) return;
  WEIR_ASSERT(delays == nullptr || !arrival.empty(), "delays need the arrival of the records");
  double seconds[kChunk];
  std::size_t size = 0;
  for (const std::uint32_t i : elements) {
    const std::optional<Instant> instant = instant_of(column.kinds[i], column.cells[i]);
    if (!instant) continue;
    if (extremes != nullptr) extremes->add_instant(*instant);
    if (delays == nullptr) continue;
    const Instant arrived = arrival.size() == 1 ? arrival.front() : arrival[column.row_of(i)];
    // As doubles: the distance of two instants need not fit 64 bits.
    constexpr double kMicroseconds = 1e6;
    seconds[size++] = (static_cast<double>(arrived.time_since_epoch().count()) -
                       static_cast<double>(instant->time_since_epoch().count())) /
                      kMicroseconds;
  }
  if (delays != nullptr) delays->add({seconds, size});
}

void FieldSummary::fetch() const noexcept {
  const char* const hot = reinterpret_cast<const char*>(&counters_.elements);
  for (std::size_t at = 0; at <= 2 * kLine; at += kLine) __builtin_prefetch(hot + at, 1);
}

void FieldSummary::fetch_sketches() const noexcept {
  if (sketches_ != nullptr) __builtin_prefetch(sketches_.get());
}

void FieldSummary::fetch_parts() const noexcept {
  each_sketch(*this, [this](auto part) {
    const char* const at = reinterpret_cast<const char*>(((*sketches_).*part).get());
    if (at == nullptr) return;
    __builtin_prefetch(at, 1);
    __builtin_prefetch(at + kLine, 1);
  });
}

void FieldSummary::settle() {
  if (sketches_ == nullptr) return;
  if (sketches_->quantiles) sketches_->quantiles->settle();
  if (sketches_->delays) sketches_->delays->settle();
  if (sketches_->raw) sketches_->raw->settle();
}

void FieldSummary::merge(const FieldSummary& other) {
  WEIR_ASSERT(parts_ == other.parts_ && redacted_ == other.redacted_, "summaries of one spec");
  if (this == &other) return merge(FieldSummary(other));
  counters_.merge(other.counters_);
  moments_.merge(other.moments_);
  each_sketch(*this, [&](auto part) {
    auto& own = (*sketches_).*part;
    if (own != nullptr) own->merge(*((*other.sketches_).*part));
  });
}

std::uint64_t FieldSummary::bytes() const noexcept {
  std::uint64_t sum = sizeof *this;
  if (sketches_ == nullptr) return sum;
  sum += sizeof(Sketches);
  const Sketches& parts = *sketches_;
  if (parts.extremes != nullptr) sum += parts.extremes->bytes();
  if (parts.histogram != nullptr) sum += parts.histogram->bytes();
  if (parts.quantiles != nullptr) sum += parts.quantiles->bytes();
  if (parts.distinct != nullptr) sum += parts.distinct->bytes();
  if (parts.values != nullptr) sum += parts.values->bytes();
  if (parts.shape != nullptr) sum += sizeof(TextShape);
  if (parts.repeats != nullptr) sum += parts.repeats->bytes();
  if (parts.delays != nullptr) sum += parts.delays->bytes();
  if (parts.raw != nullptr) sum += parts.raw->bytes();
  return sum;
}

std::uint64_t FieldSummary::bytes_bound(const SummarySpec& spec) noexcept {
  std::uint64_t sum = sizeof(FieldSummary);
  if ((spec.parts.bits & ~kInObject.bits) == 0) return sum;
  sum += sizeof(Sketches);
  const auto add = [&](Part part, std::uint64_t bytes) { sum += spec.parts.has(part) ? bytes : 0; };
  add(Part::Extremes, Extremes::bytes_bound());
  if (spec.edges != nullptr) add(Part::Histogram, Histogram::bytes_bound(spec.edges->size()));
  add(Part::Quantiles, QuantileSketch::bytes_bound(spec.quantile_k));
  add(Part::Distinct, Distinct::bytes_bound());
  add(Part::Values, ValueCounts::bytes_bound(spec.redacted));
  add(Part::Shape, sizeof(TextShape));
  add(Part::Repeats, Repeats::bytes_bound());
  add(Part::Delay, QuantileSketch::bytes_bound(spec.quantile_k));
  add(Part::Raw, RawValues::bytes_bound(spec.raw_most));
  return sum;
}

void FieldSummary::write(SummaryWriter& out) const {
  out.u8(kVersion);
  out.varint(parts_.bits);
  counters_.write(out);
  if (keeps_moments()) moments_.write(out);
  each_sketch(*this, [&](auto part) {
    if ((*sketches_).*part != nullptr) ((*sketches_).*part)->write(out);
  });
}

Result<FieldSummary> FieldSummary::read(SummaryReader& in, const SummarySpec& spec) {
  in.require(in.u8() == kVersion, "a version of the summary that is not known");
  in.require(in.varint() == spec.parts.bits, "it was made for another rule file");
  if (!in.ok()) return in.error();
  FieldSummary read(spec);
  read.counters_ = Counters::read(in);
  if (read.keeps_moments()) read.moments_ = Moments::read(in, spec.parts.has(Part::HighMoments));
  if (read.sketches_ != nullptr) {
    Sketches& parts = *read.sketches_;
    if (parts.extremes != nullptr) *parts.extremes = Extremes::read(in);
    if (parts.histogram != nullptr) *parts.histogram = Histogram::read(in, spec.edges);
    if (parts.quantiles != nullptr) *parts.quantiles = QuantileSketch::read(in, spec.quantile_k);
    if (parts.distinct != nullptr) *parts.distinct = Distinct::read(in);
    if (parts.values != nullptr) *parts.values = ValueCounts::read(in, spec.redacted);
    if (parts.shape != nullptr) *parts.shape = TextShape::read(in);
    if (parts.repeats != nullptr) *parts.repeats = Repeats::read(in);
    if (parts.delays != nullptr) *parts.delays = QuantileSketch::read(in, spec.quantile_k);
    if (parts.raw != nullptr) *parts.raw = RawValues::read(in, spec.raw_most);
  }
  read.require_agreement(in);
  if (!in.ok()) return in.error();
  return read;
}

// The parts were given the same values, so a count of one of them that differs was changed.
void FieldSummary::require_agreement(SummaryReader& in) const {
  const std::uint64_t numbers = counters_.finite() - counters_.beyond;
  const auto require = [&](bool kept, auto count, std::uint64_t expected) {
    if (kept) in.require(count() == expected, "the counts of its parts differ");
  };
  require(
      moments() != nullptr, [&] { return moments_.count(); }, numbers);
  require(
      histogram() != nullptr, [&] { return histogram()->total(); }, numbers);
  require(
      quantiles() != nullptr, [&] { return quantiles()->count(); }, numbers);
  require(
      raw() != nullptr, [&] { return raw()->count(); }, numbers);
  require(
      values() != nullptr, [&] { return values()->total(); }, counters_.values());
  require(
      repeats() != nullptr, [&] { return repeats()->total(); }, counters_.values());
  require(
      shape() != nullptr, [&] { return shape()->count(); }, counters_.text);
}

bool FieldSummary::operator==(const FieldSummary& other) const {
  if (parts_ != other.parts_ || redacted_ != other.redacted_ || !(counters_ == other.counters_)) return false;
  if (!(moments_ == other.moments_)) return false;
  bool equal = true;
  each_sketch(*this, [&](auto part) {
    if ((*sketches_).*part != nullptr) equal = equal && *((*sketches_).*part) == *((*other.sketches_).*part);
  });
  return equal;
}

}  // namespace weir
