// SPDX-License-Identifier: Apache-2.0
// json_schema: the value of a field, or the whole record, fits a JSON Schema. Compiling is in json_schema_compile.cpp, judging in
// json_schema_judge.cpp.
#include "checks/json_schema.h"

#include "base/text.h"
#include "checks/json_schema_judge.h"
#include "checks/json_tape.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 20;  // of one schema file

/// One step from a value to a part of it.
struct Step {
  std::string_view name;  // of a member
  std::uint32_t index = 0;
  bool element = false;
};

/// The way from the root of the tape to a node. A member's name leads to the member.
std::vector<Step> way_to(const JsonTape& tape, std::uint32_t node) {
  std::vector<Step> out;
  for (std::uint32_t at = 0; at != node;) {
    const bool object = tape[at].type == JsonNode::Type::Object;
    std::uint32_t part = at + 1;
    for (std::uint32_t index = 0;; ++index) {
      const std::uint32_t value = object ? part + 1 : part;
      if (node < tape[value].end) {
        out.push_back({.name = object ? tape[part].text : std::string_view(), .index = index, .element = !object});
        at = value;
        break;
      }
      part = tape[value].end;
    }
    if (object && node + 1 == at) break;
  }
  return out;
}

std::string in_words(const std::vector<Step>& way) {
  constexpr std::size_t kLongestName = 40;
  constexpr std::size_t kMostSteps = 12;
  std::string out;
  std::size_t steps = 0;
  for (const Step& step : way) {
    if (++steps > kMostSteps) return out + "…";
    if (step.element) {
      out += "[" + std::to_string(step.index) + "]";
      continue;
    }
    const bool plain = !step.name.empty() && step.name.find_first_of(".[]\"") == std::string_view::npos;
    const std::string name = shorten(step.name, kLongestName);
    if (!out.empty()) out += '.';
    out += plain ? name : '"' + name + '"';
  }
  return out;
}

/// Whether a redacted field is what the way leads to or something on it.
bool passes_redacted(const FieldTable& fields, const std::vector<Step>& way) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto& steps = fields[i].path.steps();
    if (!fields[i].redacted || fields[i].path.from_envelope() || steps[0].self || steps.size() > way.size()) continue;
    bool same = true;
    for (std::size_t at = 0; at < steps.size() && same; ++at)
      same = steps[at].every ? way[at].element : !way[at].element && steps[at].name == way[at].name;
    if (same) return true;
  }
  return false;
}

class JsonSchemaCheck final : public Check {
 public:
  JsonSchemaCheck(std::unique_ptr<const JsonSchema> schema, std::string name)
      : schema_(std::move(schema)), name_(std::move(name)) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    const Kind* const kinds = subject.column().kinds.data();
    const Cell* const cells = subject.column().cells.data();
    narrow(evaluated, [kinds](std::size_t i) { return kinds[i] != Kind::Absent; });
    SchemaJudge judge(*schema_);
    JsonTape tape;
    mark_failing(evaluated, failing, [&](std::size_t i) {
      return !tape.read(kinds[i], cells[i]) || judge.judge(tape) != SchemaJudge::Answer::Valid;
    });
  }

  Reason explain(const Subject& subject, std::size_t element) const override {
    JsonTape tape;
    if (!tape.read(subject.column().kinds[element], subject.column().cells[element])) {
      return reason(subject, element, "json",
                    "the value is no JSON, or nested deeper than " + std::to_string(JsonTape::kMaxDepth));
    }
    SchemaFault fault;
    if (SchemaJudge(*schema_).judge(tape, &fault) == SchemaJudge::Answer::TooMuchWork)
      return reason(subject, element, "too_much_work", "judging the value by this schema takes too many steps");
    const std::vector<Step> way = way_to(tape, fault.node);
    const std::string place = in_words(way);
    if (hides(subject, way)) return reason(subject, element, fault.keyword, "`" + fault.keyword + "` does not hold");
    return reason(subject, element, fault.keyword, (place.empty() ? "" : place + ": ") + fault.message);
  }

  std::string expected() const override { return "fits " + name_; }

 private:
  /// Of a record only what is redacted is hidden, of a redacted field everything.
  static bool hides(const Subject& subject, const std::vector<Step>& way) {
    if (!is_redacted(subject)) return false;
    const FieldPath& path = subject.fields[subject.columns[0]].path;
    return !path.steps()[0].self || passes_redacted(subject.fields, way);
  }

  std::unique_ptr<const JsonSchema> schema_;
  std::string name_;
};

Result<std::unique_ptr<const Check>> make_json_schema(const Params& params) {
  const Scalar* const written = params.get<Scalar>("schema");
  const auto* const named = params.get<std::vector<Scalar>>("file");
  if (written == nullptr && named == nullptr)
    return params.error("file", "`json_schema` needs a `file` or a `schema`", "json_schema: order.schema.json");
  std::vector<SchemaFile> files;
  if (written != nullptr) files.push_back({.name = "", .text = written->text});
  for (std::size_t i = 0; named != nullptr && i + 1 < named->size(); i += 2)
    files.push_back({.name = (*named)[i].text, .text = (*named)[i + 1].text});
  if (files.empty()) return params.error("file", "`json_schema` has an empty list of files");
  for (const SchemaFile& file : files) {
    if (file.text.size() > kMostBytes)
      return params.error("file",
                          "the schema is longer than " + human_bytes(kMostBytes) + ": " + shorten(file.name, 80));
  }
  Result<std::unique_ptr<const JsonSchema>> schema = JsonSchema::compile(files, {.formats = params.flag("formats")});
  if (!schema) {
    Error error = schema.error();
    error.where = params.error(written != nullptr ? "schema" : "file", "").where;
    return error;
  }
  const std::string name = written != nullptr ? "the schema" : shorten(files[0].name, 80);
  return std::unique_ptr<const Check>(new JsonSchemaCheck(*std::move(schema), name));
}

constexpr ParamSpec kParams[] = {
    {.name = "file",
     .type = ParamType::Files,
     .summary = "The file with the schema; of a list the first, and the others are there to be referred to."},
    {.name = "schema", .type = ParamType::Json, .summary = "The schema itself, instead of in a file."},
    {.name = "formats", .type = ParamType::Boolean, .summary = "Whether `format` is judged, too; not when not given."}};
constexpr std::string_view kSynonyms[] = {"jsonschema", "expect_column_values_to_match_json_schema",
                                          "col_vals_json_schema", "matches_json_schema"};

}  // namespace

const CheckSpec kJsonSchemaCheck{.name = "json_schema",
                                 .summary = "The value, or the whole record, fits a JSON Schema.",
                                 .on_record = true,
                                 .sees_nulls = true,
                                 .of_whole = true,
                                 .params = kParams,
                                 .synonyms = kSynonyms,
                                 .make = make_json_schema};

}  // namespace weir
