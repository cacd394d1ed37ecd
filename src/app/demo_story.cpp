// SPDX-License-Identifier: Apache-2.0
#include "app/demo_story.h"

#include <algorithm>
#include <cstdio>

#include "base/escape.h"
#include "base/text.h"
#include "report/words.h"

namespace weir {
namespace {

using Found = DemoFinding::Kind;

constexpr std::size_t kIndent = 13;     // "00:07  FAIL  "
constexpr std::size_t kMostText = 400;  // of a finding
constexpr double kPatience = 10;        // seconds after which what went wrong should have been found

std::string painted(const DemoStyle& style, std::string_view text, std::string_view code) {
  if (!style.color || code.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::string clock_of(double seconds) {
  const int whole = std::max(0, static_cast<int>(seconds));
  char text[16] = {};
  std::snprintf(text, sizeof text, "%02d:%02d", whole / 60 % 6000, whole % 60);
  return text;
}

std::string after(double seconds) {
  char text[16] = {};
  std::snprintf(text, sizeof text, "%.1f s", seconds);
  return text;
}

/// Words on lines of so many cells; the lines after the first are indented. A longer word has a line of its own.
std::string wrapped(std::string_view text, std::size_t first, std::size_t indent, std::size_t width) {
  std::string out;
  std::size_t column = first;
  bool begins = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t cells = display_width(word);
    if (!begins && column + 1 + cells > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
      begins = true;
    }
    if (!begins) out += ' ';
    out += word;
    column += cells + (begins ? 0 : 1);
    begins = false;
  }
  return out;
}

std::string_view code_of(std::string_view label) {
  if (label == "FAIL") return "1;31";
  if (label == "WARN") return "1;33";
  if (label == "shop") return "36";
  return "2";
}

}  // namespace

std::string demo_line(double seconds, std::string_view label, std::string_view text, const DemoStyle& style) {
  const std::string harmless = visible(text, kMostText);
  const bool shop = label == "shop";
  std::string body = wrapped(harmless, kIndent, kIndent, style.width);
  if (shop) body = painted(style, body, "36");
  return painted(style, clock_of(seconds), "2") + "  " + painted(style, label, code_of(label)) +
         std::string(label.size() < 4 ? 4 - label.size() : 0, ' ') + "  " + body + "\n";
}

std::string demo_line(double seconds, const DemoFinding& finding, const DemoPlaces& places, const DemoStyle& style) {
  switch (finding.kind) {
    case Found::Reading: return demo_line(seconds, "weir", "reads " + finding.text + " of " + places.topic, style);
    case Found::SetAside:
      return demo_line(seconds, "weir", finding.text + " in " + places.quarantine + ", with reasons", style);
    case Found::NewRules: return demo_line(seconds, "weir", finding.text, style);
    case Found::Trouble: return demo_line(seconds, "weir", "trouble: " + finding.text, style);
    case Found::Drift:
      return demo_line(seconds, label_of(finding.verdict), "drift " + finding.rule + ": " + finding.text, style);
    case Found::EmptyWindow:
    case Found::Record:
    case Found::Window: break;
  }
  return demo_line(seconds, label_of(finding.verdict), finding.rule + ": " + finding.text, style);
}

std::string demo_next_steps(const DemoPlaces& places, const DemoStyle& style) {
  const std::string at = " --brokers " + shell_word(places.brokers);
  std::string out = "\nIt goes on. Meanwhile, in a second terminal:\n";
  const auto command = [&](const std::string& text) { out += "  " + painted(style, text, "1") + "\n"; };
  const std::string weir = shell_word(places.program);
  if (!places.page.empty()) command(weir + " top " + places.page);
  command(weir + " quarantine ls --topic " + places.quarantine + " \\\n   " + at);
  if (!places.failing.empty())
    command(weir + " explain " + places.failing + " \\\n   " + at + " --rules " + shell_word(places.rules));
  command(weir + " explain " + shell_word(places.rules) + " baskets");
  if (!places.page.empty()) command("curl -s " + places.page + "/metrics | grep ^weir_");
  command("${EDITOR:-vi} " + shell_word(places.rules) + "  # taken up as you save");
  return out + "\n";
}

std::string demo_last_steps(const DemoPlaces& places, bool timed, const DemoStyle& style) {
  const std::string weir = shell_word(places.program);
  std::string out;
  const auto step = [&](std::string_view told, const std::string& text) {
    out += (out.empty() ? "next:  " : "       ") + painted(style, told, "2") + "\n         " +
           painted(style, text, "1") + "\n";
  };
  if (timed) step("it goes on until Ctrl-C, and says what to type meanwhile", weir + " demo");
  step("rules from records of your own", weir + " suggest orders.ndjson -o orders.yml");
  step("beside a topic of your own",
       weir + " run --brokers localhost:9092 \\\n           --topic orders --rules orders.yml");
  return out + "\n";
}

double demo_begin_of(DemoFault fault) {
  for (const DemoAct& act : demo_acts()) {
    if (act.fault == fault) return act.from;
  }
  return 0;
}

DemoScore::DemoScore()
    : entries_{{DemoFault::NoEmail, Found::Record, "email.required", "orders without an e-mail address"},
               {DemoFault::NoEmail, Found::Window, "emails-known", "too many of them in a window"},
               {DemoFault::NoEmail, Found::SetAside, "", "they are put aside, with reasons"},
               {DemoFault::Garbage, Found::Record, "decode", "error pages and orders cut short"},
               {DemoFault::NewCurrency, Found::Drift, "currencies", "drift: a currency nobody knew"},
               {DemoFault::Cents, Found::Drift, "baskets", "drift: cents in place of euros"},
               {DemoFault::Silence, Found::EmptyWindow, "orders-flow", "windows without a single order"},
               {DemoFault::Twice, Found::Record, "order_id.unique", "an order that came twice"},
               {DemoFault::Twice, Found::Window, "orders-once", "too many of them in a window"}} {}

void DemoScore::add(const DemoFinding& finding, double seconds) {
  for (Entry& entry : entries_) {
    if (!entry.seen && entry.kind == finding.kind && (entry.rule.empty() || entry.rule == finding.rule))
      entry.seen = seconds;
  }
}

DemoScore::State DemoScore::state_of(const Entry& entry, double seconds) {
  if (entry.seen) return State::Seen;
  return seconds < demo_begin_of(entry.fault) + kPatience ? State::ToCome : State::Missing;
}

DemoScore::Counts DemoScore::counts(double seconds) const {
  Counts counts;
  for (const Entry& entry : entries_) {
    const State state = state_of(entry, seconds);
    ++(state == State::Seen ? counts.seen : state == State::Missing ? counts.missing : counts.to_come);
  }
  return counts;
}

std::string DemoScore::table(double seconds, const DemoStyle& style) const {
  std::string out;
  constexpr std::size_t kTold = 36;
  constexpr std::size_t kRule = 18;
  for (const Entry& entry : entries_) {
    const State state = state_of(entry, seconds);
    std::string line = "  ";
    if (state == State::Seen) line += painted(style, "seen   ", "32");
    if (state == State::Missing) line += painted(style, "MISSING", "1;31");
    if (state == State::ToCome) line += painted(style, "-      ", "2");
    line += "  " + std::string(entry.told) + std::string(kTold - entry.told.size(), ' ');
    line += std::string(entry.rule) + std::string(kRule - entry.rule.size(), ' ');
    if (entry.seen) {
      line += "after " + after(*entry.seen);
    } else if (state == State::ToCome) {
      line += "begins at " + clock_of(demo_begin_of(entry.fault));
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

}  // namespace weir
