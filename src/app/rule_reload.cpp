// SPDX-License-Identifier: Apache-2.0
#include "app/rule_reload.h"

#include <algorithm>
#include <utility>

#include "app/rule_file.h"

namespace weir {
namespace {

/// "orders.yml:3:14: unknown key `inn`"
std::string first_fault(const StreamRules& rules) {
  for (const Diagnostic& found : rules.diagnostics) {
    if (found.level != DiagnosticLevel::Error) continue;
    const SourceSpan& where = found.error.where;
    std::string text = where.file;
    if (where.line > 0) text += ":" + std::to_string(where.line) + ":" + std::to_string(where.column);
    return text + (text.empty() ? "" : ": ") + found.error.message;
  }
  return "";
}

}  // namespace

Status RuleReload::reload_locked() {
  std::vector<StreamRules> loaded;
  std::string fault;
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    loaded.push_back(load_stream_rules(settings_.config.streams[i], settings_.load_options));
    if (loaded[i].plan == nullptr && fault.empty()) fault = first_fault(loaded[i]);
  }
  for (std::size_t i = 0; i < targets_.size() && fault.empty(); ++i) {
    if (const Status usable = targets_[i].can_use(*loaded[i].plan); !usable)
      fault = usable.error().message + "; " + usable.error().help;
  }
  if (fault.empty()) {
    for (std::size_t i = 0; i < targets_.size(); ++i) targets_[i].use(loaded[i].plan);
  }
  // What was read is remembered either way: a broken file is not told again until it changes again.
  for (std::size_t i = 0; i < loaded.size(); ++i) {
    if (!fault.empty()) loaded[i].plan = rules_[i].plan;
    rules_[i] = std::move(loaded[i]);
  }
  ++generation_;
  done_(fault.empty());
  if (!fault.empty()) return Error{.message = fault};
  return Done{};
}

Status RuleReload::reload() {
  const std::scoped_lock lock(mutex_);
  const Status reloaded = reload_locked();
  if (reloaded) {
    log_.info("reloaded", "", "the rules were loaded again");
  } else {
    log_.error("reload_failed", "", "the rules stay as they were: " + reloaded.error().message);
  }
  return reloaded;
}

void RuleReload::reload_if_changed() {
  {
    const std::scoped_lock lock(mutex_);
    const bool changed = std::any_of(rules_.begin(), rules_.end(), [&](const StreamRules& rules) {
      return have_changed(rules, settings_.load_options.read_file);
    });
    if (!changed) return;
  }
  (void)reload();
}

std::vector<std::string> RuleReload::files() {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> files;
  for (const StreamRules& rules : rules_) {
    for (const auto& [path, unused] : rules.files) files.push_back(path);
  }
  return files;
}

}  // namespace weir
