// SPDX-License-Identifier: Apache-2.0
// Conditions of window rules are compiled behind all record rules, because measures name these by their ids.
#include "rules/compile_windows.h"

#include <algorithm>
#include <unordered_map>

#include "rules/codes.h"
#include "rules/compile_drift.h"
#include "rules/read_rules.h"

namespace weir {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::size_t find_name(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) return at;
  }
  return std::string_view::npos;
}

/// The measure that a condition is about: the one that it names first, `change` in `abs(change(row_count, last)) <= 40%`.
std::string_view subject_of(std::string_view text, const std::vector<MeasureCall>& calls) {
  std::string_view name;
  std::size_t first = std::string_view::npos;
  for (const MeasureCall& call : calls) {
    const std::size_t at = find_name(text, call.spec->name);
    if (at < first) name = call.spec->name;
    first = std::min(first, at);
  }
  return name;
}

class WindowCompiler {
 public:
  WindowCompiler(const RuleSet& rules, Plan& plan, const PlanColumns& columns, const LoadOptions& options,
                 std::vector<LaterRule>& later, Findings& findings)
      : rules_(rules),
        plan_(plan),
        columns_(columns),
        later_(later),
        findings_(findings),
        drift_(plan, columns, options, findings) {}

  std::vector<WrittenConditions> run() {
    plan_.time = rules_.time;
    if (rules_.time_path) plan_.time.column = static_cast<std::int32_t>(columns_.column(*rules_.time_path));
    for (const WrittenBlock& block : rules_.windows) add_block(block);
    for (const WrittenWindowRule& rule : rules_.window_rules) add_rule(rule);
    check_scores();
    drift_.read_references(conditions_);
    if (!findings_.any_errors() && !plan_.drift_rules.empty()) drift_.warn_of_memory(rules_);
    return std::move(conditions_);
  }

 private:
  void add_block(const WrittenBlock& written) {
    WindowBlock block = written.block;
    for (const WrittenSegment& segment : written.segment)
      block.segment.push_back(
          {.column = columns_.column(segment.path), .path = segment.path.text(), .listed = segment.listed});
    plan_.windows.push_back(std::move(block));
  }

  void add_rule(const WrittenWindowRule& written) {
    WindowRule rule;
    rule.info = written.info;
    rule.block = written.block;
    rule.on_empty = written.on_empty;
    if (written.drift >= 0) return add_drift(written, std::move(rule));
    const std::size_t errors = findings_.errors();
    const bool compiled = compile(written.must, rule, rule.must) && compile(written.should, rule, rule.should) &&
                          compile_when(written, rule);
    if (!compiled || findings_.errors() > errors || !written.enabled) return;
    if (compares_with_reference(written, rule)) return;
    describe(written, rule);
    if (!columns_.kept(rule.info)) return;
    for (const WindowCondition* condition : {&rule.must, &rule.should}) {
      for (const MeasureCall& call : condition->calls) {
        plan_.note_fields = plan_.note_fields || call.spec->source == MeasureSource::Schema;
        if (call.spec->source == MeasureSource::Rule) columns_.take(call.text);
      }
    }
    where_.push_back((written.must != nullptr ? written.must : written.should)->where());
    conditions_.push_back({.must = written.must == nullptr ? "" : one_line(written.must->text),
                           .should = written.should == nullptr ? "" : one_line(written.should->text)});
    plan_.window_rules.push_back(std::move(rule));
  }

  void add_drift(const WrittenWindowRule& written, WindowRule rule) {
    const WrittenDrift& what = rules_.drift[static_cast<std::size_t>(written.drift)];
    const std::size_t errors = findings_.errors();
    DriftRule drift = drift_.compile(what);
    if (!compile_when(written, rule) || findings_.errors() > errors || !written.enabled) return;
    if (!columns_.kept(rule.info)) return;
    const auto index = static_cast<std::uint32_t>(plan_.drift_rules.size());
    rule.drift = static_cast<std::int32_t>(index);
    drift.rule = static_cast<std::uint32_t>(plan_.window_rules.size());
    plan_.drift_rules.push_back(std::move(drift));
    plan_.window_rules.push_back(std::move(rule));
    where_.push_back(written.info.where);
    conditions_.emplace_back();
    drift_.want(index, what);
  }

  bool compile(const YamlNode* node, const WindowRule& rule, WindowCondition& out) {
    if (node == nullptr) return true;
    std::optional<CompiledCondition> compiled = compile_window_condition(findings_, *node, columns_.lookup);
    if (!compiled) return false;
    out.calls = std::move(compiled->calls);
    out.condition = std::move(compiled->condition);
    for (std::size_t i = 0; i < out.calls.size() && i < compiled->cell_types.size(); ++i) {
      const std::vector<std::uint32_t>& read = out.calls[i].columns;
      for (std::size_t k = 0; k < read.size() && k < compiled->cell_types[i].size(); ++k)
        columns_.assume(read[k], compiled->cell_types[i][k]);
    }
    check_calls(out.calls, rules_.windows[rule.block].block, *node, columns_, findings_);
    return true;
  }

  /// Rules with the same `when` share one predicate, so that they share what is counted under it, too.
  bool compile_when(const WrittenWindowRule& written, WindowRule& rule) {
    if (written.when == nullptr) return true;
    rule.info.when = one_line(written.when->text);
    const auto known = whens_.find(written.when->text);
    if (known != whens_.end()) {
      rule.when = known->second.predicate;
      rule.when_columns = known->second.columns;
      return true;
    }
    std::optional<CompiledPredicate> compiled = compile_expression(findings_, *written.when, columns_.lookup);
    if (!compiled) return false;
    for (std::size_t i = 0; i < compiled->columns.size() && i < compiled->cell_types.size(); ++i)
      columns_.assume(compiled->columns[i], compiled->cell_types[i]);
    rule.when = std::move(compiled->predicate);
    rule.when_columns = std::move(compiled->columns);
    whens_.emplace(written.when->text, When{.predicate = rule.when, .columns = rule.when_columns});
    return true;
  }

  bool compares_with_reference(const WrittenWindowRule& written, const WindowRule& rule) {
    for (const WindowCondition* condition : {&rule.must, &rule.should}) {
      for (const MeasureCall& call : condition->calls) {
        if (call.spec->source != MeasureSource::Drift) continue;
        const YamlNode& said = *(written.must != nullptr ? written.must : written.should);
        const std::string name(call.spec->name);
        findings_.warning(codes::kCheckLater, said.where(),
                          "this version reads `" + name + "` in a condition and does not judge it there",
                          {.label = {},
                           .help = "a drift rule does: {fields: [" +
                                   (call.columns.empty() ? "amount" : plan_.fields[call.columns[0]].path.text()) +
                                   "], test: " + name + ", reference: …, tolerance: {" + name + ": …}}"});
        later_.push_back(
            {.id = rule.info.id, .kind = RuleKind::Window, .text = one_line(said.text), .where = said.where()});
        return true;
      }
    }
    return false;
  }

  void describe(const WrittenWindowRule& written, WindowRule& rule) const {
    const WindowCondition& said = rule.must.condition != nullptr ? rule.must : rule.should;
    RuleInfo& info = rule.info;
    info.expected = said.condition->expected();
    info.check = subject_of((written.must != nullptr ? written.must : written.should)->text, said.calls);
    std::vector<std::uint32_t> read;
    for (const WindowCondition* condition : {&rule.must, &rule.should}) {
      for (const MeasureCall& call : condition->calls)
        read.insert(read.end(), call.columns.begin(), call.columns.end());
    }
    std::sort(read.begin(), read.end());
    read.erase(std::unique(read.begin(), read.end()), read.end());
    if (read.size() == 1) info.field = plan_.fields[read[0]].path.text();
  }

  static bool calls_score(const WindowRule& rule) {
    for (const WindowCondition* condition : {&rule.must, &rule.should}) {
      for (const MeasureCall& call : condition->calls) {
        if (call.spec->source == MeasureSource::Score) return true;
      }
    }
    return false;
  }

  /// `score` counts the record rules but `decode`, and the rules of the same windows that do not call it themselves.
  void check_scores() {
    if (plan_.rules.size() > 1) return;
    std::vector<bool> others(plan_.windows.size(), false);
    for (const WindowRule& rule : plan_.window_rules) others[rule.block] = others[rule.block] || !calls_score(rule);
    for (std::size_t i = 0; i < plan_.window_rules.size(); ++i) {
      if (others[plan_.window_rules[i].block] || !calls_score(plan_.window_rules[i])) continue;
      findings_.error(codes::kMeasureArgument, where_[i], "`score` counts the other rules, and there are none",
                      {.label = {}, .help = "it is the share of the rules that hold; its own is not among them"});
    }
  }

  struct When {
    std::shared_ptr<const Predicate> predicate;
    std::vector<std::uint32_t> columns;
  };

  const RuleSet& rules_;
  Plan& plan_;
  const PlanColumns& columns_;
  std::vector<LaterRule>& later_;
  Findings& findings_;
  DriftCompiler drift_;
  std::vector<WrittenConditions> conditions_;
  std::vector<SourceSpan> where_;  // by window rule: its condition
  std::unordered_map<std::string, When> whens_;
};

}  // namespace

std::vector<WrittenConditions> compile_windows(const RuleSet& rules, Plan& plan, const PlanColumns& columns,
                                               const LoadOptions& options, std::vector<LaterRule>& later,
                                               Findings& findings) {
  return WindowCompiler(rules, plan, columns, options, later, findings).run();
}

}  // namespace weir
