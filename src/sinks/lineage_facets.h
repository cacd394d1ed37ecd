// SPDX-License-Identifier: Apache-2.0
// The facets of a lineage event that are about data: each is an object that names the version of the schema it keeps to.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "sinks/lineage_event.h"

namespace weir {

/// The verdicts of one window, those that fail first.
struct LineageWindow {
  const Plan& plan;
  std::vector<const WindowVerdict*> verdicts;
};

/// The key, `{`, and who keeps to which version of which schema: `facet` is "NominalTimeRunFacet 1-0-1".
void begin_lineage_facet(JsonWriter& json, std::string_view key, std::string_view facet, std::string_view producer);

/// Nothing is written where there is nothing to say.
void write_lineage_assertions(JsonWriter& json, const LineageWindow& window, std::string_view producer);
/// `all`: also what the assertions of a dataset say; else what they have no word for, because it is neither success nor failure.
void write_lineage_tests(JsonWriter& json, const LineageWindow& window, bool all, std::string_view producer);
void write_lineage_metrics(JsonWriter& json, const LineageWindow& window, std::string_view producer);
void write_lineage_schema(JsonWriter& json, std::span<const LineageField> fields, std::string_view producer);

/// Whether the window passed or broke the rule; else there is no data, too little of it, or the rule cannot be judged.
[[nodiscard]] bool is_lineage_answer(Verdict verdict);

}  // namespace weir
