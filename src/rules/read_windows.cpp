// SPDX-License-Identifier: Apache-2.0
// `windows`: blocks that say what a window is, and the rules of each. What can be told without compiling a condition is told
// here; compile_windows.cpp does the rest.
#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "base/timestamp.h"
#include "rules/codes.h"
#include "rules/explain_windows.h"
#include "rules/keys.h"
#include "rules/read_rules.h"

namespace weir {
namespace {

// A sliding window is made of panes, and each of them is kept for as long as a window needs it.
constexpr std::int64_t kMostPanes = 10'000;
constexpr std::size_t kMostSegmentFields = 8;
constexpr std::size_t kMostBlocks = 256;
constexpr std::size_t kMostRules = 4'096;
constexpr std::size_t kMostSegments = 10'000;
constexpr Duration kShortest = std::chrono::milliseconds(1);
constexpr Duration kDay = std::chrono::hours(24);
constexpr Duration kLongest = 3660 * kDay;

class BlockReader {
 public:
  BlockReader(RuleReading& reading, const YamlNode& node)
      : reading_(reading), node_(node), block_(reading.findings, node, window_keys()) {}

  void read() {
    check_keys();
    WrittenBlock out;
    out.where = node_.where();
    read_extent(out.block);
    check_cut(out.block);
    read_lateness(out.block);
    read_segments(out);
    out.block.zone = block_.text("zone");
    out.block.accepted_only = block_.text("over") == "accepted";
    check_zone(out.block);
    if (const YamlNode* zone = block_.node("zone")) out.block.zone_rules = reading_.zones.read(*zone);
    reading_.out.windows.push_back(std::move(out));
    const YamlNode* const rules = block_.node("rules");
    if (rules == nullptr) return;
    for (const YamlNode* rule : rules->items) {
      if (reading_.out.window_rules.size() == kMostRules) {
        reading_.findings.error(codes::kLimit, rule->where(), "more than 4,096 window rules", {});
        return;
      }
      read_rule(*rule);
    }
  }

 private:
  void error(std::string_view code, std::string_view key, std::string message, std::string help) {
    const YamlNode* const at = block_.key(key);
    reading_.findings.error(code, at == nullptr ? node_.where() : at->where(), std::move(message),
                            {.label = {}, .help = std::move(help)});
  }

  [[nodiscard]] Duration duration(std::string_view key, Duration otherwise) const {
    return block_.has(key) ? parse_duration(block_.text(key)).value_or(otherwise) : otherwise;
  }

  /// Which keys go together to say what a window is.
  void check_keys() {
    const bool by_time = block_.has("every") || block_.has("size");
    for (const std::string_view key : {"count", "session"}) {
      if (block_.has(key) && by_time)
        error(codes::kContradiction, key, "a window by `" + std::string(key) + "` has no `every` and no `size`",
              "write a block for each");
    }
    if (block_.has("count") && block_.has("session"))
      error(codes::kContradiction, "session", "a window is by `count` or by `session`", "write a block for each");
    if (block_.has("count") && block_.text("count") == "0")
      error(codes::kContradiction, "count", "a window of no records", "`count` is at least 1");
    const auto needs = [&](std::string_view key, std::string_view other, std::string_view help) {
      if (node_.is_map() && block_.has(key) && node_.find(other) == nullptr)
        error(codes::kMissingKey, key, "`" + std::string(key) + "` needs `" + std::string(other) + "`",
              std::string(help));
    };
    needs("session", "max", "the longest that a session may be bounds what is remembered");
    needs("size", "every", "a window of `size` begins `every` so often");
    needs("max", "session", "`max` is the longest that a session may be");
    if (by_time || block_.has("session")) return;
    for (const std::string_view key : {"lateness", "late"}) {
      if (block_.has(key))
        error(codes::kPlace, key, "`" + std::string(key) + "` says nothing to a window that does not end by time",
              "it belongs to a block with `every` or `session`");
    }
  }

  void read_extent(WindowBlock& out) {
    if (block_.has("every")) {
      out.kind = WindowKind::Time;
      out.every = duration("every", kDay);
      out.size = duration("size", out.every);
      out.extent = (out.size == out.every ? "" : length_in_words(out.size) + " by ") + length_in_words(out.every);
      base_ = block_.text("every");
    } else if (block_.has("count")) {
      out.kind = WindowKind::Count;
      out.count = std::stoull(block_.text("count"));
      out.extent = base_ = "count " + block_.text("count");
    } else if (block_.has("session")) {
      out.kind = WindowKind::Session;
      out.gap = duration("session", kDay);
      out.longest = duration("max", out.gap);
      out.extent = "session " + length_in_words(out.gap);
      base_ = "session " + block_.text("session");
    } else {
      out.extent = base_ = "all";
    }
  }

  void check_cut(const WindowBlock& block) {
    for (const std::string_view key : {"every", "size", "session", "max"}) {
      if (!block_.has(key)) continue;
      const Duration length = duration(key, kDay);
      if (length < kShortest || length > kLongest)
        return error(codes::kWindowCut, key, "`" + std::string(key) + "` lies outside of what windows can be",
                     "windows last from 1 ms to 3,660 days");
    }
    if (block.kind == WindowKind::Session && block.longest < block.gap)
      return error(codes::kWindowCut, "max", "the longest session is shorter than the gap that ends one",
                   "`max` is at least `session`");
    if (block.kind != WindowKind::Time || !block_.has("size")) return;
    if (block.size < block.every)
      return error(codes::kWindowCut, "size", "records between two windows would lie in none",
                   "`size` is at least `every`");
    const std::int64_t pane = std::gcd(block.size.count(), block.every.count());
    if (block.size.count() / pane > kMostPanes)
      error(codes::kWindowCut, "size",
            "a window of " + length_in_words(block.size) + " every " + length_in_words(block.every) + " is made of " +
                with_commas(static_cast<std::uint64_t>(block.size.count() / pane)) + " panes",
            "a pane is what goes into both without a rest, " + format_duration(Duration(pane)) +
                " here; a window has at most 10,000 of them");
  }

  void check_zone(const WindowBlock& block) {
    if (!block_.has("zone")) return;
    if (block.kind != WindowKind::Time || block.every % kDay != Duration::zero())
      return error(codes::kPlace, "zone", "`zone` says where days begin, and these windows are not made of days",
                   "windows of less than a day are cut in UTC; `every: 1d` is cut in the zone");
    if (block.size % kDay != Duration::zero())
      error(codes::kWindowCut, "size", "in a time zone windows are made of whole days",
            "write `size` as a multiple of a day");
  }

  void read_lateness(WindowBlock& out) {
    out.lateness = duration("lateness", out.lateness);
    if (out.lateness > kLongest)
      error(codes::kWindowCut, "lateness", "`lateness` is longer than any window", "at most 3,660 days");
    const std::string late = block_.text("late", "count");
    out.late = late == "quarantine" ? LatePolicy::Quarantine
               : late == "revise"   ? LatePolicy::Revise
                                    : LatePolicy::Count;
  }

  void add_segment(WrittenBlock& out, const YamlNode& at, std::vector<std::string> listed) {
    Result<FieldPath> path = FieldPath::parse(at.text);
    if (!path) return;  // told by Section
    const auto refuse = [&](std::string message, std::string help) {
      reading_.findings.error(codes::kSegment, at.where(), std::move(message), {.label = {}, .help = std::move(help)});
    };
    if (path->repeated())
      return refuse("a record has any number of " + backquoted(at.text), "a segment is one value of a record");
    for (const WrittenSegment& other : out.segment) {
      if (other.path == *path) return refuse("the segment " + backquoted(at.text) + " is named twice", "");
    }
    if (out.segment.size() == kMostSegmentFields)
      return refuse("a segment of more than 8 fields", "each further field multiplies the segments");
    out.segment.push_back({.path = *std::move(path), .listed = std::move(listed), .where = at.where()});
  }

  void read_segments(WrittenBlock& out) {
    if (block_.has("max_segments")) {
      const std::uint64_t most = std::stoull(block_.text("max_segments"));
      if (most < 1 || most > kMostSegments)
        error(codes::kWindowCut, "max_segments", "`max_segments` lies outside of 1 to 10,000",
              "the rest is judged together, as `__other__`");
      out.block.max_segments = static_cast<std::uint32_t>(std::min<std::uint64_t>(most, kMostSegments));
      if (!block_.has("segment"))
        error(codes::kMissingKey, "max_segments", "`max_segments` needs `segment`", "name the fields first");
    }
    const YamlNode* const segment = block_.node("segment");
    if (segment == nullptr) return;
    if (segment->is_scalar()) add_segment(out, *segment, {});
    for (const YamlNode* path : segment->items) add_segment(out, *path, {});
    std::size_t together = segment->is_map() ? 1 : 0;
    for (const YamlNode::Member& member : segment->members) {
      for (const YamlNode* value : member.value->items) {
        if (value->is_null())
          reading_.findings.error(codes::kSegment, value->where(), "a null cannot be listed as a segment",
                                  {.label = "records without a value have a segment of their own", .help = {}});
      }
      std::vector<std::string> listed = texts_of(*member.value);
      together = std::min(together * listed.size(), kMostSegments + 1);
      add_segment(out, *member.key, std::move(listed));
    }
    if (together > out.block.max_segments)
      error(codes::kWindowCut, "segment", "more values are listed than `max_segments` lets be judged apart",
            "listed values are always kept: raise `max_segments`, at most to 10,000");
  }

  void read_rule(const YamlNode& node) {
    const Section rule(reading_.findings, node, window_rule_keys());
    if (!node.is_map()) return;
    if (node.find("must") == nullptr && node.find("should") == nullptr)
      reading_.findings.error(codes::kMissingKey, node.where(), "a window rule needs `must` or `should`",
                              {.label = {}, .help = "for example {must: row_count >= 100}"});
    WrittenWindowRule out;
    out.must = rule.node("must");
    out.should = rule.node("should");
    out.when = rule.node("when");
    const YamlNode* const said = out.must != nullptr ? out.must : out.should;
    if (said == nullptr) return;
    out.block = static_cast<std::uint32_t>(reading_.out.windows.size() - 1);
    out.enabled = rule.flag("enabled", true);
    const std::string on_empty = rule.text("on_empty", block_.text("on_empty", "pass"));
    out.on_empty = on_empty == "fail" ? OnEmpty::Fail : on_empty == "warn" ? OnEmpty::Warn : OnEmpty::Pass;
    RuleInfo& info = out.info;
    info.id = rule.has("id") ? reading_.ids.given(rule.text("id"), rule.node("id")->where())
                             : reading_.ids.automatic("windows." + base_ + "." + one_line(said->text), said->where());
    info.kind = RuleKind::Window;
    info.severity = out.must != nullptr ? Severity::Error : Severity::Warn;
    info.on_fail = OnFail::Count;
    info.description = rule.text("description");
    info.runbook = rule.text("runbook", reading_.defaults.runbook);
    info.tags = reading_.defaults.tags;
    for (std::string& tag : rule.texts("tags")) info.tags.push_back(std::move(tag));
    info.where = said->where();
    reading_.out.window_rules.push_back(std::move(out));
  }

  RuleReading& reading_;
  const YamlNode& node_;
  Section block_;
  std::string base_;  // what the block is called in the ids of its rules
};

bool by_time(const WindowBlock& block) {
  return block.kind == WindowKind::Time || block.kind == WindowKind::Session;
}

/// On a topic there is the time of the message; a record of a file has none.
void warn_of_missing_time(RuleReading& reading) {
  const RuleSet& rules = reading.out;
  if (rules.time_path || rules.on_topic) return;
  const auto timed = std::find_if(rules.windows.begin(), rules.windows.end(),
                                  [](const WrittenBlock& block) { return by_time(block.block); });
  if (timed == rules.windows.end()) return;
  reading.findings.warning(
      codes::kNoEventTime, timed->where, "windows by time, and no `source.time` says when a record happened",
      {.label = "on a file these rules cannot be judged: `weir check` gives them the outcome error",
       .help = "write `source: {time: created_at}`; on a topic the time of the message is taken"});
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank || (!out.empty() && out.back() != ' ')) out += blank ? ' ' : c;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

void read_windows(RuleReading& reading, const YamlNode& windows) {
  for (std::size_t i = 0; i < windows.items.size(); ++i) {
    if (i == kMostBlocks) {
      reading.findings.error(codes::kLimit, windows.items[i]->where(), "more than 256 blocks of windows", {});
      return;
    }
    BlockReader(reading, *windows.items[i]).read();
  }
  warn_of_missing_time(reading);
  const RuleSet& rules = reading.out;
  const bool needed = std::any_of(rules.window_rules.begin(), rules.window_rules.end(), [&](const auto& rule) {
    return rule.enabled && by_time(rules.windows[rule.block].block);
  });
  if (needed && rules.time_path && rules.time.on_error == TimeError::Quarantine) reading.ids.automatic("time", {});
}

}  // namespace weir
