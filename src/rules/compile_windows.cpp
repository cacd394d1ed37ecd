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
  WindowCompiler(const RuleSet& rules, const FileReferences& references, Plan& plan, const PlanColumns& columns,
                 const LoadOptions& options, Findings& findings)
      : rules_(rules),
        references_(references),
        plan_(plan),
        columns_(columns),
        findings_(findings),
        drift_(plan, columns, options, findings) {}

  std::vector<WrittenConditions> run() {
    plan_.time = rules_.time;
    if (rules_.time_path) plan_.time.column = static_cast<std::int32_t>(columns_.column(*rules_.time_path));
    for (const WrittenBlock& block : rules_.windows) add_block(block);
    for (const WrittenWindowRule& rule : rules_.window_rules) add_rule(rule);
    check_scores();
    bind_distances();
    const std::vector<std::string> compared = columns_.compared();
    for (const std::string& path : compared) static_cast<void>(drift_of(path));
    drift_.read_references(conditions_);
    note_references();
    for (const std::string& path : compared) {
      const std::int32_t drift = drift_of(path);
      if (drift >= 0) columns_.compare(path, plan_.drift_rules[static_cast<std::size_t>(drift)]);
    }
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
    const auto number = static_cast<std::int32_t>(&written - rules_.window_rules.data());
    if (columns_.kept(rule.info)) {
      push_drift(number, what, std::move(rule), std::move(drift));
    } else if (drift.reference.kind == DriftReference::Kind::File) {
      left_out_.emplace(number, LeftOut{.what = &what, .rule = std::move(rule), .drift = std::move(drift)});
    }
  }

  void push_drift(std::int32_t number, const WrittenDrift& what, WindowRule rule, DriftRule drift) {
    const auto index = static_cast<std::uint32_t>(plan_.drift_rules.size());
    drifts_.emplace(number, static_cast<std::int32_t>(index));
    where_.push_back(rule.info.where);
    rule.drift = static_cast<std::int32_t>(index);
    drift.rule = static_cast<std::uint32_t>(plan_.window_rules.size());
    plan_.drift_rules.push_back(std::move(drift));
    plan_.window_rules.push_back(std::move(rule));
    conditions_.emplace_back();
    drift_.want(index, what);
  }

  /// The rule of the plan that has the reference of the field, taken in again where --select left it out: a distance that is
  /// judged needs it. -1: none, which was told.
  std::int32_t drift_of(const std::string& path) {
    const std::int32_t number = references_.find(path);
    const auto left_out = left_out_.find(number);
    if (left_out != left_out_.end()) {
      LeftOut taken = std::move(left_out->second);
      left_out_.erase(left_out);
      push_drift(number, *taken.what, std::move(taken.rule), std::move(taken.drift));
    }
    const auto known = drifts_.find(number);
    return known == drifts_.end() ? -1 : known->second;
  }

  void bind_distances() {
    for (std::size_t i = 0; i < plan_.window_rules.size(); ++i) {
      for (WindowCondition WindowRule::*const side : {&WindowRule::must, &WindowRule::should}) {
        for (std::size_t k = 0; k < (plan_.window_rules[i].*side).calls.size(); ++k) {
          const MeasureCall& call = (plan_.window_rules[i].*side).calls[k];
          if (call.spec->source != MeasureSource::Drift || call.columns.empty()) continue;
          const std::int32_t drift = drift_of(plan_.fields[call.columns[0]].path.text());  // may move the rules
          (plan_.window_rules[i].*side).calls[k].drift = drift;
        }
      }
    }
  }

  /// What a distance is measured from is part of what its rule means.
  void note_references() {
    for (std::size_t i = 0; i < plan_.window_rules.size(); ++i) {
      const WindowRule& rule = plan_.window_rules[i];
      for (const WindowCondition* condition : {&rule.must, &rule.should}) {
        for (const MeasureCall& call : condition->calls) {
          if (call.drift < 0) continue;
          conditions_[i].reference +=
              conditions_[plan_.drift_rules[static_cast<std::size_t>(call.drift)].rule].reference;
        }
      }
    }
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
    check_calls(out.calls, rules_.windows[rule.block].block, *node, plan_, references_, columns_, findings_);
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

  /// A drift rule that --select left out.
  struct LeftOut {
    const WrittenDrift* what = nullptr;
    WindowRule rule;
    DriftRule drift;
  };
  struct When {
    std::shared_ptr<const Predicate> predicate;
    std::vector<std::uint32_t> columns;
  };

  const RuleSet& rules_;
  const FileReferences& references_;
  Plan& plan_;
  const PlanColumns& columns_;
  Findings& findings_;
  DriftCompiler drift_;
  std::vector<WrittenConditions> conditions_;
  std::vector<SourceSpan> where_;  // by window rule: its condition
  std::unordered_map<std::string, When> whens_;
  std::unordered_map<std::int32_t, std::int32_t> drifts_;  // by index of RuleSet::window_rules: index of the plan
  std::unordered_map<std::int32_t, LeftOut> left_out_;
};

}  // namespace

std::vector<WrittenConditions> compile_windows(const RuleSet& rules, const FileReferences& references, Plan& plan,
                                               const PlanColumns& columns, const LoadOptions& options,
                                               Findings& findings) {
  return WindowCompiler(rules, references, plan, columns, options, findings).run();
}

}  // namespace weir
