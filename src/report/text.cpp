// SPDX-License-Identifier: Apache-2.0
// The report on a terminal: what is broken first and with evidence, what holds in few lines, and what to type next.
//
//   FAIL   amount.max     <= 100000        7 of 119,990   <0.01%
//          orders.yml:14
//          line 17        100001 is above 100000
#include "base/text.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/escape.h"
#include "report/columns.h"
#include "report/report.h"
#include "report/windows.h"
#include "report/words.h"

namespace weir {

namespace {

constexpr std::size_t kIndent = 7;  // the longest label and a blank
constexpr std::size_t kGap = 2;
constexpr std::size_t kExpectedMin = 12;   // less says nothing: then the column goes
constexpr std::size_t kIdMax = 44;         // a longer id stands on a line of its own
constexpr std::size_t kPassingShown = 12;  // more passing rules are told by their names alone
constexpr std::size_t kPassingLines = 3;
constexpr std::size_t kInputsShown = 5;
constexpr int kWidthMin = 40;
constexpr int kWidthMax = 160;

class TextReport {
 public:
  TextReport(const Report& report, const WriteOptions& options)
      : report_(report),
        options_(options),
        width_(static_cast<std::size_t>(std::clamp(options.width, kWidthMin, kWidthMax))),
        rules_(by_gravity(report)) {}

  std::string write() {
    write_inputs();
    choose_columns();
    find_shared_runbook();
    write_head();
    for (const RuleReport* rule : rules_) {
      if (is_shown(*rule)) write_rule(*rule);
    }
    write_passing_names();
    write_notices();
    write_totals();
    write_next();
    return std::move(out_);
  }

 private:
  std::string painted(std::string_view text, std::string_view code) const {
    if (!options_.color) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
  }
  std::string dim(std::string_view text) const { return painted(text, "2"); }
  std::string label(Verdict verdict, std::size_t cells) const {
    std::string_view code = "1;31";
    if (verdict == Verdict::Pass) code = "32";
    if (verdict == Verdict::Warn || verdict == Verdict::Inconclusive) code = "1;33";
    if (verdict == Verdict::NoData) code = "2";
    const std::string_view text = label_of(verdict);
    return painted(text, code) + std::string(cells - text.size(), ' ');
  }
  void line(std::string_view text) { out_ += as_line(std::string(text)); }
  void paragraph(const std::string& first, std::string_view text, std::size_t indent) {
    out_ += weir::paragraph(first, indent, text, indent, width_);
  }

  void write_inputs() {
    for (std::size_t i = 0; i < std::min(report_.inputs.size(), kInputsShown); ++i) {
      const InputReport& input = report_.inputs[i];
      std::string text = visible(name_of(input)) + ": " + counted(input.records, "record", "records") + ", " +
                         human_bytes(input.bytes);
      if (!input.stream.empty()) text += ", the stream " + visible(input.stream);
      if (input.undecodable > 0) text += ", " + with_commas(input.undecodable) + " undecodable";
      line(text);
      for (const std::string& one : envelope_words(input.envelopes)) paragraph("  ", one, 2);
    }
    if (report_.inputs.size() > kInputsShown) {
      line("and " + counted(report_.inputs.size() - kInputsShown, "more input", "more inputs") + ": " +
           counted(records_of(report_), "record", "records") + ", " + human_bytes(bytes_of(report_)) + " in all");
    }
    line("judged by " + visible(report_.rules_file.empty() ? "the rules" : report_.rules_file) + " in " +
         spent(report_.seconds));
    line("");
  }

  bool is_shown(const RuleReport& rule) const {
    return rule.outcome != Verdict::Pass || options_.all_rules || report_.counts.pass <= kPassingShown;
  }

  void choose_columns() {
    for (const RuleReport* rule : rules_) {
      if (!is_shown(*rule)) continue;
      count_cells_ = std::max(count_cells_, display_width(failed_of(*rule)));
      const std::size_t id = display_width(visible(rule->info.id));
      if (id <= kIdMax) id_cells_ = std::max(id_cells_, id);
      expected_cells_ = std::max(expected_cells_, display_width(visible(rule->info.expected)));
    }
    const std::size_t fixed = kIndent + count_cells_ + kShareCells + 3 * kGap;
    const std::size_t free = width_ > fixed ? width_ - fixed : 0;
    if (id_cells_ + kExpectedMin > free)
      id_cells_ = std::min(id_cells_, free > kExpectedMin + 16 ? free - kExpectedMin : free);
    const std::size_t rest = free > id_cells_ ? free - id_cells_ : 0;
    expected_cells_ = rest < kExpectedMin ? 0 : std::min(expected_cells_, rest);
  }

  std::string row(std::string_view id, std::string_view expected, std::string_view count,
                  std::string_view share) const {
    std::string text = pad_right(id, id_cells_) + std::string(kGap, ' ');
    if (expected_cells_ > 0)
      text += pad_right(fit(expected, expected_cells_), expected_cells_) + std::string(kGap, ' ');
    return text + pad_left(count, count_cells_) + std::string(kGap, ' ') + pad_left(share, kShareCells);
  }

  void write_head() { line(dim(std::string(kIndent, ' ') + row("RULE", "EXPECTED", "FAILED", "SHARE"))); }

  void write_rule(const RuleReport& rule) {
    const std::string id = visible(rule.info.id);
    const std::string expected = visible(rule.info.expected);
    const std::string start = label(rule.outcome, kIndent);
    const std::string count = failed_of(rule);
    const std::string share = failed_share_of(rule);
    if (display_width(id) > id_cells_) {
      line(start + id);
      line(std::string(kIndent, ' ') + row("", expected, count, share));
    } else {
      line(start + row(id, expected, count, share));
    }
    const bool with_evidence = is_broken(rule) || samples_of(rule) > 0;
    if (!rule.error.empty()) {
      const std::string place = visible(place_of(rule.info.where));
      if (!with_evidence && !place.empty()) line(std::string(kIndent, ' ') + dim(fit(place, width_ - kIndent)));
      paragraph(std::string(kIndent, ' '), visible(rule.error), kIndent);
    }
    const bool only = rule.windows && rule.windows->only;
    if (with_evidence) {
      write_evidence(rule);
    } else if (only && rule.outcome == Verdict::NoData) {
      write_only(rule.info, *rule.windows->only);
    }
  }

  /// The value of a rule over the whole input stands in its row: what is left is why, and what was expected where that is
  /// not what the row says.
  void write_only(const RuleInfo& info, const WindowVerdict& only) {
    std::string text = only.cause;  // of drift all that there is to say
    if (only.drift == nullptr && only.expected != info.expected && !only.expected.empty()) {
      text = "expected " + only.expected + (text.empty() ? "" : ": ") + text;
    }
    if (!text.empty()) paragraph(std::string(kIndent, ' '), visible(text), kIndent);
  }

  void write_evidence(const RuleReport& rule) {
    const std::string indent(kIndent, ' ');
    std::string about = visible(place_of(rule.info.where));
    if (!rule.info.description.empty()) about += (about.empty() ? "" : "  ") + visible(rule.info.description);
    if (!about.empty()) line(indent + dim(fit(about, width_ - kIndent)));
    if (!rule.info.runbook.empty() && rule.info.runbook != shared_runbook_) {
      line(indent + dim("runbook " + visible(rule.info.runbook)));
    }
    if (rule.windows && rule.windows->only) return write_only(rule.info, *rule.windows->only);
    const std::size_t shown = std::min(samples_of(rule), options_.samples);
    std::vector<Evidence> evidence;
    std::size_t place_cells = 0;
    for (std::size_t i = 0; i < shown; ++i) {
      const auto& [place, reason] = evidence.emplace_back(evidence_of(report_, rule, i));
      place_cells = std::max(place_cells, display_width(visible(place)));
    }
    place_cells = std::min(place_cells, rule.windows ? width_ * 3 / 5 : width_ / 2);  // the rest is for the reason
    for (const auto& [name, reason] : evidence) {
      const std::string place = pad_right(fit_place(rule, visible(name), place_cells), place_cells) + "  ";
      const std::size_t used = kIndent + display_width(place);
      const std::size_t rest = used + 10 < width_ ? width_ - used : 10;
      line(indent + dim(place) + fit(visible(reason), rest));
    }
    const std::uint64_t more = unshown_of(rule, shown);
    if (shown > 0 && more > 0) line(indent + dim("… and " + with_commas(more) + " more"));
  }

  /// A path says most at its end, a window at its beginning.
  static std::string fit_place(const RuleReport& rule, std::string_view place, std::size_t cells) {
    return rule.windows ? fit(place, cells) : fit_end(place, cells);
  }

  void write_passing_names() {
    const std::size_t passing = report_.counts.pass;
    if (passing <= kPassingShown || options_.all_rules) return;
    const std::string head = counted(passing, "rule", "rules") + ":";
    std::string names = head;
    std::size_t cells = kIndent + display_width(head);
    const std::size_t most = kPassingLines * (width_ - kIndent - 8);  // wrapping leaves some room at the ends of lines
    std::size_t shown = 0;
    for (const RuleReport* rule : rules_) {
      if (rule->outcome != Verdict::Pass) continue;
      const std::string id = visible(rule->info.id);
      cells += display_width(id) + 2;
      if (cells > most) break;
      names += (shown == 0 ? " " : ", ") + id;
      ++shown;
    }
    if (shown < passing) names += (shown == 0 ? " " : " … and ") + with_commas(passing - shown) + " more";
    paragraph(label(Verdict::Pass, kIndent), names, kIndent);
  }

  void write_notices() {
    const std::vector<std::string> notices = notices_of(report_);
    if (!notices.empty()) line("");
    for (const std::string& notice : notices) {
      paragraph(painted("note", "1;33") + "   ", visible(notice), kIndent);
    }
  }

  void write_totals() {
    const RuleTotals& counts = report_.counts;
    std::string text = counted(report_.rules.size() + report_.not_judged, "rule", "rules") + ": " +
                       with_commas(counts.error) + " failed, " + with_commas(counts.warn) + " warned, " +
                       with_commas(counts.pass) + " passed";
    if (counts.no_data > 0) text += ", " + with_commas(counts.no_data) + " without data";
    if (counts.inconclusive > 0) text += ", " + with_commas(counts.inconclusive) + " inconclusive";
    if (counts.not_evaluated > 0) text += ", " + with_commas(counts.not_evaluated) + " not evaluated";
    if (report_.quarantined > 0) text += "; " + counted(report_.quarantined, "record", "records") + " to quarantine";
    line("");
    paragraph("", text, 0);
  }

  /// The runbook that several broken rules name (`meta: {runbook: …}`) is told once, below them.
  void find_shared_runbook() {
    std::size_t naming = 0;
    for (const RuleReport* rule : rules_) {
      if (!is_broken(*rule) || rule->info.runbook.empty()) continue;
      if (naming > 0 && rule->info.runbook != shared_runbook_) {
        shared_runbook_.clear();
        return;
      }
      shared_runbook_ = rule->info.runbook;
      ++naming;
    }
    if (naming < 2) shared_runbook_.clear();
  }

  void write_next() {
    if (!shared_runbook_.empty()) line("runbook: " + visible(shared_runbook_));
    if (!options_.with_next) return;
    const std::string command = options_.next.empty() ? next_command() : visible(options_.next);
    if (!command.empty()) line("next:  " + painted(command, "1"));
  }

  /// The same run, keeping what failed. Only where it can be said in a line that works as it stands.
  std::string next_command() const {
    if (report_.counts.error + report_.counts.warn == 0 || report_.rules_file.empty()) return "";
    if (report_.inputs.empty() || report_.inputs.size() > kInputsShown) return "";
    std::string command = "weir check";
    std::string others;
    for (const InputReport& input : report_.inputs) {
      if (input.path == "-" || visible(input.path) != input.path) return "";
      if (input.stream.empty()) command += " " + shell_word(input.path);
      if (!input.stream.empty()) others += " --other " + shell_word(input.stream + "=" + input.path);
    }
    const bool records = std::any_of(rules_.begin(), rules_.end(),
                                     [](const RuleReport* rule) { return is_broken(*rule) && !rule->windows; });
    return command + others + " --rules " + shell_word(visible(report_.rules_file)) +
           (records ? " --quarantine failing.ndjson" : " --windows all --report json=windows.json");
  }

  static constexpr std::size_t kShareCells = 6;  // "<0.01%"

  const Report& report_;
  const WriteOptions& options_;
  std::size_t width_;
  std::vector<const RuleReport*> rules_;
  std::string shared_runbook_;
  std::size_t id_cells_ = 4;
  std::size_t expected_cells_ = 8;
  std::size_t count_cells_ = 7;
  std::string out_;
};

}  // namespace

std::string write_text(const Report& report, const WriteOptions& options) {
  return TextReport(report, options).write();
}

}  // namespace weir
