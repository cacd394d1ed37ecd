// SPDX-License-Identifier: Apache-2.0
// One quarantined record as a person reads it: where it came from, what it broke, and what it holds.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "app/quarantine_listing.h"
#include "quarantine/quarantined.h"
#include "weir/registry_settings.h"
#include "weir/schemas.h"

namespace weir {

/// The schemas that values name, out of the registry. Says what did not come; nothing when there is none to be asked for.
[[nodiscard]] std::string fetch_schemas(const std::vector<NewestRecords::Kept>& records,
                                        const RegistrySettings& registry, const std::shared_ptr<SchemaBook>& book);

struct QuarantineViewOptions {
  std::shared_ptr<SchemaBook> schemas;
  std::string brokers;             // for the command that reads the original; empty: not known
  const SentBack* sent = nullptr;  // null: it was not sent back
};
[[nodiscard]] std::string quarantine_view(const QuarantinedRecord& record, const QuarantineViewOptions& options);

}  // namespace weir
