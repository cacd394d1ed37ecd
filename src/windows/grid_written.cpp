// SPDX-License-Identifier: Apache-2.0
// A grid as bytes: among the summaries of a run, to be merged under the same rules, and in the state of a partition, to be
// gone on with, under these rules or others.
//
// In a state everything that a pane keeps stands by itself, with a name that says all that its bytes depend on. Rules that
// come back find what they knew, whatever else the rule file says now.
#include <algorithm>
#include <numeric>

#include "windows/grid_state.h"
#include "windows/signature.h"

namespace weir {

namespace {

constexpr std::size_t kLongestName = 1U << 20;

}  // namespace

void GridState::write(SummaryWriter& out) {
  segments_.write(out);
  const Instant first = progress_.front().first;
  const bool any = first <= newest_;
  out.u8(any ? 1 : 0);
  if (any) {
    out.signed_varint(first.time_since_epoch().count());
    out.signed_varint(newest_.time_since_epoch().count());
  }
  out.varint(kind() == WindowKind::Count ? input_ + (input_used_ ? 1 : 0) : 0);
  store_.write(out, segments_.written_numbers());
}

Status GridState::merge(SummaryReader& in) {
  Segments theirs(block().segment, block().max_segments, plan_.fields);
  theirs.read(in);
  if (in.at_most(1, "a mark") == 1) {
    const std::int64_t first = in.signed_varint();
    const std::int64_t newest = in.signed_varint();
    in.require(-kFar <= first && first <= newest && newest <= kFar, "a time that no record has");
    if (!in.ok()) return in.error();
    for (Progress& progress : progress_) progress.first = std::min(progress.first, Instant(Duration(first)));
    newest_ = std::max(newest_, Instant(Duration(newest)));
  }
  const std::uint64_t inputs = in.at_most(std::uint64_t{1} << 22U, "the number of inputs");
  if (!in.ok()) return in.error();
  // All of them first: one that is adopted later may push out one that was adopted before.
  std::vector<std::uint32_t> numbers(theirs.numbers());
  for (std::uint32_t i = 0; i < numbers.size(); ++i) segments_.adopt(theirs, i);
  segments_.merge_folded(theirs);
  for (std::uint32_t i = 0; i < numbers.size(); ++i) numbers[i] = segments_.number_of(theirs, i);
  forget_pushed_out();
  const std::uint64_t before = input_ + (input_used_ ? 1 : 0);
  const std::int64_t shift = kind() == WindowKind::Count ? static_cast<std::int64_t>(before << 40U) : 0;
  const Status panes = store_.read(in, numbers, shift);
  if (kind() == WindowKind::Count && inputs > 0) {
    input_ = before + inputs - 1;
    input_used_ = true;
  }
  return panes;
}

// ---- the state of a partition

void GridState::write_place(SummaryWriter& out, std::int64_t place) {
  out.u8(place == INT64_MAX ? 0 : 1);
  if (place != INT64_MAX) out.signed_varint(place);
}

Instant GridState::read_instant(SummaryReader& in) {
  const std::int64_t micros = in.signed_varint();
  in.require(-kFar <= micros && micros <= kFar, "a time that no record has");
  return in.ok() ? Instant(Duration(micros)) : Instant::min();
}

/// Whether sums and products of places stay within their range.
bool GridState::is_place(std::int64_t place) const {
  if (kind() == WindowKind::Count) return place >= 0;
  const std::int64_t most = kFar / grid_.pane + 2;
  return -most <= place && place <= most;
}

std::int64_t GridState::read_place(SummaryReader& in) const {
  if (in.at_most(1, "a mark") == 0) return INT64_MAX;
  const std::int64_t place = in.signed_varint();
  in.require(is_place(place), "a pane beyond all time");
  return in.ok() ? place : INT64_MAX;
}

void GridState::write_state(SummaryWriter& out) {
  const std::vector<std::string> names = slot_names(plan_, layout_, grid_.spec);
  out.varint(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    out.text(names[i]);
    const Instant since = i < slot_since_.size() ? slot_since_[i] : Instant::min();
    out.u8(since == Instant::min() ? 0 : 1);
    if (since != Instant::min()) out.signed_varint(since.time_since_epoch().count());
  }
  segments_.write(out);
  const std::vector<std::uint32_t> numbers = segments_.written_numbers();
  std::vector<std::uint32_t> written = {Segments::kOther};
  for (std::uint32_t i = 1; i < numbers.size(); ++i) {
    if (numbers[i] == Segments::kOther) continue;
    if (written.size() <= numbers[i]) written.resize(numbers[i] + 1, Segments::kOther);
    written[numbers[i]] = i;
  }
  out.varint(written.size());
  for (const std::uint32_t number : written) {
    write_place(out, number < begins_.size() ? begins_[number] : INT64_MAX);
    const Counting counting = number < counting_.size() ? counting_[number] : Counting{};
    out.varint(counting.ordinal);
    out.varint(counting.rows);
  }
  const auto write_instant = [&out](Instant instant) {
    out.u8(instant == Instant::min() ? 0 : 1);
    if (instant != Instant::min()) out.signed_varint(instant.time_since_epoch().count());
  };
  write_instant(newest_);
  write_instant(judged_to_);
  out.varint(grid_.blocks.size());
  for (std::size_t i = 0; i < grid_.blocks.size(); ++i) {
    const BoundBlock& bound = layout_.blocks[grid_.blocks[i]];
    out.signed_varint(bound.step);
    out.signed_varint(bound.panes);
    write_place(out, progress_[i].begin);
    write_place(out, progress_[i].done.value_or(INT64_MAX));
  }
  out.varint(input_);
  out.u8(static_cast<std::uint8_t>((input_used_ ? 1 : 0) | (judged_any_ ? 2 : 0)));
  store_.write(out, numbers, true);
  out.varint(layers_.size());
  for (const auto& [horizon, layer] : layers_) {
    out.signed_varint(horizon);
    layer->write(out, numbers, true);
  }
}

/// Into a grid that saw no record yet. What its panes cannot be given is complete from `since` on.
Status GridState::read_state(SummaryReader& in, Instant since) {
  const std::vector<std::string> names = slot_names(plan_, layout_, grid_.spec);
  slot_since_.assign(names.size(), since);
  const std::size_t written_slots = in.count(100'000, 2, "parts of a pane");
  SlotMap slots;
  for (std::size_t i = 0; i < written_slots && in.ok(); ++i) {
    const std::string_view name = in.text(kLongestName);
    Instant from = Instant::min();
    if (in.at_most(1, "a mark") == 1) from = read_instant(in);
    const auto found = std::find(names.begin(), names.end(), name);
    slots.push_back(found == names.end() ? -1 : static_cast<std::int32_t>(found - names.begin()));
    if (found != names.end()) slot_since_[static_cast<std::size_t>(found - names.begin())] = from;
  }
  segments_.read(in);
  const std::size_t written = in.count(segments_.numbers(), 3, "segments");
  begins_.resize(segments_.numbers(), INT64_MAX);
  counting_.resize(segments_.numbers());
  for (std::size_t i = 0; i < written && in.ok(); ++i) {
    begins_[i] = read_place(in);
    counting_[i].ordinal = in.at_most(std::uint64_t{1} << 40U, "the number of a window");
    counting_[i].rows = in.at_most(static_cast<std::uint64_t>(grid_.pane), "records of a window");
  }
  if (in.at_most(1, "a mark") == 1) newest_ = read_instant(in);
  if (in.at_most(1, "a mark") == 1) judged_to_ = read_instant(in);
  const std::size_t blocks = in.count(100'000, 4, "blocks of windows");
  for (std::size_t i = 0; i < blocks && in.ok(); ++i) {
    const std::int64_t step = in.signed_varint();
    const std::int64_t panes = in.signed_varint();
    const std::int64_t begin = read_place(in);
    const std::int64_t done = read_place(in);
    for (std::size_t mine = 0; mine < grid_.blocks.size(); ++mine) {
      const BoundBlock& bound = layout_.blocks[grid_.blocks[mine]];
      if (bound.step != step || bound.panes != panes) continue;
      progress_[mine].begin = begin;
      if (done != INT64_MAX) progress_[mine].done = done;
    }
  }
  input_ = in.at_most(std::uint64_t{1} << 22U, "the number of inputs");
  const std::uint64_t marks = in.at_most(3, "marks");
  input_used_ = (marks & 1) != 0;
  judged_any_ = (marks & 2) != 0;
  if (!in.ok()) return in.error();
  std::vector<std::uint32_t> numbers(segments_.numbers());
  std::iota(numbers.begin(), numbers.end(), 0U);
  const auto is_place = [this](std::int64_t place) { return this->is_place(place); };
  Status done = store_.read_state(in, numbers, slots, is_place);
  if (!done.ok()) return done;
  const std::size_t layers = in.count(1'000'000, 2, "layers of panes");
  for (std::size_t i = 0; i < layers && in.ok(); ++i) {
    const std::int64_t horizon = in.signed_varint();
    in.require(kind() == WindowKind::Time && is_place(horizon), "a pane beyond all time");
    if (!in.ok()) break;
    std::unique_ptr<PaneStore>& layer = layers_[horizon];
    layer = std::make_unique<PaneStore>(grid_.spec, PaneStore::Meeting::Merge, Duration(0));
    done = layer->read_state(in, numbers, slots, is_place);
    if (!done.ok()) return done;
  }
  in.require(in.at_end(), "more of a grid than there is");
  if (!in.ok()) return in.error();
  if (kind() == WindowKind::Session) find_next_close();
  return Done{};
}

void GridState::begin_since(Instant since) {
  slot_since_.assign(slot_names(plan_, layout_, grid_.spec).size(), since);
}

/// By window rule: from when on its panes hold all that it asks for.
void GridState::find_warming(std::vector<Instant>& since) const {
  if (slot_since_.empty()) return;
  const auto note = [&](std::uint32_t rule, std::size_t first, std::int64_t slot) {
    if (slot >= 0) since[rule] = std::max(since[rule], slot_since_[first + static_cast<std::size_t>(slot)]);
  };
  const PaneSpec& spec = grid_.spec;
  const std::size_t tallies = spec.lenses.size();
  const std::size_t fields = tallies + spec.tallies.size();
  const std::size_t joints = fields + spec.fields.size();
  const std::size_t schemas = joints + spec.joints.size();
  const std::size_t scatters = schemas + spec.schemas.size();
  for (const std::uint32_t index : grid_.blocks) {
    for (const BoundRule& rule : layout_.blocks[index].rules) {
      for (const std::vector<BoundCall>* const calls : {&rule.must, &rule.should}) {
        for (const BoundCall& call : *calls) {
          note(rule.rule, 0, call.lens);
          note(rule.rule, tallies, call.tally);
          note(rule.rule, fields, call.field);
          note(rule.rule, fields, call.second);
          note(rule.rule, joints, call.joint);
          note(rule.rule, schemas, call.schema);
        }
      }
      for (const std::int32_t tally : rule.score_tallies) note(rule.rule, tallies, tally);
      if (rule.drift < 0) continue;
      note(rule.rule, 0, rule.drifting.lens);
      note(rule.rule, fields, rule.drifting.field);
      note(rule.rule, scatters, rule.drifting.scatter);
    }
  }
}

}  // namespace weir
