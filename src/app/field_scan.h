// SPDX-License-Identifier: Apache-2.0
// Which fields records have, whatever their format, and how the cells of a table are to be read.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "decode/datum_json.h"
#include "suggest/discover.h"
#include "weir/fields.h"
#include "weir/messages.h"
#include "weir/plan.h"

namespace weir {

struct SeenFields {
  std::vector<FieldPath> paths;
  std::vector<CellType> types;  // of a table's cells, by path
  std::uint64_t left_out = 0;   // beyond the bounds of FieldDiscovery
  bool table = false;           // `types` says something
};

class FieldScan {
 public:
  /// `payload` tells by which schemas records are read that carry none.
  explicit FieldScan(PayloadForm payload = {});
  void add(const Messages& messages, Format format);

  /// How much of a column has to read as a number for the column to be one.
  enum class Numbers : std::uint8_t {
    All,   // every cell: for rules, which then hold of every cell
    Most,  // the greater part: for comparisons, which tell the rest as values of another type
  };
  [[nodiscard]] SeenFields fields(Numbers numbers) const;

 private:
  struct Cells {
    std::string name;
    std::uint64_t any = 0;  // cells that are not null
    std::uint64_t numbers = 0;
    std::uint64_t booleans = 0;
  };
  void add_cells(const Messages& messages, char separator);
  [[nodiscard]] static CellType type_of(const Cells& cells, Numbers numbers);

  FieldDiscovery discovery_;
  std::vector<Cells> columns_;
  std::unique_ptr<const Plan> plan_;  // of limits and the payload's form alone
  DatumJson json_;
};

}  // namespace weir
