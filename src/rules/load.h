// SPDX-License-Identifier: Apache-2.0
// From a rule file to a Plan. Everything that is wrong with it is found in one go, sorted by place.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/plan.h"
#include "weir/result.h"
#include "weir/spec.h"

namespace weir {

enum class DiagnosticLevel : unsigned char { Error, Warning };

struct Diagnostic {
  DiagnosticLevel level = DiagnosticLevel::Error;
  Error error;  // code, message, place, label, help
};

/// Reads a file named by the rule file (an include, a set) or the rule file itself; the core opens nothing by itself.
using ReadFile = std::function<Result<std::string>(const std::string& path)>;

/// What shall be known of a file of records that a drift rule compares with.
struct ProfileRequest {
  std::string path;
  Format format = Format::Auto;                    // of the rule file's source
  PayloadForm payload;                             // the same
  FieldTable fields;                               // read as the rules read them
  std::vector<FieldType> declared;                 // by column
  std::vector<std::vector<std::string>> together;  // fields to be known together, by their paths
};
/// Gives the cells of each field and no raw values. The core opens nothing by itself.
using ProfileRecords = std::function<Result<Baseline>(const ProfileRequest& request)>;

struct LoadOptions {
  std::map<std::string, std::string> vars;                                    // --var k=v
  std::function<std::optional<std::string>(const std::string&)> environment;  // for $env:NAME
  ReadFile read_file;
  std::shared_ptr<SchemaBook> schemas = {};  // what a registry tells goes there; empty: a book of the plan's own
  bool drift_at_once = false;          // drift rules with a file compare the whole input once, whatever their `every`
  ProfileRecords profile_records;      // empty: drift rules compare with baselines and windows only
  bool read_references = true;         // false: files that drift rules compare with are left alone
  ReadFile read_zone;                  // the TZif file of a time zone by its name; empty: UTC and offsets only
  std::vector<std::string> redact;     // --redact: more field paths whose values are shown nowhere
  std::optional<Redaction> redaction;  // how, whatever the rule file says
  std::function<bool(const RuleInfo&)> keep;  // --select: rules for which it says no are left out; empty keeps all
};

/// What a window rule is to come to over all windows of a test.
struct ExpectedVerdict {
  std::string written;  // how the test names the rule
  std::string rule;     // its id
  Verdict verdict = Verdict::Pass;
};

/// One case of the file's `tests:`; `weir test` runs it through the engine.
struct RuleTest {
  enum class Expect : unsigned char { Pass, Fail, Window };
  Expect expect = Expect::Pass;
  std::vector<std::string> failing;     // exact set of rule ids that must fail
  std::string record;                   // JSON
  std::vector<std::string> records;     // of a window, JSON
  std::string file;                     // or the file that holds them, as the rule file's reader opens it
  std::vector<ExpectedVerdict> wanted;  // of window rules
  bool at_once = false;                 // they are drift rules with a file: see LoadOptions::drift_at_once
  std::optional<Instant> now;
  SourceSpan where;
  std::string name;
};

/// A rule that is read and understood, and that a later version judges.
struct LaterRule {
  std::string id;
  RuleKind kind = RuleKind::Window;
  std::string text;  // "row_count >= 100"
  SourceSpan where;
};

/// The conditions of a window rule as they were written, on one line; empty where there is none.
struct WrittenConditions {
  std::string must;
  std::string should;
  std::string reference = {};  // of what is compared with a file: SHA-256 of what is known there of its fields
};

struct Loaded {
  std::shared_ptr<const Plan> plan;  // null when there is an error among the diagnostics
  std::vector<Diagnostic> diagnostics;
  std::vector<RuleTest> tests;
  std::map<std::string, std::string> sources;  // file name -> text, for carets
  std::vector<Params> written;                 // by index of Plan::rules: the parameters of each rule
  std::vector<WrittenConditions> conditions;   // by index of Plan::window_rules
  std::vector<LaterRule> later;                // what Plan::not_judged counts
  std::string topic;                           // `source.topic`, or empty
  SourceSpan topic_where;
};

/// Loads `path`. Never throws; a hostile file costs less than a second and 100 MB.
Loaded load_rules(const std::string& path, const LoadOptions& options);

/// All diagnostics with source line and caret, as the terminal shows them; `color` adds ANSI colours.
std::string render(const std::vector<Diagnostic>& diagnostics, const std::map<std::string, std::string>& sources,
                   bool color);

/// Every kind of record check, `expr` among them, in the order of the reference.
std::span<const CheckSpec* const> check_specs();

}  // namespace weir
