// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0: a rule that failed is one result, at the records that broke it; the line of the rule file is related to it.
// The fingerprint holds neither lines nor counts, so that a code scanning service sees the same finding tomorrow.
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/escape.h"
#include "base/json_writer.h"
#include "report/report.h"
#include "report/words.h"

namespace weir {

namespace {

constexpr std::size_t kLocationsMax = 10;  // records named for one rule
constexpr std::size_t kTextMax = 500;      // code points of one sentence

/// FNV-1a, 64 bits: any stable hash will do, this one takes three lines.
std::string fingerprint(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4) out += kHex[(hash >> shift) & 15U];
  return out;
}

/// Whether a runbook may stand where the format asks for a URI.
bool is_web_address(std::string_view text) {
  if (!text.starts_with("https://") && !text.starts_with("http://")) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7F && std::string_view("<>\"{}|\\^`").find(c) == std::string_view::npos;
  });
}

class SarifReport {
 public:
  explicit SarifReport(const Report& report) : report_(report) {}

  std::string write() {
    json_.begin_object();
    json_.field("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_.field("version", "2.1.0");
    json_.key("runs").begin_array().begin_object();
    write_tool();
    write_invocation();
    json_.field("columnKind", "unicodeCodePoints");
    json_.key("results").begin_array();
    for (const RuleReport* rule : by_gravity(report_)) {
      if (is_broken(*rule)) write_result(*rule);
    }
    json_.end_array();
    json_.end_object().end_array().end_object();
    return json_.take() + "\n";
  }

 private:
  void write_text(std::string_view key, std::string_view text) {
    json_.key(key).begin_object();
    json_.field("text", visible(text, kTextMax));
    json_.end_object();
  }

  void write_tool() {
    json_.key("tool").begin_object().key("driver").begin_object();
    json_.field("name", "weir");
    json_.field("version", report_.version);
    json_.field("semanticVersion", report_.version);
    json_.key("rules").begin_array();
    for (const RuleReport& rule : report_.rules) {
      if (index_.emplace(rule.info.id, index_.size()).second) write_rule(rule.info);
    }
    json_.end_array().end_object().end_object();
  }

  void write_rule(const RuleInfo& info) {
    const std::string subject = info.field.empty() ? info.id : info.field;
    const std::string must = info.expected.empty() ? subject : subject + ": expected " + info.expected;
    json_.begin_object();
    json_.field("id", info.id);
    write_text("shortDescription", must);
    write_text("fullDescription", info.description.empty() ? must : info.description);
    write_help(info, must);
    if (is_web_address(info.runbook)) json_.field("helpUri", info.runbook);
    json_.key("defaultConfiguration").begin_object();
    json_.field("level", info.severity == Severity::Error ? "error" : "warning");
    json_.end_object();
    write_tags(info.tags);
    json_.end_object();
  }

  void write_help(const RuleInfo& info, const std::string& must) {
    std::string help = visible(must, kTextMax);
    if (!info.description.empty()) help += "\n" + visible(info.description, kTextMax);
    if (!info.runbook.empty()) help += "\nRunbook: " + visible(info.runbook, kTextMax);
    json_.key("help").begin_object();
    json_.field("text", help);
    json_.end_object();
  }

  void write_tags(const std::vector<std::string>& tags) {
    if (tags.empty()) return;
    json_.key("properties").begin_object().key("tags").begin_array();
    for (auto tag = tags.begin(); tag != tags.end(); ++tag) {
      if (std::find(tags.begin(), tag, *tag) == tag) json_.value(*tag);  // the format wants them distinct
    }
    json_.end_array().end_object();
  }

  void write_invocation() {
    json_.key("invocations").begin_array().begin_object();
    json_.field("executionSuccessful", report_.verdict != Verdict::Error);
    json_.field("exitCode", report_.exit_code);
    json_.key("toolExecutionNotifications").begin_array();
    for (const RuleReport& rule : report_.rules) {
      if (rule.outcome == Verdict::Error) write_notification("error", rule.info.id + " " + headline_of(rule));
    }
    for (const std::string& notice : notices_of(report_)) {
      write_notification(report_.verdict == Verdict::Error ? "error" : "warning", notice);
    }
    json_.end_array().end_object().end_array();
  }

  void write_notification(std::string_view level, std::string_view text) {
    json_.begin_object();
    json_.field("level", level);
    write_text("message", text);
    json_.end_object();
  }

  void write_result(const RuleReport& rule) {
    json_.begin_object();
    json_.field("ruleId", rule.info.id);
    json_.field("ruleIndex", static_cast<std::uint64_t>(index_.at(rule.info.id)));
    json_.field("level", rule.outcome == Verdict::Fail ? "error" : "warning");
    write_text("message", message_of(rule));
    write_locations(rule);
    if (rule.info.where.line > 0) {
      json_.key("relatedLocations").begin_array();
      write_rule_place(rule.info.where, true);
      json_.end_array();
    }
    json_.key("partialFingerprints").begin_object();
    json_.field("weirRule/v1", fingerprint(report_.rules_file + '\n' + rule.info.id));
    json_.end_object();
    json_.field("occurrenceCount", rule.counts.failed);
    json_.key("properties").begin_object();
    json_.field("evaluated", rule.counts.evaluated);
    json_.field("failed", rule.counts.failed);
    json_.field("skipped", rule.counts.skipped);
    json_.end_object();
    json_.end_object();
  }

  std::string message_of(const RuleReport& rule) const {
    std::string message = headline_of(rule);
    if (samples_of(rule) > 0) {
      const auto& [place, reason] = evidence_of(report_, rule, 0);
      message += ". " + place + ": " + reason;
    }
    return message;
  }

  void write_locations(const RuleReport& rule) {
    json_.key("locations").begin_array();
    std::size_t written = 0;
    for (const Sample& sample : rule.samples) {
      const bool is_file = sample.input < report_.inputs.size() && report_.inputs[sample.input].path != "-";
      if (!is_file || written == kLocationsMax) continue;
      write_sample_place(sample);
      ++written;
    }
    // Standard input has no address: the rule is then the place to look at.
    if (written == 0 && rule.info.where.line > 0) write_rule_place(rule.info.where, false);
    json_.end_array();
  }

  void write_artifact(std::string_view path) {
    json_.key("artifactLocation").begin_object();
    json_.field("uri", uri_of_path(path));
    json_.end_object();
  }

  void write_sample_place(const Sample& sample) {
    json_.begin_object().key("physicalLocation").begin_object();
    write_artifact(report_.inputs[sample.input].path);
    json_.key("region").begin_object();
    if (sample.line > 0 && !report_.inputs[sample.input].by_number) {
      json_.field("startLine", sample.line);
    } else {
      json_.field("byteOffset", sample.offset);
    }
    json_.end_object().end_object();
    write_text("message", evidence_of(sample));
    json_.end_object();
  }

  void write_rule_place(const SourceSpan& where, bool named) {
    json_.begin_object().key("physicalLocation").begin_object();
    write_artifact(where.file);
    json_.key("region").begin_object();
    json_.field("startLine", where.line);
    if (where.column > 0) json_.field("startColumn", where.column);
    json_.end_object().end_object();
    if (named) {
      json_.field("id", 1);
      write_text("message", "the rule");
    }
    json_.end_object();
  }

  const Report& report_;
  JsonWriter json_{true};
  std::map<std::string, std::size_t> index_;
};

}  // namespace

std::string write_sarif(const Report& report, const WriteOptions&) {
  return SarifReport(report).write();
}

}  // namespace weir
