// SPDX-License-Identifier: Apache-2.0
// docs/expressions.md is true: its cases are run, and it names every function and every measure.
//
// A case is `expression -> result`, or `expression with {record} -> true`; of a window condition the record holds what its
// measures came to: a number, a text, a list, null for no data, {"is", "from", "to"} for the answer of a sketch, {"some": list}
// for a list that is not complete.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/json_value.h"
#include "base/json_writer.h"
#include "expr/functions.h"
#include "expr/judge.h"
#include "measures/registry.h"

namespace weir::testing {
namespace {

std::string read_page() {
  std::ifstream file(std::string(WEIR_SOURCE_DIR) + "/docs/expressions.md");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The lines of all blocks that begin with ```<kind>.
std::vector<std::string> lines_of(const std::string& kind) {
  std::istringstream page(read_page());
  std::vector<std::string> lines;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      inside = line == "```" + kind;
    } else if (inside && !line.empty()) {
      lines.push_back(line);
    }
  }
  return lines;
}

struct Case {
  std::string expression;
  std::string record;
  std::string result;
};

Case parse(std::string line) {
  Case out;
  if (const std::size_t arrow = line.rfind(" -> "); arrow != std::string::npos) {
    out.result = line.substr(arrow + 4);
    line.resize(arrow);
  }
  if (const std::size_t with = line.rfind(" with {"); with != std::string::npos) {
    out.record = line.substr(with + 6);
    line.resize(with);
  }
  out.expression = line;
  return out;
}

std::string to_json(const JsonValue& value) {
  switch (value.type) {
    case JsonValue::Type::Null: return "null";
    case JsonValue::Type::Boolean: return value.boolean ? "true" : "false";
    case JsonValue::Type::Number: return value.text;
    case JsonValue::Type::Text: return json_quote(value.text);
    case JsonValue::Type::Array: {
      std::string out;
      for (const JsonValue& item : value.items) out += (out.empty() ? "[" : ",") + to_json(item);
      return out.empty() ? "[]" : out + "]";
    }
    case JsonValue::Type::Object: break;
  }
  std::string out;
  for (const auto& [key, member] : value.members)
    out += (out.empty() ? "{" : ",") + json_quote(key) + ":" + to_json(member);
  return out.empty() ? "{}" : out + "}";
}

// Every path of the record is a column, as a decoder would fill it.
void add_fields(const JsonValue& object, const std::string& prefix, std::vector<FieldOf>& into) {
  for (const auto& [key, value] : object.members) {
    const bool plain = key.find('-') == std::string::npos;
    const std::string path = prefix + (plain ? key : '"' + key + '"');
    into.push_back({path, {to_json(value)}});
    if (value.type == JsonValue::Type::Object) add_fields(value, path + ".", into);
  }
}

std::string answer(const Case& written) {
  if (written.record.empty()) {
    const std::string value = value_of(written.expression);
    return value.starts_with("error: ") ? "no answer" : value;
  }
  const Result<JsonValue> record = parse_json(written.record);
  REQUIRE(record.ok());
  std::vector<FieldOf> fields;
  add_fields(*record, "", fields);
  const std::string letter = decide(written.expression, fields);
  return letter == "T" ? "true" : letter == "F" ? "false" : letter == "?" ? "unknown" : "no answer";
}

TEST_CASE("the cases of docs/expressions.md are true") {
  const std::vector<std::string> lines = lines_of("cases");
  REQUIRE(lines.size() > 60);
  for (const std::string& line : lines) {
    INFO(line);
    const Case written = parse(line);
    if (written.result.starts_with("refused: ")) {
      CHECK(fault(written.expression).find(written.result.substr(9)) != std::string::npos);
    } else {
      CHECK(answer(written) == written.result);
    }
  }
}

TEST_CASE("the window conditions of docs/expressions.md load, or are refused as it says") {
  const std::vector<std::string> lines = lines_of("windows");
  REQUIRE(lines.size() > 10);
  for (const std::string& line : lines) {
    INFO(line);
    const Case written = parse(line);
    const std::string problem = window_fault(written.expression);
    if (written.result.empty()) {
      CHECK(problem == "");
    } else {
      CHECK(problem.find(written.result.substr(9)) != std::string::npos);
    }
  }
}

Measured measured_of(const JsonValue& value) {
  const auto number = [](const JsonValue& json) { return std::stod(json.text); };
  switch (value.type) {
    case JsonValue::Type::Null: return Measured::no_data("nothing to measure");
    case JsonValue::Type::Number:
      if (value.text.find_first_of(".e") == std::string::npos)
        return Measured::of(std::int64_t{std::stoll(value.text)});
      return Measured::of(number(value));
    case JsonValue::Type::Text: return text_of(value.text);
    case JsonValue::Type::Array: {
      std::vector<std::string> items;
      for (const JsonValue& item : value.items) items.push_back(item.text);
      Measured list = list_of(items);
      for (std::size_t i = 0; i < items.size(); ++i)
        list.values[i].is_number = value.items[i].type == JsonValue::Type::Number;
      return list;
    }
    default: break;
  }
  if (const JsonValue* some = value.find("some")) {
    Measured list = measured_of(*some);
    list.exact = false;
    return list;
  }
  return Measured::within(number(*value.find("is")), number(*value.find("from")), number(*value.find("to")), "sketch");
}

TEST_CASE("window conditions come to what docs/expressions.md says") {
  const std::vector<std::string> lines = lines_of("judged");
  REQUIRE(lines.size() > 30);
  for (const std::string& line : lines) {
    INFO(line);
    const Case written = parse(line);
    const Result<JsonValue> record = parse_json(written.record);
    REQUIRE(record.ok());
    MeasuredByName values;
    for (const auto& [name, value] : record->members) values.emplace_back(name, measured_of(value));
    constexpr std::string_view kNames[] = {"pass", "warn", "fail", "no data", "inconclusive", "error"};
    // A name that no call has would leave the case to chance.
    const CompiledCondition compiled = compile_window(written.expression);
    for (const auto& [name, value] : values) {
      CHECK(std::any_of(compiled.calls.begin(), compiled.calls.end(),
                        [&name = name](const MeasureCall& call) { return call.written == name; }));
    }
    CHECK(kNames[static_cast<std::size_t>(judge(written.expression, values).verdict)] == written.result);
  }
}

TEST_CASE("docs/expressions.md names every function and every measure") {
  const std::string page = read_page();
  for (const auto functions : {text_functions(), number_functions(), time_functions(), conversion_functions()}) {
    for (const FunctionSpec& function : functions) {
      INFO(function.signature);
      CHECK(page.find("`" + std::string(function.signature) + "`") != std::string::npos);
    }
  }
  for (const MeasureSpec& measure : measure_specs()) {
    INFO(measure.name);
    CHECK(page.find("`" + std::string(measure.name) + "`") != std::string::npos);
  }
}

}  // namespace
}  // namespace weir::testing
