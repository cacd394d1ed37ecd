// SPDX-License-Identifier: Apache-2.0
// Products of two fields, chunk by chunk.
#include "summary/joint.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "base/key.h"
#include "summary/number_form.h"

namespace weir {

namespace {

constexpr std::size_t kChunk = 256;
constexpr std::uint8_t kVersion = 1;

// The number of a row, if it is a finite one that a double holds.
std::optional<double> finite_number(const Column& column, std::uint32_t row) {
  if (!is_number(column.kinds[row])) return std::nullopt;
  const double nearest = number_form(column.kinds[row], column.cells[row]).nearest;
  return std::isfinite(nearest) ? std::optional(nearest) : std::nullopt;
}

}  // namespace

struct JointSummary::Piece {
  double n = 0;
  DoubleDouble sum_a = {};
  DoubleDouble sum_b = {};
  DoubleDouble m2_a = {};
  DoubleDouble m2_b = {};
  DoubleDouble co = {};
};

JointSummary::JointSummary(const JointSpec& spec) : pairs_(spec.pairs ? std::make_unique<PairCounts>() : nullptr) {}

JointSummary::JointSummary(const JointSummary& other)
    : count_(other.count_),
      sum_a_(other.sum_a_),
      sum_b_(other.sum_b_),
      m2_a_(other.m2_a_),
      m2_b_(other.m2_b_),
      co_(other.co_),
      pairs_(other.pairs_ == nullptr ? nullptr : std::make_unique<PairCounts>(*other.pairs_)) {}

JointSummary& JointSummary::operator=(const JointSummary& other) {
  return *this = JointSummary(other);
}

void JointSummary::add(const Column& a, const Column& b, std::span<const std::uint32_t> rows) {
  WEIR_ASSERT(!a.repeated() && !b.repeated(), "joint summaries are of fields with one value a record");
  double of_a[kChunk];
  double of_b[kChunk];
  std::size_t size = 0;
  for (const std::uint32_t row : rows) {
    if (pairs_ != nullptr && !is_missing(a.kinds[row]) && !is_missing(b.kinds[row])) {
      pairs_->add(hash_of(a.kinds[row], a.cells[row]), hash_of(b.kinds[row], b.cells[row]));
    }
    const std::optional<double> first = finite_number(a, row);
    const std::optional<double> second = first ? finite_number(b, row) : std::nullopt;
    if (!second) continue;
    of_a[size] = *first;
    of_b[size] = *second;
    if (++size < kChunk) continue;
    add_numbers({of_a, size}, {of_b, size});
    size = 0;
  }
  add_numbers({of_a, size}, {of_b, size});
}

void JointSummary::add_numbers(std::span<const double> a, std::span<const double> b) noexcept {
  if (a.empty()) return;
  Piece piece{.n = static_cast<double>(a.size())};
  for (std::size_t i = 0; i < a.size(); ++i) {
    piece.sum_a = piece.sum_a + a[i];
    piece.sum_b = piece.sum_b + b[i];
  }
  const double centre_a = (piece.sum_a / piece.n).value();
  const double centre_b = (piece.sum_b / piece.n).value();
  double off_a = 0;
  double off_b = 0;
  double square_a = 0;
  double square_b = 0;
  double product = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = a[i] - centre_a;
    const double e = b[i] - centre_b;
    off_a += d;
    off_b += e;
    square_a += d * d;
    square_b += e * e;
    product += d * e;
  }
  // What rounding the centres left over.
  const double m2_a = square_a - off_a * off_a / piece.n;
  const double m2_b = square_b - off_b * off_b / piece.n;
  piece.m2_a.high = m2_a < 0 ? 0 : m2_a;
  piece.m2_b.high = m2_b < 0 ? 0 : m2_b;
  piece.co.high = product - off_a * off_b / piece.n;
  count_ += a.size();
  join(piece);
}

// count_ already holds both pieces.
void JointSummary::join(const Piece& piece) noexcept {
  const auto both = static_cast<double>(count_);
  const double before = both - piece.n;
  if (before > 0) {
    const double a = (piece.sum_a / piece.n - sum_a_ / before).value();
    const double b = (piece.sum_b / piece.n - sum_b_ / before).value();
    const double shared = before * piece.n / both;
    m2_a_ = m2_a_ + a * a * shared;
    m2_b_ = m2_b_ + b * b * shared;
    co_ = co_ + a * b * shared;
  }
  sum_a_ = sum_a_ + piece.sum_a;
  sum_b_ = sum_b_ + piece.sum_b;
  m2_a_ = m2_a_ + piece.m2_a;
  m2_b_ = m2_b_ + piece.m2_b;
  co_ = co_ + piece.co;
}

void JointSummary::merge(const JointSummary& other) {
  WEIR_ASSERT((pairs_ == nullptr) == (other.pairs_ == nullptr), "joint summaries of one spec");
  if (this == &other) return merge(JointSummary(other));
  if (pairs_ != nullptr) pairs_->merge(*other.pairs_);
  if (other.count_ == 0) return;
  const Piece piece{static_cast<double>(other.count_), other.sum_a_, other.sum_b_, other.m2_a_, other.m2_b_, other.co_};
  count_ += other.count_;
  join(piece);
}

std::optional<double> JointSummary::mean_a() const noexcept {
  return count_ == 0 ? std::nullopt : std::optional((sum_a_ / static_cast<double>(count_)).value());
}

std::optional<double> JointSummary::mean_b() const noexcept {
  return count_ == 0 ? std::nullopt : std::optional((sum_b_ / static_cast<double>(count_)).value());
}

std::optional<double> JointSummary::covariance() const noexcept {
  return count_ == 0 ? std::nullopt : std::optional(co_moment() / static_cast<double>(count_));
}

std::optional<double> JointSummary::sample_covariance() const noexcept {
  return count_ < 2 ? std::nullopt : std::optional(co_moment() / static_cast<double>(count_ - 1));
}

std::optional<double> JointSummary::correlation() const noexcept {
  if (!(m2_a() > 0) || !(m2_b() > 0)) return std::nullopt;
  // One root rounds once; two of them are for products that no double holds.
  const double product = m2_a() * m2_b();
  const double scale = std::isnormal(product) ? std::sqrt(product) : std::sqrt(m2_a()) * std::sqrt(m2_b());
  return std::clamp(co_moment() / scale, -1.0, 1.0);
}

std::uint64_t JointSummary::bytes() const noexcept {
  return sizeof *this + (pairs_ == nullptr ? 0 : pairs_->bytes());
}

std::uint64_t JointSummary::bytes_bound(const JointSpec& spec) noexcept {
  return sizeof(JointSummary) + (spec.pairs ? PairCounts::bytes_bound() : 0);
}

void JointSummary::write(SummaryWriter& out) const {
  out.u8(kVersion);
  out.u8(pairs_ == nullptr ? 0 : 1);
  out.varint(count_);
  for (const DoubleDouble* sum : {&sum_a_, &sum_b_, &m2_a_, &m2_b_, &co_}) {
    out.f64(sum->high);
    out.f64(sum->low);
  }
  if (pairs_ != nullptr) pairs_->write(out);
}

Result<JointSummary> JointSummary::read(SummaryReader& in, const JointSpec& spec) {
  JointSummary read(spec);
  in.require(in.u8() == kVersion, "a version of the joint summary that is not known");
  in.require(in.u8() == (spec.pairs ? 1 : 0), "it was made for another rule file");
  read.count_ = in.at_most(std::uint64_t{1} << 53, "the count of the joint summary");
  for (DoubleDouble* sum : {&read.sum_a_, &read.sum_b_, &read.m2_a_, &read.m2_b_, &read.co_}) {
    sum->high = in.f64();
    sum->low = in.f64();
    in.require(read.count_ > 0 || (sum->high == 0 && sum->low == 0), "sums of no rows");
  }
  in.require(!(read.m2_a_.high < 0) && !(read.m2_b_.high < 0), "a sum of squares is negative");
  if (spec.pairs) *read.pairs_ = PairCounts::read(in);
  if (!in.ok()) return in.error();
  return read;
}

bool JointSummary::operator==(const JointSummary& other) const {
  SummaryWriter own;
  SummaryWriter others;
  write(own);
  other.write(others);
  return own.bytes() == others.bytes();
}

}  // namespace weir
