// SPDX-License-Identifier: Apache-2.0
#include "app/suggest_drift.h"

#include <algorithm>

#include "base/escape.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "drift/compare.h"
#include "report/comparison.h"

namespace weir {
namespace {

constexpr std::uint64_t kEnough = 100;       // values in each half
constexpr double kMostDistinct = 0.5;        // of texts: more different ones are names of things
constexpr std::size_t kEvidenceColumn = 44;  // where comments begin

RecordProfiling every_field(const SeenFields& seen) {
  RecordProfiling profiling;
  profiling.raw_bytes = RecordProfiling::kRawBytes / 4;
  for (const FieldPath& path : seen.paths)
    profiling.wanted.push_back({.column = add_field(profiling.fields, path, seen)});
  return profiling;
}

bool is_worth_watching(const Profile& profile) {
  const std::uint64_t values = profile.values();
  if (values < kEnough || profile.distinct < 2) return false;
  const bool numbers = 2 * profile.finite > values;
  return numbers || profile.distinct <= kMostDistinct * static_cast<double>(values);
}

/// The records [begin, end) of a block.
Messages stretch_of(const Messages& messages, std::size_t begin, std::size_t end) {
  Messages part;
  part.header = messages.header;
  part.columns = messages.columns;
  part.items.assign(messages.items.begin() + static_cast<std::ptrdiff_t>(begin),
                    messages.items.begin() + static_cast<std::ptrdiff_t>(end));
  return part;
}

std::string with_comment(std::string line, const std::string& comment) {
  const std::size_t width = display_width(line);
  line += std::string(width < kEvidenceColumn ? kEvidenceColumn - width : 1, ' ');
  return line + "# " + comment + "\n";
}

}  // namespace

Halves::Halves(const SeenFields& seen, std::uint64_t records)
    : profiling_(every_field(seen)), middle_(records / 2), first_(profiling_), second_(profiling_) {}

void Halves::add(const Messages& messages, Format format) {
  const std::size_t size = messages.items.size();
  const auto first = static_cast<std::size_t>(std::min<std::uint64_t>(size, middle_ > seen_ ? middle_ - seen_ : 0));
  seen_ += size;
  if (first == size) return first_.add(messages, format);
  if (first == 0) return second_.add(messages, format);
  first_.add(stretch_of(messages, 0, first), format);
  second_.add(stretch_of(messages, first, size), format);
}

std::vector<Halves::Stable> Halves::stable() {
  const RecordProfile before = first_.finish();
  const RecordProfile after = second_.finish();
  std::vector<FieldPair> pairs;
  for (std::size_t i = 0; i < before.fields.size(); ++i) {
    if (!is_worth_watching(before.fields[i]) || !is_worth_watching(after.fields[i])) continue;
    // Of names of things only the lengths could be compared.
    if (pick_tests(before.fields[i], after.fields[i]).lengths) continue;
    FieldPair pair;
    pair.path = profiling_.fields[profiling_.wanted[i].column].path.text();
    pair.reference = &before.fields[i];
    pair.current = &after.fields[i];
    pairs.push_back(std::move(pair));
  }
  CompareOptions options;
  options.picture = false;
  const std::vector<FieldResult> results = compare_fields(pairs, options);
  std::vector<Stable> stable;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (results[i].verdict != Verdict::Pass || results[i].tests.empty()) continue;
    const DriftTestResult& test = results[i].tests.front();
    stable.push_back({.path = pairs[i].path,
                      .evidence = std::string(test.test) + " " + figure(test.measured.effect) +
                                  " between the halves, " + figure(test.tolerance) + " is tolerated"});
  }
  return stable;
}

std::string drift_suggestion(const std::vector<Halves::Stable>& fields, const std::vector<std::string>& inputs,
                             const std::optional<std::string>& time) {
  if (fields.empty()) return "";
  std::string files;
  for (std::size_t i = 0; i < inputs.size() && i < 3; ++i) files += " " + shell_word(inputs[i]);
  if (inputs.size() > 3) files += " ...";
  std::string out =
      "\n# These fields were alike in the first and the second half of the records. To be told when they no longer "
      "are,\n"
      "# write down how they are distributed, and take the signs away:\n"
      "#   weir baseline" +
      files +
      " -o refs/baseline.json\n"
      "# drift:\n#   - fields:\n";
  for (const Halves::Stable& field : fields)
    out += with_comment("#       - " + json_quote(visible(field.path)), visible(field.evidence));
  if (time)
    out +=
        with_comment("#     every: 1h", "by " + visible(*time) + "; weir calibrate says how often it would be wrong");
  out += "#     reference: {file: refs/baseline.json}\n";
  return out;
}

}  // namespace weir
