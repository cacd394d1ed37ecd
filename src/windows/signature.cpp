// SPDX-License-Identifier: Apache-2.0
// Every piece of a name stands with its length before it, so that no two lists of pieces read alike.
#include "windows/signature.h"

#include <string_view>

#include "base/sha256.h"
#include "summary/codec.h"

namespace weir {

namespace {

class Name {
 public:
  Name& text(std::string_view piece) {
    out_.text(piece);
    return *this;
  }
  Name& number(std::int64_t piece) {
    out_.signed_varint(piece);
    return *this;
  }
  Name& real(double piece) {
    out_.f64(piece);
    return *this;
  }
  Name& field(const Plan& plan, std::uint32_t column) {
    const Field& field = plan.fields[column];
    text(field.path.text()).number(static_cast<std::int64_t>(field.cell_type)).number(field.redacted ? 1 : 0);
    number(static_cast<std::int64_t>(field.missing_values.size()));
    for (const std::string& value : field.missing_values) text(value);
    return *this;
  }
  Name& fields(const Plan& plan, const std::vector<std::uint32_t>& columns) {
    number(static_cast<std::int64_t>(columns.size()));
    for (const std::uint32_t column : columns) field(plan, column);
    return *this;
  }
  [[nodiscard]] std::string take() { return std::move(out_).bytes(); }

 private:
  SummaryWriter out_;
};

void add_filter(Name& name, const Plan& plan, const Layout& layout, std::int32_t filter) {
  if (filter < 0) {
    name.text("");
    return;
  }
  const Filter& mine = layout.filters[static_cast<std::size_t>(filter)];
  name.text(mine.text).fields(plan, mine.columns);
}

Name name_of(std::string_view kind, const Plan& plan, const Layout& layout, const PaneSpec& spec, std::uint32_t lens) {
  Name out;
  out.text(kind).text(spec.lenses[lens].stream);
  add_filter(out, plan, layout, spec.lenses[lens].filter);
  return out;
}

}  // namespace

std::string rule_name(const Plan& plan, std::uint32_t rule) {
  const RecordRule& mine = plan.rules[rule];
  Name out;
  out.text(mine.info.id).text(mine.fingerprint).text(mine.info.check).text(mine.info.expected).text(mine.info.when);
  out.fields(plan, mine.columns).fields(plan, mine.when_columns);
  return out.take();
}

namespace {

std::string axis_name(const Plan& plan, const Grid& grid) {
  const WindowBlock& block = plan.windows[grid.example];
  Name out;
  out.number(static_cast<std::int64_t>(grid.kind)).number(grid.pane).number(grid.origin);
  out.text(grid.by_zone ? block.zone : "").number(bounded(block.lateness).count());
  out.number(static_cast<std::int64_t>(block.late)).number(bounded(block.gap).count());
  out.number(block.accepted_only ? 1 : 0).number(block.max_segments);
  out.number(static_cast<std::int64_t>(block.segment.size()));
  for (const SegmentField& field : block.segment) {
    out.field(plan, field.column).text(field.path).number(static_cast<std::int64_t>(field.listed.size()));
    for (const std::string& value : field.listed) out.text(value);
  }
  out.text(plan.time.zone).number(static_cast<std::int64_t>(plan.time.on_error));
  if (plan.time.column != EventTime::kNone) out.field(plan, static_cast<std::uint32_t>(plan.time.column));
  // What goes into accepted records is what every rule says that puts records aside.
  if (block.accepted_only) {
    for (std::uint32_t i = 0; i < plan.rules.size(); ++i) {
      if (plan.rules[i].info.on_fail >= OnFail::Drop) out.text(rule_name(plan, i));
    }
  }
  return out.take();
}

}  // namespace

std::string grid_name(const Plan& plan, const Layout& layout, const Grid& grid) {
  const std::string axis = axis_name(plan, grid);
  std::int64_t alike = 0;  // that stand before it
  for (const Grid& other : layout.grids) {
    if (&other == &grid) break;
    if (axis_name(plan, other) == axis) ++alike;
  }
  return Name().text(axis).number(alike).take();
}

std::vector<std::string> slot_names(const Plan& plan, const Layout& layout, const PaneSpec& spec) {
  std::vector<std::string> out;
  for (std::uint32_t i = 0; i < spec.lenses.size(); ++i) out.push_back(name_of("rows", plan, layout, spec, i).take());
  for (const TallyNeed& need : spec.tallies) {
    Name name = name_of("tally", plan, layout, spec, need.lens);
    if (need.rule != TallyNeed::kNone) name.text(rule_name(plan, static_cast<std::uint32_t>(need.rule)));
    add_filter(name, plan, layout, need.filter);
    out.push_back(name.take());
  }
  for (const FieldNeed& need : spec.fields) {
    Name name = name_of(need.drift ? "drift" : "field", plan, layout, spec, need.lens);
    const SummarySpec& mine = need.spec;
    name.field(plan, mine.column).number(mine.parts.bits).number(static_cast<std::int64_t>(mine.declared));
    name.number(mine.quantile_k).number(mine.redacted ? 1 : 0).number(mine.instants ? 1 : 0);
    if (mine.parts.has(Part::Raw)) name.number(mine.raw_most);
    if (mine.edges != nullptr) {
      for (const double edge : *mine.edges) name.real(edge);
    }
    out.push_back(name.take());
  }
  for (const JointNeed& need : spec.joints) {
    Name name = name_of("joint", plan, layout, spec, need.lens);
    name.field(plan, need.spec.column_a).field(plan, need.spec.column_b).number(need.spec.pairs ? 1 : 0);
    out.push_back(name.take());
  }
  for (const std::uint32_t lens : spec.schemas) out.push_back(name_of("schema", plan, layout, spec, lens).take());
  for (const ScatterNeed& need : spec.scatters)
    out.push_back(name_of("scatter", plan, layout, spec, need.lens).fields(plan, need.spec.columns).take());
  return out;
}

std::string layout_name(const Plan& plan, const Layout& layout) {
  SummaryWriter out;
  for (const Grid& grid : layout.grids) {
    out.text(grid_name(plan, layout, grid));
    const std::vector<std::string> slots = slot_names(plan, layout, grid.spec);
    out.varint(slots.size());
    for (const std::string& slot : slots) out.text(slot);
    out.varint(grid.blocks.size());
    for (const std::uint32_t index : grid.blocks) {
      out.signed_varint(layout.blocks[index].step);
      out.signed_varint(layout.blocks[index].panes);
    }
  }
  return sha256_hex(out.bytes());
}

}  // namespace weir
