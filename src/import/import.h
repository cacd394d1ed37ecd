// SPDX-License-Identifier: Apache-2.0
// Suites of other tools as rule files. A reader for each tool gives drafts, one for each table; settle() makes the text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "import/draft.h"
#include "import/node.h"
#include "weir/result.h"

namespace weir {

enum class SuiteKind : std::uint8_t { GreatExpectations, Soda, Dbt, OpenDataContract, JsonSchema };

/// "gx", "soda", "dbt", "odcs", "jsonschema".
[[nodiscard]] std::optional<SuiteKind> suite_kind(std::string_view name);
[[nodiscard]] std::string_view name_of(SuiteKind kind);

/// What a file of that kind holds. `name` is what its drafts are called when the file does not say. The error has its place:
/// the file is malformed, or none of that kind.
Result<std::vector<Draft>> read_drafts(SuiteKind kind, const std::string& file, std::string_view text);

Result<std::vector<Draft>> read_great_expectations(const SuiteNode& root, const std::string& name);
Result<std::vector<Draft>> read_soda(const SuiteNode& root, const std::string& name);
Result<std::vector<Draft>> read_dbt(const SuiteNode& root, const std::string& name);
Result<std::vector<Draft>> read_data_contract(const SuiteNode& root, const std::string& name);
Result<std::vector<Draft>> read_json_schema(const SuiteNode& root, const std::string& name);

/// What is not carried over, as a table for people: the place, the rule and the reason; empty when everything is.
[[nodiscard]] std::string left_out_table(const Draft& draft, const std::string& file);

}  // namespace weir
