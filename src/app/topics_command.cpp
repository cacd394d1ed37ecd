// SPDX-License-Identifier: Apache-2.0
// weir topics: what is there, what is missing, what is there and unfit; and making what is missing.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <thread>

#include "app/command.h"
#include "app/doctor_probes.h"
#include "app/rule_file.h"
#include "app/run_settings.h"
#include "app/topics_plan.h"
#include "base/escape.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "report/columns.h"

namespace weir {
namespace {

constexpr Duration kReach = std::chrono::seconds(5);

/// What the command looks at: the needed topics, and of each what is known of it.
struct TopicView {
  std::vector<NeededTopic> needed;
  std::vector<TopicFacts> facts;                // by index of `needed`, when a broker answered
  std::vector<std::vector<TopicFault>> faults;  // the same
  std::optional<Error> away;
};

/// Rules are looked at only where windows are shared: how long their panes are kept stands there.
Result<std::optional<Config>> read_topics_config(const Arguments& arguments, const Surroundings& surroundings,
                                                 FoundFaults& faults, std::vector<StreamRules>& rules) {
  std::vector<Given> given = given_flags(arguments);
  if (!arguments.on("config")) given.push_back({.key = "stream.rules", .flag = "--rules", .values = {"/dev/null"}});
  const LoadedConfig loaded = load_config({.file = arguments.text("config"),
                                           .given = std::move(given),
                                           .environment = surroundings.environment,
                                           .read_file = read_whole_file,
                                           .read_zone = reader_of_zones(surroundings)});
  faults.add(loaded.diagnostics, loaded.sources);
  if (!loaded.config) return std::optional<Config>();
  const Config& config = *loaded.config;
  std::vector<Diagnostic> unfit;
  for (Error& error : check_settings(kafka_settings(config, config.streams.front())))
    unfit.push_back({.level = DiagnosticLevel::Error, .error = std::move(error)});
  faults.add(unfit, {});
  if (!config.panes_topic.value.empty()) {
    Result<LoadOptions> options = load_options(arguments, surroundings);
    if (!options) return options.error();
    options->schemas = std::make_shared<SchemaBook>();
    for (const StreamConfig& stream : config.streams) {
      rules.push_back(load_stream_rules(stream, *options));
      faults.add(rules.back().diagnostics, rules.back().sources);
    }
  }
  if (faults.errors() > 0) return std::optional<Config>();
  return std::optional<Config>(*loaded.config);
}

KafkaSettings settings_without_names(const Config& config) {
  KafkaSettings settings = kafka_settings(config, config.streams.front());
  settings.group.clear();
  settings.instance.clear();
  return settings;
}

Status describe(KafkaTopics& topics, TopicView& view) {
  std::vector<std::string> names;
  for (const NeededTopic& topic : view.needed) names.push_back(topic.name);
  Result<std::vector<TopicFacts>> facts = topics.describe(names);
  if (!facts) return facts.error();
  view.facts = *std::move(facts);
  view.faults.clear();
  for (std::size_t i = 0; i < view.needed.size(); ++i)
    view.faults.push_back(topic_faults(view.needed[i], view.facts[i], view.needed, view.facts));
  return Done{};
}

Status look(const Config& config, std::span<const StreamRules> rules, Result<std::unique_ptr<KafkaTopics>>& topics,
            TopicView& view) {
  view.needed = needed_topics(config, rules, {});
  if (!topics) return topics.error();
  if (reads_patterns(config)) {
    const Result<std::vector<std::string>> names = (*topics)->names();
    if (!names) return names.error();
    view.needed = needed_topics(config, rules, *names);
  }
  return describe(**topics, view);
}

/// A topic that was made a moment ago has no leaders yet, and not every broker knows of it.
Status describe_made(KafkaTopics& topics, TopicView& view) {
  constexpr int kLooks = 20;
  constexpr auto kPause = std::chrono::milliseconds(150);
  for (int i = 0; i < kLooks; ++i) {
    if (i > 0) std::this_thread::sleep_for(kPause);
    if (const Status looked = describe(topics, view); !looked) return looked;
    const bool settled = std::all_of(view.facts.begin(), view.facts.end(),
                                     [](const TopicFacts& facts) { return facts.exists && facts.leaderless == 0; });
    if (settled) break;
  }
  return Done{};
}

std::string_view state_of(const TopicView& view, std::size_t i) {
  if (view.facts.empty()) return "unknown";
  if (!view.facts[i].exists) return "missing";
  return view.faults[i].empty() ? "there" : "unfit";
}

using Cells = std::vector<std::string>;

/// What is there as it is; what is missing as it would be made, or a dash where only a broker knows.
Cells cells_of(const TopicView& view, std::size_t i) {
  const NeededTopic& topic = view.needed[i];
  Cells cells = {visible(topic.name), std::string(name_of(topic.use)), std::string(state_of(view, i))};
  if (!view.facts.empty() && view.facts[i].exists) {
    const TopicFacts& there = view.facts[i];
    cells.push_back(std::to_string(there.partitions));
    cells.push_back(there.cleanup_policy.empty() ? "?" : visible(there.cleanup_policy));
    cells.push_back(there.retention_ms ? retention_words(*there.retention_ms) : "?");
    cells.push_back(there.max_record_bytes ? with_commas(*there.max_record_bytes) : "?");
    return cells;
  }
  const TopicShape shape = shape_of(topic, view.needed, view.facts);
  const auto of = [&](std::string_view name) {
    const auto found =
        std::find_if(shape.config.begin(), shape.config.end(), [&](const auto& entry) { return entry.first == name; });
    return found == shape.config.end() ? std::string("-") : found->second;
  };
  // What a broker said may be as large as it likes.
  const auto number = [](const std::string& text, auto out) {
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
  };
  cells.push_back(shape.partitions ? std::to_string(*shape.partitions) : "-");
  cells.push_back(visible(of("cleanup.policy")));
  cells.push_back(of("retention.ms") == "-" ? "-" : retention_words(number(of("retention.ms"), std::int64_t{0})));
  cells.push_back(of("max.message.bytes") == "-" ? "-"
                                                 : with_commas(number(of("max.message.bytes"), std::uint64_t{0})));
  return cells;
}

std::string table_of(const TopicView& view) {
  std::vector<Cells> rows = {{"topic", "for", "is", "parts", "cleanup", "kept", "largest"}};
  for (std::size_t i = 0; i < view.needed.size(); ++i) rows.push_back(cells_of(view, i));
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const Cells& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::string text;
  for (const Cells& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += pad_right(row[i], widths[i]) + "  ";
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

/// What is to be done, topic by topic: the commands are those of Kafka's own tools.
std::string remedies_of(const Config& config, const TopicView& view) {
  std::string text;
  bool missing = false;
  for (std::size_t i = 0; i < view.needed.size(); ++i) {
    const NeededTopic& topic = view.needed[i];
    if (!view.facts[i].exists && topic.use == TopicUse::Input) {
      text += "\n" + visible(topic.name) + " is read, and is not there; whoever writes it makes it\n";
      if (!view.facts[i].why_not.empty()) text += "  " + visible(view.facts[i].why_not) + "\n";
    } else if (!view.facts[i].exists) {
      missing = true;
    }
    for (const TopicFault& fault : view.faults[i]) {
      text += "\n" + visible(topic.name) + ": " + visible(fault.what) + "\n  ";
      std::string remedy = fault.remedy;
      const std::size_t space = remedy.find(' ');
      if (remedy.starts_with("kafka-"))
        remedy.insert(space, " --bootstrap-server " + shell_word(config.brokers.value) +
                                 (config.kafka.empty() ? "" : " --command-config client.properties"));
      text += visible(remedy) + "\n";
    }
  }
  const bool untold = std::any_of(view.facts.begin(), view.facts.end(),
                                  [](const TopicFacts& facts) { return facts.exists && facts.cleanup_policy.empty(); });
  if (untold) text += "\n?: not told to this user, and not looked at; allow it DescribeConfigs\n";
  if (missing) text += "\nmade by `weir topics --create`, or as `weir topics --print` shows\n";
  return text;
}

std::string json_of(const TopicView& view) {
  JsonWriter json(true);
  json.begin_object().key("topics").begin_array();
  for (std::size_t i = 0; i < view.needed.size(); ++i) {
    const NeededTopic& topic = view.needed[i];
    json.begin_object().field("name", topic.name).field("for", name_of(topic.use)).field("is", state_of(view, i));
    json.key("origins").begin_array();
    for (const std::string& origin : topic.origins) json.value(origin);
    json.end_array();
    if (!view.facts.empty() && view.facts[i].exists) {
      const TopicFacts& there = view.facts[i];
      json.field("partitions", static_cast<int>(there.partitions)).field("copies", static_cast<int>(there.copies));
      json.field("cleanup_policy", there.cleanup_policy);
      if (there.retention_ms) json.field("retention_ms", *there.retention_ms);
      if (there.max_record_bytes) json.field("max_message_bytes", *there.max_record_bytes);
      json.key("faults").begin_array();
      for (const TopicFault& fault : view.faults[i])
        json.begin_object().field("what", fault.what).field("remedy", fault.remedy).end_object();
      json.end_array();
    } else if (topic.use != TopicUse::Input) {
      const TopicShape shape = shape_of(topic, view.needed, view.facts);
      json.key("would_be").begin_object();
      if (shape.partitions) json.field("partitions", static_cast<int>(*shape.partitions));
      for (const auto& [name, value] : shape.config) json.field(name, value);
      json.end_object();
    }
    json.end_object();
  }
  json.end_array();
  if (view.away) json.field("unreached", view.away->message);
  json.end_object();
  return json.take() + "\n";
}

/// Lines for a shell: what is no command is a comment.
int print_commands(const Config& config, const TopicView& view, std::uint64_t copies, Surroundings& surroundings) {
  std::string text;
  if (view.away) {
    text += "# " + visible(words_of_trouble(view.away->message).first) + "\n";
    text += "# what exists is not known, nor how large the topics are that are read\n";
  }
  std::size_t lines = 0;
  bool open = false;
  for (std::size_t i = 0; i < view.needed.size(); ++i) {
    const NeededTopic& topic = view.needed[i];
    if (topic.use == TopicUse::Input || (!view.facts.empty() && view.facts[i].exists)) continue;
    if (topic.name.starts_with('^') || topic.name.find('^') != std::string::npos) continue;
    const TopicShape shape = shape_of(topic, view.needed, view.facts);
    open = open || !shape.partitions;
    text += visible(create_command(config, topic, shape, copies)) + "\n";
    ++lines;
  }
  if (open) text += "# N: as many as the topic has that is read\n";
  if (lines > 0 && !config.kafka.empty())
    text += "# client.properties: the login of somebody who may make topics, as Kafka's tools read it\n";
  if (lines == 0) text += "# nothing is missing\n";
  print(surroundings.out, text);
  return ExitCode::kHolds;
}

/// Makes what is missing; gives how many could not be made.
std::size_t create_missing(KafkaTopics& topics, const TopicView& view, std::uint64_t copies,
                           Surroundings& surroundings) {
  std::size_t failed = 0;
  for (std::size_t i = 0; i < view.needed.size(); ++i) {
    const NeededTopic& topic = view.needed[i];
    if (topic.use == TopicUse::Input || view.facts[i].exists) continue;
    const TopicShape shape = shape_of(topic, view.needed, view.facts);
    if (!shape.partitions) {
      ++failed;
      print(surroundings.err, "weir: " + visible(topic.name) +
                                  " is not made: how many partitions it needs is known when the topic is there "
                                  "that is read\n");
      continue;
    }
    const Status made = topics.create({.name = topic.name,
                                       .partitions = *shape.partitions,
                                       .copies = copies > 0 ? static_cast<std::int32_t>(copies) : -1,
                                       .config = shape.config});
    if (!made) {
      ++failed;
      print(surroundings.err, "weir: " + visible(made.error().message) + "\n");
      continue;
    }
    std::string line = "made " + topic.name + ": " + counted(static_cast<std::size_t>(*shape.partitions), "partition");
    for (const auto& [name, value] : shape.config) line += ", " + name + "=" + value;
    print(surroundings.err, visible(line) + "\n");
  }
  return failed;
}

int decide_topics(const TopicView& view, Surroundings& surroundings) {
  std::size_t missing = 0;
  std::size_t unfit = 0;
  for (std::size_t i = 0; i < view.needed.size(); ++i) {
    missing += state_of(view, i) == "missing" ? 1 : 0;
    unfit += state_of(view, i) == "unfit" ? 1 : 0;
  }
  const std::string of = " of " + counted(view.needed.size(), "topic");
  if (missing + unfit == 0) {
    print(surroundings.err, "weir: PASS exit=0 (" + counted(view.needed.size(), "topic") + ", all there and fit)\n");
    return ExitCode::kHolds;
  }
  print(surroundings.err,
        "weir: FAIL exit=1 (" + std::to_string(missing) + " missing, " + std::to_string(unfit) + " unfit" + of + ")\n");
  return ExitCode::kFailed;
}

Status check_flags(const Arguments& arguments) {
  const auto both = [&](const char* a, const char* b) { return arguments.on(a) && arguments.on(b); };
  if (both("create", "print")) return Error{.message = "`--create` and `--print` exclude each other"};
  if (both("print", "json")) return Error{.message = "`--print` and `--json` exclude each other"};
  if (arguments.on("copies") && !arguments.from_environment("copies") && !arguments.on("create") &&
      !arguments.on("print"))
    return Error{.message = "`--copies` goes with --create or --print"};
  if (arguments.count("copies", 1) > 32'767) return Error{.message = "`--copies` is at most 32767"};
  return Done{};
}

int refuse_away(Surroundings& surroundings, const Error& error) {
  print(surroundings.err, "weir: " + visible(words_of_trouble(error.message).first) +
                              "\nweir: ERROR exit=3 (no broker could be asked)\n");
  return ExitCode::kUnjudged;
}

}  // namespace

int run_topics(const Arguments& arguments, Surroundings& surroundings) {
  if (const Status checked = check_flags(arguments); !checked) return refuse_usage(surroundings, checked.error());
  FoundFaults faults;
  std::vector<StreamRules> rules;
  const Result<std::optional<Config>> read = read_topics_config(arguments, surroundings, faults, rules);
  if (!read) return refuse_usage(surroundings, read.error());
  if (!faults.diagnostics.empty())
    print(surroundings.err, render(faults.diagnostics, faults.sources, color_of_err(arguments, surroundings)));
  if (!*read) {
    print(surroundings.err, "weir: ERROR exit=2 (" + counted(faults.errors(), "error") +
                                " in the configuration or the rules, nothing was asked)\n");
    return ExitCode::kUsage;
  }
  const Config& config = **read;
  const std::uint64_t copies = arguments.count("copies", 0);
  TopicView view;
  Result<std::unique_ptr<KafkaTopics>> topics = KafkaTopics::connect(settings_without_names(config), kReach);
  if (const Status looked = look(config, rules, topics, view); !looked) view.away = looked.error();
  if (arguments.on("print")) return print_commands(config, view, copies, surroundings);
  if (view.away) {
    if (arguments.on("json")) print(surroundings.out, json_of(view));
    return refuse_away(surroundings, *view.away);
  }
  std::size_t failed = 0;
  if (arguments.on("create")) {
    failed = create_missing(**topics, view, copies, surroundings);
    if (const Status looked = describe_made(**topics, view); !looked) return refuse_away(surroundings, looked.error());
  }
  print(surroundings.out, arguments.on("json") ? json_of(view) : table_of(view) + remedies_of(config, view));
  const int exit = decide_topics(view, surroundings);
  return failed > 0 ? std::max(exit, ExitCode::kFailed) : exit;
}

}  // namespace weir
