// SPDX-License-Identifier: Apache-2.0
#include "app/quarantine_input.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "app/interrupt.h"
#include "base/escape.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "config/values.h"
#include "files/expand.h"
#include "files/quarantine_line.h"
#include "files/source.h"
#include "quarantine/quarantine_names.h"

namespace weir {
namespace {

constexpr std::string_view kAt = "__weir.at";
constexpr std::uint32_t kLineMost = 256U << 20;  // a record of the largest message that brokers take, in base64
// Of a topic whose broker sets the timestamps: its clock and that of the weir that wrote may differ.
constexpr Duration kClocks = std::chrono::minutes(10);

Result<std::optional<Instant>> time_of(const Arguments& arguments, std::string_view flag, Instant now) {
  const std::optional<std::string> written = arguments.text(flag);
  if (!written) return std::optional<Instant>();
  const std::optional<Start> start = parse_start(*written);
  if (start && start->kind == Start::Kind::Time) return std::optional(start->time);
  if (start && start->kind == Start::Kind::Ago) return std::optional(now - start->ago);
  if (start && start->kind == Start::Kind::Earliest && flag == "from") return std::optional<Instant>();
  return Error{.message = "`--" + std::string(flag) + "` wants a time or -2h, not " + in_quotes(*written)};
}

Status check_stages(const std::vector<std::string>& stages) {
  static constexpr std::string_view kStages[] = {"decode", "record", "time", "late"};
  for (const std::string& stage : stages) {
    if (std::find(std::begin(kStages), std::end(kStages), stage) != std::end(kStages)) continue;
    const std::string_view meant = nearest(stage, kStages);
    return Error{.message = "`--stage` knows no " + in_quotes(stage) +
                            (meant.empty() ? "" : ": did you mean `" + std::string(meant) + "`?"),
                 .help = "stages: decode, record, time, late"};
  }
  return Done{};
}

/// What names the input on a command line, as it was given.
std::string given_words(const Arguments& arguments, std::size_t beside, bool is_topic) {
  std::string words;
  for (std::size_t i = beside; i < arguments.operands().size(); ++i) {
    words += (words.empty() ? "" : " ") + shell_word(visible(arguments.operands()[i]));
  }
  if (!is_topic) return words;
  for (const char* const flag : {"config", "brokers", "topic", "registry", "partitions"}) {
    for (const std::string& value : arguments.values(flag)) {
      words += (words.empty() ? "--" : " --") + std::string(flag) + " " + shell_word(visible(value));
    }
  }
  return words;
}

/// Tells what a line or a message is, and hands on what is meant.
class Sorter {
 public:
  Sorter(const QuarantineInput& input, QuarantineCounts& counts,
         const std::function<bool(QuarantineEntry& entry)>& visit)
      : input_(input), counts_(counts), visit_(visit) {}

  /// False: enough.
  template <class... From>
  bool take(Result<QuarantinedRecord> read, const std::string& where, const From&... from) {
    ++counts_.read;
    if (!read) {
      refuse(read.error(), where);
      return true;
    }
    QuarantineEntry entry(*std::move(read), from...);
    if (entry.is_mark()) {
      ++counts_.marks;
      return visit_(entry);
    }
    ++counts_.records;
    return !input_.filter.takes(entry.record) || visit_(entry);
  }

 private:
  void refuse(const Error& error, const std::string& where) {
    if (error.code == "newer") {
      if (counts_.newer++ == 0) counts_.newer_words = error.message;
    } else if (counts_.strangers++ == 0) {
      counts_.stranger = where;
    }
  }

  const QuarantineInput& input_;
  QuarantineCounts& counts_;
  const std::function<bool(QuarantineEntry& entry)>& visit_;
};

Status read_file(const std::string& path, Sorter& sorter, ProgressLine& progress, const QuarantineCounts& counts,
                 bool& enough) {
  Result<std::unique_ptr<FileSource>> source =
      FileSource::open(path, {.format = Format::Json, .record_max_bytes = kLineMost});
  if (!source) return source.error();
  Block block;
  std::uint64_t lines = 0;
  while (!enough) {
    const Result<bool> more = (*source)->next(block);
    if (!more) return more.error();
    if (!*more) break;
    (*source)->cut(block);
    for (const Message& message : block.messages.items) {
      const std::uint64_t line = lines + message.line;
      Result<QuarantinedRecord> read = read_quarantined_line(message.bytes);
      if (read) read->lies_at = static_cast<std::int64_t>(line);
      enough = !sorter.take(std::move(read), path + " line " + std::to_string(line), message.bytes);
      if (enough) break;
    }
    lines += block.lines;
    progress.show({.input = path,
                   .records = counts.read,
                   .bytes = (*source)->bytes_read(),
                   .bytes_total = (*source)->bytes_total()});
    enough = enough || InterruptGuard::signal() != 0;
  }
  return Done{};
}

/// The registry is not asked: what stands in a quarantine is mostly what nobody could read.
Status read_whole_topic(const QuarantineInput& input, Sorter& sorter, ProgressLine& progress,
                        const QuarantineCounts& counts) {
  TopicInput topic = *input.topic;
  topic.registry.urls.clear();
  if (input.filter.from) {
    topic.stream.from.value = {.kind = Start::Kind::Time, .time = *input.filter.from - kClocks};
  }
  Plan plan;
  plan.record_max_bytes = std::numeric_limits<std::uint32_t>::max();
  std::string partition;
  TopicReader reader;
  reader.begin = [&partition](const std::string& name) { partition = name; };
  reader.step = [&](const Messages& messages) {
    for (std::size_t i = 0; i < messages.items.size(); ++i) {
      const Message& message = messages.items[i];
      const Envelope& envelope = messages.envelopes[i];
      if (!sorter.take(read_quarantined(message, envelope), partition + " offset " + std::to_string(message.offset),
                       message, envelope))
        return false;
    }
    progress.show({.input = partition, .records = counts.read});
    return InterruptGuard::signal() == 0;
  };
  return read_topic(topic, plan, input.now, reader);
}

}  // namespace

bool QuarantineEntry::is_mark() const {
  return record.stage == kReplayedStage;
}

std::string QuarantineEntry::line() const {
  if (message_ == nullptr) return std::string(line_) + "\n";
  OutRecord out;
  if (envelope_->has_key) out.key = envelope_->key;
  if (!envelope_->tombstone) out.value = message_->bytes;
  std::vector<std::pair<std::string_view, std::string_view>> headers = envelope_->headers;
  // A message that lost its header still says when it was written; a line would not.
  const bool timed = std::any_of(headers.begin(), headers.end(), [](const auto& one) { return one.first == kAt; });
  const std::string at = timed || !record.at ? "" : format_timestamp(*record.at);
  if (!at.empty()) headers.emplace_back(kAt, at);
  out.headers = headers;
  return quarantine_line(out);
}

Result<QuarantineFilter> quarantine_filter_of(const Arguments& arguments, Instant now) {
  QuarantineFilter filter{
      .rules = arguments.values("rule"), .ids = arguments.values("id"), .stages = arguments.values("stage")};
  if (const Status known = check_stages(filter.stages); !known) return known.error();
  const Result<std::optional<Instant>> from = time_of(arguments, "from", now);
  if (!from) return from.error();
  const Result<std::optional<Instant>> to = time_of(arguments, "to", now);
  if (!to) return to.error();
  filter.from = *from;
  filter.to = *to;
  return filter;
}

Result<QuarantineInput> quarantine_input_of(const Arguments& arguments, const Surroundings& surroundings,
                                            std::size_t beside) {
  QuarantineInput input;
  input.now = surroundings.wall_clock();
  Result<std::optional<TopicInput>> topic = topic_input_of(arguments, surroundings, beside, TimesMean::Records);
  if (!topic) return topic.error();
  input.topic = *std::move(topic);
  const std::vector<std::string> files(arguments.operands().begin() + static_cast<std::ptrdiff_t>(beside),
                                       arguments.operands().end());
  if (!input.topic && files.empty()) {
    return Error{
        .message = "`weir " + std::string(arguments.command().name) + "` wants FILE..., or --brokers and --topic",
        .help = "see: weir " + std::string(arguments.command().name) + " --help"};
  }
  Result<QuarantineFilter> filter = quarantine_filter_of(arguments, input.now);
  if (!filter) return filter.error();
  input.filter = *std::move(filter);
  input.given = given_words(arguments, beside, input.topic.has_value());
  if (input.topic) {
    for (const std::string& name : input.topic->stream.topics.value)
      input.name += (input.name.empty() ? "topic " : ", ") + name;
    return input;
  }
  Result<std::vector<std::string>> paths = expand_inputs(files);
  if (!paths) return paths.error();
  input.paths = *std::move(paths);
  input.name = input.paths.size() == 1 ? input.paths.front() : std::to_string(input.paths.size()) + " files";
  if (input.name == "-") input.name = "standard input";
  return input;
}

Status read_quarantine(const QuarantineInput& input, ProgressLine& progress, QuarantineCounts& counts,
                       const std::function<bool(QuarantineEntry& entry)>& visit) {
  Sorter sorter(input, counts, visit);
  Status status = Done{};
  if (input.topic) {
    status = read_whole_topic(input, sorter, progress, counts);
  } else {
    bool enough = false;
    for (const std::string& path : input.paths) {
      if (enough || !status) break;
      status = read_file(path, sorter, progress, counts, enough);
    }
  }
  progress.clear();
  return status;
}

Error no_quarantine(const QuarantineInput& input, const QuarantineCounts& counts) {
  constexpr std::string_view kEnding = ".quarantine";
  Error error{.message = "these are no quarantined records: " + visible(input.name)};
  if (!input.topic) {
    error.help = "such files are written by `weir run --quarantine ./FILE` and `weir check --quarantine FILE`";
    return error;
  }
  const std::string& topic = input.topic->stream.topics.value.front();
  if (!topic.ends_with(kEnding)) {
    error.message = "these are no quarantined records; did you mean " + topic + std::string(kEnding) + "?";
  } else {
    error.help = "the first of " + with_commas(counts.strangers) + " is " + counts.stranger;
  }
  return error;
}

std::vector<std::string> unread_words(const QuarantineCounts& counts) {
  std::vector<std::string> words;
  if (counts.newer > 0) {
    words.push_back(with_commas(counts.newer) + (counts.newer == 1 ? " was " : " were ") + counts.newer_words);
  }
  if (counts.strangers > 0) {
    words.push_back(
        with_commas(counts.strangers) +
        (counts.strangers == 1 ? " is no quarantined record: " : " are no quarantined records, the first: ") +
        visible(counts.stranger));
  }
  return words;
}

}  // namespace weir
