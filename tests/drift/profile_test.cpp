// SPDX-License-Identifier: Apache-2.0
// Profiles against what the values themselves say.
#include "drift/profile.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/key.h"
#include "drift/edges.h"
#include "drift/written_column.h"
#include "summary/field_summary.h"
#include "summary/scatter.h"

namespace weir {
namespace {

using testing::numbers_column;
using testing::profile_of_values;
using testing::WrittenValues;

std::vector<std::uint64_t> counts_by_hand(const std::vector<double>& values, const std::vector<double>& edges) {
  const Histogram histogram(std::make_shared<const std::vector<double>>(edges));
  std::vector<std::uint64_t> cells(edges.size() + 1);
  for (const double value : values) ++cells[histogram.cell_of(value)];
  return cells;
}

std::vector<double> drawn(std::size_t size, std::uint64_t seed, double mean = 0, double spread = 1) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(mean, spread);
  std::vector<double> values;
  for (std::size_t i = 0; i < size; ++i) values.push_back(normal(random));
  return values;
}

std::uint64_t sum_of(const std::vector<std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::string bytes_of(const Profile& profile, bool with_edges = true) {
  SummaryWriter out;
  profile.write(out, with_edges);
  return out.bytes();
}

const Part kAll[] = {Part::Moments, Part::Raw, Part::Values, Part::Distinct, Part::Shape};

SummarySpec spec_of(std::initializer_list<Part> more, std::uint32_t raw_most = 2'000) {
  SummarySpec spec;
  for (const Part part : kAll) spec.parts |= part;
  for (const Part part : more) spec.parts |= part;
  spec.raw_most = raw_most;
  spec.quantile_k = 1024;
  return spec;
}

// ---- what a summary becomes

TEST_CASE("a profile counts what stands in no category apart from what does") {
  const WrittenValues values(
      {"1", "1.0", "\"1\"", "\"DE\"", "null", "", "NaN", "Infinity", "-Infinity", "true", "1e400"});
  const Profile profile = profile_of_values(values, spec_of({}));
  CHECK(profile.elements == 11);
  CHECK(profile.odd == Oddities{1, 1, 1, 1, 1});
  CHECK(profile.missing() == 2);
  CHECK(profile.values() == 9);
  CHECK(profile.types == TypeCounts{1, 3, 0, 2, 0, 0});
  CHECK(profile.finite == 2);  // no double holds 1e400
  CHECK(profile.raw == std::vector<double>{1, 1});
  CHECK(profile.exact);
  CHECK(profile.other == 0);
  CHECK(profile.distinct == 5);
  CHECK(profile.texts == 2);
  std::set<std::string> labels;
  std::uint64_t counted = 0;
  for (const Category& category : profile.categories) {
    labels.insert(category.label);
    counted += category.count;
  }
  CHECK(labels.count("1") == 1);
  CHECK(labels.count("\"1\"") == 1);
  CHECK(labels.count("DE") == 1);
  CHECK(labels.count("NaN") == 0);
  CHECK(counted == 6);
  CHECK(std::is_sorted(profile.categories.begin(), profile.categories.end(),
                       [](const Category& a, const Category& b) { return a.hash < b.hash; }));
}

TEST_CASE("the categories of a redacted field have no names") {
  SummarySpec spec = spec_of({});
  spec.redacted = true;
  const Profile profile = profile_of_values(WrittenValues({"\"DE\"", "\"FR\"", "\"DE\""}), spec);
  REQUIRE(profile.categories.size() == 2);
  CHECK(profile.redacted);
  for (const Category& category : profile.categories) CHECK(category.label.empty());
}

TEST_CASE("numbers with few different values are categories, numbers with many are not") {
  std::vector<double> few;
  std::vector<double> many;
  for (std::size_t i = 0; i < 1'000; ++i) {
    few.push_back(static_cast<double>(i % Profile::kMostNumberCategories));
    many.push_back(static_cast<double>(i % (Profile::kMostNumberCategories + 1)));
  }
  const Profile counted = profile_of_values(numbers_column(few), spec_of({}));
  CHECK(counted.exact);
  CHECK(counted.categories.size() == 256);
  const Profile not_counted = profile_of_values(numbers_column(many), spec_of({}));
  CHECK_FALSE(not_counted.exact);
  CHECK(not_counted.categories.empty());
  CHECK(not_counted.other == 1'000);
  CHECK(not_counted.distinct == 257);
}

TEST_CASE("a large window is known by its sketch, or by its cells where there are edges") {
  const std::vector<double> values = drawn(20'000, 3, 10, 2);
  SummarySpec spec = spec_of({Part::Quantiles});
  const Profile sketched = profile_of_values(numbers_column(values), spec);
  CHECK_FALSE(sketched.has_raw());
  CHECK(sketched.edges == nullptr);
  std::uint64_t weight = 0;
  for (const auto& item : sketched.sketch) weight += item.second;
  CHECK(weight == 20'000);
  CHECK(sketched.sketch_error > 0);
  CHECK(std::fabs(sketched.mean - 10) < 0.1);
  const std::vector<double> on = {5, 8, 10, 10.5, 12, 15};
  double error = 0;
  const std::vector<std::uint64_t> counts = sketched.counts_on(on, &error);
  const std::vector<std::uint64_t> expected = counts_by_hand(values, on);
  CHECK(error == sketched.sketch_error);
  double off = 0;
  double largest = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    off += static_cast<double>(counts[i]) - static_cast<double>(expected[i]);
    largest = std::max(largest, std::fabs(off));
  }
  CHECK(largest <= 2 * error * 20'000);
  CHECK(sum_of(counts) == 20'000);

  spec = spec_of({Part::Histogram});
  spec.edges = std::make_shared<const std::vector<double>>(on);
  const Profile cells = profile_of_values(numbers_column(values), spec);
  CHECK(cells.edges == spec.edges);
  CHECK(cells.cells == expected);
  CHECK(cells.counts_on(on, &error) == expected);
  CHECK(error == 0);
}

TEST_CASE("a sketch that has thinned out nothing is as good as raw values") {
  SummarySpec spec{.parts = Part::Quantiles, .quantile_k = 1024};
  const Profile profile = profile_of_values(numbers_column({3, 1, 2}), spec);
  CHECK(profile.raw == std::vector<double>{1, 2, 3});
  CHECK(profile.mean == 2);
  CHECK(profile.m2 == 2);
}

TEST_CASE("how skewed a field is comes from its values, from its sums, or is the most that it can be") {
  const std::vector<double> values = drawn(300, 71);
  std::vector<double> tailed;
  for (const double value : values) tailed.push_back(std::exp(value));
  double mean = 0;
  for (const double value : tailed) mean += value / 300;
  double m2 = 0;
  double m3 = 0;
  for (const double value : tailed) {
    m2 += (value - mean) * (value - mean);
    m3 += (value - mean) * (value - mean) * (value - mean);
  }
  const double skewness = m3 / 300 / std::pow(m2 / 300, 1.5);
  const auto near = [&](double found) { return std::fabs(found - skewness) < 1e-10 * skewness; };
  const Parts sums = Part::Moments;
  CHECK(near(profile_of_values(numbers_column(tailed), SummarySpec{.parts = sums | Part::HighMoments}).skewness()));
  CHECK(near(profile_of_values(numbers_column(tailed), SummarySpec{.parts = sums | Part::Raw}).skewness()));
  const Profile unknown = profile_of_values(numbers_column(tailed), SummarySpec{.parts = sums});
  CHECK(std::isinf(unknown.m3));
  CHECK(unknown.skewness() == 298 / std::sqrt(299.0));
  // Added to another one it stays unknown.
  Profile both = profile_of_values(numbers_column(tailed), SummarySpec{.parts = sums | Part::HighMoments});
  both.add(unknown);
  CHECK(std::isinf(both.m3));
  // One value far from equal ones has just the most.
  std::vector<double> one(100, 5);
  one[3] = 1e5;
  const Profile alone = profile_of_values(numbers_column(one), SummarySpec{.parts = sums | Part::HighMoments});
  CHECK(std::fabs(alone.skewness() - 98 / std::sqrt(99.0)) < 1e-9);
  CHECK(profile_of_values(numbers_column({7, 7, 7}), SummarySpec{.parts = sums | Part::Raw}).skewness() == 0);
  // Cubes beyond all doubles.
  const Profile huge =
      profile_of_values(numbers_column({1e200, -2e200, 3e200, 4}), SummarySpec{.parts = sums | Part::Raw});
  CHECK(std::isinf(huge.m3));
  SummaryWriter out;
  huge.write(out);
  SummaryReader in(out.bytes());
  CHECK(Profile::read(in) == huge);
}

// ---- counts on edges

TEST_CASE("raw values are counted on any edges as a histogram counts them") {
  std::vector<double> values = drawn(500, 7);
  for (int i = 0; i < 40; ++i) values.push_back(i % 3);
  const Profile profile = profile_of_values(numbers_column(values), spec_of({}));
  for (const std::vector<double>& on : std::vector<std::vector<double>>{
           {}, {0}, {0, 0}, {-1, 0, 0, 1, 1, 2, 2}, {0, 0.5, 1, 1}, {-100, 100}, {100, 100}}) {
    double error = 1;
    CHECK(profile.counts_on(on, &error) == counts_by_hand(values, on));
    CHECK(error == 0);
  }
}

TEST_CASE("cells of other edges are counted within the error that is stated, and add up") {
  const std::vector<double> values = drawn(5'000, 9, 50, 20);
  const Profile raw = profile_of_values(numbers_column(values), spec_of({}, 10'000));
  const Profile cells = raw.compact(std::make_shared<const std::vector<double>>(learn_edges(raw, 64)));
  CHECK(cells.raw.empty());
  CHECK(cells.cell_error == 0);
  const std::vector<double> on = {-20, 13, 50, 51, 51, 77, 300};
  double error = 0;
  const std::vector<std::uint64_t> counts = cells.counts_on(on, &error);
  const std::vector<std::uint64_t> expected = counts_by_hand(values, on);
  CHECK(sum_of(counts) == 5'000);
  CHECK(error > 0);
  CHECK(error <= 1.0 / 60);
  std::int64_t off = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    off += static_cast<std::int64_t>(counts[i]) - static_cast<std::int64_t>(expected[i]);
    CHECK(std::fabs(static_cast<double>(off)) <= error * 5'000 + 1);
  }
}

TEST_CASE("an atom stays where it is when cells are put on other edges") {
  std::vector<double> values(100, 7.0);
  for (int i = 0; i < 50; ++i) values.push_back(i);
  const Profile raw = profile_of_values(numbers_column(values), spec_of({}));
  const Profile cells = raw.compact(std::make_shared<const std::vector<double>>(std::vector<double>{7, 7, 20, 40}));
  double error = 1;
  CHECK(cells.counts_on({7, 7}, &error) == std::vector<std::uint64_t>{7, 101, 42});
  CHECK(error == 0);
  CHECK(cells.counts_on({7}, &error) == std::vector<std::uint64_t>{7, 143});
  CHECK(error == 0);
}

TEST_CASE("no numbers are no counts, and numbers of which only the mean is known are not counted") {
  CHECK(Profile().counts_on({1, 2}) == std::vector<std::uint64_t>{0, 0, 0});
  SummarySpec spec{.parts = Part::Moments};
  CHECK(profile_of_values(numbers_column({1, 2, 3}), spec).counts_on({1, 2}).empty());
}

TEST_CASE("quantiles of raw values are those of NumPy, of cells those of a straight line") {
  const Profile raw = profile_of_values(numbers_column({1, 2, 3, 10}), spec_of({}));
  CHECK(raw.quantile(0) == 1);
  CHECK(raw.quantile(0.5) == 2.5);
  CHECK(raw.quantile(1) == 10);
  CHECK_FALSE(Profile().quantile(0.5).has_value());
  std::vector<double> even;
  for (int i = 0; i < 1000; ++i) even.push_back(i / 10.0);
  const Profile exact = profile_of_values(numbers_column(even), spec_of({}));
  const Profile cells =
      exact.compact(std::make_shared<const std::vector<double>>(std::vector<double>{0, 20, 40, 60, 80, 100}));
  for (const double share : {0.1, 0.25, 0.5, 0.9}) CHECK(std::fabs(*cells.quantile(share) - 100 * share) < 0.2);
  const Profile atoms = profile_of_values(numbers_column(std::vector<double>(50, 5.0)), spec_of({}));
  const Profile atom = atoms.compact(std::make_shared<const std::vector<double>>(std::vector<double>{5, 5}));
  CHECK(atom.quantile(0.01) == 5);
  CHECK(atom.quantile(1) == 5);
}

// ---- edges

TEST_CASE("learned edges give cells of equal depth and never lie on a value") {
  std::vector<double> values = drawn(10'000, 21);
  std::sort(values.begin(), values.end());
  const std::vector<double> edges = learn_edges(values, 256);
  CHECK(edges.size() == 255);
  for (const double edge : edges) CHECK_FALSE(std::binary_search(values.begin(), values.end(), edge));
  for (const std::uint64_t count : counts_by_hand(values, edges)) CHECK((count >= 38 && count <= 41));
}

TEST_CASE("a value with the mass of a cell has a cell of its own") {
  std::vector<double> values = drawn(1'000, 22);
  values.insert(values.end(), 100, 0.0);
  std::sort(values.begin(), values.end());
  const std::vector<double> edges = learn_edges(values, 20);
  CHECK(std::count(edges.begin(), edges.end(), 0.0) == 2);
  const auto place = static_cast<std::size_t>(std::find(edges.begin(), edges.end(), 0.0) - edges.begin());
  CHECK(is_atom_cell(edges, place + 1));
  CHECK(counts_by_hand(values, edges)[place + 1] == 100);
  CHECK(std::is_sorted(edges.begin(), edges.end()));
  CHECK(learn_edges(std::vector<double>(30, 4.5), 256) == std::vector<double>{4.5, 4.5});
  CHECK(learn_edges(std::vector<double>{}, 256).empty());
  CHECK(learn_edges(std::vector<double>{4.5}, 256).empty());
}

TEST_CASE("an atom needs as many values as it is asked to") {
  std::vector<double> values = {1, 1, 1, 2, 3, 3, 3, 3, 3, 4};
  const std::vector<double> edges = learn_edges(values, 5, 5);
  CHECK(std::count(edges.begin(), edges.end(), 3.0) == 2);
  CHECK(std::count(edges.begin(), edges.end(), 1.0) == 0);
}

TEST_CASE("edges of a sketch are those of the values within its error") {
  std::vector<double> values = drawn(50'000, 23);
  values.insert(values.end(), 5'000, 1.5);
  const Profile profile = profile_of_values(numbers_column(values), spec_of({Part::Quantiles}));
  REQUIRE_FALSE(profile.sketch.empty());
  const std::vector<double> edges = learn_edges(profile, kDriftCells);
  CHECK(std::count(edges.begin(), edges.end(), 1.5) == 2);
  std::size_t atoms = 0;
  for (std::size_t i = 1; i < edges.size(); ++i) atoms += edges[i] == edges[i - 1] ? 1 : 0;
  CHECK(atoms == 1);
  CHECK(edges.size() > 200);
  for (const std::uint64_t count : counts_by_hand(values, edges)) {
    CHECK((count == 5'000 || count <= static_cast<std::uint64_t>(55'000.0 / 256 + 2 * 55'000 * profile.sketch_error)));
  }
}

TEST_CASE("the shortest number between two others is strictly between them") {
  CHECK(shortest_between(-1, 1) == 0.0);
  CHECK(shortest_between(1, 2) == 1.5);
  CHECK(shortest_between(0, 5) == 2.0);
  CHECK(shortest_between(12.34, 12.36) == 12.35);
  CHECK(shortest_between(-12.36, -12.34) == -12.35);
  CHECK(shortest_between(99, 101) == 100.0);
  CHECK_FALSE(shortest_between(1, std::nextafter(1.0, 2.0)).has_value());
  CHECK_FALSE(shortest_between(2, 2).has_value());
  std::mt19937_64 random(5);
  for (int i = 0; i < 2'000; ++i) {
    const double low = std::ldexp(static_cast<double>(random() >> 11), static_cast<int>(random() % 1900) - 1000);
    double high = low * (1 + std::ldexp(1.0, -static_cast<int>(random() % 51)));
    if (!(high > low) || !std::isfinite(high)) continue;
    const std::optional<double> found = shortest_between(low, high);
    if (!found) {
      CHECK(std::nextafter(low, high) == high);
      continue;
    }
    CHECK((low < *found && *found < high));
    const std::optional<double> mirrored = shortest_between(-high, -low);
    CHECK(mirrored == std::optional(-*found));
  }
}

TEST_CASE("coarser cells hold what they are asked to and rare atoms go") {
  const std::vector<double> edges = {1, 2, 3, 5, 5, 6, 8, 8, 9};
  const std::vector<std::uint64_t> cells = {4, 1, 9, 2, 20, 1, 7, 3, 2, 8};
  // The atom 5 has 20 values, the atom 8 only three.
  const std::vector<double> kept = coarsened(edges, cells, 5, 5);
  CHECK(std::count(kept.begin(), kept.end(), 5.0) == 2);
  CHECK(std::count(kept.begin(), kept.end(), 8.0) == 0);
  for (const double edge : kept) CHECK(std::find(edges.begin(), edges.end(), edge) != edges.end());
  CHECK(coarsened(edges, cells, 0, 0) == edges);
}

TEST_CASE("an epoch names its edges") {
  CHECK(epoch_of({1, 2, 3}) == epoch_of({1, 2, 3}));
  CHECK(epoch_of({1, 2, 3}) != epoch_of({1, 2, 4}));
  CHECK(epoch_of({1, 2}) != epoch_of({1, 2, 2}));
  const auto edges = std::make_shared<const std::vector<double>>(std::vector<double>{1, 2, 3});
  CHECK(epoch_of(*edges) == Histogram(edges).epoch());
}

// ---- added up

TEST_CASE("profiles of pieces add up to the profile of the whole") {
  std::mt19937_64 random(31);
  WrittenValues whole;
  std::vector<WrittenValues> pieces(4);
  for (int i = 0; i < 1'500; ++i) {
    const std::string value = i % 10 == 0   ? "\"s" + std::to_string(random() % 30) + "\""
                              : i % 11 == 0 ? "null"
                              : i % 97 == 0 ? "NaN"
                                            : std::to_string(random() % 100) + ".5";
    whole.add(value);
    pieces[random() % 4].add(value);
  }
  const SummarySpec spec = spec_of({});
  const Profile expected = profile_of_values(whole, spec);
  Profile sum;
  sum.windows = 0;
  for (const WrittenValues& piece : pieces) sum.add(profile_of_values(piece, spec));
  CHECK(sum.windows == 4);
  CHECK(std::fabs(sum.mean - expected.mean) < 1e-12 * expected.mean);
  CHECK(std::fabs(sum.m2 - expected.m2) < 1e-12 * expected.m2);
  CHECK(std::fabs(sum.m3 - expected.m3) < 1e-12 * std::pow(expected.m2, 1.5));
  sum.mean = expected.mean;
  sum.m2 = expected.m2;
  sum.m3 = expected.m3;
  sum.windows = 1;
  CHECK(sum == expected);
}

TEST_CASE("cells of compact profiles add up on the edges of the first") {
  const std::vector<double> a = drawn(800, 41);
  const std::vector<double> b = drawn(900, 42, 0.5);
  const SummarySpec spec = spec_of({});
  const Profile first = profile_of_values(numbers_column(a), spec);
  const Profile second = profile_of_values(numbers_column(b), spec);
  const auto edges = std::make_shared<const std::vector<double>>(learn_edges(first, 64));
  Profile sum = first.compact(edges);
  sum.add(second);  // raw values on these edges: exact
  std::vector<double> both = a;
  both.insert(both.end(), b.begin(), b.end());
  CHECK(sum.edges == edges);
  CHECK(sum.cells == counts_by_hand(both, *edges));
  CHECK(sum.cell_error == 0);
  CHECK(sum.finite == 1'700);
  CHECK_FALSE(sum.has_raw());
  Profile twice = sum;
  twice.add(twice);
  CHECK(twice.finite == 3'400);
  CHECK(sum_of(twice.cells) == 3'400);
}

TEST_CASE("a profile that is added to nothing is itself, on the edges that were there") {
  const Profile one = profile_of_values(numbers_column(drawn(100, 43)), spec_of({}));
  Profile sum;
  sum.windows = 0;
  sum.add(one);
  CHECK(sum == one);
  Profile empty;
  empty.edges = std::make_shared<const std::vector<double>>(std::vector<double>{0, 0});
  empty.cells = {0, 0, 0};
  empty.add(one);
  CHECK(*empty.edges == std::vector<double>{0, 0});
  CHECK(sum_of(empty.cells) == 100);
}

TEST_CASE("sketches add up to a sketch") {
  const SummarySpec spec = spec_of({Part::Quantiles});
  const std::vector<double> a = drawn(6'000, 51);
  const std::vector<double> b = drawn(1'000, 52, 3);
  Profile sum = profile_of_values(numbers_column(a), spec);
  sum.add(profile_of_values(numbers_column(b), spec));  // which has its raw values
  std::uint64_t weight = 0;
  for (const auto& item : sum.sketch) weight += item.second;
  CHECK(weight == 7'000);
  CHECK(std::is_sorted(sum.sketch.begin(), sum.sketch.end()));
  std::vector<double> both = a;
  both.insert(both.end(), b.begin(), b.end());
  std::sort(both.begin(), both.end());
  CHECK(std::fabs(*sum.quantile(0.5) - both[3'500]) < 0.1);
}

TEST_CASE("of too many categories the most common ones are kept") {
  Profile a;
  Profile b;
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    a.categories.push_back({i, i + 1, ""});
    b.categories.push_back({i + 500, 1, ""});
    a.elements += i + 1;
    b.elements += 1;
  }
  a.add(b);
  CHECK(a.categories.size() == Profile::kMostCategories);
  CHECK_FALSE(a.exact);
  CHECK(a.category_error >= 1);
  std::uint64_t counted = a.other;
  for (const Category& category : a.categories) counted += category.count;
  CHECK(counted == a.values());
  CHECK(a.categories.back().hash < 1'500);
}

// ---- written and read

TEST_CASE("a profile is read as it was written, with its edges or without") {
  const std::vector<double> values = drawn(300, 61);
  Profile profile = profile_of_values(numbers_column(values), spec_of({}));
  profile.design_effect = 1.5;
  profile.design_windows = 40;
  const auto edges = std::make_shared<const std::vector<double>>(learn_edges(profile, 32));
  for (const Profile& written : {profile, profile.compact(edges)}) {
    const std::string bytes = bytes_of(written);
    SummaryReader in(bytes);
    const Profile read = Profile::read(in);
    REQUIRE(in.ok());
    CHECK(in.at_end());
    CHECK(bytes_of(read) == bytes);
    CHECK(read.finite == written.finite);
    CHECK(read.design_effect == 1.5);
  }
  const Profile compact = profile.compact(edges);
  const std::string without = bytes_of(compact, false);
  CHECK(without.size() + edges->size() * 8 < bytes_of(compact).size() + 16);
  SummaryReader in(without);
  CHECK(Profile::read(in, edges) == compact);
  CHECK(in.ok());
  SummaryReader unknown(without);
  (void)Profile::read(unknown);
  CHECK_FALSE(unknown.ok());
  SummaryReader other(without);
  (void)Profile::read(other, std::make_shared<const std::vector<double>>(std::vector<double>{1, 2}));
  CHECK_FALSE(other.ok());
}

TEST_CASE("a profile that was cut short or changed is an error or a sound profile, never more") {
  Profile profile = profile_of_values(WrittenValues({"1", "2", "\"x\"", "null", "2"}), spec_of({}));
  profile = profile.compact(std::make_shared<const std::vector<double>>(std::vector<double>{1, 1, 2, 2}));
  const std::string good = bytes_of(profile);
  for (std::size_t size = 0; size < good.size(); ++size) {
    SummaryReader in(std::string_view(good).substr(0, size));
    (void)Profile::read(in);
    CHECK_FALSE(in.ok());
  }
  std::mt19937_64 random(71);
  for (int i = 0; i < 5'000; ++i) {
    std::string changed = good;
    changed[random() % changed.size()] = static_cast<char>(random());
    SummaryReader in(changed);
    const Profile read = Profile::read(in);
    if (!in.ok()) continue;
    std::uint64_t cells = 0;
    for (const std::uint64_t cell : read.cells) cells += cell;
    CHECK((read.edges == nullptr || cells == read.finite));
  }
}

// ---- several fields

TEST_CASE("joint profiles add up to that of all rows and are read as they were written") {
  const std::vector<double> x = drawn(400, 81);
  std::vector<double> y;
  for (const double value : x) y.push_back(3 * value + std::sin(value));
  const auto made = [&](std::size_t from, std::size_t to) {
    const WrittenValues a =
        numbers_column({x.begin() + static_cast<std::ptrdiff_t>(from), x.begin() + static_cast<std::ptrdiff_t>(to)});
    const WrittenValues b =
        numbers_column({y.begin() + static_cast<std::ptrdiff_t>(from), y.begin() + static_cast<std::ptrdiff_t>(to)});
    ScatterSummary scatter(ScatterSpec{.columns = {0, 1}});
    const Column* const columns[] = {&a.column(), &b.column()};
    scatter.add(columns, a.all());
    return profile_of(scatter, {"x", "y"});
  };
  const JointProfile whole = made(0, 400);
  JointProfile sum = made(0, 150);
  sum.add(made(150, 400));
  CHECK(sum.rows == 400);
  CHECK(sum.windows == 2);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(std::fabs(sum.comoments[i] - whole.comoments[i]) < 1e-12 * whole.comoments[3]);
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const double squares = whole.comoments[3 * i];
    CHECK(std::fabs(sum.m3[i] - whole.m3[i]) < 1e-12 * std::pow(squares, 1.5));
    CHECK(std::fabs(sum.m4[i] - whole.m4[i]) < 1e-12 * whole.m4[i]);
  }
  CHECK(whole.comoments[1] == whole.comoments[2]);
  SummaryWriter out;
  sum.write(out);
  SummaryReader in(out.bytes());
  CHECK(JointProfile::read(in) == sum);
  CHECK(in.ok());
  JointProfile other = whole;
  other.paths = {"x", "z"};
  other.add(whole);
  CHECK(other.rows == 400);
}

}  // namespace
}  // namespace weir
