// SPDX-License-Identifier: Apache-2.0
// The meaning of rules as text without two readings: every piece is written with its length before it, so that no value
// can look like the border of two.
#include <algorithm>
#include <bit>
#include <map>

#include "base/sha256.h"
#include "rules/compile.h"

namespace weir {
namespace {

void append(std::string& out, std::string_view piece) {
  out += std::to_string(piece.size());
  out += ':';
  out += piece;
}

void append(std::string& out, const Scalar& scalar) {
  out += scalar.plain ? 'p' : 'q';
  append(out, scalar.text);
}

void append(std::string& out, const ParamValue& value) {
  if (const bool* flag = std::get_if<bool>(&value)) append(out, *flag ? "true" : "false");
  if (const auto* count = std::get_if<std::int64_t>(&value)) append(out, std::to_string(*count));
  if (const auto* duration = std::get_if<Duration>(&value)) append(out, std::to_string(duration->count()) + "us");
  if (const auto* scalar = std::get_if<Scalar>(&value)) append(out, *scalar);
  const auto* const scalars = std::get_if<std::vector<Scalar>>(&value);
  if (scalars == nullptr) return;
  append(out, std::to_string(scalars->size()));
  for (const Scalar& scalar : *scalars) append(out, scalar);
}

void append(std::string& out, std::uint64_t number) {
  append(out, std::to_string(number));
}

void append(std::string& out, Duration duration) {
  append(out, std::to_string(duration.count()) + "us");
}

void append_block(std::string& out, const WindowBlock& block) {
  append(out, static_cast<std::uint64_t>(block.kind));
  for (const Duration duration : {block.every, block.size, block.gap, block.longest, block.lateness})
    append(out, duration);
  append(out, block.count);
  append(out, static_cast<std::uint64_t>(block.late));
  append(out, block.zone);
  append(out, std::uint64_t{block.max_segments});
  append(out, block.accepted_only ? "accepted" : "all");
  append(out, block.segment.size());
  for (const SegmentField& field : block.segment) {
    append(out, field.path);
    append(out, field.listed.size());
    for (const std::string& value : field.listed) append(out, value);
  }
}

/// A number as its bits: two tolerances that print alike may differ.
void append(std::string& out, double number) {
  append(out, std::bit_cast<std::uint64_t>(number));
}

void append_drift(std::string& out, const DriftRule& rule, const std::string& reference) {
  append(out, "drift");
  append(out, rule.paths.size());
  for (std::size_t i = 0; i < rule.paths.size(); ++i) {
    append(out, rule.paths[i]);
    append(out, static_cast<std::uint64_t>(rule.declared[i]));
  }
  append(out, rule.tests.size());
  for (const DriftSpec* spec : rule.tests) append(out, spec->name);
  std::map<std::string_view, double> tolerances;
  for (const auto& [spec, tolerance] : rule.tolerance) tolerances[spec->name] = tolerance;
  append(out, tolerances.size());
  for (const auto& [name, tolerance] : tolerances) {
    append(out, name);
    append(out, tolerance);
  }
  append(out, static_cast<std::uint64_t>(rule.reference.kind));
  append(out, std::uint64_t{rule.reference.windows});
  append(out, rule.reference.length);
  append(out, rule.reference.period);
  append(out, std::uint64_t{rule.reference.weeks});
  append(out, reference);
  for (const std::uint32_t number : {rule.fire, rule.of, rule.clear}) append(out, std::uint64_t{number});
  append(out, rule.sequential ? "sequential" : "windows");
  append(out, rule.any_dependence ? "any" : "positive");
}

void append_time(std::string& out, const Plan& plan) {
  const EventTime& time = plan.time;
  append(out, time.column < 0 ? "" : plan.fields[static_cast<std::size_t>(time.column)].path.text());
  append(out, time.zone);
  append(out, static_cast<std::uint64_t>(time.on_error));
  append(out, time.out_of_order);
  append(out, time.max_future);
}

}  // namespace

std::string meaning_of(const Plan& plan, const RecordRule& rule, const Params& written) {
  std::string out;
  append(out, rule.info.check);
  for (const std::uint32_t column : rule.columns) append(out, plan.fields[column].path.text());
  append(out, "params");
  std::vector<const Params::Entry*> entries;
  for (const Params::Entry& entry : written.entries) entries.push_back(&entry);
  std::sort(entries.begin(), entries.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
  for (const Params::Entry* entry : entries) {
    append(out, entry->name);
    append(out, entry->value);
  }
  append(out, rule.info.when);
  append(out, std::to_string(static_cast<int>(rule.info.severity)));
  append(out, std::to_string(static_cast<int>(rule.info.on_fail)));
  append(out, rule.nulls_fail ? "nulls fail" : "nulls skip");
  append(out, std::to_string(static_cast<int>(written.field_type)));
  return out;
}

std::string meaning_of(const Plan& plan, const WindowRule& rule, const WrittenConditions& written) {
  std::string out;
  append(out, "window");
  append_block(out, plan.windows[rule.block]);
  append(out, written.must);
  append(out, written.should);
  append(out, rule.info.when);
  append(out, static_cast<std::uint64_t>(rule.on_empty));
  if (rule.drift < 0) {
    if (!written.reference.empty()) append(out, written.reference);  // of the distances that it measures
    return out;
  }
  append(out, static_cast<std::uint64_t>(rule.info.severity));
  append_drift(out, plan.drift_rules[static_cast<std::size_t>(rule.drift)], written.reference);
  return out;
}

/// Nothing where the rule file says nothing of it, so that its hash stays what it was.
void append_payload(std::string& out, const PayloadForm& payload) {
  const auto choice = [&out](std::string_view name, auto value) {
    if (value == decltype(value){}) return;
    append(out, name);
    append(out, std::to_string(static_cast<int>(value)));
  };
  choice("envelope", payload.wrapping);
  choice("framing", payload.framing);
  choice("key_format", payload.key_format);
  choice("unknown_schema", payload.quarantine_unknown);
  for (const auto& [name, schema] : {std::pair("schema", &payload.schema), {"key_schema", &payload.key_schema}}) {
    if (*schema == nullptr) continue;
    append(out, name);
    append(out, sha256_hex((*schema)->text));
  }
  if (!payload.message.empty()) append(out, "message " + payload.message);
}

std::string fingerprint(const Plan& plan, const Compiled& compiled) {
  std::string out;
  append(out, "weir 1");
  append(out, std::to_string(static_cast<int>(plan.format)));
  append(out, std::to_string(static_cast<int>(plan.redaction)));
  append_payload(out, plan.payload);
  for (std::size_t i = 0; i < plan.fields.size(); ++i) {
    const Field& field = plan.fields[i];
    append(out, field.path.text());
    append(out, std::to_string(static_cast<int>(field.cell_type)));
    for (const std::string& value : field.missing_values) append(out, value);
    append(out, field.redacted ? "redacted" : "shown");
  }
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    append(out, plan.rules[i].info.id);
    append(out, meaning_of(plan, plan.rules[i], compiled.written[i]));
  }
  if (plan.window_rules.empty()) return sha256_hex(out);
  append(out, "windows");
  append_time(out, plan);
  for (std::size_t i = 0; i < plan.window_rules.size(); ++i) {
    append(out, plan.window_rules[i].info.id);
    append(out, meaning_of(plan, plan.window_rules[i], compiled.conditions[i]));
  }
  return sha256_hex(out);
}

}  // namespace weir
