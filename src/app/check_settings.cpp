// SPDX-License-Identifier: Apache-2.0
// Reads the arguments of `weir check`.
#include "app/check_settings.h"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <limits>
#include <map>
#include <thread>

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

/// One argument at a time: what one of them lacks is no reason not to judge the others.
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

/// Two outputs in one file, or an output over an input, would destroy something without a word.
Status check_outputs(const CheckSettings& settings) {
  std::map<std::string, std::string> purposes;  // identity -> what it is for
  std::string on_stdout;
  for (const InputPath& input : settings.inputs) purposes[identity_of(input.path)] = "an input";
  purposes[identity_of(settings.rules)] = "the rule file";
  std::vector<std::pair<std::string, std::string>> outputs;
  if (settings.quarantine) outputs.emplace_back(*settings.quarantine, "--quarantine");
  if (settings.clean) outputs.emplace_back(*settings.clean, "--clean");
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

}  // namespace

bool Selector::takes(const RuleInfo& rule) const {
  const auto fits = [this](const std::string& text) { return fnmatch(glob.c_str(), text.c_str(), 0) == 0; };
  switch (kind) {
    case Kind::Id: return fits(rule.id);
    case Kind::Field: return fits(rule.field);
    case Kind::Tag: return std::any_of(rule.tags.begin(), rule.tags.end(), fits);
  }
  return false;
}

std::optional<Format> format_of(const Arguments& arguments) {
  const std::optional<std::string> name = arguments.text("format");
  if (!name) return std::nullopt;
  if (*name == "json") return Format::Json;
  if (*name == "json-array") return Format::JsonArray;
  if (*name == "json-stream") return Format::JsonStream;
  if (*name == "csv") return Format::Csv;
  if (*name == "tsv") return Format::Tsv;
  return Format::Auto;
}

Result<CheckSettings> CheckSettings::from(const Arguments& arguments) {
  CheckSettings settings;
  settings.inputs = inputs_of(arguments.operands());
  if (!arguments.on("rules"))
    return Error{.message = "`weir check` wants --rules FILE", .help = "see: weir check --help"};
  settings.rules = *arguments.text("rules");
  settings.format = format_of(arguments);
  for (const std::string& written : arguments.values("report")) {
    Result<ReportTarget> target = report_target(written);
    if (!target) return target.error();
    settings.reports.push_back(std::move(*target));
  }
  if (arguments.on("github")) settings.reports.push_back({.format = find_report_format("github"), .path = "-"});
  settings.quarantine = arguments.text("quarantine");
  settings.clean = arguments.text("clean");
  for (const std::string_view flag : {"quarantine", "clean"}) {
    // They appear whole or not at all, which a stream cannot.
    if (arguments.text(flag) == "-")
      return Error{.message = "`--" + std::string(flag) + "` wants a file, not standard output"};
  }
  const std::string fail_on = arguments.text("fail-on", "error");
  settings.fail_on = fail_on == "warn" ? FailOn::Warn : fail_on == "never" ? FailOn::Never : FailOn::Error;
  settings.allow_empty = arguments.on("allow-empty");
  settings.all_rules = arguments.on("all-rules");
  settings.quiet = arguments.on("quiet");
  settings.progress = !arguments.on("no-progress") && !settings.quiet;
  settings.batch_records = arguments.count("batch", 0);
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  settings.threads = static_cast<unsigned>(arguments.count("threads", std::min(cores, kThreadsByDefault)));
  if (settings.threads > kThreadsMax) return Error{.message = "`--threads` is at most " + std::to_string(kThreadsMax)};

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

Status CheckSettings::check_selectors() const {
  for (const Selector& selector : *selectors) {
    if (selector.hits == 0) return Error{.message = "no rule fits `--select " + shorten(selector.written, 60) + "`"};
  }
  return Done{};
}

}  // namespace weir
