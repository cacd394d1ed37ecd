// SPDX-License-Identifier: Apache-2.0
// From the YAML of a rule file to its RuleSet. One file a part of the rule file; they share a RuleReading.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/bundle.h"
#include "rules/findings.h"
#include "rules/rule_set.h"
#include "rules/section.h"
#include "rules/sets.h"
#include "rules/zones.h"

namespace weir {

/// Hands out ids and tells when one is given twice.
class RuleIds {
 public:
  explicit RuleIds(Findings& findings) : findings_(findings) {}
  /// `base`, or `base#2` for the second of that name.
  std::string automatic(const std::string& base, const SourceSpan& where);
  /// An id that stands in the file.
  std::string given(const std::string& id, const SourceSpan& where);
  [[nodiscard]] bool knows(const std::string& id) const { return places_.contains(id); }
  [[nodiscard]] std::vector<std::string_view> all() const;

 private:
  Findings& findings_;
  std::unordered_map<std::string, SourceSpan> places_;
  std::unordered_map<std::string, std::size_t> repeats_;
};

/// What the rules of a file share.
struct Defaults {
  Severity severity = Severity::Error;
  std::optional<OnFail> on_fail;  // for rules of the default severity
  bool nulls_fail = false;
  std::vector<std::string> tags;  // of `meta`
  std::string runbook;

  [[nodiscard]] OnFail on_fail_of(Severity of) const {
    if (on_fail && of == severity) return *on_fail;
    return of == Severity::Error ? OnFail::Quarantine : OnFail::Count;
  }
};

struct RuleReading {
  Bundle& bundle;
  Findings& findings;
  SetReader sets;
  ZoneReader zones;
  RuleIds ids;
  Defaults defaults;
  RuleSet out;
  bool drift_at_once = false;  // see LoadOptions
};

RuleSet read_rule_set(Bundle& bundle, const LoadOptions& options, Findings& findings);

using Members = std::vector<YamlNode::Member>;

void read_settings(RuleReading& reading, const Section& top);      // read_settings.cpp
void read_fields(RuleReading& reading, const YamlNode& fields);    // read_fields.cpp
void read_records(RuleReading& reading, const YamlNode& records);  // read_records.cpp
void read_windows(RuleReading& reading, const YamlNode& windows);  // read_windows.cpp
void read_drift(RuleReading& reading, const YamlNode& drift);      // read_drift.cpp
/// Behind both: whether their windows know when a record happened, and the id of the rule about it.
void note_times(RuleReading& reading);
void read_tests(RuleReading& reading, const YamlNode& tests);  // read_tests.cpp
/// Fills a test of a window; false when something is wrong with it, which is told.
bool read_window_test(RuleReading& reading, const Section& test, const YamlNode& node, RuleTest& out);
/// A map is the record; a text is its bytes, so that undecodable ones can be tested.
[[nodiscard]] std::string record_json(const YamlNode& node);

// rule_body.cpp: what maps under `fields`, `templates` and `records` have in common
/// The members of a map with those of its templates; own keys win, then later templates.
Members with_templates(RuleReading& reading, const YamlNode& map);
/// Judges every template by itself, so that one that nobody uses is judged too.
void check_templates(RuleReading& reading);
RuleOptions read_options(RuleReading& reading, const Members& members);
/// The spec of a check, or null and told; `place` is what it stands in.
const CheckSpec* find_check(RuleReading& reading, const YamlNode& key, bool on_field, const std::string& place);
[[nodiscard]] bool is_option(std::string_view key, bool on_field);

/// The text on one line, blanks joined.
[[nodiscard]] std::string one_line(std::string_view text);

/// JSON of a YAML value: plain scalars as YAML's core schema types them.
[[nodiscard]] std::string to_json(const YamlNode& node);

/// Finds a check by its name, in constant time.
[[nodiscard]] const CheckSpec* check_named(std::string_view name);

}  // namespace weir
