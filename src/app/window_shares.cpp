// SPDX-License-Identifier: Apache-2.0
#include "app/window_shares.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "base/decimal.h"
#include "base/hash.h"
#include "base/key.h"
#include "decode/decoders.h"
#include "stats/family.h"
#include "windows/event_time.h"

namespace weir {
namespace {

/// The cells of one field: of numbers between edges, of other values the most common ones.
struct FieldCells {
  std::vector<double> edges;
  std::vector<std::uint64_t> hashes;  // ascending
  bool numbers = false;

  explicit FieldCells(const Profile& profile) {
    numbers = 2 * profile.finite > profile.values();
    if (numbers) {
      edges = learn_edges(profile, WindowShares::kCells);
      // An atom's closed cell is more than is asked here.
      edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
      return;
    }
    std::vector<Category> common = profile.categories;
    std::sort(common.begin(), common.end(), [](const Category& a, const Category& b) {
      return a.count != b.count ? a.count > b.count : a.hash < b.hash;
    });
    common.resize(std::min(common.size(), WindowShares::kCells - 1));
    for (const Category& category : common) hashes.push_back(category.hash);
    std::sort(hashes.begin(), hashes.end());
  }

  [[nodiscard]] std::size_t size() const { return (numbers ? edges.size() : hashes.size()) + 1; }

  [[nodiscard]] std::optional<std::size_t> of(Kind kind, const Cell& cell) const {
    if (is_missing(kind)) return std::nullopt;
    if (numbers) {
      if (!is_number(kind)) return std::nullopt;
      const double value = number_of(kind, cell).to_double();
      if (!std::isfinite(value)) return std::nullopt;
      return static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), value) - edges.begin());
    }
    const std::uint64_t hash = hash_of(kind, cell);
    const auto found = std::lower_bound(hashes.begin(), hashes.end(), hash);
    if (found == hashes.end() || *found != hash) return hashes.size();
    return static_cast<std::size_t>(found - hashes.begin());
  }
};

class Counting {
 public:
  Counting(const RecordProfiling& profiling, const RecordProfile& whole, Duration every)
      : profiling_(profiling), every_(every) {
    plan_.rules.emplace_back();  // decode
    plan_.fields = profiling.fields;
    plan_.time = profiling.time;
    plan_.payload = profiling.payload;
    for (const Profile& field : whole.fields) cells_.emplace_back(field);
  }

  bool add(const Messages& messages, Format format) {
    if (decoder_ == nullptr || format != format_) decoder_ = make_decoder(format, plan_);
    format_ = format;
    batch_.clear(plan_.fields.size());
    decoder_->decode(messages, batch_);
    if (!has_event_time(plan_, messages)) return true;
    read_event_times(plan_, messages, batch_, times_, timed_);
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const Column& column = batch_.columns[profiling_.wanted[i].column];
      for (std::size_t element = 0; element < column.size(); ++element) {
        const std::size_t row = column.row_of(element);
        if (!timed_[row]) continue;
        const std::optional<std::size_t> cell = cells_[i].of(column.kinds[element], column.cells[element]);
        if (!cell) continue;
        std::vector<std::vector<std::uint64_t>>* const window = window_at(times_[row]);
        if (window != nullptr) ++(*window)[i][*cell];
      }
    }
    return true;
  }

  WindowShares finish() const {
    WindowShares shares{.design_effects = {}, .windows = {}, .too_many = too_many_};
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      std::vector<std::vector<std::uint64_t>> counts;
      for (const auto& [slot, window] : windows_) {
        if (std::any_of(window[i].begin(), window[i].end(), [](std::uint64_t n) { return n > 0; }))
          counts.push_back(window[i]);
      }
      shares.windows.push_back(counts.size());
      shares.design_effects.push_back(cells_[i].size() < 2 ? std::nullopt : design_effect(counts));
    }
    return shares;
  }

 private:
  std::vector<std::vector<std::uint64_t>>* window_at(Instant time) {
    const std::int64_t ticks = time.time_since_epoch().count();
    const std::int64_t length = every_.count();
    const std::int64_t slot = ticks >= 0 ? ticks / length : (ticks + 1) / length - 1;
    const auto known = windows_.find(slot);
    if (known != windows_.end()) return &known->second;
    if (windows_.size() >= WindowShares::kMostWindows) {
      too_many_ = true;
      return nullptr;
    }
    auto& window = windows_[slot];
    for (const FieldCells& cells : cells_) window.emplace_back(cells.size(), 0);
    return &window;
  }

  const RecordProfiling& profiling_;
  Duration every_;
  Plan plan_;
  std::vector<FieldCells> cells_;
  std::map<std::int64_t, std::vector<std::vector<std::uint64_t>>> windows_;  // by slot: counts by field and cell
  std::unique_ptr<Decoder> decoder_;
  Format format_ = Format::Auto;
  Batch batch_;
  std::vector<Instant> times_;
  Mask timed_;
  bool too_many_ = false;
};

}  // namespace

Result<WindowShares> window_shares(RecordInput& input, const RecordProfiling& profiling, const RecordProfile& whole,
                                   Duration every) {
  Counting counting(profiling, whole, every);
  const Status read =
      input.each([&counting](const Messages& messages, Format format) { return counting.add(messages, format); });
  if (!read) return read.error();
  return counting.finish();
}

}  // namespace weir
