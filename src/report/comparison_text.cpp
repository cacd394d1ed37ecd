// SPDX-License-Identifier: Apache-2.0
// A comparison on a terminal: what moved, in words, worst first; what is fine in one line.
//
//   FAIL   amount     scaled by 100
//                     ks         0.62 > 0.05, p < 1e-300
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/escape.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "report/comparison.h"
#include "report/words.h"

namespace weir {
namespace {

constexpr std::size_t kNameMost = 32;
constexpr std::size_t kFindings = 4;
constexpr std::size_t kGathered = 4;  // more fields without data for one reason share a line
constexpr std::size_t kWidthLeast = 40;
constexpr std::size_t kWidthMost = 160;
constexpr std::size_t kLabel = 8;

class ComparisonText {
 public:
  ComparisonText(const ComparisonReport& comparison, const WriteOptions& options)
      : comparison_(comparison),
        options_(options),
        width_(std::clamp(static_cast<std::size_t>(std::max(0, options.width)), kWidthLeast, kWidthMost)) {
    for (const ComparedField& field : comparison.fields) {
      if (field.result.verdict == Verdict::NoData) without_data_[field.result.cause].push_back(visible(field.path));
    }
    for (const ComparedField& field : comparison.fields) {
      if (is_told(field) && !is_gathered(field))
        name_ = std::max(name_, std::min(kNameMost, display_width(visible(field.path))));
    }
  }

  std::string write() {
    side("reference", comparison_.reference);
    side("current", comparison_.current);
    out_ += '\n';
    for (const ComparedField* field : by_gravity(comparison_)) {
      if (is_told(*field) && !is_gathered(*field)) write_field(*field);
    }
    write_gathered();
    write_fine();
    for (const std::string& note : comparison_.notes) line("note: " + visible(note));
    return std::move(out_);
  }

 private:
  bool is_told(const ComparedField& field) const { return options_.all_rules || field.result.verdict != Verdict::Pass; }

  /// Many fields without data for the same reason are told in one line.
  bool is_gathered(const ComparedField& field) const {
    if (options_.all_rules || field.result.verdict != Verdict::NoData) return false;
    const auto found = without_data_.find(field.result.cause);
    return found != without_data_.end() && found->second.size() > kGathered;
  }

  void line(const std::string& text) {
    out_ += text;
    out_ += '\n';
  }

  std::string painted(std::string_view text, std::string_view code) const {
    if (!options_.color) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
  }

  std::string label(Verdict verdict) const {
    const std::string_view text = label_of(verdict);
    const std::string_view code = verdict == Verdict::Pass                                       ? "32"
                                  : verdict == Verdict::Warn || verdict == Verdict::Inconclusive ? "1;33"
                                  : verdict == Verdict::NoData                                   ? "2"
                                                                                                 : "1;31";
    return painted(text, code) + std::string(kLabel - text.size(), ' ');
  }

  void side(std::string_view what, const ComparedSide& side) {
    std::string text = std::string(what) + std::string(11 - what.size(), ' ') +
                       fit_end(visible(side.path), width_ / 2) + (side.baseline ? " (a baseline)" : "") + ": " +
                       counted(side.records, "record", "records");
    if (side.undecodable > 0) text += ", " + with_commas(side.undecodable) + " could not be read";
    if (side.from && side.to) text += ", " + format_timestamp(*side.from) + " to " + format_timestamp(*side.to);
    line(text);
  }

  /// Text in the third column, broken at blanks.
  void under(std::string_view text) {
    const std::size_t indent = kLabel + name_ + 2;
    const std::size_t room = width_ > indent + 20 ? width_ - indent : 20;
    std::string rest = visible(text);
    while (!rest.empty()) {
      std::size_t cut = rest.size();
      if (display_width(rest) > room) {
        cut = rest.rfind(' ', room);
        if (cut == std::string::npos || cut == 0) cut = rest.find(' ', room);
        if (cut == std::string::npos) cut = rest.size();
      }
      const std::string part = rest.substr(0, cut);
      if (!at_name_) out_ += std::string(indent, ' ');
      at_name_ = false;
      line(part);
      rest = cut < rest.size() ? rest.substr(cut + 1) : "";
    }
  }

  void write_field(const ComparedField& field) {
    const std::string name = fit(visible(field.path), kNameMost);
    out_ += label(field.result.verdict) + name + std::string(name_ - std::min(name_, display_width(name)) + 2, ' ');
    at_name_ = true;
    const FieldResult& result = field.result;
    const bool moved = result.verdict == Verdict::Fail || result.verdict == Verdict::Warn;
    if (!moved && !result.cause.empty()) under(result.cause);
    std::size_t shown = 0;
    for (const DriftFinding& finding : result.findings) {
      if (shown++ == kFindings || !moved) break;
      under(finding.text);
    }
    for (const DriftTestResult& test : result.tests) {
      if (options_.all_rules || test.outcome != Verdict::Pass) under(in_words(test));
    }
    if (at_name_) under(moved ? headline_of(field) : "as before");
  }

  static std::string in_words(const DriftTestResult& test) {
    const DriftMeasured& measured = test.measured;
    const std::string cause = test.cause.empty() ? measured.cause : test.cause;
    if (measured.kind != DriftMeasured::Kind::Value) return std::string(test.test) + ": " + cause;
    std::string text = std::string(test.test) + " " + figure(measured.effect) +
                       (measured.effect > test.tolerance ? " > " : " <= ") + figure(test.tolerance);
    if (const std::string p = p_of(test); !p.empty()) text += ", " + p;
    if (!cause.empty()) text += " (" + cause + ")";
    return text;
  }

  void write_gathered() {
    for (const auto& [cause, paths] : without_data_) {
      if (options_.all_rules || paths.size() <= kGathered) continue;
      std::string names;
      for (const std::string& path : paths) names += (names.empty() ? "" : ", ") + path;
      const std::string begin = counted(paths.size(), "field", "fields") + " (" + visible(cause) + "): ";
      const std::size_t taken = kLabel + display_width(begin);
      line(label(Verdict::NoData) + begin + fit(names, width_ > taken + 20 ? width_ - taken : 20));
    }
  }

  void write_fine() {
    if (options_.all_rules) return;
    std::string names;
    std::uint64_t fine = 0;
    for (const ComparedField& field : comparison_.fields) {
      if (is_told(field)) continue;
      ++fine;
      names += (names.empty() ? "" : ", ") + visible(field.path);
    }
    if (fine == 0) return;
    const std::string begin = counted(fine, "field is", "fields are") + " as before: ";
    line(label(Verdict::Pass) + begin + fit(names, std::max<std::size_t>(20, width_ - kLabel - begin.size())));
  }

  const ComparisonReport& comparison_;
  const WriteOptions& options_;
  std::size_t width_;
  std::map<std::string, std::vector<std::string>> without_data_;  // by cause: fields
  std::size_t name_ = 0;
  bool at_name_ = false;
  std::string out_;
};

}  // namespace

std::string write_text(const ComparisonReport& comparison, const WriteOptions& options) {
  return ComparisonText(comparison, options).write();
}

}  // namespace weir
