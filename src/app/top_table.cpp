// SPDX-License-Identifier: Apache-2.0
#include "app/top_table.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

#include "base/escape.h"
#include "base/text.h"

namespace weir {
namespace {

constexpr std::size_t kMostOfAName = 120;    // code points
constexpr std::size_t kMostOfAReason = 400;  // the same

TopCell text(std::string_view text) {
  return {.text = visible(text, kMostOfAName)};
}

TopCell count(std::uint64_t n) {
  return {.text = short_count(n), .number = static_cast<double>(n)};
}

/// Sorted so that what is oldest comes last.
TopCell age(const std::optional<Instant>& since, Instant now) {
  if (!since) return {};
  return {.text = age_since(since, now), .number = std::chrono::duration<double>(now - *since).count()};
}

/// Of a long name the end: what tells partitions apart, and what fits the narrowest column.
std::string end_of(const std::string& name) {
  constexpr std::size_t kMost = 12;
  return name.size() <= kMost ? name : "…" + name.substr(name.size() - kMost + 1);
}

/// The URL stands beside it.
std::string without(std::string text, const std::string& part) {
  if (const std::size_t at = text.find(part); at != std::string::npos) text.erase(at, part.size());
  return text;
}

TopRow instance_row(const TopLook& look, std::size_t cells) {
  TopRow row;
  const bool up = look.fault.empty();
  row.state = up ? TopState::Pass : TopState::Away;
  row.cells.resize(cells);
  row.cells[0] = text(up ? look.instance : look.url);
  row.why =
      visible(up ? look.url + ", weir " + look.version + ", up " + age_since(look.started, look.now.value_or(Instant{}))
                 : without(look.fault, " to " + look.url),
              kMostOfAReason);
  row.leads = TopRow::Leads::ToInstance;
  row.name = look.url;
  return row;
}

TopRow stream_row(const TopStream& stream, std::size_t cells) {
  TopRow row;
  row.state = stream.state;
  row.cells.resize(cells);
  row.cells[0] = text(stream.name);
  row.why = why_of(stream);
  row.leads = TopRow::Leads::ToStream;
  row.stream = stream.name;
  return row;
}

TopRow rule_row(const TopRule& rule, std::size_t cells, Instant now) {
  TopRow row;
  row.state = rule.state;
  row.cells.resize(cells);
  row.cells[0] = text(rule.id);
  row.why = why_of(rule, now);
  row.leads = TopRow::Leads::ToRule;
  row.stream = rule.stream;
  row.name = rule.id;
  return row;
}

TopTable rules_table(const TopOverview& overview) {
  TopTable table;
  table.columns = {{.title = "RULE", .right = false, .least = 14, .most = 28, .rank = 0},
                   {.title = "STREAM", .right = false, .least = 6, .most = 16, .rank = 3},
                   {.title = "FAILED", .right = true, .least = 6, .most = 8, .rank = 2},
                   {.title = "SINCE", .right = true, .least = 5, .most = 6, .rank = 1}};
  for (const TopLook& look : overview.looks) {
    if (look.fault.empty()) continue;
    TopRow row = instance_row(look, 4);
    row.cells[3] = age(look.away_since, overview.now);
    table.rows.push_back(std::move(row));
  }
  for (const TopStream& stream : overview.streams) {
    if (!is_red(stream.state)) continue;
    TopRow row = stream_row(stream, 4);
    row.cells[0] = text("stream " + stream.name);
    table.rows.push_back(std::move(row));
  }
  for (const TopRule& rule : overview.rules) {
    TopRow row = rule_row(rule, 4, overview.judged_at);
    row.cells[1] = text(rule.stream);
    row.cells[2] = count(rule.failed);
    const bool broken = rule.state <= TopState::Warn;
    row.cells[3] = age(broken ? rule.since : std::nullopt, overview.judged_at);
    table.rows.push_back(std::move(row));
  }
  return table;
}

TopTable streams_table(const TopOverview& overview) {
  TopTable table;
  table.columns = {{.title = "STREAM", .right = false, .least = 14, .most = 28, .rank = 0},
                   {.title = "RECORDS", .right = true, .least = 7, .most = 10, .rank = 4},
                   {.title = "RATE", .right = true, .least = 7, .most = 9, .rank = 2},
                   {.title = "LAG", .right = true, .least = 5, .most = 9, .rank = 0},
                   {.title = "BEHIND", .right = true, .least = 6, .most = 7, .rank = 3},
                   {.title = "ASIDE", .right = true, .least = 5, .most = 9, .rank = 1}};
  const std::size_t cells = table.columns.size();
  for (const TopLook& look : overview.looks) {
    TopRow row = instance_row(look, cells);
    table.rows.push_back(std::move(row));
  }
  for (const TopStream& stream : overview.streams) {
    TopRow row = stream_row(stream, cells);
    row.cells[1] = count(stream.records);
    row.cells[2] = {.text = short_rate(stream.records_rate), .number = stream.records_rate};
    if (stream.lag) row.cells[3] = count(*stream.lag);
    row.cells[4] = age(stream.watermark, overview.judged_at);
    row.cells[5] = count(stream.quarantined);
    table.rows.push_back(std::move(row));
    for (const TopPartition& partition : stream.partitions) {
      TopRow& part = table.rows.emplace_back();
      part.cells.resize(cells);
      const std::string name = partition.topic + "/" + std::to_string(partition.number);
      part.cells[0] = text("  " + end_of(name));
      part.cells[3] = partition.lag ? count(static_cast<std::uint64_t>(std::max<std::int64_t>(*partition.lag, 0)))
                                    : TopCell{.text = "-"};
      part.cells[4] = age(partition.watermark, overview.judged_at);
      part.why = visible("at " + partition.instance + (partition.remarks.empty() ? "" : ", " + partition.remarks));
      part.leads = TopRow::Leads::ToStream;
      part.stream = stream.name;
      part.more = name + " " + partition.instance;
    }
  }
  return table;
}

TopTable windows_table(const TopOverview& overview) {
  TopTable table;
  table.columns = {{.title = "RULE", .right = false, .least = 14, .most = 28, .rank = 0},
                   {.title = "STREAM", .right = false, .least = 6, .most = 16, .rank = 4},
                   {.title = "FROM", .right = false, .least = 8, .most = 8, .rank = 3},
                   {.title = "TO", .right = false, .least = 8, .most = 8, .rank = 0},
                   {.title = "AGO", .right = true, .least = 5, .most = 6, .rank = 1},
                   {.title = "GOT", .right = true, .least = 5, .most = 12, .rank = 2}};
  for (const TopWindow& window : overview.windows) {
    TopRow& row = table.rows.emplace_back();
    row.state = window.state;
    row.cells.resize(table.columns.size());
    row.cells[0] = text(window.rule);
    row.cells[1] = text(window.stream);
    const auto seconds = [](const std::optional<Instant>& time) {
      return time ? std::optional(std::chrono::duration<double>(time->time_since_epoch()).count()) : std::nullopt;
    };
    row.cells[2] = {.text = clock_words(window.start), .number = seconds(window.start)};
    row.cells[3] = {.text = clock_words(window.end), .number = seconds(window.end)};
    row.cells[4] = age(window.end, overview.judged_at);
    row.cells[5] = text(window.observed);
    row.cells[5].number = window.number;
    row.why = why_of(window);
    row.leads = TopRow::Leads::ToRule;
    row.stream = window.stream;
    row.name = window.rule;
    row.more = row.cells[3].text + window.segment;
  }
  return table;
}

TopTable quarantine_table(const TopOverview& overview) {
  TopTable table;
  table.columns = {{.title = "RULE", .right = false, .least = 14, .most = 28, .rank = 0},
                   {.title = "STREAM", .right = false, .least = 6, .most = 16, .rank = 3},
                   {.title = "RECORDS", .right = true, .least = 7, .most = 9, .rank = 0},
                   {.title = "RATE", .right = true, .least = 6, .most = 9, .rank = 2},
                   {.title = "LAST", .right = true, .least = 5, .most = 6, .rank = 1}};
  for (const TopStream& stream : overview.streams) {
    if (stream.quarantined == 0 && stream.kept_out == 0) continue;
    TopRow row = stream_row(stream, table.columns.size());
    row.cells[0] = text("all of " + stream.name);
    row.cells[1] = text(stream.name);
    row.cells[2] = count(stream.quarantined);
    row.cells[3] = {.text = short_rate(stream.quarantined_rate), .number = stream.quarantined_rate};
    row.why = with_commas(stream.quarantined) + " of " + with_commas(stream.records) + " records put aside";
    if (stream.kept_out > 0) row.why += ", " + with_commas(stream.kept_out) + " more kept out of the quarantine";
    table.rows.push_back(std::move(row));
  }
  for (const TopRule& rule : overview.rules) {
    if (rule.quarantined == 0) continue;
    TopRow row = rule_row(rule, table.columns.size(), overview.judged_at);
    row.cells[1] = text(rule.stream);
    row.cells[2] = count(rule.quarantined);
    row.cells[3] = {.text = short_rate(rule.failing_rate), .number = rule.failing_rate};
    row.cells[4] = age(rule.last_failed, overview.judged_at);
    table.rows.push_back(std::move(row));
  }
  return table;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool holds(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

/// Nothing comes behind everything, whichever way the rest is sorted.
int compare(const TopCell& a, const TopCell& b) {
  if (a.number && b.number) return *a.number < *b.number ? -1 : *a.number > *b.number ? 1 : 0;
  return a.text.compare(b.text);
}

bool is_nothing(const TopCell& cell) {
  return !cell.number && (cell.text.empty() || cell.text == "-");
}

}  // namespace

std::string TopRow::id() const {
  return std::to_string(static_cast<int>(leads)) + "\n" + stream + "\n" + name + "\n" + more;
}

TopTable table_of(const TopOverview& overview, TopTab tab) {
  switch (tab) {
    case TopTab::Rules: return rules_table(overview);
    case TopTab::Streams: return streams_table(overview);
    case TopTab::Windows: return windows_table(overview);
    case TopTab::Quarantine: break;
  }
  return quarantine_table(overview);
}

std::size_t sorts_of(const TopTable& table) {
  return table.columns.size() + 2;
}

std::string_view name_of_sort(const TopTable& table, std::size_t column) {
  if (column == 0) return "STATE";
  return column <= table.columns.size() ? table.columns[column - 1].title : "WHY";
}

void sort_rows(TopTable& table, std::size_t column, bool reversed) {
  const bool is_number = column > 0 && column <= table.columns.size() && table.columns[column - 1].right;
  // Of numbers one wants to see the largest first.
  const int sign = (is_number ? -1 : 1) * (reversed ? -1 : 1);
  std::stable_sort(table.rows.begin(), table.rows.end(), [&](const TopRow& a, const TopRow& b) {
    if (column == 0) return reversed ? a.state > b.state : a.state < b.state;
    if (column > table.columns.size()) return sign * a.why.compare(b.why) < 0;
    const TopCell& left = a.cells[column - 1];
    const TopCell& right = b.cells[column - 1];
    if (is_nothing(left) != is_nothing(right)) return is_nothing(right);
    return sign * compare(left, right) < 0;
  });
}

void filter_rows(TopTable& table, std::string_view text) {
  if (text.empty()) return;
  std::erase_if(table.rows, [&](const TopRow& row) {
    return !holds(row.why, text) && !holds(word_of(row.state), text) && !holds(row.stream, text) &&
           std::none_of(row.cells.begin(), row.cells.end(),
                        [&](const TopCell& cell) { return holds(cell.text, text); });
  });
}

}  // namespace weir
