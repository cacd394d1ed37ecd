// SPDX-License-Identifier: Apache-2.0
// The sentences that reasons are made of.
#include "checks/reasons.h"

namespace weir {

std::string_view kind_in_words(Kind kind) noexcept {
  switch (kind) {
    case Kind::Absent: return "absent";
    case Kind::Null: return "null";
    case Kind::Boolean: return "a boolean";
    case Kind::Integer:
    case Kind::Decimal:
    case Kind::Number: return "a number";
    case Kind::Text: return "a text";
    case Kind::Array: return "an array";
    case Kind::Object: return "an object";
  }
  return "a value";
}

bool is_redacted(const Subject& subject, std::size_t column) {
  return subject.fields[subject.columns[column]].redacted;
}

std::string quoted(const Subject& subject, std::size_t element, std::size_t column) {
  const bool text = subject.column(column).kinds[element] == Kind::Text && !is_redacted(subject, column);
  return text ? "`" + show(subject, element, column) + "`" : show(subject, element, column);
}

Reason reason(const Subject& subject, std::size_t element, std::string_view code, std::string message) {
  return {.code = std::string(code), .message = std::move(message), .value = show(subject, element)};
}

Reason wrong_type(const Subject& subject, std::size_t element, std::string_view needed, std::size_t column) {
  const Kind kind = subject.column(column).kinds[element];
  const bool missing = is_missing(kind);
  std::string message(missing ? "the value" : quoted(subject, element, column));
  message += " is ";
  message += kind_in_words(kind);
  message += ", ";
  message += needed;
  message += " is needed";
  return {.code = missing ? "null" : "type", .message = std::move(message), .value = show(subject, element, column)};
}

}  // namespace weir
