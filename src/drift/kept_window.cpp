// SPDX-License-Identifier: Apache-2.0
#include "drift/kept_window.h"

#include <algorithm>
#include <memory>

#include "base/hash.h"
#include "summary/histogram.h"

namespace weir {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kWindow = 'w';
constexpr std::uint8_t kVote = 'v';
constexpr std::uint8_t kState = 's';
constexpr std::size_t kChecksum = 8;
constexpr std::size_t kMostVotes = 10'000;
constexpr std::int64_t kFar = 400'000'000'000'000'000;  // some 12,000 years

SummaryWriter begin(std::uint8_t kind) {
  SummaryWriter out;
  out.u8(kVersion);
  out.u8(kind);
  return out;
}

std::string seal(SummaryWriter&& out) {
  const std::uint64_t sum = hash_text(out.bytes(), kVersion);
  out.u64(sum);
  return std::move(out).bytes();
}

/// What lies between the head and the checksum, where both are right.
std::optional<std::string_view> open(std::string_view bytes, std::uint8_t kind) {
  if (bytes.size() < 2 + kChecksum) return std::nullopt;
  const std::string_view sealed = bytes.substr(0, bytes.size() - kChecksum);
  SummaryReader sum(bytes.substr(sealed.size()));
  if (sum.u64() != hash_text(sealed, kVersion)) return std::nullopt;
  if (static_cast<std::uint8_t>(sealed[0]) != kVersion || static_cast<std::uint8_t>(sealed[1]) != kind)
    return std::nullopt;
  return sealed.substr(2);
}

void write_instant(SummaryWriter& out, Instant instant) {
  out.signed_varint(instant.time_since_epoch().count());
}

Instant read_instant(SummaryReader& in) {
  const std::int64_t count = in.signed_varint();
  in.require(-kFar <= count && count <= kFar, "a time that no record has");
  return in.ok() ? Instant(Duration(count)) : Instant{};
}

bool read_flag(SummaryReader& in) {
  return in.at_most(1, "a flag") != 0;
}

void write_edges(SummaryWriter& out, const std::vector<double>& edges) {
  out.varint(edges.size());
  for (const double edge : edges) out.f64(edge);
}

Profile::Edges read_edges(SummaryReader& in) {
  auto out = std::make_shared<std::vector<double>>(in.count(Histogram::kMostEdges, 8, "edges"));
  for (double& edge : *out) edge = in.finite();
  for (std::size_t i = 1; i < out->size() && in.ok(); ++i) {
    in.require((*out)[i - 1] <= (*out)[i], "edges out of order");
    in.require(i < 2 || (*out)[i - 2] < (*out)[i], "an edge three times");
  }
  return out;
}

void write_state_of(SummaryWriter& out, const VoteState& state) {
  out.varint(state.last.size());
  for (const VoteState::Vote& vote : state.last) {
    write_instant(out, vote.start);
    out.u8(vote.drifted ? 1 : 0);
  }
  out.u8(state.firing ? 1 : 0);
  write_instant(out, state.since);
  out.varint(state.clean);
  write_instant(out, state.cleared);
}

VoteState read_state_of(SummaryReader& in) {
  VoteState out;
  out.last.resize(in.count(kMostVotes, 2, "votes"));
  for (VoteState::Vote& vote : out.last) {
    vote.start = read_instant(in);
    vote.drifted = read_flag(in);
  }
  out.firing = read_flag(in);
  out.since = read_instant(in);
  out.clean = in.varint();
  out.cleared = read_instant(in);
  return out;
}

bool is_whole(const Profile& profile) {
  if (!profile.edges) return profile.cells.empty();
  if (profile.cells.size() != profile.edges->size() + 1) return false;
  std::uint64_t sum = 0;
  for (const std::uint64_t cell : profile.cells) {
    if (cell > profile.finite - sum) return false;
    sum += cell;
  }
  return sum == profile.finite;
}

}  // namespace

Profile::Edges KeptState::find(std::uint64_t epoch) const {
  for (const Profile::Edges& edges : epochs) {
    if (epoch_of(*edges) == epoch) return edges;
  }
  return nullptr;
}

/// The edges of an epoch are the state's: beside them a window has its counts only.
std::string write_window(const KeptWindow& window) {
  SummaryWriter out = begin(kWindow);
  const bool joint = !window.joint.paths.empty();
  write_instant(out, window.start);
  write_instant(out, window.end);
  out.u8(window.set_aside ? 1 : 0);
  out.u8(window.off_edge ? 1 : 0);
  out.u8(joint ? 1 : 0);
  if (joint) {
    window.joint.write(out);
    return seal(std::move(out));
  }
  out.u64(window.epoch);
  out.u8(window.on_epoch ? 1 : 0);
  if (!window.on_epoch) {
    window.profile.write(out);
    return seal(std::move(out));
  }
  window.profile.write(out, false);
  return seal(std::move(out));
}

std::optional<KeptWindow> read_window(Instant at, std::string_view bytes, const KeptState& state) {
  const std::optional<std::string_view> inner = open(bytes, kWindow);
  if (!inner) return std::nullopt;
  SummaryReader in(*inner);
  KeptWindow out;
  out.at = at;
  out.bytes = bytes.size();
  out.start = read_instant(in);
  out.end = read_instant(in);
  in.require(out.start <= out.end, "a window that ends before it begins");
  out.set_aside = read_flag(in);
  out.off_edge = read_flag(in);
  if (read_flag(in)) {
    out.joint = JointProfile::read(in);
    return in.ok() && in.at_end() ? std::optional(std::move(out)) : std::nullopt;
  }
  out.epoch = in.u64();
  out.on_epoch = read_flag(in);
  if (!in.ok()) return std::nullopt;
  const Profile::Edges edges = out.on_epoch ? state.find(out.epoch) : nullptr;
  if (out.on_epoch && edges == nullptr) return std::nullopt;
  out.profile = Profile::read(in, edges);
  return in.ok() && in.at_end() && is_whole(out.profile) ? std::optional(std::move(out)) : std::nullopt;
}

std::string write_vote(const KeptVote& vote) {
  SummaryWriter out = begin(kVote);
  write_instant(out, vote.start);
  write_instant(out, vote.end);
  out.u8(vote.answered ? 1 : 0);
  out.u8(vote.drifted ? 1 : 0);
  out.u8(vote.set_aside ? 1 : 0);
  write_state_of(out, vote.before);
  out.u64(vote.groups);
  out.varint(vote.counts.size());
  for (const std::uint64_t count : vote.counts) out.varint(count);
  return seal(std::move(out));
}

std::optional<KeptVote> read_vote(Instant at, std::string_view bytes) {
  const std::optional<std::string_view> inner = open(bytes, kVote);
  if (!inner) return std::nullopt;
  SummaryReader in(*inner);
  KeptVote out;
  out.at = at;
  out.start = read_instant(in);
  out.end = read_instant(in);
  out.answered = read_flag(in);
  out.drifted = read_flag(in);
  out.set_aside = read_flag(in);
  out.before = read_state_of(in);
  out.groups = in.u64();
  out.counts.resize(in.count(WindowGroups::kMost, 1, "counts of groups"));
  constexpr std::uint64_t kMostRecords = std::uint64_t{1} << 50;  // that 20 of them add up
  for (std::uint64_t& count : out.counts) count = in.at_most(kMostRecords, "records of a group");
  return in.ok() && in.at_end() ? std::optional(std::move(out)) : std::nullopt;
}

std::string write_state(const KeptState& state) {
  SummaryWriter out = begin(kState);
  out.varint(state.epochs.size());
  for (const Profile::Edges& edges : state.epochs) write_edges(out, *edges);
  state.groups.write(out);
  out.u8(state.anchor ? 1 : 0);
  if (!state.anchor) return seal(std::move(out));
  const Anchor& anchor = *state.anchor;
  write_instant(out, anchor.from);
  write_instant(out, anchor.to);
  out.f64(anchor.design_effect.value_or(0));
  const bool joint = !anchor.joint.paths.empty();
  out.u8(joint ? 1 : 0);
  if (joint) {
    anchor.joint.write(out);
  } else {
    anchor.profile.write(out);
  }
  return seal(std::move(out));
}

std::optional<KeptState> read_state(Instant at, std::string_view bytes) {
  const std::optional<std::string_view> inner = open(bytes, kState);
  if (!inner) return std::nullopt;
  SummaryReader in(*inner);
  KeptState out;
  out.at = at;
  const std::size_t epochs = in.count(KeptState::kEpochs, 1, "epochs");
  for (std::size_t i = 0; i < epochs && in.ok(); ++i) out.epochs.push_back(read_edges(in));
  out.groups = WindowGroups::read(in);
  if (read_flag(in) && in.ok()) {
    Anchor anchor;
    anchor.from = read_instant(in);
    anchor.to = read_instant(in);
    const double design_effect = in.finite();
    if (design_effect >= 1) anchor.design_effect = design_effect;
    if (read_flag(in)) {
      anchor.joint = JointProfile::read(in);
    } else if (in.ok()) {
      anchor.profile = Profile::read(in);
      if (!is_whole(anchor.profile)) return std::nullopt;
    }
    out.anchor = std::move(anchor);
  }
  return in.ok() && in.at_end() ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace weir
