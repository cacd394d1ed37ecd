// SPDX-License-Identifier: Apache-2.0
// Binds each measure that a rule calls to the one place where its pane keeps what it needs.
#include "windows/layout.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

#include "windows/layout_drift.h"
#include "windows/pane.h"

namespace weir {

namespace {

constexpr Duration kDay = std::chrono::hours(24);
constexpr Duration kWeek = 7 * kDay;
constexpr Duration kFirstMonday = 4 * kDay;  // 1970-01-05: 1970 began on a Thursday

bool cut_by_zone(const WindowBlock& block) {
  return block.kind == WindowKind::Time && block.zone_rules != nullptr && block.every % kDay == Duration(0) &&
         block.size % kDay == Duration(0);
}

/// Where windows are counted from: those of whole weeks begin on Mondays.
std::int64_t origin_of(const WindowBlock& block) {
  const bool weeks = block.kind == WindowKind::Time && block.every > Duration(0) && block.every % kWeek == Duration(0);
  return weeks ? kFirstMonday.count() : 0;
}

bool same_segments(const WindowBlock& a, const WindowBlock& b) {
  const auto same = [](const SegmentField& x, const SegmentField& y) {
    return x.column == y.column && x.path == y.path && x.listed == y.listed;
  };
  return a.max_segments == b.max_segments &&
         std::equal(a.segment.begin(), a.segment.end(), b.segment.begin(), b.segment.end(), same);
}

/// Whether windows of both see the same records in the same segments, and are over at the same delay.
bool compatible(const WindowBlock& a, const WindowBlock& b) {
  if (a.kind != b.kind || a.accepted_only != b.accepted_only || !same_segments(a, b)) return false;
  if (a.lateness != b.lateness || a.late != b.late) return false;
  if (cut_by_zone(a) != cut_by_zone(b) || (cut_by_zone(a) && a.zone != b.zone)) return false;
  if (origin_of(a) != origin_of(b)) return false;
  if (a.kind == WindowKind::Session) return a.gap == b.gap && a.longest == b.longest;
  return a.kind != WindowKind::Count || a.count == b.count;
}

std::int64_t own_pane(const WindowBlock& block) {
  switch (block.kind) {
    case WindowKind::Whole: return 1;
    case WindowKind::Count: return static_cast<std::int64_t>(std::max<std::uint64_t>(block.count, 1));
    case WindowKind::Session: return std::max<std::int64_t>(bounded(block.longest).count(), 1);
    case WindowKind::Time: break;
  }
  return std::max<std::int64_t>(std::gcd(bounded(block.every).count(), bounded(block.size).count()), 1);
}

class Builder {
 public:
  explicit Builder(const Plan& plan) : plan_(plan) {
    for (std::uint32_t i = 0; i < plan.rules.size(); ++i) rules_by_id_.emplace(plan.rules[i].info.id, i);
  }

  Layout build() {
    for (std::uint32_t i = 0; i < plan_.windows.size(); ++i) place(i);
    for (const BoundBlock& block : out_.blocks) set_steps(block.block);
    for (std::uint32_t i = 0; i < plan_.window_rules.size(); ++i) bind(i);
    for (BoundBlock& block : out_.blocks) mark_looked_back(block);
    for (Grid& grid : out_.grids) finish(grid);
    for (BoundBlock& block : out_.blocks) {
      std::stable_sort(block.rules.begin(), block.rules.end(),
                       [](const BoundRule& a, const BoundRule& b) { return a.scores < b.scores; });
    }
    return std::move(out_);
  }

 private:
  void place(std::uint32_t index) {
    const WindowBlock& block = plan_.windows[index];
    const std::int64_t pane = own_pane(block);
    BoundBlock bound;
    bound.block = index;
    bound.grid = static_cast<std::uint32_t>(out_.grids.size());
    for (std::uint32_t g = 0; g < out_.grids.size(); ++g) {
      Grid& grid = out_.grids[g];
      if (!compatible(plan_.windows[grid.example], block)) continue;
      const std::int64_t shared = std::gcd(grid.pane, pane);
      std::int64_t largest = pane;
      for (const std::uint32_t other : grid.blocks) largest = std::max(largest, own_pane(plan_.windows[other]));
      if (largest / shared > kFinest) continue;
      grid.pane = shared;
      bound.grid = g;
      break;
    }
    if (bound.grid == out_.grids.size()) {
      Grid grid;
      grid.kind = block.kind;
      grid.pane = pane;
      grid.origin = origin_of(block);
      grid.example = index;
      grid.by_zone = cut_by_zone(block);
      grid.spec.lenses.emplace_back();
      out_.grids.push_back(std::move(grid));
    }
    out_.grids[bound.grid].blocks.push_back(index);
    out_.blocks.push_back(std::move(bound));
  }

  void set_steps(std::uint32_t index) {
    const WindowBlock& block = plan_.windows[index];
    BoundBlock& bound = out_.blocks[index];
    if (block.kind != WindowKind::Time) return;
    bound.step = std::max<std::int64_t>(bounded(block.every).count() / out_.grids[bound.grid].pane, 1);
    bound.panes = std::max<std::int64_t>(bounded(block.size).count() / out_.grids[bound.grid].pane, 1);
  }

  std::int32_t filter_of(const std::string& text, const std::shared_ptr<const Predicate>& predicate,
                         const std::vector<std::uint32_t>& columns) {
    for (std::size_t i = 0; i < out_.filters.size(); ++i) {
      if (out_.filters[i].text == text && out_.filters[i].columns == columns) return static_cast<std::int32_t>(i);
    }
    out_.filters.push_back({.text = text, .predicate = predicate, .columns = columns});
    return static_cast<std::int32_t>(out_.filters.size() - 1);
  }

  std::uint32_t lens_of(PaneSpec& spec, const std::string& stream, const WindowRule& rule) {
    std::int32_t filter = Lens::kEvery;
    if (rule.when != nullptr) filter = filter_of(rule.info.when, rule.when, rule.when_columns);
    for (std::uint32_t i = 0; i < spec.lenses.size(); ++i) {
      if (spec.lenses[i].stream == stream && spec.lenses[i].filter == filter) return i;
    }
    Lens lens;
    lens.stream = stream;
    lens.filter = filter;
    spec.lenses.push_back(lens);
    return static_cast<std::uint32_t>(spec.lenses.size() - 1);
  }

  std::int32_t field_of(PaneSpec& spec, std::uint32_t lens, const MeasureCall& call, std::size_t argument) {
    if (argument >= call.columns.size()) return BoundCall::kNone;
    const std::uint32_t column = call.columns[argument];
    const FieldType declared = argument < call.declared.size() ? call.declared[argument] : FieldType::Any;
    auto need = std::find_if(spec.fields.begin(), spec.fields.end(), [&](const FieldNeed& other) {
      return !other.drift && other.lens == lens && other.spec.column == column && other.spec.declared == declared;
    });
    if (need == spec.fields.end()) {
      FieldNeed fresh;
      fresh.lens = lens;
      fresh.spec.column = column;
      fresh.spec.declared = declared;
      fresh.spec.redacted = plan_.fields[column].redacted;
      spec.fields.push_back(std::move(fresh));
      need = std::prev(spec.fields.end());
    }
    need->spec.parts = need->spec.parts | call.spec->parts;
    if (call.spec->name == "freshness" || call.spec->name == "delay") need->spec.instants = true;
    if (call.spec->parts.has(Part::Histogram)) {
      std::vector<double> edges;
      if (need->spec.edges != nullptr) edges = *need->spec.edges;
      edges.insert(edges.end(), call.numbers.begin(), call.numbers.end());
      std::sort(edges.begin(), edges.end());
      edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
      need->spec.edges = std::make_shared<const std::vector<double>>(std::move(edges));
    }
    return static_cast<std::int32_t>(need - spec.fields.begin());
  }

  std::int32_t joint_of(PaneSpec& spec, std::uint32_t lens, const MeasureCall& call) {
    const bool pairs = call.spec->name == "mutual_information";
    for (std::size_t i = 0; i < spec.joints.size(); ++i) {
      JointNeed& need = spec.joints[i];
      if (need.lens != lens || need.spec.column_a != call.columns[0] || need.spec.column_b != call.columns[1]) continue;
      need.spec.pairs = need.spec.pairs || pairs;
      return static_cast<std::int32_t>(i);
    }
    JointNeed need;
    need.lens = lens;
    need.spec.column_a = call.columns[0];
    need.spec.column_b = call.columns[1];
    need.spec.pairs = pairs;
    spec.joints.push_back(need);
    return static_cast<std::int32_t>(spec.joints.size() - 1);
  }

  BoundCall bind_drift(PaneSpec& spec, const WindowRule& rule, const DriftRule& drift) {
    BoundCall bound;
    bound.lens = lens_of(spec, "", rule);
    if (drift.columns.size() == 1) {
      bound.field = drift_field_of(spec, bound.lens, drift_summary(plan_, drift));
    } else if (!drift.columns.empty()) {
      bound.scatter = scatter_of(spec, bound.lens, drift.columns);
    }
    return bound;
  }

  std::int32_t tally_of(PaneSpec& spec, const TallyNeed& wanted) {
    for (std::size_t i = 0; i < spec.tallies.size(); ++i) {
      const TallyNeed& need = spec.tallies[i];
      if (need.lens == wanted.lens && need.rule == wanted.rule && need.filter == wanted.filter)
        return static_cast<std::int32_t>(i);
    }
    spec.tallies.push_back(wanted);
    if (wanted.rule != TallyNeed::kNone) {
      const auto rule = static_cast<std::uint32_t>(wanted.rule);
      if (std::find(out_.rules.begin(), out_.rules.end(), rule) == out_.rules.end()) out_.rules.push_back(rule);
    }
    return static_cast<std::int32_t>(spec.tallies.size() - 1);
  }

  BoundCall bind_call(PaneSpec& spec, const WindowRule& rule, const MeasureCall& call, const std::string& extent) {
    BoundCall bound;
    bound.lens = lens_of(spec, call.stream, rule);
    switch (call.spec->source) {
      case MeasureSource::Field: bound.field = field_of(spec, bound.lens, call, 0); break;
      case MeasureSource::TwoFields:
        bound.field = field_of(spec, bound.lens, call, 0);
        bound.second = field_of(spec, bound.lens, call, 1);
        break;
      case MeasureSource::Joint:
        if (call.columns.size() == 2) bound.joint = joint_of(spec, bound.lens, call);
        break;
      case MeasureSource::Rule: {
        const auto found = rules_by_id_.find(call.text);
        if (found == rules_by_id_.end()) break;
        TallyNeed need;
        need.lens = bound.lens;
        need.rule = static_cast<std::int32_t>(found->second);
        bound.tally = tally_of(spec, need);
        break;
      }
      case MeasureSource::Condition: {
        if (call.predicate == nullptr) break;
        TallyNeed need;
        need.lens = bound.lens;
        need.filter = filter_of(call.written.substr(call.written.find('(')), call.predicate, call.columns);
        bound.tally = tally_of(spec, need);
        break;
      }
      case MeasureSource::Schema: {
        const auto place = std::find(spec.schemas.begin(), spec.schemas.end(), bound.lens);
        bound.schema = static_cast<std::int32_t>(place - spec.schemas.begin());
        if (place == spec.schemas.end()) spec.schemas.push_back(bound.lens);
        break;
      }
      case MeasureSource::Rows:
      case MeasureSource::Measure:
      case MeasureSource::Score: break;
      case MeasureSource::Drift:
        if (call.drift < 0) break;
        bound.field = drift_field_of(spec, bound.lens,
                                     drift_summary(plan_, plan_.drift_rules[static_cast<std::size_t>(call.drift)]));
        break;
    }
    bound.series = call.written;
    if (!call.stream.empty()) bound.series += " of " + call.stream;
    if (!rule.info.when.empty()) bound.series += " | when " + rule.info.when;
    bound.series += " | " + extent;
    return bound;
  }

  /// The window as its histories name it. Blocks of the same window that count otherwise, such as with another `lateness`, come
  /// to other values: from the second on they are told apart by a number.
  std::string extent_of(const WindowBlock& block, std::uint32_t grid) {
    std::string out = block.extent;
    if (cut_by_zone(block)) out += " in " + block.zone;
    if (block.accepted_only) out += " over accepted";
    std::string windows = out;
    for (const SegmentField& field : block.segment) windows += " " + std::to_string(field.column);
    std::vector<std::uint32_t>& grids = grids_of_[windows];
    const auto at = std::find(grids.begin(), grids.end(), grid);
    const auto before = static_cast<std::size_t>(at - grids.begin());
    if (at == grids.end()) grids.push_back(grid);
    return before == 0 ? out : out + " #" + std::to_string(before + 1);
  }

  void bind(std::uint32_t index) {
    const WindowRule& rule = plan_.window_rules[index];
    BoundBlock& block = out_.blocks[rule.block];
    PaneSpec& spec = out_.grids[block.grid].spec;
    const WindowBlock& written = plan_.windows[rule.block];
    const std::string extent = extent_of(written, block.grid);
    spec.no_snapshots = written.accepted_only;
    BoundRule bound;
    bound.rule = index;
    if (rule.drift >= 0) {
      bound.drift = rule.drift;
      bound.drifting = bind_drift(spec, rule, plan_.drift_rules[static_cast<std::size_t>(rule.drift)]);
      block.drifts = true;
    }
    const auto bind_all = [&](const WindowCondition& condition, std::vector<BoundCall>& calls) {
      for (const MeasureCall& call : condition.calls) {
        calls.push_back(bind_call(spec, rule, call, extent));
        calls.back().remember = remembered_.insert(std::to_string(rule.block) + ":" + calls.back().series).second;
        bound.scores = bound.scores || call.spec->source == MeasureSource::Score;
        bound.looks_back = bound.looks_back || call.inner >= 0 || call.spec->name == "freshness";
        if (call.inner >= 0) looked_back_.insert(calls[static_cast<std::size_t>(call.inner)].series);
      }
    };
    bind_all(rule.must, bound.must);
    bind_all(rule.should, bound.should);
    if (bound.scores) {
      for (std::uint32_t i = 0; i < plan_.rules.size(); ++i) {
        if (i == plan_.decode_rule || i == plan_.late_rule) continue;  // what is in a window was decoded, and in time
        TallyNeed need;
        need.lens = lens_of(spec, "", rule);
        need.rule = static_cast<std::int32_t>(i);
        bound.score_tallies.push_back(tally_of(spec, need));
      }
    }
    block.rules.push_back(std::move(bound));
  }

  void mark_looked_back(BoundBlock& block) {
    for (BoundRule& rule : block.rules) {
      for (std::vector<BoundCall>* const calls : {&rule.must, &rule.should}) {
        for (BoundCall& call : *calls) call.looked_back = looked_back_.contains(call.series);
      }
    }
  }

  /// Brings the fields into the order of their lenses, so that a pane is filled lens by lens.
  void finish(Grid& grid) {
    PaneSpec& spec = grid.spec;
    std::vector<std::uint32_t> order(spec.fields.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return spec.fields[a].lens < spec.fields[b].lens; });
    std::vector<FieldNeed> fields;
    std::vector<std::int32_t> place(order.size());
    for (const std::uint32_t from : order) {
      place[from] = static_cast<std::int32_t>(fields.size());
      fields.push_back(spec.fields[from]);
    }
    spec.fields = std::move(fields);
    for (std::uint32_t lens = 0, at = 0; lens < spec.lenses.size(); ++lens) {
      spec.lenses[lens].first_field = at;
      while (at < spec.fields.size() && spec.fields[at].lens == lens) ++at;
      spec.lenses[lens].last_field = at;
    }
    for (const std::uint32_t index : grid.blocks) {
      for (BoundRule& rule : out_.blocks[index].rules) {
        if (rule.drifting.field >= 0) rule.drifting.field = place[static_cast<std::size_t>(rule.drifting.field)];
        for (std::vector<BoundCall>* const calls : {&rule.must, &rule.should}) {
          for (BoundCall& call : *calls) {
            if (call.field >= 0) call.field = place[static_cast<std::size_t>(call.field)];
            if (call.second >= 0) call.second = place[static_cast<std::size_t>(call.second)];
          }
        }
      }
    }
    spec.bytes = Pane::bytes_bound(spec);
  }

  const Plan& plan_;
  Layout out_;
  std::unordered_map<std::string, std::uint32_t> rules_by_id_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> grids_of_;  // by window and segments
  std::unordered_set<std::string> remembered_;
  std::unordered_set<std::string> looked_back_;
};

}  // namespace

Layout lay_out(const Plan& plan) {
  return Builder(plan).build();
}

}  // namespace weir
