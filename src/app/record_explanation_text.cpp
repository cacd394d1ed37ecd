// SPDX-License-Identifier: Apache-2.0
// One record for a person: itself, each rule with its arithmetic, the windows that it lies in, what becomes of it.
//
//   FAILS      amount.max  <= 1000
//              amount = 1200: 1200 is above 1000
#include <algorithm>

#include "app/record_explanation.h"
#include "base/escape.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "batch/verdict_json.h"
#include "report/columns.h"

namespace weir {
namespace {

constexpr std::size_t kLabel = 11;
constexpr std::size_t kRecordShown = 2'000;  // code points
constexpr std::size_t kExpectedShown = 60;

class ExplanationText {
 public:
  ExplanationText(const RecordExplanation& explanation, bool color, int width)
      : it_(explanation), color_(color), width_(static_cast<std::size_t>(std::clamp(width, 40, 160))) {}

  std::string write() {
    line(painted(visible(it_.place), "1") + (it_.bytes > 0 ? ": " + human_bytes(it_.bytes) : ""));
    for (const auto& [name, value] : it_.envelope) paragraph("  " + visible(name) + ": ", visible(value), 4);
    if (!it_.time.empty()) paragraph("  happened: ", visible(it_.time), 4);
    if (!it_.why_not.empty()) paragraph("  cannot be read: ", visible(it_.why_not), 4);
    if (it_.json) paragraph("  ", visible(*it_.json, kRecordShown), 2);
    if (!it_.withheld.empty()) line("  " + visible(it_.withheld));
    line("");
    for (const RuleSays says : {RuleSays::Fails, RuleSays::Holds, RuleSays::Depends, RuleSays::Skipped}) {
      for (const ExplainedRule& rule : it_.rules) {
        if (rule.says == says && (it_.decoded || says != RuleSays::Skipped)) write_rule(rule);
      }
    }
    if (!it_.decoded) write_unread();
    if (!it_.windows.empty() && it_.decoded) line("");
    for (const ExplainedWindow& window : it_.windows) {
      if (it_.decoded) write_window(window);
    }
    line("");
    line(painted(visible(it_.fate), it_.fails ? "1;31" : "1;32"));
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string painted(std::string_view text, std::string_view code) const {
    if (!color_) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
  }
  void line(std::string_view text) { out_ += as_line(std::string(text)); }
  void paragraph(const std::string& first, std::string_view text, std::size_t indent) {
    out_ += weir::paragraph(first, display_width(first), text, indent, width_);
  }

  void head(std::string_view word, std::string_view code, const RuleInfo& info) {
    line(painted(word, code) + std::string(word.size() < kLabel ? kLabel - word.size() : 1, ' ') + visible(info.id) +
         "  " + visible(info.expected, kExpectedShown));
  }
  void detail(std::string_view text) { paragraph(std::string(kLabel, ' '), text, kLabel + 2); }

  /// They would all say the same.
  void write_unread() {
    const auto skipped = static_cast<std::size_t>(std::count_if(
        it_.rules.begin(), it_.rules.end(), [](const ExplainedRule& rule) { return rule.says == RuleSays::Skipped; }));
    const std::size_t silent = skipped + it_.windows.size();
    if (silent > 0)
      line("skipped    " + std::string(silent == 1 ? "the other rule" : "the other " + with_commas(silent) + " rules") +
           ": no field of it is known");
  }

  /// A built-in rule that has nothing to find says nothing.
  void write_rule(const ExplainedRule& rule) {
    const bool fails = rule.says == RuleSays::Fails;
    if (!fails && rule.info->where.line == 0 && it_.decoded && rule.says != RuleSays::Depends) return;
    switch (rule.says) {
      case RuleSays::Fails: head(rule.info->severity == Severity::Warn ? "WARNS" : "FAILS", "1;31", *rule.info); break;
      case RuleSays::Holds: head("holds", "32", *rule.info); break;
      case RuleSays::Depends: head("depends", "1;33", *rule.info); break;
      case RuleSays::Skipped: head("skipped", "2", *rule.info); break;
    }
    std::string values;
    for (const auto& [field, value] : rule.values) values += (values.empty() ? "" : ", ") + field + " = " + value;
    if (!rule.parts.empty()) {
      for (const std::string& part : rule.parts) detail(visible(part));
    } else if (rule.says == RuleSays::Skipped || values.empty()) {
      detail(visible(rule.why.empty() ? "" : rule.why));
    } else {
      detail(visible(values + (rule.why.empty() ? "" : ": " + rule.why)));
    }
  }

  void write_window(const ExplainedWindow& window) {
    head(window.counts ? "window" : "no window", window.counts ? "36" : "2", *window.info);
    std::string where;
    for (const std::string& one : window.windows) where += (where.empty() ? "" : "; ") + one;
    if (window.more > 0) where += "; and " + with_commas(window.more) + " more";
    if (!window.segment.empty()) where += "  " + window.segment;
    if (!where.empty()) detail(visible(where));
    for (const std::string& gives : window.gives) detail(visible(gives));
    if (!window.why.empty()) detail(visible(window.why));
  }

  const RecordExplanation& it_;
  bool color_;
  std::size_t width_;
  std::string out_;
};

template <class T, class Write>
void write_list(JsonWriter& json, std::string_view name, const std::vector<T>& items, Write write) {
  json.key(name).begin_array();
  for (const T& item : items) write(item);
  json.end_array();
}

}  // namespace

std::string write_explanation_text(const RecordExplanation& explanation, bool color, int width) {
  return ExplanationText(explanation, color, width).write();
}

std::string write_explanation_json(const RecordExplanation& explanation) {
  JsonWriter json(true);
  const auto text = [&json](const std::string& one) { json.value(one); };
  const auto pair = [&json](const auto& one) {
    json.begin_object().field("name", one.first).field("value", one.second).end_object();
  };
  json.begin_object();
  json.field("place", explanation.place);
  json.field("bytes", static_cast<std::uint64_t>(explanation.bytes));
  json.field("decoded", explanation.decoded);
  if (!explanation.why_not.empty()) json.field("reason", explanation.why_not);
  if (explanation.json) json.field("record", *explanation.json);
  if (!explanation.withheld.empty()) json.field("withheld", explanation.withheld);
  write_list(json, "envelope", explanation.envelope, pair);
  if (!explanation.time.empty()) json.field("happened", explanation.time);
  write_list(json, "rules", explanation.rules, [&](const ExplainedRule& rule) {
    json.begin_object();
    json.field("id", rule.info->id);
    json.field("says", word_of(rule.says));
    json.field("severity", word_of(rule.info->severity));
    json.field("on_fail", word_of(rule.info->on_fail));
    json.field("expected", rule.info->expected);
    if (!rule.why.empty()) json.field("reason", rule.why);
    write_list(json, "values", rule.values, pair);
    write_list(json, "parts", rule.parts, text);
    json.end_object();
  });
  write_list(json, "windows", explanation.windows, [&](const ExplainedWindow& window) {
    json.begin_object();
    json.field("id", window.info->id);
    json.field("counts", window.counts);
    json.field("expected", window.info->expected);
    write_list(json, "windows", window.windows, text);
    json.field("more", static_cast<std::uint64_t>(window.more));
    if (!window.segment.empty()) json.field("segment", window.segment);
    write_list(json, "gives", window.gives, text);
    if (!window.why.empty()) json.field("reason", window.why);
    json.end_object();
  });
  json.field("fails", explanation.fails);
  json.field("fate", explanation.fate);
  json.end_object();
  return json.take() + "\n";
}

}  // namespace weir
