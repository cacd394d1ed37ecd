// SPDX-License-Identifier: Apache-2.0
// A comparison as one page that opens from disk: what moved, with both distributions over each other, then what is fine. No
// script runs and nothing is loaded; fields beyond the page's budget keep their line in the table and lose their picture.
#include <algorithm>
#include <string>
#include <string_view>

#include "base/escape.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "batch/drift_picture.h"
#include "batch/verdict_json.h"
#include "report/comparison.h"
#include "report/html_style.h"
#include "report/words.h"

namespace weir {
namespace {

constexpr std::size_t kMostBytes = 290'000;
constexpr std::size_t kForTable = 170'000;  // at most; cards take what it leaves
constexpr std::size_t kLink = 40;           // bytes of a link to a card
constexpr std::size_t kFindings = 8;
constexpr std::size_t kNameMost = 120;  // code points

constexpr std::string_view kStyle = R"css(
.pair{display:flex;flex-wrap:wrap;gap:1rem 2rem;align-items:flex-start;margin-top:.75rem}
.pair figure{margin:0;flex:1 1 20rem;max-width:34rem}.pair figure svg{width:100%;height:auto;overflow:visible}.pair ul{flex:1 1 16rem;margin:0;padding-left:1.1rem}
figcaption{font-size:.8125rem}article.tests th:first-child,article.tests th:nth-child(2){width:auto}
.key{display:inline-block;width:1.6em;height:.75em;vertical-align:baseline;margin-right:.35em}.key.area{background:currentColor;opacity:.25}
.key.step{border:1.6px solid currentColor;border-bottom:0}
)css";

std::string word(Verdict verdict) {
  const std::string name(word_of(verdict));
  const std::string_view text = verdict == Verdict::Fail           ? "Drift"
                                : verdict == Verdict::Warn         ? "Drift (warning)"
                                : verdict == Verdict::Pass         ? "As before"
                                : verdict == Verdict::NoData       ? "No data"
                                : verdict == Verdict::Inconclusive ? "Inconclusive"
                                                                   : "Not compared";
  return "<span class=\"word " + name + "\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-" + name +
         "\"/></svg>" + std::string(text) + "</span>";
}

std::string probability(double p) {
  return p < 1e-300 ? "&lt; 1e-300" : figure(p);
}

std::string code(std::string_view text) {
  return "<code>" + escape_markup(text, kNameMost) + "</code>";
}

class ComparisonHtml {
 public:
  explicit ComparisonHtml(const ComparisonReport& comparison)
      : comparison_(comparison), fields_(by_gravity(comparison)) {}

  std::string write() {
    write_head();
    write_summary();
    write_cards();
    write_table();
    add("</main>\n<footer>weir " + escape_markup(comparison_.version) +
        ". Drift is a change that is neither chance (5% of false discoveries over all tests) nor within its "
        "tolerance.</footer>\n</body>\n</html>\n");
    return std::move(out_);
  }

 private:
  void add(std::string_view text) { out_ += text; }

  void write_head() {
    add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    add("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
    add("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
    add("<meta name=\"color-scheme\" content=\"light dark\">\n<title>" + std::string(label_of(comparison_.verdict)) +
        " · " + escape_markup(comparison_.current.path, kNameMost) + "</title>\n<style>");
    add(kHtmlStyle);
    add(kStyle);
    add("</style>\n</head>\n<body>\n");
    add(kHtmlPictures);
    add("<a class=\"skip\" href=\"#fields\">To all fields</a>\n<main>\n");
  }

  std::string sentence() const {
    const RuleTotals& counts = comparison_.counts;
    const std::uint64_t all = comparison_.fields.size();
    const std::uint64_t moved = counts.error + counts.warn;
    if (comparison_.verdict == Verdict::Error) return "Nothing could be compared";
    if (moved > 0) return with_commas(moved) + " of " + counted(all, "field has", "fields have") + " drifted";
    if (counts.pass == all) return all == 1 ? "The one field is as before" : "All fields are as before";
    return with_commas(counts.pass) + " of " + counted(all, "field is", "fields are") + " as before, none has drifted";
  }

  void side(std::string_view name, const ComparedSide& side) {
    std::string text =
        code(side.path) + (side.baseline ? " (a baseline), " : ", ") + counted(side.records, "record", "records");
    if (side.undecodable > 0) text += ", " + with_commas(side.undecodable) + " of them could not be read";
    if (side.from && side.to) text += ", " + format_timestamp(*side.from) + " to " + format_timestamp(*side.to);
    add("<p>" + std::string(name) + ": " + text + "</p>\n");
  }

  void fact(std::string_view name, std::uint64_t value) {
    add("<div><dt>" + std::string(name) + "</dt><dd>" + with_commas(value) + "</dd></div>\n");
  }

  void write_summary() {
    add("<header class=\"" + std::string(word_of(comparison_.verdict)) + "\">\n" + word(comparison_.verdict));
    add("\n<h1>" + sentence() + "</h1>\n");
    side("Reference", comparison_.reference);
    side("Current", comparison_.current);
    add("<dl class=\"facts\">\n");
    fact("Drifted", comparison_.counts.error + comparison_.counts.warn);
    fact("As before", comparison_.counts.pass);
    fact("Inconclusive", comparison_.counts.inconclusive);
    fact("No data", comparison_.counts.no_data);
    fact("Exit code", static_cast<std::uint64_t>(comparison_.exit_code));
    add("</dl>\n");
    for (const std::string& note : comparison_.notes) {
      if (out_.size() > kMostBytes / 4) break;
      add("<p class=\"note\" role=\"note\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-warn\"/></svg>" +
          escape_markup(note, 400) + "</p>\n");
    }
    add("</header>\n");
  }

  static std::string tests_of(const FieldResult& result) {
    std::string rows;
    for (const DriftTestResult& test : result.tests) {
      const DriftMeasured& measured = test.measured;
      const bool known = measured.kind == DriftMeasured::Kind::Value;
      const std::string& cause = test.cause.empty() ? measured.cause : test.cause;
      const auto cell = [&](std::string_view label, const std::string& text) {
        rows += "<td class=\"num\" data-l=\"" + std::string(label) + "\">" + text + "</td>";
      };
      rows += "<tr><td><code>" + std::string(test.test) + "</code></td><td>" + word(test.outcome) + "</td>";
      cell("effect", known ? figure(measured.effect) : "");
      cell("tolerance", figure(test.tolerance));
      cell("p", known && measured.p_value ? probability(*measured.p_value) : "");
      cell("adjusted p", test.p_adjusted ? probability(*test.p_adjusted) : "");
      std::string remark = cause;
      if (!measured.resolution.empty()) remark += (remark.empty() ? "" : "; ") + measured.resolution;
      rows += "<td>" + escape_markup(remark, 300) + "</td></tr>\n";
    }
    if (rows.empty()) return "";
    return "<table><thead><tr><th>Test</th><th>Outcome</th><th class=\"num\">Effect</th><th "
           "class=\"num\">Tolerance</th>"
           "<th class=\"num\">p</th><th class=\"num\">adjusted p</th><th>Remark</th></tr></thead><tbody>\n" +
           rows + "</tbody></table>\n";
  }

  std::string card(const ComparedField& field, std::size_t index) const {
    const FieldResult& result = field.result;
    std::string text = "<article class=\"card tests " + std::string(word_of(result.verdict)) + "\" id=\"f" +
                       std::to_string(index) + "\">\n<div class=\"top\"><h3>" + escape_markup(field.path, kNameMost) +
                       "</h3>" + word(result.verdict) + "</div>\n";
    if (const std::string headline = headline_of(field); !headline.empty())
      text += "<p>" + escape_markup(headline, 400) + "</p>\n";
    text += "<p class=\"soft\">" + counted(field.reference_values, "value", "values") + " before, " +
            with_commas(field.current_values) + " now";
    if (!result.picked.empty()) text += "; compared by " + escape_markup(result.picked, 200);
    if (!field.rule.empty()) text += "; rule " + code(field.rule);
    text += "</p>\n<div class=\"pair\">";
    if (const std::string picture = draw_drift(result.picture, field.path); !picture.empty()) {
      text += "<figure>" + picture +
              "<figcaption class=\"soft\"><span class=\"key area\"></span>area: reference &nbsp; "
              "<span class=\"key step\"></span>line: current</figcaption></figure>";
    }
    std::string findings;
    for (std::size_t i = 0; i < std::min(kFindings, result.findings.size()); ++i)
      findings += "<li>" + escape_markup(result.findings[i].text, 300) + "</li>";
    if (!findings.empty()) text += "<ul>" + findings + "</ul>";
    return text + "</div>\n" + tests_of(result) + "</article>\n";
  }

  /// Every field that is not fine, and fine ones as long as there is room.
  void write_cards() {
    std::size_t table = 0;
    for (const ComparedField* field : fields_) table += row(*field, "").size() + kLink;
    const std::size_t most = kMostBytes - std::min(table, kForTable);
    std::string_view open;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const ComparedField& field = *fields_[i];
      const std::string one = card(field, i);
      if (out_.size() + one.size() > most) break;
      const bool fine = field.result.verdict == Verdict::Pass;
      const bool moved = field.result.verdict == Verdict::Fail || field.result.verdict == Verdict::Warn;
      const std::string_view part = moved ? "Drifted" : fine ? "As before" : "Without an answer";
      if (part != open) add("<h2>" + std::string(part) + "</h2>\n");
      open = part;
      add(one);
      carded_ = i + 1;
    }
  }

  static std::string row(const ComparedField& field, const std::string& link) {
    const std::string name = code(field.path);
    return "<tr><td>" + word(field.result.verdict) + "</td><td>" +
           (link.empty() ? name : "<a href=\"#" + link + "\">" + name + "</a>") + "</td><td>" +
           escape_markup(headline_of(field), 160) + "</td></tr>\n";
  }

  void write_table() {
    add("<h2 id=\"fields\">All fields</h2>\n<div class=\"card sheet\"><table><thead><tr><th>Outcome</th><th>Field</th>"
        "<th>What moved</th></tr></thead><tbody>\n");
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const std::string one = row(*fields_[i], i < carded_ ? "f" + std::to_string(i) : "");
      if (out_.size() + one.size() > kMostBytes) {
        add("<tr><td></td><td>" + counted(fields_.size() - i, "more field", "more fields") +
            "</td><td>in the JSON report</td></tr>\n");
        break;
      }
      add(one);
    }
    add("</tbody></table></div>\n");
  }

  const ComparisonReport& comparison_;
  std::vector<const ComparedField*> fields_;
  std::size_t carded_ = 0;
  std::string out_;
};

}  // namespace

std::string write_html(const ComparisonReport& comparison) {
  return ComparisonHtml(comparison).write();
}

}  // namespace weir
