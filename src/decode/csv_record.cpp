// SPDX-License-Identifier: Apache-2.0
#include "decode/csv_record.h"

#include <bit>
#include <cstring>
#include <string>
#include <unordered_map>

#include "base/text.h"

namespace weir {

namespace {

constexpr std::uint64_t kEveryByte = 0x0101010101010101;
constexpr std::uint64_t kLowBits = 0x7F * kEveryByte;

/// The high bit of each byte of `word` that equals the byte repeated in `pattern`.
std::uint64_t equal_bytes(std::uint64_t word, std::uint64_t pattern) {
  const std::uint64_t x = word ^ pattern;
  return ~(((x & kLowBits) + kLowBits) | x | kLowBits);
}

}  // namespace

bool CsvSplitter::split(std::string_view record) {
  cells_.clear();
  if (!record.empty() && std::memchr(record.data(), '"', record.size()) != nullptr) return split_quoted(record);
  split_plain(record);
  return true;
}

/// Cells are short, so a search function for each costs more than the search: eight bytes are looked at in one go.
void CsvSplitter::split_plain(std::string_view record) {
  const char* const base = record.data();
  const char* cell = base;
  const auto end_cell = [&](const char* stop) {
    cells_.push_back({.data = cell, .size = static_cast<std::uint32_t>(stop - cell)});
    cell = stop + 1;
  };
  std::size_t at = 0;
  if constexpr (std::endian::native == std::endian::little) {
    const std::uint64_t pattern = static_cast<unsigned char>(separator_) * kEveryByte;
    for (; at + 8 <= record.size(); at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, base + at, 8);
      for (std::uint64_t hits = equal_bytes(word, pattern); hits != 0; hits &= hits - 1) {
        end_cell(base + at + static_cast<std::size_t>(std::countr_zero(hits)) / 8);
      }
    }
  }
  for (; at < record.size(); ++at) {
    if (base[at] == separator_) end_cell(base + at);
  }
  end_cell(base + record.size());
}

bool CsvSplitter::split_quoted(std::string_view record) {
  std::size_t at = 0;
  for (;;) {
    if (at < record.size() && record[at] == '"') {
      const std::size_t open = at++;
      bool doubled = false;
      for (;; at += 2) {
        at = record.find('"', at);
        if (at == std::string_view::npos) return fail(open, "a quote is not closed");
        if (at + 1 == record.size() || record[at + 1] != '"') break;
        doubled = true;
      }
      cells_.push_back({.data = record.data() + open + 1,
                        .size = static_cast<std::uint32_t>(at - open - 1),
                        .quoted = true,
                        .doubled = doubled});
      if (++at < record.size() && record[at] != separator_)
        return fail(at, "expected the end of the cell behind its closing quote");
    } else {
      const std::size_t begin = at;
      while (at < record.size() && record[at] != separator_) {
        if (record[at] == '"') return fail(at, "a quote in a cell that does not begin with one");
        ++at;
      }
      cells_.push_back({.data = record.data() + begin, .size = static_cast<std::uint32_t>(at - begin)});
    }
    if (at == record.size()) return true;
    ++at;
  }
}

bool CsvSplitter::fail(std::size_t at, std::string_view reason) {
  fault_at_ = at;
  fault_ = reason;
  return false;
}

std::string_view csv_text(const CsvCell& cell, Arena& arena) {
  if (!cell.doubled) return cell.raw();
  char* const begin = arena.take(cell.size);
  char* out = begin;
  for (std::size_t i = 0; i < cell.size; ++i) {
    *out++ = cell.data[i];
    if (cell.data[i] == '"') ++i;  // its double
  }
  const auto size = static_cast<std::size_t>(out - begin);
  arena.give_back(cell.size - size);
  return {begin, size};
}

std::string csv_header_name(const FieldPath& path) {
  std::string name;
  if (path.repeated() || path.from_envelope()) return name;
  for (const FieldPath::Step& step : path.steps()) {
    if (!name.empty()) name += '.';
    name += step.name;
  }
  return name;
}

namespace {

/// What is wrong with a header that is one cell because other signs stand between its names. One in quotes is meant so.
Status check_single_name(const CsvCell& only, std::string_view name, char separator) {
  const std::size_t at = only.quoted ? std::string_view::npos : name.find_first_of(separator == ',' ? ";|\t" : ";|,");
  if (at == std::string_view::npos) return Done{};
  const std::string sign = name[at] == '\t' ? "a tab" : "`" + std::string(1, name[at]) + "`";
  return Error{.message = "the only column is `" + shorten(name, 64) + "`: cells seem to be separated by " + sign +
                          ", and weir reads those separated by commas (--format csv) or tabs (--format tsv)"};
}

}  // namespace

Status check_csv_header(std::string_view header, char separator) {
  if (header.empty()) return Done{};
  if (!is_valid_utf8(header)) return Error{.message = "the header is not UTF-8"};
  CsvSplitter splitter(separator);
  if (!splitter.split(header)) {
    return Error{.message =
                     "the header, byte " + std::to_string(splitter.fault_at()) + ": " + std::string(splitter.fault())};
  }
  Arena arena;
  std::unordered_map<std::string_view, std::size_t> columns;
  for (std::size_t i = 0; i < splitter.cells().size(); ++i) {
    const std::string_view name = csv_text(splitter.cells()[i], arena);
    if (name.empty()) continue;
    const auto [first, added] = columns.emplace(name, i);
    if (!added) {
      return Error{.message = "the header names `" + shorten(name, 64) + "` twice, columns " +
                              std::to_string(first->second + 1) + " and " + std::to_string(i + 1)};
    }
  }
  if (splitter.cells().size() != 1) return Done{};
  return check_single_name(splitter.cells()[0], csv_text(splitter.cells()[0], arena), separator);
}

}  // namespace weir
