// SPDX-License-Identifier: Apache-2.0
#include "decode/envelope_connect.h"

#include <array>
#include <charconv>
#include <optional>

#include "base/base64.h"
#include "base/json_value.h"
#include "decode/avro_decimal.h"
#include "decode/time_text.h"

namespace weir {

namespace {

constexpr std::uint32_t kMostScale = 1'000;

std::string_view text_of(const JsonValue* value) {
  return value != nullptr && value->type == JsonValue::Type::Text ? std::string_view(value->text) : std::string_view{};
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

const JsonValue* field_of(const JsonValue& type, std::string_view name) {
  const JsonValue* const fields = type.find("fields");
  if (fields == nullptr) return nullptr;
  for (const JsonValue& field : fields->items) {
    if (text_of(field.find("field")) == name) return &field;
  }
  return nullptr;
}

/// The type of what lies there, or null.
const JsonValue* type_at(const JsonValue& schema, const std::vector<FieldPath::Step>& steps) {
  const JsonValue* at = &schema;
  for (std::size_t i = 1; i < steps.size() && at != nullptr; ++i) {  // the first one is `payload`
    const std::string_view type = text_of(at->find("type"));
    if (steps[i].every) {
      at = type == "array" ? at->find("items") : nullptr;
    } else if (type == "map") {
      at = at->find("values");
    } else {
      at = field_of(*at, steps[i].name);
    }
  }
  return at;
}

/// The scale that stands in the parameters of a decimal's type, as text or as a number.
std::int64_t scale_of(const JsonValue& type) {
  const JsonValue* const parameters = type.find("parameters");
  const JsonValue* const scale = parameters == nullptr ? nullptr : parameters->find("scale");
  return scale == nullptr ? 0 : number_in(scale->text).value_or(0);
}

}  // namespace

struct ConnectTypes {
  using Means = ConnectSchemas::Means;
  struct Named {
    std::string_view name;
    Means means;
    std::int64_t scale;
  };
  static constexpr std::array<Named, 12> kTypes = {{
      {"org.apache.kafka.connect.data.Decimal", Means::Decimal, 0},
      {"org.apache.kafka.connect.data.Timestamp", Means::Timestamp, kMillis},
      {"org.apache.kafka.connect.data.Date", Means::Date, 0},
      {"org.apache.kafka.connect.data.Time", Means::Time, kMillis},
      {"io.debezium.time.Timestamp", Means::LocalTimestamp, kMillis},
      {"io.debezium.time.MicroTimestamp", Means::LocalTimestamp, kMicros},
      {"io.debezium.time.NanoTimestamp", Means::LocalTimestamp, kNanos},
      {"io.debezium.time.Date", Means::Date, 0},
      {"io.debezium.time.Time", Means::Time, kMillis},
      {"io.debezium.time.MicroTime", Means::Time, kMicros},
      {"io.debezium.time.NanoTime", Means::Time, kNanos},
      {"io.debezium.data.VariableScaleDecimal", Means::VariableDecimal, 0},
  }};
  static const Named* find(std::string_view name) {
    for (const Named& one : kTypes) {
      if (one.name == name) return &one;
    }
    return nullptr;
  }
};

std::vector<ConnectSchemas::Conversion> ConnectSchemas::read(std::string_view text, const Places& places) {
  std::vector<Conversion> out;
  const Result<JsonValue> schema = parse_json(text);
  if (!schema) return out;
  for (std::size_t i = 0; i < places.steps.size(); ++i) {
    if (places.steps[i].empty() || places.steps[i].back().self) continue;
    const JsonValue* const type = type_at(*schema, places.steps[i]);
    const ConnectTypes::Named* const named =
        type == nullptr ? nullptr : ConnectTypes::find(text_of(type->find("name")));
    if (named == nullptr) continue;
    out.push_back({.column = static_cast<std::uint32_t>(i),
                   .means = named->means,
                   .scale = named->means == Means::Decimal ? scale_of(*type) : named->scale});
  }
  return out;
}

void ConnectSchemas::convert(const Conversion& conversion, Kind& kind, Cell& cell, Arena& arena) {
  const auto decimal = [&](std::string_view base64, std::int64_t scale) {
    const std::optional<std::string> bytes = from_base64(base64);
    if (!bytes || bytes->empty() || bytes->size() > kLongestDecimal || scale < 0 || scale > kMostScale) return;
    kind = put_decimal(*bytes, static_cast<std::uint32_t>(scale), cell, arena);
  };
  if (conversion.means == Means::Decimal) {
    if (kind == Kind::Text) decimal(cell.text(), conversion.scale);
    return;
  }
  if (conversion.means == Means::VariableDecimal) {
    if (kind != Kind::Object) return;
    const Result<JsonValue> value = parse_json(cell.text());
    if (!value) return;
    const JsonValue* const scale = value->find("scale");
    if (scale == nullptr) return;
    const std::string base64(text_of(value->find("value")));
    if (const std::optional<std::int64_t> places = number_in(scale->text)) decimal(base64, *places);
    return;
  }
  if (kind != Kind::Integer) return;
  const std::int64_t count = cell.number;
  switch (conversion.means) {
    case Means::Timestamp: kind = put_timestamp(count, conversion.scale, true, cell, arena); break;
    case Means::LocalTimestamp: kind = put_timestamp(count, conversion.scale, false, cell, arena); break;
    case Means::Date: kind = put_date(count, cell, arena); break;
    case Means::Time: kind = put_time_of_day(count, conversion.scale, cell, arena); break;
    case Means::Decimal:
    case Means::VariableDecimal: break;
  }
}

void ConnectSchemas::convert(std::string_view schema, const Places& places, EnvelopeShape shape, std::uint32_t row,
                             Batch& batch) {
  if (schema.empty()) return;
  // The places of fields follow from the shape, so a schema is known by both.
  const auto mark = static_cast<char>('0' + static_cast<int>(shape));
  const bool same = last_ != nullptr && last_->size() == schema.size() + 1 && last_->front() == mark &&
                    std::string_view(*last_).substr(1) == schema;
  if (!same) {
    std::string key(1, mark);
    key += schema;
    auto found = known_.find(key);
    if (found == known_.end()) {
      if (known_.size() >= kMost) known_.clear();
      found = known_.emplace(std::move(key), read(schema, places)).first;
    }
    last_ = &found->first;
    last_conversions_ = &found->second;
  }
  for (const Conversion& one : *last_conversions_) {
    Column& column = batch.columns[one.column];
    if (!column.repeated()) {
      convert(one, column.kinds[row], column.cells[row], batch.arena);
      continue;
    }
    for (std::size_t i = column.rows.size(); i > 0 && column.rows[i - 1] == row; --i)
      convert(one, column.kinds[i - 1], column.cells[i - 1], batch.arena);
  }
}

}  // namespace weir
