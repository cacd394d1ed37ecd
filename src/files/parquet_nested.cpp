// SPDX-License-Identifier: Apache-2.0
#include "files/parquet_nested.h"

#include <arrow/array.h>
#include <arrow/extension_type.h>
#include <arrow/type.h>

#include "files/parquet_cells.h"

namespace weir {

namespace {

constexpr std::size_t kMostShown = 1 << 20;  // bytes of a text; no honest one is longer than a record may be

template <class List>
Elements elements_of(const arrow::Array& array, std::int64_t at) {
  const auto& list = static_cast<const List&>(array);
  return {.values = list.values().get(), .begin = list.value_offset(at), .end = list.value_offset(at + 1)};
}

/// Values as JSON; a text that is not UTF-8 has U+FFFD in it.
class JsonText {
 public:
  JsonText(JsonWriter& json, Arena& arena) : json_(json), arena_(arena) {}

  [[nodiscard]] bool good() const noexcept { return good_; }

  void value(const arrow::Array& wrapped, std::int64_t at) {
    const arrow::Array& values = is_scalar(wrapped) ? wrapped : storage_of(wrapped);
    if (values.IsNull(at)) {
      json_.null();
    } else if (is_scalar(values)) {
      scalar(values, at);
    } else if (values.type_id() == arrow::Type::STRUCT) {
      const auto& members = static_cast<const arrow::StructArray&>(values);
      json_.begin_object();
      for (int i = 0; i < members.num_fields(); ++i) {
        json_.key(members.struct_type()->field(i)->name());
        value(*members.field(i), at);
      }
      json_.end_object();
    } else if (values.type_id() == arrow::Type::MAP) {
      const auto& map = static_cast<const arrow::MapArray&>(values);
      json_.begin_object();
      for (std::int64_t i = map.value_offset(at); i < map.value_offset(at + 1); ++i) {
        json_.key(key_text(*map.keys(), i, arena_));
        value(*map.items(), i);
      }
      json_.end_object();
    } else {
      const Elements elements = elements_at(values, at);
      json_.begin_array();
      for (std::int64_t i = elements.begin; i < elements.end; ++i) value(*elements.values, i);
      json_.end_array();
    }
  }

 private:
  void scalar(const arrow::Array& values, std::int64_t at) {
    Cell cell;
    const Kind kind = read_cell(values, at, cell, arena_);
    good_ = good_ && kind != Kind::Absent;
    switch (kind) {
      case Kind::Boolean: json_.value(cell.number != 0); break;
      case Kind::Null: json_.null(); break;
      case Kind::Integer:
      case Kind::Decimal: json_.raw(written_text(kind, cell)); break;
      case Kind::Number: {
        const bool finite = cell.text().find_first_of("Ny") == std::string_view::npos;
        finite ? json_.raw(cell.text()) : json_.value(cell.text());
        break;
      }
      default: json_.value(cell.text().substr(0, kMostShown)); break;
    }
  }

  JsonWriter& json_;
  Arena& arena_;
  bool good_ = true;
};

}  // namespace

const arrow::Array& storage_of(const arrow::Array& values) {
  if (values.type_id() != arrow::Type::EXTENSION) return values;
  return storage_of(*static_cast<const arrow::ExtensionArray&>(values).storage());
}

Elements elements_at(const arrow::Array& list, std::int64_t at) {
  switch (list.type_id()) {
    case arrow::Type::LARGE_LIST: return elements_of<arrow::LargeListArray>(list, at);
    case arrow::Type::FIXED_SIZE_LIST: return elements_of<arrow::FixedSizeListArray>(list, at);
    default: return elements_of<arrow::ListArray>(list, at);
  }
}

bool is_list(const arrow::Array& values) {
  return values.type_id() == arrow::Type::LIST || values.type_id() == arrow::Type::LARGE_LIST ||
         values.type_id() == arrow::Type::FIXED_SIZE_LIST;
}

std::string key_text(const arrow::Array& keys, std::int64_t at, Arena& arena) {
  Cell cell;
  const Kind kind = read_cell(keys, at, cell, arena);
  return written_text(kind, cell);
}

void make_all(const arrow::Array& wrapped) {
  const arrow::Array& values = storage_of(wrapped);
  if (values.type_id() == arrow::Type::DICTIONARY) {
    make_all(*static_cast<const arrow::DictionaryArray&>(values).dictionary());
  } else if (values.type_id() == arrow::Type::STRUCT) {
    const auto& members = static_cast<const arrow::StructArray&>(values);
    for (int i = 0; i < members.num_fields(); ++i) make_all(*members.field(i));
  } else if (values.type_id() == arrow::Type::MAP) {
    const auto& map = static_cast<const arrow::MapArray&>(values);
    make_all(*map.keys());
    make_all(*map.items());
  } else if (is_list(values) && values.length() > 0) {
    make_all(*elements_at(values, 0).values);
  }
}

bool write_json(JsonWriter& json, const arrow::Array& values, std::int64_t at, Arena& arena) {
  JsonText text(json, arena);
  text.value(values, at);
  return text.good();
}

}  // namespace weir
