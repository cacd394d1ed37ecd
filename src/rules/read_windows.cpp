// SPDX-License-Identifier: Apache-2.0
// `windows`: blocks that say what a window is, and the rules of each. What can be told without compiling a condition is told
// here; compile_windows.cpp does the rest.
#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "base/timestamp.h"
#include "rules/block_keys.h"
#include "rules/codes.h"
#include "rules/explain_windows.h"
#include "rules/keys.h"
#include "rules/read_rules.h"

namespace weir {
namespace {

// A sliding window is made of panes, and each of them is kept for as long as a window needs it.
constexpr std::int64_t kMostPanes = 10'000;
constexpr Duration kDay = std::chrono::hours(24);

class BlockReader {
 public:
  BlockReader(RuleReading& reading, const YamlNode& node)
      : reading_(reading),
        node_(node),
        block_(reading.findings, node, window_keys()),
        keys_(reading.findings, node, block_) {}

  void read() {
    check_keys();
    WrittenBlock out;
    out.where = node_.where();
    read_extent(out.block);
    check_cut(out.block);
    keys_.read_lateness(out.block);
    keys_.read_segments(out);
    out.block.zone = block_.text("zone");
    out.block.accepted_only = block_.text("over") == "accepted";
    check_zone(out.block);
    if (const YamlNode* zone = block_.node("zone")) out.block.zone_rules = reading_.zones.read(*zone);
    reading_.out.windows.push_back(std::move(out));
    const YamlNode* const rules = block_.node("rules");
    if (rules == nullptr) return;
    for (const YamlNode* rule : rules->items) {
      if (reading_.out.window_rules.size() == kMostWindowRules) {
        reading_.findings.error(codes::kLimit, rule->where(), "more than 4,096 window rules", {});
        return;
      }
      read_rule(*rule);
    }
  }

 private:
  /// Which keys go together to say what a window is.
  void check_keys() {
    const bool by_time = block_.has("every") || block_.has("size");
    for (const std::string_view key : {"count", "session"}) {
      if (block_.has(key) && by_time)
        keys_.error(codes::kContradiction, key, "a window by `" + std::string(key) + "` has no `every` and no `size`",
                    "write a block for each");
    }
    if (block_.has("count") && block_.has("session"))
      keys_.error(codes::kContradiction, "session", "a window is by `count` or by `session`", "write a block for each");
    if (block_.has("count") && block_.text("count") == "0")
      keys_.error(codes::kContradiction, "count", "a window of no records", "`count` is at least 1");
    const auto needs = [&](std::string_view key, std::string_view other, std::string_view help) {
      if (node_.is_map() && block_.has(key) && node_.find(other) == nullptr)
        keys_.error(codes::kMissingKey, key, "`" + std::string(key) + "` needs `" + std::string(other) + "`",
                    std::string(help));
    };
    needs("session", "max", "the longest that a session may be bounds what is remembered");
    needs("size", "every", "a window of `size` begins `every` so often");
    needs("max", "session", "`max` is the longest that a session may be");
    if (by_time || block_.has("session")) return;
    keys_.refuse_lateness("it belongs to a block with `every` or `session`");
  }

  void read_extent(WindowBlock& out) {
    if (block_.has("every")) {
      out.kind = WindowKind::Time;
      out.every = keys_.duration("every", kDay);
      out.size = keys_.duration("size", out.every);
      out.extent = (out.size == out.every ? "" : length_in_words(out.size) + " by ") + length_in_words(out.every);
      base_ = block_.text("every");
    } else if (block_.has("count")) {
      out.kind = WindowKind::Count;
      out.count = std::stoull(block_.text("count"));
      out.extent = base_ = "count " + block_.text("count");
    } else if (block_.has("session")) {
      out.kind = WindowKind::Session;
      out.gap = keys_.duration("session", kDay);
      out.longest = keys_.duration("max", out.gap);
      out.extent = "session " + length_in_words(out.gap);
      base_ = "session " + block_.text("session");
    } else {
      out.extent = base_ = "all";
    }
  }

  void check_cut(const WindowBlock& block) {
    for (const std::string_view key : {"every", "size", "session", "max"}) {
      if (!keys_.check_length(key)) return;
    }
    if (block.kind == WindowKind::Session && block.longest < block.gap)
      return keys_.error(codes::kWindowCut, "max", "the longest session is shorter than the gap that ends one",
                         "`max` is at least `session`");
    if (block.kind != WindowKind::Time || !block_.has("size")) return;
    if (block.size < block.every)
      return keys_.error(codes::kWindowCut, "size", "records between two windows would lie in none",
                         "`size` is at least `every`");
    const std::int64_t pane = std::gcd(block.size.count(), block.every.count());
    if (block.size.count() / pane > kMostPanes)
      keys_.error(codes::kWindowCut, "size",
                  "a window of " + length_in_words(block.size) + " every " + length_in_words(block.every) +
                      " is made of " + with_commas(static_cast<std::uint64_t>(block.size.count() / pane)) + " panes",
                  "a pane is what goes into both without a rest, " + format_duration(Duration(pane)) +
                      " here; a window has at most 10,000 of them");
  }

  void check_zone(const WindowBlock& block) {
    if (!block_.has("zone")) return;
    if (block.kind != WindowKind::Time || block.every % kDay != Duration::zero())
      return keys_.error(codes::kPlace, "zone", "`zone` says where days begin, and these windows are not made of days",
                         "windows of less than a day are cut in UTC; `every: 1d` is cut in the zone");
    if (block.size % kDay != Duration::zero())
      keys_.error(codes::kWindowCut, "size", "in a time zone windows are made of whole days",
                  "write `size` as a multiple of a day");
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
  BlockKeys keys_;
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
}

void note_times(RuleReading& reading) {
  warn_of_missing_time(reading);
  const RuleSet& rules = reading.out;
  const bool needed = std::any_of(rules.window_rules.begin(), rules.window_rules.end(), [&](const auto& rule) {
    return rule.enabled && by_time(rules.windows[rule.block].block);
  });
  if (needed && rules.time_path && rules.time.on_error == TimeError::Quarantine) reading.ids.automatic("time", {});
}

}  // namespace weir
