// SPDX-License-Identifier: Apache-2.0
// What the keywords of JSON Schema mean to weir, one by one.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "import/draft.h"
#include "import/schema_references.h"

namespace weir {

/// Keywords that say something about one; to all others the standard gives no meaning.
[[nodiscard]] bool is_schema_rule(std::string_view key);
/// The format of weir for one of JSON Schema, or empty.
[[nodiscard]] std::string_view format_of_schema(std::string_view name);
/// Why a keyword is not carried over.
[[nodiscard]] std::string reason_of_keyword(std::string_view key);

/// A path below `path`; `[]` for the elements of an array.
[[nodiscard]] std::string below_path(const std::string& path, const std::string& step);
/// Fields whose schema allows null: `type: [string, "null"]`, `nullable: true`, a choice with null, no type at all.
[[nodiscard]] std::set<std::string> nullable_fields(const SuiteNode& schema, const SchemaReferences& references);
/// `oneOf: [{const: a, title: …}, {enum: [b, c]}]` as one list; false when the choices are no constants.
bool constant_choices(Draft& draft, const std::vector<const SuiteNode*>& parts, const std::string& path);
/// Choices of patterns or of formats alone, as a list; false when they say anything else.
bool text_choices(Draft& draft, const std::vector<const SuiteNode*>& parts, const std::string& path);

}  // namespace weir
