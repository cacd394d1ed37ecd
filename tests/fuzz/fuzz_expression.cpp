// SPDX-License-Identifier: Apache-2.0
// Expressions from anywhere: as a rule, as a window condition and evaluated. What loads has to give the same answer by columns
// and by rows.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "expr/evaluate_text.h"
#include "expr/expression.h"
#include "expr/run.h"
#include "measures/registry.h"

namespace {

using namespace weir;

// Three fields with a value of each kind.
class Table {
 public:
  Table() {
    for (const char* name : {"a", "b", "c"}) {
      columns_.push_back(fields_.add(FieldPath::parse(name).value()));
      Column& column = batch_.columns.emplace_back();
      const std::size_t shift = batch_.columns.size();
      for (std::size_t row = 0; row < kRows; ++row) {
        column.kinds.push_back(kCells[(row * shift) % kRows].kind);
        column.cells.push_back(kCells[(row * shift) % kRows].cell);
      }
    }
  }

  FieldRef field(const FieldPath& path) {
    const std::string name = path.text();
    const auto column = name == "a" ? 0U : name == "b" ? 1U : 2U;
    return {.column = column, .type = column == 1 ? FieldType::Timestamp : FieldType::Any};
  }
  [[nodiscard]] Subject subject(const std::vector<std::uint32_t>& columns) const {
    return {.batch = batch_, .fields = fields_, .columns = columns, .now = {&now_, 1}};
  }
  [[nodiscard]] std::size_t rows() const { return kRows; }

 private:
  struct Content {
    Kind kind;
    Cell cell;
  };
  static Cell cell(std::int64_t number, std::string_view text, std::uint32_t scale = 0) {
    return {.number = number, .data = text.data(), .size = static_cast<std::uint32_t>(text.size()), .scale = scale};
  }
  static constexpr std::size_t kRows = 11;
  const Content kCells[kRows] = {{Kind::Absent, {}},
                                 {Kind::Null, cell(0, "null")},
                                 {Kind::Boolean, cell(1, "true")},
                                 {Kind::Integer, cell(5, "5")},
                                 {Kind::Decimal, cell(55, "5.5", 1)},
                                 {Kind::Number, cell(0, "1e400")},
                                 {Kind::Text, cell(0, "EUR")},
                                 {Kind::Text, cell(0, "2026-01-01T00:00:00Z")},
                                 {Kind::Array, cell(0, "[1, {\"a\": 2}, null]")},
                                 {Kind::Object, cell(0, "{\"a\": [1, 2], \"b\": \"x\"}")},
                                 {Kind::Integer, cell(INT64_MIN, "-9223372036854775808")}};
  Batch batch_;
  FieldTable fields_;
  std::vector<std::uint32_t> columns_;
  Instant now_{};
};

// One value of each kind for each measure that is called, in turn.
void judge_window(std::string_view text, const ExpressionContext& context) {
  const Result<CompiledCondition> compiled = compile_condition(text, context);
  if (!compiled) return;
  Measured list;
  list.kind = Measured::Kind::Values;
  list.values = {{.is_number = false, .text = "EUR"}, {.is_number = true, .text = "1e400"}};
  Measured part = list;
  part.exact = false;
  Measured digits;
  digits.kind = Measured::Kind::Exact;
  digits.text = "9007199254740993.5";
  const Measured kinds[] = {Measured::of(std::int64_t{0}),
                            Measured::of(0.5),
                            Measured::no_data("nothing"),
                            Measured::fault("broken"),
                            Measured::within(5, 4, 6, "about"),
                            Measured::of(Duration(1'000'000)),
                            Measured::of(Instant()),
                            list,
                            part,
                            digits};
  constexpr std::size_t kKinds = std::size(kinds);
  const std::size_t calls = compiled->calls.size();
  WEIR_ASSERT(calls == compiled->cell_types.size(), "cell types go with the calls");
  for (std::size_t i = 0; i < calls; ++i)
    WEIR_ASSERT(compiled->calls[i].inner < static_cast<std::int32_t>(i), "an inner call comes first");
  for (std::size_t shift = 0; shift < kKinds; ++shift) {
    std::vector<Measured> values;
    for (std::size_t i = 0; i < calls; ++i) values.push_back(kinds[(i * 3 + shift) % kKinds]);
    const Judgement judgement = compiled->condition->judge(values);
    const bool told = judgement.verdict == Verdict::Pass || judgement.verdict == Verdict::Fail;
    WEIR_ASSERT(told || !judgement.cause.empty(), "what is not decided has a cause");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Table table;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const ExpressionContext context{.where = {.file = "f", .line = 1, .column = 1},
                                  .field = [](const FieldPath& path) { return table.field(path); },
                                  .measures = measure_specs()};
  judge_window(text, context);
  (void)evaluate_text(text, {}, false);

  const Result<CompiledPredicate> compiled = compile_predicate(text, context);
  if (!compiled) {
    WEIR_ASSERT(!compiled.error().message.empty() && compiled.error().where.line >= 1,
                "a fault has a message and a place");
    return 0;
  }
  const Subject subject = table.subject(compiled->columns);
  const auto& predicate = static_cast<const ExpressionPredicate&>(*compiled->predicate);
  const std::size_t rows = compiled->columns.empty() ? 0 : table.rows();
  Truth by_columns;
  predicate.decide(subject, by_columns);
  Truth by_rows{Mask(rows), Mask(rows), Mask(rows)};
  make_row_program(predicate.expression().root)->run(subject, Mask(rows, true), by_rows);
  WEIR_ASSERT(
      by_columns.yes == by_rows.yes && by_columns.unknown == by_rows.unknown && by_columns.error == by_rows.error,
      "loops over columns and evaluation of rows disagree");
  for (std::size_t row = 0; row < rows; ++row) (void)predicate.explain(subject, row);
  return 0;
}
