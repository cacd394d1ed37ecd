// SPDX-License-Identifier: Apache-2.0
// The panes of one grid: by their place on the axis of time, then by segment.
//
// A row holds the panes of all segments in one place. Rows that nobody touched for a while are written to the shelf when
// the open ones take too much memory, and come back when a record or a window asks for them. A segment that was pushed
// out while its panes lay on the shelf is folded into `__other__` when they come back.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/shelf.h"
#include "windows/pane.h"

namespace weir {

class PaneStore {
 public:
  /// What becomes of two panes of one place and segment.
  enum class Meeting : std::uint8_t {
    Merge,  // they are one pane
    Join,   // sessions: one if they are at most a gap apart
    Keep,   // count windows: both stay
  };

  PaneStore(const PaneSpec& spec, Meeting meeting, Duration gap) : spec_(&spec), meeting_(meeting), gap_(gap) {}

  /// The pane of a place and segment, made where there is none.
  Pane& at(std::int64_t place, std::uint32_t segment);
  /// The session that the records from `first` to `last` belong to: those that they connect become one. A new one is
  /// empty, and is to be added to at once.
  /// With the cursor of a call for a later session of the same place and segment, the search goes on from there.
  /// Sessions that were over by `open_from` are left as they are.
  using Cursor = std::unique_ptr<Pane>*;
  Pane& session_at(std::int64_t place, std::uint32_t segment, Instant first, Instant last, Cursor& cursor,
                   Instant open_from = Instant::min());
  void add(std::int64_t place, std::uint32_t segment, std::unique_ptr<Pane> pane);
  /// The pane, or the first of several: later sessions first. Null where nothing came.
  [[nodiscard]] Pane* find(std::int64_t place, std::uint32_t segment);
  /// Takes a pane out of the list that find() begins.
  void take_out(std::int64_t place, std::uint32_t segment, const Pane& pane);

  [[nodiscard]] bool has(std::int64_t place) const { return rows_.contains(place); }
  /// The first place at or after `from` that holds a pane.
  [[nodiscard]] std::optional<std::int64_t> next_from(std::int64_t from) const;
  /// visit(segment, pane) for each pane of a place: of several, the first of the list.
  template <class Visit>
  void each(std::int64_t place, Visit visit) {
    if (!rows_.contains(place)) return;
    const Row& row = row_at(place);
    for (std::size_t c = 0; c < row.chunks.size(); ++c) {
      for (std::size_t i = 0; row.chunks[c] != nullptr && i < kChunk; ++i) {
        if (Pane* const pane = (*row.chunks[c])[i].get(); pane != nullptr)
          visit(static_cast<std::uint32_t>(c * kChunk + i), *pane);
      }
    }
  }
  /// What another store of the same spec and segments holds goes here, and it is empty.
  void move_from(PaneStore& other);
  void clear();
  void drop_before(std::int64_t place);
  void drop(std::int64_t place);
  /// The panes of a segment become panes of `__other__`, and its number may be given to another one.
  void fold(std::uint32_t segment, std::uint32_t other);

  [[nodiscard]] std::uint64_t panes() const noexcept { return panes_; }
  [[nodiscard]] std::uint64_t bytes() const;
  /// Puts rows that were not touched for longest onto the shelf until no more than `most` bytes are left.
  void put_away(Shelf& shelf, std::uint64_t most);
  /// Why panes were lost, or empty.
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

  /// With the numbers that segments have in what is written.
  void write(SummaryWriter& out, const std::vector<std::uint32_t>& numbers, bool slots = false);
  /// Adds what was written; `numbers` says what each written segment is here, `shift` what is added to places.
  Status read(SummaryReader& in, const std::vector<std::uint32_t>& numbers, std::int64_t shift);
  /// One place, whether it holds anything or not; and over an empty one.
  void write_place(std::int64_t place, SummaryWriter& out, const std::vector<std::uint32_t>& numbers);
  Status read_place(SummaryReader& in, std::int64_t place, const std::vector<std::uint32_t>& numbers,
                    const SlotMap& slots);
  /// Into an empty store, as it was: sessions that stood apart stay apart.
  Status read_state(SummaryReader& in, const std::vector<std::uint32_t>& numbers, const SlotMap& slots,
                    const std::function<bool(std::int64_t)>& is_place);

 private:
  static constexpr std::size_t kChunk = 64;
  using Chunk = std::array<std::unique_ptr<Pane>, kChunk>;
  struct Row {
    std::vector<std::unique_ptr<Chunk>> chunks;
    std::uint64_t touched = 0;
    bool away = false;
    std::uint64_t number = 0;  // on the shelf
  };

  Row& row_at(std::int64_t place);
  std::unique_ptr<Pane>& slot(Row& row, std::uint32_t segment);
  void insert(std::unique_ptr<Pane>& list, std::unique_ptr<Pane> pane);
  Pane& join(Cursor& cursor, Instant first, Instant last, Instant open_from);
  void write_row(const Row& row, SummaryWriter& out, const std::vector<std::uint32_t>* numbers, bool slots) const;
  Status read_row(SummaryReader& in, Row& row, const std::vector<std::uint32_t>* numbers, const SlotMap* slots);
  void append(std::unique_ptr<Pane>& list, std::unique_ptr<Pane> pane);
  bool put_away(Row& row, Shelf& shelf);
  void bring_back(Row& row);
  [[nodiscard]] static std::uint64_t bytes_of(const Row& row);
  [[nodiscard]] std::uint32_t generation(std::uint32_t segment) const {
    return segment < generations_.size() ? generations_[segment] : 0;
  }

  const PaneSpec* spec_;
  Meeting meeting_;
  Duration gap_;
  std::map<std::int64_t, Row> rows_;
  std::int64_t last_place_ = 0;
  Row* last_row_ = nullptr;
  std::uint64_t panes_ = 0;  // in memory
  std::uint64_t clock_ = 0;
  Shelf* shelf_ = nullptr;
  std::vector<std::uint32_t> generations_;  // by segment number: how often it was given to another one
  std::string fault_;
};

}  // namespace weir
