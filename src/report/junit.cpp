// SPDX-License-Identifier: Apache-2.0
// JUnit XML, in the elements and attributes that Jenkins, GitLab and GitHub's actions all take: the suite is the rule file,
// a case is a rule. A run that cannot be trusted has a case of its own that is in error, or every test would look green.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "base/escape.h"
#include "report/report.h"
#include "report/words.h"

namespace weir {

namespace {

constexpr std::size_t kLineMax = 500;  // code points of one reason

/// A case of the suite: a rule, or an input that could not be read.
struct Case {
  std::string name;
  std::string section;
  std::string body;  // elements, already escaped
};

class JunitReport {
 public:
  JunitReport(const Report& report, const WriteOptions& options) : report_(report), options_(options) {}

  std::string write() {
    for (const RuleReport& rule : report_.rules) add(rule);
    for (const InputReport& input : report_.inputs) {
      if (!input.error.empty()) add_error(name_of(input), "input", fault_of(input));
    }
    for (const std::string& fault : report_.faults) add_error("run", "input", fault);
    if (report_.verdict == Verdict::Error && records_of(report_) == 0)
      add_error("records", "input", "there were no records to judge");
    return document();
  }

 private:
  void add_error(const std::string& name, const std::string& section, const std::string& message) {
    ++errors_;
    cases_.push_back({name, section, element("error", "unjudged", message, "")});
  }

  void add(const RuleReport& rule) {
    std::string body;
    switch (rule.outcome) {
      case Verdict::Pass: break;
      case Verdict::Fail:
        ++failures_;
        body = element("failure", rule.info.check, headline_of(rule), evidence(rule));
        break;
      case Verdict::Warn: body = output("warning: " + headline_of(rule), evidence(rule)); break;
      case Verdict::Error:
        ++errors_;
        body = element("error", "unjudged", headline_of(rule), "");
        break;
      case Verdict::NoData: body = skipped(headline_of(rule)); break;
      case Verdict::Inconclusive: body = skipped("inconclusive: " + headline_of(rule)); break;
    }
    const bool named = !rule.info.field.empty();
    cases_.push_back({rule.info.id, named ? rule.info.field : rule.windows ? "windows" : "records", body});
  }

  static std::string element(const std::string& name, const std::string& type, const std::string& message,
                             const std::string& lines) {
    return "      <" + name + " message=\"" + escape_markup(message, kLineMax) + "\" type=\"" + escape_markup(type) +
           "\">" + lines + "</" + name + ">\n";
  }
  std::string skipped(const std::string& message) {
    ++skipped_;
    return "      <skipped message=\"" + escape_markup(message, kLineMax) + "\"/>\n";
  }
  static std::string output(const std::string& head, const std::string& lines) {
    return "      <system-out>" + escape_markup(head, kLineMax) + "\n" + lines + "</system-out>\n";
  }

  std::string evidence(const RuleReport& rule) const {
    std::string lines;
    const std::string place = place_of(rule.info.where);
    if (!place.empty()) lines += "rule: " + escape_markup(place) + "\n";
    if (!rule.info.description.empty()) lines += escape_markup(rule.info.description, kLineMax) + "\n";
    if (!rule.info.runbook.empty()) lines += "runbook: " + escape_markup(rule.info.runbook, kLineMax) + "\n";
    std::size_t shown = 0;
    for (; shown < std::min(samples_of(rule), options_.samples); ++shown) {
      const Evidence found = evidence_of(report_, rule, shown);
      lines += escape_markup(found.place) + ": " + escape_markup(found.reason, kLineMax) + "\n";
    }
    const std::uint64_t more = unshown_of(rule, shown);
    if (shown > 0 && more > 0) lines += "and " + counted(more, "more", "more") + "\n";
    return lines;
  }

  std::string totals() const {
    char time[64];
    std::snprintf(time, sizeof time, "%.3f", report_.seconds);
    return " tests=\"" + std::to_string(cases_.size()) + "\" failures=\"" + std::to_string(failures_) + "\" errors=\"" +
           std::to_string(errors_) + "\"" + " time=\"" + time + "\"";
  }

  std::string document() const {
    const std::string suite = report_.rules_file.empty() ? "weir" : report_.rules_file;
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    out += "<testsuites name=\"weir\"" + totals() + ">\n";
    out += "  <testsuite name=\"" + escape_markup(suite) + "\"" + totals() + " skipped=\"" + std::to_string(skipped_) +
           "\">\n";
    for (const Case& item : cases_) {
      out +=
          "    <testcase name=\"" + escape_markup(item.name) + "\" classname=\"" + escape_markup(item.section) + "\"";
      out += item.body.empty() ? "/>\n" : ">\n" + item.body + "    </testcase>\n";
    }
    std::string notes = decision_line(report_) + "\n";
    for (const std::string& notice : notices_of(report_)) notes += escape_markup(notice, kLineMax) + "\n";
    out += "    <system-out>" + notes + "</system-out>\n";
    return out + "  </testsuite>\n</testsuites>\n";
  }

  const Report& report_;
  const WriteOptions& options_;
  std::vector<Case> cases_;
  std::size_t failures_ = 0;
  std::size_t errors_ = 0;
  std::size_t skipped_ = 0;
};

}  // namespace

std::string write_junit(const Report& report, const WriteOptions& options) {
  return JunitReport(report, options).write();
}

}  // namespace weir
