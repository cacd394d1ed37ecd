// SPDX-License-Identifier: Apache-2.0
// Windows as bytes: the summaries of a run, and the state of a partition.
#include <algorithm>
#include <map>

#include "windows/signature.h"
#include "windows/windows.h"

namespace weir {

void Windows::write(SummaryWriter& out) {
  out.varint(rows_);
  out.varint(timed_rows_);
  out.varint(judge_->streams().size());
  std::vector<std::string> streams(judge_->streams().begin(), judge_->streams().end());
  std::sort(streams.begin(), streams.end());
  for (const std::string& stream : streams) out.text(stream);
  out.varint(grids_.size());
  for (const auto& grid : grids_) grid->write(out);
}

Status Windows::merge(SummaryReader& in) {
  constexpr std::size_t kLongestName = 1'024;
  const std::uint64_t rows = in.varint();
  const std::uint64_t timed = in.varint();
  const std::size_t streams = in.count(kMostStreams, 1, "streams");
  for (std::size_t i = 0; i < streams && in.ok(); ++i) {
    const std::string_view name = in.text(kLongestName);
    if (in.ok()) judge_->know_stream(std::string(name));
  }
  in.require(in.varint() == grids_.size(), "other windows than those of the rule file");
  for (const auto& grid : grids_) {
    if (!in.ok()) break;
    const Status done = grid->merge(in);
    if (!done.ok()) return done;
  }
  if (!in.ok()) return in.error();
  rows_ += rows;
  timed_rows_ += timed;
  return Done{};
}

void Windows::write_state(SummaryWriter& out) {
  for (const std::uint64_t count : {rows_, timed_rows_}) out.varint(count);
  out.u8(watermark_ == Instant::min() ? 0 : 1);
  if (watermark_ != Instant::min()) out.signed_varint(watermark_.time_since_epoch().count());
  // By name, so that the order of blocks in the rule file does not matter.
  std::map<std::string, GridState*> grids;
  for (std::size_t g = 0; g < grids_.size(); ++g) {
    grids.emplace(grid_name(plan_, layout_, layout_.grids[g]), grids_[g].get());
  }
  out.varint(grids.size());
  for (const auto& [name, grid] : grids) {
    SummaryWriter body;
    grid->write_state(body);
    out.text(name);
    out.text(body.bytes());
  }
  own_history_->write_values(out);
  judge_->write(out);
  if (own_history_->has_records()) own_history_->write_records(out);
}

Status Windows::read_state(SummaryReader& in) {
  for (std::uint64_t* const count : {&rows_, &timed_rows_}) *count = in.varint();
  if (in.at_most(1, "a mark") == 1) {
    watermark_ = GridState::read_instant(in);
  }
  std::map<std::string, std::size_t> grids;
  for (std::size_t g = 0; g < grids_.size(); ++g) grids.emplace(grid_name(plan_, layout_, layout_.grids[g]), g);
  const std::size_t written = in.count(100'000, 2, "grids of panes");
  for (std::size_t i = 0; i < written && in.ok(); ++i) {
    const std::string_view name = in.text(in.left());
    const std::string_view bytes = in.text(in.left());
    const auto found = in.ok() ? grids.find(std::string(name)) : grids.end();
    if (found == grids.end()) continue;
    SummaryReader body(bytes);
    const Status done = grids_[found->second]->read_state(body, watermark_);
    if (!done.ok()) return done;
    grids.erase(found);
  }
  for (const auto& [name, g] : grids) grids_[g]->begin_since(watermark_);
  own_history_->read_values(in);
  judge_->read(in);
  if (in.ok() && !in.at_end()) own_history_->read_records(in);
  if (!in.ok()) return in.error();
  warming_.assign(plan_.window_rules.size(), Instant::min());
  for (const auto& grid : grids_) grid->find_warming(warming_);
  judge_->set_warming(warming_);
  return Done{};
}

// ---- read elsewhere

GridState* Windows::shared_grid(std::size_t grid) {
  if (grid >= grids_.size() || grids_[grid]->kind() == WindowKind::Count) return nullptr;
  return grids_[grid].get();
}

}  // namespace weir
