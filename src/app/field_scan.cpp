// SPDX-License-Identifier: Apache-2.0
#include "app/field_scan.h"

#include <algorithm>
#include <utility>

#include "base/json_value.h"
#include "decode/csv_record.h"
#include "decode/number.h"

namespace weir {

namespace {

std::unique_ptr<const Plan> plan_of(PayloadForm payload) {
  auto plan = std::make_unique<Plan>();
  plan->payload = std::move(payload);
  return plan;
}

bool is_table(Format format) noexcept {
  return format == Format::Csv || format == Format::Tsv;
}

}  // namespace

FieldScan::FieldScan(PayloadForm payload) : plan_(plan_of(std::move(payload))), json_(*plan_) {}

void FieldScan::add(const Messages& messages, Format format) {
  if (is_table(format)) return add_cells(messages, format == Format::Tsv ? '\t' : ',');
  for (std::size_t item = 0; item < messages.items.size(); ++item) {
    const std::optional<std::string_view> json = json_.write(messages, item, format);
    if (!json) continue;
    const Result<JsonValue> record = parse_json(*json);
    if (record) discovery_.add(*record);
  }
}

/// Several tables may follow each other: their columns are known by name.
void FieldScan::add_cells(const Messages& messages, char separator) {
  CsvSplitter splitter(separator);
  if (messages.items.empty() || !splitter.split(messages.header)) return;
  std::vector<std::size_t> places;
  for (const CsvCell& cell : splitter.cells()) {
    const auto known =
        std::find_if(columns_.begin(), columns_.end(), [&](const Cells& one) { return one.name == cell.raw(); });
    places.push_back(static_cast<std::size_t>(known - columns_.begin()));
    if (known == columns_.end()) columns_.emplace_back().name = cell.raw();
  }
  for (const Message& message : messages.items) {
    if (!splitter.split(message.bytes)) continue;
    for (std::size_t i = 0; i < std::min(places.size(), splitter.cells().size()); ++i) {
      const CsvCell& cell = splitter.cells()[i];
      if (cell.is_null()) continue;
      Cells& column = columns_[places[i]];
      ++column.any;
      Cell number;
      column.numbers += classify_number(cell.raw(), number) == Kind::Absent ? 0U : 1U;
      column.booleans += cell.raw() == "true" || cell.raw() == "false" ? 1U : 0U;
    }
  }
}

CellType FieldScan::type_of(const Cells& cells, Numbers numbers) {
  const std::uint64_t enough = numbers == Numbers::All ? cells.any : cells.any / 2 + 1;
  if (cells.any == 0) return CellType::Text;
  if (cells.numbers >= enough) return CellType::Number;
  return cells.booleans >= enough ? CellType::Boolean : CellType::Text;
}

SeenFields FieldScan::fields(Numbers numbers) const {
  FieldDiscovery discovery = discovery_;
  std::vector<std::string> names;
  for (const Cells& column : columns_) names.push_back(column.name);
  discovery.add_names(names);
  SeenFields seen{.paths = discovery.paths(), .types = {}, .left_out = discovery.left_out(), .table = !names.empty()};
  for (const FieldPath& path : seen.paths) {
    const auto column = std::find_if(columns_.begin(), columns_.end(),
                                     [&](const Cells& one) { return path.text() == path_step(one.name); });
    seen.types.push_back(column == columns_.end() ? CellType::Text : type_of(*column, numbers));
  }
  return seen;
}

}  // namespace weir
