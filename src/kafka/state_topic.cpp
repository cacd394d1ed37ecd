// SPDX-License-Identifier: Apache-2.0
// The owner's half of the protocol: to claim and to restore. tests/spin/claims.pml is the same in Promela, step for step.
#include "kafka/state_topic.h"

#include <algorithm>
#include <limits>
#include <random>
#include <thread>
#include <utility>

namespace weir {

namespace {

constexpr int kClaims = 16;           // more than that many owners at the same moment are no accident
constexpr std::size_t kRestored = 2;  // the newest, and the one before
constexpr Duration kBetweenReads = std::chrono::milliseconds(100);
constexpr std::uint64_t kFirstToken = std::uint64_t{1} << 63U;  // apart from those of other writers

std::string random_uuid() {
  std::random_device device;
  std::string out;
  for (int word = 0; word < 4; ++word) {
    const std::uint32_t bits = device();
    for (int shift = 28; shift >= 0; shift -= 4) out += "0123456789abcdef"[bits >> shift & 15U];
  }
  return out;
}

std::string name_of(const Partition& partition) {
  return partition.topic + "[" + std::to_string(partition.number) + "]";
}

}  // namespace

StateTopic::StateTopic(StateTopicOptions options, RecordOut& claims, RecordOut& saves, StateReader& reader)
    : options_(std::move(options)), claims_(claims), saves_(saves), reader_(reader), next_token_(kFirstToken) {
  if (!options_.draw_uuid) options_.draw_uuid = random_uuid;
  if (!options_.wait) options_.wait = [](Duration wait) { std::this_thread::sleep_for(wait); };
}

std::uint64_t StateTopic::incarnation(const Partition& partition) const {
  const auto found = owned_.find(partition);
  return found == owned_.end() ? 0 : found->second.incarnation;
}

Error StateTopic::fenced(const Partition& partition) const {
  return Error{.message = "`" + options_.topic + "`: another instance has claimed " + name_of(partition),
               .code = "fenced",
               .help = "this one has to end; started again it claims anew"};
}

Status StateTopic::read_on(std::int32_t home, std::string_view prefix, View& view) {
  const Result<std::int64_t> next = reader_.read(home, view.next, [&](const StateReader::Record& record) {
    const std::optional<Key> key = kafka::read_key(prefix, record.key);
    if (!key) return;
    view.highest = std::max(view.highest, key->incarnation);
    if (record.value) {
      view.records.insert_or_assign(*key, Found{.offset = record.offset, .value = std::string(*record.value)});
    } else {
      view.records.erase(*key);
    }
  });
  if (!next) return next.error();
  view.next = std::max(view.next, *next);
  return Done{};
}

/// Writes the claim and reads back to it and beyond. A reader of what is committed passes no open transaction, so
/// whatever may still be committed before the claim has been waited for.
Result<StateTopic::Found> StateTopic::claim(Owned& owned, View& view, const std::string& uuid) {
  const Key own{.kind = Key::Kind::Claim, .incarnation = owned.incarnation, .uuid = uuid};
  const Write write_claim{.key = kafka::write_key(owned.prefix, own), .value = ""};
  if (const Status written = write(claims_, owned.home, {&write_claim, 1}); !written) return written.error();
  for (Duration waited{}; waited <= options_.patience; waited += kBetweenReads) {
    if (const Status read = read_on(owned.home, owned.prefix, view); !read) return read.error();
    const auto found = view.records.find(own);
    if (found != view.records.end()) return found->second;
    if (view.highest > owned.incarnation) break;  // a later owner may have cleared it away
    options_.wait(kBetweenReads);
  }
  if (view.highest > owned.incarnation) return Error{.message = "", .code = "fenced"};
  return Error{.message = "`" + options_.topic + "`: a claim cannot be read back; is a transaction left open there?"};
}

Result<std::vector<Snapshot>> StateTopic::restore(const Partition& partition, std::vector<Trouble>& troubles) {
  owned_.erase(partition);
  const Result<std::int32_t> partitions = reader_.partitions();
  if (!partitions) return partitions.error();
  if (*partitions <= 0) return Error{.message = "topic `" + options_.topic + "` has no partitions"};
  Owned owned{.prefix = kafka::prefix_of(options_.stream, partition), .home = partition.number % *partitions};
  View view;
  if (const Status read = read_on(owned.home, owned.prefix, view); !read) return read.error();

  for (int attempt = 0; attempt < kClaims; ++attempt) {
    if (view.highest == std::numeric_limits<std::uint64_t>::max()) break;
    owned.incarnation = view.highest + 1;
    const std::string uuid = options_.draw_uuid();
    const Result<Found> claimed = claim(owned, view, uuid);
    if (!claimed) {
      if (claimed.error().code == "fenced") return fenced(partition);
      return claimed.error();
    }
    bool earlier = false;
    for (const auto& [key, found] : view.records) {
      if (key.kind != Key::Kind::Claim || key.uuid == uuid) continue;
      if (key.incarnation > owned.incarnation && found.offset > claimed->offset) return fenced(partition);
      earlier = earlier || (key.incarnation >= owned.incarnation && found.offset < claimed->offset);
    }
    if (earlier) continue;
    Result<std::vector<Snapshot>> chosen = choose(partition, owned, view, claimed->offset, troubles);
    if (!chosen) return chosen.error();
    for (const auto& [key, found] : view.records) owned.known.insert(key);
    owned.looked_to = view.next;
    owned.seen = view.highest;
    owned_.insert_or_assign(partition, std::move(owned));
    return chosen;
  }
  return Error{.message = "`" + options_.topic + "`: too many instances claim " + name_of(partition) + " at once"};
}

/// A head counts that no claim of a later owner precedes. In transactions the group fences: what is committed counts.
bool StateTopic::counts(const View& view, const Key& head, std::int64_t offset, std::int64_t claimed) const {
  if (offset >= claimed) return false;
  if (options_.in_transaction) return true;
  return std::none_of(view.records.begin(), view.records.end(), [&](const auto& record) {
    const auto& [key, found] = record;
    return key.kind == Key::Kind::Claim && key.incarnation > head.incarnation && found.offset < offset;
  });
}

Result<std::vector<Snapshot>> StateTopic::choose(const Partition& partition, Owned& owned, const View& view,
                                                 std::int64_t claimed, std::vector<Trouble>& troubles) const {
  std::vector<std::pair<std::int64_t, const Key*>> heads;
  for (const auto& [key, found] : view.records) {
    if (key.kind != Key::Kind::Head || !counts(view, key, found.offset, claimed)) continue;
    heads.emplace_back(found.offset, &key);
  }
  std::sort(heads.begin(), heads.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Snapshot> whole;
  for (const auto& [offset, key] : heads) {
    if (whole.size() == kRestored) break;
    Result<Snapshot> snapshot = put_together(partition, view, *key, view.records.at(*key).value);
    if (snapshot) {
      if (whole.empty()) owned.last = *key;
      whole.push_back(std::move(*snapshot));
      continue;
    }
    troubles.push_back({.weight = Trouble::Weight::Passing,
                        .event = "snapshot_damaged",
                        .message = "`" + options_.topic + "`: a snapshot of " + name_of(partition) +
                                   " cannot be read and is left out: " + snapshot.error().message});
  }
  return whole;
}

Result<Snapshot> StateTopic::put_together(const Partition& partition, const View& view, const Key& key,
                                          std::string_view written) {
  const Result<kafka::StateHead> head = kafka::read_head(written);
  if (!head) return head.error();
  std::string compressed;
  for (std::uint64_t chunk = 0; chunk < head->chunks; ++chunk) {
    const auto found = view.records.find(
        Key{.kind = Key::Kind::Chunk, .incarnation = key.incarnation, .save = key.save, .chunk = chunk});
    if (found == view.records.end()) return Error{.message = "a part of it is missing"};
    compressed += found->second.value;
  }
  Result<std::string> state = kafka::decompress_state(compressed, head->bytes);
  if (!state) return state.error();
  return Snapshot{
      .partition = partition, .epoch = head->epoch, .next_offset = head->next_offset, .state = std::move(*state)};
}

}  // namespace weir
