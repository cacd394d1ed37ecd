// SPDX-License-Identifier: Apache-2.0
// The fields of a plan as the tree that one kind of record is walked by.
//
// Plain records are walked by the table's own tree. In an envelope (Debezium, CloudEvents, Connect) a field of the rules lies
// elsewhere in the document: then the same columns hang at other places of another tree.
#pragma once

#include <cstdint>
#include <vector>

#include "weir/fields.h"

namespace weir {

/// Node 0 is the record. Children have higher indices than their parents. A node's `column` is one of the FieldTable.
using FieldTree = std::vector<FieldTable::Node>;

/// The places of the fields in a tree of their own: for each column the steps by which it is found, empty: it is not in this
/// tree (its column stays absent). The steps of FieldPath::whole() lead to the place where they stand: the record itself, or,
/// behind others, what those lead to.
[[nodiscard]] FieldTree field_tree(const std::vector<std::vector<FieldPath::Step>>& places);

}  // namespace weir
