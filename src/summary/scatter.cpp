// SPDX-License-Identifier: Apache-2.0
// Chunks of complete rows, each about its own means.
#include "summary/scatter.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "summary/number_form.h"

namespace weir {

namespace {

constexpr std::size_t kChunk = 64;
constexpr std::uint8_t kVersion = 1;

constexpr std::size_t triangle(std::size_t columns) noexcept {
  return columns * (columns + 1) / 2;
}

// Of (a, b) with a <= b in the upper triangle.
constexpr std::size_t place(std::size_t columns, std::size_t a, std::size_t b) noexcept {
  return a * columns - a * (a + 1) / 2 + b;
}

}  // namespace

ScatterSummary::ScatterSummary(const ScatterSpec& spec)
    : sums_(spec.columns.size()), comoments_(triangle(spec.columns.size())), tails_(spec.columns.size()) {
  WEIR_ASSERT(spec.columns.size() <= ScatterSpec::kMostColumns, "at most 64 columns together");
}

void ScatterSummary::add(std::span<const Column* const> columns, std::span<const std::uint32_t> rows) {
  WEIR_ASSERT(columns.size() == sums_.size(), "the columns of the spec");
  // Column by column, so that sums run over what lies side by side.
  thread_local std::vector<double> dense;
  dense.resize(columns.size() * kChunk);
  std::size_t size = 0;
  for (const std::uint32_t row : rows) {
    bool complete = true;
    for (std::size_t c = 0; c < columns.size() && complete; ++c) {
      const Kind kind = columns[c]->kinds[row];
      const double nearest = is_number(kind) ? number_form(kind, columns[c]->cells[row]).nearest : NAN;
      dense[c * kChunk + size] = nearest;
      complete = std::isfinite(nearest);
    }
    if (!complete || ++size < kChunk) continue;
    add_chunk(dense, size);
    size = 0;
  }
  if (size > 0) add_chunk(dense, size);
}

void ScatterSummary::add_chunk(std::span<double> dense, std::size_t rows) {
  const std::size_t d = sums_.size();
  const auto n = static_cast<double>(rows);
  std::vector<DoubleDouble> sums(d);
  std::vector<double> off(d);  // what rounding the means leaves over
  for (std::size_t c = 0; c < d; ++c) {
    const std::span<double> column = dense.subspan(c * kChunk, rows);
    for (const double value : column) sums[c] = sums[c] + value;
    const double mean = (sums[c] / n).value();
    for (double& value : column) {
      value -= mean;
      off[c] += value;
    }
  }
  std::vector<double> comoments(comoments_.size());
  for (std::size_t a = 0; a < d; ++a) {
    for (std::size_t b = a; b < d; ++b) {
      double sum = 0;
      for (std::size_t i = 0; i < rows; ++i) sum += dense[a * kChunk + i] * dense[b * kChunk + i];
      const double comoment = sum - off[a] * off[b] / n;
      comoments[place(d, a, b)] = a == b && comoment < 0 ? 0 : comoment;
    }
  }
  std::vector<Tails> tails(d);
  for (std::size_t c = 0; c < d; ++c) {
    double second = 0;
    double third = 0;
    double fourth = 0;
    for (const double value : dense.subspan(c * kChunk, rows)) {
      const double square = value * value;
      second += square;
      third += square * value;
      fourth += square * square;
    }
    const double left = off[c] / n;
    tails[c].third = third - 3 * left * second + 2 * n * left * left * left;
    tails[c].fourth = fourth - 4 * left * third + 6 * left * left * second - 3 * n * left * left * left * left;
  }
  join(rows, sums, comoments, tails);
}

void ScatterSummary::join(std::uint64_t rows, std::span<const DoubleDouble> sums, std::span<const double> comoments,
                          std::span<const Tails> tails) {
  const std::size_t d = sums_.size();
  const auto before = static_cast<double>(count_);
  const auto added = static_cast<double>(rows);
  std::vector<double> apart(d);  // of the means
  for (std::size_t a = 0; a < d && count_ > 0; ++a) apart[a] = (sums[a] / added - sums_[a] / before).value();
  const double both = before + added;
  const double shared = before * added / both;
  for (std::size_t a = 0; a < d; ++a) {
    // As summary/moments.cpp joins them; the sums of squares are those of before.
    const double delta = apart[a];
    const double square = delta * delta;
    const double own = comoments_[place(d, a, a)];
    const double other = comoments[place(d, a, a)];
    tails_[a].fourth += tails[a].fourth +
                        square * square * shared * (before * before - before * added + added * added) / (both * both) +
                        6 * square * (before * before * other + added * added * own) / (both * both) +
                        4 * delta * (before * tails[a].third - added * tails_[a].third) / both;
    tails_[a].third += tails[a].third + square * delta * shared * (before - added) / both +
                       3 * delta * (before * other - added * own) / both;
  }
  for (std::size_t a = 0; a < d; ++a) {
    for (std::size_t b = a; b < d; ++b) {
      const std::size_t at = place(d, a, b);
      comoments_[at] += comoments[at] + apart[a] * apart[b] * shared;
    }
  }
  for (std::size_t a = 0; a < d; ++a) sums_[a] = sums_[a] + sums[a];
  count_ += rows;
}

void ScatterSummary::merge(const ScatterSummary& other) {
  WEIR_ASSERT(sums_.size() == other.sums_.size(), "scatter summaries of one spec");
  if (other.count_ == 0) return;
  if (this == &other) return merge(ScatterSummary(other));
  if (count_ == 0) {
    *this = other;
    return;
  }
  join(other.count_, other.sums_, other.comoments_, other.tails_);
}

double ScatterSummary::mean(std::size_t a) const noexcept {
  return count_ == 0 ? 0 : (sums_[a] / static_cast<double>(count_)).value();
}

double ScatterSummary::comoment(std::size_t a, std::size_t b) const noexcept {
  return comoments_[place(sums_.size(), std::min(a, b), std::max(a, b))];
}

std::uint64_t ScatterSummary::bytes() const noexcept {
  return sizeof *this + sums_.capacity() * sizeof(DoubleDouble) + comoments_.capacity() * sizeof(double) +
         tails_.capacity() * sizeof(Tails);
}

std::uint64_t ScatterSummary::bytes_bound(const ScatterSpec& spec) noexcept {
  const std::size_t columns = spec.columns.size();
  return sizeof(ScatterSummary) + columns * (sizeof(DoubleDouble) + sizeof(Tails)) + triangle(columns) * sizeof(double);
}

void ScatterSummary::write(SummaryWriter& out) const {
  out.u8(kVersion);
  out.varint(sums_.size());
  out.varint(count_);
  for (const DoubleDouble& sum : sums_) {
    out.f64(sum.high);
    out.f64(sum.low);
  }
  for (const double comoment : comoments_) out.f64(comoment);
  for (const Tails& tails : tails_) {
    out.f64(tails.third);
    out.f64(tails.fourth);
  }
}

Result<ScatterSummary> ScatterSummary::read(SummaryReader& in, const ScatterSpec& spec) {
  in.require(in.u8() == kVersion, "a version of the scatter summary that is not known");
  in.require(in.varint() == spec.columns.size(), "it was made for another rule file");
  if (!in.ok()) return in.error();
  ScatterSummary read(spec);
  read.count_ = in.at_most(std::uint64_t{1} << 53, "the count of the scatter summary");
  for (DoubleDouble& sum : read.sums_) {
    sum.high = in.f64();
    sum.low = in.f64();
    in.require(read.count_ > 0 || (sum.high == 0 && sum.low == 0), "sums of no rows");
  }
  for (double& comoment : read.comoments_) {
    comoment = in.f64();
    in.require(read.count_ > 0 || comoment == 0, "sums of no rows");
  }
  for (std::size_t c = 0; c < read.sums_.size(); ++c) {
    in.require(!(read.comoment(c, c) < 0), "a sum of squares is negative");
  }
  for (Tails& tails : read.tails_) {
    tails.third = in.f64();
    tails.fourth = in.f64();
    in.require(read.count_ > 0 || (tails.third == 0 && tails.fourth == 0), "sums of no rows");
  }
  if (!in.ok()) return in.error();
  return read;
}

bool ScatterSummary::operator==(const ScatterSummary& other) const {
  SummaryWriter own;
  SummaryWriter others;
  write(own);
  other.write(others);
  return own.bytes() == others.bytes();
}

}  // namespace weir
