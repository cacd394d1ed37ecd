// SPDX-License-Identifier: Apache-2.0
// Messages of a topic, judged and sent on: whatever key, headers and value hold, every record is in one output, what is passed
// on is what came, what is put aside has headers of bounded size, and its line in a file is one line of JSON. Fields that are
// redacted show nothing.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "base/json_value.h"
#include "files/quarantine_line.h"
#include "rules/load.h"
#include "sinks/record_outlet.h"
#include "weir/engine.h"

namespace {

using namespace weir;

constexpr std::size_t kMostHeaderBytes = 4096;

std::shared_ptr<const Plan> make_plan() {
  const std::string text =
      "weir: 1\nredact: {paths: [secret, kafka.key, kafka.headers.secret]}\nextra_fields: warn\nfields:\n"
      "  a: {max: 8}\n  b: {max_length: 3, on_fail: tag}\n  secret: {max_length: 1}\n  kafka.key: {max_length: 4}\n";
  LoadOptions options;
  options.read_file = [&text](const std::string&) -> Result<std::string> { return text; };
  Loaded loaded = load_rules("rules.yml", options);
  WEIR_ASSERT(loaded.plan != nullptr, "the rules can be read");
  return loaded.plan;
}

/// Hands out pieces of the input: each as long as its first byte says.
class Pieces {
 public:
  explicit Pieces(std::string_view input) : rest_(input) {}
  [[nodiscard]] bool empty() const { return rest_.empty(); }
  std::string_view next() {
    if (rest_.empty()) return "";
    const std::size_t size = std::min<std::size_t>(static_cast<unsigned char>(rest_[0]), rest_.size() - 1);
    const std::string_view piece = rest_.substr(1, size);
    rest_.remove_prefix(size + 1);
    return piece;
  }

 private:
  std::string_view rest_;
};

class OneLog final : public RecordLog {
 public:
  Status start(Listener& /*listener*/) override { return Done{}; }
  void poll(Duration /*wait*/, std::size_t /*most*/, Events& /*out*/) override {}
  Envelope envelope_of(const Fetched& fetched, std::size_t item) override { return fetched.messages.envelopes[item]; }
  void pause(const Partition& /*partition*/) override {}
  void resume(const Partition& /*partition*/) override {}
  Status seek(const Partition& /*partition*/, std::int64_t /*offset*/) override { return Done{}; }
  Result<Bounds> bounds(const Partition& /*partition*/) override { return Bounds{}; }
  Result<std::int64_t> offset_at(const Partition& /*partition*/, Instant /*time*/) override { return std::int64_t{0}; }
  Result<std::vector<Position>> committed(std::span<const Partition> /*partitions*/) override {
    return std::vector<Position>{};
  }
  std::vector<Partition> known_partitions() override { return {}; }
  std::optional<std::int64_t> known_end(const Partition& /*partition*/) override { return std::nullopt; }
  Status commit(std::span<const Position> /*positions*/) override { return Done{}; }
  void close() override {}
};

void check_line(const OwnRecord& record) {
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  for (const auto& [name, value] : record.headers)
    headers.emplace_back(name, value ? std::string_view(*value) : std::string_view());
  OutRecord out;
  if (record.key) out.key = *record.key;
  if (record.value) out.value = *record.value;
  out.headers = headers;
  const std::string line = quarantine_line(out);
  WEIR_ASSERT(line.find_first_of("\r\n") == line.size() - 1, "one line");
  WEIR_ASSERT(parse_json(std::string_view(line).substr(0, line.size() - 1), 1'000).ok(), "of JSON");
}

void check_quarantined(const OwnRecord& record, const Envelope& envelope) {
  std::size_t own = 0;
  for (const auto& [name, value] : record.headers) {
    if (name == "secret") WEIR_ASSERT(!value || *value == "***", "redacted headers show nothing");
    if (!name.starts_with("__weir.")) {
      ++own;
      continue;
    }
    WEIR_ASSERT(value && value->size() <= kMostHeaderBytes, "headers are bounded");
    if (name == "__weir.violations") WEIR_ASSERT(parse_json(*value).ok(), "violations are JSON");
  }
  std::size_t had = 0;
  for (const auto& [name, value] : envelope.headers) had += name.starts_with("__weir.") ? 0 : 1;
  WEIR_ASSERT(own == had, "its own headers are all there");
  WEIR_ASSERT(record.key.has_value() == envelope.has_key && (!record.key || *record.key == "***"),
              "a redacted key shows nothing");
  WEIR_ASSERT(!record.value || parse_json(*record.value, 1'000).ok(), "what could not be read is left out");
  check_line(record);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<const Plan> plan = make_plan();
  Pieces pieces({reinterpret_cast<const char*>(data), size});
  Fetched fetched{.partition = {.topic = "orders", .number = 0}, .messages = {}};
  for (std::uint64_t offset = 0; !pieces.empty() && offset < 8; ++offset) {
    const std::string_view flags = pieces.next();
    const unsigned flag = flags.empty() ? 0 : static_cast<unsigned char>(flags[0]);
    Envelope& envelope = fetched.messages.envelopes.emplace_back();
    envelope.topic = "orders";
    envelope.has_key = (flag & 1U) != 0;
    envelope.tombstone = (flag & 2U) != 0;
    envelope.timestamp_type = static_cast<TimestampType>(flag >> 2U & 1U);
    if (envelope.has_key) envelope.key = pieces.next();
    for (unsigned i = flag >> 3U & 3U; i > 0; --i) {
      const std::string_view name = pieces.next();
      envelope.headers.emplace_back((flag & 32U) != 0 ? std::string_view("secret") : name, pieces.next());
    }
    fetched.messages.items.push_back(
        {.bytes = envelope.tombstone ? std::string_view() : pieces.next(), .offset = offset});
  }
  Engine engine(plan, {.failing_records = true});
  const Outcome outcome = engine.step(fetched.messages, Instant{});
  StreamObserver nobody;
  RecordOutlet outlet(plan, {.clean_topic = "clean"}, nobody);
  OneLog log;
  std::vector<OwnRecord> out;
  outlet.route(fetched, outcome, log, Instant{}, out);
  WEIR_ASSERT(out.size() == fetched.messages.items.size(), "every record is in one output");
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Envelope& envelope = fetched.messages.envelopes[i];
    if (!out[i].clean) {
      check_quarantined(out[i], envelope);
      continue;
    }
    WEIR_ASSERT(out[i].value.has_value() != envelope.tombstone, "a null value stays null");
    WEIR_ASSERT(!out[i].value || *out[i].value == fetched.messages.items[i].bytes, "byte for byte");
    WEIR_ASSERT(out[i].key.has_value() == envelope.has_key && (!out[i].key || *out[i].key == envelope.key), "its key");
  }
  return 0;
}
