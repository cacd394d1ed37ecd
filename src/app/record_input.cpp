// SPDX-License-Identifier: Apache-2.0
#include "app/record_input.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "app/check_settings.h"
#include "app/interrupt.h"
#include "files/expand.h"

namespace weir {
namespace {

/// Not a pipe. What is not there is told when it is opened.
bool is_regular(const std::string& path) {
  std::error_code fault;
  if (path == "-") return false;
  return std::filesystem::is_regular_file(path, fault) || !std::filesystem::exists(path, fault);
}

std::uint64_t bytes_of(const Messages& messages) {
  std::uint64_t bytes = 0;
  for (const Message& message : messages.items) bytes += message.bytes.size();
  return bytes;
}

/// A topic is read with the bounds of a plan that judges nothing.
Status read_records(const TopicInput& topic, Instant now, const PayloadForm& payload, const RecordInput::Visit& visit) {
  Plan plan;
  plan.payload = payload;
  TopicReader reader;
  reader.begin = [](const std::string&) {};
  reader.step = [&visit](const Messages& messages) {
    return visit(messages, Format::Json) && InterruptGuard::signal() == 0;
  };
  return read_topic(topic, plan, now, reader);
}

}  // namespace

Result<RecordInput> RecordInput::of_files(const std::vector<std::string>& arguments, Format format,
                                          PayloadForm payload) {
  if (const Status given = check_schema(format, payload); !given) return given.error();
  const Result<std::vector<std::string>> paths = expand_inputs(arguments);
  if (!paths) return paths.error();
  RecordInput input;
  input.format_ = format;
  input.payload_ = std::move(payload);
  for (const std::string& path : *paths) input.files_.push_back({.path = path, .regular = is_regular(path)});
  const std::string only = arguments.size() == 1 ? arguments.front() : "";
  input.name_ = only == "-" ? "standard input" : !only.empty() ? only : std::to_string(paths->size()) + " files";
  return input;
}

RecordInput RecordInput::of_topic(TopicInput topic, Instant now, PayloadForm payload) {
  RecordInput input;
  input.payload_ = std::move(payload);
  input.now_ = now;
  for (const std::string& name : topic.stream.topics.value) input.name_ += (input.name_.empty() ? "" : ", ") + name;
  input.name_ = "topic " + input.name_;
  input.topic_ = std::make_shared<TopicInput>(std::move(topic));
  return input;
}

bool RecordInput::is_repeatable() const noexcept {
  return std::all_of(files_.begin(), files_.end(), [](const File& file) { return file.regular; });
}

Status RecordInput::look(File& file, std::uint64_t most, FieldScan& scan) {
  Result<std::unique_ptr<FileSource>> source = FileSource::open(file.path, {.format = format_});
  if (!source) return source.error();
  std::uint64_t seen = 0;
  bool ended = false;
  while (seen < most && InterruptGuard::signal() == 0) {
    auto block = std::make_unique<Block>();
    const Result<bool> more = (*source)->next(*block);
    if (!more) return more.error();
    ended = !*more;
    if (ended) break;
    (*source)->cut(*block);
    scan.add(block->messages, (*source)->format());
    seen += block->size;
    if (!file.regular) file.kept.push_back(std::move(block));
  }
  seen_whole_ = seen_whole_ && ended;
  if (!file.regular) file.open = *std::move(source);
  return Done{};
}

Result<SeenFields> RecordInput::discover() {
  FieldScan scan(payload_);
  if (topic_) {
    std::uint64_t seen = 0;
    const Status read = read_records(*topic_, now_, payload_, [&](const Messages& messages, Format format) {
      scan.add(messages, format);
      seen += bytes_of(messages);
      seen_whole_ = seen < kLookedAt;
      return seen_whole_;
    });
    if (!read) return read.error();
    return scan.fields(FieldScan::Numbers::Most);
  }
  const std::uint64_t most = kLookedAt / std::max<std::uint64_t>(1, files_.size());
  for (File& file : files_) {
    if (const Status looked = look(file, most, scan); !looked) return looked.error();
  }
  return scan.fields(FieldScan::Numbers::Most);
}

Status RecordInput::read(File& file, const Visit& visit, bool& enough) {
  if (file.spent && !file.regular)
    return Error{.message = "`" + file.path + "` can be read only once", .help = "write it to a file first"};
  file.spent = true;
  std::unique_ptr<FileSource> source = std::move(file.open);
  if (!source) {
    Result<std::unique_ptr<FileSource>> opened = FileSource::open(file.path, {.format = format_});
    if (!opened) return opened.error();
    source = *std::move(opened);
  }
  const auto give = [&](const Messages& messages) {
    enough = !visit(messages, source->format()) || InterruptGuard::signal() != 0;
  };
  for (std::unique_ptr<Block>& block : file.kept) {
    if (!enough) give(block->messages);
    block.reset();
  }
  file.kept.clear();
  Block block;
  while (!enough) {
    const Result<bool> more = source->next(block);
    if (!more) return more.error();
    if (!*more) break;
    source->cut(block);
    give(block.messages);
  }
  return Done{};
}

Status RecordInput::each(const Visit& visit) {
  if (topic_) return read_records(*topic_, now_, payload_, visit);
  bool enough = false;
  for (File& file : files_) {
    if (enough) break;
    if (const Status whole = read(file, visit, enough); !whole) return whole;
  }
  return Done{};
}

}  // namespace weir
