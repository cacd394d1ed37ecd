// SPDX-License-Identifier: Apache-2.0
// Runs CEL's conformance cases (lines of JSON from cel_cases.mjs) through weir's evaluator, prints how many agree in each
// section, and holds the disagreements against the list of those that are meant: one that is not on the list fails, and so
// does one that is on it and agrees.
//
//   cel_runner CASES.jsonl DIFFERENCES.txt
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "base/timestamp.h"
#include "expr/evaluate_text.h"

namespace weir {
namespace {

std::string decode_base64(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) break;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xFF);
    }
  }
  return out;
}

// A value in the JSON form of CEL's test messages: {"int64Value": "5"}.
class CelValues {
 public:
  Value read(const JsonValue& json) {
    if (json.members.empty()) return Value::error("an empty value");
    const auto& [kind, content] = json.members[0];
    const std::string_view text = content.text;
    if (kind == "boolValue") return Value::of(content.boolean);
    if (kind == "int64Value") return Value::of(std::int64_t{std::strtoll(content.text.c_str(), nullptr, 10)});
    if (kind == "uint64Value") return Value::of_unsigned(std::strtoull(content.text.c_str(), nullptr, 10));
    if (kind == "doubleValue") return Value::of(std::strtod(content.text.c_str(), nullptr));
    if (kind == "stringValue") return scratch_.keep_text(text);
    if (kind == "bytesValue") return Value::bytes(scratch_.keep_text(decode_base64(text)).text());
    if (kind == "typeValue") return type(text);
    if (kind == "listValue") return list(content);
    if (kind == "mapValue") return map(content);
    if (kind == "objectValue") return object(content);
    return {};
  }

 private:
  static Value type(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(ValueType::Type); ++i) {
      const auto candidate = static_cast<ValueType>(i);
      if (cel_name(candidate) == name) return Value::type_of(candidate);
    }
    return Value::error("a type that weir does not know");
  }

  Value list(const JsonValue& json) {
    std::vector<Value> items;
    if (const JsonValue* values = json.find("values")) {
      for (const JsonValue& item : values->items) items.push_back(read(item));
    }
    return scratch_.keep(std::move(items));
  }

  Value map(const JsonValue& json) {
    std::vector<std::pair<Value, Value>> entries;
    if (const JsonValue* all = json.find("entries")) {
      for (const JsonValue& entry : all->items)
        entries.emplace_back(read(*entry.find("key")), read(*entry.find("value")));
    }
    return scratch_.keep(std::move(entries));
  }

  static Value object(const JsonValue& json) {
    const JsonValue* value = json.find("value");
    if (value == nullptr) return Value::error("a message");
    if (const auto duration = parse_duration(value->text)) return Value::duration(*duration);
    const auto instant = parse_timestamp(value->text);
    return instant ? Value::timestamp(*instant) : Value::error("a message");
  }

  Scratch scratch_;
};

bool same(const Value& left, const Value& right) {
  if (cel_name(left.type) != cel_name(right.type)) return false;
  if (left.type == ValueType::List && left.list->items.size() == right.list->items.size()) {
    for (std::size_t i = 0; i < left.list->items.size(); ++i) {
      if (!same(left.list->items[i], right.list->items[i])) return false;
    }
    return true;
  }
  // Doubles as CEL sees them: an exact decimal is rounded first.
  if (cel_name(left.type) == "double") return to_double(left) == to_double(right);
  return equal(left, right);
}

// What weir says to the case, and whether that is what CEL says.
struct Answer {
  bool agrees = false;
  std::string text;
};

Answer ask(const JsonValue& test) {
  CelValues values;
  std::vector<Binding> bindings;
  for (const auto& [name, value] : test.find("bindings")->members) bindings.push_back({name, values.read(value)});
  const bool wants_error = test.find("error") != nullptr;
  const auto result = evaluate_text(test.find("expr")->text, bindings, test.find("check")->boolean);
  if (const Fault* fault = std::get_if<Fault>(&result)) return {wants_error, "refused: " + fault->message};
  const Value& value = std::get<Evaluated>(result).value;
  if (value.is_error()) return {wants_error, "error: " + std::string(value.text())};
  return {!wants_error && same(value, values.read(*test.find("value"))), show(value)};
}

struct Section {
  std::size_t cases = 0;
  std::size_t agree = 0;
  std::size_t left_out = 0;
};

// Lines `name: reason`; `#` begins a comment.
std::map<std::string, std::string> read_differences(const char* path) {
  std::map<std::string, std::string> out;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (!line.empty() && line[0] != '#' && colon != std::string::npos)
      out[line.substr(0, colon)] = line.substr(colon + 2);
  }
  return out;
}

int run(const char* cases_path, const char* differences_path) {
  std::map<std::string, std::string> differences = read_differences(differences_path);
  std::map<std::string, Section> sections;
  std::map<std::string, std::size_t> left_out;
  std::size_t surprises = 0;
  std::ifstream cases(cases_path);
  for (std::string line; std::getline(cases, line);) {
    const Result<JsonValue> test = parse_json(line);
    if (!test) {
      std::printf("not JSON: %s\n", line.c_str());
      return 1;
    }
    const std::string name = test->find("name")->text;
    Section& section = sections[test->find("section")->text];
    if (const JsonValue* reason = test->find("left_out")) {
      ++section.left_out;
      ++left_out[reason->text];
      continue;
    }
    ++section.cases;
    const Answer answer = ask(*test);
    section.agree += answer.agrees ? 1 : 0;
    const bool expected = differences.erase(name) == 0;
    if (expected == answer.agrees) continue;
    ++surprises;
    std::printf("%s %s\n  %s\n  weir: %s\n",
                answer.agrees ? "agrees now, take it off the list:" : "disagrees:", name.c_str(),
                test->find("expr")->text.c_str(), answer.text.c_str());
  }
  for (const auto& [name, reason] : differences) std::printf("on the list and not among the cases: %s\n", name.c_str());

  std::size_t all = 0;
  std::size_t agree = 0;
  std::printf("| section | cases | agree | left out |\n|---|---|---|---|\n");
  for (const auto& [name, section] : sections) {
    if (section.cases > 0)
      std::printf("| %s | %zu | %zu | %zu |\n", name.c_str(), section.cases, section.agree, section.left_out);
    all += section.cases;
    agree += section.agree;
  }
  std::printf("| all | %zu | %zu (%.1f %%) | |\n\nLeft out:\n", all, agree,
              100.0 * static_cast<double>(agree) / static_cast<double>(all == 0 ? 1 : all));
  for (const auto& [reason, count] : left_out) std::printf("%5zu  %s\n", count, reason.c_str());
  constexpr std::size_t kFewest = 1000;  // fewer cases mean that the package was not read right
  return surprises == 0 && differences.empty() && all >= kFewest ? 0 : 1;
}

}  // namespace
}  // namespace weir

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: cel_runner CASES.jsonl DIFFERENCES.txt\n");
    return 2;
  }
  return weir::run(argv[1], argv[2]);
}
