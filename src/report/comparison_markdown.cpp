// SPDX-License-Identifier: Apache-2.0
// A comparison as a table for a pull request: fields that are not as before, at most kMost of them.
#include "base/escape.h"
#include "base/text.h"
#include "report/comparison.h"
#include "report/words.h"

namespace weir {
namespace {

constexpr std::size_t kMost = 50;
constexpr std::size_t kFindings = 3;

std::string moved_of(const ComparedField& field) {
  std::string text;
  std::size_t shown = 0;
  for (const DriftFinding& finding : field.result.findings) {
    if (shown++ == kFindings) break;
    text += (text.empty() ? "" : "; ") + finding.text;
  }
  return text.empty() ? headline_of(field) : text;
}

}  // namespace

std::string write_markdown(const ComparisonReport& comparison) {
  std::string out = "### " + std::string(label_of(comparison.verdict)) + ": " +
                    markdown_code(comparison.current.path, 120) + " against " +
                    markdown_code(comparison.reference.path, 120) + "\n\n";
  std::string rows;
  std::size_t told = 0;
  std::size_t more = 0;
  for (const ComparedField* field : by_gravity(comparison)) {
    const FieldResult& result = field->result;
    if (result.verdict == Verdict::Pass) continue;
    if (told == kMost) {
      ++more;
      continue;
    }
    ++told;
    std::string tests;
    for (const DriftTestResult& test : result.tests) {
      if (test.outcome != Verdict::Fail) continue;
      tests += (tests.empty() ? "" : ", ") + std::string(test.test) + " " + figure(test.measured.effect) + " > " +
               figure(test.tolerance);
    }
    rows += "| " + std::string(label_of(result.verdict)) + " | " + markdown_code(field->path, 120) + " | " +
            escape_markdown(moved_of(*field), 300) + " | " + escape_markdown(tests) + " |\n";
  }
  if (!rows.empty()) out += "| | field | what moved | effect > tolerance |\n|---|---|---|---|\n" + rows + "\n";
  if (more > 0) out += "and " + counted(more, "more field", "more fields") + "\n\n";
  out += counted(comparison.counts.pass, "field is", "fields are") + " as before. " +
         counted(comparison.reference.records, "record", "records") + " against " +
         with_commas(comparison.current.records) + ".\n";
  for (const std::string& note : comparison.notes) out += "\n> " + escape_markdown(note, 400) + "\n";
  return out;
}

}  // namespace weir
