// SPDX-License-Identifier: Apache-2.0
// JSON Schema, drafts 4, 6, 7, 2019-09 and 2020-12, compiled from text into nodes that point at each other by index.
//
// Compiling resolves every reference, so that judging looks nothing up. What JSON Schema leaves to run time are
// `$dynamicRef` and `$recursiveRef`: they depend on the resources that were entered on the way.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/decimal.h"
#include "base/pattern.h"
#include "checks/formats.h"
#include "checks/json_tape.h"
#include "weir/result.h"

namespace weir {

enum class SchemaDraft : std::uint8_t { Draft4, Draft6, Draft7, Draft2019, Draft2020 };

inline constexpr std::uint32_t kNoSchema = ~std::uint32_t{0};

/// A bound with its nearest 64-bit number at each scale, so that small numbers are compared as integers.
struct NumberBound {
  NumberBound() = default;
  explicit NumberBound(Decimal bound);

  Decimal value;
  std::array<std::int64_t, 19> ceiling{};  // the smallest n with n x 10^-scale >= value
  std::array<std::int64_t, 19> floor{};
};

struct NumberRules {
  std::optional<NumberBound> minimum;
  std::optional<NumberBound> maximum;
  std::optional<NumberBound> above;  // exclusiveMinimum
  std::optional<NumberBound> below;  // exclusiveMaximum
  std::optional<Decimal> step;       // multipleOf
  std::int64_t small_step = 0;       // 0: it is no small number
  std::uint32_t step_scale = 0;
};

struct TextRules {
  std::uint64_t min_length = 0;
  std::uint64_t max_length = ~std::uint64_t{0};
  std::shared_ptr<const Pattern> pattern;
  std::string pattern_text;  // as written
  const TextFormat* format = nullptr;
};

struct ArrayRules {
  std::vector<std::uint32_t> prefix;  // prefixItems
  std::uint32_t rest = kNoSchema;     // items behind them
  std::uint32_t contains = kNoSchema;
  std::uint64_t min_contains = 1;
  std::uint64_t max_contains = ~std::uint64_t{0};
  std::uint64_t min_items = 0;
  std::uint64_t max_items = ~std::uint64_t{0};
  bool unique = false;
  bool contains_counts = true;  // as evaluated: from 2020-12 on
};

struct ObjectRules {
  static constexpr std::uint32_t kNotRequired = ~std::uint32_t{0};

  /// A name that `properties` or `required` speaks of.
  struct Name {
    std::string text;
    std::uint32_t schema = kNoSchema;
    std::uint32_t required = kNotRequired;  // ordinal among the required ones
  };
  struct PatternRule {
    std::shared_ptr<const Pattern> pattern;
    std::uint32_t schema = kNoSchema;
  };

  std::vector<Name> names;
  std::unordered_map<std::string_view, std::uint32_t> index;  // by text, made when there are many names
  std::uint32_t required = 0;                                 // so many names are
  std::vector<PatternRule> patterns;
  std::uint32_t additional = kNoSchema;
  std::uint32_t property_names = kNoSchema;
  std::uint64_t min_properties = 0;
  std::uint64_t max_properties = ~std::uint64_t{0};
  std::vector<std::pair<std::string, std::vector<std::string>>> dependent_required;
  std::vector<std::pair<std::string, std::uint32_t>> dependent_schemas;

  [[nodiscard]] const Name* find(std::string_view name, std::size_t& expected) const;
};

/// `const` or a value of `enum`.
struct SchemaConstant {
  std::string text;  // as JSON
  JsonTape tape;
};

struct SchemaNode {
  enum class Always : std::uint8_t { Neither, True, False };

  Always always = Always::Neither;
  std::uint8_t types = 0;  // bits of SchemaType; 0: any
  bool has_enum = false;
  bool is_const = false;  // the one value of the list stands in `const`
  std::uint32_t resource = 0;
  std::uint32_t ref = kNoSchema;
  std::uint32_t dynamic_ref = kNoSchema;   // what it means where no resource says otherwise
  std::uint32_t dynamic_name = kNoSchema;  // kNoSchema: it is not dynamic after all
  std::unique_ptr<NumberRules> numbers;
  std::unique_ptr<TextRules> texts;
  std::unique_ptr<ArrayRules> arrays;
  std::unique_ptr<ObjectRules> objects;
  std::vector<std::unique_ptr<SchemaConstant>> constants;
  std::unordered_set<std::string_view> constant_texts;  // those of `constants` that are texts
  bool other_constants = false;                         // there are some that are no texts
  std::vector<std::uint32_t> all_of;
  std::vector<std::uint32_t> any_of;
  std::vector<std::uint32_t> one_of;
  std::uint32_t negated = kNoSchema;
  std::uint32_t condition = kNoSchema;  // if
  std::uint32_t then = kNoSchema;
  std::uint32_t otherwise = kNoSchema;
  std::uint32_t unevaluated_items = kNoSchema;
  std::uint32_t unevaluated_properties = kNoSchema;
};

namespace schema_type {
inline constexpr std::uint8_t kNull = 1, kBoolean = 2, kInteger = 4, kNumber = 8, kText = 16, kArray = 32, kObject = 64;
}
/// "a text or null".
[[nodiscard]] std::string types_in_words(std::uint8_t types);

/// One file with a schema.
struct SchemaFile {
  std::string name;  // as the rule file names it: other files refer to it by this name
  std::string text;
};

/// Compiled: immutable, shared by threads.
class JsonSchema {
 public:
  static constexpr std::size_t kMaxNodes = 100'000;

  struct Options {
    bool formats = false;  // `format` is judged, too
  };
  /// The first file is the schema; the others are there to be referred to. The error says which part of which file.
  [[nodiscard]] static Result<std::unique_ptr<const JsonSchema>> compile(const std::vector<SchemaFile>& files,
                                                                         const Options& options);

  [[nodiscard]] const SchemaNode& node(std::uint32_t index) const { return nodes_[index]; }
  [[nodiscard]] std::uint32_t root() const noexcept { return root_; }
  /// The schema that a resource has for a dynamic name, or kNoSchema.
  [[nodiscard]] std::uint32_t dynamic(std::uint32_t resource, std::uint32_t name) const;

 private:
  friend class SchemaCompiler;

  std::deque<SchemaNode> nodes_;
  std::uint32_t root_ = 0;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> dynamic_;  // by resource and name
};

}  // namespace weir
