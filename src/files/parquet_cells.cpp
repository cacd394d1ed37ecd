// SPDX-License-Identifier: Apache-2.0
// One tight loop for each type: what a type needs is looked up before the loop.
#include "files/parquet_cells.h"

#include <arrow/array.h>
#include <arrow/extension_type.h>
#include <arrow/type.h>
#include <arrow/util/bit_block_counter.h>
#include <arrow/util/bit_util.h>
#include <arrow/util/decimal.h>
#include <arrow/util/float16.h>
#include <arrow/util/utf8.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "decode/shortest.h"
#include "decode/text_cell.h"
#include "decode/time_text.h"

namespace weir {

namespace {

constexpr std::uint32_t kMostDigits = 18;  // of a Kind::Decimal
constexpr std::int64_t kMostUnscaled = 999'999'999'999'999'999;

Cell cell_of(std::string_view text) {
  return {.number = 0, .data = text.data(), .size = static_cast<std::uint32_t>(text.size()), .scale = 0};
}

Kind put_text(std::string_view text, Kind kind, Cell& cell, Arena& arena) {
  cell = cell_of(arena.keep(text));
  if (cell.data == nullptr) cell.data = "";
  return kind;
}

Kind put_integer(std::int64_t number, Cell& cell) {
  cell = {.number = number, .data = nullptr, .size = 0, .scale = 0};
  return Kind::Integer;
}

/// `read(i, cell)` gives the kind of the value at i, which is not null. Nulls are looked for 256 values at a time: most of such
/// stretches have none.
template <class Read>
bool loop(const arrow::Array& values, std::int64_t first, std::size_t count, Kind* kinds, Cell* cells,
          const Read& read) {
  const std::uint8_t* const valid = values.null_count() == 0 ? nullptr : values.null_bitmap_data();
  bool good = true;
  const auto read_one = [&](std::size_t i) {
    kinds[i] = read(first + static_cast<std::int64_t>(i), cells[i]);
    good = good && kinds[i] != Kind::Absent;
  };
  if (valid == nullptr) {
    for (std::size_t i = 0; i < count; ++i) read_one(i);
    return good;
  }
  const std::int64_t begin = values.offset() + first;
  arrow::internal::BitBlockCounter blocks(valid, begin, static_cast<std::int64_t>(count));
  for (std::size_t i = 0; i < count;) {
    const arrow::internal::BitBlockCount block = blocks.NextFourWords();
    const std::size_t end = i + static_cast<std::size_t>(block.length);
    if (block.AllSet()) {
      for (; i < end; ++i) read_one(i);
      continue;
    }
    for (; i < end; ++i) {
      if (arrow::bit_util::GetBit(valid, static_cast<std::uint64_t>(begin) + i)) {
        read_one(i);
      } else {
        kinds[i] = Kind::Null;
        cells[i] = cell_of("null");
      }
    }
  }
  return good;
}

bool is_utf8(std::string_view text) {
  static const bool ready = [] { return arrow::util::InitializeUTF8(), true; }();
  return ready && arrow::util::ValidateUTF8(text);
}

bool begins_within(std::string_view text) {
  return !text.empty() && (static_cast<unsigned char>(text.front()) & 0xC0U) == 0x80U;
}

/// Whether all texts of the stretch are UTF-8: its bytes are, and no text begins within a character.
template <class Texts>
bool all_utf8(const Texts& texts, std::int64_t first, std::size_t count) {
  const auto last = first + static_cast<std::int64_t>(count);
  if (count == 0) return true;
  const auto begin = texts.value_offset(first);
  const auto size = static_cast<std::size_t>(texts.value_offset(last) - begin);
  const auto* const bytes = reinterpret_cast<const char*>(texts.raw_data()) + begin;
  if (is_ascii({bytes, size})) return true;
  if (!is_utf8({bytes, size})) return false;
  for (std::int64_t i = first; i < last; ++i) {
    if (begins_within(texts.GetView(i))) return false;
  }
  return true;
}

template <class Texts>
bool read_texts(const arrow::Array& values, std::int64_t first, std::size_t count, Kind* kinds, Cell* cells) {
  const auto& texts = static_cast<const Texts&>(values);
  if (all_utf8(texts, first, count)) {
    return loop(values, first, count, kinds, cells, [&texts](std::int64_t i, Cell& cell) {
      cell = cell_of(texts.GetView(i));
      return Kind::Text;
    });
  }
  return loop(values, first, count, kinds, cells, [&texts](std::int64_t i, Cell& cell) {
    cell = cell_of(texts.GetView(i));
    return is_utf8(texts.GetView(i)) ? Kind::Text : Kind::Absent;
  });
}

template <class Texts>
bool read_text_words(const arrow::DictionaryArray& values, std::int64_t first, std::size_t count, Kind* kinds,
                     Cell* cells) {
  const auto& words = static_cast<const Texts&>(*values.dictionary());
  const auto* const indices = static_cast<const arrow::Int32Array&>(*values.indices()).raw_values();
  const auto size = static_cast<std::size_t>(words.length());
  const bool checked = size <= count && all_utf8(words, 0, size);
  if (checked) {
    std::vector<Cell> word_cells(size);
    for (std::size_t i = 0; i < size; ++i) word_cells[i] = cell_of(words.GetView(static_cast<std::int64_t>(i)));
    return loop(values, first, count, kinds, cells, [&](std::int64_t i, Cell& cell) {
      cell = word_cells[static_cast<std::size_t>(indices[i])];
      return Kind::Text;
    });
  }
  return loop(values, first, count, kinds, cells, [&](std::int64_t i, Cell& cell) {
    const std::string_view text = words.GetView(indices[i]);
    cell = cell_of(text);
    return is_utf8(text) ? Kind::Text : Kind::Absent;
  });
}

template <class Numbers>
bool read_integers(const arrow::Array& values, std::int64_t first, std::size_t count, Kind* kinds, Cell* cells) {
  const auto* const numbers = static_cast<const Numbers&>(values).raw_values();
  return loop(values, first, count, kinds, cells,
              [numbers](std::int64_t i, Cell& cell) { return put_integer(numbers[i], cell); });
}

/// What is a count in 32 or 64 bits, given to `write(count, cell)`.
template <class Numbers, class Write>
bool read_counts(const arrow::Array& values, std::int64_t first, std::size_t count, Kind* kinds, Cell* cells,
                 const Write& write) {
  const auto* const numbers = static_cast<const Numbers&>(values).raw_values();
  return loop(values, first, count, kinds, cells, [&](std::int64_t i, Cell& cell) { return write(numbers[i], cell); });
}

template <class Bytes>
bool read_bytes(const arrow::Array& values, std::int64_t first, std::size_t count, Kind* kinds, Cell* cells,
                Arena& arena) {
  const auto& bytes = static_cast<const Bytes&>(values);
  return loop(values, first, count, kinds, cells,
              [&](std::int64_t i, Cell& cell) { return bytes_cell(bytes.GetView(i), arena, cell); });
}

/// Digits and scale as plain text; a negative scale means zeros.
std::string decimal_text(std::string digits, std::int32_t scale) {
  if (scale <= 0) return digits == "0" ? digits : digits.append(static_cast<std::size_t>(-scale), '0');
  const std::size_t sign = digits.starts_with('-') ? 1 : 0;
  const std::size_t least = sign + static_cast<std::size_t>(scale) + 1;
  if (digits.size() < least) digits.insert(sign, least - digits.size(), '0');
  digits.insert(digits.size() - static_cast<std::size_t>(scale), 1, '.');
  return digits;
}

Kind put_small_decimal(std::int64_t unscaled, std::int32_t scale, Cell& cell) {
  cell = {.number = unscaled, .data = nullptr, .size = 0, .scale = static_cast<std::uint32_t>(scale)};
  return scale == 0 ? Kind::Integer : Kind::Decimal;
}

template <class Number>
Kind put_decimal(const Number& value, std::int32_t scale, Cell& cell, Arena& arena) {
  const bool small_scale = scale >= 0 && scale <= static_cast<std::int32_t>(kMostDigits);
  const auto low = static_cast<std::int64_t>(value.low_bits());
  if (small_scale && low <= kMostUnscaled && low >= -kMostUnscaled && value == Number(low))
    return put_small_decimal(low, scale, cell);
  return put_text(decimal_text(value.ToIntegerString(), scale), Kind::Number, cell, arena);
}

template <class Decimals, class Number>
bool read_decimals(const arrow::Array& values, std::int64_t first, std::size_t count, Kind* kinds, Cell* cells,
                   Arena& arena) {
  const auto& decimals = static_cast<const Decimals&>(values);
  const std::int32_t scale = static_cast<const arrow::DecimalType&>(*values.type()).scale();
  return loop(values, first, count, kinds, cells, [&](std::int64_t i, Cell& cell) {
    return put_decimal(Number(decimals.GetValue(i)), scale, cell, arena);
  });
}

template <class Decimals>
bool read_small_decimals(const arrow::Array& values, std::int64_t first, std::size_t count, Kind* kinds, Cell* cells,
                         Arena& arena) {
  const auto& decimals = static_cast<const Decimals&>(values);
  const std::int32_t scale = static_cast<const arrow::DecimalType&>(*values.type()).scale();
  return loop(values, first, count, kinds, cells, [&](std::int64_t i, Cell& cell) {
    return put_decimal(arrow::Decimal128(decimals.Value(i)), scale, cell, arena);
  });
}

std::int64_t a_second(arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND: return kSeconds;
    case arrow::TimeUnit::MILLI: return kMillis;
    case arrow::TimeUnit::MICRO: return kMicros;
    default: return kNanos;
  }
}

/// "PT3.004S", "-PT0.5S"
Kind put_duration(std::int64_t count, std::int64_t per_second, Cell& cell, Arena& arena) {
  const std::uint64_t size = count < 0 ? ~static_cast<std::uint64_t>(count) + 1 : static_cast<std::uint64_t>(count);
  const auto per = static_cast<std::uint64_t>(per_second);
  std::string text = (count < 0 ? "-PT" : "PT") + std::to_string(size / per);
  if (size % per != 0) {
    std::string fraction = std::to_string(size % per + per).substr(1);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    text += "." + fraction;
  }
  return put_text(text + "S", Kind::Text, cell, arena);
}

bool read_words(const arrow::DictionaryArray& values, std::int64_t first, std::size_t count, Kind* kinds, Cell* cells,
                Arena& arena) {
  const arrow::Array& words = *values.dictionary();
  if (values.indices()->type_id() == arrow::Type::INT32 && words.null_count() == 0) {
    if (words.type_id() == arrow::Type::STRING)
      return read_text_words<arrow::StringArray>(values, first, count, kinds, cells);
    if (words.type_id() == arrow::Type::LARGE_STRING)
      return read_text_words<arrow::LargeStringArray>(values, first, count, kinds, cells);
  }
  return loop(values, first, count, kinds, cells,
              [&](std::int64_t i, Cell& cell) { return read_cell(words, values.GetValueIndex(i), cell, arena); });
}

}  // namespace

bool is_scalar(const arrow::Array& values) {
  switch (values.type_id()) {
    case arrow::Type::STRUCT:
    case arrow::Type::LIST:
    case arrow::Type::LARGE_LIST:
    case arrow::Type::FIXED_SIZE_LIST:
    case arrow::Type::MAP: return false;
    case arrow::Type::EXTENSION: return is_scalar(*static_cast<const arrow::ExtensionArray&>(values).storage());
    default: return true;
  }
}

bool read_cells(const arrow::Array& values, std::int64_t first, std::size_t count, Kind* kinds, Cell* cells,
                Arena& arena) {
  const auto scalars = [&](const auto& read) { return loop(values, first, count, kinds, cells, read); };
  switch (values.type_id()) {
    case arrow::Type::BOOL: {
      const auto& booleans = static_cast<const arrow::BooleanArray&>(values);
      return scalars([&](std::int64_t i, Cell& cell) {
        const bool value = booleans.Value(i);
        cell = cell_of(value ? "true" : "false");
        cell.number = value ? 1 : 0;
        return Kind::Boolean;
      });
    }
    case arrow::Type::INT8: return read_integers<arrow::Int8Array>(values, first, count, kinds, cells);
    case arrow::Type::INT16: return read_integers<arrow::Int16Array>(values, first, count, kinds, cells);
    case arrow::Type::INT32: return read_integers<arrow::Int32Array>(values, first, count, kinds, cells);
    case arrow::Type::INT64: return read_integers<arrow::Int64Array>(values, first, count, kinds, cells);
    case arrow::Type::UINT8: return read_integers<arrow::UInt8Array>(values, first, count, kinds, cells);
    case arrow::Type::UINT16: return read_integers<arrow::UInt16Array>(values, first, count, kinds, cells);
    case arrow::Type::UINT32: return read_integers<arrow::UInt32Array>(values, first, count, kinds, cells);
    case arrow::Type::UINT64: {
      const auto* const numbers = static_cast<const arrow::UInt64Array&>(values).raw_values();
      return scalars([&](std::int64_t i, Cell& cell) {
        if (numbers[i] >> 63 == 0) return put_integer(static_cast<std::int64_t>(numbers[i]), cell);
        return put_text(std::to_string(numbers[i]), Kind::Number, cell, arena);
      });
    }
    case arrow::Type::HALF_FLOAT: {
      const auto& halves = static_cast<const arrow::HalfFloatArray&>(values);
      return scalars([&](std::int64_t i, Cell& cell) {
        return shortest(arrow::util::Float16::FromBits(halves.Value(i)).ToFloat(), cell, arena);
      });
    }
    case arrow::Type::FLOAT: {
      const float* const numbers = static_cast<const arrow::FloatArray&>(values).raw_values();
      std::uint32_t places = 0;
      return scalars([&](std::int64_t i, Cell& cell) { return shortest_like(numbers[i], places, cell, arena); });
    }
    case arrow::Type::DOUBLE: {
      const double* const numbers = static_cast<const arrow::DoubleArray&>(values).raw_values();
      std::uint32_t places = 0;
      return scalars([&](std::int64_t i, Cell& cell) { return shortest_like(numbers[i], places, cell, arena); });
    }
    case arrow::Type::DECIMAL32:
      return read_small_decimals<arrow::Decimal32Array>(values, first, count, kinds, cells, arena);
    case arrow::Type::DECIMAL64:
      return read_small_decimals<arrow::Decimal64Array>(values, first, count, kinds, cells, arena);
    case arrow::Type::DECIMAL128:
      return read_decimals<arrow::Decimal128Array, arrow::Decimal128>(values, first, count, kinds, cells, arena);
    case arrow::Type::DECIMAL256:
      return read_decimals<arrow::Decimal256Array, arrow::Decimal256>(values, first, count, kinds, cells, arena);
    case arrow::Type::STRING: return read_texts<arrow::StringArray>(values, first, count, kinds, cells);
    case arrow::Type::LARGE_STRING: return read_texts<arrow::LargeStringArray>(values, first, count, kinds, cells);
    case arrow::Type::STRING_VIEW: {
      const auto& texts = static_cast<const arrow::StringViewArray&>(values);
      return scalars([&](std::int64_t i, Cell& cell) {
        cell = cell_of(texts.GetView(i));
        return is_utf8(texts.GetView(i)) ? Kind::Text : Kind::Absent;
      });
    }
    case arrow::Type::BINARY: return read_bytes<arrow::BinaryArray>(values, first, count, kinds, cells, arena);
    case arrow::Type::LARGE_BINARY:
      return read_bytes<arrow::LargeBinaryArray>(values, first, count, kinds, cells, arena);
    case arrow::Type::BINARY_VIEW: return read_bytes<arrow::BinaryViewArray>(values, first, count, kinds, cells, arena);
    case arrow::Type::FIXED_SIZE_BINARY:
      return read_bytes<arrow::FixedSizeBinaryArray>(values, first, count, kinds, cells, arena);
    case arrow::Type::DATE32:
      return read_counts<arrow::Date32Array>(values, first, count, kinds, cells, [&](std::int64_t days, Cell& cell) {
        return put_date(days, cell, arena);
      });
    case arrow::Type::DATE64:
      return read_counts<arrow::Date64Array>(values, first, count, kinds, cells, [&](std::int64_t millis, Cell& cell) {
        constexpr std::int64_t kDay = 86'400'000;
        return put_date(millis / kDay - (millis % kDay < 0 ? 1 : 0), cell, arena);
      });
    case arrow::Type::TIME32: {
      const std::int64_t per = a_second(static_cast<const arrow::Time32Type&>(*values.type()).unit());
      return read_counts<arrow::Time32Array>(values, first, count, kinds, cells, [&](std::int64_t time, Cell& cell) {
        return put_time_of_day(time, per, cell, arena);
      });
    }
    case arrow::Type::TIME64: {
      const std::int64_t per = a_second(static_cast<const arrow::Time64Type&>(*values.type()).unit());
      return read_counts<arrow::Time64Array>(values, first, count, kinds, cells, [&](std::int64_t time, Cell& cell) {
        return put_time_of_day(time, per, cell, arena);
      });
    }
    case arrow::Type::TIMESTAMP: {
      const auto& type = static_cast<const arrow::TimestampType&>(*values.type());
      const std::int64_t per = a_second(type.unit());
      const bool utc = !type.timezone().empty();
      return read_counts<arrow::TimestampArray>(values, first, count, kinds, cells, [&](std::int64_t time, Cell& cell) {
        return put_timestamp(time, per, utc, cell, arena);
      });
    }
    case arrow::Type::DURATION: {
      const std::int64_t per = a_second(static_cast<const arrow::DurationType&>(*values.type()).unit());
      return read_counts<arrow::DurationArray>(values, first, count, kinds, cells, [&](std::int64_t time, Cell& cell) {
        return put_duration(time, per, cell, arena);
      });
    }
    case arrow::Type::DICTIONARY:
      return read_words(static_cast<const arrow::DictionaryArray&>(values), first, count, kinds, cells, arena);
    case arrow::Type::EXTENSION: {
      const auto& extension = static_cast<const arrow::ExtensionArray&>(values);
      const auto& name = static_cast<const arrow::ExtensionType&>(*values.type()).extension_name();
      if (name != "arrow.uuid") return read_cells(*extension.storage(), first, count, kinds, cells, arena);
      const auto& uuids = static_cast<const arrow::FixedSizeBinaryArray&>(*extension.storage());
      return scalars([&](std::int64_t i, Cell& cell) { return uuid_cell(uuids.GetView(i), arena, cell); });
    }
    case arrow::Type::NA:
    default:
      for (std::size_t i = 0; i < count; ++i) {
        kinds[i] = Kind::Null;
        cells[i] = cell_of("null");
      }
      return true;
  }
}

}  // namespace weir
