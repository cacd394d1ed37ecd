// SPDX-License-Identifier: Apache-2.0
// What a comparison knows about one field on one side: plain data, made from the summary of a window or read from a
// baseline, added up over windows.
//
// A window of up to SummarySpec::raw_most numbers is known exactly; a larger one by its cells or its sketch. A profile that is
// kept for later (a baseline, a window that a reference is made of) holds cells and no raw values: compact().
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "summary/codec.h"
#include "weir/result.h"

namespace weir {

class FieldSummary;
class ScatterSummary;

/// A value of a field that is compared by categories.
struct Category {
  std::uint64_t hash = 0;
  std::uint64_t count = 0;
  std::string label;  // empty where it may not be shown
  bool operator==(const Category&) const = default;
};

/// Number of elements that are not finite numbers and not values of categories: cells of their own in every category test.
struct Oddities {
  std::uint64_t absent = 0;
  std::uint64_t null = 0;
  std::uint64_t nan = 0;
  std::uint64_t positive_infinity = 0;
  std::uint64_t negative_infinity = 0;
  bool operator==(const Oddities&) const = default;
};

struct TypeCounts {
  std::uint64_t boolean = 0;
  std::uint64_t integer = 0;
  std::uint64_t fraction = 0;
  std::uint64_t text = 0;
  std::uint64_t array = 0;
  std::uint64_t object = 0;
  bool operator==(const TypeCounts&) const = default;
};

struct Profile {
  using Edges = std::shared_ptr<const std::vector<double>>;
  static constexpr std::size_t kMostCategories = 1024;
  /// A field of numbers alone with more different values than that has no categories: it is compared by its cells.
  static constexpr std::size_t kMostNumberCategories = 256;

  std::uint64_t elements = 0;
  Oddities odd;
  TypeCounts types;

  // ---- finite numbers
  std::uint64_t finite = 0;
  double mean = 0;
  double m2 = 0;                     // sum of (x - mean)^2
  double m3 = 0;                     // sum of (x - mean)^3; infinite: not known, or beyond all doubles
  std::vector<double> raw;           // ascending; all of them when raw.size() == finite, otherwise none
  Edges edges;                       // null: no cells
  std::vector<std::uint64_t> cells;  // edges->size() + 1, as summary/histogram.h cuts them; they add up to finite
  /// When the cells were read off a sketch: how far a cumulative share may be off, with a probability of 99 %.
  double cell_error = 0;
  std::vector<std::pair<double, std::uint64_t>> sketch;  // ascending values with weights that add up to finite, or none
  double sketch_error = 0;  // of a rank, as a share of all values, with a probability of 99 %

  // ---- categories: values of every type, finite numbers included, as far as they were counted
  std::vector<Category> categories;  // by hash
  std::uint64_t other = 0;           // values in no category
  bool exact = true;                 // every value is in a category
  std::uint64_t category_error = 0;  // a count may be so much too low
  double distinct = 0;               // an estimate where it is not exact
  double distinct_error = 0;         // as a share of it
  bool redacted = false;

  // ---- texts
  std::array<std::uint64_t, 32> lengths = {};  // as summary/text_shape.h cuts them
  std::uint64_t texts = 0;

  std::uint64_t windows = 1;            // it is made of
  std::optional<double> design_effect;  // of a baseline that was made window by window
  std::uint64_t design_windows = 0;

  [[nodiscard]] std::uint64_t missing() const noexcept { return odd.absent + odd.null; }
  [[nodiscard]] std::uint64_t values() const noexcept { return elements - missing(); }
  [[nodiscard]] bool has_raw() const noexcept { return finite > 0 && raw.size() == finite; }

  /// What is known of the finite numbers as counts on those edges: exact from raw values or from cells of the same edges;
  /// from a sketch within `error`; from cells of other edges as if values lay evenly within each of them, `error` being
  /// the largest that this may be off. Empty where numbers were counted and no more.
  [[nodiscard]] std::vector<std::uint64_t> counts_on(const std::vector<double>& on, double* error = nullptr) const;
  /// The value at that share of the finite ones.
  [[nodiscard]] std::optional<double> quantile(double share) const;
  /// m3 / m2^1.5 in units of one value, without its sign; 0 without spread. Where m3 is infinite: the largest that as many
  /// values can have.
  [[nodiscard]] double skewness() const noexcept;
  /// Cells on `on` in place of raw values and sketch.
  [[nodiscard]] Profile compact(const Edges& on) const;
  /// Adds the records of another one. Cells are added on the edges of this one. What is known exactly stays exact while
  /// both are; how many different values both have that were estimated is told by those that were counted one by one;
  /// where some were found on both sides distinct_error covers the sum.
  void add(const Profile& other);

  /// Who keeps many profiles on the same edges leaves the edges out, and hands them over to read.
  void write(SummaryWriter& out, bool with_edges = true) const;
  static Profile read(SummaryReader& in, const Edges& known = nullptr);
  bool operator==(const Profile&) const = default;
};

[[nodiscard]] Profile profile_of(const FieldSummary& summary);

/// Several number fields together.
struct JointProfile {
  std::vector<std::string> paths;
  std::uint64_t rows = 0;  // in which all of them are finite numbers
  std::vector<double> means;
  std::vector<double> comoments;  // symmetric, row by row: sums of (x - mean x)(y - mean y)
  /// By field: sums of (x - mean)^3 and of (x - mean)^4. Infinite: not known, or beyond all doubles.
  std::vector<double> m3 = {};
  std::vector<double> m4 = {};
  std::uint64_t windows = 1;

  void add(const JointProfile& other);  // of the same fields; one of others is not added
  void write(SummaryWriter& out) const;
  static JointProfile read(SummaryReader& in);
  bool operator==(const JointProfile&) const = default;
};
[[nodiscard]] JointProfile profile_of(const ScatterSummary& summary, const std::vector<std::string>& paths);

/// Equi-depth edges of up to `cells` cells: i/cells quantiles, with a value that holds 1/cells of the mass or more standing twice
/// (an atom: a closed cell of its own). Between two different values an edge lies where the shorter of the numbers between
/// them is, never on a value that is no atom. An atom needs `least` values. Empty for no values.
[[nodiscard]] std::vector<double> learn_edges(std::span<const double> sorted, std::size_t cells,
                                              std::uint64_t least = 2);
[[nodiscard]] std::vector<double> learn_edges(const Profile& profile, std::size_t cells, std::uint64_t least = 2);
inline constexpr std::size_t kDriftCells = 256;
/// Names the edges: profiles of one epoch have cells that mean the same.
[[nodiscard]] std::uint64_t epoch_of(const std::vector<double>& edges) noexcept;

}  // namespace weir
