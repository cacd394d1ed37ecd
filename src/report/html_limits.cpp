// SPDX-License-Identifier: Apache-2.0
// Cuts texts and lists, never counts.
#include "report/html_limits.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/escape.h"

namespace weir {

namespace {

void cut(std::string& text, std::size_t code_points) {
  if (text.size() > code_points) text = visible(text, code_points);
}

WindowVerdict shortened(WindowVerdict verdict, const Limits& limits) {
  for (std::string* text : {&verdict.expected, &verdict.cause, &verdict.observed.text}) cut(*text, limits.code_points);
  std::vector<Measured::Item>& values = verdict.observed.values;
  if (values.size() > limits.samples) values.resize(limits.samples);
  for (Measured::Item& item : values) cut(item.text, limits.code_points);
  if (verdict.segment == nullptr) return verdict;
  auto segment = std::make_shared<Segment>(*verdict.segment);
  for (auto& [field, value] : segment->values) {
    cut(field, limits.code_points);
    if (value) cut(*value, limits.code_points);
  }
  verdict.segment = std::move(segment);
  return verdict;
}

/// What `--windows all` adds is for programs that read JSON.
WindowReport shortened(const WindowReport& windows, const Limits& limits) {
  WindowReport copy;
  copy.whole = windows.whole;
  copy.inconclusive = windows.inconclusive;
  if (windows.only) copy.only = shortened(*windows.only, limits);
  for (std::size_t i = 0; i < std::min(limits.samples, windows.samples.size()); ++i) {
    copy.samples.push_back(shortened(windows.samples[i], limits));
  }
  return copy;
}

}  // namespace

Report shortened(const Report& report, const Limits& limits) {
  Report copy;
  copy.version = report.version;
  copy.verdict = report.verdict;
  copy.exit_code = report.exit_code;
  copy.counts = report.counts;
  copy.quarantined = report.quarantined;
  copy.seconds = report.seconds;
  copy.rules_file = report.rules_file;
  cut(copy.rules_file, limits.code_points);
  const std::size_t inputs = std::min(limits.inputs, report.inputs.size());
  for (std::size_t i = 0; i < inputs; ++i) {
    InputReport& input = copy.inputs.emplace_back(report.inputs[i]);
    cut(input.path, limits.code_points);
    cut(input.error, limits.code_points);
    cut(input.stream, limits.code_points);
  }
  for (const RuleReport& rule : report.rules) {
    RuleReport& to = copy.rules.emplace_back();
    to.info = rule.info;
    to.outcome = rule.outcome;
    to.counts = rule.counts;
    to.error = rule.error;
    for (std::string* text : {&to.info.id, &to.info.field, &to.info.check, &to.info.expected, &to.info.description,
                              &to.info.runbook, &to.info.where.file, &to.error}) {
      cut(*text, limits.code_points);
    }
    if (rule.windows) to.windows = shortened(*rule.windows, limits);
    for (std::size_t i = 0; i < std::min(limits.samples, rule.samples.size()); ++i) {
      Sample& sample = to.samples.emplace_back(rule.samples[i]);
      cut(sample.value, limits.code_points);
      cut(sample.reason, limits.code_points);
    }
  }
  return copy;
}

}  // namespace weir
