// SPDX-License-Identifier: Apache-2.0
// Everything that is remembered about one field in one window or pane.
//
// Summaries of pieces of the input are merged, in any order: counters, extremes, histogram, distinct, repeats, shape and raw
// values, and value counts while they are exact, come to identical bytes; moments, quantiles and inexact value counts to answers
// within their stated bound. A summary of nothing is the identity. That is the whole of what windows, references,
// saved states and several machines need. docs/summaries.md has the table.
//
// Values are gathered in chunks into dense arrays, one of numbers and one of hashes, and handed to the parts. Counters and
// moments lie in the object itself: without other parts a summary allocates nothing, and one value costs no more than a
// few dozen instructions.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "summary/counters.h"
#include "summary/distinct.h"
#include "summary/extremes.h"
#include "summary/histogram.h"
#include "summary/moments.h"
#include "summary/quantile_sketch.h"
#include "summary/raw_values.h"
#include "summary/repeats.h"
#include "summary/text_shape.h"
#include "summary/value_counts.h"
#include "weir/batch.h"
#include "weir/result.h"
#include "weir/summary.h"
#include "weir/time.h"

namespace weir {

class FieldSummary {
 public:
  /// Takes from the spec what it needs; the edges are shared.
  explicit FieldSummary(const SummarySpec& spec);
  FieldSummary(FieldSummary&&) noexcept = default;
  FieldSummary& operator=(FieldSummary&&) noexcept = default;
  FieldSummary(const FieldSummary& other);
  FieldSummary& operator=(const FieldSummary& other);
  ~FieldSummary() = default;

  /// Elements of the column, by their index. Part::Delay needs `arrival`: one instant for all rows, or one a row.
  void add(const Column& column, std::span<const std::uint32_t> elements, std::span<const Instant> arrival = {});
  /// Who adds to many summaries asks for their memory in time: each step finds what the one before has brought.
  void fetch() const noexcept;
  void fetch_sketches() const noexcept;
  void fetch_parts() const noexcept;
  /// Before it is merged into several others: what can be put in order once is.
  void settle();
  /// A summary of the same spec.
  void merge(const FieldSummary& other);

  [[nodiscard]] FieldType declared() const noexcept { return declared_; }
  [[nodiscard]] bool redacted() const noexcept { return redacted_; }
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }
  // Null where the spec does not ask for it.
  [[nodiscard]] const Moments* moments() const noexcept { return keeps_moments() ? &moments_ : nullptr; }
  [[nodiscard]] const Extremes* extremes() const noexcept { return sketches_ ? sketches_->extremes.get() : nullptr; }
  [[nodiscard]] const Histogram* histogram() const noexcept { return sketches_ ? sketches_->histogram.get() : nullptr; }
  [[nodiscard]] const QuantileSketch* quantiles() const noexcept {
    return sketches_ ? sketches_->quantiles.get() : nullptr;
  }
  [[nodiscard]] const Distinct* distinct() const noexcept { return sketches_ ? sketches_->distinct.get() : nullptr; }
  [[nodiscard]] const ValueCounts* values() const noexcept { return sketches_ ? sketches_->values.get() : nullptr; }
  [[nodiscard]] const TextShape* shape() const noexcept { return sketches_ ? sketches_->shape.get() : nullptr; }
  [[nodiscard]] const Repeats* repeats() const noexcept { return sketches_ ? sketches_->repeats.get() : nullptr; }
  /// Seconds from the time in the field to the arrival of the record.
  [[nodiscard]] const QuantileSketch* delays() const noexcept { return sketches_ ? sketches_->delays.get() : nullptr; }
  [[nodiscard]] const RawValues* raw() const noexcept { return sketches_ ? sketches_->raw.get() : nullptr; }

  /// What it takes now, and the most it can take: that of a full one.
  [[nodiscard]] std::uint64_t bytes() const noexcept;
  [[nodiscard]] static std::uint64_t bytes_bound(const SummarySpec& spec) noexcept;

  void write(SummaryWriter& out) const;
  static Result<FieldSummary> read(SummaryReader& in, const SummarySpec& spec);
  bool operator==(const FieldSummary& other) const;

 private:
  // All that is not in the object itself.
  struct Sketches {
    std::unique_ptr<Extremes> extremes;
    std::unique_ptr<Histogram> histogram;
    std::unique_ptr<QuantileSketch> quantiles;
    std::unique_ptr<Distinct> distinct;
    std::unique_ptr<ValueCounts> values;
    std::unique_ptr<TextShape> shape;
    std::unique_ptr<Repeats> repeats;
    std::unique_ptr<QuantileSketch> delays;
    std::unique_ptr<RawValues> raw;
  };
  template <class Summary, class Visit>
  static void each_sketch(Summary& summary, Visit visit);

  [[nodiscard]] bool keeps_moments() const noexcept {
    return parts_.has(Part::Moments) || parts_.has(Part::HighMoments);
  }
  void require_agreement(SummaryReader& in) const;
  void add_chunk(const Column& column, std::span<const std::uint32_t> elements);
  void add_hashes(const Column& column, std::span<const std::uint32_t> elements);
  void add_texts(const Column& column, std::span<const std::uint32_t> elements);
  void add_instants(const Column& column, std::span<const std::uint32_t> elements, std::span<const Instant> arrival);

  // In this order, what an ordinary cell touches lies together: the end of the counters to the beginning of the moments.
  Counters counters_;
  std::unique_ptr<Sketches> sketches_;
  Parts parts_;
  FieldType declared_ = FieldType::Any;
  bool instants_ = false;
  bool redacted_ = false;
  Moments moments_;
};

}  // namespace weir
