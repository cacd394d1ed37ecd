// SPDX-License-Identifier: Apache-2.0
#include "app/record_explanation_windows.h"

#include <algorithm>

#include "base/text.h"
#include "base/timestamp.h"
#include "base/zone.h"
#include "report/windows.h"
#include "windows/grid_state.h"
#include "windows/layout.h"

namespace weir {
namespace {

constexpr std::size_t kShown = 3;

class WindowsOfRecord {
 public:
  WindowsOfRecord(const Plan& plan, const Judged& judged, bool put_aside)
      : plan_(plan), judged_(judged), put_aside_(put_aside), layout_(lay_out(plan)) {}

  ExplainedWindow explain(std::uint32_t index) {
    const WindowRule& rule = plan_.window_rules[index];
    const WindowBlock& block = plan_.windows[rule.block];
    ExplainedWindow out{.info = &rule.info};
    out.why = why_not(rule, block);
    out.counts = out.why.empty();
    if (!out.counts) return out;
    find_windows(rule.block, block, out);
    for (const SegmentField& field : block.segment)
      out.segment += (out.segment.empty() ? "" : ", ") + field.path + "=" + value_of(field.column);
    if (rule.drift >= 0) {
      const DriftRule& drift = plan_.drift_rules[static_cast<std::size_t>(rule.drift)];
      for (std::size_t i = 0; i < drift.columns.size(); ++i)
        out.gives.push_back(drift.paths[i] + " = " + value_of(drift.columns[i]));
    }
    for (const WindowCondition* condition : {&rule.must, &rule.should}) {
      for (const MeasureCall& call : condition->calls) add(call, out.gives);
    }
    return out;
  }

 private:
  [[nodiscard]] Subject subject_of(const std::vector<std::uint32_t>& columns) const {
    return {.batch = judged_.batch, .fields = plan_.fields, .columns = columns, .now = judged_.now, .memory = nullptr};
  }

  [[nodiscard]] std::string value_of(std::uint32_t column) const {
    const std::vector<std::uint32_t> columns = {column};
    const Column& cells = judged_.batch.columns[column];
    const Subject subject = subject_of(columns);
    if (!cells.repeated()) return show(subject, 0);
    std::string text;
    for (std::size_t i = 0; i < cells.size() && i < kShown; ++i) text += (i == 0 ? "" : ", ") + show(subject, i);
    if (cells.size() > kShown) text += ", … (" + std::to_string(cells.size()) + ")";
    return "[" + text + "]";
  }

  /// Why no window of the rule holds the record; empty: one does.
  [[nodiscard]] std::string why_not(const WindowRule& rule, const WindowBlock& block) const {
    if (!judged_.batch.decoded[0]) return "it could not be read, so it is part of no window";
    if (judged_.batch.notices.size() > 0 && judged_.batch.notices[0]) return "it tells of no row";
    const bool by_time = block.kind == WindowKind::Time || block.kind == WindowKind::Session;
    if (by_time && (judged_.timed.size() == 0 || !judged_.timed[0])) return "when it happened is not known";
    if (by_time && judged_.times[0] > judged_.now[0] + bounded(plan_.time.max_future))
      return "its time, " + format_timestamp(judged_.times[0]) + ", lies more than `max_future` (" +
             format_duration(plan_.time.max_future) + ") ahead of " + format_timestamp(judged_.now[0]);
    if (block.accepted_only && put_aside_) return "it is put aside, and `over: accepted` leaves such records out";
    if (rule.when == nullptr) return "";
    const Subject subject = subject_of(rule.when_columns);
    Truth truth;
    rule.when->decide(subject, truth);
    return truth.yes[0] ? "" : "`when` leaves it out: " + rule.when->explain(subject, 0);
  }

  void find_windows(std::uint32_t number, const WindowBlock& block, ExplainedWindow& out) const {
    switch (block.kind) {
      case WindowKind::Whole: out.windows.emplace_back("the whole input"); return;
      case WindowKind::Session:
        out.windows.push_back("the session around " + format_timestamp(judged_.times[0]));
        out.why = "where it begins and ends depends on the records around it: a gap of " + format_duration(block.gap) +
                  " ends it";
        return;
      case WindowKind::Count:
        out.windows.push_back("one of each " + with_commas(block.count) + " records");
        out.why = "which one depends on how many came before it";
        return;
      case WindowKind::Time: break;
    }
    const BoundBlock& bound = layout_.blocks[number];
    const Grid& grid = layout_.grids[bound.grid];
    const Zone* const zone = grid.by_zone ? block.zone_rules.get() : nullptr;
    const Instant time = judged_.times[0];
    const Duration wall = zone != nullptr ? zone->local(time) : time.time_since_epoch();
    const std::int64_t place = floor_divide(wall.count() - grid.origin, grid.pane);
    const std::int64_t last = floor_divide(place, bound.step);
    const std::int64_t first = floor_divide(place - bound.panes, bound.step) + 1;
    const auto start_of = [&](std::int64_t pane) {
      const Duration at(pane * grid.pane + grid.origin);
      return zone != nullptr ? zone->instant_of(at) : Instant(at);
    };
    for (std::int64_t k = first; k <= last && out.windows.size() < kShown; ++k) {
      WindowVerdict window;
      window.has_span = true;
      window.start = start_of(k * bound.step);
      window.end = start_of(k * bound.step + bound.panes);
      out.windows.push_back(period_of(window));
    }
    out.more = static_cast<std::size_t>(last - first + 1) - out.windows.size();
    out.why = "late where its partition had seen " +
              format_duration(bounded(block.lateness) + plan_.time.out_of_order) + " beyond the window's end before it";
  }

  void add(const MeasureCall& call, std::vector<std::string>& gives) const {
    if (call.inner >= 0 && call.columns.empty()) return;  // the measure within has its own line
    std::string text = call.written + ": ";
    if (!call.stream.empty()) {
      text += "nothing, it is about another stream";
    } else if (call.predicate != nullptr) {
      text += call.predicate->explain(subject_of(call.columns), 0);
    } else if (call.columns.empty()) {
      text += "one record";
    } else {
      for (std::size_t i = 0; i < call.columns.size(); ++i)
        text += (i == 0 ? "" : ", ") + plan_.fields[call.columns[i]].path.text() + " = " + value_of(call.columns[i]);
    }
    if (std::find(gives.begin(), gives.end(), text) == gives.end()) gives.push_back(std::move(text));
  }

  const Plan& plan_;
  const Judged& judged_;
  bool put_aside_;
  Layout layout_;
};

}  // namespace

std::vector<ExplainedWindow> explain_windows(const Plan& plan, const Judged& judged, bool put_aside) {
  std::vector<ExplainedWindow> out;
  if (plan.window_rules.empty()) return out;
  WindowsOfRecord windows(plan, judged, put_aside);
  for (std::uint32_t i = 0; i < plan.window_rules.size(); ++i) out.push_back(windows.explain(i));
  return out;
}

}  // namespace weir
