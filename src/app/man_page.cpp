// SPDX-License-Identifier: Apache-2.0
// Roff in the man macros, few of them: TH, SH, SS, PP, TP, B. Text is escaped here and nowhere else: a line that begins with
// a dot or a quote would be a macro, a backslash an escape, a bare hyphen a typographic one that nobody can paste.
#include "app/man_page.h"

#include <set>

#include "app/command.h"
#include "app/help.h"

namespace weir {
namespace {

/// One line of text; what stands in `back-ticks` becomes bold.
std::string line_of(std::string_view text) {
  std::string out = text.starts_with('.') || text.starts_with('\'') ? "\\&" : "";
  bool bold = false;
  for (const char c : text) {
    switch (c) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '`':
        bold = !bold;
        out += bold ? "\\fB" : "\\fR";
        break;
      default: out += c;
    }
  }
  return (bold ? out + "\\fR" : out) + "\n";
}

std::string bold_line(std::string_view text) {
  return line_of("`" + std::string(text) + "`");
}

/// Text of several lines: filled, but a line that begins or is cut up with blanks stands as it is.
std::string paragraph(std::string_view text) {
  std::string out;
  bool verbatim = false;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const bool as_is = line.find("  ") != std::string_view::npos;
    if (as_is != verbatim) out += as_is ? ".nf\n" : ".fi\n";
    verbatim = as_is;
    out += line.empty() ? ".PP\n" : line_of(line);
  }
  return verbatim ? out + ".fi\n" : out;
}

std::string example_of(std::string_view command_line) {
  return ".PP\n.RS 4\n.nf\n" + bold_line(command_line) + ".fi\n.RE\n";
}

std::string flag_entry(const Flag& flag) {
  std::string head = flag.letter == 0 ? "" : std::string("`-") + flag.letter + "`, ";
  head += "`--" + std::string(flag.name) + "`" + (flag.argument.empty() ? "" : " ");
  std::string text = ".TP\n" + line_of(head);
  if (!flag.argument.empty()) {
    text.pop_back();
    text += "\\fI" + std::string(flag.argument) + "\\fR\n";
  }
  return text + line_of(std::string(flag.summary) + (flag.repeats ? "; may be repeated" : ""));
}

std::string command_section(const Command& command) {
  std::string text = ".SS " + std::string("weir ") + std::string(command.name) + "\n" + bold_line(usage_of(command)) +
                     ".PP\n" + line_of(sentence(command.summary));
  text += paragraph(command.notes);
  for (const Flag& flag : command.flags) {
    if (!flag.hidden) text += flag_entry(flag);
  }
  return text;
}

std::string environment_section() {
  std::string text =
      ".SH ENVIRONMENT\nA flag on the command line wins over its variable, which wins over the default. A variable of "
      "a\n"
      "flag that may be repeated holds several values with a semicolon between them; that of a switch is 1 or 0.\n";
  std::set<std::string_view> told;
  for (const Command& command : commands()) {
    for (const Flag& flag : command.flags) {
      if (flag.hidden || !told.insert(flag.name).second) continue;
      text += ".TP\n" + bold_line(environment_name(flag)) + line_of("`--" + std::string(flag.name) + "`");
    }
  }
  return text + ".TP\n" + bold_line("WEIR_COLOR") + line_of("`--color`") + ".TP\n" +
         line_of("`NO_COLOR`, `CLICOLOR_FORCE`, `TERM`") +
         line_of("Count when `--color` is `auto`: no colour with the first, colour with the second, none on `dumb`.");
}

constexpr std::string_view kFiles = R"roff(.SH FILES
.TP
\fIRULES\fR.yml
A rule file: one YAML file for one stream. A path in it counts from the file in which it is written.
.TP
\fIRECORDS\fR
NDJSON, a JSON array, CSV or TSV, plain or compressed with gzip or zstd; \fB\-\fR is standard input.
.PP
Outputs are written whole or not at all. weir reads no configuration from the home directory.
)roff";

}  // namespace

std::string man_page(std::string_view version) {
  std::string text =
      "'\\\" t\n.\\\" Made by `weir man` from the table of commands.\n"
      ".TH WEIR 1 \"\" \"weir " +
      std::string(version) +
      "\" \"User Commands\"\n.nh\n.ad l\n"
      ".SH NAME\nweir \\- judge records by rules\n"
      ".SH SYNOPSIS\n";
  for (const Command& command : commands()) text += bold_line(usage_of(command)) + ".br\n";
  text +=
      ".SH DESCRIPTION\n"
      "One YAML file says what must hold for the records of a stream. weir judges files by it, finds the mistakes\n"
      "in it, says what it means, and tries it out; the exit code is the answer.\n"
      ".PP\nFlags may stand anywhere. \\fB\\-\\-flag value\\fR and \\fB\\-\\-flag=value\\fR are the same,\n"
      "\\fB\\-\\-\\fR ends the flags. The last line on standard error is always the decision.\n"
      ".SH COMMANDS\n";
  for (const Command& command : commands()) text += command_section(command);
  text += ".SS Flags of every command\n";
  for (const Flag& flag : flags_of_all()) text += flag_entry(flag);
  text += ".SH EXIT STATUS\n";
  for (const ExitMeaning& exit : exit_meanings())
    text += ".TP\n" + bold_line(std::to_string(exit.code)) + line_of(sentence(exit.meaning));
  text += ".PP\nWhen several apply: 2, then 3, then 4, then 1.\n";
  text += environment_section() + std::string(kFiles) + ".SH EXAMPLES\n";
  bool first = true;
  for (const Command& command : commands()) {
    text += (first ? "" : ".PP\n") + line_of(sentence(command.summary)) + example_of(command.example);
    first = false;
  }
  return text;
}

}  // namespace weir
