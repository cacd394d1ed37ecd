// SPDX-License-Identifier: Apache-2.0
#include "import/schema_keywords.h"

#include <algorithm>
#include <array>
#include <utility>

namespace weir {

std::string_view format_of_schema(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 20> kFormats = {{
      {"date-time", "date-time"},
      {"datetime", "date-time"},
      {"date", "date"},
      {"time", "time"},
      {"duration", "duration"},
      {"email", "email"},
      {"idn-email", ""},
      {"hostname", "hostname"},
      {"host-name", "hostname"},
      {"ipv4", "ipv4"},
      {"ip-address", "ipv4"},
      {"ipv6", "ipv6"},
      {"uri", "uri"},
      {"url", "url"},
      {"uuid", "uuid"},
      {"guid", "uuid"},
      {"iri", ""},
      {"color", "hex-color"},
      {"phone", "phone"},
      {"byte", "base64"},
  }};
  for (const auto& [theirs, ours] : kFormats) {
    if (theirs == name) return ours;
  }
  return "";
}

bool is_schema_rule(std::string_view key) {
  static constexpr std::array<std::string_view, 42> kKeys = {"$ref",
                                                             "$dynamicRef",
                                                             "$recursiveRef",
                                                             "allOf",
                                                             "anyOf",
                                                             "oneOf",
                                                             "not",
                                                             "if",
                                                             "properties",
                                                             "required",
                                                             "additionalProperties",
                                                             "unevaluatedProperties",
                                                             "patternProperties",
                                                             "propertyNames",
                                                             "minProperties",
                                                             "maxProperties",
                                                             "dependentRequired",
                                                             "dependentSchemas",
                                                             "dependencies",
                                                             "type",
                                                             "enum",
                                                             "const",
                                                             "minimum",
                                                             "maximum",
                                                             "exclusiveMinimum",
                                                             "exclusiveMaximum",
                                                             "multipleOf",
                                                             "divisibleBy",
                                                             "pattern",
                                                             "format",
                                                             "minLength",
                                                             "maxLength",
                                                             "items",
                                                             "additionalItems",
                                                             "prefixItems",
                                                             "unevaluatedItems",
                                                             "contains",
                                                             "minItems",
                                                             "maxItems",
                                                             "uniqueItems",
                                                             "extends",
                                                             "disallow"};
  return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

std::string reason_of_keyword(std::string_view key) {
  if (key == "if")
    return "`if`, `then`, `else` judge one record by different schemas; weir has `when` for single rules";
  if (key == "not") return "`not` of a schema has no counterpart in weir; single checks have one: not_in, not_match";
  if (key == "patternProperties" || key == "propertyNames") return "weir has no rules about the names of fields";
  if (key == "minProperties" || key == "maxProperties") return "weir does not count the fields of an object";
  if (key == "contains")
    return "weir judges every element; that one of them holds is an expression: items.exists(x, …)";
  if (key == "prefixItems" || key == "additionalItems" || key == "unevaluatedItems")
    return "weir has no rules for single places of an array";
  if (key == "dependentSchemas" || key == "dependencies" || key == "dependentRequired")
    return "what depends on another property within an object has no counterpart in weir";
  return "weir does not know this keyword";
}

}  // namespace weir
