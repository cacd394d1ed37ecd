// SPDX-License-Identifier: Apache-2.0
#include "app/doctor_findings.h"

#include <algorithm>

#include "app/command.h"
#include "app/rule_file.h"
#include "base/escape.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "report/columns.h"

namespace weir {
namespace {

constexpr std::size_t kVerdictWidth = 6;  // "ok", "warn", "bad", "-" and two blanks

std::string_view short_name(DoctorVerdict verdict) {
  return verdict == DoctorVerdict::Skipped ? "-" : name_of(verdict);
}

std::string_view color_of(DoctorVerdict verdict) {
  switch (verdict) {
    case DoctorVerdict::Ok: return "\033[32m";
    case DoctorVerdict::Warn: return "\033[33m";
    case DoctorVerdict::Bad: return "\033[31m";
    case DoctorVerdict::Skipped: break;
  }
  return "\033[2m";
}

/// Broken between words; a line goes on under the one before it.
std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    begin = end + 1;
    std::string& line = lines.back();
    if (line.empty()) {
      line = word;
    } else if (display_width(line) + 1 + display_width(word) <= width) {
      line.append(" ").append(word);
    } else {
      lines.emplace_back(word);
    }
  }
  return lines;
}

}  // namespace

std::string_view name_of(DoctorVerdict verdict) {
  constexpr std::string_view kNames[] = {"ok", "skipped", "warn", "bad"};
  return kNames[static_cast<std::size_t>(verdict)];
}

std::size_t count_of(const DoctorFindings& findings, DoctorVerdict verdict) {
  return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(),
                                                [&](const DoctorFinding& one) { return one.verdict == verdict; }));
}

std::string doctor_table(const DoctorFindings& findings, std::size_t width, bool color) {
  std::size_t subjects = 0;
  for (const DoctorFinding& finding : findings) subjects = std::max(subjects, display_width(finding.subject));
  const std::size_t indent = subjects + 2 + kVerdictWidth;
  const std::size_t room = width > indent + 20 ? width - indent : 20;
  std::string text;
  std::string_view before;
  for (const DoctorFinding& finding : findings) {
    const std::string verdict = pad_right(short_name(finding.verdict), kVerdictWidth);
    text += pad_right(finding.subject == before ? "" : finding.subject, subjects + 2);
    text += color ? std::string(color_of(finding.verdict)) + verdict + "\033[0m" : verdict;
    before = finding.subject;
    bool first = true;
    for (const std::string& line : wrapped(visible(finding.message), room)) {
      text += (first ? "" : std::string(indent, ' ')) + line + "\n";
      first = false;
    }
    if (finding.remedy.empty()) continue;
    first = true;
    for (const std::string& line : wrapped(visible(finding.remedy), room - 3)) {
      text += std::string(indent, ' ') + (first ? "-> " : "   ") + line + "\n";
      first = false;
    }
  }
  return text;
}

std::string doctor_json(const DoctorFindings& findings) {
  JsonWriter json(true);
  json.begin_object().key("findings").begin_array();
  for (const DoctorFinding& finding : findings) {
    json.begin_object().field("subject", finding.subject).field("verdict", name_of(finding.verdict));
    json.field("message", finding.message);
    if (!finding.remedy.empty()) json.field("remedy", finding.remedy);
    json.end_object();
  }
  json.end_array();
  for (const DoctorVerdict verdict :
       {DoctorVerdict::Ok, DoctorVerdict::Warn, DoctorVerdict::Bad, DoctorVerdict::Skipped})
    json.field(name_of(verdict), std::uint64_t{count_of(findings, verdict)});
  json.end_object();
  return json.take() + "\n";
}

std::pair<int, std::string> doctor_decision(const DoctorFindings& findings) {
  const std::size_t bad = count_of(findings, DoctorVerdict::Bad);
  const std::size_t warnings = count_of(findings, DoctorVerdict::Warn);
  const std::size_t skipped = count_of(findings, DoctorVerdict::Skipped);
  const int exit = bad > 0 ? ExitCode::kFailed : ExitCode::kHolds;
  std::string words = bad > 0 ? std::to_string(bad) + " bad" : "nothing bad";
  if (warnings > 0) words += ", " + counted(warnings, "warning");
  if (skipped > 0) words += ", " + std::to_string(skipped) + " not looked at";
  return {exit, "weir: " + std::string(bad > 0 ? "FAIL" : "PASS") + " exit=" + std::to_string(exit) + " (" + words +
                    ", of " + std::to_string(findings.size()) + ")\n"};
}

}  // namespace weir
