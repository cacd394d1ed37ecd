// SPDX-License-Identifier: Apache-2.0
#include "app/top_detail.h"

#include <algorithm>
#include <span>

#include "base/escape.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "report/columns.h"
#include "report/words.h"

namespace weir {
namespace {

using Ink = Style::Ink;

constexpr std::size_t kMostOfAText = 600;  // code points
constexpr std::size_t kWindowsListed = 12;
constexpr std::size_t kAlertsListed = 12;
constexpr std::size_t kSparkCells = 40;
constexpr std::size_t kLabel = 13;

std::string safe(std::string_view text) {
  return visible(text, kMostOfAText);
}

/// "2026-01-31 12:03:05", and how long ago.
std::string moment(const std::optional<Instant>& time, Instant now) {
  if (!time) return "";
  std::string text = format_timestamp(std::chrono::floor<std::chrono::seconds>(*time)).substr(0, 19);
  text[10] = ' ';
  return text + " UTC (" + age_since(time, now) + " ago)";
}

class Page {
 public:
  std::vector<TopLine> lines;

  void fact(std::string_view label, const std::string& text, Ink ink = Ink::Plain) {
    if (text.empty()) return;
    std::string line(label);
    line.resize(kLabel, ' ');
    lines.push_back({.text = line + text, .ink = ink, .indent = kLabel});
  }
  void title(const std::string& text, TopState state) {
    lines.push_back({.text = std::string(word_of(state)) + "  " + text, .ink = ink_of(state), .indent = 2});
  }
  void heading(const std::string& text) {
    lines.push_back({});
    lines.push_back({.text = text, .ink = Ink::Strong});
  }
  void line(const std::string& text, Ink ink = Ink::Plain) {
    lines.push_back({.text = "  " + text, .ink = ink, .indent = 4});
  }
};

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

void add_counts(Page& page, const TopRule& rule) {
  const bool of_records = rule.kind == "record";
  std::string text = with_commas(rule.evaluated) + (of_records ? " records judged, " : " windows judged, ") +
                     with_commas(rule.failed) + " failed";
  if (rule.failed > 0 && rule.evaluated > 0) text += " (" + share_of(rule.failed, rule.evaluated) + ")";
  if (rule.skipped > 0) text += ", " + with_commas(rule.skipped) + " skipped";
  if (rule.no_data > 0) text += ", " + with_commas(rule.no_data) + " without data";
  if (rule.quarantined > 0) text += ", " + with_commas(rule.quarantined) + " in the quarantine";
  page.fact("Counts", text);
  if (rule.failing_rate && *rule.failing_rate > 0) page.fact("Now", short_rate(rule.failing_rate) + " fail");
  if (rule.failed_at.size() < 2) return;
  std::string where;
  for (const auto& [instance, failed] : rule.failed_at)
    where += (where.empty() ? "" : ", ") + safe(instance) + " " + with_commas(failed);
  page.fact("Failed at", where);
}

void add_windows(Page& page, const TopRule& rule, const TopOverview& overview, bool unicode) {
  std::vector<const TopWindow*> windows;
  std::vector<double> numbers;
  for (const TopWindow& window : overview.windows) {
    if (window.rule != rule.id || window.stream != rule.stream) continue;
    windows.push_back(&window);
    // Of segments the line would be a jumble.
    if (window.number && window.segment.empty()) numbers.push_back(*window.number);
  }
  page.heading("Last windows");
  if (windows.empty()) {
    page.line(rule.evaluated == 0 ? "none was judged yet" : "being fetched", Ink::Faint);
    return;
  }
  std::reverse(numbers.begin(), numbers.end());
  if (numbers.size() > 1)
    page.line(
        sparkline(std::span(numbers).last(std::min(numbers.size(), kSparkCells)), unicode) + "  (oldest to newest)",
        Ink::Accent);
  for (std::size_t i = 0; i < std::min(windows.size(), kWindowsListed); ++i) {
    const TopWindow& window = *windows[i];
    std::string word(word_of(window.state));
    word.resize(7, ' ');
    page.lines.push_back({.text = "  " + word + clock_words(window.start) + (window.end ? "-" : "") +
                                  clock_words(window.end) + "  " + why_of(window),
                          .ink = ink_of(window.state),
                          .indent = 9});
    if (i > 0) continue;
    for (const std::string& finding : window.findings) page.line("       - " + safe(finding));
  }
  if (windows.size() > kWindowsListed)
    page.line(std::to_string(windows.size() - kWindowsListed) + " older ones: /api/v1/windows", Ink::Faint);
}

void add_samples(Page& page, const TopRule& rule, const TopOverview& overview) {
  page.heading("Samples");
  if (!rule.samples.empty()) {
    for (const TopSample& sample : rule.samples) {
      page.line(clock_words(sample.at) + "  " + safe(sample.place) + "  " + safe(sample.reason));
    }
    return;
  }
  if (rule.failed == 0) {
    page.line("no record has failed", Ink::Faint);
    return;
  }
  const TopStream* const stream = overview.stream(rule.stream);
  if (stream == nullptr || stream->samples_per_rule == 0) {
    page.line("none is kept: start `weir run` with --web.samples 5 (web: {samples: 5}) to see values here", Ink::Faint);
  } else {
    page.line("none yet", Ink::Faint);
  }
  if (rule.quarantined > 0)
    page.line("all of them: weir quarantine show --rule " + shell_word(safe(rule.id)), Ink::Faint);
}

/// Of a rule, or of all rules of a stream.
void add_alerts(Page& page, const TopOverview& overview, const std::string& stream, const std::string* rule) {
  std::size_t count = 0;
  for (const TopAlert& alert : overview.alerts) {
    if (alert.stream != stream || (rule != nullptr && alert.rule != *rule)) continue;
    if (count++ == 0) page.heading("Alerts that fire, the oldest first");
    if (count > kAlertsListed) continue;
    std::string text = rule == nullptr ? alert.rule : "";
    if (!alert.segment.empty()) text += (text.empty() ? "" : " ") + alert.segment;
    if (text.empty()) text = "all of it";
    text += ": since " + moment(alert.since, overview.judged_at);
    if (alert.silenced) {
      text += ", silenced by maintenance" + (alert.why.empty() ? "" : ": " + alert.why);
    } else {
      text += alert.heard.empty() ? ", nobody was told yet" : ", told to " + joined(alert.heard);
    }
    page.line(safe(text), alert.silenced ? Ink::Faint : alert.severity == "warn" ? Ink::Warn : Ink::Bad);
  }
  if (count > kAlertsListed)
    page.line(with_commas(count - kAlertsListed) + " younger ones: /api/v1/alerts", Ink::Faint);
}

std::vector<TopLine> page_of(const TopRule& rule, const TopOverview& overview, bool unicode) {
  Page page;
  page.title(safe(rule.id) + " of " + safe(rule.stream), rule.state);
  page.lines.push_back({.text = why_of(rule, overview.judged_at), .ink = Ink::Strong});
  if (rule.state <= TopState::Warn) page.fact("Since", moment(rule.since, overview.judged_at));
  page.fact("Last failed", moment(rule.last_failed, overview.judged_at));
  page.lines.push_back({});
  page.fact("Says", safe((rule.field.empty() ? "" : rule.field + ": ") + rule.expected));
  page.fact("When", safe(rule.when));
  page.fact("Kind", safe(rule.kind + " rule, check " + rule.check + ", severity " + rule.severity +
                         (rule.on_fail.empty() ? "" : ", on_fail " + rule.on_fail)));
  page.fact("About", safe(rule.description));
  page.fact("Runbook", safe(rule.runbook), Ink::Accent);
  page.fact("Tags", safe(joined(rule.tags)));
  add_counts(page, rule);
  add_alerts(page, overview, rule.stream, &rule.id);
  if (rule.kind != "record") add_windows(page, rule, overview, unicode);
  if (rule.kind == "record") add_samples(page, rule, overview);
  return std::move(page.lines);
}

std::vector<TopLine> page_of(const TopStream& stream, const TopOverview& overview) {
  Page page;
  page.title("stream " + safe(stream.name), stream.state);
  page.lines.push_back({.text = why_of(stream), .ink = Ink::Strong});
  page.lines.push_back({});
  page.fact("Instances", safe(joined(stream.instances)));
  page.fact("Records", with_commas(stream.records) + " judged, " + short_rate(stream.records_rate));
  page.fact("Quarantine", with_commas(stream.quarantined) + " records, " + short_rate(stream.quarantined_rate) +
                              (stream.kept_out > 0 ? ", " + with_commas(stream.kept_out) + " kept out" : ""));
  page.fact("Undecoded", with_commas(stream.undecodable));
  page.fact("Late", with_commas(stream.late));
  page.fact("Lag", stream.lag ? with_commas(*stream.lag) : "not known");
  page.fact("Watermark", moment(stream.watermark, overview.judged_at));
  page.fact("Rebalances", with_commas(stream.rebalances));
  add_alerts(page, overview, stream.name, nullptr);
  page.heading("Troubles, the newest first");
  if (stream.troubles.empty()) page.line("none", Ink::Faint);
  for (const TopTrouble& trouble : stream.troubles) {
    page.line(clock_words(trouble.at) + "  " + safe(trouble.event) + ": " + safe(trouble.message) +
              (trouble.times > 1 ? " (" + with_commas(trouble.times) + " times)" : ""));
  }
  page.heading("Partitions");
  if (stream.partitions.empty()) page.line("none", Ink::Faint);
  for (const TopPartition& one : stream.partitions) {
    const std::string lag =
        one.lag ? with_commas(static_cast<std::uint64_t>(std::max<std::int64_t>(*one.lag, 0))) : "not known";
    page.line(safe(one.topic) + "/" + std::to_string(one.number) + "  next " +
              std::to_string(one.next_offset.value_or(0)) + ", lag " + lag + ", at " + safe(one.instance) +
              (one.remarks.empty() ? "" : ", " + one.remarks));
  }
  return std::move(page.lines);
}

std::vector<TopLine> page_of(const TopLook& look, const TopOverview& overview) {
  Page page;
  const bool up = look.fault.empty();
  page.title("instance " + safe(up ? look.instance : look.url), up ? TopState::Pass : TopState::Away);
  if (!up) page.lines.push_back({.text = safe(look.fault), .ink = Ink::Strong});
  page.lines.push_back({});
  page.fact("URL", safe(look.url));
  page.fact("Away since", moment(look.away_since, overview.now));
  page.fact("Pipeline", safe(look.pipeline));
  page.fact("Group", safe(look.group));
  page.fact("Version", safe(look.version));
  page.fact("Started", moment(look.started, look.now.value_or(overview.now)));
  return std::move(page.lines);
}

/// How much of the text fits, broken behind a space where there is one.
std::size_t fitting(std::string_view text, std::size_t width) {
  std::size_t used = 0;
  std::size_t at_space = 0;
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t bytes = code_point_at(text, i).bytes;
    used += display_width(text.substr(i, bytes));
    if (used > width) return at_space > 0 ? at_space : std::max(i, bytes);
    i += bytes;
    if (text[i - 1] == ' ') at_space = i;
  }
  return i;
}

}  // namespace

Style::Ink ink_of(TopState state) {
  if (is_red(state)) return Ink::Bad;
  if (state == TopState::Warn) return Ink::Warn;
  if (state == TopState::Pass) return Ink::Good;
  return Ink::Faint;
}

char sign_of(TopState state) {
  return is_red(state) ? '!' : state == TopState::Warn ? '~' : ' ';
}

std::vector<TopLine> detail_of(const TopOverview& overview, const TopRow& row, bool unicode) {
  if (row.leads == TopRow::Leads::ToRule) {
    if (const TopRule* const rule = overview.rule(row.stream, row.name)) return page_of(*rule, overview, unicode);
  }
  if (row.leads == TopRow::Leads::ToStream) {
    if (const TopStream* const stream = overview.stream(row.stream)) return page_of(*stream, overview);
  }
  for (const TopLook& look : overview.looks) {
    if (row.leads == TopRow::Leads::ToInstance && look.url == row.name) return page_of(look, overview);
  }
  return {{.text = "It is not there any more.", .ink = Ink::Faint}};
}

std::vector<TopLine> help_lines() {
  std::vector<TopLine> lines = {{.text = "Keys", .ink = Ink::Strong}};
  for (const std::string_view line :
       {"1 2 3 4, Tab     rules, streams, windows, quarantine", "Up Down k j      choose a row; PgUp PgDn Home End",
        "Enter, Right     everything about it: evidence, windows, samples", "Esc, Left        back",
        "s  S             sort by the next column; the other way round",
        "/                only rows that hold a text; Esc: all of them",
        "p                let the screen stand; again: go on", "?  q             this page; leave"}) {
    lines.push_back({.text = "  " + std::string(line), .ink = Ink::Plain, .indent = 19});
  }
  lines.push_back({.text = "States, the gravest first", .ink = Ink::Strong});
  for (const auto& [state, words] :
       {std::pair(TopState::Away, "the instance does not answer"),
        std::pair(TopState::Error, "a rule could not be judged, or the stream has failed"),
        std::pair(TopState::Fail, "a rule of severity error fails now"),
        std::pair(TopState::Stuck, "the stream is not ready: the reason is beside it"),
        std::pair(TopState::Warn, "a rule of severity warn fails now"),
        std::pair(TopState::Past, "records have failed, none in the last five minutes"),
        std::pair(TopState::Unsure, "there is too little to tell"), std::pair(TopState::NoData, "nothing to judge yet"),
        std::pair(TopState::Pass, "it holds")}) {
    std::string word = std::string("  ") + sign_of(state) + " " + std::string(word_of(state));
    word.resize(12, ' ');
    lines.push_back({.text = word + words, .ink = ink_of(state), .indent = 12});
  }
  return lines;
}

std::vector<TopLine> broken(const std::vector<TopLine>& lines, std::size_t width) {
  std::vector<TopLine> out;
  for (const TopLine& line : lines) {
    std::string_view rest = line.text;
    std::size_t indent = 0;
    do {
      const std::size_t room = width > indent + 4 ? width - indent : std::max<std::size_t>(width, 1);
      if (room == width) indent = 0;
      const std::size_t taken = fitting(rest, room);
      out.push_back({.text = std::string(indent, ' ') + std::string(rest.substr(0, taken)), .ink = line.ink});
      rest.remove_prefix(taken);
      indent = line.indent;
    } while (!rest.empty());
  }
  return out;
}

}  // namespace weir
