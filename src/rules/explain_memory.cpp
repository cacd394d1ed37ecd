// SPDX-License-Identifier: Apache-2.0
// A pane keeps what all rules of its windows ask for, once. Its size is the most that it comes to, as the summaries
// themselves state it; errors are those that 99 of 100 answers keep.
#include "rules/explain_memory.h"

#include <algorithm>
#include <set>
#include <vector>

#include "base/text.h"
#include "base/timestamp.h"
#include "rules/explain_windows.h"
#include "summary/quantile_sketch.h"
#include "windows/layout_drift.h"

namespace weir {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string in_percent(double share) {
  const auto tenths = static_cast<std::uint64_t>(share * 1000 + 0.5);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

std::string parts_in_words(const SummarySpec& spec) {
  std::vector<std::string> words = {"counts"};
  const auto add = [&](Part part, std::string text) {
    if (spec.parts.has(part)) words.push_back(std::move(text));
  };
  const std::string ranks = "ranks within " + in_percent(QuantileSketch::rank_error(spec.quantile_k));
  if (spec.parts.has(Part::Moments) || spec.parts.has(Part::HighMoments)) words.emplace_back("mean and spread");
  add(Part::Extremes, "the smallest and the largest value");
  add(Part::Histogram, "counts between bounds");
  add(Part::Quantiles, "quantiles (KLL: " + ranks + ")");
  add(Part::Distinct, "different values (HyperLogLog: within 4.2 %)");
  add(Part::Values, "how often each value came (exact up to 1,024 values, then the most common ones)");
  add(Part::Shape, "lengths");
  add(Part::Repeats, "which values repeat (4,096 smallest hashes: shares within 2.1 %)");
  add(Part::Delay, "delays (KLL: " + ranks + ")");
  add(Part::Raw, "the numbers themselves (up to " + with_commas(spec.raw_most) + ")");
  return joined(words);
}

std::string segments_of(const WindowBlock& block) {
  if (block.segment.empty()) return "";
  return " for each of at most " + with_commas(std::uint64_t{block.max_segments} + 1) + " segments";
}

std::uint64_t segments(const WindowBlock& block) {
  return block.segment.empty() ? 1 : std::uint64_t{block.max_segments} + 1;
}

/// The panes of all segments in one place, and what holds them: a node of the store, and 64 pointers for each 64 segments.
std::uint64_t row_bytes(const Plan& plan, const Grid& grid) {
  constexpr std::uint64_t kNode = 112;
  constexpr std::uint64_t kChunk = 64 * sizeof(void*);
  const std::uint64_t count = segments(plan.windows[grid.example]);
  return grid.spec.bytes * count + kNode + (count + 63) / 64 * (kChunk + sizeof(void*));
}

/// What a grid knows of its segments, however many windows there are. Hashes of the ones that it does not keep are
/// counted apart: there may be none.
std::uint64_t names_bytes(const WindowBlock& block) {
  constexpr std::uint64_t kTable = 1'600;
  constexpr std::uint64_t kEach = 200;
  constexpr std::uint64_t kField = 100;
  if (block.segment.empty()) return kTable;
  return kTable + segments(block) * (kEach + kField * block.segment.size());
}

/// Windows of several panes keep sums of panes: of each segment the ends of the windows that reach over a cut, and one
/// beginning; and the window that is being judged.
std::uint64_t sliding_bytes(const Plan& plan, const Layout& layout, const Grid& grid) {
  std::uint64_t out = 0;
  for (const std::uint32_t index : grid.blocks) {
    const auto panes = static_cast<std::uint64_t>(layout.blocks[index].panes);
    const auto step = static_cast<std::uint64_t>(layout.blocks[index].step);
    if (panes < 2) continue;
    const std::uint64_t sums = (panes - 1 + step - 1) / step + 1;
    out += (sums * segments(plan.windows[grid.example]) + 1) * grid.spec.bytes;
  }
  return out;
}

std::uint64_t folded_bytes(const WindowBlock& block) {
  constexpr std::uint64_t kCounted = 4'096;
  constexpr std::uint64_t kNode = 64;
  return block.segment.empty() ? 0 : kCounted * kNode;
}

std::string pane_in_words(const Plan& plan, const Grid& grid) {
  const WindowBlock& block = plan.windows[grid.example];
  switch (grid.kind) {
    case WindowKind::Whole: return "one summary of the whole input";
    case WindowKind::Count:
      return "a summary of each " + with_commas(static_cast<std::uint64_t>(grid.pane)) + " records";
    case WindowKind::Session: return "a summary of each session";
    case WindowKind::Time: break;
  }
  return "panes of " + length_in_words(Duration(grid.pane)) + (block.zone.empty() ? "" : " in " + block.zone);
}

/// How many are remembered at a time where records come as a stream: from the first pane of the oldest window that is still
/// awaited to the newest record.
std::uint64_t open_panes(const Plan& plan, const Grid& grid) {
  if (grid.kind != WindowKind::Time) return 1;
  const WindowBlock& block = plan.windows[grid.example];
  Duration longest = Duration::zero();
  for (const std::uint32_t index : grid.blocks) longest = std::max(longest, plan.windows[index].size);
  const std::int64_t span = (longest + block.lateness + plan.time.out_of_order).count();
  return static_cast<std::uint64_t>((span + grid.pane - 1) / grid.pane);
}

std::uint64_t open_bytes(const Plan& plan, const Layout& layout, const Grid& grid) {
  return open_panes(plan, grid) * row_bytes(plan, grid) + names_bytes(plan.windows[grid.example]) +
         sliding_bytes(plan, layout, grid);
}

std::string open_in_words(const Plan& plan, const Layout& layout, const Grid& grid) {
  if (grid.kind == WindowKind::Count) return "as a stream one of them is open";
  if (grid.kind != WindowKind::Time) return "";
  return "as a stream at most " + with_commas(open_panes(plan, grid)) + " of them are open, " +
         human_bytes(open_bytes(plan, layout, grid));
}

/// Whether a rule of the plan is judged on this grid; a block whose rules were all left out remembers nothing.
bool in_use(const Layout& layout, const Grid& grid) {
  return std::any_of(grid.blocks.begin(), grid.blocks.end(),
                     [&](std::uint32_t block) { return !layout.blocks[block].rules.empty(); });
}

std::string what_is_kept(const Plan& plan, const Layout& layout, const PaneSpec& spec) {
  std::string out;
  const auto line = [&](const std::string& text, std::uint32_t lens) {
    const Lens& of = spec.lenses[lens];
    out += "      " + text;
    if (!of.stream.empty()) out += " of " + of.stream;
    if (of.filter != Lens::kEvery) out += " when " + layout.filters[static_cast<std::size_t>(of.filter)].text;
    out += "\n";
  };
  for (const FieldNeed& need : spec.fields)
    line(plan.fields[need.spec.column].path.text() + ": " + parts_in_words(need.spec), need.lens);
  for (const JointNeed& need : spec.joints)
    line(plan.fields[need.spec.column_a].path.text() + " with " + plan.fields[need.spec.column_b].path.text() + ": " +
             (need.spec.pairs ? "how often each pair came" : "mean, spread and correlation"),
         need.lens);
  for (const ScatterNeed& need : spec.scatters) {
    std::vector<std::string> paths;
    for (const std::uint32_t column : need.spec.columns) paths.push_back(plan.fields[column].path.text());
    line(joined(paths) + ": means and how all of them vary together", need.lens);
  }
  for (const std::uint32_t lens : spec.schemas) line("the names and types of all fields", lens);
  if (!spec.tallies.empty()) {
    const bool one = spec.tallies.size() == 1;
    out += "      how often " + with_commas(spec.tallies.size()) + (one ? " rule" : " rules") + " or " +
           (one ? "condition" : "conditions") + " held\n";
  }
  return out;
}

}  // namespace

std::string kept_for(const Plan& plan, const WindowRule& rule) {
  std::vector<std::string> lines;
  for (const WindowCondition* condition : {&rule.must, &rule.should}) {
    for (const MeasureCall& call : condition->calls) {
      if (call.spec->source == MeasureSource::Drift && call.drift >= 0) {
        const SummarySpec spec = drift_summary(plan, plan.drift_rules[static_cast<std::size_t>(call.drift)]);
        std::string line = plan.fields[spec.column].path.text() + ": " + parts_in_words(spec);
        if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
        continue;
      }
      if (call.spec->source != MeasureSource::Field && call.spec->source != MeasureSource::TwoFields) continue;
      for (const std::uint32_t column : call.columns) {
        SummarySpec spec;
        spec.parts = call.spec->parts;
        std::string line = plan.fields[column].path.text() + ": " + parts_in_words(spec);
        if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
      }
    }
  }
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "; ") + line;
  return out.empty() ? "counts" : out;
}

std::string panes_in_words(const Plan& plan, const Layout& layout, std::uint32_t block) {
  const Grid& grid = layout.grids[layout.blocks[block].grid];
  std::size_t rules = 0;
  for (const std::uint32_t index : grid.blocks) rules += layout.blocks[index].rules.size();
  return pane_in_words(plan, grid) + ", at most " + human_bytes(grid.spec.bytes) + segments_of(plan.windows[block]) +
         (rules > 1 ? ", shared by " + with_commas(rules) + " rules" : "");
}

std::string explain_panes(const Plan& plan, const Layout& layout) {
  std::string out;
  bool many = false;
  for (const Grid& grid : layout.grids) {
    if (!in_use(layout, grid)) continue;
    std::vector<std::string> names;
    for (const std::uint32_t index : grid.blocks) names.push_back("windows[" + std::to_string(index) + "]");
    out += "  " + pane_in_words(plan, grid) + ", at most " + human_bytes(grid.spec.bytes) +
           segments_of(plan.windows[grid.example]) + "   (" + joined(names) + ")\n" +
           what_is_kept(plan, layout, grid.spec);
    if (const std::uint64_t folded = folded_bytes(plan.windows[grid.example]); folded > 0)
      out += "      segments beyond the " + with_commas(plan.windows[grid.example].max_segments) +
             " are counted in at most " + human_bytes(folded) + "\n";
    const std::string open = open_in_words(plan, layout, grid);
    if (!open.empty()) out += "      " + open + "\n";
    many = many || grid.kind != WindowKind::Whole;
  }
  if (many)
    out +=
        "\n  on a file they stay until the end of the input: in memory up to 256 MiB, the rest in a temporary file\n";
  return out;
}

std::string memory_of_all(const Plan& plan, const Layout& layout, std::uint64_t record_rules) {
  std::uint64_t fixed = record_rules;
  bool grows = false;
  bool remembers = record_rules > 0;
  for (const Grid& grid : layout.grids) {
    if (!in_use(layout, grid)) continue;
    remembers = true;
    const WindowBlock& block = plan.windows[grid.example];
    fixed += names_bytes(block) + folded_bytes(block);
    if (grid.kind == WindowKind::Whole) {
      fixed += row_bytes(plan, grid);
    } else {
      grows = true;
    }
  }
  if (!remembers) return "none, no rule remembers records";
  std::string text = "at most " + human_bytes(fixed);
  if (grows)
    text = (fixed > 0 ? text + ", and " : "") + "of many windows at most 256 MiB in memory, the rest in a file";
  return text;
}

std::uint64_t memory_of_stream(const Plan& plan, const Layout& layout) {
  std::uint64_t bytes = 0;
  for (const RecordRule& rule : plan.rules) {
    if (rule.ordered) bytes += rule.check->memory_bound();
  }
  for (const Grid& grid : layout.grids) {
    if (in_use(layout, grid)) bytes += open_bytes(plan, layout, grid) + folded_bytes(plan.windows[grid.example]);
  }
  return bytes;
}

}  // namespace weir
