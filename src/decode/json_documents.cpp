// SPDX-License-Identifier: Apache-2.0
#include "decode/json_documents.h"

#include <cstring>

#include "base/assert.h"
#include "base/text.h"

namespace weir {

namespace {

/// What is wrong with the quotes of a text that stage one refused: where its first control character between quotes stands,
/// and where the text begins that is never closed. As in stage one, a backslash takes the next byte along everywhere.
struct QuoteFaults {
  std::size_t control = 0;
  std::size_t open = 0;
};

QuoteFaults find_quote_faults(std::string_view json) {
  QuoteFaults faults;
  bool in_text = false;
  bool controlled = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '\\') {
      if (++i == json.size()) break;
    } else if (json[i] == '"') {
      in_text = !in_text;
      faults.open = i;
    }
    if (in_text && !controlled && static_cast<unsigned char>(json[i]) < 0x20) {
      controlled = true;
      faults.control = i;
    }
  }
  return faults;
}

/// A quote too many in one document must not turn the texts of the next one inside out: a line end between them brings it to
/// light, as no text may hold one.
bool on_lines_of_their_own(const std::vector<Message>& items) {
  for (std::size_t i = 1; i < items.size(); ++i) {
    const char* const end = items[i - 1].bytes.data() + items[i - 1].bytes.size();
    const auto gap = static_cast<std::size_t>(items[i].bytes.data() - end);
    if (gap == 0 || (*end != '\n' && std::memchr(end, '\n', gap) == nullptr)) return false;
  }
  return true;
}

/// Copies documents that lie anywhere (Kafka's) into one stretch with padding.
std::string_view gather(std::vector<std::string_view>& documents, Arena& arena) {
  std::size_t total = 0;
  for (const std::string_view document : documents) total += document.size() + 1;
  char* const begin = arena.take(total + Messages::kPadding);
  char* out = begin;
  for (std::string_view& document : documents) {
    if (document.data() == nullptr) continue;
    if (!document.empty()) std::memcpy(out, document.data(), document.size());
    document = std::string_view(out, document.size());
    out += document.size();
    *out++ = '\n';
  }
  std::memset(out, 0, Messages::kPadding);
  return {begin, static_cast<std::size_t>(out - begin)};
}

DecodeFailure fault(std::size_t at, std::string_view code, std::string reason) {
  return {.row = 0, .at = static_cast<std::uint32_t>(at), .code = code, .reason = std::move(reason)};
}

}  // namespace

void JsonDocuments::take(const Messages& messages, bool as_they_lie, std::vector<std::string_view>& documents,
                         Arena& arena) {
  text_ = messages.block;
  if (!as_they_lie || text_.empty() || !on_lines_of_their_own(messages.items)) text_ = gather(documents, arena);
  WEIR_ASSERT(text_.data()[text_.size()] == '\0', "a block of messages is followed by a zero byte");
}

bool JsonDocuments::index_all() {
  indexed_ = text_;
  return structure_.index(text_) == StructureFault::None;
}

std::optional<DecodeFailure> JsonDocuments::index_one(std::string_view document) {
  indexed_ = document;
  if (document.empty()) return fault(0, "syntax", "the record is empty");
  switch (structure_.index(document)) {
    case StructureFault::None: break;
    case StructureFault::Utf8: return fault(first_invalid_utf8(document), "utf8", "the bytes are not UTF-8");
    case StructureFault::OpenText: return fault(find_quote_faults(document).open, "syntax", "a text is not closed");
    case StructureFault::ControlCharacter:
      return fault(find_quote_faults(document).control, "syntax", "a control character in a text must be escaped");
  }
  return std::nullopt;
}

std::string_view other_encoding(std::string_view bytes) {
  const auto is = [bytes](std::size_t i, unsigned char c) {
    return i < bytes.size() && static_cast<unsigned char>(bytes[i]) == c;
  };
  if (is(0, 0xFF) && is(1, 0xFE)) return is(2, 0) && is(3, 0) ? "UTF-32, little endian" : "UTF-16, little endian";
  if (is(0, 0xFE) && is(1, 0xFF)) return "UTF-16, big endian";
  if (is(0, 0) && is(1, 0) && is(2, 0xFE) && is(3, 0xFF)) return "UTF-32, big endian";
  // Unmarked, the first two characters tell: those of JSON are ASCII.
  if (bytes.size() < 4 || bytes.size() % 2 != 0) return {};
  const auto pattern = [&](bool a, bool b, bool c, bool d) {
    return is(0, 0) == a && is(1, 0) == b && is(2, 0) == c && is(3, 0) == d;
  };
  if (pattern(false, true, false, true)) return "UTF-16, little endian";
  if (pattern(true, false, true, false)) return "UTF-16, big endian";
  if (pattern(false, true, true, true)) return "UTF-32, little endian";
  if (pattern(true, true, true, false)) return "UTF-32, big endian";
  return {};
}

}  // namespace weir
