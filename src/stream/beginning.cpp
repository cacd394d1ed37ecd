// SPDX-License-Identifier: Apache-2.0
#include "stream/beginning.h"

#include <charconv>

namespace weir {

namespace {

constexpr std::string_view kPrefix = "weir:1:";
constexpr std::int64_t kWhole = INT64_MIN;  // windows miss nothing

}  // namespace

std::string write_note(const PositionNote& note) {
  return std::string(kPrefix) + note.store + ":" + std::to_string(note.epoch);
}

std::optional<PositionNote> read_note(std::string_view metadata) {
  if (!metadata.starts_with(kPrefix)) return std::nullopt;
  metadata.remove_prefix(kPrefix.size());
  const std::size_t colon = metadata.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  PositionNote out;
  out.store = metadata.substr(0, colon);
  const std::string_view epoch = metadata.substr(colon + 1);
  const auto [end, error] = std::from_chars(epoch.data(), epoch.data() + epoch.size(), out.epoch);
  if (error != std::errc() || end != epoch.data() + epoch.size()) return std::nullopt;
  return out;
}

std::string close_state(std::optional<Instant> partial_until, std::string_view engine) {
  std::string out;
  const std::int64_t until = partial_until ? partial_until->time_since_epoch().count() : kWhole;
  for (unsigned shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>(until >> shift & 0xff));
  return out.append(engine);
}

std::optional<std::string_view> open_state(std::string_view state, std::optional<Instant>& partial_until) {
  if (state.size() < sizeof(std::int64_t)) return std::nullopt;
  std::uint64_t until = 0;
  for (unsigned i = 0; i < sizeof until; ++i)
    until |= static_cast<std::uint64_t>(static_cast<unsigned char>(state[i])) << 8 * i;
  partial_until.reset();
  if (static_cast<std::int64_t>(until) != kWhole) partial_until = Instant(Duration(static_cast<std::int64_t>(until)));
  return state.substr(sizeof(std::int64_t));
}

Beginning find_beginning(std::span<const Snapshot> snapshots, const Position& position, const std::string& store,
                         bool exactly_once) {
  Beginning out;
  out.offset = position.offset;
  const std::optional<PositionNote> note = read_note(position.metadata);
  const bool ours = note && note->store == store;
  for (std::size_t i = 0; i < snapshots.size(); ++i) {
    const Snapshot& snapshot = snapshots[i];
    if (exactly_once) {
      if (ours && snapshot.epoch == note->epoch && snapshot.next_offset == position.offset) out.candidates.push_back(i);
      continue;
    }
    // Another store's owner judged what lies between; a person who moved the position is not one.
    const bool passed = note && !ours && position.offset && *position.offset > snapshot.next_offset;
    if (!passed) out.candidates.push_back(i);
  }
  return out;
}

}  // namespace weir
