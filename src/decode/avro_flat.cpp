// SPDX-License-Identifier: Apache-2.0
#include "decode/avro_flat.h"

#include <array>
#include <cstring>

#include "base/hash.h"
#include "base/text.h"
#include "decode/shortest.h"

namespace weir {

namespace {

using Op = AvroStep::Op;

constexpr std::uint64_t kHigh = 0x8080808080808080U;
constexpr Cell kNullCell{.number = 0, .data = "null", .size = 4, .scale = 0};

/// The top bits of so many bytes, then nothing.
constexpr std::size_t kWindow = 32;
constexpr std::array<std::uint8_t, 2 * kWindow> kTops = [] {
  std::array<std::uint8_t, 2 * kWindow> tops{};
  for (std::size_t i = 0; i < kWindow; ++i) tops[i] = 0x80;
  return tops;
}();

using Words [[gnu::vector_size(16)]] = std::uint64_t;

inline Words load16(const void* from) {
  Words words;
  std::memcpy(&words, from, sizeof words);
  return words;
}

/// Whether a byte is the length of a text of at most kWindow bytes.
inline bool is_short(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 2 * kWindow && byte % 2 == 0;
}

/// Whether a text of at most kWindow bytes is ASCII, where as many may be read: no branch depends on its size.
inline bool is_window_plain(const char* data, std::size_t size) {
  const std::uint8_t* const tops = kTops.data() + kWindow - size;
  const Words seen = (load16(data) & load16(tops)) | (load16(data + 16) & load16(tops + 16));
  return (seen[0] | seen[1]) == 0;
}

inline bool is_plain(const char* data, std::size_t size) {
  if (size < 8) return (hashing::head_of({data, size}) & kHigh) == 0;
  std::uint64_t seen = hashing::load8(data + size - 8);
  for (std::size_t i = 0; i + 8 <= size; i += 8) seen |= hashing::load8(data + i);
  return (seen & kHigh) == 0;
}

/// A length: of one byte or two.
inline const char* take_size(const char* at, const char* end, std::size_t& size) {
  if (end - at < 2) {
    size = 0;
    return at != end && *at == 0 ? at + 1 : nullptr;
  }
  const auto first = static_cast<unsigned char>(at[0]);
  if ((first & 1U) != 0) [[unlikely]]
    return nullptr;
  if (first < 0x80) [[likely]] {
    size = first >> 1;
    ++at;
  } else {
    const auto second = static_cast<unsigned char>(at[1]);
    if (second >= 0x80) return nullptr;
    size = (first & 0x7FU) >> 1 | std::size_t{second} << 6;
    at += 2;
  }
  return size <= static_cast<std::size_t>(end - at) ? at : nullptr;
}

}  // namespace

bool AvroFlat::take(const AvroProgram& program, const AvroStep& written, const ColumnFiller& filler, Field& field) {
  AvroStep step = written;
  if (step.op == Op::Union) {
    if (step.branches != 2) return false;
    const AvroStep& first = program.steps[step.target];
    const AvroStep& second = program.steps[step.target + 1];
    const auto is_null = [](const AvroStep& one) { return one.op == Op::Null || one.op == Op::Nothing; };
    if (is_null(first) == is_null(second)) return false;
    field.null = is_null(first) ? 0 : 2;  // in zigzag
    step = is_null(first) ? second : first;
  }
  switch (step.op) {
    case Op::Union:
    case Op::Record:
    case Op::Array:
    case Op::Map: return false;
    default: break;
  }
  if (step.note >= 0) return false;
  field.op = step.op;
  field.shape = step.shape;
  if (step.op == Op::SkipBytes) field.size = step.target;
  field.node = step.node;
  return step.node == AvroStep::kNowhere || filler.is_single(step.node);
}

std::optional<AvroFlat> AvroFlat::make(const AvroShapes& shapes, const AvroProgram& program,
                                       const ColumnFiller& filler) {
  if (program.start.op != Op::Record || program.start.note >= 0 || filler.wants_json(program.start.node))
    return std::nullopt;
  const AvroRoutine& routine = program.routines[program.start.target];
  if (!routine.constants.empty() || !routine.extra.empty()) return std::nullopt;
  for (const std::int32_t node : routine.absent) {
    if (filler.has_repeated(node)) return std::nullopt;
  }
  AvroFlat flat;
  flat.shapes_ = &shapes;
  for (std::uint32_t i = 0; i < routine.count; ++i) {
    Field field;
    if (!take(program, program.steps[routine.first + i], filler, field)) return std::nullopt;
    flat.fields_.push_back(field);
  }
  return flat;
}

void AvroFlat::begin(const ColumnFiller& filler) {
  for (Field& field : fields_) {
    if (field.node == AvroStep::kNowhere) continue;
    const ColumnFiller::Slot slot = filler.slot(field.node);
    field.kinds = slot.kinds;
    field.cells = slot.cells;
  }
}

/// One field of all records. `take(at, end, row)` reads a value that is there: where it ends, or null.
template <class Take>
[[gnu::always_inline]] inline void AvroFlat::each(const Field& field, const Take& take) {
  Place* const places = places_.data();  // in registers: what is stored below might change anything
  const std::size_t count = places_.size();
  const std::size_t first = first_;
  if (field.null == kNoUnion) {
    for (std::size_t i = 0; i < count; ++i) {
      if (places[i].at != nullptr) [[likely]]
        places[i].at = take(places[i].at, places[i].end, first + i);
    }
    return;
  }
  const unsigned null = field.null;
  Kind* const kinds = field.kinds;
  Cell* const cells = field.cells;
  for (std::size_t i = 0; i < count; ++i) {
    const char* const at = places[i].at;
    const char* const end = places[i].end;
    if (at == end || at == nullptr) [[unlikely]] {
      places[i].at = nullptr;
      continue;
    }
    const unsigned branch = static_cast<unsigned char>(*at);
    if ((branch ^ null) == 2) [[likely]] {
      places[i].at = take(at + 1, end, first + i);
      continue;
    }
    places[i].at = branch == null ? at + 1 : nullptr;
    if (branch != null || kinds == nullptr) continue;
    kinds[first + i] = Kind::Null;
    cells[first + i] = kNullCell;
  }
}

template <class Float>
void AvroFlat::floats(Field& field, Arena& arena) {
  std::uint32_t digits = field.digits;
  each(field, [&, kinds = field.kinds, cells = field.cells](const char* at, const char* end, std::size_t row) {
    Float number = 0;
    if (static_cast<std::size_t>(end - at) < sizeof number) return static_cast<const char*>(nullptr);
    std::memcpy(&number, at, sizeof number);
    kinds[row] = shortest_like(number, digits, cells[row], arena);
    return at + sizeof number;
  });
  field.digits = digits;
}

template <bool Int>
void AvroFlat::numbers(const Field& field) {
  each(field, [kinds = field.kinds, cells = field.cells](const char* at, const char* end, std::size_t row) {
    AvroCursor here{at, end};
    std::uint64_t raw = 0;
    if (!here.any_varint(raw) || (Int && raw > 0xFFFF'FFFFU)) return static_cast<const char*>(nullptr);
    if (kinds == nullptr) return here.at;
    kinds[row] = Kind::Integer;
    cells[row] = {
        .number = static_cast<std::int64_t>(raw >> 1 ^ (0 - (raw & 1))), .data = nullptr, .size = 0, .scale = 0};
    return here.at;
  });
}

void AvroFlat::texts(const Field& field) {
  each(field, [kinds = field.kinds, cells = field.cells](const char* at, const char* end, std::size_t row) {
    std::size_t size = 0;
    bool plain = false;
    if (end - at > static_cast<std::ptrdiff_t>(kWindow) && is_short(*at)) [[likely]] {
      size = static_cast<std::size_t>(*at++) / 2;
      plain = is_window_plain(at, size);
    } else {
      at = take_size(at, end, size);
      if (at == nullptr) return at;
      plain = is_plain(at, size);
    }
    if (!plain && !is_valid_utf8({at, size})) [[unlikely]]
      return static_cast<const char*>(nullptr);
    kinds[row] = Kind::Text;
    cells[row] = {.number = 0, .data = at, .size = static_cast<std::uint32_t>(size), .scale = 0};
    return at + size;
  });
}

void AvroFlat::read_field(Field& field, AvroWalk& walk, const AvroRoom& room) {
  const auto walked = [&](const auto& step) {
    each(field, [&](const char* at, const char* end, std::size_t row) {
      walk.begin({at, static_cast<std::size_t>(end - at)});
      return step(row) ? walk.cursor.at : nullptr;
    });
  };
  switch (field.op) {
    case Op::Nothing:
    case Op::Null:
      return each(field, [&field](const char* at, const char*, std::size_t row) {
        if (field.kinds != nullptr) {
          field.kinds[row] = Kind::Null;
          field.cells[row] = kNullCell;
        }
        return at;
      });
    case Op::SkipBytes:
      return each(field, [size = field.size](const char* at, const char* end, std::size_t) {
        return static_cast<std::size_t>(end - at) < size ? nullptr : at + size;
      });
    case Op::SkipText:
      return each(field, [](const char* at, const char* end, std::size_t) {
        std::size_t size = 0;
        at = take_size(at, end, size);
        return at == nullptr ? at : at + size;
      });
    case Op::SkipLong:
    case Op::Long: return numbers<false>(field);
    case Op::Int: return numbers<true>(field);
    case Op::Float: return floats<float>(field, *room.arena);
    case Op::Double: return floats<double>(field, *room.arena);
    case Op::Text: return texts(field);
    case Op::Skip: return walked([&](std::size_t) { return walk.skip(field.shape, 1); });
    default:
      return walked([&](std::size_t row) {
        return read_avro_value(walk, (*shapes_)[field.shape], room, field.kinds[row], field.cells[row]);
      });
  }
}

void AvroFlat::read(std::uint32_t first, std::span<const std::string_view> records, AvroWalk& walk,
                    const AvroRoom& room, std::vector<std::uint32_t>& left) {
  first_ = first;
  places_.clear();
  for (const std::string_view record : records) places_.push_back({record.data(), record.data() + record.size()});
  for (Field& field : fields_) read_field(field, walk, room);
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (places_[i].at != places_[i].end || places_[i].end == nullptr) [[unlikely]]
      left.push_back(first + static_cast<std::uint32_t>(i));
  }
}

}  // namespace weir
