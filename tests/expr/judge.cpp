// SPDX-License-Identifier: Apache-2.0
#include "expr/judge.h"

#include <catch2/catch_test_macros.hpp>
#include <memory>

#include "expr/evaluate_text.h"
#include "expr/run.h"
#include "measures/registry.h"
#include "testing/checks_judge.h"

namespace weir::testing {

namespace {

// Fields by their place in `fields`; one that is not among them takes the place behind.
ExpressionContext context_of(const std::vector<FieldOf>& fields) {
  ExpressionContext context;
  context.where = {.file = "rules.yml", .line = 1, .column = 1};
  context.field = [&fields](const FieldPath& path) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (FieldPath::parse(fields[i].path).value() == path)
        return FieldRef{static_cast<std::uint32_t>(i), fields[i].type};
    }
    return FieldRef{static_cast<std::uint32_t>(fields.size()), FieldType::Any};
  };
  context.measures = measure_specs();
  return context;
}

struct Table {
  explicit Table(const std::vector<FieldOf>& fields) {
    std::size_t rows = 1;
    for (const FieldOf& field : fields) {
      values.column(field.path, field.values);
      rows = field.values.size();
    }
    values.column("not_in_the_table", std::vector<std::string>(rows, "absent"));
  }
  [[nodiscard]] Subject subject(const std::vector<std::uint32_t>& columns) const {
    const Subject all = values.subject();
    return Subject{.batch = all.batch, .fields = all.fields, .columns = columns, .now = all.now};
  }
  TableOfValues values;
};

CompiledPredicate compile(std::string_view text, const std::vector<FieldOf>& fields) {
  Result<CompiledPredicate> compiled = compile_predicate(text, context_of(fields));
  INFO(text);
  if (!compiled) FAIL(compiled.error().message);
  return std::move(compiled).value();
}

std::string letters(const Truth& truth, std::size_t rows) {
  std::string out;
  for (std::size_t row = 0; row < rows; ++row) {
    CHECK(truth.yes[row] + truth.unknown[row] + truth.error[row] <= 1);
    out += truth.yes[row] ? 'T' : truth.unknown[row] ? '?' : truth.error[row] ? 'E' : 'F';
  }
  return out;
}

std::string written(const Error& error) {
  std::string out = "column " + std::to_string(error.where.column) + "+" + std::to_string(error.where.length) + " " +
                    error.code + ": " + error.message;
  if (!error.label.empty() || !error.help.empty()) out += " | " + error.label;
  if (!error.help.empty()) out += " | " + error.help;
  return out;
}

}  // namespace

std::string decide(std::string_view text, const std::vector<FieldOf>& fields) {
  const CompiledPredicate compiled = compile(text, fields);
  const Table table(fields);
  const Subject subject = table.subject(compiled.columns);
  Truth truth;
  compiled.predicate->decide(subject, truth);
  return letters(truth, table.values.elements());
}

std::string decide_by_rows(std::string_view text, const std::vector<FieldOf>& fields) {
  const CompiledPredicate compiled = compile(text, fields);
  const Table table(fields);
  const Subject subject = table.subject(compiled.columns);
  const auto& predicate = static_cast<const ExpressionPredicate&>(*compiled.predicate);
  const std::size_t rows = table.values.elements();
  Truth truth{Mask(rows), Mask(rows), Mask(rows)};
  make_row_program(predicate.expression().root)->run(subject, Mask(rows, true), truth);
  return letters(truth, rows);
}

std::string reason(std::string_view text, const std::vector<FieldOf>& fields, bool redacted) {
  CompiledPredicate compiled = compile(text, fields);
  const std::vector<std::uint32_t> columns = compiled.columns;
  Table table(fields);
  if (redacted) table.values.redact();
  const auto check = make_expr_check(std::move(compiled), std::string(text));
  const Reason reason = check->explain(table.subject(columns), 0);
  return reason.code + ": " + reason.message + " [" + reason.value + "]";
}

std::string value_of(std::string_view text) {
  const auto result = evaluate_text(text, {});
  if (const Fault* fault = std::get_if<Fault>(&result)) return "refused: " + fault->message;
  const Value& value = std::get<Evaluated>(result).value;
  return (value.is_error() ? "error: " : "") + show(value);
}

std::string fault(std::string_view text, const std::vector<FieldOf>& fields) {
  const Result<CompiledPredicate> compiled = compile_predicate(text, context_of(fields));
  return compiled ? "" : written(compiled.error());
}

std::string window_fault(std::string_view text) {
  const Result<CompiledCondition> compiled = compile_condition(text, context_of({}));
  return compiled ? "" : written(compiled.error());
}

CompiledCondition compile_window(std::string_view text, const std::vector<FieldOf>& fields) {
  Result<CompiledCondition> compiled = compile_condition(text, context_of(fields));
  INFO(text);
  if (!compiled) FAIL(written(compiled.error()));
  return std::move(compiled).value();
}

Judgement judge(std::string_view text, const MeasuredByName& values) {
  const CompiledCondition compiled = compile_window(text);
  std::vector<Measured> given;
  for (const MeasureCall& call : compiled.calls) {
    given.push_back(Measured::no_data("not given"));
    for (const auto& [name, value] : values) {
      if (name == (call.stream.empty() ? "" : call.stream + ": ") + call.written) given.back() = value;
    }
  }
  return compiled.condition->judge(given);
}

std::string verdict(std::string_view text, const MeasuredByName& values) {
  const Judgement judgement = judge(text, values);
  constexpr std::string_view kNames[] = {"pass", "warn", "fail", "no data", "inconclusive", "error"};
  std::string out(kNames[static_cast<std::size_t>(judgement.verdict)]);
  if (judgement.observed.is_value()) out += " " + show(judgement.observed, judgement.observed_is_rate);
  return judgement.cause.empty() ? out : out + " because " + judgement.cause;
}

Measured list_of(const std::vector<std::string>& items, bool complete) {
  Measured out;
  out.kind = Measured::Kind::Values;
  out.exact = complete;
  for (const std::string& item : items) {
    const bool number = item.find_first_not_of("0123456789.-") == std::string::npos;
    out.values.push_back({.is_number = number, .text = item});
  }
  return out;
}

Measured text_of(std::string text) {
  Measured out;
  out.kind = Measured::Kind::Text;
  out.text = std::move(text);
  return out;
}

}  // namespace weir::testing
