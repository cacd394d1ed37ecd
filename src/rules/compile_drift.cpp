// SPDX-License-Identifier: Apache-2.0
// A file that cannot be compared with is told when the rules are loaded: later it would be windows without an answer.
#include "rules/compile_drift.h"

#include <algorithm>
#include <array>

#include "base/sha256.h"
#include "base/text.h"
#include "drift/baseline.h"
#include "drift/edges.h"
#include "rules/codes.h"
#include "summary/codec.h"
#include "windows/layout.h"

namespace weir {
namespace {

bool of_numbers(FieldType type) {
  return type == FieldType::Any || type == FieldType::Integer || type == FieldType::Number ||
         type == FieldType::Decimal;
}

std::string_view in_words(FieldType type) {
  switch (type) {
    case FieldType::Any: return "anything";
    case FieldType::Integer:
    case FieldType::Number:
    case FieldType::Decimal: return "a number";
    case FieldType::String: return "a text";
    case FieldType::Boolean: return "a boolean";
    case FieldType::Timestamp: return "a timestamp";
    case FieldType::Date: return "a date";
    case FieldType::Uuid: return "a UUID";
    case FieldType::Object: return "an object";
    case FieldType::Array: return "an array";
  }
  return "";
}

/// Names that only files of records have: they may be larger than a rule file's other files, so they are not read whole.
bool named_as_records(std::string_view path) {
  constexpr std::array<std::string_view, 6> kEndings = {".ndjson", ".jsonl", ".csv", ".tsv", ".gz", ".zst"};
  return std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view end) { return path.ends_with(end); });
}

bool needs_numbers(const DriftSpec& spec) {
  return spec.scope == DriftScope::Numbers || spec.scope == DriftScope::SeveralFields;
}

bool about_presence(const DriftSpec& spec) {
  return spec.name == "null_share" || spec.name == "type_share";
}

constexpr std::string_view kMakeAgain = "`weir baseline` makes one from records that are as they should be";

}  // namespace

DriftRule DriftCompiler::compile(const WrittenDrift& written) {
  DriftRule rule = written.rule;
  for (std::size_t i = 0; i < written.paths.size(); ++i) {
    const FieldRef field = columns_.lookup(written.paths[i]);
    rule.columns.push_back(field.column);
    rule.declared.push_back(field.type);
    rule.paths.push_back(written.paths[i].text());
    const bool nested = field.type == FieldType::Object || field.type == FieldType::Array;
    const bool presence =
        !rule.tests.empty() &&
        std::all_of(rule.tests.begin(), rule.tests.end(), [](const DriftSpec* spec) { return about_presence(*spec); });
    if (nested && !presence) {
      findings_.error(codes::kDriftTest, written.places[i],
                      backquoted(rule.paths[i]) + " is declared " + std::string(in_words(field.type)) +
                          ": it has no values to compare",
                      {.label = {},
                       .help = field.type == FieldType::Array ? "name its elements, `" + rule.paths[i] + "[]`"
                                                              : "name the fields within it"});
      continue;
    }
    for (const DriftSpec* spec : rule.tests) {
      if (!needs_numbers(*spec)) continue;
      if (of_numbers(field.type)) {
        columns_.assume(field.column, CellType::Number);
        continue;
      }
      findings_.error(
          codes::kDriftTest, written.places[i],
          backquoted(spec->name) + " compares numbers, and " + backquoted(rule.paths[i]) + " is declared " +
              std::string(in_words(field.type)),
          {.label = {}, .help = "`auto` picks what fits a field; `chi_square` and `psi` compare any values"});
    }
  }
  return rule;
}

void DriftCompiler::want(std::uint32_t drift, const WrittenDrift& written) {
  if (!written.file.empty() && options_.read_references) wanted_[written.file].emplace_back(drift, &written);
}

void DriftCompiler::read_references(std::vector<WrittenConditions>& conditions) {
  for (const auto& [path, wanted] : wanted_) {
    const Result<std::shared_ptr<const Baseline>> baseline = read_file(path, wanted);
    for (const auto& [index, written] : wanted) {
      DriftRule& rule = plan_.drift_rules[index];
      if (!baseline) {
        findings_.error(baseline.error(), codes::kReference, written->file_where);
        continue;
      }
      take(rule, *written, *baseline);
      conditions[rule.rule].reference = content_of(rule);
    }
  }
}

Result<std::shared_ptr<const Baseline>> DriftCompiler::read_file(const std::string& path, const Wanted& wanted) {
  if (named_as_records(path)) return profile(path, wanted);
  const Result<std::string> text = options_.read_file(path);
  if (!text) {
    Error error = text.error();
    error.code = codes::kCannotRead;
    if (error.help.empty()) error.help = "the path counts from the rule file; " + std::string(kMakeAgain);
    return error;
  }
  if (!is_baseline(*text)) return profile(path, wanted);
  const std::string secret =
      options_.environment ? options_.environment("WEIR_BASELINE_SECRET").value_or("") : std::string();
  Result<Baseline> baseline = read_baseline(*text, path, secret);
  if (!baseline) return baseline.error();
  return std::shared_ptr<const Baseline>(std::make_shared<Baseline>(*std::move(baseline)));
}

Result<std::shared_ptr<const Baseline>> DriftCompiler::profile(const std::string& path, const Wanted& wanted) {
  if (!options_.profile_records)
    return Error{.message = backquoted(path) + " is no baseline, and files of records are not read here",
                 .where = {},
                 .code = {},
                 .label = {},
                 .help = std::string(kMakeAgain)};
  ProfileRequest request;
  request.path = path;
  request.format = plan_.format;
  request.payload = plan_.payload;
  for (const auto& [index, written] : wanted) {
    const DriftRule& rule = plan_.drift_rules[index];
    for (std::size_t i = 0; i < rule.columns.size(); ++i) {
      const Field& field = plan_.fields[rule.columns[i]];
      if (request.fields.find(field.path) != FieldTable::kNone) continue;
      const std::uint32_t column = request.fields.add(field.path);
      request.fields[column] = field;
      request.declared.push_back(rule.declared[i]);
    }
    if (rule.columns.size() > 1 &&
        std::find(request.together.begin(), request.together.end(), rule.paths) == request.together.end())
      request.together.push_back(rule.paths);
  }
  Result<Baseline> baseline = options_.profile_records(request);
  if (!baseline) return baseline.error();
  return std::shared_ptr<const Baseline>(std::make_shared<Baseline>(*std::move(baseline)));
}

void DriftCompiler::take(DriftRule& rule, const WrittenDrift& written,
                         const std::shared_ptr<const Baseline>& baseline) {
  rule.reference.baseline = baseline;
  if (baseline->records == 0) {
    findings_.error(codes::kReference, written.file_where, "the reference " + backquoted(written.file) + " is empty",
                    {.label = "it holds no record", .help = std::string(kMakeAgain)});
    return;
  }
  for (std::size_t i = 0; i < rule.paths.size(); ++i) take_field(rule, i, written, *baseline);
  if (rule.columns.size() > 1) take_joint(rule, written, *baseline);
}

void DriftCompiler::take_field(DriftRule& rule, std::size_t at, const WrittenDrift& written, const Baseline& baseline) {
  const std::string& path = rule.paths[at];
  const auto refuse = [&](std::string message, std::string label, std::string help) {
    findings_.error(codes::kReference, written.places[at], std::move(message),
                    {.label = std::move(label), .help = std::move(help)});
  };
  const BaselineField* const field = baseline.find(path);
  if (field == nullptr) {
    std::vector<std::string_view> known;
    for (const BaselineField& other : baseline.fields) known.push_back(other.path);
    return refuse("the reference " + backquoted(written.file) + " does not know the field " + backquoted(path),
                  // A file with dozens of such faults has other worries than typing errors.
                  findings_.errors() < 20 ? did_you_mean(path, known) : "", "make it again with this field");
  }
  const Profile& profile = field->profile;
  if (profile.values() == 0)
    return refuse(backquoted(path) + " has no value in the reference " + backquoted(written.file),
                  profile.elements == 0 ? "it never came" : "it is absent or null in all of its records",
                  "take a reference in which it has values, or leave the field out");
  const FieldType declared = rule.declared[at];
  const bool number = declared == FieldType::Integer || declared == FieldType::Number || declared == FieldType::Decimal;
  const auto wanting =
      std::find_if(rule.tests.begin(), rule.tests.end(), [](const DriftSpec* spec) { return needs_numbers(*spec); });
  if (profile.finite == 0 && (number || wanting != rule.tests.end()))
    return refuse(number ? backquoted(path) + " is declared a number, and in the reference " +
                               backquoted(written.file) + " it never is one"
                         : backquoted((*wanting)->name) + " compares numbers, and in the reference " +
                               backquoted(written.file) + " " + backquoted(path) + " never is one",
                  "", "make the reference again from records as they come");
  const bool text = declared == FieldType::String || declared == FieldType::Uuid;
  if (text && profile.types.text == 0)
    return refuse(backquoted(path) + " is declared " + std::string(in_words(declared)) + ", and in the reference " +
                      backquoted(written.file) + " it never is a text",
                  "", "make the reference again from records as they come");
  if (rule.columns.size() == 1 && profile.finite > 0 && profile.edges != nullptr) {
    rule.edges = std::make_shared<const std::vector<double>>(with_tails(*profile.edges));
  }
  // A CSV cell of a field that nobody declared is what it was in the reference.
  if (declared == FieldType::Any && profile.finite > 0 && profile.types.text == 0)
    columns_.assume(rule.columns[at], CellType::Number);
}

void DriftCompiler::take_joint(const DriftRule& rule, const WrittenDrift& written, const Baseline& baseline) {
  const std::optional<JointProfile> joint = baseline.find_together(rule.paths);
  std::string paths;
  for (const std::string& path : rule.paths) paths += (paths.empty() ? "" : ",") + path;
  if (!joint) {
    findings_.error(
        codes::kReference, written.file_where,
        "the reference " + backquoted(written.file) + " does not know " + backquoted(shorten(paths, 100)) + " together",
        {.label = {}, .help = "make it again with `--together " + shorten(paths, 100) + "`"});
  } else if (joint->rows < 2) {
    findings_.error(codes::kReference, written.file_where,
                    "no record of the reference " + backquoted(written.file) + " has a number in all of " +
                        backquoted(shorten(paths, 100)),
                    {.label = {}, .help = "take a reference in which they come together"});
  }
}

void DriftCompiler::warn_of_memory(const RuleSet& rules) {
  constexpr std::uint64_t kMuch = std::uint64_t{256} << 20;
  const Layout layout = lay_out(plan_);
  for (std::size_t i = 0; i < rules.windows.size(); ++i) {
    const WrittenBlock& block = rules.windows[i];
    if (!block.drift || block.segment.empty() || layout.blocks[i].rules.empty()) continue;
    const std::uint64_t pane = layout.grids[layout.blocks[i].grid].spec.bytes;
    const std::uint64_t segments = std::uint64_t{block.block.max_segments} + 1;
    if (pane * segments <= kMuch) continue;
    findings_.warning(codes::kDriftMemory, block.where,
                      "a window of these " + std::to_string(layout.blocks[i].rules.size()) + " rules takes up to " +
                          human_bytes(pane * segments),
                      {.label = with_commas(segments) + " segments, each up to " + human_bytes(pane),
                       .help = "lower `max_segments`, declare the types of the fields, or compare fewer of them"});
  }
}

std::string content_of(const DriftRule& rule) {
  if (rule.reference.baseline == nullptr) return "";
  const Baseline& baseline = *rule.reference.baseline;
  SummaryWriter out;
  out.text(baseline.salt);
  for (const std::string& path : rule.paths) {
    if (const BaselineField* field = baseline.find(path)) field->profile.write(out);
  }
  if (rule.paths.size() > 1) {
    for (const JointProfile& joint : baseline.joints) joint.write(out);
  }
  return sha256_hex(std::move(out).bytes());
}

}  // namespace weir
