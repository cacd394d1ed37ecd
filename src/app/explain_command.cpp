// SPDX-License-Identifier: Apache-2.0
// weir explain: an error code, a rule file, one of its rules, or what all of them make of one record, in words.
#include <algorithm>
#include <filesystem>

#include "app/check_settings.h"
#include "app/interrupt.h"
#include "app/progress.h"
#include "app/record_explanation.h"
#include "app/record_explanation_input.h"
#include "app/rule_file.h"
#include "app/telling.h"
#include "base/text.h"
#include "rules/codes.h"
#include "rules/explain.h"

namespace weir {
namespace {

/// "W104", in any case of letters; a file of that name wins.
bool is_code(const std::string& word) {
  const bool shape = word.size() == 4 && (word[0] == 'W' || word[0] == 'w') &&
                     std::all_of(word.begin() + 1, word.end(), [](char c) { return c >= '0' && c <= '9'; });
  std::error_code ignored;
  return shape && !std::filesystem::exists(word, ignored);
}

int explain_one_code(Surroundings& surroundings, std::string code) {
  code[0] = 'W';
  const std::string text = explain_code(code);
  if (text.empty())
    return refuse_usage(surroundings,
                        {.message = "there is no code " + in_quotes(code), .help = "docs/diagnostics.md has them all"});
  print(surroundings.out, text);
  return ExitCode::kHolds;
}

std::vector<std::string_view> ids_of(const Loaded& loaded) {
  std::vector<std::string_view> ids;
  for (const RecordRule& rule : loaded.plan->rules) ids.push_back(rule.info.id);
  for (const WindowRule& rule : loaded.plan->window_rules) ids.push_back(rule.info.id);
  for (const LaterRule& rule : loaded.later) ids.push_back(rule.id);
  return ids;
}

/// With the rule that was meant, when one is near.
Error no_such_rule(const Loaded& loaded, const std::string& path, const std::string& id) {
  const std::string_view meant = nearest(id, ids_of(loaded));
  Error error{.message = "there is no rule " + in_quotes(id) + " in " + in_quotes(path)};
  if (!meant.empty()) error.message += ": did you mean " + in_quotes(meant) + "?";
  error.help = "`weir explain " + path + "` lists the rules";
  return error;
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

int not_found(Surroundings& surroundings, const Error& error) {
  return refuse(surroundings, error, ExitCode::kUnjudged, "nothing to explain");
}

/// Whether the operand is a record: by its form, and that --rules is there to judge it.
std::optional<RecordAddress> record_of(const Arguments& arguments) {
  const std::vector<std::string>& operands = arguments.operands();
  if (operands.size() != 1 || exists(operands[0])) return std::nullopt;
  return parse_record_address(operands[0]);
}

int explain_one_record(const Arguments& arguments, Surroundings& surroundings, const RecordAddress& address) {
  if (!arguments.on("rules"))
    return refuse_usage(surroundings, {.message = "a record is explained by rules: `--rules FILE` is missing",
                                       .help = "see: weir explain --help"});
  Result<LoadOptions> options = load_options(arguments, surroundings);
  if (!options) return refuse_usage(surroundings, options.error());
  std::optional<TopicInput> topic;
  if (!address.topic.empty()) {
    Result<TopicInput> named = topic_named(arguments, surroundings, address.topic);
    if (!named) return refuse_usage(surroundings, named.error());
    topic = *std::move(named);
    options->schemas = topic->schemas;
  }
  Loaded loaded = load_rules(*arguments.text("rules"), *options);
  std::erase_if(loaded.diagnostics, [](const Diagnostic& found) { return found.error.code == codes::kNoEventTime; });
  show_diagnostics(arguments, surroundings, loaded);
  if (!loaded.plan) return refuse_rules(surroundings, count_diagnostics(loaded).errors);
  if (topic) {
    if (const Status fits = check_topic_rules(*topic, loaded); !fits) return refuse_usage(surroundings, fits.error());
  } else if (const Status readable =
                 check_schema(format_of(arguments).value_or(loaded.plan->format), loaded.plan->payload);
             !readable) {
    return refuse_usage(surroundings, readable.error());
  }
  const InterruptGuard guard;
  const Result<FoundRecord> found =
      topic ? find_in_topic(*topic, *loaded.plan, address) : find_in_file(address, *loaded.plan, format_of(arguments));
  if (InterruptGuard::signal() != 0) return 128 + InterruptGuard::signal();
  if (!found) return not_found(surroundings, found.error());
  const RecordExplanation explanation = explain_record(loaded.plan, *found, surroundings.wall_clock());
  print(surroundings.out,
        arguments.on("json")
            ? write_explanation_json(explanation)
            : write_explanation_text(explanation, color_of_out(arguments, surroundings), terminal_width(surroundings)));
  return ExitCode::kHolds;
}

}  // namespace

int run_explain(const Arguments& arguments, Surroundings& surroundings) {
  const std::vector<std::string>& operands = arguments.operands();
  if (operands.size() == 1 && is_code(operands[0])) return explain_one_code(surroundings, operands[0]);
  if (const std::optional<RecordAddress> record = record_of(arguments))
    return explain_one_record(arguments, surroundings, *record);
  if (arguments.on("rules") && !arguments.from_environment("rules") && operands.size() == 1 && !exists(operands[0]))
    return refuse_usage(surroundings, {.message = in_quotes(operands[0]) + " names no record",
                                       .help = "a record is TOPIC/PARTITION/OFFSET or FILE:LINE"});
  const Result<LoadOptions> options = load_options(arguments, surroundings);
  if (!options) return refuse_usage(surroundings, options.error());
  const Loaded loaded = load_rules(operands[0], *options);
  show_diagnostics(arguments, surroundings, loaded);
  if (!loaded.plan) return refuse_rules(surroundings, count_diagnostics(loaded).errors);
  if (arguments.on("ids")) {
    std::string lines;
    for (const std::string_view id : ids_of(loaded)) lines += std::string(id) + "\n";
    print(surroundings.out, lines);
    return ExitCode::kHolds;
  }
  const std::string text = operands.size() == 1 ? explain_rules(loaded) : explain_rule(loaded, operands[1]);
  if (text.empty()) return refuse_usage(surroundings, no_such_rule(loaded, operands[0], operands[1]));
  print(surroundings.out, text);
  return ExitCode::kHolds;
}

}  // namespace weir
