// SPDX-License-Identifier: Apache-2.0
// Everything that is remembered about one segment in one pane.
//
// A pane is filled lens by lens from the rows of a batch that belong to it, merged with other panes of the same spec,
// written and read. All of its summaries lie in a few vectors, so that a record touches few cache lines; their sum is the
// pane's size, and PaneSpec::bytes the most that it can come to.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "summary/codec.h"
#include "summary/field_summary.h"
#include "summary/joint.h"
#include "summary/scatter.h"
#include "summary/schema_summary.h"
#include "weir/batch.h"
#include "weir/measure.h"
#include "weir/result.h"
#include "windows/layout.h"

namespace weir {

/// A batch as panes see it: each question about its rows is answered once, whoever asks.
struct BatchView {
  const Batch* batch = nullptr;
  std::span<const Instant> now;    // one for all rows, or one a row
  std::span<const Instant> times;  // by row
  const Mask* timed = nullptr;
  std::string stream;
  std::vector<Truth> filters;  // by index of Layout::filters
  /// What a column has to do with rows that are gone and with messages that tell of no row.
  enum class About : std::uint8_t { Message, Event, Row };
  std::vector<About> about;     // by column; empty: every row has every field
  Mask rowless;                 // rows that a field of a row is not counted in: removals, notices; empty: none
  Mask eventless;               // rows that nothing of the value is counted in: notices; empty: none
  std::vector<Mask> evaluated;  // by index of Plan::rules, where Layout::rules wants them: rows
  std::vector<Mask> failing;
  std::vector<std::uint32_t> first_seen;             // by row: where its fields begin in Batch::seen_fields
  std::vector<std::vector<std::uint32_t>> elements;  // by column, where it is repeated: the first element of each row
  mutable std::vector<std::uint32_t> passed;         // room for Pane::add: rows that a filter let through
  mutable std::vector<std::uint32_t> room;           // and elements of rows
};

/// Rows of a batch, ascending, that belong to one pane.
struct PaneRows;

/// By number of a part in panes that were written, its number here; -1: nothing here. Parts are the spans of all lenses, then
/// tallies, fields, joints, schemas and scatters.
using SlotMap = std::vector<std::int32_t>;

class Pane {
 public:
  struct Span {
    std::uint64_t rows = 0;
    std::uint64_t timed = 0;
    Instant first = Instant::max();
    Instant last = Instant::min();
    bool operator==(const Span&) const = default;
  };

  explicit Pane(const PaneSpec& spec);
  Pane(Pane&&) noexcept = default;
  Pane& operator=(Pane&&) noexcept = default;
  ~Pane();

  /// Summary by summary over all panes, rather than pane by pane: with ten thousand panes each of them is far away in
  /// memory, and is asked for a few panes ahead.
  static void add(const PaneSpec& spec, const BatchView& view, std::span<const PaneRows> groups);
  void add(const PaneSpec& spec, const BatchView& view, std::span<const std::uint32_t> rows);
  void merge(const Pane& other);
  /// Before it is merged into several windows; changes no answer.
  void settle();
  [[nodiscard]] Pane copy() const;

  [[nodiscard]] const Span& span(std::uint32_t lens = 0) const { return spans_[lens]; }
  [[nodiscard]] const FieldSummary& field(std::int32_t i) const { return fields_[static_cast<std::size_t>(i)]; }
  [[nodiscard]] const JointSummary& joint(std::int32_t i) const { return joints_[static_cast<std::size_t>(i)]; }
  [[nodiscard]] const SchemaSummary& schema(std::int32_t i) const { return schemas_[static_cast<std::size_t>(i)]; }
  [[nodiscard]] const ScatterSummary& scatter(std::int32_t i) const { return scatters_[static_cast<std::size_t>(i)]; }
  [[nodiscard]] Tally tally(std::int32_t i) const { return tallies_[static_cast<std::size_t>(i)]; }

  [[nodiscard]] std::uint64_t bytes() const;
  [[nodiscard]] static std::uint64_t bytes_bound(const PaneSpec& spec);
  void write(SummaryWriter& out) const;
  static Result<Pane> read(SummaryReader& in, const PaneSpec& spec);
  /// With a length before each part, so that a reader with another spec takes what it knows.
  void write_slots(SummaryWriter& out) const;
  static Result<Pane> read_slots(SummaryReader& in, const PaneSpec& spec, const SlotMap& slots);

  /// The next pane of the same segment where several lie between the same bounds: sessions.
  std::unique_ptr<Pane> next;

 private:
  [[nodiscard]] std::size_t slots() const noexcept {
    return spans_.size() + tallies_.size() + fields_.size() + joints_.size() + schemas_.size() + scatters_.size();
  }
  void write_slot(std::size_t slot, SummaryWriter& out) const;
  Status read_slot(std::size_t slot, SummaryReader& in, const PaneSpec& spec);

  std::vector<Span> spans_;  // by lens
  std::vector<Tally> tallies_;
  std::vector<FieldSummary> fields_;
  std::vector<JointSummary> joints_;
  std::vector<SchemaSummary> schemas_;
  std::vector<ScatterSummary> scatters_;
};

struct PaneRows {
  Pane* pane = nullptr;
  std::span<const std::uint32_t> rows;
};

}  // namespace weir
