// SPDX-License-Identifier: Apache-2.0
// The report for a pull request or a step summary: the decision, a row for each rule that needs eyes, evidence folded
// away. GitHub refuses comments of more than 64 KB, so rows and evidence end where the room does, and the page says so.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/escape.h"
#include "base/text.h"
#include "report/report.h"
#include "report/words.h"

namespace weir {

namespace {

constexpr std::size_t kMostBytes = 64 * 1024 - 1;
constexpr std::size_t kTailBytes = 512;  // kept free for the lines that say what was left out
constexpr std::size_t kTextMax = 200;    // code points of one cell
constexpr std::size_t kInputsShown = 10;

std::string_view icon_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Pass: return "✅";
    case Verdict::Warn: return "⚠️";
    case Verdict::Fail: return "❌";
    case Verdict::NoData: return "⚪";
    case Verdict::Inconclusive: return "❔";
    case Verdict::Error: return "🛑";
  }
  return "🛑";
}

std::string title(const Report& report) {
  const std::string_view word = label_of(report.verdict);
  return "## " + std::string(icon_of(report.verdict)) + " weir: " + std::string(word) + "\n\n";
}

std::string inputs(const Report& report) {
  std::string out;
  for (std::size_t i = 0; i < report.inputs.size() && i < kInputsShown; ++i) {
    const InputReport& input = report.inputs[i];
    out += (i == 0 ? "" : ", ") + markdown_code(name_of(input), kTextMax);
  }
  if (report.inputs.size() > kInputsShown) {
    out += " and " + counted(report.inputs.size() - kInputsShown, "more input", "more inputs");
  }
  if (!report.rules_file.empty()) out += " judged by " + markdown_code(report.rules_file, kTextMax);
  return out + ": " + counted(records_of(report), "record", "records") + ", " + human_bytes(bytes_of(report)) + " in " +
         spent(report.seconds) + "\n\n";
}

std::string totals(const Report& report) {
  const RuleTotals& counts = report.counts;
  std::string out = "**" + with_commas(counts.error) + " failed**, " + with_commas(counts.warn) + " warned, " +
                    with_commas(counts.pass) + " passed";
  if (counts.no_data > 0) out += ", " + with_commas(counts.no_data) + " without data";
  if (counts.inconclusive > 0) out += ", " + with_commas(counts.inconclusive) + " inconclusive";
  if (counts.not_evaluated > 0) out += ", " + with_commas(counts.not_evaluated) + " not evaluated";
  if (report.quarantined > 0) out += "; " + counted(report.quarantined, "record", "records") + " to quarantine";
  return out + " · exit code " + std::to_string(report.exit_code) + "\n\n";
}

std::string row(const RuleReport& rule) {
  const bool judged = rule.outcome != Verdict::Error;
  const std::string failed =
      judged ? escape_markdown(failed_of(rule), kTextMax) : escape_markdown(rule.error, kTextMax);
  const std::string share = failed_share_of(rule);
  return "| " + std::string(icon_of(rule.outcome)) + " " + std::string(label_of(rule.outcome)) + " | " +
         markdown_code(rule.info.id, kTextMax) + " | " + markdown_code(rule.info.expected, kTextMax) + " | " + failed +
         " | " + escape_markdown(share) + " | " + markdown_code(place_of(rule.info.where), kTextMax) + " |\n";
}

std::string evidence(const Report& report, const RuleReport& rule, const WriteOptions& options) {
  std::string out =
      "\n**" + markdown_code(rule.info.id, kTextMax) + "** " + escape_markdown(headline_of(rule), kTextMax) + "\n\n";
  if (!rule.info.description.empty()) out += escape_markdown(rule.info.description, kTextMax) + "\n\n";
  if (!rule.info.runbook.empty()) out += "runbook: " + markdown_code(rule.info.runbook, kTextMax) + "\n\n";
  std::size_t shown = 0;
  for (; shown < std::min(samples_of(rule), options.samples); ++shown) {
    const auto& [place, reason] = evidence_of(report, rule, shown);
    out += "- " + markdown_code(place, kTextMax) + " " + escape_markdown(reason, kTextMax) + "\n";
  }
  const std::uint64_t more = unshown_of(rule, shown);
  if (shown > 0 && more > 0) out += "- and " + with_commas(more) + " more\n";
  return out;
}

/// A page that takes whole pieces only as long as there is room.
class Page {
 public:
  void add(std::string_view text) { text_ += text; }
  bool add_if_room(std::string_view text) {
    if (text_.size() + text.size() + kTailBytes > kMostBytes) return false;
    text_ += text;
    return true;
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_rows(Page& page, const std::vector<const RuleReport*>& rules) {
  if (rules.empty()) return;
  page.add("| | rule | expected | failed | share | place |\n|---|---|---|---:|---:|---|\n");
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (page.add_if_room(row(*rules[i]))) continue;
    page.add("\n" + counted(rules.size() - i, "more rule is", "more rules are") + " left out here for want of room.\n");
    return;
  }
}

void add_evidence(Page& page, const Report& report, const std::vector<const RuleReport*>& rules,
                  const WriteOptions& options) {
  constexpr std::string_view kEnd = "\n</details>\n";
  const bool windows =
      std::any_of(rules.begin(), rules.end(), [](const RuleReport* rule) { return rule->windows.has_value(); });
  const std::string what = windows ? "Failing records and windows" : "Failing records";
  bool opened = false;
  for (const RuleReport* rule : rules) {
    if (samples_of(*rule) == 0) continue;
    const std::string start = opened ? "" : "\n<details><summary>" + what + "</summary>\n";
    if (!page.add_if_room(start + evidence(report, *rule, options))) {
      if (opened)
        page.add("\nMore " + std::string(windows ? "evidence is" : "failing records are") +
                 " left out here for want of room.\n");
      break;
    }
    opened = true;
  }
  if (opened) page.add(kEnd);
}

}  // namespace

std::string write_markdown(const Report& report, const WriteOptions& options) {
  Page page;
  page.add(title(report));
  page.add(inputs(report));
  page.add(totals(report));
  for (const std::string& notice : notices_of(report)) {
    if (!page.add_if_room("> " + escape_markdown(notice, kTextMax) + "\n\n")) break;
  }
  std::vector<const RuleReport*> rules = by_gravity(report);
  std::erase_if(rules, [](const RuleReport* rule) { return rule->outcome == Verdict::Pass; });
  add_rows(page, rules);
  add_evidence(page, report, rules, options);
  return page.take();
}

}  // namespace weir
