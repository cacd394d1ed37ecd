// SPDX-License-Identifier: Apache-2.0
#include "app/stream_rules.h"

#include <algorithm>
#include <utility>

#include "config/consistency.h"
#include "rules/codes.h"

namespace weir {

StreamRules load_stream_rules(const StreamConfig& stream, LoadOptions options) {
  StreamRules rules;
  options.redact = stream.redact.paths;
  options.redaction = stream.redact.how;
  options.read_file = [&rules, read = options.read_file](const std::string& path) {
    Result<std::string> text = read(path);
    rules.files[path] = text ? *text : "";
    return text;
  };
  Loaded loaded = load_rules(stream.rules.value, options);
  rules.diagnostics = std::move(loaded.diagnostics);
  // On a topic there is the time of the message: what the warning warns of cannot be.
  std::erase_if(rules.diagnostics, [](const Diagnostic& found) { return found.error.code == codes::kNoEventTime; });
  loaded.diagnostics.clear();
  std::vector<Diagnostic> unfit = check_stream_rules(stream, loaded);
  if (unfit.empty()) rules.plan = std::move(loaded.plan);
  rules.diagnostics.insert(rules.diagnostics.end(), unfit.begin(), unfit.end());
  rules.sources = std::move(loaded.sources);
  return rules;
}

bool have_changed(const StreamRules& rules, const ReadFile& read_file) {
  return std::any_of(rules.files.begin(), rules.files.end(), [&](const auto& file) {
    const Result<std::string> text = read_file(file.first);
    return (text ? *text : std::string()) != file.second;
  });
}

}  // namespace weir
