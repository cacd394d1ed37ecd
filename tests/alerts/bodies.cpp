// SPDX-License-Identifier: Apache-2.0
#include "alerts/bodies.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <sstream>

namespace weir::testing {
namespace {

void collect(const JsonValue& value, const std::string& place, std::vector<std::pair<std::string, std::string>>& out) {
  if (value.type == JsonValue::Type::Text) out.emplace_back(place, value.text);
  for (std::size_t i = 0; i < value.items.size(); ++i) collect(value.items[i], place + "." + std::to_string(i), out);
  for (const auto& [name, member] : value.members) collect(member, place.empty() ? name : place + "." + name, out);
}

}  // namespace

JsonValue json_of(const std::string& body) {
  INFO(body);
  Result<JsonValue> value = parse_json(body);
  REQUIRE(value);
  return *std::move(value);
}

JsonValue expected_body(const std::string& name) {
  std::ifstream file(std::string(WEIR_SOURCE_DIR) + "/tests/alerts/bodies/" + name + ".json");
  std::stringstream text;
  text << file.rdbuf();
  return json_of(text.str());
}

std::vector<std::pair<std::string, std::string>> texts_in(const JsonValue& value) {
  std::vector<std::pair<std::string, std::string>> out;
  collect(value, "", out);
  return out;
}

}  // namespace weir::testing
