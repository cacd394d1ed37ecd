// SPDX-License-Identifier: Apache-2.0
// Windows over the partitions of several instances: the same as over those of one.
#include "stream/pane_merger.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <deque>
#include <map>
#include <random>
#include <set>

#include "base/timestamp.h"
#include "rules/load.h"

namespace weir {
namespace {

using std::chrono::seconds;

const Instant kStart = *parse_timestamp("2026-01-01T00:00:00Z");

std::shared_ptr<const Plan> plan_of(const std::string& text) {
  LoadOptions options;
  options.read_file = [&text](const std::string&) -> Result<std::string> { return text; };
  const Loaded loaded = load_rules("rules.yml", options);
  CAPTURE(render(loaded.diagnostics, loaded.sources, false));
  REQUIRE(loaded.plan);
  return loaded.plan;
}

std::int32_t one_partition() {
  return 1;
}

const char* const kRules = R"(weir: 1
source: {time: at, out_of_order: 2s}
windows:
  - every: 10s
    lateness: 1s
    segment: [country]
    rules:
      - {id: rows, must: row_count >= 5}
      - {id: total, must: sum(n) >= 100}
      - {id: kinds, must: distinct(n) >= 2}
  - every: 10s
    size: 30s
    lateness: 1s
    rules:
      - {id: slide, must: row_count >= 50}
)";

/// The `panes` topic: one partition, in order.
struct Topic {
  std::vector<std::pair<std::string, std::string>> entries;

  /// Only the last entry of each key stays, with the offset that it has.
  void compact() {
    std::map<std::string, std::size_t> last;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].first != kGone) last[entries[i].first] = i;
    }
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].first != kGone && last[entries[i].first] != i) entries[i] = {kGone, ""};
    }
  }

  inline static const std::string kGone = "gone";
};

class TopicOut final : public RecordOut {
 public:
  explicit TopicOut(Topic& topic) : topic_(topic) {}
  Taken write(const OutRecord& record, std::uint64_t token) override {
    topic_.entries.emplace_back(*record.key, *record.value);
    tokens_.push_back(token);
    return Taken::Yes;
  }
  void poll(std::vector<Delivered>& delivered, std::vector<Trouble>&) override {
    for (const std::uint64_t token : tokens_)
      delivered.push_back({.token = token, .ok = true, .too_large = false, .trouble = {}});
    tokens_.clear();
  }
  bool flush(Duration) override { return true; }

 private:
  Topic& topic_;
  std::vector<std::uint64_t> tokens_;
};

class TopicLog final : public RecordLog {
 public:
  explicit TopicLog(Topic& topic) : topic_(topic) {}
  Status start(Listener& listener) override {
    const std::vector<Partition> mine = {{"panes", 0}};
    next_ = static_cast<std::size_t>(listener.assigned(mine)[0]);
    return Done{};
  }
  void poll(Duration, std::size_t most, Events& out) override {
    out = Events{};
    Fetched fetched;
    fetched.partition = {"panes", 0};
    for (; next_ < topic_.entries.size() && fetched.messages.items.size() < most; ++next_) {
      if (topic_.entries[next_].first == Topic::kGone) continue;
      const auto& [key, value] = held_.emplace_back(topic_.entries[next_]);
      fetched.messages.items.push_back({.bytes = value, .offset = next_});
      Envelope envelope;
      envelope.has_key = true;
      envelope.key = key;
      fetched.messages.envelopes.push_back(envelope);
    }
    fetched.next_offset = static_cast<std::int64_t>(next_);
    if (!fetched.messages.items.empty()) out.fetched.push_back(std::move(fetched));
    if (next_ == topic_.entries.size()) out.ended.push_back({"panes", 0});
  }
  Envelope envelope_of(const Fetched& fetched, std::size_t item) override { return fetched.messages.envelopes[item]; }
  void pause(const Partition&) override {}
  void resume(const Partition&) override {}
  Status seek(const Partition&, std::int64_t) override { return Done{}; }
  Result<Bounds> bounds(const Partition&) override {
    return Bounds{.first = 0, .end = static_cast<std::int64_t>(topic_.entries.size())};
  }
  Result<std::int64_t> offset_at(const Partition&, Instant) override { return std::int64_t{0}; }
  Result<std::vector<Position>> committed(std::span<const Partition>) override { return std::vector<Position>{}; }
  std::vector<Partition> known_partitions() override { return {{"panes", 0}}; }
  std::optional<std::int64_t> known_end(const Partition&) override { return std::nullopt; }
  Status commit(std::span<const Position>) override { return Done{}; }
  void close() override {}

 private:
  Topic& topic_;
  std::size_t next_ = 0;
  std::deque<std::pair<std::string, std::string>> held_;
};

/// What was said of windows: by rule, segment and start, the last time counts.
class Listening final : public StreamObserver {
 public:
  std::map<std::string, std::string> said;
  std::size_t times = 0;
  std::vector<std::string> notes;

  void windows(const WindowOutcome& windows, Instant) override {
    notes.insert(notes.end(), windows.notes.begin(), windows.notes.end());
    for (const WindowVerdict& verdict : windows.verdicts) {
      std::string key = std::to_string(verdict.rule) + " " + format_timestamp(verdict.start);
      if (verdict.segment) {
        for (const auto& [field, value] : verdict.segment->values) key += " " + value.value_or("null");
      }
      said[key] = show(verdict.observed) + " " + std::to_string(static_cast<int>(verdict.verdict)) +
                  (verdict.partial ? " partial" : "") + (verdict.by_clock ? " by clock" : "");
      ++times;
    }
  }
};

std::string record(std::int64_t second, int n, const char* country) {
  return R"({"at":")" + format_timestamp(kStart + seconds(second)) + R"(","n":)" + std::to_string(n) +
         R"(,"country":")" + country + R"("})";
}

struct Instance {
  std::map<Partition, std::unique_ptr<Engine>> engines;
  std::map<Partition, std::uint64_t> incarnations;
  std::unique_ptr<StreamWindows> windows;
  std::unique_ptr<PanePublisher> publisher;
};

struct Group {
  std::shared_ptr<const Plan> plan = plan_of(kRules);
  Topic topic;
  TopicOut out{topic};
  std::vector<Instance> instances;
  std::vector<Partition> partitions;
  std::map<Partition, std::int64_t> offsets;

  explicit Group(int count) {
    for (int i = 0; i < 6; ++i) partitions.push_back({"orders", i});
    instances.resize(static_cast<std::size_t>(count));
    for (Instance& instance : instances) {
      instance.publisher = std::make_unique<PanePublisher>("orders", PanesTopic{"panes", one_partition}, out);
    }
    for (std::size_t i = 0; i < partitions.size(); ++i) give(partitions[i], instances[i % instances.size()], 1, "");
  }

  EngineOptions options() const { return {.now = kStart, .as_stream = true, .all_windows = true, .partition = true}; }

  void give(const Partition& partition, Instance& instance, std::uint64_t incarnation, const std::string& state) {
    auto engine = std::make_unique<Engine>(plan, options());
    if (!state.empty()) REQUIRE(engine->read_state(state).ok());
    instance.engines[partition] = std::move(engine);
    instance.incarnations[partition] = incarnation;
    instance.windows = std::make_unique<StreamWindows>(plan, StreamWindows::Options{.started = kStart});
  }

  void feed(Instance& instance, const Partition& partition, const std::vector<std::string>& lines) {
    Messages messages;
    for (const std::string& line : lines) {
      messages.items.push_back({.bytes = line, .offset = static_cast<std::uint64_t>(offsets[partition]++)});
      Envelope envelope;
      envelope.timestamp = kStart + seconds(86'400);
      messages.envelopes.push_back(envelope);
    }
    (void)instance.engines.at(partition)->step(messages, kStart + seconds(86'400));
  }

  void publish(Instance& instance) {
    std::vector<PanePublisher::Part> parts;
    std::vector<Engine*> engines;
    Instant least = Instant::max();
    for (const auto& [partition, engine] : instance.engines) {
      parts.push_back({.partition = partition,
                       .engine = engine.get(),
                       .incarnation = instance.incarnations.at(partition),
                       .next_offset = offsets[partition],
                       .idle = false});
      engines.push_back(engine.get());
      least = std::min(least, engine->watermark());
    }
    std::vector<Trouble> troubles;
    REQUIRE(instance.publisher->publish(parts, troubles));
    if (least > Instant::min()) {
      for (Engine* const engine : engines) engine->forget_before(least);
    }
  }
};

std::unique_ptr<PaneMerger> merger_of(Group& group, TopicLog& log, PanePublisher& publisher, Listening& listening) {
  auto merger = std::make_unique<PaneMerger>(group.plan,
                                             PaneMerger::Options{.stream = "orders", .topic = {"panes", one_partition}},
                                             log, publisher, listening, [&group] { return group.partitions; });
  REQUIRE(merger->start(kStart, seconds(0)).ok());
  return merger;
}

/// Records of a second, in every partition; nothing is late.
std::vector<std::string> lines_of(std::mt19937& random, std::int64_t second) {
  static const char* const kCountries[] = {"DE", "FR", "IT"};
  std::vector<std::string> out;
  for (std::size_t i = 0; i < 1 + random() % 4; ++i)
    out.push_back(record(second, static_cast<int>(random() % 50), kCountries[random() % 3]));
  return out;
}

TEST_CASE("windows over three instances are those of one, also when a partition moves and the topic is compacted") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    Group three(3);
    Group one(1);
    Listening merged;
    TopicLog log(three.topic);
    PanePublisher marks("orders", {"panes", one_partition}, three.out);
    std::unique_ptr<PaneMerger> merger = merger_of(three, log, marks, merged);

    Listening alone;
    StreamWindows windows(one.plan, {.started = kStart});
    std::map<Partition, std::size_t> owner;
    for (std::size_t i = 0; i < three.partitions.size(); ++i) owner[three.partitions[i]] = i % 3;
    std::uint64_t incarnation = 1;
    for (std::int64_t second = 0; second < 150; ++second) {
      for (const Partition& partition : three.partitions) {
        const std::vector<std::string> lines = lines_of(random, second);
        three.feed(three.instances[owner[partition]], partition, lines);
        one.feed(one.instances[0], partition, lines);
      }
      if (random() % 10 == 0) {  // one partition goes to another instance, with its snapshot
        const Partition moved = three.partitions[random() % three.partitions.size()];
        Instance& from = three.instances[owner[moved]];
        const std::string state = from.engines.at(moved)->write_state();
        const auto before = from.incarnations.at(moved);
        from.engines.erase(moved);
        from.windows = std::make_unique<StreamWindows>(three.plan, StreamWindows::Options{.started = kStart});
        owner[moved] = (owner[moved] + 1) % 3;
        three.give(moved, three.instances[owner[moved]], std::max(++incarnation, before + 1), state);
      }
      for (Instance& instance : three.instances) three.publish(instance);
      if (random() % 7 == 0) three.topic.compact();
      merger->turn(kStart + seconds(second), seconds(second));
      std::vector<Engine*> engines;
      Instant least = Instant::max();
      for (const auto& [partition, engine] : one.instances[0].engines) {
        engines.push_back(engine.get());
        least = std::min(least, engine->watermark());
      }
      alone.windows(windows.close(engines, least, false), kStart);
    }
    for (int i = 1; i < 20; ++i) merger->turn(kStart + seconds(150), seconds(150 + i));
    CHECK(merged.said == alone.said);
    CHECK(merged.said.size() > 50);
  }
}

TEST_CASE("an instance that is ahead of the others takes no window away from them") {
  std::mt19937 random(11);
  Group group(2);
  TopicLog log(group.topic);
  PanePublisher marks("orders", {"panes", one_partition}, group.out);
  Listening listening;
  std::unique_ptr<PaneMerger> merger = merger_of(group, log, marks, listening);
  // The first is done with a stretch before the second has begun it, again and again.
  for (std::int64_t stretch = 0; stretch < 8; ++stretch) {
    for (std::size_t half = 0; half < 2; ++half) {
      for (std::int64_t second = 25 * stretch; second < 25 * (stretch + 1); ++second) {
        for (std::size_t i = half; i < group.partitions.size(); i += 2)
          group.feed(group.instances[half], group.partitions[i], lines_of(random, second));
        group.publish(group.instances[half]);
      }
      merger->turn(kStart + seconds(30 * stretch + 15 * static_cast<std::int64_t>(half)),
                   seconds(30 * stretch + 15 * static_cast<std::int64_t>(half)));
    }
  }
  for (int i = 1; i < 20; ++i) merger->turn(kStart + seconds(300), seconds(300 + i));
  // Nineteen windows of ten seconds are over, each of them for three rules and three countries.
  std::size_t rows = 0;
  for (const auto& [key, value] : listening.said) rows += key.starts_with("0 ") ? 1 : 0;
  CHECK(rows == 19 * 3);
}

TEST_CASE("whoever judges next says nothing again, and goes on where its predecessor stopped") {
  std::mt19937 random(3);
  Group group(2);
  TopicLog log(group.topic);
  PanePublisher marks("orders", {"panes", one_partition}, group.out);
  Listening first;
  std::unique_ptr<PaneMerger> merger = merger_of(group, log, marks, first);
  const auto run = [&](std::int64_t from, std::int64_t to, PaneMerger& judge) {
    for (std::int64_t second = from; second < to; ++second) {
      for (std::size_t i = 0; i < group.partitions.size(); ++i)
        group.feed(group.instances[i % 2], group.partitions[i], lines_of(random, second));
      for (Instance& instance : group.instances) group.publish(instance);
      judge.turn(kStart + seconds(second), seconds(second));
    }
  };
  run(0, 60, *merger);
  CHECK(!first.said.empty());
  group.topic.compact();
  Listening second;
  TopicLog again(group.topic);
  std::unique_ptr<PaneMerger> successor = merger_of(group, again, marks, second);
  successor->turn(kStart + seconds(60), seconds(60));
  CHECK(second.said.empty());
  run(60, 120, *successor);
  CHECK(!second.said.empty());
  for (const auto& [key, value] : second.said) {
    CAPTURE(key);
    CHECK(!first.said.contains(key));
  }
}

TEST_CASE("a partition of which nothing is heard is awaited, and then named") {
  Group group(2);
  TopicLog log(group.topic);
  PanePublisher marks("orders", {"panes", one_partition}, group.out);
  Listening listening;
  std::unique_ptr<PaneMerger> merger = merger_of(group, log, marks, listening);
  std::mt19937 random(5);
  for (std::int64_t second = 0; second < 200; ++second) {
    // The second instance died after twenty seconds.
    for (std::size_t i = 0; i < group.partitions.size(); ++i) {
      if (i % 2 == 1 && second > 20) continue;
      group.feed(group.instances[i % 2], group.partitions[i], lines_of(random, second));
    }
    group.publish(group.instances[0]);
    if (second <= 20) group.publish(group.instances[1]);
    merger->turn(kStart + seconds(second), seconds(second));
    if (second == 130) CHECK(listening.notes.empty());
  }
  REQUIRE(!listening.notes.empty());
  CHECK(listening.notes[0].find("without 3 partitions of which nothing was heard: orders[1] orders[3] orders[5]") !=
        std::string::npos);
  CHECK(std::any_of(listening.said.begin(), listening.said.end(),
                    [](const auto& entry) { return entry.second.find("partial") != std::string::npos; }));
}

}  // namespace
}  // namespace weir
