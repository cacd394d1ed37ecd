// SPDX-License-Identifier: Apache-2.0
// The owner's other half: chunks, heads, the look back, and only then tombstones. Each step waits for the
// acknowledgements of the one before.
#include <algorithm>
#include <utility>

#include "kafka/state_topic.h"

namespace weir {

/// Everything under one key each, acknowledged when it returns.
Status StateTopic::write(RecordOut& out, std::int32_t home, std::span<const Write> writes) {
  constexpr int kRounds = 20;
  const Duration round = options_.answer / kRounds;
  const std::uint64_t first = next_token_;
  next_token_ += writes.size();
  std::size_t taken = 0;
  std::size_t settled = 0;
  std::string fault;
  std::vector<Delivered> delivered;
  std::vector<Trouble> troubles;
  for (int i = 0; i < kRounds && settled < writes.size(); ++i) {
    for (; taken < writes.size(); ++taken) {
      const OutRecord record{
          .topic = options_.topic, .partition = home, .key = writes[taken].key, .value = writes[taken].value};
      const RecordOut::Taken answer = out.write(record, first + taken);
      if (answer == RecordOut::Taken::Full) break;
      if (answer == RecordOut::Taken::TooLarge) {
        return Error{.message = "`" + options_.topic + "` takes no records of " + std::to_string(options_.chunk_bytes) +
                                " bytes: raise max.message.bytes there"};
      }
      i = 0;  // it goes on
    }
    (void)out.flush(round);
    delivered.clear();
    out.poll(delivered, troubles);
    for (const Delivered& one : delivered) {
      if (one.token < first || one.token >= first + writes.size()) continue;  // of an attempt that was given up
      ++settled;
      if (!one.ok) fault = one.trouble.message;
    }
    if (!fault.empty()) return Error{.message = fault};
  }
  if (settled == writes.size()) return Done{};
  const std::string why = troubles.empty() ? "the brokers do not answer" : troubles.back().message;
  return Error{.message = "cannot write to `" + options_.topic + "`: " + why};
}

Status StateTopic::write_chunks(std::vector<Saving>& savings) {
  for (Saving& saving : savings) {
    Result<std::string> compressed = kafka::compress_state(saving.snapshot->state);
    if (!compressed) return compressed.error();
    saving.compressed = std::move(*compressed);
    const std::string_view all = saving.compressed;
    std::vector<Write> writes;
    for (std::size_t at = 0; at < all.size(); at += options_.chunk_bytes) {
      const Key key{.kind = Key::Kind::Chunk,
                    .incarnation = saving.head.incarnation,
                    .save = saving.head.save,
                    .chunk = saving.chunks++};
      saving.owned->known.insert(key);
      writes.push_back(
          {.key = kafka::write_key(saving.owned->prefix, key), .value = all.substr(at, options_.chunk_bytes)});
    }
    if (const Status written = write(saves_, saving.owned->home, writes); !written) return written;
    saving.compressed = {};
  }
  return Done{};
}

Status StateTopic::write_heads(std::span<const Saving> savings) {
  for (const Saving& saving : savings) {
    const std::string head = kafka::write_head({.epoch = saving.snapshot->epoch,
                                                .next_offset = saving.snapshot->next_offset,
                                                .chunks = saving.chunks,
                                                .bytes = saving.snapshot->state.size()});
    saving.owned->known.insert(saving.head);
    const Write one{.key = kafka::write_key(saving.owned->prefix, saving.head), .value = head};
    if (const Status written = write(saves_, saving.owned->home, {&one, 1}); !written) return written;
  }
  return Done{};
}

/// Reads what was written since the last time, one's own records too, up to the end: a claim of somebody else, wherever it
/// stands, means that this owner is one no more.
Status StateTopic::look_back(std::span<const Saving> savings) {
  std::set<std::int32_t> homes;
  for (const Saving& saving : savings) homes.insert(saving.owned->home);
  for (const std::int32_t home : homes) {
    std::vector<Owned*> here;
    for (auto& [partition, owned] : owned_) {
      if (owned.home == home) here.push_back(&owned);
    }
    std::int64_t from = here.front()->looked_to;
    for (const Owned* const owned : here) from = std::min(from, owned->looked_to);
    const Result<std::int64_t> next = reader_.read(home, from, [&](const StateReader::Record& record) {
      for (Owned* const owned : here) {
        if (record.offset < owned->looked_to) continue;
        const std::optional<Key> key = kafka::read_key(owned->prefix, record.key);
        if (!key) continue;
        owned->seen = std::max(owned->seen, key->incarnation);
        if (record.value) {
          owned->known.insert(*key);
        } else {
          owned->known.erase(*key);
        }
      }
    });
    if (!next) return next.error();
    for (Owned* const owned : here) owned->looked_to = std::max(owned->looked_to, *next);
  }
  for (const Saving& saving : savings) {
    if (saving.owned->seen > saving.owned->incarnation) return fenced(saving.snapshot->partition);
  }
  return Done{};
}

/// All but this save and the one before. What cannot be written now is tried again after the next save.
void StateTopic::clear_away(std::span<const Saving> savings) {
  for (const Saving& saving : savings) {
    Owned& owned = *saving.owned;
    const std::optional<Key> before = std::exchange(owned.last, saving.head);
    const auto is_kept = [&](const Key& key) {
      if (key.kind == Key::Kind::Claim) return key.incarnation >= owned.incarnation;
      // The first save that is known to be there: an earlier attempt may be, too, and is all there is to fall back to.
      if (!before && key.incarnation == owned.incarnation) return true;
      const auto is_of = [&](const Key& head) { return key.incarnation == head.incarnation && key.save == head.save; };
      return is_of(saving.head) || (before && is_of(*before));
    };
    for (const Key::Kind kind : {Key::Kind::Head, Key::Kind::Chunk, Key::Kind::Claim}) {
      std::vector<Key> gone;
      std::vector<Write> tombstones;
      for (const Key& key : owned.known) {
        if (key.kind != kind || is_kept(key)) continue;
        gone.push_back(key);
        tombstones.push_back({.key = kafka::write_key(owned.prefix, key), .value = std::nullopt});
      }
      if (tombstones.empty()) continue;
      if (const Status written = write(saves_, owned.home, tombstones); !written) break;
      for (const Key& key : gone) owned.known.erase(key);
    }
  }
}

Status StateTopic::save(std::span<const Snapshot> snapshots) {
  std::vector<Saving> savings;
  for (const Snapshot& snapshot : snapshots) {
    const auto found = owned_.find(snapshot.partition);
    if (found == owned_.end()) {
      return Error{.message = "`" + options_.topic + "`: " + snapshot.partition.topic + "[" +
                              std::to_string(snapshot.partition.number) + "] was not claimed"};
    }
    Owned& owned = found->second;
    savings.push_back({.owned = &owned,
                       .snapshot = &snapshot,
                       .head = {.kind = Key::Kind::Head, .incarnation = owned.incarnation, .save = owned.saves++}});
  }
  if (const Status written = write_chunks(savings); !written) return written;
  if (const Status written = write_heads(savings); !written) return written;
  // In a transaction nothing of it can be read yet; there, the commit fails when the partition is somebody else's.
  if (!options_.in_transaction) {
    if (const Status alone = look_back(savings); !alone) return alone;
  }
  clear_away(savings);
  return Done{};
}

}  // namespace weir
