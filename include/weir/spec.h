// SPDX-License-Identifier: Apache-2.0
// The description of a check that everything else is made from: the parser of the rule file, its JSON Schema, the
// reference, completions and "did you mean".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "weir/check.h"
#include "weir/result.h"
#include "weir/time.h"

namespace weir {

enum class ParamType : std::uint8_t {
  Boolean,   // true or false                                   -> bool
  Count,     // whole number >= 0                               -> std::int64_t
  Number,    // exact decimal, kept as text (`base/decimal.h`)  -> Scalar
  Text,      // one text                                        -> Scalar
  Choice,    // one of ParamSpec::choices                       -> Scalar
  Scalar,    // one literal, typed by the field it meets        -> Scalar
  Scalars,   // list of literals, or `$set`, or {file, column}  -> std::vector<Scalar>
  Texts,     // one text or a list of texts                     -> std::vector<Scalar>
  Duration,  // 10m, 24h, 1.5s                                  -> weir::Duration
  Field,     // a field path                                    -> Scalar
  Fields,    // list of field paths                             -> std::vector<Scalar>
  Files,     // one file or a list, beside the rule file        -> std::vector<Scalar>: the name and the content of each
  Json,      // any value                                       -> Scalar: as JSON
};

/// A scalar of the rule file as it was written. `plain` is false when it was quoted: '1' is a text, 1 may be a number.
struct Scalar {
  std::string text;
  bool plain = true;
  SourceSpan where = {};
};

struct ParamSpec {
  std::string_view name;
  ParamType type = ParamType::Text;
  std::string_view summary;
  bool required = false;
  std::span<const std::string_view> choices = {};
};

/// The type that a rule file declares for a field (`type: integer`).
enum class FieldType : std::uint8_t {
  Any,
  String,
  Integer,
  Number,
  Decimal,
  Boolean,
  Timestamp,
  Date,
  Uuid,
  Object,
  Array
};

/// What kind of values a check is about; a field declared as another type is an error at load.
enum class Domain : std::uint8_t { Any, Text, Number, Time, Array };

using ParamValue = std::variant<bool, std::int64_t, Duration, Scalar, std::vector<Scalar>>;

/// The parameters of one written rule, typed by its spec. Everything is located, so that make() can point at a fault.
class Params {
 public:
  struct Entry {
    std::string_view name;
    ParamValue value;
    SourceSpan where;
  };

  std::vector<Entry> entries;
  SourceSpan where;                       // the rule itself
  FieldType field_type = FieldType::Any;  // declared type of the field
  std::vector<std::string> fields;        // the paths of Subject::columns, in order

  [[nodiscard]] const Entry* find(std::string_view name) const {
    for (const Entry& entry : entries) {
      if (entry.name == name) return &entry;
    }
    return nullptr;
  }
  template <class T>
  [[nodiscard]] const T* get(std::string_view name) const {
    const Entry* entry = find(name);
    return entry == nullptr ? nullptr : std::get_if<T>(&entry->value);
  }
  [[nodiscard]] bool flag(std::string_view name, bool otherwise = false) const {
    const bool* value = get<bool>(name);
    return value == nullptr ? otherwise : *value;
  }
  /// An error at the parameter `name`, or at the rule when it was not written.
  [[nodiscard]] Error error(std::string_view name, std::string message, std::string help = "") const {
    const Entry* entry = find(name);
    return Error{.message = std::move(message),
                 .where = entry == nullptr ? where : entry->where,
                 .code = {},
                 .label = {},
                 .help = std::move(help)};
  }
};

/// All that weir knows about one kind of record check.
struct CheckSpec {
  std::string_view name;     // the key in a rule file
  std::string_view summary;  // "The number is at most this."
  Domain domain = Domain::Any;
  bool on_field = true;     // may stand under `fields`
  bool on_record = false;   // may stand under `records`
  bool sees_nulls = false;  // judges null and absent elements too
  /// `mean` and `sd` are parameters of it, and where neither is written they are those of the reference of a drift rule.
  bool of_reference = false;
  /// Under `records` it sees the record itself: FieldPath::whole().
  bool of_whole = false;
  /// The first one is what a bare value means: `min: 0` is `min: {value: 0}`.
  std::span<const ParamSpec> params;
  /// Record checks only: the parameters (of type Field or Fields) that become Subject::columns, in this order.
  std::span<const std::string_view> column_params = {};
  /// Names that people know from other tools, for "in weir this is `required`".
  std::span<const std::string_view> synonyms = {};
  /// A null check without an Error is a rule that can never fail (`required: false`): it is left out of the plan.
  Result<std::unique_ptr<const Check>> (*make)(const Params&) = nullptr;
};

}  // namespace weir
