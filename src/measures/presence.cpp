// SPDX-License-Identifier: Apache-2.0
// How many values are missing, and of which type those are that are there.
#include <array>

#include "measures/measured_of.h"
#include "measures/registry.h"
#include "summary/field_summary.h"

namespace weir {

namespace {

struct NamedType {
  std::string_view name;
  std::uint64_t (*of)(const Counters&);
};

// As `type` knows them. What a text has to be read for (timestamp, date, uuid) is not counted.
constexpr std::array kTypes = {
    NamedType{"string", [](const Counters& c) { return c.text; }},
    NamedType{"integer", [](const Counters& c) { return c.integer; }},
    NamedType{"number", [](const Counters& c) { return c.numbers(); }},
    NamedType{"decimal", [](const Counters& c) { return c.numbers(); }},
    NamedType{"boolean", [](const Counters& c) { return c.boolean; }},
    NamedType{"object", [](const Counters& c) { return c.object; }},
    NamedType{"array", [](const Counters& c) { return c.array; }},
};

Measured type_rate(const MeasureInput& input) {
  const Counters& counters = input.field->counters();
  for (const NamedType& type : kTypes) {
    if (type.name == input.text) return share(type.of(counters), counters.values(), kNoValues);
  }
  return Measured::fault("`" + std::string(input.text) + "` is no type that values are counted by");
}

}  // namespace

const MeasureSpec kNullCountMeasure = {
    .name = "null_count",
    .summary = "Records in which the field is there and null.",
    .signature = "field",
    .result = MeasureResult::Count,
    .source = MeasureSource::Field,
    .compute = [](const MeasureInput& input) { return count(input.field->counters().null); },
};

const MeasureSpec kNullRateMeasure = {
    .name = "null_rate",
    .summary = "Share of records in which the field is there and null.",
    .signature = "field",
    .is_rate = true,
    .result = MeasureResult::Rate,
    .source = MeasureSource::Field,
    .compute =
        [](const MeasureInput& input) {
          const Counters& counters = input.field->counters();
          return share(counters.null, counters.elements, kNoRecords);
        },
};

const MeasureSpec kAbsentRateMeasure = {
    .name = "absent_rate",
    .summary = "Share of records that lack the field.",
    .signature = "field",
    .is_rate = true,
    .result = MeasureResult::Rate,
    .source = MeasureSource::Field,
    .compute =
        [](const MeasureInput& input) {
          const Counters& counters = input.field->counters();
          return share(counters.absent, counters.elements, kNoRecords);
        },
};

const MeasureSpec kMissingRateMeasure = {
    .name = "missing_rate",
    .summary = "Share of records in which the field is null or absent.",
    .signature = "field",
    .is_rate = true,
    .result = MeasureResult::Rate,
    .source = MeasureSource::Field,
    .compute =
        [](const MeasureInput& input) {
          const Counters& counters = input.field->counters();
          return share(counters.missing(), counters.elements, kNoRecords);
        },
};

const MeasureSpec kTypeRateMeasure = {
    .name = "type_rate",
    .summary = "Share of the values that are of that type.",
    .signature = "field, text",
    .is_rate = true,
    .result = MeasureResult::Rate,
    .source = MeasureSource::Field,
    .compute = type_rate,
};

}  // namespace weir
