// SPDX-License-Identifier: Apache-2.0
#include "drift/measuring.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "drift/words.h"
#include "stats/categories.h"
#include "stats/samples.h"

namespace weir {

void require_least(DriftMeasured& out, std::uint64_t reference, std::uint64_t current, const DriftInput& in) {
  if (out.kind == DriftMeasured::Kind::NotApplicable && !out.cause.empty()) return;
  if (reference >= in.least && current >= in.least) return;
  out.kind = DriftMeasured::Kind::TooFew;
  const bool is_current = current < in.least;
  const std::uint64_t there = is_current ? current : reference;
  out.cause = with_commas(there) + (there == 1 ? " value" : " values") + (is_current ? "" : " in the reference") +
              ", " + with_commas(in.least) + " are needed";
}

DriftMeasured not_applicable(std::string cause) {
  DriftMeasured out;
  out.kind = DriftMeasured::Kind::NotApplicable;
  out.cause = std::move(cause);
  return out;
}

double effective_size(std::uint64_t n, std::uint64_t m, double design_effect) noexcept {
  const double a = static_cast<double>(n);
  const double b = static_cast<double>(m);
  return a + b > 0 ? a * b / (a + b) / std::max(1.0, design_effect) : 0;
}

void set_p(DriftMeasured& out, double p, double independent) {
  out.p_value = p;
  out.p_high = out.p_low = p;
  out.p_independent = independent;
}

void borrow_p(DriftMeasured& out, const DriftMeasured& from, std::string_view name) {
  out.p_value = std::nullopt;
  out.p_of = name;
  out.p_high = from.p_high;
  out.p_low = from.p_low;
  out.p_independent = from.p_independent;
}

double spread_of_reference(const DriftInput& in) {
  const Profile& reference = in.reference();
  const double quartiles = reference.quantile(0.75).value_or(0) - reference.quantile(0.25).value_or(0);
  if (std::isfinite(quartiles) && quartiles > 0) return quartiles / 1.349;
  if (reference.finite > 1 && std::isfinite(reference.m2) && reference.m2 > 0) {
    return std::sqrt(reference.m2 / static_cast<double>(reference.finite - 1));
  }
  const double median =
      std::max(std::abs(reference.quantile(0.5).value_or(0)), std::abs(in.current().quantile(0.5).value_or(0)));
  return median > 0 ? median / 100 : 1;
}

std::string resolution_of(const NumberCells& cells) {
  std::string out = with_commas(cells.reference.size()) + " cells";
  if (cells.error > 0) out += ", a sketch within " + percent(cells.error);
  return out;
}

double compare_shares(DriftMeasured& out, std::uint64_t k, std::uint64_t n, std::uint64_t l, std::uint64_t m,
                      double design_effect) {
  // Of a share that is rare the far tail of z is much too light, and the far tail is what a family of hundreds of tests is
  // decided by: of 100 values 13 or more are of a share of 0.05 with a chance of 0.0015, and z says 0.0002. Tables of few cost
  // little to count, however many records there are.
  constexpr double kLeastExpected = 100;
  double z = 0;
  const auto p_at = [&](double effect) {
    const double by = std::max(1.0, effect);
    const double a = static_cast<double>(k) / by;
    const double b = static_cast<double>(n) / by;
    const double c = static_cast<double>(l) / by;
    const double d = static_cast<double>(m) / by;
    if (b <= 0 || d <= 0) return 1.0;
    const TwoShares shares = two_shares(a, b, c, d);
    z = shares.z;
    const double pooled = (a + c) / (b + d);
    const bool small = std::min(pooled, 1 - pooled) * std::min(b, d) < kLeastExpected;
    if (!small) return shares.p;
    const auto whole = [](double x) { return static_cast<std::uint64_t>(std::llround(std::max(0.0, x))); };
    return fisher_exact(whole(a), whole(b - a), whole(c), whole(d - c));
  };
  const double independent = p_at(1);
  set_p(out, design_effect > 1 ? p_at(design_effect) : independent, independent);
  return z;
}

}  // namespace weir
