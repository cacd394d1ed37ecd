// SPDX-License-Identifier: Apache-2.0
#include "docs/window_case.h"

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <regex>

#include "base/timestamp.h"
#include "decode/decoders.h"
#include "expr/expression.h"
#include "measures/registry.h"
#include "rules/load.h"
#include "summary/field_summary.h"
#include "summary/joint.h"
#include "summary/schema_summary.h"
#include "weir/engine.h"

namespace weir::docs {

namespace {

/// The types that `fields: {x: {type: timestamp}}` declares.
std::map<std::string, FieldType> declared_in(const std::string& rules) {
  static const std::map<std::string, FieldType> kTypes = {
      {"string", FieldType::String},       {"integer", FieldType::Integer}, {"number", FieldType::Number},
      {"decimal", FieldType::Decimal},     {"boolean", FieldType::Boolean}, {"date", FieldType::Date},
      {"timestamp", FieldType::Timestamp}, {"uuid", FieldType::Uuid}};
  static const std::regex kDeclaration("([a-z_]+): \\{type: ([a-z]+)");
  std::map<std::string, FieldType> out;
  for (auto it = std::sregex_iterator(rules.begin(), rules.end(), kDeclaration); it != std::sregex_iterator(); ++it) {
    const auto type = kTypes.find((*it)[2]);
    if (type != kTypes.end()) out.emplace((*it)[1], type->second);
  }
  return out;
}

Messages messages_of(const std::vector<std::string>& records, std::string& padded) {
  std::vector<std::pair<std::size_t, std::size_t>> places;
  padded.clear();
  for (const std::string& record : records) {
    places.emplace_back(padded.size(), record.size());
    padded += record + "\n";
  }
  padded += std::string(Messages::kPadding, '\0');
  Messages messages;
  for (const auto& [from, size] : places) {
    messages.items.push_back(
        {.bytes = std::string_view(padded).substr(from, size), .line = 1, .offset = 0, .whole = true});
  }
  return messages;
}

/// The records of one stream, decoded for the fields that the condition names.
class Stream {
 public:
  Stream(const Plan& plan, const std::vector<std::string>& records, Instant arrival)
      : plan_(plan), arrival_(arrival), messages_(messages_of(records, bytes_)) {
    batch_.clear(plan.fields.size());
    make_json_decoder(plan)->decode(messages_, batch_);
    rows_.resize(records.size());
    std::iota(rows_.begin(), rows_.end(), 0U);
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  Measured measure(const MeasureCall& call, MeasureInput input) {
    input.rows = rows_.size();
    input.numbers = call.numbers;
    input.text = call.text;
    std::optional<FieldSummary> field;
    std::optional<FieldSummary> second;
    std::optional<JointSummary> joint;
    const SchemaSummary schema = schema_seen();
    switch (call.spec->source) {
      case MeasureSource::TwoFields:
        second.emplace(summary(call, 1));
        input.second = &*second;
        [[fallthrough]];
      case MeasureSource::Field:
        field.emplace(summary(call, 0));
        input.field = &*field;
        break;
      case MeasureSource::Joint:
        joint.emplace(JointSpec{.column_a = call.columns[0], .column_b = call.columns[1], .pairs = true});
        joint->add(batch_.columns[call.columns[0]], batch_.columns[call.columns[1]], rows_);
        input.joint = &*joint;
        break;
      case MeasureSource::Schema: input.schema = &schema; break;
      case MeasureSource::Condition: input.tally = tally(call); break;
      default: break;
    }
    return call.spec->compute(input);
  }

 private:
  FieldSummary summary(const MeasureCall& call, std::size_t argument) const {
    const Column& column = batch_.columns[call.columns[argument]];
    std::vector<std::uint32_t> elements(column.size());
    std::iota(elements.begin(), elements.end(), 0U);
    SummarySpec spec;
    spec.column = call.columns[argument];
    spec.parts = call.spec->parts;
    spec.declared = call.declared[argument];
    spec.instants = call.spec->result == MeasureResult::Duration;
    if (spec.parts.has(Part::Histogram)) spec.edges = std::make_shared<const std::vector<double>>(call.numbers);
    FieldSummary out(spec);
    out.add(column, elements, {&arrival_, 1});
    return out;
  }

  SchemaSummary schema_seen() const {
    SchemaSummary out;
    out.add_records(rows_.size());
    for (const SeenField& field : batch_.seen_fields) out.add(field.name, field.position, field.kind);
    return out;
  }

  Tally tally(const MeasureCall& call) const {
    Truth truth;
    for (Mask* mask : {&truth.yes, &truth.unknown, &truth.error}) mask->assign(rows_.size(), false);
    call.predicate->decide({.batch = batch_, .fields = plan_.fields, .columns = call.columns, .now = {&arrival_, 1}},
                           truth);
    Tally out;
    for (const std::uint32_t row : rows_) {
      out.known += truth.unknown[row] || truth.error[row] ? 0U : 1U;
      out.hits += truth.yes[row] ? 1U : 0U;
    }
    return out;
  }

  const Plan& plan_;
  Instant arrival_;
  std::string bytes_;
  Messages messages_;
  Batch batch_;
  std::vector<std::uint32_t> rows_;
};

/// The windows before, whatever the series: one a window back.
class PastOfPage final : public History {
 public:
  explicit PastOfPage(const WindowCase& window) {
    for (std::size_t i = 0; i < window.past.size(); ++i) {
      const auto back = static_cast<std::int64_t>(window.past.size() - i);
      values_.push_back({.at = window.end - back * (window.end - window.start), .value = window.past[i]});
    }
  }
  std::vector<PastValue> past(std::string_view, Instant since, Instant before, std::size_t most) override {
    std::vector<PastValue> out;
    for (const PastValue& value : values_) {
      if (value.at >= since && value.at < before) out.push_back(value);
    }
    if (out.size() > most) out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(most));
    return out;
  }
  void add(std::string_view, PastValue) override {}
  std::vector<PastRecord> past_records(std::string_view, Instant, Instant, std::size_t) override { return {}; }
  void add_record(std::string_view, PastRecord) override {}
  void drop_records(std::string_view, Instant) override {}

 private:
  std::vector<PastValue> values_;
};

/// How often each rule over single records judged and failed.
struct RecordRules {
  std::map<std::string, Tally> by_id;
  Tally score;
};

RecordRules judge_records(const std::string& rules, const WindowCase& window) {
  RecordRules out;
  LoadOptions options;
  options.read_file = [&rules](const std::string&) -> Result<std::string> { return "weir: 1\n" + rules; };
  const Loaded loaded = load_rules("rules.yml", options);
  if (loaded.plan == nullptr) return out;
  std::string padded;
  Engine engine(loaded.plan, {.samples_per_rule = 0, .failing_records = false, .input = 0, .format = Format::Json});
  const Outcome outcome = engine.step(messages_of(window.records, padded), window.end);
  for (std::size_t i = 0; i < loaded.plan->rules.size(); ++i) {
    const Tally tally{.known = outcome.rules[i].evaluated, .hits = outcome.rules[i].failed};
    out.by_id[loaded.plan->rules[i].info.id] = tally;
    if (i == loaded.plan->decode_rule || tally.known == 0) continue;
    ++out.score.known;
    out.score.hits += tally.hits == 0 ? 1U : 0U;
  }
  return out;
}

}  // namespace

Result<WindowRuleOfPage> read_window_rule(const std::string& rules) {
  const std::size_t begin = rules.find("must: ");
  const std::size_t end = rules.find("}]}]\n", begin);
  if (begin == std::string::npos || end == std::string::npos)
    return Error{.message = "a block of a page is `windows: [{every: 1m, rules: [{must: CONDITION}]}]`"};
  std::string text = rules.substr(begin + 6, end - begin - 6);
  if (text.starts_with('\'') && text.ends_with('\'')) text = text.substr(1, text.size() - 2);
  return WindowRuleOfPage{.text = text, .rules = rules};
}

Result<Judgement> judge(const WindowRuleOfPage& rule, const WindowCase& window) {
  const std::map<std::string, FieldType> declared = declared_in(rule.rules);
  Plan plan;
  plan.note_fields = true;
  ExpressionContext context;
  context.where = {.file = "rules.yml", .line = 1, .column = 1};
  context.measures = measure_specs();
  context.field = [&](const FieldPath& path) {
    const auto type = declared.find(path.text());
    return FieldRef{plan.fields.add(path), type == declared.end() ? FieldType::Any : type->second};
  };
  Result<CompiledCondition> compiled = compile_condition(rule.text, context);
  if (!compiled) return compiled.error();
  Stream here(plan, window.records, window.start);
  Stream there(plan, window.elsewhere, window.start);
  const RecordRules records = judge_records(rule.rules, window);

  std::vector<Measured> values;
  for (const MeasureCall& call : compiled->calls) {
    MeasureInput input;
    input.start = window.start;
    input.end = window.end;
    input.has_span = true;
    input.past = window.past;
    input.season = window.season;
    if (call.inner >= 0) input.inner = &values[static_cast<std::size_t>(call.inner)];
    if (call.spec->source == MeasureSource::Score) input.tally = records.score;
    const auto counted = records.by_id.find(call.text);
    if (call.spec->source == MeasureSource::Rule && counted != records.by_id.end()) input.tally = counted->second;
    values.push_back((call.stream.empty() ? here : there).measure(call, input));
  }
  return compiled->condition->judge(values);
}

Result<WindowVerdict> judge_by_engine(const WindowRuleOfPage& rule, const WindowCase& window) {
  std::string rules = rule.rules;
  const std::string minute = "every: 1m";
  rules.replace(rules.find(minute), minute.size(), "every: " + format_duration(window.end - window.start));
  LoadOptions options;
  options.read_file = [&rules](const std::string&) -> Result<std::string> { return "weir: 1\n" + rules; };
  const Loaded loaded = load_rules("rules.yml", options);
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    if (diagnostic.level == DiagnosticLevel::Error) return diagnostic.error;
  }
  PastOfPage past(window);
  EngineOptions engine_options;
  engine_options.now = window.end;
  engine_options.all_windows = true;
  engine_options.history = &past;
  Engine engine(loaded.plan, engine_options);
  const auto step = [&](const std::vector<std::string>& records) {
    std::string padded;
    Messages messages = messages_of(records, padded);
    messages.envelopes.assign(records.size(), Envelope{});
    for (Envelope& envelope : messages.envelopes) envelope.timestamp = window.start;
    return engine.step(messages, window.end);
  };
  Outcome outcome = step(window.records);
  if (!window.elsewhere.empty()) {
    engine.begin_stream("payments", 1, Format::Json);
    outcome.windows.merge(step(window.elsewhere).windows);
  }
  outcome.windows.merge(engine.finish().windows);
  if (outcome.windows.verdicts.size() != 1) {
    return Error{.message = std::to_string(outcome.windows.verdicts.size()) + " verdicts for one window"};
  }
  return outcome.windows.verdicts.front();
}

}  // namespace weir::docs
