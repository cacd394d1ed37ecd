// SPDX-License-Identifier: Apache-2.0
#include "registry/schema_watch.h"

#include <utility>

#include "decode/schema_change.h"

namespace weir {
namespace {

/// The same schema may have an id in each subject.
bool same_text(const SchemaText& a, const SchemaText& b) {
  if (a.language != b.language || a.text != b.text || a.references.size() != b.references.size()) return false;
  for (std::size_t i = 0; i < a.references.size(); ++i) {
    if (a.references[i].text != b.references[i].text) return false;
  }
  return true;
}

}  // namespace

std::optional<SchemaChange> SchemaWatch::see(const std::string& topic, bool of_key, std::string_view key,
                                             const std::shared_ptr<const SchemaText>& schema) {
  History& history = histories_[{topic, of_key}];
  ++clock_;
  if (const auto seen = history.find(key); seen != history.end()) {
    seen->second.last = clock_;
    return std::nullopt;
  }
  const std::string kind = schema_kind(*schema);
  const std::pair<const std::string, Seen>* before = nullptr;
  for (const auto& entry : history) {
    const Seen& seen = entry.second;
    const bool same_kind = seen.schema->language == schema->language && seen.kind == kind;
    const bool same_subject = !schema->subject.empty() && seen.schema->subject == schema->subject;
    if (!same_kind && !same_subject) continue;
    if (before == nullptr || before->second.last < seen.last) before = &entry;
  }
  SchemaChange change;
  change.topic = topic;
  change.of_key = of_key;
  change.to_key = key;
  change.to = schema;
  if (before != nullptr && !same_text(*before->second.schema, *schema)) {
    change.from_key = before->first;
    change.from = before->second.schema;
    change.difference = compare_schemas(*change.from, *schema);
  }
  if (history.size() >= kMost) {
    std::erase_if(history, [this](const auto& entry) { return entry.second.last + 1 < clock_; });
  }
  history.insert_or_assign(std::string(key), Seen{.schema = schema, .kind = kind, .last = clock_});
  return change;
}

}  // namespace weir
