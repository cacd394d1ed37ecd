// SPDX-License-Identifier: Apache-2.0
// Data contracts: the Open Data Contract Standard, version 2 (`dataset`) and 3 (`schema`), and the specification of
// datacontract.com (`models`). A draft for each table.
#include <algorithm>
#include <array>

#include "import/contract_quality.h"
#include "import/import.h"
#include "import/regex.h"
#include "import/type_names.h"
#include "import/words.h"

namespace weir {
namespace {

constexpr int kDeepest = 20;

/// Java's letters for a date (yyyy-MM-dd) as strftime's; empty when there is one that it does not have.
std::string strftime_of(std::string_view pattern) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kLetters = {{
      {"yyyy", "%Y"},
      {"YYYY", "%Y"},
      {"yy", "%y"},
      {"MM", "%m"},
      {"dd", "%d"},
      {"DD", "%d"},
      {"HH", "%H"},
      {"hh", "%I"},
      {"mm", "%M"},
      {"ss", "%S"},
      {"SSSSSS", "%f"},
      {"SSS", "%f"},
      {"XXX", "%z"},
      {"Z", "%z"},
      {"a", "%p"},
  }};
  std::string out;
  for (std::size_t at = 0; at < pattern.size();) {
    if (pattern[at] == '%') return std::string(pattern);  // it is one already
    if (pattern[at] == '\'') {
      const std::size_t close = pattern.find('\'', at + 1);
      if (close == std::string_view::npos) return "";
      out += pattern.substr(at + 1, close - at - 1);
      at = close + 1;
      continue;
    }
    const auto found = std::find_if(kLetters.begin(), kLetters.end(),
                                    [&](const auto& pair) { return pattern.substr(at).starts_with(pair.first); });
    if (found != kLetters.end()) {
      out += found->second;
      at += found->first.size();
    } else if (pattern[at] == 'T' || std::string_view("-/.: ,").find(pattern[at]) != std::string_view::npos) {
      out += pattern[at++];
    } else {
      return "";
    }
  }
  return out;
}

class TableReader {
 public:
  TableReader(Draft& draft, const SuiteNode& definitions) : draft_(draft), definitions_(definitions) {}

  void table(const SuiteNode& table) {
    for (const char* key : {"properties", "columns", "fields"}) properties(table[key], "", 0);
    key_of_several();
    std::vector<std::string> key = table["primaryKey"].texts();
    if (!key.empty()) {
      draft_.begin("primaryKey", table["primaryKey"]);
      for (std::string& path : key) path = path_of(path);
      draft_.add({.where = DraftRule::Where::Records, .check = "unique", .value = list_in_yaml(key)});
    }
    read_contract_quality(draft_, table["quality"], "");
  }

 private:
  void properties(const SuiteNode& list, const std::string& path, int depth) {
    for (const SuiteNode& one : list.items) {
      const std::string name = one["name"].text_or(one["column"].text_or());
      if (!name.empty()) {
        property(one, path.empty() ? path_of(name) : path + "." + path_of(name), depth);
        continue;
      }
      draft_.begin("(a property)", one, path);
      draft_.leave_out("it has no name");
    }
    for (const SuiteMember& one : list.members)
      property(one.value, path.empty() ? path_of(one.key) : path + "." + path_of(one.key), depth);
  }

  /// A keyword of the property or of its options; a definition that it refers to says the rest.
  const SuiteNode& says(const SuiteNode& node, const char* key) const {
    if (node.has(key)) return node[key];
    if (node["logicalTypeOptions"].has(key)) return node["logicalTypeOptions"][key];
    const std::string reference = node["$ref"].text_or();
    constexpr std::string_view kBegin = "#/definitions/";
    if (reference.starts_with(kBegin)) return definitions_[reference.substr(kBegin.size())][key];
    return node[key];
  }

  void property(const SuiteNode& node, const std::string& path, int depth) {
    if (!node.is_map()) return;
    if (depth > kDeepest) {
      draft_.begin("(a property)", node, path);
      return draft_.leave_out("it is nested more than " + std::to_string(kDeepest) + " levels deep");
    }
    const bool list = type(node, path);
    if (const SuiteNode& required = says(node, "required"); required.is_true() || says(node, "isNullable").is_false()) {
      draft_.begin("required", required.is_null() ? says(node, "isNullable") : required, path);
      within_parent(path, "required", "true");
    }
    const SuiteNode* primary = &says(node, "primaryKey");
    for (const char* other : {"primary", "isPrimary", "isPrimaryKey"}) {
      if (primary->is_null()) primary = &says(node, other);
    }
    for (const char* key : {"unique", "isUnique"}) {
      if (!says(node, key).is_true()) continue;
      draft_.begin("unique", says(node, key), path);
      draft_.add_check(path, "unique", "true");
    }
    if (primary->is_true()) keys_.push_back({path, primary->line, primary->column});
    options(node, path, list);
    read_contract_quality(draft_, node["quality"], path);
    for (const char* key : {"properties", "fields"}) properties(node[key], list ? path + "[]" : path, depth + 1);
    if (node["items"].is_map()) property(node["items"], path + "[]", depth + 1);
  }

  /// A field within an object is asked for where the object is there.
  void within_parent(const std::string& path, const char* check, const char* value) {
    draft_.add_check(path, check, value);
    const std::size_t dot = path.rfind('.');
    if (dot == std::string::npos || path.find("[]") != std::string::npos || path.find('"') != std::string::npos) return;
    draft_.last().when = field_in_expression(path.substr(0, dot)) + " != null";
  }

  /// The type; true when it is a list.
  bool type(const SuiteNode& node, const std::string& path) {
    const SuiteNode* written = &says(node, "logicalType");
    if (written->is_null()) written = &says(node, "type");
    if (written->is_null()) written = &says(node, "physicalType");
    if (!written->is_text()) return false;
    const std::string name = lower(written->text);
    draft_.begin("type " + name, *written, path);
    const std::string pattern = says(node, "format").text_or();
    const bool is_time = name == "date" || name == "timestamp" || name == "time" || name == "datetime";
    const bool iso = pattern.empty() || pattern == "date" || pattern == "date-time" || pattern == "time" ||
                     (name == "date" && (pattern == "yyyy-MM-dd" || pattern == "YYYY-MM-DD" || pattern == "%Y-%m-%d"));
    if (is_time && !iso) {
      const std::string format = strftime_of(pattern);
      if (format.empty())
        draft_.leave_out("the format `" + one_line(pattern, 40) + "` of times has no counterpart in weir");
      else
        draft_.add_check(path, "strftime", text_in_yaml(format));
      return false;
    }
    if (name == "time") {
      draft_.add_check(path, "format", "time");
      return false;
    }
    const std::string type = type_of_name(name);
    if (type.empty()) {
      draft_.leave_out("weir has no type `" + one_line(name, 40) + "` for records");
      return false;
    }
    draft_.add_check(path, "type", type);
    const DecimalShape shape = decimal_shape(name);
    if (shape.precision > 0) draft_.add_check(path, "precision", std::to_string(shape.precision));
    if (shape.scale >= 0) draft_.add_check(path, "scale", std::to_string(shape.scale));
    if (const int length = text_length(name); length > 0) draft_.add_check(path, "max_length", std::to_string(length));
    return type == "array";
  }

  void options(const SuiteNode& node, const std::string& path, bool list) {
    for (const auto& [theirs, ours] : {std::pair{"minLength", "min_length"},
                                       {"maxLength", "max_length"},
                                       {"minimum", "min"},
                                       {"maximum", "max"},
                                       {"exclusiveMinimum", "above"},
                                       {"exclusiveMaximum", "below"},
                                       {"multipleOf", "multiple_of"},
                                       {"minItems", "min_items"},
                                       {"maxItems", "max_items"},
                                       {"precision", "precision"},
                                       {"scale", "scale"}}) {
      const SuiteNode& value = says(node, theirs);
      if (value.is_null() || value.is_boolean()) continue;
      draft_.begin(theirs, value, path);
      if (value.is_list() || value.is_map())
        draft_.leave_out("it is no single value");
      else
        draft_.add_check(path, ours, scalar_in_yaml(value));
    }
    if (const SuiteNode& pattern = says(node, "pattern"); pattern.is_text()) {
      draft_.begin("pattern", pattern, path);
      draft_.add_check(path, "match", text_in_yaml(regex_for_re2(pattern.text)));
    }
    if (says(node, "uniqueItems").is_true()) {
      draft_.begin("uniqueItems", says(node, "uniqueItems"), path);
      draft_.add_check(path, "unique_items", "true");
    }
    if (const SuiteNode& values = says(node, "enum"); values.is_list()) {
      draft_.begin("enum", values, path);
      std::string items = "[";
      for (const SuiteNode& value : values.items) {
        const SuiteNode& one = value.is_map() ? value["value"] : value;
        if (one.is_scalar() && !one.is_null()) items += (items.size() == 1 ? "" : ", ") + scalar_in_yaml(one);
      }
      if (items.size() == 1)
        draft_.leave_out("it lists no single values");
      else
        draft_.add_check(list ? path + "[]" : path, "in", items + "]");
    }
    format(node, path);
    const SuiteNode& references = says(node, "references");
    if (!references.is_null()) {
      draft_.begin("references", references, path);
      draft_.leave_out("the values of the other table have to be a file for weir: exists_in");
    }
  }

  void format(const SuiteNode& node, const std::string& path) {
    const SuiteNode& format = says(node, "format");
    const std::string type = lower(says(node, "logicalType").text_or(says(node, "type").text_or()));
    const bool text = type.empty() || type_of_name(type) == "string";
    if (!format.is_text() || !text) return;
    draft_.begin("format", format, path);
    static constexpr std::array<std::string_view, 10> kKnown = {"email", "uuid", "uri",  "hostname",  "ipv4",
                                                                "ipv6",  "date", "time", "date-time", "url"};
    const std::string name = lower(format.text);
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end())
      return draft_.leave_out("weir has no format `" + one_line(name, 40) + "`");
    draft_.add_check(path, "format", name);
  }

  struct Key {
    std::string path;
    int line = 0;
    int column = 0;
  };

  void key_of_several() {
    if (keys_.empty()) return;
    std::vector<std::string> paths;
    for (const Key& key : keys_) {
      draft_.begin("primaryKey", key.line, key.column, key.path);
      draft_.add_check(key.path, "required", "true");
      paths.push_back(key.path);
    }
    if (paths.size() == 1) return draft_.add_check(paths.front(), "unique", "true");
    draft_.add({.where = DraftRule::Where::Records, .check = "unique", .value = list_in_yaml(paths)});
  }

  Draft& draft_;
  const SuiteNode& definitions_;
  std::vector<Key> keys_;
};

/// How fresh a table has to be: ODCS's slaProperties, datacontract.com's servicelevels.
void read_service_levels(std::vector<Draft>& drafts, const SuiteNode& root) {
  const auto draft_of = [&drafts](std::string_view table) -> Draft* {
    for (Draft& draft : drafts) {
      if (draft.name == table) return &draft;
    }
    return drafts.size() == 1 ? &drafts.front() : nullptr;
  };
  for (const SuiteNode& level : root["slaProperties"].items) {
    const std::string property = lower(level["property"].text_or());
    if (property != "freshness" && property != "latency") continue;
    const std::string element = level["element"].text_or();
    const std::size_t dot = element.find('.');
    Draft* const draft =
        draft_of(dot == std::string::npos ? std::string_view() : std::string_view(element).substr(0, dot));
    if (draft == nullptr) continue;
    draft->begin("slaProperties " + property, level);
    const std::string unit = lower(level["unit"].text_or());
    const std::string ours = unit == "d" || unit == "day" || unit == "days"      ? "d"
                             : unit == "h" || unit == "hour" || unit == "hours"  ? "h"
                             : unit == "m" || unit == "min" || unit == "minutes" ? "m"
                                                                                 : "";
    if (dot == std::string::npos || element.find(',') != std::string::npos || ours.empty() || !level["value"].count()) {
      draft->leave_out("it names no single field of times, or no fixed time");
    } else {
      draft->add_window("freshness(" + field_in_expression(path_of(element.substr(dot + 1))) +
                        ") <= " + level["value"].text + ours);
      draft->last().on_empty = "fail";
    }
  }
  const SuiteNode& freshness = root["servicelevels"]["freshness"];
  if (!freshness.is_map()) return;
  const std::string element = freshness["timestampField"].text_or(freshness["timestamp_field"].text_or());
  const std::size_t dot = element.find('.');
  Draft* const draft = draft_of(element.substr(0, dot));
  if (draft == nullptr) return;
  draft->begin("servicelevels freshness", freshness);
  const std::string threshold = lower(freshness["threshold"].text_or());
  if (dot == std::string::npos || threshold.empty()) return draft->leave_out("it names no field of times, or no time");
  draft->add_window("freshness(" + field_in_expression(path_of(element.substr(dot + 1))) + ") <= " + threshold);
  draft->last().on_empty = "fail";
}

}  // namespace

Result<std::vector<Draft>> read_data_contract(const SuiteNode& root, const std::string& name) {
  std::vector<Draft> drafts;
  const auto add = [&](const std::string& table_name, const SuiteNode& table) {
    Draft draft;
    draft.name = table_name.empty() ? name : table_name;
    draft.description =
        table["description"].text_or(root["description"].text_or(root["description"]["purpose"].text_or()));
    draft.owner = root["info"]["owner"].text_or(root["owner"].text_or(root["dataProduct"].text_or()));
    TableReader(draft, root["definitions"]).table(table);
    drafts.push_back(std::move(draft));
  };
  for (const SuiteNode& table : root["schema"].items)
    add(table["name"].text_or(table["physicalName"].text_or()), table);
  for (const SuiteNode& table : root["dataset"].items) add(table["table"].text_or(table["name"].text_or()), table);
  for (const SuiteMember& model : root["models"].members) add(model.key, model.value);
  if (drafts.empty()) {
    const bool contract = root["kind"].text_or() == "DataContract" || root.has("dataContractSpecification");
    const SourceSpan where{.line = std::max(root.line, 1), .column = std::max(root.column, 1)};
    if (!contract)
      return Error{.message = "there is no `schema`, `dataset` or `models`: this is no data contract", .where = where};
    drafts.emplace_back();
    drafts.back().name = name;
  }
  if (!root["quality"].is_null() && drafts.size() == 1) read_contract_quality(drafts.front(), root["quality"], "");
  read_service_levels(drafts, root);
  return drafts;
}

}  // namespace weir
