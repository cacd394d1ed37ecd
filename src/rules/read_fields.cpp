// SPDX-License-Identifier: Apache-2.0
// `fields`: a map of checks for each field, or a list of such maps.
#include <algorithm>

#include "base/decimal.h"
#include "rules/codes.h"
#include "rules/conflicts.h"
#include "rules/keys.h"
#include "rules/params.h"
#include "rules/read_rules.h"

namespace weir {
namespace {

// A table of fields is searched field by field when it is built; this keeps a hostile file below a second.
constexpr std::size_t kMostFields = 4096;

/// One entry under a field: its members, templates applied.
struct Body {
  const YamlNode* map = nullptr;
  const YamlNode* use = nullptr;
  Members members;
};

FieldType type_named(std::string_view name) {
  constexpr std::string_view kNames[] = {"any",       "string", "integer", "number", "decimal", "boolean",
                                         "timestamp", "date",   "uuid",    "object", "array"};
  const auto found = std::find(std::begin(kNames), std::end(kNames), name);
  return found == std::end(kNames) ? FieldType::Any : static_cast<FieldType>(found - std::begin(kNames));
}

/// The value of `type`, also where it is written {value: integer}.
const YamlNode* type_of(const Members& members) {
  for (const YamlNode::Member& member : members) {
    if (member.key->text != "type") continue;
    const YamlNode* const value = member.value->is_map() ? member.value->find("value") : member.value;
    return value != nullptr && value->is_scalar() ? value : nullptr;
  }
  return nullptr;
}

FieldType declared_type(RuleReading& reading, const std::vector<Body>& bodies) {
  const YamlNode* first = nullptr;
  for (const Body& body : bodies) {
    const YamlNode* const type = type_of(body.members);
    if (type == nullptr) continue;
    if (first != nullptr && first->text != type->text) {
      reading.findings.error(
          codes::kContradiction, type->where(), "a field has one type",
          {.label = "line " + std::to_string(first->line) + " says `" + first->text + "`", .help = {}});
    }
    if (first == nullptr) first = type;
  }
  return first == nullptr ? FieldType::Any : type_named(first->text);
}

/// Whether a check speaks of numbers, so that a CSV cell of its field is one.
bool speaks_of_numbers(const WrittenRule& rule) {
  const auto is_number = [](const Scalar& scalar) { return scalar.plain && Decimal::parse(scalar.text).has_value(); };
  if (rule.spec->domain == Domain::Number) {
    const Scalar* const bound = rule.params.get<Scalar>("value");
    return bound == nullptr || Decimal::parse(bound->text).has_value();  // a bound may be a time
  }
  const auto* const values = rule.params.get<std::vector<Scalar>>("value");
  const bool lists_values = rule.spec->name == "in" || rule.spec->name == "not_in" || rule.spec->name == "exists_in";
  // One number among texts is enough: a cell that reads as no number stays a text.
  return lists_values && values != nullptr && std::any_of(values->begin(), values->end(), is_number);
}

class FieldReader {
 public:
  FieldReader(RuleReading& reading, const YamlNode& key, FieldPath path)
      : reading_(reading), key_(key), path_(std::move(path)) {}

  void read(const YamlNode& value) {
    const std::vector<Body> bodies = bodies_of(value);
    WrittenField field{.path = path_,
                       .type = declared_type(reading_, bodies),
                       .numbers = false,
                       .missing_values = reading_.out.missing_values};
    type_ = field.type;
    for (const Body& body : bodies) read_body(body, field);
    reading_.out.fields.push_back(std::move(field));
  }

 private:
  std::vector<Body> bodies_of(const YamlNode& value) {
    std::vector<Body> bodies;
    const auto add = [&](const YamlNode& map) {
      if (map.is_map()) {
        bodies.push_back({&map, map.find("use"), with_templates(reading_, map)});
        return;
      }
      const bool names_check = map.is_scalar() && check_named(map.text) != nullptr;
      wrong_shape(reading_.findings, map.is_null() ? key_ : map, "the field " + backquoted(path_.text()),
                  "a map of checks",
                  names_check ? "write {" + map.text + ": …}" : "write {required: true}, or leave the field out");
    };
    if (!value.is_list()) add(value);
    for (const YamlNode* item : value.items) add(*item);
    return bodies;
  }

  void read_body(const Body& body, WrittenField& field) {
    const RuleOptions options = read_options(reading_, body.members);
    std::vector<WrittenRule> rules;
    bool says_something = body.use != nullptr;
    for (const YamlNode::Member& member : body.members) {
      if (member.key->text == "missing_values") {
        says_something = true;
        const std::optional<Values> values = read_literals(reading_.findings, *member.value, "`missing_values`");
        if (values) field.missing_values.clear();
        for (const Scalar& value : values.value_or(Values())) field.missing_values.push_back(value.text);
      }
      if (is_option(member.key->text, true)) continue;
      says_something = true;
      const CheckSpec* const spec = find_check(reading_, *member.key, true, path_.text());
      if (spec != nullptr) read_check(*spec, member, body, options, rules);
    }
    if (!says_something) {
      reading_.findings.warning(codes::kNoChecks, key_.where(),
                                "the field " + backquoted(path_.text()) + " has no checks",
                                {.label = "nothing is judged here", .help = {}});
    }
    find_contradictions(reading_.findings, rules);
    for (WrittenRule& rule : rules) {
      rule.id = id_of(rule, options, rules.size());
      field.numbers = field.numbers || speaks_of_numbers(rule);
      reading_.out.rules.push_back(std::move(rule));
    }
  }

  void read_check(const CheckSpec& spec, const YamlNode::Member& member, const Body& body, const RuleOptions& options,
                  std::vector<WrittenRule>& rules) {
    WrittenRule rule;
    rule.spec = &spec;
    rule.options = options;
    rule.value = member.value;
    rule.field = path_;
    rule.params.field_type = type_;
    const bool own = std::any_of(body.map->members.begin(), body.map->members.end(),
                                 [&](const YamlNode::Member& m) { return m.key == member.key; });
    rule.where = own || body.use == nullptr ? member.key->where() : body.use->where();
    if (!domain_fits(reading_.findings, rule, type_, *member.key)) return;
    if (!read_params(reading_.findings, reading_.sets, *member.key, *member.value, rule)) return;
    rules.push_back(std::move(rule));
  }

  /// A given id is that of the one check of its map; of several it is the first part.
  std::string id_of(const WrittenRule& rule, const RuleOptions& options, std::size_t checks) {
    if (options.id_at == nullptr)
      return reading_.ids.automatic(path_.text() + "." + std::string(rule.spec->name), rule.where);
    const std::string id = checks == 1 ? options.id : options.id + "." + std::string(rule.spec->name);
    return reading_.ids.given(id, options.id_at->where());
  }

  RuleReading& reading_;
  const YamlNode& key_;
  FieldPath path_;
  FieldType type_ = FieldType::Any;
};

}  // namespace

void read_fields(RuleReading& reading, const YamlNode& fields) {
  for (const YamlNode::Member& member : fields.members) {
    if (reading.out.fields.size() >= kMostFields) {
      reading.findings.error(codes::kLimit, member.key->where(), "more than 4,096 fields", {});
      return;
    }
    std::optional<FieldPath> path = parse_path(reading.findings, *member.key);
    if (path) FieldReader(reading, *member.key, *std::move(path)).read(*member.value);
  }
  reading.out.field_rules = reading.out.rules.size();
}

}  // namespace weir
