// SPDX-License-Identifier: Apache-2.0
// Puts what is read of one record after another into the columns of a batch, by the nodes of a field tree.
//
// For readers that walk a record by its schema. The rules that keep columns as JSON would have filled them:
//   a scalar at a node       put(): the node's column takes it; arrays below have one absent element each
//   an object at a node      each of the node's children is put or said absent(), and absent(every) where it has one; then
//                            put_container() with its JSON where the node has a column (wants_json)
//   an array at a node       the node's `every` is put once for each element; each child is said absent(); put_container()
//   nothing there            absent(): one absent element for each repeated column at and below the node
// A record that turns out to be broken is taken back by undo_row().
#pragma once

#include <cstdint>
#include <vector>

#include "decode/field_tree.h"
#include "weir/batch.h"
#include "weir/messages.h"

namespace weir {

class ColumnFiller {
 public:
  /// Where a single value goes that has nothing repeated below it: nearly all do.
  struct Slot {
    Kind* kinds = nullptr;
    Cell* cells = nullptr;
  };
  ColumnFiller(const FieldTable& fields, const FieldTree& tree);

  /// Binds the columns; they are as prepare_columns() leaves them.
  void begin(Batch& batch);
  void begin_row(std::uint32_t row);
  void undo_row();

  void put(std::int32_t node, Kind kind, const Cell& cell) {
    const Slot& slot = slots_[static_cast<std::size_t>(node)];
    if (slot.kinds != nullptr) [[likely]] {
      slot.kinds[row_] = kind;
      slot.cells[row_] = cell;
    } else {
      put_around(node, kind, cell);
    }
  }
  void absent(std::int32_t node) {
    for (const std::int32_t column : nodes_[static_cast<std::size_t>(node)].all) append(column, Kind::Absent, Cell{});
  }
  /// Behind its members or elements. The JSON lies in the batch's arena.
  void put_container(std::int32_t node, Kind kind, std::string_view json);
  [[nodiscard]] bool wants_json(std::int32_t node) const { return nodes_[static_cast<std::size_t>(node)].column >= 0; }

  [[nodiscard]] const FieldTree& tree() const noexcept { return tree_; }
  [[nodiscard]] Arena& arena() noexcept { return batch_->arena; }

  /// Whether a node has a slot: for loops of their own. In the batch that is filled it is slot().
  [[nodiscard]] bool is_single(std::int32_t node) const {
    const Node& at = nodes_[static_cast<std::size_t>(node)];
    return at.column >= 0 && !at.repeated && at.below.empty();
  }
  [[nodiscard]] const Slot& slot(std::int32_t node) const { return slots_[static_cast<std::size_t>(node)]; }
  /// Whether there is a repeated column at or below a node.
  [[nodiscard]] bool has_repeated(std::int32_t node) const {
    return !nodes_[static_cast<std::size_t>(node)].all.empty();
  }

 private:
  struct Node {
    std::int32_t column = FieldTable::kNone;
    bool repeated = false;  // its column is
    Kind* kinds = nullptr;  // of the batch being filled; null where the column is repeated or there is none
    Cell* cells = nullptr;
    std::vector<std::int32_t> below;  // repeated columns below the node
    std::vector<std::int32_t> all;    // and its own, when repeated
  };
  void put_around(std::int32_t node, Kind kind, const Cell& cell);
  void append(std::int32_t column, Kind kind, const Cell& cell);

  FieldTree tree_;
  std::vector<Node> nodes_;
  std::vector<Slot> slots_;           // by node
  std::vector<std::int32_t> single_;  // columns of the tree that are not repeated
  std::vector<std::size_t> before_;   // sizes of the repeated columns before the row
  Batch* batch_ = nullptr;
  std::uint32_t row_ = 0;
};

/// What every decoder does first: one row a message, all absent, all decoded; origins are those of the messages.
void prepare_columns(const FieldTable& fields, const Messages& messages, Batch& batch);

}  // namespace weir
