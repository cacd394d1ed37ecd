// SPDX-License-Identifier: Apache-2.0
#include "decode/field_tree.h"

namespace weir {

namespace {

std::int32_t child_of(FieldTree& tree, std::int32_t at, const FieldPath::Step& step) {
  if (step.self) return at;
  const auto index = static_cast<std::size_t>(at);
  if (step.every) {
    if (tree[index].every != FieldTable::kNone) return tree[index].every;
  } else {
    for (const std::int32_t child : tree[index].children) {
      if (tree[static_cast<std::size_t>(child)].name == step.name) return child;
    }
  }
  const auto added = static_cast<std::int32_t>(tree.size());
  tree.push_back(
      {.name = step.name, .column = FieldTable::kNone, .children = {}, .every = FieldTable::kNone, .parent = at});
  if (step.every) {
    tree[index].every = added;
  } else {
    tree[index].children.push_back(added);
  }
  return added;
}

}  // namespace

FieldTree field_tree(const std::vector<std::vector<FieldPath::Step>>& places) {
  FieldTree tree(1);
  for (std::size_t column = 0; column < places.size(); ++column) {
    if (places[column].empty()) continue;
    std::int32_t at = 0;
    for (const FieldPath::Step& step : places[column]) at = child_of(tree, at, step);
    tree[static_cast<std::size_t>(at)].column = static_cast<std::int32_t>(column);
  }
  return tree;
}

}  // namespace weir
