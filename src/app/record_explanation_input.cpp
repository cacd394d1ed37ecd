// SPDX-License-Identifier: Apache-2.0
#include "app/record_explanation_input.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "app/check_settings.h"
#include "app/interrupt.h"
#include "app/schema_supply.h"
#include "base/text.h"
#include "files/detect.h"

namespace weir {
namespace {

constexpr Duration kWait = std::chrono::milliseconds(200);
constexpr Duration kPatience = std::chrono::seconds(20);

template <class T>
std::optional<T> number_of(std::string_view text) {
  T number{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || fault != std::errc() || end != text.data() + text.size() || text[0] == '-') return std::nullopt;
  return number;
}

bool is_topic_name(std::string_view text) {
  constexpr std::size_t kMost = 249;
  return !text.empty() && text.size() <= kMost && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

std::optional<RecordAddress> topic_address(std::string_view text, char between) {
  const std::size_t last = text.rfind(between);
  if (last == std::string_view::npos || last == 0) return std::nullopt;
  const std::size_t first = text.rfind(between, last - 1);
  if (first == std::string_view::npos) return std::nullopt;
  const auto partition = number_of<std::int32_t>(text.substr(first + 1, last - first - 1));
  const auto offset = number_of<std::int64_t>(text.substr(last + 1));
  if (!partition || !offset || !is_topic_name(text.substr(0, first))) return std::nullopt;
  return RecordAddress{.topic = std::string(text.substr(0, first)), .partition = *partition, .offset = *offset};
}

std::string range_of(const Bounds& bounds) {
  if (bounds.first >= bounds.end) return "it holds no record";
  return "it holds " + with_commas(static_cast<std::uint64_t>(bounds.first)) + " to " +
         with_commas(static_cast<std::uint64_t>(bounds.end - 1));
}

/// Begins the one partition where the record lies, and reads nothing of the others.
class OneRecord final : public RecordLog::Listener {
 public:
  OneRecord(RecordLog& log, const RecordAddress& address) : log_(log), address_(address) {}

  std::vector<std::int64_t> assigned(std::span<const Partition> partitions) override {
    std::vector<std::int64_t> offsets;
    bool there = false;
    for (const Partition& partition : partitions) {
      const bool wanted = partition.number == address_.partition;
      there = there || wanted;
      if (wanted) look_at(partition);
      offsets.push_back(wanted && !fault_ ? address_.offset : 0);
      if (!wanted) others_.push_back(partition);
    }
    if (!there) {
      fault_ =
          Error{.message = "the topic `" + address_.topic + "` has no partition " + std::to_string(address_.partition) +
                           ", it has " + std::to_string(partitions.size()) + ", counted from 0"};
    }
    assigned_ = true;
    return offsets;
  }
  void revoked(std::span<const Partition> /*partitions*/, bool /*lost*/) override {}

  [[nodiscard]] bool is_assigned() const { return assigned_; }
  [[nodiscard]] const std::optional<Error>& fault() const { return fault_; }
  [[nodiscard]] std::vector<Partition> take_others() { return std::exchange(others_, {}); }

 private:
  void look_at(const Partition& partition) {
    const Result<Bounds> bounds = log_.bounds(partition);
    if (!bounds) {
      fault_ = bounds.error();
    } else if (address_.offset < bounds->first || address_.offset >= bounds->end) {
      const bool gone = address_.offset < bounds->first && bounds->first > 0;
      fault_ = Error{.message = "partition " + std::to_string(address_.partition) + " of `" + address_.topic + "` " +
                                (gone ? "no longer holds" : "has no") + " offset " + std::to_string(address_.offset) +
                                ": " + range_of(*bounds)};
    }
  }

  RecordLog& log_;
  const RecordAddress& address_;
  std::vector<Partition> others_;
  std::optional<Error> fault_;
  bool assigned_ = false;
};

/// With bytes of its own: those of the log are gone with its next poll.
FoundRecord copy_of(RecordLog& log, const Fetched& fetched, std::size_t item, const RecordAddress& address) {
  FoundRecord found;
  found.place = address.topic + "/" + std::to_string(address.partition) + "/" + std::to_string(address.offset);
  found.partition = fetched.partition;
  const Message& message = fetched.messages.items[item];
  const Envelope envelope = log.envelope_of(fetched, item);
  found.tombstone = envelope.tombstone;
  found.bytes = std::string(message.bytes) + std::string(Messages::kPadding, '\0');
  found.key = std::string(envelope.key);
  for (const auto& [name, value] : envelope.headers) {
    const bool is_null = value.data() == nullptr;
    found.headers.emplace_back(name, is_null ? std::nullopt : std::optional<std::string>(value));
  }
  found.messages.items.push_back(message);
  found.messages.envelopes.push_back(envelope);
  found.bind();
  return found;
}

}  // namespace

FoundRecord& FoundRecord::operator=(FoundRecord&& other) noexcept {
  place = std::move(other.place);
  partition = std::move(other.partition);
  messages = std::move(other.messages);
  format = other.format;
  tombstone = other.tombstone;
  bytes = std::move(other.bytes);
  key = std::move(other.key);
  headers = std::move(other.headers);
  source = std::move(other.source);
  block = std::move(other.block);
  bind();
  return *this;
}

void FoundRecord::bind() {
  if (messages.envelopes.empty()) return;
  messages.items[0].bytes = std::string_view(bytes).substr(0, messages.items[0].bytes.size());
  Envelope& envelope = messages.envelopes[0];
  envelope.topic = partition.topic;
  envelope.key = key;
  envelope.headers.clear();
  for (const auto& [name, value] : headers)
    envelope.headers.emplace_back(name, value ? std::string_view(*value) : std::string_view());
}

std::optional<RecordAddress> parse_record_address(std::string_view text) {
  if (const auto slashes = topic_address(text, '/')) return slashes;
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos && colon > 0) {
    const auto line = number_of<std::uint64_t>(text.substr(colon + 1));
    if (line && *line > 0) return RecordAddress{.file = std::string(text.substr(0, colon)), .line = *line};
  }
  return topic_address(text, '-');
}

namespace {

Result<FoundRecord> read_one(RecordLog& log, OneRecord& one, const RecordAddress& address, Duration patience) {
  RecordLog::Events events;
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + patience;
  const Error nothing{.message = "there is no record at offset " + std::to_string(address.offset) + " of `" +
                                 address.topic + "`/" + std::to_string(address.partition) +
                                 ": it is a mark of a transaction, part of an aborted one, or compacted away"};
  while (Clock::now() < until) {
    if (InterruptGuard::signal() != 0) return Error{.message = "interrupted"};
    log.poll(kWait, 1'000, events);
    for (const Trouble& trouble : events.troubles) {
      if (trouble.weight != Trouble::Weight::Passing) return Error{.message = trouble.message};
    }
    if (one.fault()) return *one.fault();
    for (const Partition& other : one.take_others()) log.pause(other);
    for (const Fetched& fetched : events.fetched) {
      if (fetched.partition.number != address.partition) continue;
      const std::vector<Message>& items = fetched.messages.items;
      const auto at = static_cast<std::uint64_t>(address.offset);
      const auto found =
          std::find_if(items.begin(), items.end(), [at](const Message& message) { return message.offset >= at; });
      if (found != items.end() && found->offset == at)
        return copy_of(log, fetched, static_cast<std::size_t>(found - items.begin()), address);
      if (found != items.end() || fetched.next_offset > address.offset) return nothing;
    }
    for (const Partition& ended : events.ended) {
      if (ended.number == address.partition) return nothing;
    }
  }
  std::string why = "the record did not come within " + std::to_string(patience / std::chrono::seconds(1)) + " s";
  for (const Readiness& ready : log.readiness()) {
    if (!ready.ok) why += ", " + ready.reason;
  }
  return Error{.message = why};
}

}  // namespace

Result<FoundRecord> find_in_log(RecordLog& log, const RecordAddress& address, Duration patience) {
  OneRecord one(log, address);
  if (const Status started = log.start(one); !started) return started.error();
  Result<FoundRecord> found = read_one(log, one, address, patience);
  log.close();  // it tells its listener, who goes now
  return found;
}

Result<FoundRecord> find_in_topic(const TopicInput& input, const Plan& plan, const RecordAddress& address) {
  Result<std::unique_ptr<RecordLog>> log = open_topic(input, plan, true);
  if (!log) return log.error();
  SchemaSupply schemas(input.registry, input.schemas);
  if (schemas.has_registry()) *log = schemas.gate(*std::move(log), plan, [](const SchemaChange&) {});
  return find_in_log(**log, address, kPatience);
}

Result<FoundRecord> find_in_file(const RecordAddress& address, const Plan& plan, std::optional<Format> format) {
  FoundRecord found;
  FileOptions options{.format = format_to_open(address.file, format, plan.format)};
  options.record_max_bytes = plan.record_max_bytes;
  options.plan = &plan;
  options.whole_rows = true;
  Result<std::unique_ptr<FileSource>> opened = FileSource::open(address.file, options);
  if (!opened) return opened.error();
  found.source = *std::move(opened);
  found.format = found.source->format();
  found.block = std::make_unique<Block>();
  found.place = address.file + ":" + std::to_string(address.line);
  const bool by_number = found.format == Format::Avro || found.format == Format::Parquet;
  const std::string noun = by_number ? "record " : "line ";
  std::uint64_t base = 0;
  std::uint64_t before = 0;  // the last record that was seen
  while (InterruptGuard::signal() == 0) {
    const Result<bool> more = found.source->next(*found.block);
    if (!more) return more.error();
    if (!*more) break;
    found.source->cut(*found.block);
    Messages& messages = found.block->messages;
    for (const Message& message : messages.items) {
      const std::uint64_t line = base + message.line;
      if (line == address.line) {
        found.messages.items = {message};
        found.messages.header = messages.header;
        found.messages.columns = messages.columns;
        return found;
      }
      if (line > address.line) {
        return Error{.message = "no record begins on " + noun + std::to_string(address.line) + " of `" + address.file +
                                "`: the nearest lie on " + (before > 0 ? std::to_string(before) + " and " : "") +
                                std::to_string(line)};
      }
      before = line;
    }
    base += found.block->lines;
  }
  return Error{.message = "`" + address.file + "` has no record on " + noun + std::to_string(address.line) +
                          (before == 0 ? ": it holds none" : ": the last one lies on " + std::to_string(before))};
}

}  // namespace weir
