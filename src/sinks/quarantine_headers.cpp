// SPDX-License-Identifier: Apache-2.0
#include "sinks/quarantine_headers.h"

#include "base/json_writer.h"
#include "base/text.h"

namespace weir {

namespace {

// One violation with all of these, each byte escaped to two, stays below kMaxHeaderBytes, so that the first always fits.
constexpr std::size_t kNameBytes = 256;
constexpr std::size_t kCodeBytes = 64;
constexpr std::size_t kValueBytes = 64;
constexpr std::size_t kMessageBytes = 512;
constexpr std::size_t kClosingBytes = 48;  // ,{"truncated":true,"more":18446744073709551615}]

std::string violation_json(const Violation& violation, const Plan& plan) {
  const bool known = violation.rule < plan.rules.size();
  const bool warns = known && plan.rules[violation.rule].info.severity == Severity::Warn;
  JsonWriter json;
  json.begin_object();
  json.field("rule", shorten(rule_id(plan, violation.rule), kNameBytes));
  json.field("severity", warns ? "warn" : "error");
  json.field("code", shorten(violation.code, kCodeBytes));
  json.field("path", shorten(violation.path, kNameBytes));
  json.field("value", shorten(violation.value, kValueBytes));
  json.field("message", shorten(violation.message, kMessageBytes));
  json.end_object();
  return json.take();
}

}  // namespace

std::string_view name_of(Stage stage) {
  switch (stage) {
    case Stage::Decode: return "decode";
    case Stage::Record: return "record";
    case Stage::Time: return "time";
    case Stage::Late: return "late";
  }
  return "record";
}

std::string_view rule_id(const Plan& plan, std::uint32_t rule) {
  return rule < plan.rules.size() ? std::string_view(plan.rules[rule].info.id) : "late";
}

std::string violations_json(const FailingRecord& record, const Plan& plan) {
  std::string out = "[";
  for (std::size_t i = 0; i < record.violations.size(); ++i) {
    const std::string one = violation_json(record.violations[i], plan);
    const bool last = i + 1 == record.violations.size();
    const std::size_t needed = out.size() + 1 + one.size() + (last ? 1 : kClosingBytes);
    if (i > 0) out += ',';
    if (needed > kMaxHeaderBytes) {
      out += R"({"truncated":true,"more":)" + std::to_string(record.violations.size() - i) + "}";
      break;
    }
    out += one;
  }
  return out + "]";
}

std::string rule_ids_json(const FailingRecord& record, const Plan& plan) {
  constexpr std::string_view kMore = ",\"…\"]";
  std::string out = "[";
  for (std::size_t i = 0; i < record.violations.size(); ++i) {
    const std::string one = json_quote(shorten(rule_id(plan, record.violations[i].rule), kNameBytes));
    if (out.size() + 1 + one.size() + kMore.size() > kMaxHeaderBytes) return out.append(kMore);
    if (i > 0) out += ',';
    out += one;
  }
  return out + "]";
}

}  // namespace weir
