// SPDX-License-Identifier: Apache-2.0
// JSON Schema, drafts 4 to 2020-12: nested properties become paths (`a.b`, `items[].x`), each keyword a rule. Local references
// are followed, a recursive one up to a bound; `allOf` is merged; of `anyOf` and `oneOf` only the ways to say "or null" have a
// meaning in weir. In JSON Schema a keyword about numbers says nothing about a text; here the type is asked as well, and a
// null passes every rule but `required`.
#include <algorithm>
#include <array>
#include <set>

#include "import/import.h"
#include "import/regex.h"
#include "import/schema_condition.h"
#include "import/schema_keywords.h"
#include "import/schema_references.h"
#include "import/words.h"

namespace weir {
namespace {

constexpr int kDeepest = 32;
constexpr std::size_t kMostVisits = 20'000;

class SchemaReader {
 public:
  SchemaReader(Draft& draft, const SuiteNode& root) : draft_(draft), root_(root), references_(root) {}

  /// `start` is the schema of one record.
  void read(const SuiteNode& start) {
    nullable_ = nullable_fields(start, references_);
    open_ = {&root_, &start};
    schema(start, "", 0);
  }

 private:
  void begin(const SuiteMember& member, const std::string& path) {
    draft_.begin(member.key, member.line, member.column, path);
  }

  /// Everything that `node` says about the value at `path`.
  void schema(const SuiteNode& node, const std::string& path, int depth) {
    if (++visits_ > kMostVisits) {
      if (visits_ > kMostVisits + 1) return;
      draft_.begin("(schema)", node, path);
      return draft_.leave_out("the schema stands for more than 20,000 schemas; what follows is not read");
    }
    if (node.is_boolean()) {
      if (node.boolean) return;
      draft_.begin("false", node, path);
      if (path.empty()) return draft_.leave_out("no record would hold");
      return draft_.add_check(path, "null", "true");
    }
    if (!node.is_map()) return;
    if (depth > kDeepest) {
      draft_.begin("(schema)", node, path);
      return draft_.leave_out("it is nested, or refers to itself, more than " + std::to_string(kDeepest) +
                              " levels deep");
    }
    for (const SuiteMember& member : node.members) keyword(member, node, path, depth);
  }

  /// Patterns of names whose values may be anything: `additionalProperties` beside them says what names there may be.
  static bool says_nothing(const SuiteMember& member) {
    if (member.key != "patternProperties") return false;
    return std::all_of(member.value.members.begin(), member.value.members.end(), [](const SuiteMember& pattern) {
      const std::vector<SuiteMember>& keys = pattern.value.members;
      return pattern.value.is_true() ||
             (pattern.value.is_map() &&
              std::none_of(keys.begin(), keys.end(), [](const SuiteMember& m) { return is_schema_rule(m.key); }));
    });
  }

  void keyword(const SuiteMember& member, const SuiteNode& node, const std::string& path, int depth) {
    const std::string& key = member.key;
    if (!is_schema_rule(key) || says_nothing(member)) return;
    if (key == "$ref" || key == "$dynamicRef" || key == "$recursiveRef") return reference(member, path, depth);
    if (key == "allOf") {
      for (const SuiteNode& part : member.value.items) schema(part, path, depth + 1);
      return;
    }
    if (key == "anyOf" || key == "oneOf") return choices(member, path, depth);
    if (key == "properties") return properties(member.value, path, depth);
    if (key == "required") return required(member, path);
    if (key == "additionalProperties" || key == "unevaluatedProperties") return additional(member, node, path);
    if (path.empty()) return about_record(member, node);
    value_keyword(member, node, path, depth);
  }

  /// Keywords about the record as a whole.
  void about_record(const SuiteMember& member, const SuiteNode& node) {
    begin(member, "");
    if (member.key == "type") {
      const std::vector<std::string> types = member.value.texts();
      if (std::find(types.begin(), types.end(), "object") != types.end()) return;  // every record is one
      return draft_.leave_out("weir judges records, which are objects; the file holds one record an item of a list");
    }
    if (member.key == "dependentRequired" || member.key == "dependencies") return dependent(member);
    say(member, node, "");
  }

  /// Keywords that are conditions and have no check of their own.
  void say(const SuiteMember& member, const SuiteNode& node, const std::string& path) {
    const std::string& key = member.key;
    const bool about_object = key == "minProperties" || key == "maxProperties" || key == "propertyNames";
    if (key != "not" && key != "if" && (!about_object || path.empty())) return draft_.leave_out(reason_of_keyword(key));
    const SuiteNode alone = only(node, [&key](const std::string& other) {
      return other == key || (key == "if" && (other == "then" || other == "else"));
    });
    judge(key, path, [&](const std::string& value) { return SchemaCondition(references_).of(alone, value); });
  }

  void dependent(const SuiteMember& member) {
    for (const SuiteMember& one : member.value.members) {
      if (!one.value.is_list())
        return draft_.leave_out("a schema that depends on a property has no counterpart in weir");
    }
    for (const SuiteMember& one : member.value.members) {
      std::vector<std::string> paths = one.value.texts();
      for (std::string& path : paths) path = path_of(path);
      if (paths.empty()) continue;
      draft_.add({.where = DraftRule::Where::Records,
                  .check = "all_of",
                  .value = list_in_yaml(paths),
                  .when = "has(" + field_in_expression(path_of(one.key)) + ")"});
    }
  }

  void value_keyword(const SuiteMember& member, const SuiteNode& node, const std::string& path, int depth) {
    const std::string& key = member.key;
    const SuiteNode& value = member.value;
    if (key == "items") return items(member, path, depth);
    begin(member, path);
    if (key == "type") return type(value, path);
    if (key == "enum") return enumeration(value, path);
    if (key == "const") return constant(value, path);
    if (key == "minimum" || key == "maximum") return bound(member, node, path);
    if (key == "exclusiveMinimum" || key == "exclusiveMaximum") return exclusive(member, node, path);
    if (key == "multipleOf" || key == "divisibleBy") {
      if (!value.is_number()) return draft_.leave_out("it is no number");
      return draft_.add_check(path, "multiple_of", value.text);
    }
    if (key == "pattern") {
      if (!value.is_text()) return draft_.leave_out("it is no text");
      return draft_.add_check(path, "match", text_in_yaml(regex_for_re2(value.text)));
    }
    if (key == "format") return format(value, path);
    for (const auto& [theirs, ours] : {std::pair{"minLength", "min_length"},
                                       {"maxLength", "max_length"},
                                       {"minItems", "min_items"},
                                       {"maxItems", "max_items"}}) {
      if (key != theirs) continue;
      if (!value.count()) return draft_.leave_out("it is no whole number");
      return draft_.add_check(path, ours, std::to_string(*value.count()));
    }
    if (key == "uniqueItems") {
      if (value.is_true()) draft_.add_check(path, "unique_items", "true");
      return;
    }
    say(member, node, path);
  }

  void type(const SuiteNode& value, const std::string& path) {
    std::vector<std::string> types = value.texts();
    const auto drop = [&types](const char* name) {
      const std::size_t before = types.size();
      types.erase(std::remove(types.begin(), types.end(), name), types.end());
      return types.size() != before;
    };
    const bool nullable = drop("null");
    if (types.empty()) return nullable ? draft_.add_check(path, "null", "true") : draft_.leave_out("it names no type");
    if (std::find(types.begin(), types.end(), "number") != types.end()) drop("integer");
    if (std::find(types.begin(), types.end(), "any") != types.end()) return;
    if (types.size() == 1) return draft_.add_check(path, "type", text_in_yaml(types.front()));
    SuiteNode alone;
    alone.kind = SuiteNode::Kind::Map;
    alone.members.push_back({.key = "type", .value = value});
    judge("type", path, [&](const std::string& of) { return SchemaCondition(references_).of(alone, of); });
  }

  void enumeration(const SuiteNode& value, const std::string& path) {
    std::string list = "[";
    for (const SuiteNode& item : value.items) {
      if (!item.is_scalar()) return draft_.leave_out("it lists arrays or objects; weir compares single values");
      if (!item.is_null()) list += (list.size() == 1 ? "" : ", ") + scalar_in_yaml(item);
    }
    if (!value.is_list()) return draft_.leave_out("it is no list");
    if (list.size() == 1) return draft_.add_check(path, "null", "true");
    draft_.add_check(path, "in", list + "]");
  }

  void constant(const SuiteNode& value, const std::string& path) {
    if (!value.is_scalar()) return draft_.leave_out("it is an array or an object; weir compares single values");
    if (value.is_null()) return draft_.add_check(path, "null", "true");
    draft_.add_check(path, "in", "[" + scalar_in_yaml(value) + "]");
  }

  void bound(const SuiteMember& member, const SuiteNode& node, const std::string& path) {
    if (!member.value.is_number()) return draft_.leave_out("it is no number");
    const bool low = member.key == "minimum";
    // Draft 4 says `exclusiveMinimum: true` beside the bound.
    const bool open = node[low ? "exclusiveMinimum" : "exclusiveMaximum"].is_true();
    draft_.add_check(path, low ? (open ? "above" : "min") : (open ? "below" : "max"), member.value.text);
  }

  void exclusive(const SuiteMember& member, const SuiteNode& node, const std::string& path) {
    const bool low = member.key == "exclusiveMinimum";
    if (member.value.is_boolean()) {
      if (member.value.boolean && !node.has(low ? "minimum" : "maximum"))
        draft_.leave_out("the bound that it is about is missing");
      return;
    }
    if (!member.value.is_number()) return draft_.leave_out("it is no number");
    draft_.add_check(path, low ? "above" : "below", member.value.text);
  }

  void format(const SuiteNode& value, const std::string& path) {
    const std::string name = value.text_or();
    const std::string_view ours = format_of_schema(name);
    for (const std::string_view number : {"int32", "int64", "float", "double"}) {
      if (name == number) return draft_.note("format " + name + " says how a number is stored; its type is asked.");
    }
    if (ours.empty()) return draft_.leave_out("weir has no format `" + one_line(name, 40) + "`");
    draft_.add_check(path, "format", std::string(ours));
  }

  void items(const SuiteMember& member, const std::string& path, int depth) {
    if (member.value.is_list()) {
      begin(member, path);
      return draft_.leave_out("weir has no rules for single places of an array");
    }
    schema(member.value, below_path(path, "[]"), depth + 1);
  }

  void properties(const SuiteNode& value, const std::string& path, int depth) {
    for (const SuiteMember& member : value.members) {
      schema(member.value, below_path(path, path_of(member.key)), depth + 1);
    }
  }

  void required(const SuiteMember& member, const std::string& path) {
    if (member.value.is_boolean()) return;  // draft 3
    for (const SuiteNode& item : member.value.items) {
      draft_.begin("required", item, below_path(path, path_of(item.text)));
      if (!item.is_text()) {
        draft_.leave_out("it is no name");
        continue;
      }
      const std::string field = below_path(path, path_of(item.text));
      draft_.add_check(field, "required", allows_null(field) ? "present" : "true");
      // An object that is not there has nothing that could be missing within.
      if (path.empty() || path.ends_with("[]")) continue;
      if (path.find("[]") != std::string::npos) {
        draft_.note("Judged also where the object around it is missing.");
      } else {
        draft_.last().when = field_in_expression(path) + " != null";
      }
    }
  }

  /// Whether the schema of a required property lets it be null: then only its absence fails.
  [[nodiscard]] bool allows_null(const std::string& field) const { return nullable_.count(field) != 0; }

  void additional(const SuiteMember& member, const SuiteNode& node, const std::string& path) {
    if (member.value.is_true()) return;
    begin(member, path);
    if (!member.value.is_false())
      return draft_.leave_out("weir has no rules about fields that it does not know by name");
    if (!path.empty()) {
      return judge("extra_fields", path,
                   [&](const std::string& value) { return SchemaCondition(references_).closed(node, value); });
    }
    if (node.has("patternProperties"))
      return draft_.leave_out("weir has no rules about the names of a record's fields");
    if (extra_fields_) return;
    extra_fields_ = true;
    draft_.add({.where = DraftRule::Where::Records, .check = "extra_fields", .value = "fail"});
    name_the_rest(node);
  }

  /// Every property has to be named somewhere in the file, or it would be an extra field.
  void name_the_rest(const SuiteNode& node) {
    for (const SuiteMember& member : node["properties"].members) {
      const SuiteNode& value = member.value;
      const bool silent = value.is_boolean() || (value.is_map() && value.members.empty());
      const bool only_words = value.is_map() && !value.members.empty() &&
                              std::all_of(value.members.begin(), value.members.end(),
                                          [](const SuiteMember& m) { return !is_schema_rule(m.key); });
      if (silent || only_words) draft_.add_check(path_of(member.key), "required", "false");
    }
  }

  void choices(const SuiteMember& member, const std::string& path, int depth) {
    std::vector<const SuiteNode*> parts;
    bool null = false;
    for (const SuiteNode& part : member.value.items) {
      const bool is_null = part["type"].text_or() == "null" || (part.has("const") && part["const"].is_null());
      null = null || is_null;
      if (!is_null) parts.push_back(&part);
    }
    // "This or null", and a choice of one, say the same as the schema alone.
    if (parts.size() == 1) return schema(*parts.front(), path, depth + 1);
    begin(member, path);
    if (path.empty() && required_choices(member, parts)) return;
    if (!path.empty() && (constant_choices(draft_, parts, path) || text_choices(draft_, parts, path))) return;
    std::vector<SuiteNode> schemas;
    for (const SuiteNode* part : parts) schemas.push_back(*part);
    const bool exactly = member.key == "oneOf";
    judge(exactly ? "one_of" : "any_of", path,
          [&](const std::string& value) { return SchemaCondition(references_).any_of(schemas, value, exactly); });
  }

  /// A keyword that is a condition on the value: an expression, or left out.
  template <class Make>
  void judge(const std::string& label, const std::string& path, const Make& make) {
    constexpr std::size_t kLongest = 4000;
    const std::optional<std::string> expression =
        path.empty() ? make(std::string()) : SchemaCondition::at(field_in_expression(path), make);
    if (!expression || expression->size() > kLongest)
      return draft_.leave_out("it is no condition that an expression of weir can hold");
    if (*expression == "true") return;
    draft_.add({.where = DraftRule::Where::Records,
                .check = "expr",
                .value = expression_in_yaml(*expression),
                .id = draft_.free_id(path.empty() ? label : path + "." + label)});
  }

  /// A map that holds only those keywords.
  template <class Keep>
  static SuiteNode only(const SuiteNode& node, const Keep& keep) {
    SuiteNode out;
    out.kind = SuiteNode::Kind::Map;
    for (const SuiteMember& member : node.members) {
      if (keep(member.key)) out.members.push_back(member);
    }
    return out;
  }

  /// anyOf: [{required: [a]}, {required: [b]}] on the record: one of the fields has to be there.
  bool required_choices(const SuiteMember& member, const std::vector<const SuiteNode*>& parts) {
    std::vector<std::string> paths;
    for (const SuiteNode* part : parts) {
      const std::vector<std::string> names = (*part)["required"].texts();
      if (part->members.size() != 1 || names.size() != 1) return false;
      paths.push_back(path_of(names.front()));
    }
    if (paths.empty() || member.key == "oneOf") return false;
    draft_.add({.where = DraftRule::Where::Records, .check = "any_of", .value = list_in_yaml(paths)});
    return true;
  }

  void reference(const SuiteMember& member, const std::string& path, int depth) {
    const std::string target = member.value.text_or();
    const SuiteNode* const found = references_.resolve(target);
    if (found == nullptr) {
      begin(member, path);
      return draft_.leave_out("the reference `" + one_line(target, 60) + "` leads out of the file, or nowhere");
    }
    // A schema within itself has no end; how deep records go nobody knows.
    if (!open_.insert(found).second) {
      begin(member, path);
      return draft_.leave_out("the schema refers to itself; the first level is carried over");
    }
    schema(*found, path, depth + 1);
    open_.erase(found);
  }

  Draft& draft_;
  const SuiteNode& root_;
  SchemaReferences references_;
  std::set<std::string> nullable_;
  std::set<const SuiteNode*> open_;
  std::size_t visits_ = 0;
  bool extra_fields_ = false;
};

}  // namespace

Result<std::vector<Draft>> read_json_schema(const SuiteNode& root, const std::string& name) {
  const SourceSpan where{.line = std::max(root.line, 1), .column = std::max(root.column, 1)};
  if (!root.is_map()) return Error{.message = "a schema is an object", .where = where};
  Draft draft;
  draft.name = name;
  draft.description = root["description"].text_or(root["title"].text_or());
  // A schema of a list of records: weir judges its items.
  const bool list = root["type"].text_or() == "array" && root["items"].is_map();
  SchemaReader(draft, root).read(list ? root["items"] : root);
  if (draft.sources.empty() && (root.has("$defs") || root.has("definitions")))
    draft.remarks.emplace_back("The schema defines others and says nothing about a record itself.");
  return std::vector<Draft>{std::move(draft)};
}

}  // namespace weir
