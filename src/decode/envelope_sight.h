// SPDX-License-Identifier: Apache-2.0
// What stands around a record, told from the record alone: never from its neighbours, so that no answer depends on how
// records were cut into batches.
//
// Most records are plain, and of them no more is looked at than their first key. Only one that an envelope begins with makes
// the keys of the whole record be looked at.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "decode/envelope_places.h"
#include "weir/batch.h"

namespace weir {

struct Sight {
  EnvelopeShape shape = EnvelopeShape::Plain;
  Wrapping wrapping = Wrapping::None;
  bool notice = false;           // an event that tells of no row: a schema change, a transaction's end, a heartbeat
  std::string_view schema = {};  // Connect: the schema that stands in the message
  std::string_view fault = {};   // `envelope:` names one, and this is none: why
};

/// An indexed document: `text` and the positions of its pieces (JsonStructure).
struct IndexedJson {
  std::string_view text;
  std::span<const std::uint32_t> positions;
};

/// Whether the document that begins here may be wrapped: its first key is one of an envelope's. 16 bytes behind its end may be
/// read.
[[nodiscard]] bool begins_wrapped(const char* from, const char* to);

/// `wanted`: `source.envelope`. A document that is no JSON at all is plain.
[[nodiscard]] Sight look_at_json(const IndexedJson& document, Wrapping wanted);

/// The same by the names of a schema's fields.
[[nodiscard]] Sight look_at_names(const std::vector<std::string>& names, Wrapping wanted);

}  // namespace weir
