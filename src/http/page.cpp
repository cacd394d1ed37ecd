// SPDX-License-Identifier: Apache-2.0
#include "http/page.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "base/escape.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "batch/drift_picture.h"
#include "batch/verdict_json.h"
#include "http/page_files.h"
#include "http/routes.h"
#include "weir/measured.h"

namespace weir {

namespace {

constexpr std::size_t kWindowsShown = 50;
constexpr std::size_t kRulesShown = 500;  // of a stream, the broken ones first
constexpr std::size_t kPartitionsShown = 200;
constexpr std::size_t kDriftShown = 200;
constexpr std::size_t kPicturesShown = 60;  // about 2 KB each
constexpr std::size_t kTextShown = 200;     // code points of a text that a person wrote

std::string shown(std::string_view text) {
  return escape_markup(text, kTextShown);
}

std::string label(Verdict verdict) {
  const std::string word(word_of(verdict));
  std::string text = word == "no_data" ? "no data" : word;
  return "<span class=\"word " + word + "\">" + text + "</span>";
}

std::string number(std::uint64_t n) {
  return "<td class=\"num\">" + with_commas(n) + "</td>";
}

std::string number(std::optional<std::int64_t> n) {
  return n ? number(static_cast<std::uint64_t>(std::max<std::int64_t>(*n, 0))) : "<td class=\"num\">–</td>";
}

std::string cell(std::string_view markup) {
  return "<td>" + std::string(markup) + "</td>";
}

/// To the second, in UTC; `–` for none.
std::string time_of(const std::optional<Instant>& time) {
  if (!time || *time == Instant{}) return "–";
  const std::string text = format_timestamp(std::chrono::floor<std::chrono::seconds>(*time));
  return "<time datetime=\"" + text + "\">" + text + "</time>";
}

std::string table_head(std::string_view caption, std::initializer_list<std::string_view> columns) {
  std::string text = "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"" + std::string(caption) +
                     "\"><table><caption>" + std::string(caption) + "</caption><thead><tr>";
  for (const std::string_view column : columns) {
    const bool is_number = column.starts_with('#');
    text += std::string("<th scope=\"col\"") + (is_number ? " class=\"num\"" : "") + ">" +
            std::string(column.substr(is_number ? 1 : 0)) + "</th>";
  }
  return text + "</tr></thead><tbody>\n";
}

constexpr std::string_view kTableEnd = "</tbody></table></div>\n";

std::string left_out(std::size_t all, std::size_t shown_of_them) {
  if (all <= shown_of_them) return "";
  return "<p class=\"soft\">" + with_commas(all - shown_of_them) + " more are in the API.</p>\n";
}

std::string fact(std::string_view name, const std::string& markup) {
  return "<div><dt>" + std::string(name) + "</dt><dd>" + markup + "</dd></div>";
}

std::string state_of(const StreamView& stream) {
  std::string text = "<dl>";
  const bool known = stream.status != nullptr;
  text += fact("State", std::string(known ? word_of(stream.status->phase) : "starting") +
                            (is_alive(stream) ? "" : ", <strong class=\"bad\">does not come round</strong>"));
  text += fact("Records judged", with_commas(stream.records));
  text += fact("Undecodable", with_commas(stream.undecodable));
  text += fact("Quarantined", with_commas(stream.quarantined));
  if (stream.kept_out > 0) text += fact("Kept out of the quarantine", with_commas(stream.kept_out));
  text += fact("Late", with_commas(stream.late));
  text += fact("Watermark", time_of(known ? stream.status->watermark : std::nullopt));
  text += fact("Rebalances", with_commas(known ? stream.status->rebalances : 0));
  text += fact("Window state", human_bytes(known ? stream.status->window_bytes : 0));
  text += "</dl>\n";
  for (const Readiness& one : readiness_of(stream)) {
    if (!one.ok) text += "<p class=\"note\">Not ready: " + shown(one.name) + ": " + shown(one.reason) + "</p>\n";
  }
  return text;
}

struct RuleRow {
  const RuleInfo* rule;
  Verdict outcome;
  std::uint64_t evaluated;
  std::uint64_t failed;
  [[nodiscard]] bool is_broken() const {
    return outcome == Verdict::Fail || outcome == Verdict::Warn || outcome == Verdict::Error;
  }
};

std::string rules_of(const KeptWindows& stream) {
  const StreamView& view = stream.view;
  std::vector<RuleRow> rows;
  for (std::size_t i = 0; i < view.rules.size(); ++i) {
    const RuleInfo& rule = view.plan->rules[i].info;
    const RuleCounts& counts = view.rules[i].counts;
    rows.push_back({&rule, outcome_of(rule, counts), counts.evaluated, counts.failed});
  }
  const std::vector<WindowStanding> states = window_states(stream);
  for (std::size_t i = 0; i < states.size(); ++i) {
    rows.push_back({&view.plan->window_rules[i].info, states[i].outcome, view.window_rules[i].evaluated,
                    view.window_rules[i].failed});
  }
  std::stable_partition(rows.begin(), rows.end(), [](const RuleRow& row) { return row.is_broken(); });
  std::string text = table_head("Rules", {"Outcome", "Rule", "Expected", "Kind", "#Evaluated", "#Failed"});
  for (std::size_t i = 0; i < std::min(rows.size(), kRulesShown); ++i) {
    const RuleRow& row = rows[i];
    text += "<tr>" + cell(label(row.outcome)) + "<th scope=\"row\"><code>" + shown(row.rule->id) + "</code></th>" +
            cell(shown(row.rule->expected)) + cell(word_of(row.rule->kind)) + number(row.evaluated) +
            number(row.failed) + "</tr>\n";
  }
  return text + std::string(kTableEnd) + left_out(rows.size(), kRulesShown);
}

std::string segment_of(const WindowVerdict& verdict) {
  if (verdict.segment == nullptr) return "";
  if (verdict.segment->other) return "all others";
  std::string text;
  for (const auto& [field, value] : verdict.segment->values) {
    text += (text.empty() ? "" : ", ") + field + "=" + value.value_or("null");
  }
  return text;
}

std::string windows_of(const KeptWindows& stream) {
  const FoundWindows found =
      find_windows({stream}, {.rule = {}, .since = {}, .limit = kWindowsShown}, RuleKind::Window);
  if (found.windows.empty()) return "";
  std::string text =
      table_head("The newest windows", {"Outcome", "Rule", "From", "To", "Segment", "Observed", "Expected", "Remarks"});
  for (const FoundWindow& one : found.windows) {
    const WindowVerdict& verdict = *one.verdict;
    std::string remarks = verdict.cause;
    for (const auto& [holds, word] : {std::pair(verdict.partial, "partial"), std::pair(verdict.revised, "revised"),
                                      std::pair(verdict.by_clock, "by the clock"),
                                      std::pair(verdict.warming, "warming"), std::pair(verdict.backfill, "history")}) {
      if (holds) remarks += (remarks.empty() ? "" : ", ") + std::string(word);
    }
    const auto span = [&](Instant at) { return verdict.has_span ? time_of(at) : std::string("–"); };
    const std::string observed =
        verdict.observed.is_value() ? shown(show(verdict.observed, verdict.observed_is_rate)) : "no data";
    text += "<tr>" + cell(label(verdict.verdict)) + "<th scope=\"row\"><code>" + shown(one.rule->id) + "</code></th>" +
            cell(span(verdict.start)) + cell(span(verdict.end)) + cell(shown(segment_of(verdict))) + cell(observed) +
            cell(shown(verdict.expected)) + cell(shown(remarks)) + "</tr>\n";
  }
  return text + std::string(kTableEnd);
}

/// Of each drift rule and segment the newest window: what moved, in words and as a picture.
std::string drift_of(const KeptWindows& stream) {
  const FoundWindows found = find_windows({stream}, {.rule = {}, .since = {}, .limit = kMostWindows}, RuleKind::Drift);
  if (found.windows.empty()) return "";
  std::string text = table_head("Drift, the newest window of each field",
                                {"Outcome", "Rule", "To", "Segment", "What moved", "Distributions"});
  std::set<std::pair<const RuleInfo*, std::string>> told;
  std::size_t pictures = 0;
  for (const FoundWindow& one : found.windows) {
    const WindowVerdict& verdict = *one.verdict;
    const std::string segment = segment_of(verdict);
    if (!told.emplace(one.rule, segment).second || told.size() > kDriftShown) continue;
    std::string picture;
    if (verdict.drift != nullptr && pictures < kPicturesShown) {
      picture = draw_drift(verdict.drift->picture, one.rule->field);
      pictures += picture.empty() ? 0 : 1;
    }
    text += "<tr>" + cell(label(verdict.verdict)) + "<th scope=\"row\"><code>" + shown(one.rule->id) + "</code></th>" +
            cell(verdict.has_span ? time_of(verdict.end) : "–") + cell(shown(segment)) +
            cell(verdict.cause.empty() ? "nothing" : shown(verdict.cause)) + cell(picture) + "</tr>\n";
  }
  return text + std::string(kTableEnd) + left_out(told.size(), kDriftShown);
}

std::string partitions_of(const StreamView& stream) {
  if (stream.status == nullptr || stream.status->partitions.empty()) return "";
  const std::vector<PartitionStatus>& all = stream.status->partitions;
  std::string text =
      table_head("Partitions", {"Partition", "#Next offset", "#Committed", "#Lag", "Watermark", "Snapshot", "Remarks"});
  for (std::size_t i = 0; i < std::min(all.size(), kPartitionsShown); ++i) {
    const PartitionStatus& one = all[i];
    std::string remarks;
    for (const auto& [holds, word] : {std::pair(one.paused, "paused"), std::pair(one.caught_up, "caught up"),
                                      std::pair(one.idle, "idle"), std::pair(one.partial, "partial")}) {
      if (holds) remarks += (remarks.empty() ? "" : ", ") + std::string(word);
    }
    const auto lag = one.end ? std::optional(*one.end - one.next_offset) : std::nullopt;
    text += "<tr><th scope=\"row\"><code>" + shown(one.partition.topic) + "/" + std::to_string(one.partition.number) +
            "</code></th>" + number(std::optional(one.next_offset)) + number(one.committed) + number(lag) +
            cell(time_of(one.watermark)) + cell(time_of(one.snapshot_at)) + cell(remarks) + "</tr>\n";
  }
  return text + std::string(kTableEnd) + left_out(all.size(), kPartitionsShown);
}

std::string troubles_of(const StreamView& stream) {
  if (stream.troubles.empty()) return "";
  std::string text = table_head("Troubles, the newest first", {"When", "What", "Message", "#Times"});
  for (auto at = stream.troubles.rbegin(); at != stream.troubles.rend(); ++at) {
    text += "<tr>" + cell(time_of(at->at)) + cell("<code>" + shown(at->trouble.event) + "</code>") +
            cell(shown(at->trouble.message)) + number(at->times) + "</tr>\n";
  }
  return text + std::string(kTableEnd);
}

}  // namespace

std::string status_page(const std::vector<KeptWindows>& streams, Instant now, std::string_view version) {
  const std::string files = "/web/" + std::string(page_files_version()) + "/";
  std::string text =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light "
      "dark\">\n<title>weir"
      "</title>\n<link rel=\"icon\" href=\"" +
      files + "icon.svg\">\n<link rel=\"stylesheet\" href=\"" + files + "page.css\">\n<script type=\"module\" src=\"" +
      files +
      "main.js\"></script>\n</head>\n<body>\n<div id=\"live\"></div>\n<div id=\"tables\" class=\"tables\">\n<header>"
      "<h1>weir</h1><p class=\"soft\">As of " +
      time_of(now) + ".</p></header>\n<main>\n";
  for (const KeptWindows& stream : streams) {
    text += "<section>\n<h2>" + shown(stream.view.stream) + "</h2>\n" + state_of(stream.view);
    text += rules_of(stream) + drift_of(stream) + windows_of(stream) + partitions_of(stream.view) +
            troubles_of(stream.view);
    text += "</section>\n";
  }
  text += "</main>\n<footer><nav aria-label=\"For programs\">";
  for (const std::string_view path :
       {"/metrics", "/readyz?verbose", "/api/v1/streams", "/api/v1/rules", "/api/v1/windows", "/api/v1/drift",
        "/api/v1/quarantine", "/api/v1/assignments", "/api/v1/schemas"}) {
    text += "<a href=\"" + std::string(path) + "\">" + std::string(path) + "</a> ";
  }
  return text + "</nav>weir " + shown(version) + "</footer>\n</div>\n</body>\n</html>\n";
}

}  // namespace weir
