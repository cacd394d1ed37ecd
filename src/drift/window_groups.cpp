// SPDX-License-Identifier: Apache-2.0
#include "drift/window_groups.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "base/hash.h"
#include "drift/compare.h"

namespace weir {

namespace {

constexpr std::size_t kNamed = WindowGroups::kMost - 2;  // beside the rest, and what is missing

std::uint64_t odd_ones(const Profile& p) {
  return p.missing() + p.odd.nan + p.odd.positive_infinity + p.odd.negative_infinity;
}

/// Edges of the reference that part it into about equal pieces: a record is in the same group whether it is known by itself
/// or by its cell. The upper end of an atom is no bound: the atom belongs to what follows it.
std::vector<double> bounds_of(const Profile& reference) {
  std::vector<double> out;
  if (!reference.edges) return out;
  const std::vector<double>& edges = *reference.edges;
  const double piece = static_cast<double>(reference.finite) / static_cast<double>(kNamed + 1);
  std::uint64_t below = 0;
  std::uint64_t at_last_bound = 0;
  for (std::size_t i = 0; i < edges.size() && out.size() < kNamed; ++i) {
    below += reference.cells[i];
    if (i > 0 && edges[i] == edges[i - 1]) continue;
    const bool atom = i + 1 < edges.size() && edges[i + 1] == edges[i];
    const auto held = static_cast<double>(below - at_last_bound);
    // Half a piece is enough in front of an atom that would fill the piece by itself.
    const double wanted = atom && static_cast<double>(reference.cells[i + 1]) >= piece ? piece / 2 : piece;
    if (held < wanted) continue;
    out.push_back(edges[i]);
    at_last_bound = below;
  }
  return out;
}

std::vector<std::uint64_t> most_frequent(const Profile& reference) {
  std::vector<Category> by_count = reference.categories;
  std::sort(by_count.begin(), by_count.end(), [](const Category& a, const Category& b) {
    return a.count != b.count ? a.count > b.count : a.hash < b.hash;
  });
  if (by_count.size() > kNamed) by_count.resize(kNamed);
  std::vector<std::uint64_t> out;
  for (const Category& category : by_count) out.push_back(category.hash);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

std::uint64_t WindowGroups::name() const noexcept {
  std::uint64_t out = numbers ? 1 : 2;
  for (const double bound : bounds) out = hashing::fold(out ^ std::bit_cast<std::uint64_t>(bound), hashing::kRoot5);
  for (const std::uint64_t hash : hashes) out = hashing::fold(out ^ hash, hashing::kRoot7);
  return out;
}

std::vector<std::uint64_t> WindowGroups::count(const Profile& window) const {
  std::vector<std::uint64_t> out;
  if (numbers) {
    out = window.counts_on(bounds);
    if (out.empty() && window.finite > 0) return out;  // they were counted and no more
    out.resize(bounds.size() + 1);
    const std::uint64_t finite = std::accumulate(out.begin(), out.end(), std::uint64_t{0});
    const std::uint64_t values = window.values();
    // What is no number at all counts as odd: a field of numbers that becomes text is seen here too.
    out.push_back(window.missing() + (values > finite ? values - finite : 0));
    return out;
  }
  out.assign(hashes.size() + 2, 0);
  std::uint64_t named = 0;
  for (const Category& category : window.categories) {
    const auto found = std::lower_bound(hashes.begin(), hashes.end(), category.hash);
    if (found == hashes.end() || *found != category.hash) continue;
    out[static_cast<std::size_t>(found - hashes.begin())] += category.count;
    named += category.count;
  }
  const std::uint64_t odd = odd_ones(window);
  out[hashes.size()] = window.elements > odd + named ? window.elements - odd - named : 0;
  out[hashes.size() + 1] = odd;
  return out;
}

void WindowGroups::write(SummaryWriter& out) const {
  out.u8(numbers ? 1 : 0);
  out.varint(bounds.size());
  for (const double bound : bounds) out.f64(bound);
  out.varint(hashes.size());
  for (const std::uint64_t hash : hashes) out.u64(hash);
  out.varint(shares.size());
  for (const double share : shares) out.f64(share);
  out.varint(records);
}

WindowGroups WindowGroups::read(SummaryReader& in) {
  WindowGroups out;
  out.numbers = in.at_most(1, "a kind of groups") != 0;
  out.bounds.resize(in.count(kMost, 8, "bounds of groups"));
  for (double& bound : out.bounds) bound = in.finite();
  in.require(std::adjacent_find(out.bounds.begin(), out.bounds.end(), std::greater_equal<>()) == out.bounds.end(),
             "bounds out of order");
  out.hashes.resize(in.count(kMost, 8, "categories of groups"));
  for (std::uint64_t& hash : out.hashes) hash = in.u64();
  in.require(std::is_sorted(out.hashes.begin(), out.hashes.end()), "categories out of order");
  out.shares.resize(in.count(kMost, 8, "shares of groups"));
  for (double& share : out.shares) {
    share = in.finite();
    in.require(share > 0 && share <= 1, "a share that is none");
  }
  out.records = in.varint();
  const std::size_t groups = (out.numbers ? out.bounds.size() : out.hashes.size()) + 2;
  in.require(out.shares.empty() || out.shares.size() == groups, "groups without shares");
  return out;
}

WindowGroups make_groups(const Profile& reference) {
  WindowGroups out;
  if (reference.elements == 0) return out;
  out.numbers = reference.edges != nullptr && compares_numbers(reference, reference);
  if (out.numbers) {
    out.bounds = bounds_of(reference);
  } else {
    out.hashes = most_frequent(reference);
  }
  const std::vector<std::uint64_t> counts = out.count(reference);
  if (counts.empty()) return {};
  out.records = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  const auto total = static_cast<double>(out.records);
  for (const std::uint64_t count : counts)
    out.shares.push_back((static_cast<double>(count) + 0.5) / (total + 0.5 * static_cast<double>(counts.size())));
  return out;
}

}  // namespace weir
