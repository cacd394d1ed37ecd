// SPDX-License-Identifier: Apache-2.0
// The keys of a rule file, section by section, in the order in which people write them.
#include "rules/keys.h"

#include "rules/key_names.h"
#include "rules/source_keys.h"

namespace weir {
namespace {

constexpr KeySpec kMeta[] = {
    {.name = "owner", .shape = Shape::Text, .summary = "Who answers for this stream."},
    {.name = "description", .shape = Shape::Text, .summary = "What this stream is.", .synonyms = kDescriptionSynonyms},
    {.name = "tags", .shape = Shape::Texts, .summary = "Tags of every rule of this file."},
    {.name = "runbook",
     .shape = Shape::Text,
     .summary = "What to do when a rule fails; for rules without one of their own."},
};
constexpr Keys kMetaTable{.name = "`meta`", .keys = kMeta, .open = true};

constexpr KeySpec kDefaults[] = {
    {.name = "severity",
     .shape = Shape::Choice,
     .summary = "Severity of rules that give none.",
     .choices = kSeverities,
     .synonyms = kLevelSynonyms},
    {.name = "on_fail",
     .shape = Shape::Choice,
     .summary = "What becomes of failing records, for rules of the default severity.",
     .choices = kOnFail,
     .synonyms = kOnFailSynonyms},
    {.name = "nulls", .shape = Shape::Choice, .summary = "Whether a null is skipped or fails.", .choices = kNulls},
    {.name = "missing_values",
     .shape = Shape::Literals,
     .summary = "Values that stand for null in every field.",
     .synonyms = kMissingSynonyms},
};
constexpr Keys kDefaultsTable{.name = "`defaults`", .keys = kDefaults};

constexpr KeySpec kRedact[] = {
    {.name = "paths", .shape = Shape::Paths, .summary = "Fields whose values are shown nowhere.", .required = true},
    {.name = "how", .shape = Shape::Choice, .summary = "What is shown in their place.", .choices = kRedactions},
};
constexpr Keys kRedactTable{.name = "`redact`", .keys = kRedact};

constexpr KeySpec kOptions[] = {
    {.name = "id",
     .shape = Shape::Text,
     .summary = "The name of the rule in reports, metrics and headers.",
     .synonyms = kIdSynonyms},
    {.name = "description",
     .shape = Shape::Text,
     .summary = "Why the rule is there.",
     .synonyms = kDescriptionSynonyms},
    {.name = "enabled",
     .shape = Shape::Boolean,
     .summary = "`false` switches the rule off.",
     .synonyms = kEnabledSynonyms},
    {.name = "severity",
     .shape = Shape::Choice,
     .summary = "How bad a failure is.",
     .choices = kSeverities,
     .synonyms = kLevelSynonyms},
    {.name = "on_fail",
     .shape = Shape::Choice,
     .summary = "What becomes of a failing record.",
     .choices = kOnFail,
     .synonyms = kOnFailSynonyms},
    {.name = "nulls", .shape = Shape::Choice, .summary = "Whether a null is skipped or fails.", .choices = kNulls},
    {.name = "when",
     .shape = Shape::Text,
     .summary = "An expression: only records for which it holds are judged.",
     .synonyms = kWhenSynonyms},
    {.name = "tags", .shape = Shape::Texts, .summary = "Words to select rules by."},
    {.name = "runbook", .shape = Shape::Text, .summary = "What to do when the rule fails."},
};
constexpr Keys kOptionsTable{.name = "a rule", .keys = kOptions};

constexpr KeySpec kField[] = {
    {.name = "use",
     .shape = Shape::Texts,
     .summary = "Templates whose keys count here; own keys win.",
     .synonyms = kUseSynonyms},
    {.name = "missing_values",
     .shape = Shape::Literals,
     .summary = "Values that stand for null in this field.",
     .synonyms = kMissingSynonyms},
};
constexpr Keys kFieldTable{.name = "a field", .keys = kField};

constexpr KeySpec kSetFile[] = {
    {.name = "file",
     .shape = Shape::Text,
     .summary = "A CSV file, or a text file with one value a line; relative to the rule file.",
     .required = true},
    {.name = "column", .shape = Shape::Text, .summary = "The column of the CSV file; without it each line is a value."},
};
constexpr Keys kSetFileTable{.name = "a set", .keys = kSetFile};

constexpr KeySpec kWindowRule[] = {
    {.name = "must",
     .shape = Shape::Text,
     .summary = "What has to hold; broken it is an error.",
     .synonyms = kMustSynonyms},
    {.name = "should",
     .shape = Shape::Text,
     .summary = "What ought to hold; broken it is a warning.",
     .synonyms = kShouldSynonyms},
    {.name = "when",
     .shape = Shape::Text,
     .summary = "Only records for which it holds are counted.",
     .synonyms = kWhenSynonyms},
    {.name = "id", .shape = Shape::Text, .summary = "The name of the rule.", .synonyms = kIdSynonyms},
    {.name = "description",
     .shape = Shape::Text,
     .summary = "Why the rule is there.",
     .synonyms = kDescriptionSynonyms},
    {.name = "enabled",
     .shape = Shape::Boolean,
     .summary = "`false` switches the rule off.",
     .synonyms = kEnabledSynonyms},
    {.name = "on_empty",
     .shape = Shape::Choice,
     .summary = "The verdict on a window without records.",
     .choices = kOnEmpty},
    {.name = "tags", .shape = Shape::Texts, .summary = "Words to select rules by."},
    {.name = "runbook", .shape = Shape::Text, .summary = "What to do when the rule fails."},
};
constexpr Keys kWindowRuleTable{.name = "a window rule", .keys = kWindowRule};

constexpr KeySpec kWindow[] = {
    {.name = "every",
     .shape = Shape::Duration,
     .summary = "A window begins every so often; without it the whole input is one window."},
    {.name = "size", .shape = Shape::Duration, .summary = "The length of a window that slides by `every`."},
    {.name = "count", .shape = Shape::Count, .summary = "A window of so many records of a partition."},
    {.name = "session", .shape = Shape::Duration, .summary = "A window that ends after such a gap."},
    {.name = "max", .shape = Shape::Duration, .summary = "The longest that a session may be."},
    {.name = "lateness", .shape = Shape::Duration, .summary = "How long a window waits past its end."},
    {.name = "late",
     .shape = Shape::Choice,
     .summary = "What becomes of records that come later still.",
     .choices = kLate},
    {.name = "segment", .shape = Shape::Segments, .summary = "Fields by whose values windows are judged apart."},
    {.name = "max_segments", .shape = Shape::Count, .summary = "The most segments; the rest is judged as `__other__`."},
    {.name = "zone", .shape = Shape::Text, .summary = "The time zone in which days begin."},
    {.name = "over",
     .shape = Shape::Choice,
     .summary = "Which records count: all, or those that were accepted.",
     .choices = kOver},
    {.name = "on_empty",
     .shape = Shape::Choice,
     .summary = "The verdict on a window without records.",
     .choices = kOnEmpty},
    {.name = "rules",
     .shape = Shape::Sections,
     .summary = "What has to hold in each window.",
     .required = true,
     .table = &kWindowRuleTable},
};
constexpr Keys kWindowTable{.name = "a block of `windows`", .keys = kWindow};

constexpr KeySpec kReference[] = {
    {.name = "file", .shape = Shape::Text, .summary = "A baseline, or a file of records; relative to the rule file."},
    {.name = "previous", .shape = Shape::Count, .summary = "So many windows before this one; without `every`, runs."},
    {.name = "rolling", .shape = Shape::Duration, .summary = "The windows of so long a time before this one."},
    {.name = "same",
     .shape = Shape::Choices,
     .summary = "The same hour, day or week of the weeks before.",
     .choices = kCycles},
    {.name = "weeks", .shape = Shape::Count, .summary = "How many weeks `same` looks back."},
};
constexpr Keys kReferenceTable{.name = "`reference`", .keys = kReference};

constexpr KeySpec kDrift[] = {
    {.name = "fields", .shape = Shape::Paths, .summary = "The fields whose values are compared.", .required = true},
    {.name = "id",
     .shape = Shape::Text,
     .summary = "The name of the rule; `drift.<field>` without it.",
     .synonyms = kIdSynonyms},
    {.name = "every",
     .shape = Shape::Duration,
     .summary = "A comparison every so often; without it the whole input is compared once."},
    {.name = "lateness", .shape = Shape::Duration, .summary = "How long a window waits past its end."},
    {.name = "late",
     .shape = Shape::Choice,
     .summary = "What becomes of records that come later still.",
     .choices = kLate},
    {.name = "reference",
     .shape = Shape::Section,
     .summary = "What the values are compared with.",
     .required = true,
     .table = &kReferenceTable},
    {.name = "test",
     .shape = Shape::Choices,
     .summary = "How they are compared; `auto` goes by type and cardinality.",
     .choices = kDriftTests},
    {.name = "tolerance",
     .shape = Shape::Numbers,
     .summary = "The effect of each test that is still fine: `{ks: 0.05, null_share: 2%}`."},
    {.name = "alert_after", .shape = Shape::Vote, .summary = "How many windows have to drift: `2 of 3`."},
    {.name = "clear_after", .shape = Shape::Count, .summary = "How many clean windows end an alert."},
    {.name = "mode",
     .shape = Shape::Choice,
     .summary = "`windows`: each by itself; `sequential`: evidence adds up over windows.",
     .choices = kModes},
    {.name = "dependence",
     .shape = Shape::Choice,
     .summary = "How the fields of a window may depend on each other, for the false discovery rate.",
     .choices = kDependences},
    {.name = "segment", .shape = Shape::Segments, .summary = "Fields by whose values drift is judged apart."},
    {.name = "max_segments", .shape = Shape::Count, .summary = "The most segments; the rest is judged as `__other__`."},
    {.name = "over",
     .shape = Shape::Choice,
     .summary = "Which records count: those that were accepted, or all.",
     .choices = kOver},
    {.name = "on_empty",
     .shape = Shape::Choice,
     .summary = "The verdict on a window without records.",
     .choices = kOnEmpty},
    {.name = "severity",
     .shape = Shape::Choice,
     .summary = "How bad a drift is.",
     .choices = kSeverities,
     .synonyms = kLevelSynonyms},
    {.name = "when",
     .shape = Shape::Text,
     .summary = "Only records for which it holds are counted.",
     .synonyms = kWhenSynonyms},
    {.name = "description", .shape = Shape::Text, .summary = "Why it is watched.", .synonyms = kDescriptionSynonyms},
    {.name = "enabled", .shape = Shape::Boolean, .summary = "`false` switches it off.", .synonyms = kEnabledSynonyms},
    {.name = "tags", .shape = Shape::Texts, .summary = "Words to select rules by."},
    {.name = "runbook", .shape = Shape::Text, .summary = "What to do on drift."},
};
constexpr Keys kDriftTable{.name = "a block of `drift`", .keys = kDrift};

constexpr KeySpec kTest[] = {
    {.name = "name", .shape = Shape::Text, .summary = "What the test shows."},
    {.name = "pass", .shape = Shape::Anything, .summary = "A record that breaks no rule."},
    {.name = "fail", .shape = Shape::Texts, .summary = "The rules that `record` breaks, all of them."},
    {.name = "record",
     .shape = Shape::Anything,
     .summary = "The record for `fail`: a map, or the bytes of a record as a text."},
    {.name = "now", .shape = Shape::Time, .summary = "The time at which the record is judged."},
    {.name = "window", .shape = Shape::Text, .summary = "The window that is judged."},
    {.name = "records", .shape = Shape::Anything, .summary = "The records of the window."},
    {.name = "expect", .shape = Shape::Anything, .summary = "The verdicts of the window's rules."},
};
constexpr Keys kTestTable{.name = "a test", .keys = kTest};

constexpr KeySpec kTop[] = {
    {.name = "weir",
     .shape = Shape::Count,
     .summary = "The version of this format: 1.",
     .required = true,
     .synonyms = kVersionSynonyms},
    {.name = "source",
     .shape = Shape::Section,
     .summary = "Where the records come from and how they are written.",
     .table = &kSourceKeys},
    {.name = "meta",
     .shape = Shape::Section,
     .summary = "Who owns the stream; further keys are your own.",
     .table = &kMetaTable},
    {.name = "vars", .shape = Shape::Vars, .summary = "Values for `$name`.", .synonyms = kVarsSynonyms},
    {.name = "include",
     .shape = Shape::Texts,
     .summary = "Files with templates, sets and vars, relative to this one.",
     .synonyms = kIncludeSynonyms},
    {.name = "defaults",
     .shape = Shape::Section,
     .summary = "What rules do that do not say it.",
     .table = &kDefaultsTable},
    {.name = "sets", .shape = Shape::Sets, .summary = "Named lists of values, for `$name`."},
    {.name = "templates", .shape = Shape::Templates, .summary = "Named checks and options, for `use`."},
    {.name = "fields",
     .shape = Shape::Fields,
     .summary = "What has to hold for a field of each record.",
     .synonyms = kFieldsSynonyms},
    {.name = "extra_fields",
     .shape = Shape::Choice,
     .summary = "Whether a record may hold fields that no rule names.",
     .choices = kAllowWarnFail,
     .synonyms = kExtraSynonyms},
    {.name = "duplicate_keys",
     .shape = Shape::Choice,
     .summary = "Whether an object may hold a key twice; the last one wins.",
     .choices = kAllowWarnFail},
    {.name = "records",
     .shape = Shape::Records,
     .summary = "What has to hold across the fields of a record.",
     .synonyms = kRecordsSynonyms},
    {.name = "windows",
     .shape = Shape::Sections,
     .summary = "What has to hold for many records together.",
     .table = &kWindowTable,
     .synonyms = kWindowsSynonyms},
    {.name = "drift",
     .shape = Shape::Sections,
     .summary = "Fields whose distribution is compared with a reference.",
     .table = &kDriftTable},
    {.name = "tests",
     .shape = Shape::Sections,
     .summary = "Records with the verdicts that they should get, for `weir test`.",
     .table = &kTestTable},
    {.name = "redact",
     .shape = Shape::Section,
     .summary = "Fields whose values are shown nowhere.",
     .table = &kRedactTable},
};
constexpr Keys kTopTable{.name = "the rule file", .keys = kTop};

}  // namespace

const KeySpec* Keys::find(std::string_view key) const {
  for (const KeySpec& spec : keys) {
    if (spec.name == key) return &spec;
  }
  return nullptr;
}

std::vector<std::string_view> Keys::names() const {
  std::vector<std::string_view> out;
  for (const KeySpec& spec : keys) out.push_back(spec.name);
  return out;
}

const Keys& top_keys() {
  return kTopTable;
}
const Keys& option_keys() {
  return kOptionsTable;
}
const Keys& field_keys() {
  return kFieldTable;
}
const Keys& set_file_keys() {
  return kSetFileTable;
}
const Keys& window_keys() {
  return kWindowTable;
}
const Keys& window_rule_keys() {
  return kWindowRuleTable;
}
const Keys& drift_keys() {
  return kDriftTable;
}
const Keys& test_keys() {
  return kTestTable;
}

}  // namespace weir
