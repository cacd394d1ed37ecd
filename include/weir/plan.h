// SPDX-License-Identifier: Apache-2.0
// The compiled, immutable rule set: built once from a rule file, shared by all threads, swapped between batches on reload.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/batch.h"
#include "weir/check.h"
#include "weir/drift.h"
#include "weir/fields.h"
#include "weir/rule.h"
#include "weir/schemas.h"
#include "weir/window.h"

namespace weir {

enum class Format : std::uint8_t { Auto, Json, JsonArray, JsonStream, Csv, Tsv, Avro, Protobuf, Parquet };

/// Whether a schema's id stands in front of payloads: `source.framing`. Auto: where a message begins like one and its key is
/// one that the registry knows; JSON text never does.
enum class WireForm : std::uint8_t { Auto, Registry, None };

/// What keys are written in: `source.key_format`. Auto: text, or what the schema says that a key names; JSON where a rule looks
/// into it.
enum class KeyFormat : std::uint8_t { Auto, Text, Json, Avro, Protobuf };

/// What stands in payloads and keys, beyond their format.
struct PayloadForm {
  Wrapping wrapping = Wrapping::Auto;
  WireForm framing = WireForm::Auto;
  KeyFormat key_format = KeyFormat::Auto;
  /// `source.schema`: of records that name none; of others the schema that they are resolved to (Avro).
  std::shared_ptr<const SchemaText> schema;
  std::shared_ptr<const SchemaText> key_schema;  // `source.key_schema`
  std::string message;                           // `source.message`: the Protobuf type
  bool quarantine_unknown = false;  // `source.unknown_schema: quarantine`; else the partition waits for the registry
  std::shared_ptr<SchemaBook> schemas = std::make_shared<SchemaBook>();
};

/// How a redacted value is shown.
enum class Redaction : std::uint8_t { Mask, Hash, Drop };

/// A rule about single records, ready to run.
struct RecordRule {
  RuleInfo info;
  std::vector<std::uint32_t> columns;       // what Subject::columns shows to the check
  std::unique_ptr<const Check> check;       // null for the rules that the engine itself judges (Plan::decode_rule …)
  std::unique_ptr<const Predicate> when;    // null: every record
  std::vector<std::uint32_t> when_columns;  // what Subject::columns shows to `when`
  bool sees_nulls = false;                  // the check judges null and absent elements itself
  bool nulls_fail = false;                  // a null is a failure (`nulls: fail`), not a skip
  bool ordered = false;                     // check->remember() gives a memory: judged record after record
  std::string fingerprint;                  // of what it means: its check, parameters, fields, `when`
};

/// What becomes of a record whose event time cannot be read: `source.time_error`.
enum class TimeError : std::uint8_t { Quarantine, UseRecordTime, Drop };

/// When a record happened, for windows: `source.time` and what goes with it.
struct EventTime {
  static constexpr std::int32_t kNone = -1;
  std::int32_t column = kNone;             // kNone: the time of the message; records of a file have none
  std::string zone;                        // of times that name none; empty: UTC
  std::shared_ptr<const Zone> zone_rules;  // null: UTC
  TimeError on_error = TimeError::Quarantine;
  Duration out_of_order = std::chrono::seconds(10);
  Duration max_future = std::chrono::minutes(5);
  Duration idle_after = std::chrono::seconds(60);  // a partition of a topic that is silent for so long is idle
};

struct Plan {
  static constexpr std::uint32_t kNoRule = ~std::uint32_t{0};

  FieldTable fields;
  std::vector<RecordRule> rules;  // rules[decode_rule] is always there
  std::uint32_t decode_rule = 0;
  std::uint32_t extra_fields_rule = kNoRule;    // `extra_fields: warn | fail`
  std::uint32_t duplicate_keys_rule = kNoRule;  // `duplicate_keys: warn | fail`
  std::uint32_t time_rule = kNoRule;  // built in: the event time can be read (only with time_error: quarantine)
  std::uint32_t late_rule = kNoRule;  // built in: no record comes after its windows (only with late: quarantine)
  std::vector<WindowBlock> windows;
  std::vector<WindowRule> window_rules;  // in written order, block by block
  std::vector<DriftRule> drift_rules;    // what those of the window rules compare that are about drift
  EventTime time;
  bool note_fields = false;      // a measure wants every field seen (Batch::seen_fields)
  Format format = Format::Auto;  // `source.format`
  PayloadForm payload;
  std::uint32_t record_max_bytes = 1U << 20;  // longer records are undecodable: too_large
  std::uint32_t max_depth = 64;               // deeper records are undecodable: too_deep
  Redaction redaction = Redaction::Mask;
  std::string ruleset;           // sha256 of the meaning, hex
  std::uint32_t not_judged = 0;  // rules that were read and understood but that this version does not judge
};

}  // namespace weir
