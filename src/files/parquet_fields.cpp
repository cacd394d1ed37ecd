// SPDX-License-Identifier: Apache-2.0
// The tree of the plan's fields laid over the tree of the file's schema: what both have is read.
#include "files/parquet_fields.h"

#include <parquet/schema.h>

#include <algorithm>

namespace weir {

namespace {

namespace schema = parquet::schema;

constexpr std::string_view kNullPartition = "__HIVE_DEFAULT_PARTITION__";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(static_cast<unsigned char>(c) | 0x20U);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string without_percents(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low < 0) {
      plain += text[i];
      continue;
    }
    plain += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return plain;
}

class Selector {
 public:
  Selector(const parquet::SchemaDescriptor& file, std::vector<int>& leaves) : file_(file), leaves_(leaves) {}

  void take_all(const schema::Node& node) {
    if (node.is_primitive()) {
      leaves_.push_back(file_.ColumnIndex(node));
      return;
    }
    const auto& group = static_cast<const schema::GroupNode&>(node);
    for (int i = 0; i < group.field_count(); ++i) take_all(*group.field(i));
  }

  void take(const schema::Node& node, const FieldTable& table, const FieldTable::Node& wanted) {
    const bool nothing_below = wanted.children.empty() && wanted.every == FieldTable::kNone;
    if (wanted.column != FieldTable::kNone || nothing_below || node.is_primitive()) return take_all(node);
    const auto& group = static_cast<const schema::GroupNode&>(node);
    if (group.logical_type()->is_list() || group.converted_type() == parquet::ConvertedType::LIST)
      return take_list(group, table, wanted);
    if (node.is_repeated() || group.logical_type()->is_map() || group.converted_type() == parquet::ConvertedType::MAP ||
        group.converted_type() == parquet::ConvertedType::MAP_KEY_VALUE)
      return take_all(node);
    for (const std::int32_t child : wanted.children) {
      const int index = group.FieldIndex(table.node(child).name);
      if (index >= 0) take(*group.field(index), table, table.node(child));
    }
  }

 private:
  void take_list(const schema::GroupNode& group, const FieldTable& table, const FieldTable::Node& wanted) {
    if (wanted.every == FieldTable::kNone || group.field_count() != 1) return take_all(group);
    const schema::Node& repeated = *group.field(0);
    if (!repeated.is_group()) return take_all(group);
    // Lists of two levels, as old writers made them, are read whole.
    const auto& entries = static_cast<const schema::GroupNode&>(repeated);
    const bool old =
        entries.field_count() != 1 || entries.name() == "array" || entries.name() == group.name() + "_tuple";
    if (old) return take_all(group);
    const std::size_t before = leaves_.size();
    take(*entries.field(0), table, table.node(wanted.every));
    // Of elements that have nothing of what is named, something has to say how many there are.
    if (leaves_.size() == before) take_first(*entries.field(0));
  }

  void take_first(const schema::Node& node) {
    if (node.is_primitive()) return take_all(node);
    const auto& group = static_cast<const schema::GroupNode&>(node);
    if (group.field_count() > 0) take_first(*group.field(0));
  }

  const parquet::SchemaDescriptor& file_;
  std::vector<int>& leaves_;
};

}  // namespace

std::vector<PartitionValue> partitions_of(std::string_view path) {
  std::vector<PartitionValue> values;
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/')) {
    const std::string_view folder = path.substr(0, slash);
    path.remove_prefix(slash + 1);
    const std::size_t sign = folder.find('=');
    if (sign == std::string_view::npos || sign == 0) continue;
    const std::string_view text = folder.substr(sign + 1);
    PartitionValue value{.name = without_percents(folder.substr(0, sign)), .text = std::nullopt};
    if (text != kNullPartition) value.text = without_percents(text);
    std::erase_if(values, [&](const PartitionValue& known) { return known.name == value.name; });
    values.push_back(std::move(value));
  }
  return values;
}

ParquetSelection select_columns(const parquet::SchemaDescriptor& file, std::string_view path, const Plan* plan) {
  ParquetSelection selection;
  std::vector<PartitionValue> partitions = partitions_of(path);
  Selector selector(file, selection.leaves);
  const schema::GroupNode& root = *file.group_node();
  int columns = 0;
  for (int i = 0; i < root.field_count(); ++i) {
    const schema::Node& node = *root.field(i);
    ParquetField& field = selection.fields.emplace_back();
    field.name = node.name();
    const auto partition = std::find_if(partitions.begin(), partitions.end(),
                                        [&](const PartitionValue& value) { return value.name == field.name; });
    if (partition != partitions.end()) {
      field.partition = std::move(*partition);
      partitions.erase(partition);
      continue;
    }
    const std::size_t before = selection.leaves.size();
    if (plan == nullptr || plan->note_fields || plan->fields.root().column != FieldTable::kNone) {
      selector.take_all(node);
    } else {
      for (const std::int32_t child : plan->fields.root().children) {
        const FieldTable::Node& wanted = plan->fields.node(child);
        if (wanted.name == field.name) selector.take(node, plan->fields, wanted);
      }
    }
    if (selection.leaves.size() > before) field.column = columns++;
  }
  for (PartitionValue& partition : partitions) {
    ParquetField& field = selection.fields.emplace_back();
    field.name = partition.name;
    field.partition = std::move(partition);
  }
  std::sort(selection.leaves.begin(), selection.leaves.end());
  return selection;
}

}  // namespace weir
