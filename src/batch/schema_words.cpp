// SPDX-License-Identifier: Apache-2.0
// Schemas and their changes in words.
#include "weir/schema_change.h"

namespace weir {

std::string_view word_of(Compatibility compatibility) {
  constexpr std::string_view kWords[] = {"none", "backward", "forward", "full"};
  return kWords[static_cast<std::size_t>(compatibility)];
}

std::string schema_title(const SchemaText& schema, std::string_view key) {
  const std::string in_message = schema_key_text(key);
  if (schema.subject.empty()) return "the schema " + in_message;
  std::string title = schema.subject;
  if (schema.version > 0) title += " version " + std::to_string(schema.version);
  return title + " (" + in_message + ")";
}

std::string in_words(const SchemaChange& change) {
  if (change.from == nullptr)
    return (change.of_key ? "the keys of " : "the values of ") + change.topic + " come with " +
           schema_title(*change.to, change.to_key);
  std::string words = (change.of_key ? "the keys of " : "the values of ") + change.topic + " went from " +
                      schema_title(*change.from, change.from_key) + " to " + schema_title(*change.to, change.to_key);
  const SchemaDifference& difference = change.difference;
  std::string_view between = ": ";
  for (const std::string& one : difference.differences) {
    words += between;
    words += one;
    between = "; ";
  }
  if (difference.more > 0) words += "; and " + std::to_string(difference.more) + " more";
  if (!difference.compatibility) return words + "; whether they are compatible is not known";
  switch (*difference.compatibility) {
    case Compatibility::Full: return words + "; compatible in both directions";
    case Compatibility::Backward: return words + "; backward compatible only: " + difference.why_not_forward;
    case Compatibility::Forward: return words + "; forward compatible only: " + difference.why_not_backward;
    case Compatibility::None: break;
  }
  words += "; not compatible: " + difference.why_not_backward;
  if (difference.why_not_forward != difference.why_not_backward) words += "; " + difference.why_not_forward;
  return words;
}

}  // namespace weir
