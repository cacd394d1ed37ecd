// SPDX-License-Identifier: Apache-2.0
#include "app/replay_settings.h"

#include <utility>

#include "app/quarantine_input.h"
#include "base/escape.h"
#include "files/expand.h"

namespace weir {
namespace {

Status read_wish(const Arguments& arguments, ReplaySettings& settings) {
  Result<QuarantineFilter> filter = quarantine_filter_of(arguments, settings.now);
  if (!filter) return filter.error();
  ReplayWish& wish = settings.wish;
  wish.filter = *std::move(filter);
  wish.max_replays = arguments.count("max-replays", wish.max_replays);
  wish.again = arguments.on("again");
  wish.into = arguments.text("into");
  return Done{};
}

/// Where records come from, and how to connect.
Status read_place(const Arguments& arguments, const Surroundings& surroundings, ReplaySettings& settings) {
  const bool has_files = !arguments.operands().empty();
  const bool has_topic = arguments.on("topic") && !(has_files && arguments.from_environment("topic"));
  if (has_files && has_topic) return Error{.message = "files and `--topic` exclude each other"};
  if (!has_files && !has_topic) {
    return Error{.message = "no quarantine was named",
                 .help = "weir replay --brokers HOST:PORT --topic TOPIC.quarantine, or weir replay FILE"};
  }
  if (has_topic) {
    // Partitions are of records: marks lie everywhere.
    Result<std::optional<TopicInput>> input = topic_input_of(arguments, surroundings, 0, TimesMean::Records);
    if (!input) return input.error();
    settings.topic = **std::move(input);
    settings.numbers = std::exchange(settings.topic->numbers, {});
    settings.wish.quarantine = settings.topic->stream.topics.value.front();
    if (settings.wish.quarantine.starts_with('^'))
      return Error{.message = "`--topic` wants one topic here, no pattern", .help = "a command for each of them"};
    if (settings.wish.into == settings.wish.quarantine)
      return Error{.message = "`--into` names the quarantine itself: what is sent there would be read again for ever"};
    return Done{};
  }
  if (arguments.on("partitions") && !arguments.from_environment("partitions"))
    return Error{.message = "`--partitions` goes with --topic"};
  for (const std::string& file : arguments.operands()) {
    if (file == "-")
      return Error{.message = "standard input cannot be sent back: beside a file it is noted what was",
                   .help = "write it to a file first"};
  }
  Result<std::vector<std::string>> files = expand_inputs(arguments.operands());
  if (!files) return files.error();
  settings.files = *std::move(files);
  std::erase_if(settings.files, [](const std::string& file) { return file.ends_with(".replayed"); });
  const bool connects = arguments.on("brokers") || arguments.on("config");
  if (!connects && settings.dry_run) return Done{};
  if (!connects)
    return Error{.message = "`--brokers` is missing: where are the topics that records go back to?",
                 .help = "with --dry-run none is needed"};
  Result<TopicInput> input = topic_named(arguments, surroundings, settings.wish.into.value_or("records"));
  if (!input) return input.error();
  settings.topic = *std::move(input);
  settings.topic->stream.from.value = Start{};
  return Done{};
}

}  // namespace

Result<ReplaySettings> replay_settings(const Arguments& arguments, const Surroundings& surroundings) {
  ReplaySettings settings;
  settings.now = surroundings.wall_clock();
  settings.dry_run = arguments.on("dry-run");
  settings.json = arguments.on("json");
  settings.quiet = arguments.on("quiet");
  settings.keep_timestamps = arguments.text("timestamps", "original") == "original";
  if (arguments.on("rate")) settings.rate = arguments.count("rate", 0);
  if (const Status wish = read_wish(arguments, settings); !wish) return wish.error();
  if (const Status place = read_place(arguments, surroundings, settings); !place) return place.error();
  if (arguments.on("recheck") != arguments.on("rules") && !arguments.from_environment("rules")) {
    return arguments.on("recheck")
               ? Error{.message = "`--recheck` wants --rules FILE: by which rules?"}
               : Error{.message = "`--rules` goes with --recheck", .help = "without it nothing is judged again"};
  }
  return settings;
}

std::string command_without(const Arguments& arguments, std::string_view left_out) {
  std::string command = "weir " + std::string(arguments.command().name);
  for (const std::string& operand : arguments.operands()) command += " " + shell_word(operand);
  for (const Flag& flag : arguments.command().flags) {
    if (flag.name == left_out || !arguments.on(flag.name) || arguments.from_environment(flag.name)) continue;
    for (const std::string& value : arguments.values(flag.name)) {
      command += " --" + std::string(flag.name);
      if (flag.kind != FlagKind::Switch) command += " " + shell_word(value);
    }
  }
  return command;
}

}  // namespace weir
