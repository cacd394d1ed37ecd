// SPDX-License-Identifier: Apache-2.0
// The plan's rules are `decode`, those of fields in written order, those of whole records, `records` in written order, and
// `time`; window rules come last, because they name the others.
// A column is made when the first rule asks for it: fields that no rule reads are not decoded.
#include "rules/compile.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/sha256.h"
#include "rules/codes.h"
#include "rules/compile_windows.h"
#include "rules/expressions.h"
#include "rules/reference_params.h"
#include "rules/schema_file.h"
#include "rules/within.h"

namespace weir {
namespace {

// See read_fields.cpp: expressions and lists of fields name columns, too.
constexpr std::size_t kMostColumns = 8192;

CellType cell_type_of(const WrittenField& field) {
  switch (field.type) {
    case FieldType::Integer:
    case FieldType::Number:
    case FieldType::Decimal: return CellType::Number;
    case FieldType::Boolean: return CellType::Boolean;
    case FieldType::Any: return field.numbers ? CellType::Number : CellType::Text;
    default: return CellType::Text;
  }
}

class PlanBuilder {
 public:
  PlanBuilder(RuleSet&& rules, const LoadOptions& options, Findings& findings)
      : rules_(std::move(rules)),
        references_(rules_),
        options_(options),
        findings_(findings),
        plan_(std::make_shared<Plan>()) {
    for (const WrittenField& field : rules_.fields) {
      const auto [known, is_new] = declared_.emplace(field.path.text(), &field);
      if (!is_new && known->second->type == FieldType::Any && !known->second->numbers) known->second = &field;
    }
  }

  Compiled build() {
    plan_->format = rules_.format;
    plan_->payload = rules_.payload;
    plan_->payload.schemas = options_.schemas != nullptr ? options_.schemas : std::make_shared<SchemaBook>();
    plan_->payload.schema = read_schema(rules_.schema_file, rules_.format, options_, findings_);
    plan_->payload.key_schema = read_schema(rules_.key_schema_file, Format::Auto, options_, findings_);
    check_schemas(*plan_, rules_, findings_);
    add_decode_rule();
    for (std::size_t i = 0; i < rules_.rules.size(); ++i) {
      if (i == rules_.field_rules) add_whole_record_rules();
      add_rule(rules_.rules[i]);
    }
    if (rules_.rules.size() == rules_.field_rules) add_whole_record_rules();
    add_time_rule();
    add_late_rule();
    add_windows();
    take_references();
    redact();
    plan_->not_judged = static_cast<std::uint32_t>(rules_.later.size());
    if (plan_->fields.size() >= kMostColumns)
      findings_.error(codes::kLimit, {}, "the rules read more than 8,192 fields", {});
    Compiled compiled{.plan = nullptr,
                      .written = std::move(written_),
                      .conditions = std::move(conditions_),
                      .later = std::move(rules_.later)};
    plan_->ruleset = fingerprint(*plan_, compiled);
    for (std::size_t i = 0; i < plan_->rules.size(); ++i) {
      RecordRule& rule = plan_->rules[i];
      rule.fingerprint = sha256_hex(meaning_of(*plan_, rule, compiled.written[i]));
    }
    compiled.plan = std::move(plan_);
    return compiled;
  }

 private:
  void add_decode_rule() {
    RecordRule rule;
    rule.info.id = "decode";
    rule.info.check = "decode";
    rule.info.expected = "a record that can be read";
    rule.info.description = "Built in: a record that cannot be decoded fails.";
    plan_->decode_rule = 0;
    push(std::move(rule), {});
  }

  void add_whole_record_rules() {
    const auto add = [&](const std::optional<WholeRecordRule>& written, std::string id, std::string expected,
                         std::uint32_t& index) {
      if (!written) return;
      RecordRule rule;
      rule.info.id = id;
      rule.info.check = std::move(id);
      rule.info.expected = std::move(expected);
      rule.info.severity = written->severity;
      rule.info.on_fail = written->on_fail;
      rule.info.tags = written->tags;
      rule.info.runbook = written->runbook;
      rule.info.where = written->where;
      if (!kept(rule.info)) return;
      index = static_cast<std::uint32_t>(plan_->rules.size());
      push(std::move(rule), {});
    };
    add(rules_.extra_fields, "extra_fields", "only fields that the rules name", plan_->extra_fields_rule);
    add(rules_.duplicate_keys, "duplicate_keys", "each key once in an object", plan_->duplicate_keys_rule);
    // A field that is named counts as known, whether or not something is asked of it.
    if (!rules_.extra_fields) return;
    for (const WrittenField& field : rules_.fields) column(field.path);
  }

  /// Windows by time are about records whose time can be read; the others are told by a rule of their own.
  void add_time_rule() {
    const bool needed = std::any_of(rules_.window_rules.begin(), rules_.window_rules.end(), [&](const auto& rule) {
      const WindowKind kind = rules_.windows[rule.block].block.kind;
      return rule.enabled && (kind == WindowKind::Time || kind == WindowKind::Session) && kept(rule.info);
    });
    if (!needed || !rules_.time_path || rules_.time.on_error != TimeError::Quarantine) return;
    RecordRule rule;
    rule.columns.push_back(column(*rules_.time_path));
    rule.info.id = "time";
    rule.info.field = rules_.time_path->text();
    rule.info.check = "time";
    rule.info.expected = "a readable event time";
    rule.info.description = "Built in: a record whose time cannot be read lies in no window by time.";
    plan_->time_rule = static_cast<std::uint32_t>(plan_->rules.size());
    push(std::move(rule), {});
  }

  /// `late: quarantine` puts late records aside: for what they broke there is a rule.
  void add_late_rule() {
    const bool needed = std::any_of(rules_.window_rules.begin(), rules_.window_rules.end(), [&](const auto& rule) {
      const WindowBlock& block = rules_.windows[rule.block].block;
      const bool by_time = block.kind == WindowKind::Time || block.kind == WindowKind::Session;
      return by_time && block.late == LatePolicy::Quarantine && rule.enabled && kept(rule.info);
    });
    if (!needed) return;
    RecordRule rule;
    rule.info.id = "late";
    rule.info.check = "late";
    rule.info.expected = "a record before its windows are over";
    rule.info.description = "Built in: a record that comes when a window that it belongs to is over.";
    plan_->late_rule = static_cast<std::uint32_t>(plan_->rules.size());
    push(std::move(rule), {});
  }

  void add_windows() {
    std::unordered_set<std::string_view> ids(judged_.begin(), judged_.end());
    for (const WrittenRule& rule : rules_.rules) ids.insert(rule.id);
    const PlanColumns columns{
        .column = [this](const FieldPath& path) { return column(path); },
        .lookup = lookup(),
        .assume = [this](std::uint32_t index, CellType type) { assume(index, type); },
        .kept = [this](const RuleInfo& info) { return kept(info); },
        .judged = [this](const std::string& id) { return judged_.contains(id) || left_out_.contains(id); },
        .take = [this](const std::string& id) { take(id); },
        .written = [&ids](const std::string& id) { return ids.contains(id); },
        .record_rules = [&ids] { return std::vector<std::string_view>(ids.begin(), ids.end()); },
        .compared = [this] { return compared(); },
        .compare = [this](const std::string& path, const DriftRule& rule) { compared_with_.emplace(path, &rule); }};
    conditions_ = compile_windows(rules_, references_, *plan_, columns, options_, findings_);
  }

  /// Fields of rules of the plan whose parameters are those of a reference.
  [[nodiscard]] std::vector<std::string> compared() const {
    std::vector<std::string> out;
    for (const RecordRule& rule : plan_->rules) {
      if (of_reference_.contains(rule.info.id)) out.push_back(rule.info.field);
    }
    return out;
  }

  /// References are read last: the rules that wait for one are completed here.
  void take_references() {
    for (std::size_t i = 0; i < plan_->rules.size(); ++i) {
      RecordRule& rule = plan_->rules[i];
      const auto spec = of_reference_.find(rule.info.id);
      if (spec == of_reference_.end()) continue;
      const auto drift = compared_with_.find(rule.info.field);
      const std::shared_ptr<const Baseline> baseline =
          drift == compared_with_.end() ? nullptr : drift->second->reference.baseline;
      if (baseline == nullptr) {  // a file that was left alone, or that cannot be read, which was told
        rule.info.expected = "close to the mean of the reference";
        continue;
      }
      take_reference(rule, *spec->second, written_[i], *baseline, drift->second->reference.text);
    }
  }

  void take_reference(RecordRule& rule, const CheckSpec& spec, Params& written, const Baseline& baseline,
                      const std::string& name) {
    const Result<MeanAndSd> known = mean_and_sd(baseline, rule.info.field, name);
    if (!known) {
      if (!known.error().message.empty()) findings_.error(known.error(), codes::kReference, written.where);
      return;
    }
    add_reference(written, *known);
    Result<std::unique_ptr<const Check>> check = spec.make(written);
    if (!check) {
      findings_.error(check.error(), codes::kRefused, written.where);
      return;
    }
    rule.check = *std::move(check);
    rule.info.expected = rule.check->expected();
  }

  void take(const std::string& id) {
    const auto found = left_out_.find(id);
    if (found == left_out_.end()) return;
    auto [rule, written] = std::move(found->second);
    left_out_.erase(found);
    push(std::move(rule), std::move(written));
  }

  void add_rule(WrittenRule& written) {
    RecordRule rule;
    rule.sees_nulls = written.spec->sees_nulls;
    rule.nulls_fail = written.options.nulls_fail && !rule.sees_nulls;
    if (!make_check(written, rule) || !make_when(written, rule)) return;
    if (rule.check == nullptr || !written.options.enabled)
      return;  // a rule that can never fail, or that is switched off
    rule.ordered = rule.check->remember() != nullptr;
    describe(written, rule);
    if (kept(rule.info)) {
      push(std::move(rule), std::move(written.params));
    } else {
      std::string id = rule.info.id;
      left_out_.emplace(std::move(id), std::make_pair(std::move(rule), std::move(written.params)));
    }
  }

  bool make_check(const WrittenRule& written, RecordRule& rule) {
    if (written.spec->make == nullptr) return make_expression(written, rule);
    const bool of_reference = takes_reference(written);
    if (of_reference && !has_reference(written)) return false;
    Params completed;
    if (of_reference) {  // its own come when the reference was read: take_references()
      completed = written.params;
      add_reference(completed, {});
    }
    Result<std::unique_ptr<const Check>> check = written.spec->make(of_reference ? completed : written.params);
    if (!check) {
      const bool pattern = written.spec->name.find("match") != std::string_view::npos;
      findings_.error(check.error(), pattern ? codes::kPattern : codes::kRefused, written.params.where);
      return false;
    }
    rule.check = *std::move(check);
    if (of_reference) of_reference_.emplace(written.id, written.spec);
    for (const FieldPath& path : written.columns) rule.columns.push_back(column(path));
    if (written.spec->domain != Domain::Number || written.field) return true;
    for (const std::uint32_t index : rule.columns) assume(index, CellType::Number);
    return true;
  }

  bool has_reference(const WrittenRule& written) {
    const std::string path = written.field->text();
    if (references_.find(path) >= 0) return true;
    findings_.error(codes::kRefused, written.params.where,
                    "`" + std::string(written.spec->name) + "` has no reference: no drift rule compares " +
                        backquoted(path) + " by itself with a file",
                    {.label = references_.instead(path),
                     .help = FileReferences::remedy(path) + "; or write {max: …, mean: …, sd: …}"});
    return false;
  }

  bool make_expression(const WrittenRule& written, RecordRule& rule) {
    std::optional<CompiledPredicate> compiled = compile_expression(findings_, *written.value, lookup());
    if (!compiled) return false;
    rule.columns = compiled->columns;
    assume_all(*compiled);
    rule.check = make_expr_check(*std::move(compiled), written.value->text);
    return true;
  }

  bool make_when(const WrittenRule& written, RecordRule& rule) {
    if (written.options.when == nullptr) return true;
    std::optional<CompiledPredicate> compiled = compile_expression(findings_, *written.options.when, lookup());
    if (!compiled) return false;
    assume_all(*compiled);
    rule.when_columns = std::move(compiled->columns);
    rule.when = std::move(compiled->predicate);
    rule.info.when = written.options.when->text;
    return true;
  }

  void describe(const WrittenRule& written, RecordRule& rule) const {
    RuleInfo& info = rule.info;
    info.id = written.id;
    if (written.field) info.field = written.field->text();
    info.check = written.spec->name;
    info.expected = rule.check->expected();
    info.severity = written.options.severity;
    info.on_fail = written.options.on_fail;
    info.description = written.options.description;
    info.runbook = written.options.runbook;
    info.tags = written.options.tags;
    info.where = written.where;
  }

  [[nodiscard]] bool kept(const RuleInfo& info) const { return !options_.keep || options_.keep(info); }

  void push(RecordRule rule, Params written) {
    judged_.insert(rule.info.id);
    plan_->rules.push_back(std::move(rule));
    written_.push_back(std::move(written));
  }

  std::uint32_t column(const FieldPath& path) {
    const std::string text = path.text();
    const auto known = columns_.find(text);
    if (known != columns_.end()) return known->second;
    if (plan_->fields.size() >= kMostColumns) return 0;
    const std::uint32_t index = plan_->fields.add(path);
    columns_.emplace(text, index);
    Field& field = plan_->fields[index];
    field.missing_values = rules_.missing_values;
    const auto declared = declared_.find(text);
    const WrittenField* const written = declared == declared_.end() ? nullptr : declared->second;
    assumable_.push_back(written == nullptr || (written->type == FieldType::Any && !written->numbers));
    if (written == nullptr) return index;
    field.cell_type = cell_type_of(*written);
    field.missing_values = written->missing_values;
    return index;
  }

  FieldLookup lookup() {
    return [this](const FieldPath& path) {
      const std::uint32_t index = column(path);
      const auto declared = declared_.find(path.text());
      return FieldRef{.column = index, .type = declared == declared_.end() ? FieldType::Any : declared->second->type};
    };
  }

  /// A field that nobody declared is read as the first rule takes it.
  void assume(std::uint32_t index, CellType type) {
    if (!assumable_[index] || type == CellType::Text) return;
    plan_->fields[index].cell_type = type;
    assumable_[index] = false;
  }

  void assume_all(const CompiledPredicate& compiled) {
    for (std::size_t i = 0; i < compiled.columns.size() && i < compiled.cell_types.size(); ++i)
      assume(compiled.columns[i], compiled.cell_types[i]);
  }

  /// A column is redacted when it lies within a redacted path, and when it shows one that lies within it; in both images.
  void redact() {
    plan_->redaction = options_.redaction.value_or(rules_.redaction);
    std::vector<FieldPath> paths = std::move(rules_.redacted);
    for (const std::string& text : options_.redact) {
      Result<FieldPath> path = FieldPath::parse(text);
      if (path) {
        paths.push_back(*std::move(path));
      } else {
        findings_.error(codes::kPath, {}, "--redact: " + path.error().message + " " + backquoted(text), {});
      }
    }
    for (const FieldPath& path : paths) column(path);
    for (std::size_t i = 0; i < plan_->fields.size(); ++i) {
      Field& field = plan_->fields[i];
      field.redacted =
          std::any_of(paths.begin(), paths.end(), [&](const FieldPath& path) { return may_show(field.path, path); });
    }
  }

  RuleSet rules_;
  FileReferences references_;
  const LoadOptions& options_;
  Findings& findings_;
  std::shared_ptr<Plan> plan_;
  std::vector<Params> written_;
  std::vector<WrittenConditions> conditions_;
  std::unordered_set<std::string> judged_;  // ids of the plan's record rules
  std::unordered_map<std::string, std::pair<RecordRule, Params>> left_out_;
  std::unordered_map<std::string, const CheckSpec*> of_reference_;   // by id: rules that wait for a reference
  std::unordered_map<std::string, const DriftRule*> compared_with_;  // by field
  std::unordered_map<std::string, const WrittenField*> declared_;
  std::unordered_map<std::string, std::uint32_t> columns_;
  std::vector<bool> assumable_;  // by column: no declaration says how a CSV cell is read
};

}  // namespace

Compiled compile_plan(RuleSet&& rules, const LoadOptions& options, Findings& findings) {
  return PlanBuilder(std::move(rules), options, findings).build();
}

}  // namespace weir
