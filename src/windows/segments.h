// SPDX-License-Identifier: Apache-2.0
// The segments of a grid: which values of its fields have windows of their own.
//
// At most `max_segments` have: those that the rule file lists, then those whose keys have the smallest hashes among all
// that were ever seen. Hashes are like lots drawn once for each value, so the same segments are kept whatever the order
// of records and however many inputs are merged; everything else is one segment, `__other__`. A segment that was kept
// and loses its place to one with a smaller hash is pushed out, and the grid folds its panes into `__other__`.
//
// How many are not kept is known exactly up to kCounted of them, and then estimated from their hashes (bottom-k: k
// uniform hashes below h are k / h of all; P. Flajolet, 1990; standard error 1 / sqrt(kCounted) = 1.6 %).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/key.h"
#include "summary/codec.h"
#include "weir/batch.h"
#include "weir/fields.h"
#include "weir/window.h"
#include "weir/window_verdict.h"

namespace weir {

class Segments {
 public:
  static constexpr std::uint32_t kOther = 0;  // the number of `__other__`; without fields, of the only segment there is
  static constexpr std::size_t kCounted = 4'096;

  Segments(const std::vector<SegmentField>& fields, std::uint32_t most, const FieldTable& table);

  [[nodiscard]] bool any() const noexcept { return !fields_.empty(); }
  /// The number of each row's segment. What a segment pushed out by a later row had is told by pushed_out().
  void find(const Batch& batch, std::span<const std::uint32_t> rows, std::vector<std::uint32_t>& out);
  /// The segments that lost their place since the last call. Their numbers may be given again after it.
  [[nodiscard]] std::vector<std::uint32_t> take_pushed_out();
  /// Takes over a segment of another run, if it has a place here.
  void adopt(const Segments& other, std::uint32_t number);
  /// The number here of a segment of another run that was adopted.
  [[nodiscard]] std::uint32_t number_of(const Segments& other, std::uint32_t number) const;
  /// The number of a row's segment, if it has one already.
  [[nodiscard]] std::optional<std::uint32_t> peek(const Batch& batch, std::uint32_t row) const;

  /// Every segment that has windows, in the order in which they are reported.
  [[nodiscard]] const std::vector<std::uint32_t>& in_order();
  [[nodiscard]] const std::shared_ptr<const Segment>& segment(std::uint32_t number) const {
    return kept_[number].shown;
  }
  /// `country="DE"`, as series are named.
  [[nodiscard]] const std::string& name(std::uint32_t number) const { return kept_[number].name; }
  [[nodiscard]] std::size_t numbers() const noexcept { return kept_.size(); }
  /// It is in the rule file: judged from the first window on.
  [[nodiscard]] bool listed(std::uint32_t number) const { return kept_[number].listed; }
  /// How many segments were folded into `__other__`.
  [[nodiscard]] std::uint64_t folded() const;
  [[nodiscard]] bool folded_is_estimate() const noexcept { return folded_more_; }
  [[nodiscard]] std::uint64_t bytes() const;

  /// By number, the numbers that the segments will have once they are written and read.
  [[nodiscard]] std::vector<std::uint32_t> written_numbers() const;
  void write(SummaryWriter& out) const;
  /// Reads into segments as they were made: what was listed is there already.
  void read(SummaryReader& in);
  /// A segment by itself, for a reader that knows none.
  struct One {
    bool other = false;
    Key key;
    Segment shown;
  };
  void write_one(std::uint32_t number, SummaryWriter& out) const;
  [[nodiscard]] One read_one(SummaryReader& in) const;
  void adopt(const One& one);
  [[nodiscard]] std::uint32_t number_of(const One& one) const;
  /// Takes over what `other` knows of segments that were not kept.
  void merge_folded(const Segments& other);

 private:
  struct Kept {
    Key key;
    bool listed = false;
    bool in_use = false;
    std::shared_ptr<const Segment> shown;
    std::string name;
  };
  struct BySize {
    bool operator()(const Key& a, const Key& b) const noexcept {
      return a.high != b.high ? a.high < b.high : a.low < b.low;
    }
  };
  using Ordered = std::set<Key, BySize>;
  struct Slot {
    Key key;
    std::uint32_t number = kFree;
  };
  static constexpr std::uint32_t kFree = ~std::uint32_t{0};

  [[nodiscard]] Key key_of_row(const Batch& batch, std::size_t row) const;
  [[nodiscard]] std::uint32_t look_up(const Key& key) const noexcept;
  void put(const Key& key, std::uint32_t number);
  void take_out(const Key& key);
  void list_all();
  std::uint32_t add(const Key& key, bool listed, Segment shown);
  /// Whether a key that is new here has a place; pushes out the one that it displaces.
  bool claim(const Key& key);
  void fold(const Key& key);
  [[nodiscard]] Segment show(const Batch& batch, std::size_t row) const;

  std::vector<SegmentField> fields_;
  std::vector<bool> redacted_;
  std::size_t places_ = 0;  // for segments that are not listed
  std::vector<Kept> kept_;  // by number
  std::vector<std::uint32_t> free_;
  std::vector<Slot> slots_;  // open addressing, at most half full
  std::size_t used_ = 0;
  Ordered unlisted_;  // the keys that have a place and are not listed
  std::vector<std::uint32_t> pushed_out_;
  Ordered folded_;            // the kCounted smallest keys without a place; slots_ knows them as kOther
  bool folded_more_ = false;  // there were more
  bool other_in_use_ = false;
  std::vector<Key> keys_;  // of a batch, kept for its memory
  std::vector<std::uint32_t> order_;
  bool ordered_ = false;
};

}  // namespace weir
