// SPDX-License-Identifier: Apache-2.0
#include "stats/family.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace weir {
namespace {

constexpr std::size_t kLags = 3;

// The weight of windows so many apart (M. Bartlett; W. Newey and K. West 1987): without it the products of windows that have
// nothing to do with each other, seven a window with the square, make the estimate half as unsure again as with it, and what is
// unsure is too small too often.
constexpr double weight_of(std::size_t lag) {
  return 1 - static_cast<double>(lag) / static_cast<double>(kLags + 1);
}

// The sum over an edge's windows of the squares and weighted neighbouring products of `excess`: the variance of its total.
double long_run(std::span<const double> excess) {
  double sum = 0;
  for (std::size_t w = 0; w < excess.size(); ++w) {
    sum += excess[w] * excess[w];
    for (std::size_t lag = 1; lag <= kLags && w + lag < excess.size(); ++lag)
      sum += 2 * weight_of(lag) * excess[w] * excess[w + lag];
  }
  return sum;
}

// By Stirling's series, above 8 and by the recurrence below. (The library's is not safe among threads.) Error below 1e-12.
double log_gamma(double x) {
  double product = 1;
  for (; x < 8; ++x) product *= x;
  const double inverse = 1 / x;
  const double square = inverse * inverse;
  const double series =
      inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188))));
  return (x - 0.5) * std::log(x) - x + 0.5 * std::log(2 * std::numbers::pi) + series - std::log(product);
}

}  // namespace

std::vector<double> adjusted(std::span<const double> p, bool any_dependence) {
  const std::size_t tests = p.size();
  // What is no number says nothing against the null hypothesis.
  const auto value = [&](std::size_t i) { return std::isnan(p[i]) ? 1.0 : std::clamp(p[i], 0.0, 1.0); };
  std::vector<std::size_t> order(tests);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return value(i) > value(j); });
  double factor = static_cast<double>(tests);
  if (any_dependence) {
    double harmonic = 0;
    for (std::size_t i = 1; i <= tests; ++i) harmonic += 1 / static_cast<double>(i);
    factor *= harmonic;
  }
  std::vector<double> result(tests, 1);
  double least = 1;
  for (std::size_t k = 0; k < tests; ++k) {  // from the largest p down
    least = std::min(least, value(order[k]) * factor / static_cast<double>(tests - k));
    result[order[k]] = least;
  }
  return result;
}

// With s_w what window w holds up to the edge above its expectation n_w F, the ratio of sum s_w^2 + 2 sum b_lag s_w s_(w+lag) to
// N F (1 - F): for windows of one size the recipe of the header, for others each weighs what it holds. F is estimated from
// the same W windows, which takes (1 + 2 sum b_lag (1 - lag/W))/W of it away (T. Anderson 1971); it is given back.
std::optional<double> design_effect(std::span<const std::vector<std::uint64_t>> windows) {
  if (windows.empty()) return std::nullopt;
  const std::size_t cells = windows[0].size();
  std::size_t filled = 0;
  double all = 0;
  std::vector<double> sizes;
  for (const std::vector<std::uint64_t>& window : windows) {
    if (window.size() != cells) return std::nullopt;
    double size = 0;
    for (const std::uint64_t count : window) size += static_cast<double>(count);
    sizes.push_back(size);
    all += size;
    filled += size > 0 ? 1 : 0;
  }
  if (filled < kFewestWindows) return std::nullopt;

  const auto count = static_cast<double>(filled);
  double kept = 1 - 1 / count;
  for (std::size_t lag = 1; lag <= kLags; ++lag)
    kept -= 2 * weight_of(lag) * (1 - static_cast<double>(lag) / count) / count;
  std::vector<double> up_to(windows.size(), 0);
  std::vector<double> excess(windows.size(), 0);
  std::vector<double> effects;
  double total = 0;
  for (std::size_t cell = 0; cell + 1 < cells; ++cell) {
    for (std::size_t w = 0; w < windows.size(); ++w) {
      up_to[w] += static_cast<double>(windows[w][cell]);
      total += static_cast<double>(windows[w][cell]);
    }
    const double share = total / all;
    const double expected = all * share * (1 - share);
    if (!(expected > 0)) continue;  // all on one side of the edge
    for (std::size_t w = 0; w < windows.size(); ++w) excess[w] = up_to[w] - sizes[w] * share;
    effects.push_back(long_run(excess) / expected / kept);
  }
  if (effects.empty()) return 1.0;
  const auto middle = effects.begin() + static_cast<std::ptrdiff_t>(effects.size() / 2);
  std::nth_element(effects.begin(), middle, effects.end());
  return std::max(1.0, *middle);
}

EDetector::EDetector(std::vector<double> reference_shares, double reference_records) {
  // Records that the alternative is worth. Few make it vague, and what is vague pays for every cell that it might have meant: at
  // 20 a shift of a tenth of the spread never pays it back against a reference of 10 000. It stays vaguer than what is known.
  constexpr double kMostConcentration = 500;
  const double concentration = std::max(1.0, std::min(kMostConcentration, reference_records / 4));
  constexpr double kLeastShare = 1e-4;
  const auto cells = static_cast<double>(reference_shares.size());
  double sum = 0;
  for (double& share : reference_shares) {
    if (!(share > 0) || !std::isfinite(share)) share = 0;
    sum += share;
  }
  const double least = std::min(kLeastShare, 0.01 / std::max(cells, 1.0));
  double raised = 0;
  for (double& share : reference_shares) {
    share = std::max(sum > 0 ? share / sum : 1 / cells, least);
    raised += share;
  }
  for (const double share : reference_shares) {
    weights_.push_back(concentration * share / raised);
    log_shares_.push_back(std::log(share / raised));
    log_weights_ += log_gamma(weights_.back());
  }
  log_weights_ -= log_gamma(concentration);
  // Beyond that many the law is the multinomial one to all digits that matter.
  constexpr double kAllKnown = 1e12;
  if (!(reference_records < kAllKnown)) return;
  const double records = std::max(reference_records, 4.0);
  for (const double share : reference_shares) {
    known_.push_back(records * share / raised);
    log_known_ += log_gamma(known_.back());
  }
  log_known_ -= log_gamma(records);
}

double EDetector::log_ratio(std::span<const std::uint64_t> counts) const {
  double records = 0;
  double weight = 0;
  double known = 0;
  double sum = -log_weights_;
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    const auto count = static_cast<double>(counts[i]);
    sum += log_gamma(weights_[i] + count);
    records += count;
    weight += weights_[i];
    if (known_.empty()) {
      sum -= count * log_shares_[i];
    } else {
      sum -= log_gamma(known_[i] + count);
      known += known_[i];
    }
  }
  if (records == 0) return 0;
  if (!known_.empty()) sum += log_known_ + log_gamma(known + records);
  return sum - log_gamma(weight + records);
}

double EDetector::add(Counts window) {
  if (weights_.empty()) return log_e_;
  if (windows_.size() == kMostStarts) windows_.erase(windows_.begin());
  windows_.emplace_back(window.begin(), window.end());
  windows_.back().resize(weights_.size(), 0);
  // Starts from the newest window back; logarithm of the sum of their ratios.
  std::vector<std::uint64_t> since(weights_.size(), 0);
  std::vector<double> ratios;
  ratios.reserve(windows_.size());
  for (std::size_t w = windows_.size(); w-- > 0;) {
    for (std::size_t i = 0; i < since.size(); ++i) since[i] += windows_[w][i];
    ratios.push_back(log_ratio(since));
  }
  const double most = *std::max_element(ratios.begin(), ratios.end());
  double sum = 0;
  for (const double ratio : ratios) sum += std::exp(ratio - most);
  log_e_ = most + std::log(sum);
  return log_e_;
}

}  // namespace weir
