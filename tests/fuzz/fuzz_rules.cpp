// SPDX-License-Identifier: Apache-2.0
// Any bytes as a rule file: they are refused with diagnostics or become a plan, and never anything else. Files that the
// rule file names hold the same bytes, so that includes and sets are reached.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "rules/explain.h"
#include "rules/load.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  const std::string text(reinterpret_cast<const char*>(data), size);
  LoadOptions options;
  options.environment = [](const std::string& name) {
    return name.size() > 3 ? std::optional<std::string>(name) : std::nullopt;
  };
  options.read_file = [&](const std::string& path) -> Result<std::string> {
    if (path.find('!') != std::string::npos) return Error{.message = "no such file"};
    return text;
  };
  const Loaded loaded = load_rules("rules.yml", options);
  WEIR_ASSERT(loaded.plan != nullptr || !loaded.diagnostics.empty(), "a refusal has a reason");
  const std::string shown = render(loaded.diagnostics, loaded.sources, true);
  WEIR_ASSERT(shown.empty() == loaded.diagnostics.empty(), "what is wrong is shown");
  const std::string explained = explain_rules(loaded);
  WEIR_ASSERT(explained.empty() == (loaded.plan == nullptr), "what runs is explained");
  return 0;
}
