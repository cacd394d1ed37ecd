// SPDX-License-Identifier: Apache-2.0
// Fills, merges and writes panes.
#include "windows/pane.h"

#include <algorithm>
#include <array>

#include "windows/telling_rows.h"

namespace weir {

namespace {

std::uint64_t count_in(const Mask& mask, std::span<const std::uint32_t> rows) {
  if (rows.size() == mask.size()) return mask.count();
  std::uint64_t n = 0;
  for (const std::uint32_t row : rows) n += mask[row] ? 1U : 0U;
  return n;
}

/// The elements of a repeated column that belong to the rows.
std::span<const std::uint32_t> elements_of(const BatchView& view, std::uint32_t column,
                                           std::span<const std::uint32_t> rows) {
  if (!view.batch->columns[column].repeated()) return rows;
  const std::vector<std::uint32_t>& first = view.elements[column];
  view.room.clear();
  for (const std::uint32_t row : rows) {
    for (std::uint32_t element = first[row]; element < first[row + 1]; ++element) view.room.push_back(element);
  }
  return view.room;
}

void add_span(Pane::Span& span, const BatchView& view, std::span<const std::uint32_t> rows) {
  span.rows += rows.size();
  for (const std::uint32_t row : rows) {
    if (!(*view.timed)[row]) continue;
    ++span.timed;
    span.first = std::min(span.first, view.times[row]);
    span.last = std::max(span.last, view.times[row]);
  }
}

void add_tally(Tally& tally, const TallyNeed& need, const BatchView& view, std::span<const std::uint32_t> rows) {
  if (need.rule != TallyNeed::kNone) {
    const auto rule = static_cast<std::size_t>(need.rule);
    if (view.evaluated[rule].size() == 0) return;  // rules do not judge the records of other streams
    tally.known += count_in(view.evaluated[rule], rows);
    tally.hits += count_in(view.failing[rule], rows);
    return;
  }
  const Truth& truth = view.filters[static_cast<std::size_t>(need.filter)];
  tally.known += rows.size() - count_in(truth.unknown, rows) - count_in(truth.error, rows);
  tally.hits += count_in(truth.yes, rows);
}

void add_schema(SchemaSummary& schema, const BatchView& view, std::span<const std::uint32_t> rows) {
  schema.add_records(rows.size());
  if (view.first_seen.empty()) return;
  for (const std::uint32_t row : rows) {
    for (std::uint32_t i = view.first_seen[row]; i < view.first_seen[row + 1]; ++i) {
      const SeenField& seen = view.batch->seen_fields[i];
      schema.add(seen.name, seen.position, seen.kind);
    }
  }
}

constexpr Instant kEarliest{std::chrono::sys_days(std::chrono::year(-9999) / 1 / 1)};
constexpr Instant kLatest{std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1)};

bool is_possible(const Pane::Span& span) {
  return kEarliest <= span.first && span.first <= span.last && span.last < kLatest;
}

/// The rows of each group that the filter lets through; groups without any are left out.
void keep_passed(const BatchView& view, const Mask& yes, std::span<const PaneRows> groups,
                 std::vector<PaneRows>& filtered) {
  filtered.clear();
  view.passed.clear();
  view.passed.reserve(view.batch->size());  // spans point into it: it must not move
  for (const PaneRows& group : groups) {
    const std::size_t begin = view.passed.size();
    for (const std::uint32_t row : group.rows) {
      if (yes[row]) view.passed.push_back(row);
    }
    const std::size_t size = view.passed.size() - begin;
    if (size > 0) filtered.push_back({.pane = group.pane, .rows = std::span(view.passed).subspan(begin, size)});
  }
}

/// Visits each pane. The panes to come are on their way from memory already: each of the steps asks for a part of them, and
/// finds that of the steps before it there.
template <class Visit, class... Step>
void each(std::span<const PaneRows> groups, Visit visit, Step... steps) {
  constexpr std::size_t kApart = 10;  // panes between two steps
  for (std::size_t i = 0; i < groups.size(); ++i) {
    std::size_t ahead = i + sizeof...(steps) * kApart;
    const auto take = [&](auto step) {
      if (ahead < groups.size()) step(*groups[ahead].pane);
      ahead -= kApart;
    };
    (take(steps), ...);
    visit(*groups[i].pane, groups[i].rows);
  }
}

void fetch(const void* at) {
  __builtin_prefetch(at, 1);
}

std::uint64_t frame_bytes(std::size_t lenses, std::size_t tallies) {
  return sizeof(Pane) + lenses * sizeof(Pane::Span) + tallies * sizeof(Tally);
}

}  // namespace

Pane::Pane(const PaneSpec& spec) : spans_(spec.lenses.size()), tallies_(spec.tallies.size()) {
  fields_.reserve(spec.fields.size());
  for (const FieldNeed& need : spec.fields) fields_.emplace_back(need.spec);
  joints_.reserve(spec.joints.size());
  for (const JointNeed& need : spec.joints) joints_.emplace_back(need.spec);
  schemas_.resize(spec.schemas.size());
  scatters_.reserve(spec.scatters.size());
  for (const ScatterNeed& need : spec.scatters) scatters_.emplace_back(need.spec);
}

// One after the other: a list of sessions may be longer than the stack is deep.
Pane::~Pane() {
  while (next != nullptr) {
    std::unique_ptr<Pane> rest = std::move(next->next);
    next = std::move(rest);
  }
}

void Pane::add(const PaneSpec& spec, const BatchView& view, std::span<const std::uint32_t> rows) {
  const PaneRows group{.pane = this, .rows = rows};
  add(spec, view, std::span(&group, 1));
}

void Pane::add(const PaneSpec& spec, const BatchView& view, std::span<const PaneRows> groups) {
  std::vector<PaneRows> filtered;
  std::vector<PaneRows> of_now;
  std::vector<std::uint32_t> room;
  Telling telling(view);
  const auto pane_itself = [](const Pane& pane) {
    fetch(&pane);
    fetch(reinterpret_cast<const char*>(&pane + 1) - 1);
  };
  for (std::uint32_t l = 0; l < spec.lenses.size(); ++l) {
    const Lens& lens = spec.lenses[l];
    if (lens.stream != view.stream) continue;
    std::span<const PaneRows> seen = groups;
    if (lens.filter != Lens::kEvery) {
      keep_passed(view, view.filters[static_cast<std::size_t>(lens.filter)].yes, groups, filtered);
      seen = filtered;
    }
    each(
        seen, [&](Pane& pane, auto rows) { add_span(pane.spans_[l], view, rows); }, pane_itself,
        [l](const Pane& pane) { fetch(pane.spans_.data() + l); });
    // A table as it stood is no drift of what happens now.
    std::span<const PaneRows> drifting = seen;
    if (spec.no_snapshots && view.batch->snapshots.size() > 0) {
      leave_out(view.batch->snapshots, seen, of_now, room);
      drifting = of_now;
    }
    for (std::uint32_t f = lens.first_field; f < lens.last_field; ++f) {
      const std::uint32_t index = spec.fields[f].spec.column;
      const Column& column = view.batch->columns[index];
      each(
          telling.rows(std::span(&index, 1), spec.fields[f].drift ? drifting : seen),
          [&](Pane& pane, auto rows) { pane.fields_[f].add(column, elements_of(view, index, rows), view.now); },
          pane_itself, [f](const Pane& pane) { pane.fields_[f].fetch(); },
          [f](const Pane& pane) { pane.fields_[f].fetch_sketches(); },
          [f](const Pane& pane) { pane.fields_[f].fetch_parts(); });
    }
    for (std::size_t t = 0; t < spec.tallies.size(); ++t) {
      if (spec.tallies[t].lens != l) continue;
      each(
          seen, [&](Pane& pane, auto rows) { add_tally(pane.tallies_[t], spec.tallies[t], view, rows); }, pane_itself,
          [t](const Pane& pane) { fetch(pane.tallies_.data() + t); });
    }
    for (std::size_t j = 0; j < spec.joints.size(); ++j) {
      if (spec.joints[j].lens != l) continue;
      const Column& a = view.batch->columns[spec.joints[j].spec.column_a];
      const Column& b = view.batch->columns[spec.joints[j].spec.column_b];
      if (a.repeated() || b.repeated()) continue;
      const std::array<std::uint32_t, 2> both = {spec.joints[j].spec.column_a, spec.joints[j].spec.column_b};
      each(
          telling.rows(both, seen), [&](Pane& pane, auto rows) { pane.joints_[j].add(a, b, rows); }, pane_itself,
          [j](const Pane& pane) { fetch(pane.joints_.data() + j); });
    }
    for (std::size_t s = 0; s < spec.schemas.size(); ++s) {
      if (spec.schemas[s] != l) continue;
      for (const PaneRows& group : seen) add_schema(group.pane->schemas_[s], view, group.rows);
    }
    for (std::size_t s = 0; s < spec.scatters.size(); ++s) {
      if (spec.scatters[s].lens != l) continue;
      std::vector<const Column*> columns;
      for (const std::uint32_t column : spec.scatters[s].spec.columns) columns.push_back(&view.batch->columns[column]);
      if (std::any_of(columns.begin(), columns.end(), [](const Column* column) { return column->repeated(); }))
        continue;
      each(
          telling.rows(spec.scatters[s].spec.columns, drifting),
          [&](Pane& pane, auto rows) { pane.scatters_[s].add(columns, rows); }, pane_itself,
          [s](const Pane& pane) { fetch(pane.scatters_.data() + s); });
    }
  }
}

void Pane::settle() {
  for (FieldSummary& field : fields_) field.settle();
}

void Pane::merge(const Pane& other) {
  for (std::size_t i = 0; i < spans_.size(); ++i) {
    spans_[i].rows += other.spans_[i].rows;
    spans_[i].timed += other.spans_[i].timed;
    spans_[i].first = std::min(spans_[i].first, other.spans_[i].first);
    spans_[i].last = std::max(spans_[i].last, other.spans_[i].last);
  }
  for (std::size_t i = 0; i < tallies_.size(); ++i) {
    tallies_[i].known += other.tallies_[i].known;
    tallies_[i].hits += other.tallies_[i].hits;
  }
  for (std::size_t i = 0; i < fields_.size(); ++i) fields_[i].merge(other.fields_[i]);
  for (std::size_t i = 0; i < joints_.size(); ++i) joints_[i].merge(other.joints_[i]);
  for (std::size_t i = 0; i < schemas_.size(); ++i) schemas_[i].merge(other.schemas_[i]);
  for (std::size_t i = 0; i < scatters_.size(); ++i) scatters_[i].merge(other.scatters_[i]);
}

Pane Pane::copy() const {
  Pane out{PaneSpec{}};
  out.spans_ = spans_;
  out.tallies_ = tallies_;
  out.fields_ = fields_;
  out.joints_ = joints_;
  out.schemas_ = schemas_;
  out.scatters_ = scatters_;
  return out;
}

std::uint64_t Pane::bytes() const {
  std::uint64_t out = frame_bytes(spans_.size(), tallies_.size());
  for (const FieldSummary& field : fields_) out += field.bytes();
  for (const JointSummary& joint : joints_) out += joint.bytes();
  for (const SchemaSummary& schema : schemas_) out += schema.bytes();
  for (const ScatterSummary& scatter : scatters_) out += scatter.bytes();
  return out;
}

std::uint64_t Pane::bytes_bound(const PaneSpec& spec) {
  std::uint64_t out = frame_bytes(spec.lenses.size(), spec.tallies.size());
  for (const FieldNeed& need : spec.fields) out += FieldSummary::bytes_bound(need.spec);
  for (const JointNeed& need : spec.joints) out += JointSummary::bytes_bound(need.spec);
  for (const ScatterNeed& need : spec.scatters) out += ScatterSummary::bytes_bound(need.spec);
  return out + spec.schemas.size() * SchemaSummary::bytes_bound(SchemaSummary::kMost);
}

namespace {

void write_span(const Pane::Span& span, SummaryWriter& out) {
  out.varint(span.rows);
  out.varint(span.timed);
  if (span.timed == 0) return;
  out.signed_varint(span.first.time_since_epoch().count());
  out.signed_varint(span.last.time_since_epoch().count());
}

Pane::Span read_span(SummaryReader& in) {
  Pane::Span span;
  span.rows = in.varint();
  span.timed = in.at_most(span.rows, "records with a time");
  if (span.timed > 0) {
    span.first = Instant(Duration(in.signed_varint()));
    span.last = Instant(Duration(in.signed_varint()));
    in.require(is_possible(span), "a time that no record has");
  }
  return span;
}

void write_tally(const Tally& tally, SummaryWriter& out) {
  out.varint(tally.known);
  out.varint(tally.hits);
}

Tally read_tally(SummaryReader& in) {
  Tally tally;
  tally.known = in.varint();
  tally.hits = in.at_most(tally.known, "hits of a tally");
  return tally;
}

/// Reads one summary over an empty one.
template <class Summary>
Status take(Result<Summary> read, Summary& into) {
  if (!read) return read.error();
  into = *std::move(read);
  return Done{};
}

}  // namespace

void Pane::write(SummaryWriter& out) const {
  for (std::size_t i = 0; i < slots(); ++i) write_slot(i, out);
}

void Pane::write_slot(std::size_t slot, SummaryWriter& out) const {
  if (slot < spans_.size()) return write_span(spans_[slot], out);
  slot -= spans_.size();
  if (slot < tallies_.size()) return write_tally(tallies_[slot], out);
  slot -= tallies_.size();
  if (slot < fields_.size()) return fields_[slot].write(out);
  slot -= fields_.size();
  if (slot < joints_.size()) return joints_[slot].write(out);
  slot -= joints_.size();
  if (slot < schemas_.size()) return schemas_[slot].write(out);
  scatters_[slot - schemas_.size()].write(out);
}

void Pane::write_slots(SummaryWriter& out) const {
  for (std::size_t i = 0; i < slots(); ++i) {
    SummaryWriter slot;
    write_slot(i, slot);
    out.text(slot.bytes());
  }
}

Status Pane::read_slot(std::size_t slot, SummaryReader& in, const PaneSpec& spec) {
  if (slot < spans_.size()) {
    spans_[slot] = read_span(in);
    return Done{};
  }
  slot -= spans_.size();
  if (slot < tallies_.size()) {
    tallies_[slot] = read_tally(in);
    return Done{};
  }
  slot -= tallies_.size();
  if (slot < fields_.size()) return take(FieldSummary::read(in, spec.fields[slot].spec), fields_[slot]);
  slot -= fields_.size();
  if (slot < joints_.size()) return take(JointSummary::read(in, spec.joints[slot].spec), joints_[slot]);
  slot -= joints_.size();
  if (slot < schemas_.size()) return take(SchemaSummary::read(in), schemas_[slot]);
  slot -= schemas_.size();
  return take(ScatterSummary::read(in, spec.scatters[slot].spec), scatters_[slot]);
}

Result<Pane> Pane::read(SummaryReader& in, const PaneSpec& spec) {
  Pane out(spec);
  for (std::size_t i = 0; i < out.slots(); ++i) {
    const Status done = out.read_slot(i, in, spec);
    if (!done.ok()) return done.error();
  }
  if (!in.ok()) return in.error();
  return out;
}

Result<Pane> Pane::read_slots(SummaryReader& in, const PaneSpec& spec, const SlotMap& slots) {
  Pane out(spec);
  for (const std::int32_t slot : slots) {
    const std::string_view bytes = in.text(in.left());
    if (slot < 0 || !in.ok()) continue;
    SummaryReader part(bytes);
    const Status done = out.read_slot(static_cast<std::size_t>(slot), part, spec);
    if (!done.ok()) return done.error();
    part.require(part.at_end(), "more of a summary than there is");
    if (!part.ok()) return part.error();
  }
  if (!in.ok()) return in.error();
  return out;
}

}  // namespace weir
