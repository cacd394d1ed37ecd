// SPDX-License-Identifier: Apache-2.0
#include "import/schema_keywords.h"

#include <algorithm>
#include <array>
#include <utility>

namespace weir {

bool is_schema_annotation(std::string_view key) {
  static constexpr std::array<std::string_view, 29> kKeys = {"$schema",
                                                             "$id",
                                                             "id",
                                                             "$anchor",
                                                             "$comment",
                                                             "$defs",
                                                             "definitions",
                                                             "title",
                                                             "description",
                                                             "default",
                                                             "examples",
                                                             "example",
                                                             "deprecated",
                                                             "readOnly",
                                                             "writeOnly",
                                                             "$vocabulary",
                                                             "contentEncoding",
                                                             "contentMediaType",
                                                             "markdownDescription",
                                                             "$dynamicAnchor",
                                                             "name",
                                                             "version",
                                                             "$recursiveAnchor",
                                                             "then",
                                                             "else",
                                                             "nullable",
                                                             "minContains",
                                                             "maxContains",
                                                             "contentSchema"};
  return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end() || key.starts_with("x-") || key.starts_with("x_");
}

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
