// SPDX-License-Identifier: Apache-2.0
// What is produced, what is to become of it, and what came of it.
#include <algorithm>

#include "base/timestamp.h"
#include "rules/load.h"
#include "sim/world.h"
#include "testing/drift_reference.h"

namespace weir::sim {

using namespace std::chrono_literals;

/// Amounts as they come, countries otherwise: whether a window drifts is a matter of its records alone.
static Baseline reference_of_the_world() {
  std::vector<std::string> records;
  for (int i = 0; i < 1'200; ++i) {
    records.push_back("{\"amount\":" + std::to_string(i % 12 == 0 ? 101 + i % 100 : i * 7 % 101) + ",\"land\":\"" +
                      (i % 2 == 0   ? "FI"
                       : i % 3 == 0 ? "SE"
                                    : "DK") +
                      "\"}");
  }
  return testing::baseline_of(records, {"amount", "land"});
}

std::shared_ptr<const Plan> plan_of_the_world() {
  static const std::string yaml = R"(weir: 1
source: {topic: orders, format: json, time: at, out_of_order: 2s}
fields:
  id: {required: true, unique: true}
  amount: {type: integer, max: 100}
  land: {in: [FI, SE, DK], on_fail: tag}
  kind: {not_in: [test], on_fail: drop}
  note: {max_length: 500}
windows:
  - every: 10s
    lateness: 3s
    rules:
      - {must: row_count >= 1}
      - {must: sum(amount) < 1000}
      - {must: distinct(land) < 3}
  - every: 5s
    size: 20s
    lateness: 3s
    late: revise
    rules:
      - {must: row_count >= 1}
      - {must: distinct(id) >= 10}
drift:
  - fields: [amount, land]
    reference: {file: reference.ndjson}
    every: 20s
    lateness: 3s
    over: all
    alert_after: 1 of 1
    clear_after: 1
)";
  LoadOptions options;
  options.read_file = [](const std::string&) -> Result<std::string> { return yaml; };
  options.profile_records = [](const ProfileRequest& /*request*/) -> Result<Baseline> {
    return reference_of_the_world();
  };
  return load_rules("rules.yml", options).plan;
}

void World::produce() {
  if (steady > produce_end_) {
    for (auto& [partition, input] : inputs_) {
      if (input.open) broker.end(*input.open, !input.will_abort);
      input.open.reset();
    }
    return;
  }
  for (const Partition& partition : broker.partitions_of(kTopic)) {
    Input& input = inputs_[partition];
    if (input.due == Duration{}) input.due = steady;
    while (input.due <= steady) {
      input.due += chance.between(Duration(100ms), Duration(1500ms));
      if (input.open && (chance.one_in(4) || steady - input.open->began > 10s)) {
        broker.end(*input.open, !input.will_abort);
        input.open.reset();
      }
      if (setting.input_transactions && !input.open && chance.one_in(4)) {
        input.open = broker.begin(steady);
        input.will_abort = chance.one_in(3);
      }
      produce_one(partition);
    }
  }
}

void World::produce_one(const Partition& partition) {
  Input& input = inputs_[partition];
  Made one;
  one.partition = partition;
  one.aborted = input.open && input.will_abort;
  std::string id = "r" + std::to_string(partition.number) + "-" + std::to_string(input.number++);
  std::string land = chance.of(std::vector<std::string>{"FI", "SE", "DK"});
  std::int64_t amount = chance.between(0, 100);
  std::string kind = "order";
  std::string note;
  one.at = wall() - (chance.one_in(25) ? chance.between(Duration(3s), Duration(40s))
                                       : chance.between(Duration{}, Duration(1900ms)));
  one.late = wall() - one.at > 2s;
  bool decodes = true;
  switch (chance.below(16)) {
    case 0: amount = chance.between(101, 200), one.fate = Made::Fate::Quarantined; break;
    case 1: land = "XX", one.fate = Made::Fate::Tagged; break;
    case 2: kind = "test", one.fate = Made::Fate::Dropped; break;
    case 3: note = std::string(600, 'n'), one.fate = Made::Fate::Quarantined; break;
    case 4: decodes = false, one.fate = Made::Fate::Quarantined; break;
    case 5:
      if (input.ids.empty()) break;
      id = chance.of(input.ids);
      one.fate = Made::Fate::Quarantined;
      one.repeated = true;
      break;
    default: break;
  }
  if (decodes && !one.aborted) input.ids.push_back(id);
  one.key = id;
  one.value = decodes ? "{\"id\":\"" + id + "\",\"at\":\"" + format_timestamp(one.at) +
                            "\",\"amount\":" + std::to_string(amount) + ",\"land\":\"" + land + "\",\"kind\":\"" +
                            kind + "\",\"note\":\"" + note + "\"}"
                      : "{\"id\":" + id;
  Stored record;
  record.key = one.key;
  record.value = one.value;
  one.trace = std::to_string(made.size());
  record.headers = {{"trace", one.trace}};
  record.timestamp = wall();
  one.offset = broker.append(partition, std::move(record), input.open);
  made_by_id_[one.id()] = made.size();
  input.made.push_back(made.size());
  made.push_back(std::move(one));
}

namespace {

std::optional<std::string> header(const Stored& record, std::string_view name) {
  for (const auto& [found, value] : record.headers) {
    if (found == name) return value;
  }
  return std::nullopt;
}

}  // namespace

/// A record of ours came to count.
void World::see(const Partition& partition, const Stored& record) {
  if (partition.topic != kQuarantine && partition.topic != kClean) return;
  const bool clean = partition.topic == kClean;
  const std::optional<std::string> trace = header(record, "trace");
  const auto named = made_by_id_.find(header(record, "__weir.id").value_or(""));
  std::size_t index = made.size();
  if (named != made_by_id_.end()) {
    index = named->second;
  } else if (clean && trace) {
    index = std::stoul(*trace);
  }
  if (index >= made.size()) return broken("a record goes out that nobody produced");
  const Made& one = made[index];
  const std::string id = one.id();
  const bool stub = header(record, "__weir.stub").has_value();
  if (one.aborted) broken("a record was judged that was never committed: " + id);
  const bool failing = one.fate == Made::Fate::Quarantined;
  if (clean && failing && !(one.repeated && state_lost.contains(one.partition)))
    broken("a failing record is in the clean topic: " + id);
  if (!clean && !failing) broken("a record that fails nothing is in the quarantine: " + id);
  if (one.fate == Made::Fate::Dropped) broken("a dropped record goes out: " + id);
  if (clean && (one.fate == Made::Fate::Tagged) != header(record, "__weir.tags").has_value())
    broken("a record is tagged wrongly: " + id);
  if (trace != one.trace && !stub) broken("a header is not the one that came: " + id);
  if (record.key != one.key) broken("the key is not the one that came: " + id);
  if (record.value != one.value && !(stub && !record.value)) broken("the value is not the one that came: " + id);
  const int copies = ++(clean ? cleaned : quarantined)[id];
  if (setting.exactly_once && copies > 1) broken("a record is there twice: " + id);
}

/// A position may pass a record only when it is where it belongs, and a snapshot that far was saved.
void World::hold_positions(const std::vector<Position>& positions) {
  if (inputs_.empty()) return;
  for (const Position& position : positions) {
    const std::int64_t offset = position.offset.value_or(0);
    log("position of " + std::to_string(position.partition.number) + " is " + std::to_string(offset) + " " +
        position.metadata);
    const auto snapshot = saved.find(position.partition);
    if ((snapshot == saved.end() || snapshot->second < offset) && !outclaimed.contains(position.partition))
      broken("the position " + std::to_string(offset) + " of " + std::to_string(position.partition.number) +
             " is ahead of every snapshot");
    Input& input = inputs_[position.partition];
    for (; input.held < input.made.size() && made[input.made[input.held]].offset < offset; ++input.held) {
      const Made& one = made[input.made[input.held]];
      if (is_excused(one) || one.fate == Made::Fate::Dropped) continue;
      const bool there =
          one.fate == Made::Fate::Quarantined ? quarantined.contains(one.id()) : cleaned.contains(one.id());
      if (!there) broken("the position is ahead of a record that went nowhere: " + one.id());
    }
  }
}

}  // namespace weir::sim
