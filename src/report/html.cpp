// SPDX-License-Identifier: Apache-2.0
// The report as one page that opens from disk: no script runs, nothing is loaded, and its policy forbids both should an
// escape ever be wrong. It is rendered from a shortened copy of the report, shorter and shorter until the page fits, so that
// neither the data nor the number of failing records decides its size.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/escape.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "batch/drift_picture.h"
#include "report/html_limits.h"
#include "report/html_style.h"
#include "report/report.h"
#include "report/windows.h"
#include "report/words.h"

namespace weir {

namespace {

constexpr std::size_t kMostBytes = 300'000;
constexpr std::size_t kMostPictures = 40;         // about 2 KB each
constexpr std::size_t kSamplesOpen = 5;           // more records of one rule are folded away
constexpr std::ptrdiff_t kCardsWithoutIndex = 4;  // more broken rules than fit a screen get a list of links

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Pass: return "Pass";
    case Verdict::Warn: return "Warn";
    case Verdict::Fail: return "Fail";
    case Verdict::NoData: return "No data";
    case Verdict::Inconclusive: return "Inconclusive";
    case Verdict::Error: return "Not judged";
  }
  return "Not judged";
}

std::string word(Verdict verdict, std::string_view text) {
  const std::string name(word_of(verdict));
  return "<span class=\"word " + name + "\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-" + name +
         "\"/></svg>" + escape_markup(text) + "</span>";
}

std::string code(std::string_view text) {
  return text.empty() ? "" : "<code>" + escape_markup(text) + "</code>";
}

class HtmlReport {
 public:
  /// `whole` has the totals, `shown` what stands on the page.
  HtmlReport(const Report& whole, const Report& shown) : whole_(whole), shown_(shown), rules_(by_gravity(shown)) {}

  std::string write() {
    write_head();
    write_summary();
    write_broken();
    write_rest();
    write_inputs();
    write_foot();
    return std::move(out_);
  }

 private:
  void add(std::string_view text) { out_ += text; }

  void write_head() {
    add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    add("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
    add("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
    add("<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    add(std::string(label_of(shown_.verdict)) + " · " +
        escape_markup(shown_.rules_file.empty() ? "weir" : shown_.rules_file));
    add("</title>\n<style>");
    add(kHtmlStyle);
    add("</style>\n</head>\n<body>\n");
    add(kHtmlPictures);
    add("<a class=\"skip\" href=\"#rules\">To the rules</a>\n<main>\n");
  }

  std::string sentence() const {
    const RuleTotals& counts = whole_.counts;
    const std::uint64_t all = whole_.rules.size() + whole_.not_judged;
    if (whole_.verdict == Verdict::Error) {
      return records_of(whole_) == 0 ? "There was nothing to judge" : "This run is not complete";
    }
    const std::uint64_t broken = counts.error + counts.warn;
    if (broken > 0) return with_commas(broken) + " of " + counted(all, "rule does", "rules do") + " not hold";
    if (counts.pass == all) return all == 1 ? "The one rule holds" : "All " + with_commas(all) + " rules hold";
    return with_commas(counts.pass) + " of " + counted(all, "rule holds", "rules hold") + ", none is broken";
  }

  void fact(std::string_view name, std::string_view value) {
    add("<div><dt>" + escape_markup(name) + "</dt><dd>" + escape_markup(value) + "</dd></div>\n");
  }

  void write_summary() {
    add("<header class=\"" + std::string(word_of(whole_.verdict)) + "\">\n");
    add(word(whole_.verdict, whole_.verdict == Verdict::Error ? "Error" : name_of(whole_.verdict)));
    add("\n<h1>" + sentence() + "</h1>\n<p class=\"soft\">");
    if (whole_.inputs.size() == 1) add(code(weir::name_of(shown_.inputs.front())));
    if (whole_.inputs.size() != 1) add(counted(whole_.inputs.size(), "input", "inputs"));
    add(shown_.rules_file.empty() ? "" : " judged by " + code(shown_.rules_file));
    add("</p>\n<dl class=\"facts\">\n");
    std::uint64_t undecodable = 0;
    for (const InputReport& input : whole_.inputs) undecodable += input.undecodable;
    fact("Records", with_commas(records_of(whole_)));
    fact("Undecodable", with_commas(undecodable));
    fact("To quarantine", with_commas(whole_.quarantined));
    fact("Size", human_bytes(bytes_of(whole_)));
    fact("Time", spent(whole_.seconds));
    fact("Exit code", std::to_string(whole_.exit_code));
    add("</dl>\n");
    write_strip();
    for (const std::string& notice : notices_of(whole_)) {
      add("<p class=\"note\" role=\"note\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-warn\"/></svg>" +
          escape_markup(notice, kLimits.front().code_points) + "</p>\n");
      if (out_.size() > kMostBytes / 2) break;
    }
    add("</header>\n");
  }

  /// How the rules came out, as a strip and in words.
  void write_strip() {
    struct Part {
      Verdict verdict;
      std::uint64_t rules;
      std::string_view label;
    };
    const RuleTotals& counts = whole_.counts;
    const std::array<Part, 6> parts = {{{Verdict::Fail, counts.error, "failed"},
                                        {Verdict::Warn, counts.warn, "warned"},
                                        {Verdict::Error, counts.not_evaluated, "not evaluated"},
                                        {Verdict::Inconclusive, counts.inconclusive, "inconclusive"},
                                        {Verdict::NoData, counts.no_data, "without data"},
                                        {Verdict::Pass, counts.pass, "passed"}}};
    std::string strip;
    std::string legend;
    for (const Part& part : parts) {
      if (part.rules == 0) continue;
      strip += "<i class=\"" + std::string(word_of(part.verdict)) + "\" style=\"flex:" + std::to_string(part.rules) +
               "\"></i>";
      legend += "<li>" + word(part.verdict, with_commas(part.rules) + " " + std::string(part.label)) + "</li>";
    }
    add("<div class=\"strip\" aria-hidden=\"true\">" + strip +
        "</div>\n<ul class=\"legend\" aria-label=\"Rules by outcome\">" + legend + "</ul>\n");
  }

  static bool needs_eyes(const RuleReport& rule) { return is_broken(rule) || rule.outcome == Verdict::Error; }

  void write_broken() {
    const auto count =
        std::count_if(rules_.begin(), rules_.end(), [](const RuleReport* rule) { return needs_eyes(*rule); });
    add("<section id=\"rules\" aria-label=\"Rules\">\n");
    if (count == 0) return;
    add("<h2>What does not hold <span class=\"n\">" + std::to_string(count) + "</span></h2>\n");
    if (count > kCardsWithoutIndex) write_index(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) write_card(*rules_[i], i + 1);
  }

  void write_index(std::size_t count) {
    add("<nav class=\"card\" style=\"margin-bottom:.85rem\" aria-label=\"Rules that do not hold\"><ul>\n");
    for (std::size_t i = 0; i < count; ++i) {
      const RuleReport& rule = *rules_[i];
      const std::string name(word_of(rule.outcome));
      add("<li><span class=\"" + name + "\"><svg class=\"i\" role=\"img\" aria-label=\"" +
          std::string(name_of(rule.outcome)) + "\"><use href=\"#i-" + name +
          "\"/></svg></span><a class=\"mono\" href=\"#rule-" + std::to_string(i + 1) + "\">" +
          escape_markup(rule.info.id) + "</a><span class=\"count soft\">" + escape_markup(failed_share_of(rule)) +
          "</span></li>\n");
    }
    add("</ul></nav>\n");
  }

  void about(std::string_view name, const std::string& html) {
    if (!html.empty()) add("<div><dt>" + escape_markup(name) + "</dt><dd>" + html + "</dd></div>");
  }

  void write_card(const RuleReport& rule, std::size_t number) {
    add("<article id=\"rule-" + std::to_string(number) + "\" class=\"card " + std::string(word_of(rule.outcome)) +
        "\">\n<div class=\"top\">" + word(rule.outcome, name_of(rule.outcome)));
    add("<h3>" + escape_markup(rule.info.id) + "</h3>");
    if (rule.outcome == Verdict::Error) {
      add("</div>\n<p>" + escape_markup(rule.error) + "</p>\n");
    } else {
      write_count(rule);
    }
    if (!rule.info.description.empty()) add("<p>" + escape_markup(rule.info.description) + "</p>\n");
    add("<dl class=\"about\">");
    about("Expected", code(rule.info.expected));
    about("Field", code(rule.info.field));
    about("Rule", code(place_of(rule.info.where)));
    about("On failure", rule.windows ? "" : escape_markup(word_of(rule.info.on_fail)));
    about(rule.windows ? "Without data" : "Skipped", rule.counts.skipped == 0 ? "" : with_commas(rule.counts.skipped));
    about("Runbook", escape_markup(rule.info.runbook));
    add("</dl>\n");
    if (is_broken(rule) || samples_of(rule) > 0) write_samples(rule);
    if (rule.windows) write_picture(rule);
    add("</article>\n");
  }

  void write_count(const RuleReport& rule) {
    if (rule.windows && rule.windows->only) {
      add("<span class=\"count\"><b>" + escape_markup(only_of(*rule.windows->only), kLimits.front().code_points) +
          "</b></span></div>\n");
      return;
    }
    add("<span class=\"count\"><b>" + with_commas(rule.counts.failed) + "</b> of " +
        with_commas(rule.counts.evaluated) + " " + std::string(unit_of(rule, rule.counts.evaluated)) + " · <b>" +
        escape_markup(failed_share_of(rule)) + "</b></span></div>\n");
    write_bar(rule.counts);
  }

  /// The share as a bar: a sliver is left visible for what is more than nothing.
  void write_bar(const RuleCounts& counts) {
    const double share =
        counts.evaluated == 0 ? 0 : static_cast<double>(counts.failed) / static_cast<double>(counts.evaluated);
    char width[32];
    std::snprintf(width, sizeof width, "%.2f", std::clamp(share * 100, 0.4, 100.0));
    add("<svg class=\"bar\" viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"" +
        std::string(width) + "\" height=\"1\"/></svg>\n");
  }

  void write_samples(const RuleReport& rule) {
    const std::size_t samples = samples_of(rule);
    const std::string units(unit_of(rule, 0));
    if (samples == 0) {
      if (rule.counts.failed > 0) add("<p class=\"soft\">The failing " + units + " are in the JSON report.</p>\n");
      return;
    }
    // One more than fits is no reason to fold.
    const std::size_t open = samples <= kSamplesOpen + 1 ? samples : kSamplesOpen;
    write_sample_rows(rule, 0, open);
    if (open < samples) {
      add("<details><summary>" + std::to_string(samples - open) + " further " + units + "</summary>\n");
      write_sample_rows(rule, open, samples);
      add("</details>\n");
    }
    const std::uint64_t more = unshown_of(rule, samples);
    if (more > 0) add("<p class=\"soft\">and " + with_commas(more) + " more</p>\n");
  }

  /// Of a drift rule: both distributions of the newest window that is shown.
  void write_picture(const RuleReport& rule) {
    const WindowReport& windows = *rule.windows;
    const WindowVerdict* const newest = windows.only              ? &*windows.only
                                        : windows.samples.empty() ? nullptr
                                                                  : &windows.samples.back();
    if (newest == nullptr || newest->drift == nullptr || pictures_ == kMostPictures) return;
    const std::string picture = draw_drift(newest->drift->picture, rule.info.field);
    if (picture.empty()) return;
    ++pictures_;
    add("<figure>" + picture + "<figcaption class=\"soft\">" + escape_markup(place_of(*newest, windows.whole)) +
        ": the reference as an area, current values as a line</figcaption></figure>\n");
  }

  /// Why, and what else a reader has to know of a window.
  static std::string remarks_of(const WindowVerdict& verdict) {
    std::string text = verdict.cause;
    const auto add = [&text](std::string_view more) { text += std::string(text.empty() ? "" : "; ") += more; };
    if (verdict.revised) add("judged again after late records");
    if (verdict.partial) add("the input ends within the window");
    if (verdict.by_clock) add("the stream was silent");
    if (verdict.warming) add("its rule is new, and saw only a part of the window");
    return text;
  }

  /// Columns that would be empty are left out.
  void write_window_rows(const WindowReport& windows, std::size_t from, std::size_t to) {
    const auto any = [&windows](const auto& of) {
      return std::any_of(windows.samples.begin(), windows.samples.end(), [&](const auto& v) { return !of(v).empty(); });
    };
    const bool segments = any(segment_of);
    const bool remarks = any(remarks_of);
    add("<table><thead><tr><th scope=\"col\">Window</th>");
    add(segments ? "<th scope=\"col\">Segment</th>" : "");
    add("<th scope=\"col\">Observed</th><th scope=\"col\">Expected</th>");
    add(remarks ? "<th scope=\"col\">Why</th></tr></thead><tbody>\n" : "</tr></thead><tbody>\n");
    for (std::size_t i = from; i < to; ++i) {
      const WindowVerdict& verdict = windows.samples[i];
      const std::string several = verdict.windows > 1 ? " · " + with_commas(verdict.windows) + " windows" : "";
      add("<tr><td class=\"mono\">" + escape_markup(period_of(verdict, windows.whole) + several) + "</td>");
      if (segments) add("<td>" + code(segment_of(verdict)) + "</td>");
      add("<td>" + code(show(verdict.observed, verdict.observed_is_rate)) + "</td><td>" + code(verdict.expected) +
          "</td>");
      if (remarks) add("<td>" + escape_markup(remarks_of(verdict)) + "</td>");
      add("</tr>\n");
    }
    add("</tbody></table>\n");
  }

  void write_sample_rows(const RuleReport& rule, std::size_t from, std::size_t to) {
    if (rule.windows) return write_window_rows(*rule.windows, from, to);
    add("<table><thead><tr><th scope=\"col\">Where</th><th scope=\"col\">Value</th><th "
        "scope=\"col\">Why</th></tr></thead><tbody>\n");
    for (std::size_t i = from; i < to; ++i) {
      const Sample& sample = rule.samples[i];
      add("<tr><td class=\"mono\">" + escape_markup(place_of(whole_, sample), kLimits.front().code_points) +
          "</td><td>" + code(sample.value) + "</td><td>" + escape_markup(sample.reason) + "</td></tr>\n");
    }
    add("</tbody></table>\n");
  }

  void write_rest() {
    const auto count =
        std::count_if(rules_.begin(), rules_.end(), [](const RuleReport* rule) { return !needs_eyes(*rule); });
    if (count > 0) {
      const bool all = static_cast<std::size_t>(count) == rules_.size();
      add("<h2>" + std::string(all ? "Rules" : "The other rules") + " <span class=\"n\">" + std::to_string(count) +
          "</span></h2>\n");
      add("<div class=\"card sheet\"><table><thead><tr><th scope=\"col\">Outcome</th><th scope=\"col\">Rule</th><th "
          "scope=\"col\">Expected</th>");
      add("<th scope=\"col\" class=\"num\">Judged</th><th scope=\"col\" "
          "class=\"num\">Skipped</th></tr></thead><tbody>\n");
      for (const RuleReport* rule : rules_) {
        if (!needs_eyes(*rule)) write_row(*rule);
      }
      add("</tbody></table></div>\n");
    }
    add("</section>\n");
  }

  void write_row(const RuleReport& rule) {
    add("<tr><td>" + word(rule.outcome, name_of(rule.outcome)) + "</td><td class=\"mono\">" +
        escape_markup(rule.info.id) + "</td><td>" + code(rule.info.expected) +
        "</td><td class=\"num\" data-l=\"judged\">" + with_commas(rule.counts.evaluated) +
        "</td><td class=\"num\" data-l=\"skipped\">" + with_commas(rule.counts.skipped) + "</td></tr>\n");
  }

  void write_inputs() {
    if (shown_.inputs.empty()) return;
    add("<h2>Inputs <span class=\"n\">" + with_commas(whole_.inputs.size()) +
        "</span></h2>\n<div class=\"card sheet\"><table><thead><tr>");
    add("<th scope=\"col\">Input</th><th scope=\"col\" class=\"num\">Records</th><th scope=\"col\" "
        "class=\"num\">Undecodable</th>");
    add("<th scope=\"col\" class=\"num\">Size</th></tr></thead><tbody>\n");
    for (const InputReport& input : shown_.inputs) {
      add("<tr><td class=\"mono\" style=\"width:auto\">" + escape_markup(weir::name_of(input)) +
          (input.stream.empty() ? "" : "<br>the stream " + escape_markup(input.stream)) +
          (input.error.empty() ? "" : "<br>" + word(Verdict::Error, "not read to its end")) +
          "</td><td class=\"num\" data-l=\"records\">" + with_commas(input.records) +
          "</td><td class=\"num\" data-l=\"undecodable\">" + with_commas(input.undecodable) +
          "</td><td class=\"num\" data-l=\"size\">" + human_bytes(input.bytes) + "</td></tr>\n");
    }
    add("</tbody></table>");
    if (whole_.inputs.size() > shown_.inputs.size()) {
      add("<p class=\"soft\">and " + with_commas(whole_.inputs.size() - shown_.inputs.size()) + " more</p>");
    }
    add("</div>\n");
  }

  void write_foot() {
    add("</main>\n<footer><p>weir " + escape_markup(whole_.version));
    if (whole_.now) add(" · judged as of " + escape_markup(format_timestamp(*whole_.now)));
    if (!whole_.ruleset.empty())
      add(" · rules <span class=\"mono\">" + escape_markup(whole_.ruleset.substr(0, 64)) + "</span>");
    add("</p></footer>\n<script type=\"application/json\" id=\"weir-report\">\n");
    // A `<` could end the element; within JSON it stands in texts only, where its escape means the same.
    for (const char c : write_json(shown_, {})) {
      if (c == '<') {
        out_ += "\\u003c";
      } else {
        out_ += c;
      }
    }
    add("</script>\n</body>\n</html>\n");
  }

  const Report& whole_;
  const Report& shown_;
  std::vector<const RuleReport*> rules_;
  std::size_t pictures_ = 0;
  std::string out_;
};

}  // namespace

std::string write_html(const Report& report, const WriteOptions&) {
  std::string page;
  for (const Limits& limits : kLimits) {
    const Report shown = shortened(report, limits);
    page = HtmlReport(report, shown).write();
    if (page.size() <= kMostBytes) break;
  }
  return page;
}

}  // namespace weir
