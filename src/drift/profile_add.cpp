// SPDX-License-Identifier: Apache-2.0
// Two profiles as one: what a reference of several windows is made by.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "drift/profile.h"

namespace weir {

namespace {

using Items = std::vector<std::pair<double, std::uint64_t>>;

void add_odd(Oddities& to, const Oddities& from) {
  to.absent += from.absent;
  to.null += from.null;
  to.nan += from.nan;
  to.positive_infinity += from.positive_infinity;
  to.negative_infinity += from.negative_infinity;
}

void add_types(TypeCounts& to, const TypeCounts& from) {
  to.boolean += from.boolean;
  to.integer += from.integer;
  to.fraction += from.fraction;
  to.text += from.text;
  to.array += from.array;
  to.object += from.object;
}

// All values as items: raw ones stand for themselves.
Items items_of(const Profile& profile) {
  if (!profile.has_raw()) return profile.sketch;
  Items items;
  items.reserve(profile.raw.size());
  for (const double value : profile.raw) items.emplace_back(value, 1);
  return items;
}

double shared_error(double a, std::uint64_t n, double b, std::uint64_t m) {
  return (a * static_cast<double>(n) + b * static_cast<double>(m)) / static_cast<double>(n + m);
}

void add_cells(Profile& to, const Profile& from) {
  const Profile::Edges on = to.edges != nullptr ? to.edges : from.edges;
  if (on == nullptr) return;
  double own_error = 0;
  double others_error = 0;
  std::vector<std::uint64_t> cells = to.counts_on(*on, &own_error);
  const std::vector<std::uint64_t> others = from.counts_on(*on, &others_error);
  if (cells.empty() || others.empty()) {  // of one of them nothing is known but its mean
    to.edges = nullptr;
    to.cells.clear();
    to.cell_error = 0;
    return;
  }
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] += others[i];
  to.edges = on;
  to.cells = std::move(cells);
  to.cell_error = shared_error(own_error, to.finite, others_error, from.finite);
}

// Both have numbers.
void add_numbers(Profile& to, const Profile& from) {
  const auto n = static_cast<double>(to.finite);
  const auto m = static_cast<double>(from.finite);
  const bool raw = to.has_raw() && from.has_raw();
  // A sketch is of use only where there are no cells, and only if both sides have their values in some form.
  const bool items = !raw && to.edges == nullptr && from.edges == nullptr && (to.has_raw() || !to.sketch.empty()) &&
                     (from.has_raw() || !from.sketch.empty());
  add_cells(to, from);
  if (items) {
    const Items own = items_of(to);
    const Items others = items_of(from);
    to.sketch.clear();
    to.sketch.reserve(own.size() + others.size());
    std::merge(own.begin(), own.end(), others.begin(), others.end(), std::back_inserter(to.sketch));
    to.sketch_error = shared_error(to.sketch_error, to.finite, from.sketch_error, from.finite);
  } else {
    to.sketch.clear();
    to.sketch_error = 0;
  }
  if (raw) {
    std::vector<double> both;
    both.reserve(to.raw.size() + from.raw.size());
    std::merge(to.raw.begin(), to.raw.end(), from.raw.begin(), from.raw.end(), std::back_inserter(both));
    to.raw = std::move(both);
  } else {
    to.raw.clear();
  }
  const double apart = from.mean - to.mean;
  const double both = n + m;
  to.m3 += from.m3 + apart * apart * apart * (n * m / both) * ((n - m) / both) +
           3 * apart * (n / both * from.m2 - m / both * to.m2);
  to.m2 += from.m2 + apart * apart * (n * m / both);
  to.mean += apart * (m / both);
  to.finite += from.finite;
  // Sums beyond all doubles on both sides.
  if (std::isnan(to.mean)) to.mean = 0;
  if (std::isnan(to.m2)) to.m2 = std::numeric_limits<double>::infinity();
  if (!std::isfinite(to.m3)) to.m3 = std::numeric_limits<double>::infinity();
}

void take_numbers(Profile& to, const Profile& from) {
  const Profile::Edges own = to.edges;
  to.finite = from.finite;
  to.mean = from.mean;
  to.m2 = from.m2;
  to.m3 = from.m3;
  to.raw = from.raw;
  to.sketch = from.sketch;
  to.sketch_error = from.sketch_error;
  to.cell_error = from.cell_error;
  to.edges = from.edges;
  to.cells = from.cells;
  if (own == nullptr) return;
  to.cells = from.counts_on(*own, &to.cell_error);
  to.edges = to.cells.empty() ? nullptr : own;
}

// The rarest go to `other` where there are more than may be kept. The least common that stays is looked for among counts and
// hashes alone, and what stays keeps its order: of a reference of hundreds of windows this is done for each.
void keep_most_common(Profile& profile) {
  std::vector<Category>& categories = profile.categories;
  if (categories.size() <= Profile::kMostCategories) return;
  using Rank = std::pair<std::uint64_t, std::uint64_t>;
  const auto rank_of = [](const Category& category) {  // the most common first
    return Rank{std::numeric_limits<std::uint64_t>::max() - category.count, category.hash};
  };
  std::vector<Rank> ranks;
  ranks.reserve(categories.size());
  for (const Category& category : categories) ranks.push_back(rank_of(category));
  const auto last = ranks.begin() + static_cast<std::ptrdiff_t>(Profile::kMostCategories) - 1;
  std::nth_element(ranks.begin(), last, ranks.end());
  std::uint64_t most = 0;
  std::erase_if(categories, [&](const Category& category) {
    if (rank_of(category) <= *last) return false;
    profile.other += category.count;
    most = std::max(most, category.count);
    return true;
  });
  profile.category_error += most;
  profile.exact = false;
}

// Of the different values of `from`, the share that `to` has too, as the values tell that were counted one by one on both sides:
// `to` knows of its own only a part that way. How far that may be off, with 99 % and three in s where nothing was found.
struct Overlap {
  double share = 0;
  double error = 0;
};

Overlap overlap_of(const Profile& to, const Profile& from, std::size_t shared) {
  constexpr double kSigmasOf99 = 2.576;
  const auto tried = static_cast<double>(from.categories.size());
  const auto known = static_cast<double>(to.categories.size());
  if (tried <= 0 || known <= 0) return {.share = 1, .error = 1};
  const double found = static_cast<double>(shared) / tried;
  const double unknown = std::max(1.0, to.distinct / known);  // times as many as are known
  return {.share = std::min(1.0, found * unknown),
          .error = std::min(1.0, (kSigmasOf99 * std::sqrt(found * (1 - found) / tried) + 3 / tried) * unknown)};
}

void add_categories(Profile& to, const Profile& from) {
  std::vector<Category> both;
  both.reserve(to.categories.size() + from.categories.size());
  std::size_t shared = 0;
  auto a = to.categories.begin();
  auto b = from.categories.begin();
  while (a != to.categories.end() || b != from.categories.end()) {
    if (b == from.categories.end() || (a != to.categories.end() && a->hash < b->hash)) {
      both.push_back(std::move(*a++));
    } else if (a == to.categories.end() || b->hash < a->hash) {
      both.push_back(*b++);
    } else {
      both.push_back(std::move(*a++));
      both.back().count += b->count;
      if (both.back().label.empty()) both.back().label = b->label;
      ++b;
      ++shared;
    }
  }
  const Overlap overlap = overlap_of(to, from, shared);
  to.categories = std::move(both);
  to.other += from.other;
  to.exact = to.exact && from.exact;
  to.category_error += from.category_error;
  const double different = static_cast<double>(to.categories.size());
  const double most = to.distinct * (1 + to.distinct_error) + from.distinct * (1 + from.distinct_error);
  if (to.exact) {
    to.distinct = different;
    to.distinct_error = 0;
  } else if (most > 0) {
    const double unsure =
        to.distinct * to.distinct_error + from.distinct * from.distinct_error + from.distinct * overlap.error;
    const double fresh = from.distinct * (1 - overlap.share);
    to.distinct = std::max({to.distinct + fresh, from.distinct, different, 1.0});
    // Values that both have are the frequent ones, and so are those that were counted: a share that is above 0 may be too high.
    to.distinct_error = std::max(unsure / to.distinct, shared > 0 ? most / to.distinct - 1 : 0);
  }
  keep_most_common(to);
}

}  // namespace

void Profile::add(const Profile& other_one) {
  if (this == &other_one) return add(Profile(other_one));
  if (other_one.finite > 0 && finite > 0) {
    add_numbers(*this, other_one);
  } else if (other_one.finite > 0) {
    take_numbers(*this, other_one);
  }
  elements += other_one.elements;
  add_odd(odd, other_one.odd);
  add_types(types, other_one.types);
  redacted = redacted || other_one.redacted;
  add_categories(*this, other_one);
  if (redacted) {
    for (Category& category : categories) category.label.clear();
  }
  for (std::size_t i = 0; i < lengths.size(); ++i) lengths[i] += other_one.lengths[i];
  texts += other_one.texts;
  windows += other_one.windows;
}

}  // namespace weir
