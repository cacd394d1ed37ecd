// SPDX-License-Identifier: Apache-2.0
// What was written, typed: the rule file after names are resolved, templates applied and values read, before anything is
// compiled. Nodes point into the Bundle that it was read from.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rules/load.h"
#include "rules/yaml.h"
#include "weir/drift.h"
#include "weir/fields.h"
#include "weir/outcome.h"
#include "weir/plan.h"
#include "weir/spec.h"
#include "weir/window.h"

namespace weir {

/// What a rule takes beside its check, with defaults filled in.
struct RuleOptions {
  std::string id;  // empty when not written
  const YamlNode* id_at = nullptr;
  std::string description;
  bool enabled = true;
  Severity severity = Severity::Error;
  OnFail on_fail = OnFail::Quarantine;
  bool nulls_fail = false;
  const YamlNode* nulls_at = nullptr;  // where the rule itself says `nulls`
  const YamlNode* when = nullptr;
  std::vector<std::string> tags;
  std::string runbook;
};

/// One check of one field or record.
struct WrittenRule {
  std::string id;
  RuleOptions options;
  const CheckSpec* spec = nullptr;
  const YamlNode* value = nullptr;  // what stands behind the name of the check
  std::optional<FieldPath> field;   // of rules under `fields`
  std::vector<FieldPath> columns;   // what the check sees, in order
  Params params;
  SourceSpan where;  // what reports point at
};

struct WrittenField {
  FieldPath path;
  FieldType type = FieldType::Any;
  bool numbers = false;  // its checks are about numbers: so is a CSV cell
  std::vector<std::string> missing_values;
};

/// `extra_fields` and `duplicate_keys`.
struct WholeRecordRule {
  Severity severity = Severity::Error;
  OnFail on_fail = OnFail::Quarantine;
  std::vector<std::string> tags;
  std::string runbook;
  SourceSpan where;
};

struct WrittenSegment {
  FieldPath path;
  std::vector<std::string> listed;
  SourceSpan where;
};

/// A block of `windows`; the columns of its segments are known when it is compiled.
struct WrittenBlock {
  WindowBlock block;
  std::vector<WrittenSegment> segment;
  SourceSpan where;
  bool drift = false;  // of `drift`, shared by all of its entries that compare at the same time
};

/// One rule of such a block.
struct WrittenWindowRule {
  RuleInfo info;  // what has to hold is known when it is compiled
  bool enabled = true;
  std::uint32_t block = 0;
  const YamlNode* must = nullptr;
  const YamlNode* should = nullptr;
  const YamlNode* when = nullptr;
  OnEmpty on_empty = OnEmpty::Pass;
  std::int32_t drift = -1;  // index into RuleSet::drift: it has no conditions
};

/// What one rule under `drift` compares, how, and with what.
struct WrittenDrift {
  std::size_t entry = 0;  // of the list under `drift`
  std::vector<FieldPath> paths;
  std::vector<SourceSpan> places;       // by path: where it is named
  DriftRule rule;                       // but for columns, declared types, and what is read from the reference's file
  std::vector<SourceSpan> test_places;  // by index of rule.tests
  std::string file;                     // as it is opened; empty: windows before
  SourceSpan file_where;
};

/// A file that the rule file names, as it is opened; empty: none.
struct NamedFile {
  std::string path;
  SourceSpan where;
};

struct RuleSet {
  Format format = Format::Auto;
  PayloadForm payload;  // but for the schemas
  NamedFile schema_file;
  SourceSpan message_where;  // of `source.message`
  NamedFile key_schema_file;
  std::optional<FieldPath> key;  // `source.key`
  bool on_topic = false;         // `source.topic`
  std::string topic;             // what it says
  SourceSpan topic_where;
  std::vector<WrittenField> fields;  // in written order
  std::vector<WrittenRule> rules;    // in written order
  std::size_t field_rules = 0;       // so many of them stand under `fields`
  std::optional<WholeRecordRule> extra_fields;
  std::optional<WholeRecordRule> duplicate_keys;
  std::vector<WrittenBlock> windows;
  std::vector<WrittenWindowRule> window_rules;  // block by block
  std::vector<WrittenDrift> drift;
  EventTime time;                      // but for its column
  std::optional<FieldPath> time_path;  // `source.time`
  SourceSpan time_where;
  std::vector<LaterRule> later;
  std::vector<RuleTest> tests;
  std::vector<FieldPath> redacted;
  Redaction redaction = Redaction::Mask;
  std::vector<std::string> missing_values;  // of `defaults`
};

}  // namespace weir
