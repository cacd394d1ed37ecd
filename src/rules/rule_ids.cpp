// SPDX-License-Identifier: Apache-2.0
// Ids are metric labels, headers and test names, so they are short, printable and never change when lines move.
#include "base/text.h"
#include "rules/codes.h"
#include "rules/read_rules.h"

namespace weir {

// Longer label values are a burden for every scrape.
constexpr std::size_t kLongestId = 200;

std::string RuleIds::automatic(const std::string& base, const SourceSpan& where) {
  std::string id = base;
  std::size_t& repeats = repeats_[base];
  ++repeats;
  if (repeats > 1) id = base + "#" + std::to_string(repeats);
  while (!places_.emplace(id, where).second) {
    ++repeats;
    id = base + "#" + std::to_string(repeats);
  }
  return id;
}

std::string RuleIds::given(const std::string& id, const SourceSpan& where) {
  if (id.empty() || shorten(id, kLongestId) != id || id.front() == ' ' || id.back() == ' ') {
    findings_.error(codes::kId, where, "an id has 1 to 200 printable characters and does not begin or end with a blank",
                    {.label = "this one is a name in metrics and reports", .help = {}});
    return id;
  }
  for (const std::string_view built_in : {"decode", "time", "extra_fields", "duplicate_keys"}) {
    if (id != built_in) continue;
    findings_.error(codes::kId, where, "the id " + backquoted(id) + " belongs to a rule that is built in",
                    {.label = "call this one something else", .help = {}});
    return id;
  }
  const auto [first, is_new] = places_.emplace(id, where);
  if (is_new) return id;
  findings_.error(codes::kDuplicateId, where, "the id " + backquoted(id) + " is taken",
                  {.label = "by the rule in line " + std::to_string(first->second.line),
                   .help = first->second.file == where.file ? "" : "that rule stands in " + first->second.file});
  return id;
}

std::vector<std::string_view> RuleIds::all() const {
  std::vector<std::string_view> ids;
  for (const auto& [id, unused] : places_) ids.push_back(id);
  return ids;
}

}  // namespace weir
