// SPDX-License-Identifier: Apache-2.0
// The way of a rule file: read it and its includes, replace variables, read what is written, compile what runs. Each step
// goes on after an error as far as it can tell causes from consequences, so that a person sees all faults at once.
#include "rules/load.h"

#include "rules/bundle.h"
#include "rules/codes.h"
#include "rules/compile.h"
#include "rules/findings.h"
#include "rules/read_rules.h"
#include "rules/variables.h"

namespace weir {

Loaded load_rules(const std::string& path, const LoadOptions& options) {
  Findings findings;
  Loaded loaded;
  Bundle bundle = read_bundle(path, options, findings);
  if (bundle.root() != nullptr) {
    substitute_variables(bundle, options, findings);
    RuleSet rules = read_rule_set(bundle, options, findings);
    loaded.tests = std::move(rules.tests);
    loaded.topic = rules.topic;
    loaded.topic_where = rules.topic_where;
    const bool nothing = rules.rules.empty() && rules.window_rules.empty() && rules.later.empty() &&
                         !rules.extra_fields && !rules.duplicate_keys;
    if (nothing && !findings.any_errors())
      findings.warning(codes::kNothing, {.file = path}, "there are no rules in this file",
                       {.label = {}, .help = "only records that cannot be read fail"});
    Compiled compiled = compile_plan(std::move(rules), options, findings);
    loaded.later = std::move(compiled.later);
    if (!findings.any_errors()) {
      loaded.plan = std::move(compiled.plan);
      loaded.written = std::move(compiled.written);
      loaded.conditions = std::move(compiled.conditions);
    }
  }
  loaded.diagnostics = std::move(findings).sorted();
  loaded.sources = std::move(bundle.sources);
  return loaded;
}

}  // namespace weir
