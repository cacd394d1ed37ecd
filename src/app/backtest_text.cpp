// SPDX-License-Identifier: Apache-2.0
// The comparison on a terminal: what differs first, with a record or a window of each difference, then what is alike.
//
//   more     amount.max  9 of 1,000  2 of 1,000
//            newly caught   7 records, as orders.ndjson:17  600 is above 500
#include <algorithm>

#include "app/backtest_comparison.h"
#include "base/escape.h"
#include "base/text.h"
#include "report/columns.h"
#include "report/windows.h"
#include "report/words.h"

namespace weir {
namespace {

constexpr std::size_t kLabel = 9;
constexpr std::size_t kIdMost = 40;
constexpr std::size_t kWindowsShown = 3;
constexpr std::size_t kNamesShown = 12;

class BacktestText {
 public:
  BacktestText(const BacktestSide& after, const BacktestSide& before, const BacktestComparison& comparison,
               const BacktestFrame& frame, const BacktestShown& shown)
      : after_(after),
        before_(before),
        comparison_(comparison),
        frame_(frame),
        color_(shown.color),
        width_(static_cast<std::size_t>(std::clamp(shown.width, 40, 160))) {}

  std::string write() {
    write_head();
    choose_columns();
    const bool any = std::any_of(comparison_.rules.begin(), comparison_.rules.end(), is_shown);
    if (any) write_titles();
    for (const bool same : {false, true}) {
      for (const RuleBacktest& rule : comparison_.rules) {
        if (is_shown(rule) && (rule.change == BacktestChange::Same) == same) write_rule(rule);
      }
    }
    if (any) line("");
    write_silent();
    write_put_aside();
    write_notes();
    write_next();
    return std::move(out_);
  }

 private:
  /// What fires under either, and what is there under one alone.
  static bool is_shown(const RuleBacktest& rule) {
    const bool written = (rule.after != nullptr ? rule.after : rule.before)->info.where.line > 0;
    const bool one_sided = rule.change == BacktestChange::Added || rule.change == BacktestChange::Removed;
    return rule.fires() || rule.fired() || (written && one_sided);
  }

  [[nodiscard]] std::string painted(std::string_view text, std::string_view code) const {
    if (!color_) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
  }
  void line(std::string_view text) { out_ += as_line(std::string(text)); }

  void write_head() {
    const std::vector<InputReport>& inputs = after_.report.inputs;
    for (std::size_t i = 0; i < inputs.size() && i < 5; ++i) {
      std::string text = visible(name_of(inputs[i])) + ": " + counted(inputs[i].records, "record", "records") + ", " +
                         human_bytes(inputs[i].bytes);
      if (frame_.of_topic)
        text += ", " + counted(static_cast<std::uint64_t>(frame_.parts.size()), "partition", "partitions");
      if (frame_.from) text += ", from " + visible(*frame_.from);
      if (frame_.to) text += ", to " + visible(*frame_.to);
      line(text);
    }
    if (inputs.size() > 5)
      line("and " + std::to_string(inputs.size() - 5) +
           " more: " + counted(records_of(after_.report), "record", "records") + " in all");
    line("new  " + visible(after_.rules));
    line("old  " + visible(before_.rules));
    line("judged in " + spent(after_.report.seconds));
    line("");
  }

  static std::string failed_under(const RuleReport* rule) {
    return rule == nullptr ? "no such rule" : failed_of(*rule);
  }

  void choose_columns() {
    for (const RuleBacktest& rule : comparison_.rules) {
      if (!is_shown(rule)) continue;
      id_cells_ = std::max(id_cells_, std::min(kIdMost, display_width(visible(rule.id))));
      now_cells_ = std::max(now_cells_, display_width(failed_under(rule.after)));
    }
  }

  void write_titles() {
    const std::string text =
        std::string(kLabel, ' ') + pad_right("fails", id_cells_ + 2) + pad_right("new", now_cells_ + 2) + "old";
    line(painted(text, "2"));
  }

  void write_rule(const RuleBacktest& rule) {
    std::string_view code = "2";
    if (rule.change == BacktestChange::New || rule.change == BacktestChange::More) code = "1;31";
    if (rule.change == BacktestChange::Added) code = rule.fires() ? "1;31" : "2";
    if (rule.change == BacktestChange::Gone || rule.change == BacktestChange::Fewer) code = "1;32";
    if (rule.change == BacktestChange::Removed) code = rule.fired() ? "1;32" : "2";
    if (rule.change == BacktestChange::Others) code = "1;33";
    const std::string_view word = word_of(rule.change);
    std::string text = painted(word, code) + std::string(kLabel - word.size(), ' ');
    const std::string id = visible(rule.id);
    text += pad_right(id, id_cells_ + 2);
    if (display_width(id) > id_cells_) text += "\n" + std::string(kLabel + id_cells_ + 2, ' ');
    text += pad_right(failed_under(rule.after), now_cells_ + 2) + failed_under(rule.before);
    line(text);
    write_records("newly caught", rule.caught);
    write_records("no longer", rule.missed);
    write_windows("newly failing", rule.windows);
    write_windows("no longer", rule.windows_gone);
  }

  void detail(std::string_view label, const std::string& text) {
    line(std::string(kLabel, ' ') + fit(pad_right(label, 15) + text, width_ - kLabel));
  }

  static std::string number_of(const CaughtMore& more) {
    return (more.whole ? "" : "at least ") + counted(more.records, "record", "records");
  }

  void write_records(std::string_view label, const CaughtMore& more) {
    if (more.records == 0) return;
    std::string text = number_of(more);
    if (more.any) {
      text += more.records == 1 ? ": " : ", as ";
      text += visible(frame_.place_of(more.first));
      if (!more.words.message.empty())
        text += "  " + visible(evidence_of(Sample{.value = more.words.value, .reason = more.words.message}));
    }
    detail(label, text);
  }

  void write_windows(std::string_view label, const std::vector<const WindowVerdict*>& windows) {
    for (std::size_t i = 0; i < windows.size() && i < kWindowsShown; ++i)
      detail(i == 0 ? label : "", visible(place_of(*windows[i]) + "  " + evidence_of(*windows[i])));
    if (windows.size() > kWindowsShown)
      detail("", "and " + counted(windows.size() - kWindowsShown, "more window", "more windows"));
  }

  /// Rules that are of both and fire under neither.
  void write_silent() {
    std::size_t silent = 0;
    std::string names;
    for (const RuleBacktest& rule : comparison_.rules) {
      const RuleReport& either = rule.after != nullptr ? *rule.after : *rule.before;
      if (is_shown(rule) || either.info.where.line == 0) continue;
      if (++silent <= kNamesShown) names += (names.empty() ? "" : ", ") + visible(rule.id, 40);
    }
    if (silent == 0) return;
    if (silent > kNamesShown) names += ", …";
    line(fit(counted(silent, "rule fails", "rules fail") + " under neither: " + names, width_));
  }

  static std::string share_in_words(const CaughtMore& more) {
    return (more.whole ? "" : "at least ") + with_commas(more.records);
  }

  void write_put_aside() {
    const std::uint64_t now = after_.report.quarantined;
    const std::uint64_t then = before_.report.quarantined;
    std::string text =
        "quarantined: " + counted(now, "record", "records") + " under new, " + with_commas(then) + " under old";
    if (comparison_.put_aside.records > 0) text += ", " + share_in_words(comparison_.put_aside) + " newly";
    if (comparison_.let_through.records > 0) text += ", " + share_in_words(comparison_.let_through) + " no longer";
    line(text);
  }

  void write_notes() {
    const std::vector<std::string> notices = notices_of(after_.report);
    for (const std::string& notice : notices) line("note: " + visible(notice));
    for (const std::string& notice : notices_of(before_.report)) {
      if (std::find(notices.begin(), notices.end(), notice) == notices.end()) line("note, of old: " + visible(notice));
    }
    if (!after_.plan->window_rules.empty() || !before_.plan->window_rules.empty())
      line("Windows that are open at the end are judged by what they hold, as `weir run --until-end` does.");
    if (frame_.same_text) {
      line("no difference: both files say the same");
    } else if (comparison_.is_same()) {
      line("no difference in what fails");
    }
  }

  void write_next() {
    for (const bool now : {true, false}) {
      for (const RuleBacktest& rule : comparison_.rules) {
        const CaughtMore& more = now ? rule.caught : rule.missed;
        if (!more.any || rule.change == BacktestChange::Same) continue;
        std::string command = "weir explain " + shell_word(visible(frame_.place_of(more.first))) + " --rules " +
                              shell_word(visible(now ? after_.rules : before_.rules));
        if (frame_.of_topic) command += " --brokers " + shell_word(visible(frame_.brokers));
        line("next: " + command);
        return;
      }
    }
  }

  const BacktestSide& after_;
  const BacktestSide& before_;
  const BacktestComparison& comparison_;
  const BacktestFrame& frame_;
  bool color_;
  std::size_t width_;
  std::size_t id_cells_ = 5;
  std::size_t now_cells_ = 3;
  std::string out_;
};

}  // namespace

std::string write_backtest_text(const BacktestSide& after, const BacktestSide& before,
                                const BacktestComparison& comparison, const BacktestFrame& frame,
                                const BacktestShown& shown) {
  return BacktestText(after, before, comparison, frame, shown).write();
}

}  // namespace weir
