// SPDX-License-Identifier: Apache-2.0
// Reads one JSON document after another from indexed text into the columns of a batch.
//
// Every document is read to its end and held to RFC 8259, also where no rule looks: a field that nobody asked for is walked
// over, not skipped. One pass, no tree: the reader knows from the field table which keys lead to a column.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "decode/field_tree.h"
#include "decode/json_shape.h"
#include "weir/batch.h"
#include "weir/plan.h"

namespace weir {

class JsonReader {
 public:
  explicit JsonReader(const Plan& plan) : JsonReader(plan, plan.fields.nodes()) {}
  /// The columns hang at the places of `tree`; `record` is the node whose object is the record itself, whose fields are noted
  /// where the plan asks for them. Columns of the tree beyond the plan's are single ones of the caller.
  JsonReader(const Plan& plan, const FieldTree& tree, std::int32_t record = 0);

  /// The text to read from: `positions` are those of JsonStructure, `text` is followed by a byte that begins no JSON value, and
  /// 16 bytes behind it may be read.
  void begin(Batch& batch, std::string_view text, const std::uint32_t* positions, std::size_t count);

  /// Reads the document in text[from, to) into `row`. False: it is none, fault_at() and fault() say why, the row is empty.
  bool read(std::uint32_t row, std::size_t from, std::size_t to);
  [[nodiscard]] std::size_t fault_at() const noexcept { return fault_at_; }
  [[nodiscard]] bool too_deep() const noexcept { return too_deep_; }
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

 private:
  struct NodePlan {
    std::int32_t column = -1;
    bool repeated = false;  // its column is
    Kind* kinds = nullptr;  // of the batch being filled; null where the column is repeated or there is none
    Cell* cells = nullptr;
    std::int32_t every = -1;
    std::vector<std::int32_t> children;  // key i of the node's shape is child i
    std::vector<std::int32_t> below;     // repeated columns below the node
    std::vector<std::int32_t> all;       // and its own, when repeated
    std::vector<std::int32_t> single;    // columns at and below the node that are not repeated
  };

  // Functions that take `next` move it; the others move next_.
  using Next = const std::uint32_t*;
  bool read_object(std::int32_t node, std::uint32_t depth);
  bool read_array(std::int32_t node, std::uint32_t depth);
  bool read_value(std::int32_t node, std::uint32_t depth);
  bool read_container(std::int32_t node, std::uint32_t depth);
  bool read_last_keys(std::int32_t node, std::uint32_t depth);
  bool skip_value(std::uint32_t depth);
  bool skip_object(std::uint32_t depth);
  bool skip_array(std::uint32_t depth);
  bool read_key(Next& next, JsonShape& shape, JsonShape::Key*& key);
  bool read_scalar(Next& next, Kind& kind, Cell& cell);
  bool scan_text(Next& next, std::string_view& raw, bool& escaped);
  bool scan_scalar(Next& next, Kind& kind, Cell& cell);
  bool has_escape(const char* from, const char* to);
  bool ends(Next next, char close, bool& more);
  void put_whole(Next start);
  bool enter(std::uint32_t depth);
  std::string_view name_of(Next name);
  std::string_view note_stranger(Next name, std::unordered_set<std::string>& strangers);
  void note_extra(std::string_view name);
  void note_seen(Next name, JsonShape::Key* key, Next value, std::uint64_t visit);
  void forget_seen();
  void forget_notes();
  void finish_object(const NodePlan& node, JsonShape& shape, std::uint64_t visit);

  void append(std::int32_t column, Kind kind, const Cell& cell);
  bool put_absent(const std::vector<std::int32_t>& columns);
  void forget(std::int32_t node);
  void cut_back(const std::vector<std::int32_t>& columns, const std::vector<std::size_t>& sizes);
  [[nodiscard]] std::vector<std::size_t> sizes(const std::vector<std::int32_t>& columns) const;
  void clear_row(const std::vector<std::size_t>& before);
  bool fail(Next next, std::string reason) { return fail_at(*next, std::move(reason)); }
  bool fail_at(std::size_t at, std::string reason);

  std::vector<NodePlan> nodes_;
  std::deque<JsonShape> shapes_;  // one a node
  std::int32_t record_;
  std::uint32_t max_depth_;
  bool want_extra_ = false;
  bool want_duplicates_ = false;
  bool want_seen_ = false;

  Batch* batch_ = nullptr;
  const char* text_ = nullptr;
  const char* text_end_ = nullptr;
  const char* escape_ = nullptr;  // the next backslash, or text_end_
  Next first_ = nullptr;
  Next last_ = nullptr;  // behind the last position
  Next next_ = nullptr;  // the position to look at next
  std::uint32_t row_ = 0;
  std::uint64_t visits_ = 0;
  std::size_t extras_in_row_ = 0;
  std::size_t seen_before_row_ = 0;                                 // Batch::seen_fields of the rows before
  std::unordered_map<std::string, std::size_t> strangers_seen_at_;  // of this row, keys that no shape remembers

  std::size_t fault_at_ = 0;
  std::string fault_;
  bool too_deep_ = false;
};

}  // namespace weir
