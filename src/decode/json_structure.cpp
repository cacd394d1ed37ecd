// SPDX-License-Identifier: Apache-2.0
#include "decode/json_structure.h"

#include <simdjson.h>

#include <algorithm>

#include "base/assert.h"

namespace weir {

namespace {

/// Blocks are of a few hundred KiB; the index grows to the largest one met.
constexpr std::size_t kFirstCapacity = 64 * 1024;

}  // namespace

struct JsonStructure::Parser {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stages;
  std::size_t capacity = 0;

  void reserve(std::size_t wanted) {
    if (wanted <= capacity) return;
    capacity = std::max(wanted, std::max(kFirstCapacity, capacity * 2));
    const simdjson::error_code fault = simdjson::get_active_implementation()->create_dom_parser_implementation(
        capacity, simdjson::DEFAULT_MAX_DEPTH, stages);
    WEIR_ASSERT(fault == simdjson::SUCCESS, "no memory for the index of a block");
  }
};

JsonStructure::JsonStructure() : parser_(std::make_unique<Parser>()) {}
JsonStructure::~JsonStructure() = default;

StructureFault JsonStructure::index(std::string_view bytes) {
  parser_->reserve(bytes.size());
  const simdjson::error_code fault = parser_->stages->stage1(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                                             bytes.size(), simdjson::stage1_mode::regular);
  if (fault == simdjson::SUCCESS) return StructureFault::None;
  if (fault == simdjson::EMPTY) {
    // Nothing but white space: no position at all, and the sentinels.
    parser_->stages->n_structural_indexes = 0;
    parser_->stages->structural_indexes[0] = static_cast<std::uint32_t>(bytes.size());
    parser_->stages->structural_indexes[1] = static_cast<std::uint32_t>(bytes.size());
    return StructureFault::None;
  }
  if (!simdjson::validate_utf8(bytes.data(), bytes.size())) return StructureFault::Utf8;
  return fault == simdjson::UNCLOSED_STRING ? StructureFault::OpenText : StructureFault::ControlCharacter;
}

const std::uint32_t* JsonStructure::positions() const noexcept {
  return parser_->stages->structural_indexes.get();
}

std::size_t JsonStructure::size() const noexcept {
  return parser_->stages->n_structural_indexes;
}

}  // namespace weir
