// SPDX-License-Identifier: Apache-2.0
// Panes on their way to another process: `weirpane`, a version, the layout, the place, what stands there, a checksum.
#include "base/hash.h"
#include "engine/passes.h"
#include "summary/codec.h"
#include "windows/windows.h"

namespace weir {

namespace {

constexpr std::string_view kMagic = "weirpane";
constexpr std::uint8_t kVersion = 2;
constexpr std::size_t kChecksumBytes = 8;
constexpr std::uint64_t kSeed = 0x70616e65;

}  // namespace

std::string Engine::layout_id() const {
  return windows_ == nullptr ? "" : windows_->layout_id();
}

std::vector<PanePlace> Engine::panes() const {
  std::vector<PanePlace> out;
  for (std::uint32_t g = 0; windows_ != nullptr && g < windows_->grids(); ++g) {
    const GridState* const grid = windows_->shared_grid(g);
    if (grid == nullptr) continue;
    for (const std::int64_t place : grid->places()) out.push_back({.grid = g, .place = place});
  }
  return out;
}

std::vector<PanePlace> Engine::changed_panes() {
  std::vector<PanePlace> out;
  for (std::uint32_t g = 0; windows_ != nullptr && g < windows_->grids(); ++g) {
    GridState* const grid = windows_->shared_grid(g);
    if (grid == nullptr) continue;
    for (const std::int64_t place : grid->take_touched()) out.push_back({.grid = g, .place = place});
  }
  return out;
}

std::string Engine::write_pane(PanePlace pane) const {
  SummaryWriter out;
  out.raw(kMagic);
  out.u8(kVersion);
  out.text(layout_id());
  out.varint(pane.grid);
  out.signed_varint(pane.place);
  GridState* const grid = windows_ == nullptr ? nullptr : windows_->shared_grid(pane.grid);
  if (grid != nullptr) grid->write_shared(pane.place, out);
  out.u64(hash_text(out.bytes(), kSeed));
  return std::move(out).bytes();
}

Status Engine::put_pane(PanePlace pane, std::string_view written) {
  if (!written.starts_with(kMagic) || written.size() < kMagic.size() + 1 + kChecksumBytes)
    return Error{.message = "this is no pane that weir wrote"};
  if (const auto version = static_cast<std::uint8_t>(written[kMagic.size()]); version != kVersion)
    return Error{.message = "a pane of version " + std::to_string(version) + "; this weir reads version " +
                            std::to_string(kVersion)};
  const std::string_view body = written.substr(0, written.size() - kChecksumBytes);
  SummaryReader last(written.substr(body.size()));
  if (last.u64() != hash_text(body, kSeed)) return Error{.message = "the pane is damaged or cut short"};
  SummaryReader in(body.substr(kMagic.size() + 1));
  if (in.text(in.left()) != layout_id()) return Error{.message = "a pane of other rules"};
  in.require(in.varint() == pane.grid, "a pane of another grid");
  in.require(in.signed_varint() == pane.place, "a pane of another place");
  if (!in.ok()) return in.error();
  GridState* const grid = windows_ == nullptr ? nullptr : windows_->shared_grid(pane.grid);
  if (grid == nullptr) return Error{.message = "a pane of windows that are not judged over partitions"};
  windows_->know_rows();
  return grid->read_shared(pane.place, in);
}

void Engine::set_progress(Instant watermark) {
  if (windows_ != nullptr) windows_->set_watermark(watermark);
}

void Engine::forget_before(Instant watermark) {
  for (std::size_t g = 0; windows_ != nullptr && g < windows_->grids(); ++g) {
    if (GridState* const grid = windows_->shared_grid(g); grid != nullptr) grid->forget_before(watermark);
  }
}

}  // namespace weir
