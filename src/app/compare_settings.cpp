// SPDX-License-Identifier: Apache-2.0
#include "app/compare_settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <set>

#include "app/check_settings.h"
#include "base/text.h"
#include "drift/registry.h"
#include "files/expand.h"

namespace weir {
namespace {

std::string write_plain(const ComparisonReport& comparison) {
  return write_text(comparison, WriteOptions{.color = false, .width = 100, .all_rules = true});
}

constexpr std::array<ComparisonFormat, 4> kFormats = {{
    {"text", write_plain},
    {"json", write_json},
    {"md", write_markdown},
    {"html", write_html},
}};

Result<ComparisonTarget> target_of(const std::string& written) {
  const std::size_t equals = written.find('=');
  const std::string kind = written.substr(0, equals);
  const auto* const format =
      std::find_if(kFormats.begin(), kFormats.end(), [&](const ComparisonFormat& one) { return one.name == kind; });
  if (format == kFormats.end()) {
    return Error{.message = "`--report` of a comparison has no kind " + in_quotes(kind),
                 .help = "kinds: text, json, md, html"};
  }
  if (equals == std::string::npos || equals + 1 == written.size()) {
    return Error{.message = "`--report` wants KIND=FILE, not " + in_quotes(written),
                 .help = "to standard output: --report " + kind + "=-"};
  }
  return ComparisonTarget{.format = format, .path = written.substr(equals + 1)};
}

Result<std::vector<ComparisonTarget>> targets_of(const Arguments& arguments, const CompareSettings& settings) {
  std::vector<ComparisonTarget> targets;
  std::set<std::string> taken(settings.current.begin(), settings.current.end());
  taken.insert(settings.reference);
  if (settings.rules) taken.insert(*settings.rules);
  for (const std::string& written : arguments.values("report")) {
    Result<ComparisonTarget> target = target_of(written);
    if (!target) return target.error();
    if (!taken.insert(target->path == "-" ? "standard output" : target->path).second)
      return Error{.message = "`--report " + written + "` would overwrite an input or another report"};
    targets.push_back(*std::move(target));
  }
  return targets;
}

Result<std::pair<const DriftSpec*, double>> tolerance_of(const std::string& written) {
  const std::size_t equals = written.find('=');
  const Error wrong{.message = "`--tolerance` wants TEST=NUMBER, such as ks=0.1, not " + in_quotes(written)};
  if (equals == std::string::npos) return wrong;
  const Result<std::vector<const DriftSpec*>> tests = drift_tests_of({written.substr(0, equals)}, "--tolerance");
  if (!tests) return tests.error();
  std::string_view number = std::string_view(written).substr(equals + 1);
  const bool rate = number.ends_with('%');
  if (rate) number.remove_suffix(1);
  double value = 0;
  const auto [stop, fault] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (number.empty() || fault != std::errc() || stop != number.data() + number.size() || !(value >= 0) ||
      !std::isfinite(value))
    return wrong;
  return std::pair{tests->front(), rate ? value / 100 : value};
}

}  // namespace

std::vector<std::string> split_list(std::string_view written) {
  std::vector<std::string> words;
  bool quoted = false;
  std::string word;
  const auto end_word = [&] {
    const std::size_t begin = word.find_first_not_of(' ');
    if (begin != std::string::npos) words.push_back(word.substr(begin, word.find_last_not_of(' ') + 1 - begin));
    word.clear();
  };
  for (const char c : written) {
    if (c == '"') quoted = !quoted;
    c == ',' && !quoted ? end_word() : word.push_back(c);
  }
  end_word();
  return words;
}

std::vector<std::string> listed_values(const Arguments& arguments, std::string_view flag) {
  std::vector<std::string> words;
  for (const std::string& written : arguments.values(flag)) {
    std::vector<std::string> more = split_list(written);
    words.insert(words.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return words;
}

Result<std::vector<const DriftSpec*>> drift_tests_of(const std::vector<std::string>& names, std::string_view flag) {
  std::vector<const DriftSpec*> tests;
  for (const std::string& name : names) {
    const DriftSpec* const spec = find_drift_test(name);
    if (spec != nullptr) {
      if (std::find(tests.begin(), tests.end(), spec) == tests.end()) tests.push_back(spec);
      continue;
    }
    std::vector<std::string_view> known;
    std::string list;
    for (const DriftSpec* one : drift_tests()) {
      known.push_back(one->name);
      list += (list.empty() ? "" : ", ") + std::string(one->name);
    }
    const std::string_view meant = nearest(name, known);
    return Error{.message = "`" + std::string(flag) + "`: there is no drift test " + in_quotes(name) +
                            (meant.empty() ? "" : ": did you mean `" + std::string(meant) + "`?"),
                 .help = "tests: " + list};
  }
  return tests;
}

Status check_paths(const std::vector<std::string>& paths, std::string_view flag) {
  for (const std::string& text : paths) {
    const Result<FieldPath> path = FieldPath::parse(text);
    if (!path) return Error{.message = "`" + std::string(flag) + "`: " + in_quotes(text) + ": " + path.error().message};
  }
  return Done{};
}

std::string Asked::name() const {
  std::string name;
  for (const std::string& path : paths) name += (name.empty() ? "" : ", ") + path;
  return name;
}

Result<CompareSettings> CompareSettings::from(const Arguments& arguments, const Surroundings& surroundings) {
  CompareSettings settings;
  Result<std::optional<TopicInput>> topic = topic_input_of(arguments, surroundings, 1);
  if (!topic) return topic.error();
  settings.topic = *std::move(topic);
  const std::vector<std::string>& operands = arguments.operands();
  settings.reference = operands.front();
  settings.current.assign(operands.begin() + 1, operands.end());
  if (settings.current.empty() && !settings.topic) {
    return Error{.message = "there is nothing to compare " + in_quotes(settings.reference) + " with",
                 .help = "weir compare REF CUR, or weir compare REF --brokers HOST:PORT --topic TOPIC"};
  }
  settings.format = format_of(arguments);
  settings.rules = arguments.text("rules");
  settings.fields = listed_values(arguments, "fields");
  settings.redact = listed_values(arguments, "redact");
  if (const Status fields = check_paths(settings.fields, "--fields"); !fields) return fields.error();
  if (const Status redact = check_paths(settings.redact, "--redact"); !redact) return redact.error();
  std::vector<std::string> names = listed_values(arguments, "test");
  std::erase(names, "auto");
  Result<std::vector<const DriftSpec*>> tests = drift_tests_of(names, "--test");
  if (!tests) return tests.error();
  settings.tests = *std::move(tests);
  for (const std::string& written : listed_values(arguments, "tolerance")) {
    const Result<std::pair<const DriftSpec*, double>> tolerance = weir::tolerance_of(written);
    if (!tolerance) return tolerance.error();
    settings.tolerance.push_back(*tolerance);
  }
  const bool together = std::any_of(settings.tests.begin(), settings.tests.end(),
                                    [](const DriftSpec* spec) { return spec->scope == DriftScope::SeveralFields; });
  if (together && settings.fields.size() < 2) {
    return Error{.message = "`--test`: a test of several fields together needs --fields with two of them or more"};
  }
  settings.fail_on = fail_on_of(arguments);
  settings.quiet = arguments.on("quiet");
  settings.all_fields = arguments.on("all-fields");
  Result<std::vector<ComparisonTarget>> reports = targets_of(arguments, settings);
  if (!reports) return reports.error();
  settings.reports = *std::move(reports);
  return settings;
}

std::vector<Asked> CompareSettings::asked(const Plan* plan, const std::vector<std::string>& found) const {
  std::vector<Asked> all;
  if (plan != nullptr) {
    for (const DriftRule& rule : plan->drift_rules) {
      const WindowRule& window = plan->window_rules[rule.rule];
      Asked one{.paths = rule.paths,
                .tests = tests.empty() ? rule.tests : tests,
                .tolerance = rule.tolerance,
                .rule = window.info.id,
                .severity = window.info.severity,
                .fail_on_empty = window.on_empty == OnEmpty::Fail,
                .any_dependence = rule.any_dependence,
                .when = window.when,
                .when_columns = window.when_columns};
      // What the command line says comes later and wins.
      for (const auto& said : tolerance) {
        std::erase_if(one.tolerance, [&](const auto& other) { return other.first == said.first; });
        one.tolerance.push_back(said);
      }
      const bool wanted = fields.empty() || std::any_of(rule.paths.begin(), rule.paths.end(), [&](const auto& path) {
                            return std::find(fields.begin(), fields.end(), path) != fields.end();
                          });
      if (wanted) all.push_back(std::move(one));
    }
    return all;
  }
  std::vector<const DriftSpec*> single;
  std::vector<const DriftSpec*> several;
  for (const DriftSpec* spec : tests) (spec->scope == DriftScope::SeveralFields ? several : single).push_back(spec);
  if (!single.empty() || several.empty()) {
    for (const std::string& path : fields.empty() ? found : fields)
      all.push_back({.paths = {path}, .tests = single, .tolerance = tolerance});
  }
  if (!several.empty()) all.push_back({.paths = fields, .tests = several, .tolerance = tolerance});
  return all;
}

}  // namespace weir
