// SPDX-License-Identifier: Apache-2.0
// Reads the arguments of `weir check`.
#include "app/check_settings.h"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <limits>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "app/command_flags.h"
#include "app/rule_file.h"
#include "base/text.h"
#include "files/expand.h"
#include "weir/fields.h"

namespace weir {
namespace {

constexpr unsigned kThreadsByDefault = 4;  // more only pays on machines that CI does not have
constexpr std::uint64_t kThreadsMax = 256;

std::string joined(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

Result<ReportTarget> report_target(const std::string& written) {
  const std::size_t equals = written.find('=');
  const std::string kind = written.substr(0, equals);
  const ReportFormat* format = find_report_format(kind);
  if (format == nullptr) {
    const std::vector<std::string_view> names = report_format_names();
    const std::string_view meant = nearest(kind, names);
    return Error{.message = "`--report` has no kind " + in_quotes(kind) +
                            (meant.empty() ? "" : ": did you mean `" + std::string(meant) + "`?"),
                 .help = "kinds: " + joined(names)};
  }
  if (equals == std::string::npos || equals + 1 == written.size()) {
    return Error{.message = "`--report` wants KIND=FILE, not " + in_quotes(written),
                 .help = "to standard output: --report " + kind + "=-"};
  }
  return ReportTarget{.format = format, .path = written.substr(equals + 1)};
}

/// The same file under another spelling; a file that does not exist yet has only its name.
std::string identity_of(const std::string& path) {
  std::error_code fault;
  const std::filesystem::path real = std::filesystem::weakly_canonical(std::filesystem::absolute(path, fault), fault);
  return fault ? path : real.string();
}

/// Special files (a terminal, /dev/null) may be named any number of times; a regular file has one purpose.
bool may_be_shared(const std::string& path) {
  std::error_code fault;
  return std::filesystem::exists(path, fault) && !std::filesystem::is_regular_file(path, fault);
}

/// The input files of other streams; a file that cannot be found is told like one of the operands.
Result<std::vector<OtherInput>> others_of(const Arguments& arguments) {
  std::vector<OtherInput> others;
  for (const std::string& written : arguments.values("other")) {
    const std::size_t equals = written.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == written.size()) {
      return Error{.message = "`--other` wants NAME=FILE, not " + in_quotes(written)};
    }
    for (InputPath& path : inputs_of({written.substr(equals + 1)})) {
      others.push_back({.stream = written.substr(0, equals), .path = std::move(path)});
    }
  }
  return others;
}

/// The streams that conditions of the plan look at beside their own.
std::set<std::string> streams_of(const Plan& plan) {
  std::set<std::string> streams;
  for (const WindowRule& rule : plan.window_rules) {
    for (const WindowCondition* condition : {&rule.must, &rule.should}) {
      for (const MeasureCall& call : condition->calls) {
        if (!call.stream.empty()) streams.insert(call.stream);
      }
    }
  }
  return streams;
}

/// A file that is written needs a name.
Result<std::optional<std::string>> file_of(const Arguments& arguments, const std::string& flag) {
  std::optional<std::string> path = arguments.text(flag);
  if (path && (path->empty() || *path == "-")) {
    return Error{.message = "`--" + flag + "` wants a file, not standard output"};
  }
  return path;
}

}  // namespace

std::vector<InputPath> inputs_of(const std::vector<std::string>& operands) {
  std::vector<InputPath> inputs;
  for (const std::string& operand : operands) {
    const Result<std::vector<std::string>> paths = expand_inputs({operand});
    if (!paths) {
      inputs.push_back({.path = operand, .error = paths.error().message});
      continue;
    }
    for (const std::string& path : *paths) inputs.push_back({.path = path});
  }
  return inputs;
}

Status check_outputs(const CheckSettings& settings) {
  std::map<std::string, std::string> purposes;  // identity -> what it is for
  std::string on_stdout;
  for (const InputPath& input : settings.inputs) purposes[identity_of(input.path)] = "an input";
  for (const OtherInput& other : settings.others) purposes[identity_of(other.path.path)] = "an input";
  purposes[identity_of(settings.rules)] = "the rule file";
  std::vector<std::pair<std::string, std::string>> outputs;
  if (settings.quarantine) outputs.emplace_back(*settings.quarantine, "--quarantine");
  if (settings.clean) outputs.emplace_back(*settings.clean, "--clean");
  if (settings.state) outputs.emplace_back(*settings.state, "--state");
  if (settings.summary_out) outputs.emplace_back(*settings.summary_out, "--summary-out");
  for (const ReportTarget& report : settings.reports)
    outputs.emplace_back(report.path, "--report " + std::string(report.format->name));
  for (const auto& [path, purpose] : outputs) {
    if (path == "-") {
      if (!on_stdout.empty()) return Error{.message = on_stdout + " and " + purpose + " both want standard output"};
      on_stdout = purpose;
    } else if (!may_be_shared(path)) {
      const auto [other, added] = purposes.emplace(identity_of(path), purpose);
      if (!added)
        return Error{.message = purpose + " would overwrite " + in_quotes(path) + ", which is " + other->second};
    }
  }
  return Done{};
}

Result<unsigned> threads_of(const Arguments& arguments) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const std::uint64_t threads = arguments.count("threads", std::min(cores, kThreadsByDefault));
  if (threads > kThreadsMax) return Error{.message = "`--threads` is at most " + std::to_string(kThreadsMax)};
  return static_cast<unsigned>(threads);
}

Result<Selector> selector_of(const std::string& written) {
  const std::size_t colon = written.find(':');
  const std::string kind = written.substr(0, colon);
  Selector selector{.kind = Selector::Kind::Id, .glob = "", .written = written};
  if (kind == "field") selector.kind = Selector::Kind::Field;
  if (kind == "tag") selector.kind = Selector::Kind::Tag;
  const bool known = kind == "id" || kind == "field" || kind == "tag";
  if (!known || colon == std::string::npos || colon + 1 == written.size()) {
    return Error{.message = "`--select` wants id:GLOB, field:GLOB or tag:GLOB, not " + in_quotes(written)};
  }
  selector.glob = written.substr(colon + 1);
  return selector;
}

Result<std::uint64_t> samples_of(const Arguments& arguments, std::uint64_t otherwise) {
  const std::optional<std::string> written = arguments.text("failing-rows");
  if (!written) return otherwise;
  if (*written == "all") return std::numeric_limits<std::uint64_t>::max();
  std::uint64_t number = 0;
  const auto [end, fault] = std::from_chars(written->data(), written->data() + written->size(), number);
  if (fault == std::errc() && end == written->data() + written->size()) return number;
  return Error{.message = "`--failing-rows` wants a number or `all`, not " + in_quotes(*written)};
}

Result<std::vector<ReportTarget>> report_targets(const Arguments& arguments) {
  std::vector<ReportTarget> targets;
  for (const std::string& written : arguments.values("report")) {
    Result<ReportTarget> target = report_target(written);
    if (!target) return target.error();
    targets.push_back(std::move(*target));
  }
  if (find_flag(arguments.command(), "github") != nullptr && arguments.on("github"))
    targets.push_back({.format = find_report_format("github"), .path = "-"});
  return targets;
}

FailOn fail_on_of(const Arguments& arguments) {
  const std::string level = arguments.text("fail-on", "error");
  return level == "warn" ? FailOn::Warn : level == "never" ? FailOn::Never : FailOn::Error;
}

bool Selector::takes(const RuleInfo& rule) const {
  const auto fits = [this](const std::string& text) { return fnmatch(glob.c_str(), text.c_str(), 0) == 0; };
  switch (kind) {
    case Kind::Id: return fits(rule.id);
    case Kind::Field: return fits(rule.field);
    case Kind::Tag: return std::any_of(rule.tags.begin(), rule.tags.end(), fits);
  }
  return false;
}

Status check_schema(Format format, const PayloadForm& payload) {
  if (format != Format::Protobuf) return Done{};
  const std::shared_ptr<const SchemaText>& schema = payload.schema;
  const std::string help = "in the rule file: `source: {format: protobuf, schema: orders.proto, message: shop.Order}`";
  if (schema == nullptr)
    return Error{.message = "a Protobuf file says nothing of what is in it: `source.schema` has to name its schema",
                 .help = help};
  if (schema->language == SchemaLanguage::Protobuf) return Done{};
  return Error{.message = "Protobuf is read by a schema of its own, and " + in_quotes(schema->name) + " is none",
               .help = help};
}

std::optional<Format> format_of(const Arguments& arguments) {
  const std::optional<std::string> name = arguments.text("format");
  if (!name) return std::nullopt;
  // Enumerators stand in the order of their names.
  const auto* const at = std::find(flags::kFormats.begin(), flags::kFormats.end(), *name);
  return at == flags::kFormats.end() ? Format::Auto : static_cast<Format>(at - flags::kFormats.begin());
}

Result<CheckSettings> CheckSettings::from(const Arguments& arguments, const Surroundings& surroundings) {
  CheckSettings settings;
  settings.inputs = inputs_of(arguments.operands());
  if (!arguments.on("rules"))
    return Error{.message = "`weir check` wants --rules FILE", .help = "see: weir check --help"};
  Result<std::optional<TopicInput>> topic = topic_input_of(arguments, surroundings);
  if (!topic) return topic.error();
  settings.topic = std::move(*topic);
  if (!settings.topic && settings.inputs.empty())
    return Error{.message = "`weir check` wants FILE..., or --brokers and --topic", .help = "see: weir check --help"};
  settings.rules = *arguments.text("rules");
  settings.format = format_of(arguments);
  Result<std::vector<ReportTarget>> reports = report_targets(arguments);
  if (!reports) return reports.error();
  settings.reports = std::move(*reports);
  Result<std::vector<OtherInput>> others = others_of(arguments);
  if (!others) return others.error();
  settings.others = std::move(*others);
  // They appear whole or not at all, which a stream cannot.
  for (auto [flag, path] : {std::pair("quarantine", &settings.quarantine), std::pair("clean", &settings.clean),
                            std::pair("state", &settings.state), std::pair("summary-out", &settings.summary_out)}) {
    Result<std::optional<std::string>> file = file_of(arguments, flag);
    if (!file) return file.error();
    *path = std::move(*file);
  }
  settings.fail_on = fail_on_of(arguments);
  settings.as_stream = arguments.on("as-stream");
  settings.all_windows = arguments.text("windows", "failing") == "all";
  if (settings.as_stream && settings.topic) {
    return Error{.message = "`--as-stream` and `--topic` exclude each other",
                 .help = "as a stream a topic is judged by: weir run --until-end"};
  }
  if (settings.as_stream && settings.summary_out) {
    return Error{.message = "`--summary-out` and `--as-stream` exclude each other",
                 .help = "a stream judges its windows as it goes: what is left at the end is no summary of the run"};
  }
  settings.allow_empty = arguments.on("allow-empty");
  settings.all_rules = arguments.on("all-rules");
  settings.quiet = arguments.on("quiet");
  settings.progress = !arguments.on("no-progress") && !settings.quiet;
  settings.batch_records = arguments.count("batch", 0);
  const Result<unsigned> threads = threads_of(arguments);
  if (!threads) return threads.error();
  settings.threads = *threads;

  const Result<std::optional<Instant>> now = now_of(arguments);
  if (!now) return now.error();
  settings.now = now.value();
  const Result<std::uint64_t> samples = samples_of(arguments, settings.samples_per_rule);
  if (!samples) return samples.error();
  settings.samples_per_rule = samples.value();
  for (const std::string& path : arguments.values("redact")) {
    if (const Result<FieldPath> field = FieldPath::parse(path); !field) {
      return Error{.message = "`--redact` wants a field, not " + in_quotes(path) + ": " + field.error().message};
    }
    settings.redact.push_back(path);
  }
  settings.selectors = std::make_shared<std::vector<Selector>>();
  for (const std::string& written : arguments.values("select")) {
    Result<Selector> selector = selector_of(written);
    if (!selector) return selector.error();
    settings.selectors->push_back(std::move(*selector));
  }
  if (const Status distinct = check_outputs(settings); !distinct) return distinct.error();
  return settings;
}

void CheckSettings::add_to(LoadOptions& options) const {
  options.redact = redact;
  keep_selected(selectors, options);
}

void keep_selected(const std::shared_ptr<std::vector<Selector>>& selectors, LoadOptions& options) {
  if (selectors->empty()) return;
  options.keep = [chosen = selectors](const RuleInfo& rule) {
    bool kept = false;
    for (Selector& selector : *chosen) {
      if (!selector.takes(rule)) continue;
      ++selector.hits;
      kept = true;
    }
    return kept;
  };
}

Status CheckSettings::check_others(const Plan& plan) const {
  const std::set<std::string> streams = streams_of(plan);
  for (const OtherInput& other : others) {
    if (streams.contains(other.stream)) continue;
    return Error{.message = "no rule compares with the stream `" + shorten(other.stream, 60) + "` of `--other`",
                 .help = "a rule does so with other(\"" + shorten(other.stream, 60) + "\", row_count)"};
  }
  for (const std::string& stream : streams) {
    const auto given = [&](const OtherInput& other) { return other.stream == stream; };
    if (std::any_of(others.begin(), others.end(), given)) continue;
    return Error{.message = "a rule compares with the stream `" + shorten(stream, 60) + "`, which has no input",
                 .help = "give it with --other " + shorten(stream, 60) + "=FILE"};
  }
  return Done{};
}

Status CheckSettings::check_selectors() const {
  for (const Selector& selector : *selectors) {
    if (selector.hits == 0) return Error{.message = "no rule fits `--select " + shorten(selector.written, 60) + "`"};
  }
  return Done{};
}

}  // namespace weir
