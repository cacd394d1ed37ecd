// SPDX-License-Identifier: Apache-2.0
// What a measure may be called with, beyond the types of its arguments: rules that exist, types that exist, bounds in order,
// and a past that the window has.
#include <algorithm>
#include <cmath>

#include "rules/codes.h"
#include "rules/compile_windows.h"

namespace weir {
namespace {

using std::chrono::hours;

// History is kept for so many windows.
constexpr double kMostPast = 10'000;

class CallCheck {
 public:
  CallCheck(const MeasureCall& call, const WindowBlock& block, const YamlNode& condition, const PlanColumns& columns,
            const Plan& plan, const FileReferences& references, Findings& findings)
      : call_(call),
        block_(block),
        condition_(condition),
        columns_(columns),
        plan_(plan),
        references_(references),
        findings_(findings) {}

  void run() {
    const std::string_view name = call_.spec->name;
    if (call_.spec->source == MeasureSource::Rule) check_rule();
    if (call_.spec->source == MeasureSource::Drift) check_reference();
    if (name == "type_rate") check_type();
    if (name == "histogram") check_bounds();
    if (name == "top" && !call_.numbers.empty()) check_count(1, 1'024, "so many values");
    if (name == "z_score") check_count(3, kMostPast, "the spread of so many windows");
    if (name == "other") check_stream();
    check_baseline();
  }

 private:
  /// At the place of `part` in the condition, or at the condition.
  void tell(std::string_view code, std::string_view part, std::string message, std::string help,
            std::string label = "") {
    const std::size_t at = condition_.text.find(part);
    findings_.error(code,
                    at == std::string::npos ? condition_.where() : condition_.where(at, static_cast<int>(part.size())),
                    std::move(message), {.label = std::move(label), .help = std::move(help)});
  }

  void check_rule() {
    if (!call_.stream.empty())
      return tell(codes::kMeasureArgument, call_.spec->name, "the rules of this file do not judge the other stream",
                  "count with an expression: other(\"" + call_.stream + "\", rate(amount > 0))");
    const bool by_time = block_.kind == WindowKind::Time || block_.kind == WindowKind::Session;
    if (call_.text == "decode" || (call_.text == "time" && by_time))
      return tell(codes::kMeasureRule, call_.text,
                  call_.text == "decode" ? "a record that cannot be decoded lies in no window"
                                         : "a record whose time cannot be read lies in no window by time",
                  "the rule `" + call_.text + "` itself fails for each of them");
    if (columns_.judged(call_.text)) return;
    if (columns_.written(call_.text))
      return tell(codes::kMeasureRule, call_.text, "the rule " + backquoted(call_.text) + " is not judged",
                  "it is switched off, or can never fail");
    // A file with dozens of such faults has other worries than typing errors.
    const std::string meant = findings_.errors() < 20 ? did_you_mean(call_.text, columns_.record_rules()) : "";
    tell(codes::kMeasureRule, call_.text, "there is no record rule " + backquoted(call_.text),
         "a rule of a field is called field.check, or by its `id`", meant);
  }

  void check_reference() {
    if (call_.columns.empty()) return;
    const std::string path = plan_.fields[call_.columns[0]].path.text();
    const std::string name(call_.spec->name);
    const FieldType type = call_.declared.empty() ? FieldType::Any : call_.declared[0];
    const bool number =
        type == FieldType::Any || type == FieldType::Integer || type == FieldType::Number || type == FieldType::Decimal;
    if (call_.spec->of_numbers && !number)
      return tell(codes::kMeasureArgument, name,
                  "`" + name + "` compares numbers, and " + backquoted(path) + " is declared as something else",
                  "`psi` and `js` compare any values");
    if (references_.find(path) >= 0) return;
    tell(codes::kMeasureArgument, name,
         "`" + name + "` has no reference: no drift rule compares " + backquoted(path) + " by itself with a file",
         FileReferences::remedy(path), references_.instead(path));
  }

  void check_type() {
    if (call_.text == "timestamp" || call_.text == "date" || call_.text == "uuid")
      return tell(codes::kMeasureArgument, call_.text,
                  "`type_rate` counts the kinds of JSON, and a " + call_.text + " is a text among others there",
                  "give the field a rule {id: ID, type: " + call_.text + "} and ask for pass_rate(\"ID\")");
    static const std::vector<std::string_view> kTypes = {"string",  "integer", "number", "decimal",
                                                         "boolean", "object",  "array"};
    if (std::find(kTypes.begin(), kTypes.end(), call_.text) != kTypes.end()) return;
    tell(codes::kMeasureArgument, call_.text, "there is no type " + backquoted(call_.text),
         "string, integer, number, decimal, boolean, object or array", did_you_mean(call_.text, kTypes));
  }

  void check_bounds() {
    if (call_.numbers.size() < 2 || call_.numbers[0] < call_.numbers[1]) return;
    tell(codes::kMeasureArgument, "histogram", "`histogram` counts from the first bound up to below the second",
         "the first bound is the smaller one");
  }

  void check_count(double least, double most, std::string_view what) {
    const double number = call_.numbers.empty() ? 0 : call_.numbers.back();
    if (number >= least && number <= most && number == std::floor(number)) return;
    const std::string name(call_.spec->name);
    tell(codes::kMeasureArgument, name, "`" + name + "` takes " + std::string(what) + ", a whole number",
         "from " + std::to_string(static_cast<int>(least)) + " to " + std::to_string(static_cast<int>(most)));
  }

  void check_stream() {
    const std::string& name = call_.text.empty() ? call_.stream : call_.text;
    const bool fine = !name.empty() && name.size() <= 249 && std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
             c == '-';
    });
    if (!fine)
      tell(codes::kMeasureArgument, name.empty() ? "other" : name, backquoted(name) + " is no name of a stream",
           "a name has letters, digits, `.`, `_` and `-`, as that of a topic");
  }

  void check_baseline() {
    using Kind = Lookback::Kind;
    const Lookback& baseline = call_.baseline;
    if (baseline.kind == Kind::Average && baseline.windows > kMostPast)
      return tell(codes::kPast, "last(", "a mean over more than 10,000 windows", "no more of them are remembered");
    const Duration season = baseline.kind == Kind::SameHour   ? Duration(hours(1))
                            : baseline.kind == Kind::SameDay  ? Duration(hours(24))
                            : baseline.kind == Kind::SameWeek ? Duration(hours(168))
                                                              : Duration::zero();
    if (season == Duration::zero() || block_.kind == WindowKind::Whole) return;
    const std::string written = season == hours(1) ? "same(hour)" : season == hours(24) ? "same(day)" : "same(week)";
    if (block_.kind != WindowKind::Time)
      return tell(codes::kPast, "same", "`" + written + "` needs windows that come at fixed times",
                  "these windows begin when the records say so; compare with last or avg(last(n))");
    if (block_.every <= Duration::zero() || season % block_.every == Duration::zero()) return;
    tell(codes::kPast, "same", "no window lies `" + written + "` before: `every` does not go into it without a rest",
         "compare with last or avg(last(n)), or choose another `every`");
  }

  const MeasureCall& call_;
  const WindowBlock& block_;
  const YamlNode& condition_;
  const PlanColumns& columns_;
  const Plan& plan_;
  const FileReferences& references_;
  Findings& findings_;
};

}  // namespace

void check_calls(const std::vector<MeasureCall>& calls, const WindowBlock& block, const YamlNode& condition,
                 const Plan& plan, const FileReferences& references, const PlanColumns& columns, Findings& findings) {
  for (const MeasureCall& call : calls) CallCheck(call, block, condition, columns, plan, references, findings).run();
}

}  // namespace weir
