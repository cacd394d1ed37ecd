// SPDX-License-Identifier: Apache-2.0
// Numbers are rounded in one direction only: a share that is not nothing is never shown as nothing.
#include "report/words.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/text.h"
#include "report/windows.h"

namespace weir {

namespace {

int gravity(Verdict verdict) {
  switch (verdict) {
    case Verdict::Error: return 0;
    case Verdict::Fail: return 1;
    case Verdict::Warn: return 2;
    case Verdict::Inconclusive: return 3;
    case Verdict::NoData: return 4;
    case Verdict::Pass: return 5;
  }
  return 5;
}

std::string fixed(double number, int digits) {
  char text[64];
  const int size = std::snprintf(text, sizeof text, "%.*f", digits, number);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

std::string_view label_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Pass: return "PASS";
    case Verdict::Warn: return "WARN";
    case Verdict::Fail: return "FAIL";
    case Verdict::NoData: return "SKIP";
    case Verdict::Inconclusive: return "UNSURE";
    case Verdict::Error: return "ERROR";
  }
  return "ERROR";
}

std::vector<const RuleReport*> by_gravity(const Report& report) {
  std::vector<const RuleReport*> rules;
  rules.reserve(report.rules.size());
  for (const RuleReport& rule : report.rules) rules.push_back(&rule);
  std::stable_sort(rules.begin(), rules.end(),
                   [](const RuleReport* a, const RuleReport* b) { return gravity(a->outcome) < gravity(b->outcome); });
  return rules;
}

std::string share_of(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "";
  if (part == 0) return "0%";
  if (part >= whole) return "100%";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (percent < 0.01) return "<0.01%";
  if (percent > 99.9) return ">99.9%";
  return fixed(percent, percent < 10 ? 2 : 1) + "%";
}

std::string failed_of(const RuleReport& rule) {
  if (rule.outcome == Verdict::Error) return "not judged";
  if (rule.windows && rule.windows->only) return only_of(*rule.windows->only);
  if (rule.counts.evaluated == 0) return "no data";
  if (rule.outcome == Verdict::Inconclusive && rule.windows) {
    return with_commas(rule.windows->inconclusive) + " of " + with_commas(rule.counts.evaluated) + " unsure";
  }
  const std::string failed = with_commas(rule.counts.failed) + " of " + with_commas(rule.counts.evaluated);
  return rule.windows ? failed + " " + std::string(unit_of(rule, rule.counts.evaluated)) : failed;
}

std::string failed_share_of(const RuleReport& rule) {
  const bool one_number = rule.windows && rule.windows->only;
  const bool unknown = rule.outcome == Verdict::Error || rule.outcome == Verdict::Inconclusive;
  return unknown || one_number ? "" : share_of(rule.counts.failed, rule.counts.evaluated);
}

std::string_view unit_of(const RuleReport& rule, std::uint64_t n) {
  if (!rule.windows) return n == 1 ? "record" : "records";
  if (rule.windows->whole) return n == 1 ? "segment" : "segments";
  return n == 1 ? "window" : "windows";
}

std::string counted(std::uint64_t n, std::string_view one, std::string_view many) {
  return with_commas(n) + " " + std::string(n == 1 ? one : many);
}

std::vector<std::string> envelope_words(const EnvelopeCounts& counts) {
  std::vector<std::string> out;
  const auto are = [](std::uint64_t n, std::string_view one, std::string_view many) {
    return counted(n, "record is ", "records are ") + std::string(n == 1 ? one : many);
  };
  if (const std::uint64_t n = counts.in(Wrapping::Debezium); n > 0) {
    std::string kinds;
    const auto kind = [&kinds](std::uint64_t count, std::string_view one, std::string_view many) {
      if (count > 0) kinds += (kinds.empty() ? " (" : ", ") + counted(count, one, many);
    };
    kind(counts.removals, "deletion", "deletions");
    kind(counts.snapshots, "snapshot read", "snapshot reads");
    out.push_back(are(n, "a Debezium change event", "Debezium change events") + kinds + (kinds.empty() ? "" : ")") +
                  ": rules name the fields of the row");
  }
  if (const std::uint64_t n = counts.in(Wrapping::CloudEvents); n > 0)
    out.push_back(are(n, "a CloudEvent", "CloudEvents") + ": rules read `data`, attributes are `ce.NAME`");
  if (const std::uint64_t n = counts.in(Wrapping::Connect); n > 0)
    out.push_back(are(n, "a Kafka Connect message with its schema", "Kafka Connect messages with their schema") +
                  ": rules read `payload`");
  if (counts.notices > 0)
    out.push_back(counted(counts.notices, "record tells", "records tell") +
                  " of no row (tombstones, and what a connector says beside its rows)");
  return out;
}

std::string spent(double seconds) {
  if (!(seconds >= 0)) return "0 s";
  if (seconds < 60) return fixed(seconds, seconds < 10 ? 2 : 1) + " s";
  const double whole = std::min(std::floor(seconds), 1e15);
  const auto minutes = static_cast<std::uint64_t>(whole) / 60;
  return with_commas(minutes) + " min " + std::to_string(static_cast<std::uint64_t>(whole) % 60) + " s";
}

std::string name_of(const InputReport& input) {
  return input.path == "-" ? "standard input" : input.path;
}

std::string fault_of(const InputReport& input) {
  const bool named = input.error.find(name_of(input)) != std::string::npos;
  return named ? input.error : name_of(input) + ": " + input.error;
}

std::string place_of(const Report& report, const Sample& sample) {
  const bool several = report.inputs.size() > 1 && sample.input < report.inputs.size();
  if (sample.line == 0) {
    const std::string offset = "offset " + std::to_string(sample.offset);
    return several ? name_of(report.inputs[sample.input]) + " " + offset : offset;
  }
  if (sample.input < report.inputs.size() && report.inputs[sample.input].by_number) {
    const std::string number = "record " + std::to_string(sample.line);
    return several ? name_of(report.inputs[sample.input]) + " " + number : number;
  }
  if (several) return name_of(report.inputs[sample.input]) + ":" + std::to_string(sample.line);
  return "line " + std::to_string(sample.line);
}

std::string place_of(const SourceSpan& where) {
  if (where.line == 0) return "";
  std::string place = where.file + ":" + std::to_string(where.line);
  if (where.column > 0) place += ":" + std::to_string(where.column);
  return place;
}

std::string evidence_of(const Sample& sample) {
  if (sample.value.empty() || sample.reason.find(sample.value) != std::string::npos) return sample.reason;
  return sample.reason + " (" + sample.value + ")";
}

std::size_t samples_of(const RuleReport& rule) {
  return rule.windows ? rule.windows->samples.size() : rule.samples.size();
}

std::uint64_t unshown_of(const RuleReport& rule, std::size_t shown) {
  std::uint64_t seen = shown;
  if (rule.windows) {
    seen = 0;
    for (std::size_t i = 0; i < shown; ++i) seen += std::max<std::uint64_t>(rule.windows->samples[i].windows, 1);
  }
  return rule.counts.failed > seen ? rule.counts.failed - seen : 0;
}

Evidence evidence_of(const Report& report, const RuleReport& rule, std::size_t sample) {
  if (!rule.windows) return {place_of(report, rule.samples[sample]), evidence_of(rule.samples[sample])};
  const WindowVerdict& verdict = rule.windows->samples[sample];
  return {place_of(verdict, rule.windows->whole), evidence_of(verdict, rule.info.expected)};
}

std::uint64_t records_of(const Report& report) {
  std::uint64_t records = 0;
  for (const InputReport& input : report.inputs) records += input.stream.empty() ? input.records : 0;
  return records;
}

std::uint64_t bytes_of(const Report& report) {
  std::uint64_t bytes = 0;
  for (const InputReport& input : report.inputs) bytes += input.bytes;
  return bytes;
}

std::vector<std::string> notices_of(const Report& report) {
  std::vector<std::string> notices;
  for (const InputReport& input : report.inputs) {
    if (!input.error.empty()) notices.push_back(fault_of(input));
  }
  notices.insert(notices.end(), report.faults.begin(), report.faults.end());
  if (records_of(report) == 0) notices.emplace_back("there were no records to judge");
  if (report.halted) notices.emplace_back("a rule with `on_fail: halt` failed, so the rest was not judged");
  if (report.not_judged > 0) {
    notices.push_back(counted(report.not_judged, "rule was", "rules were") +
                      " read but cannot be judged by this version");
  }
  notices.insert(notices.end(), report.warnings.begin(), report.warnings.end());
  return notices;
}

std::string headline_of(const RuleReport& rule) {
  if (rule.outcome == Verdict::Error) return "could not be judged: " + rule.error;
  if (rule.windows && rule.windows->only) return evidence_of(*rule.windows->only);
  if (rule.counts.evaluated == 0) return "no " + std::string(unit_of(rule, 1)) + " to judge";
  const std::string expected = rule.info.expected.empty() ? "" : ", expected " + rule.info.expected;
  const std::string judged =
      with_commas(rule.counts.evaluated) + " " + std::string(unit_of(rule, rule.counts.evaluated));
  if (rule.outcome == Verdict::Inconclusive) {
    const std::uint64_t unsure = rule.windows ? rule.windows->inconclusive : rule.counts.evaluated;
    return with_commas(unsure) + " of " + judged + " cannot be told within the error of the answer" + expected;
  }
  const bool one = rule.counts.evaluated == 1;
  if (rule.counts.failed == 0) return judged + (one ? " holds" : " hold") + expected;
  return with_commas(rule.counts.failed) + " of " + judged + (one ? " fails" : " fail") + expected;
}

}  // namespace weir
