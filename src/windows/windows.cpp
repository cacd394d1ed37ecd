// SPDX-License-Identifier: Apache-2.0
// Batches into grids, in one go for a file and row by row for a stream.
#include "windows/windows.h"

#include <algorithm>

#include "base/text.h"
#include "batch/row_fields.h"
#include "windows/memory_history.h"
#include "windows/signature.h"
#include "windows/trial_history.h"

namespace weir {

namespace {

constexpr std::uint64_t kPutAwayEvery = 64;  // batches

/// Rows with at least one of the elements.
void fold(const Mask& elements, const Column* column, std::size_t rows, Mask& out) {
  if (column == nullptr) {
    out = elements;
    return;
  }
  out.assign(rows, false);
  elements.each([&](std::size_t element) { out.set(column->rows[element]); });
}

const Column* elements_of(const RecordRule& rule, const Batch& batch) {
  if (rule.columns.empty() || !batch.columns[rule.columns[0]].repeated()) return nullptr;
  return &batch.columns[rule.columns[0]];
}

std::vector<std::uint32_t> rows_of(const Mask& mask) {
  std::vector<std::uint32_t> out;
  out.reserve(mask.count());
  mask.each([&](std::size_t row) { out.push_back(static_cast<std::uint32_t>(row)); });
  return out;
}

}  // namespace

Windows::Windows(const Plan& plan, const Options& options)
    : plan_(plan), options_(options), layout_(lay_out(plan)), stream_(options.stream) {
  // The count windows of a partition have a past of their own.
  if (options.partition) options_.history = nullptr;
  if (options_.history == nullptr) own_history_ = std::make_unique<MemoryHistory>();
  judge_ = std::make_unique<WindowJudge>(
      plan_, layout_,
      WindowJudge::Options{.samples_per_rule = options.samples_per_rule,
                           .all_windows = options.all_windows,
                           .now = options.now,
                           .history = options_.history == nullptr ? own_history_.get() : options_.history,
                           .keep_all = options_.history != nullptr,
                           .make_drift = options.make_drift});
  std::vector<bool> repeated(plan.fields.size(), false);
  for (std::uint32_t g = 0; g < layout_.grids.size(); ++g) {
    grids_.push_back(
        std::make_unique<GridState>(plan_, layout_, g,
                                    GridState::Options{.now = options.now,
                                                       .as_stream = options.as_stream,
                                                       .partition = options.partition,
                                                       .total = false,
                                                       .shelf = options.shelf,
                                                       .pane_bytes = options.pane_bytes / layout_.grids.size()}));
    for (const FieldNeed& need : layout_.grids[g].spec.fields) {
      const std::uint32_t column = need.spec.column;
      if (plan.fields[column].path.repeated() && !repeated[column]) repeated_.push_back(column);
      repeated[column] = true;
    }
    wants_schema_ = wants_schema_ || !layout_.grids[g].spec.schemas.empty();
    wants_accepted_ = wants_accepted_ || grids_.back()->block().accepted_only;
  }
  for (std::size_t i = 0; i < plan.fields.size(); ++i) {
    const FieldPath& path = plan.fields[i].path;
    view_.about.push_back(path.from_envelope() ? BatchView::About::Message
                          : lies_in_row(path)  ? BatchView::About::Row
                                               : BatchView::About::Event);
  }
  layout_id_ = layout_name(plan_, layout_);
  pending_.resize(grids_.size());
  if (!stream_.empty()) judge_->know_stream(stream_);
}

Windows::~Windows() = default;

void Windows::view(const Settled& settled) {
  const Batch& batch = settled.batch;
  view_.batch = &batch;
  view_.now = settled.now;
  view_.times = settled.times;
  view_.timed = &settled.timed;
  view_.stream = stream_;
  view_.rowless = batch.removals;
  view_.eventless = batch.notices;
  if (view_.rowless.size() == 0) {
    view_.rowless = batch.notices;
  } else if (batch.notices.size() > 0) {
    view_.rowless |= batch.notices;
  }
  view_.filters.resize(layout_.filters.size());
  for (std::size_t i = 0; i < layout_.filters.size(); ++i) {
    const Filter& filter = layout_.filters[i];
    filter.predicate->decide(
        {.batch = batch, .fields = plan_.fields, .columns = filter.columns, .now = settled.now, .memory = nullptr},
        view_.filters[i]);
  }
  view_.evaluated.resize(plan_.rules.size());
  view_.failing.resize(plan_.rules.size());
  for (const std::uint32_t rule : layout_.rules) {
    view_.evaluated[rule] = Mask();
    view_.failing[rule] = Mask();
    if (!stream_.empty()) continue;
    const Column* const column = elements_of(plan_.rules[rule], batch);
    fold(settled.evaluated[rule], column, batch.size(), view_.evaluated[rule]);
    fold(settled.failing[rule], column, batch.size(), view_.failing[rule]);
  }
  view_.elements.resize(plan_.fields.size());
  for (const std::uint32_t index : repeated_) {
    const Column& column = batch.columns[index];
    std::vector<std::uint32_t>& first = view_.elements[index];
    first.assign(batch.size() + 1, 0);
    for (const std::uint32_t row : column.rows) ++first[row + 1];
    for (std::size_t row = 0; row < batch.size(); ++row) first[row + 1] += first[row];
  }
  view_.first_seen.clear();
  if (!wants_schema_ || !plan_.note_fields) return;
  view_.first_seen.assign(batch.size() + 1, 0);
  for (const SeenField& seen : batch.seen_fields) ++view_.first_seen[seen.row + 1];
  for (std::size_t row = 0; row < batch.size(); ++row) view_.first_seen[row + 1] += view_.first_seen[row];
}

/// The records that go to the clean output: no rule that they break puts them aside.
void Windows::find_accepted(const Settled& settled) {
  accepted_ = settled.batch.decoded;
  if (!wants_accepted_) return;
  Mask rows;
  for (std::size_t i = 0; i < plan_.rules.size(); ++i) {
    if (plan_.rules[i].info.on_fail < OnFail::Drop || !settled.failing[i].any()) continue;
    fold(settled.failing[i], elements_of(plan_.rules[i], settled.batch), settled.batch.size(), rows);
    accepted_.subtract(rows);
  }
}

void Windows::add(const Settled& settled, WindowOutcome& out) {
  const Batch& batch = settled.batch;
  put_aside_.assign(batch.size(), false);
  if (grids_.empty() || batch.size() == 0) return;
  out.rules.resize(plan_.window_rules.size());
  view(settled);
  if (stream_.empty()) find_accepted(settled);
  in_time_ = settled.timed;
  in_time_ &= batch.decoded;
  const Duration most = bounded(plan_.time.max_future);
  std::uint64_t future = 0;
  settled.timed.each([&](std::size_t row) {
    if (settled.times[row] <= settled.now[settled.now.size() == 1 ? 0 : row] + most) return;
    if (in_time_[row]) ++future;
    in_time_.clear(row);
  });
  if (!stream_.empty()) {
    const std::vector<std::uint32_t> all = rows_of(batch.decoded);
    const std::vector<std::uint32_t> timed = rows_of(in_time_);
    for (const auto& grid : grids_) grid->add_other(view_, grid->by_time() ? timed : all);
    return;
  }
  const std::uint64_t decoded = batch.decoded.count();
  const std::uint64_t timed = in_time_.count();
  const bool has_time = plan_.time.column != EventTime::kNone || settled.timed.any();
  rows_ += decoded;
  timed_rows_ += timed;
  out.future += future;
  if (has_time) out.untimed += decoded - timed - future;
  if (options_.partition) {
    add_to_partition(settled, out);
  } else if (options_.as_stream) {
    add_row_by_row(settled, out);
  } else {
    add_whole_batch(settled, out);
  }
  if (++batches_ % kPutAwayEvery == 0) put_away();
}

Windows::Rows Windows::rows_of_grids(const Settled& settled) {
  Rows out;
  out.all = rows_of(settled.batch.decoded);
  out.timed = rows_of(in_time_);
  if (!wants_accepted_) return out;
  out.all_accepted = rows_of(accepted_);
  Mask both = accepted_;
  out.timed_accepted = rows_of(both &= in_time_);
  return out;
}

void Windows::add_whole_batch(const Settled& settled, WindowOutcome& out) {
  const Rows rows = rows_of_grids(settled);
  for (const auto& grid : grids_) grid->add(view_, rows.of(*grid), *judge_, out);
}

void Windows::add_to_partition(const Settled& settled, WindowOutcome& out) {
  const Rows rows = rows_of_grids(settled);
  const Duration out_of_order = bounded(plan_.time.out_of_order);
  GridState::Passing passing{
      .first = Instant::max(), .newest = Instant::min(), .before = watermark_, .after = watermark_, .by_row = {}};
  for (const std::uint32_t row : rows.timed) {
    passing.first = std::min(passing.first, settled.times[row]);
    passing.newest = std::max(passing.newest, settled.times[row]);
  }
  if (!rows.timed.empty()) passing.after = std::max(watermark_, passing.newest - out_of_order);
  late_rows_.assign(settled.batch.size(), false);
  Mask late;
  for (const auto& grid : grids_) {
    const std::span<const std::uint32_t> mine = rows.of(*grid);
    if (!grid->by_time()) {
      grid->add(view_, mine, *judge_, out);
    } else if (grid->is_ahead(passing)) {
      grid->add_ahead(view_, mine);
    } else {
      if (passing.by_row.empty()) {
        watermarks_.assign(settled.batch.size(), watermark_);
        Instant watermark = watermark_;
        for (std::size_t row = 0; row < watermarks_.size(); ++row) {
          watermarks_[row] = watermark;
          if (in_time_[row]) watermark = std::max(watermark, settled.times[row] - out_of_order);
        }
        passing.by_row = watermarks_;
      }
      late.assign(settled.batch.size(), false);
      grid->add_behind(view_, mine, passing, late);
      late_rows_ |= late;
      if (grid->block().late == LatePolicy::Quarantine) put_aside_ |= late;
    }
  }
  watermark_ = passing.after;
  out.late += late_rows_.count();
}

void Windows::add_row_by_row(const Settled& settled, WindowOutcome& out) {
  const Duration out_of_order = bounded(plan_.time.out_of_order);
  settled.batch.decoded.each([&](std::size_t index) {
    const auto row = static_cast<std::uint32_t>(index);
    if (take_row(row, out)) ++out.late;
    if (!in_time_[row]) return;
    const Instant watermark = settled.times[row] - out_of_order;
    if (watermark <= watermark_) return;
    watermark_ = watermark;
    close(out);
  });
  flush(out);
}

bool Windows::take_row(std::uint32_t row, WindowOutcome& out) {
  bool late = false;
  bool reached = false;
  taken_.assign(grids_.size(), false);
  for (std::size_t g = 0; g < grids_.size(); ++g) {
    GridState& grid = *grids_[g];
    if (grid.block().accepted_only && !accepted_[row]) continue;
    if (!grid.by_time()) {
      taken_[g] = true;
      continue;
    }
    if (!in_time_[row]) continue;
    GridState::Fate fate = grid.fate_of(view_, row, watermark_);
    if (fate == GridState::Fate::Late && grid.kind() == WindowKind::Session) {
      flush(out);
      if (grid.joins_session(view_, row)) fate = GridState::Fate::Counts;
    }
    if (fate != GridState::Fate::Counts) {
      late = true;
      if (grid.block().late == LatePolicy::Quarantine) put_aside_.set(row);
    }
    if (fate == GridState::Fate::Late && !grid.revises(view_.times[row], watermark_)) continue;
    taken_[g] = true;
    grid.note(view_.times[row], watermark_);
    reached = reached || (grid.kind() == WindowKind::Time && grid.next_close() <= watermark_);
  }
  // Windows that were over, and that no record had reached before: they are judged without it.
  if (reached) close(out);
  for (std::size_t g = 0; g < grids_.size(); ++g) {
    if (!taken_[g]) continue;
    if (grids_[g]->by_time()) grids_[g]->revise(view_.times[row], watermark_);
    pending_[g].rows.push_back(row);
  }
  return late;
}

void Windows::flush(WindowOutcome& out) {
  for (std::size_t g = 0; g < grids_.size(); ++g) {
    if (pending_[g].rows.empty()) continue;
    grids_[g]->add(view_, pending_[g].rows, *judge_, out);
    pending_[g].rows.clear();
  }
}

void Windows::close(WindowOutcome& out) {
  const bool due =
      std::any_of(grids_.begin(), grids_.end(), [this](const auto& grid) { return grid->next_close() <= watermark_; });
  if (!due) return;
  flush(out);
  const auto before = static_cast<std::ptrdiff_t>(out.verdicts.size());
  for (const auto& grid : grids_) grid->close(watermark_, *judge_, out);
  // Grids are an economy that nobody should see: what is over at the same time is told block by block.
  std::stable_sort(out.verdicts.begin() + before, out.verdicts.end(),
                   [this](const WindowVerdict& a, const WindowVerdict& b) {
                     return plan_.window_rules[a.rule].block < plan_.window_rules[b.rule].block;
                   });
}

void Windows::put_away() {
  for (const auto& grid : grids_) grid->put_away();
}

void Windows::begin_input(const std::string& stream, WindowOutcome& out) {
  out.rules.resize(plan_.window_rules.size());
  if (stream_.empty()) {
    for (const auto& grid : grids_) grid->end_input(*judge_, out);
  }
  stream_ = stream;
  if (!stream.empty() && judge_->streams().size() < kMostStreams) judge_->know_stream(stream);
}

std::string why_no_window(bool by_time, std::uint64_t rows, std::uint64_t timed_rows) {
  if (rows == 0) return "there was no record";
  if (by_time && timed_rows == 0) return "no record has a time that can be read";
  return "no record belongs to a window";
}

WindowOutcome Windows::finish() {
  WindowOutcome out;
  out.rules.resize(plan_.window_rules.size());
  for (const BoundBlock& block : layout_.blocks) {
    GridState& grid = *grids_[block.grid];
    const bool timeless = grid.by_time() && plan_.time.column == EventTime::kNone && timed_rows_ == 0 && rows_ > 0;
    if (timeless) {
      judge_->settle(block, Verdict::Error, "the records have no time: `source.time` names no field", out);
    } else if (!grid.finish(block.block, *judge_, out)) {
      judge_->settle(block, Verdict::NoData, why_no_window(grid.by_time(), rows_, timed_rows_), out);
    }
    if (!grid.fault().empty()) judge_->settle(block, Verdict::Error, grid.fault(), out);
  }
  say_at_end(out);
  return out;
}

std::uint64_t folded_segments(std::span<const std::unique_ptr<GridState>> grids, std::vector<std::string>* notes) {
  std::vector<const GridState*> said;
  std::uint64_t all = 0;
  for (const auto& grid : grids) {
    const auto same_fields = [&](const GridState* other) {
      const std::vector<SegmentField>& mine = grid->block().segment;
      const std::vector<SegmentField>& theirs = other->block().segment;
      return std::equal(mine.begin(), mine.end(), theirs.begin(), theirs.end(),
                        [](const SegmentField& a, const SegmentField& b) { return a.column == b.column; });
    };
    const std::uint64_t folded = grid->segments().folded();
    if (folded == 0 || std::any_of(said.begin(), said.end(), same_fields)) continue;
    said.push_back(grid.get());
    all += folded;
    if (notes == nullptr) continue;
    const bool about =
        grid->segments().folded_is_estimate();  // within some percent: three digits say all that is known
    std::uint64_t unit = 1;
    while (about && folded / unit >= 1'000) unit *= 10;
    notes->push_back((about ? "about " : "") + with_commas((folded + unit / 2) / unit * unit) +
                     " segments beyond `max_segments` (" + with_commas(grid->block().max_segments) +
                     ") were judged together as `__other__`");
  }
  return all;
}

void Windows::say_at_end(WindowOutcome& out) const {
  out.pushed_out += folded_segments(grids_, &out.notes);
}

void Windows::judge_open_counts(WindowOutcome& out, std::vector<bool>& counted) {
  TrialHistory trial(*own_history_);
  WindowJudge tried(plan_, layout_,
                    {.samples_per_rule = options_.samples_per_rule,
                     .all_windows = options_.all_windows,
                     .now = options_.now,
                     .history = &trial,
                     .keep_all = false,
                     .make_drift = options_.make_drift});
  tried.learn(*judge_);
  for (const BoundBlock& block : layout_.blocks) {
    GridState& grid = *grids_[block.grid];
    if (grid.kind() != WindowKind::Count) continue;
    if (grid.has_counted()) counted[block.block] = true;
    grid.judge_open_counts(block, tried, out);
  }
}

std::uint64_t Windows::bytes() const {
  std::uint64_t out = 0;
  for (const auto& grid : grids_) out += grid->bytes();
  return out;
}

}  // namespace weir
