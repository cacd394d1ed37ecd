// SPDX-License-Identifier: Apache-2.0
// A message of a quarantine topic: facts in headers, the record's own headers before them, key and value as they were.
#include "quarantine/facts.h"
#include "quarantine/quarantine_names.h"

namespace weir {

namespace {

using Form = QuarantinedRecord::Form;

void take_headers(const Envelope& envelope, FactReader& facts, QuarantinedRecord& out) {
  Headers behind;  // ours: there other tools' may be that we wrote
  bool ours = false;
  for (const auto& [name, value] : envelope.headers) {
    if (name.starts_with(kHeaderPrefix)) {
      ours = true;
      if (value.data() != nullptr) facts.take(name.substr(kHeaderPrefix.size()), value);
      continue;
    }
    (ours ? behind : out.headers)
        .emplace_back(name, value.data() == nullptr ? std::nullopt : std::optional<std::string>(value));
  }
  drop_compat(behind);
  out.headers.insert(out.headers.end(), behind.begin(), behind.end());
}

}  // namespace

Result<QuarantinedRecord> read_quarantined(const Message& message, const Envelope& envelope) {
  QuarantinedRecord out;
  FactReader facts(out);
  take_headers(envelope, facts, out);
  if (facts.version() > kQuarantineVersion) return newer_form(facts.version());
  if (!facts.is_quarantined()) return not_quarantined("it has no header `__weir.v`");
  facts.finish();
  out.lies_in = {.topic = std::string(envelope.topic), .number = envelope.partition};
  out.lies_at = static_cast<std::int64_t>(message.offset);
  if (!out.at && envelope.timestamp_type != TimestampType::None) out.at = envelope.timestamp;
  if (envelope.has_key) out.key = std::string(envelope.key);
  if (!envelope.tombstone) out.value = std::string(message.bytes);
  // A form says what stands there; where it says that nothing does, what stands there is not the record's.
  if (out.value_form == Form::Withheld || out.value_form == Form::Stub) out.value.reset();
  if (out.key_form == Form::Withheld) out.key.reset();
  if (out.value_form == Form::Stub && !out.key) out.key_form = Form::Stub;
  if (!message.whole) out.missing.push_back("the end of the value");
  return out;
}

}  // namespace weir
