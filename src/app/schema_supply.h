// SPDX-License-Identifier: Apache-2.0
// The schemas of this process: one book, which all plans share over reloads, and one fetcher that fills it. Without a registry
// there is neither a fetcher nor a gate.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "registry/schema_fetcher.h"
#include "registry/schema_gate.h"
#include "sinks/metrics_registry.h"
#include "weir/plan.h"
#include "weir/ports.h"
#include "weir/registry_settings.h"

namespace weir {

class SchemaSupply {
 public:
  /// `book` is where plans look (LoadOptions::schemas).
  SchemaSupply(const RegistrySettings& settings, std::shared_ptr<SchemaBook> book);
  SchemaSupply(const SchemaSupply&) = delete;
  SchemaSupply& operator=(const SchemaSupply&) = delete;

  [[nodiscard]] bool has_registry() const { return fetcher_ != nullptr; }
  /// The log with a gate before it; it outlives neither. `seen` is told each schema of a topic once. Only with a registry.
  [[nodiscard]] std::unique_ptr<SchemaGate> gate(std::unique_ptr<RecordLog> log, const Plan& plan,
                                                 std::function<void(const SchemaChange&)> seen);
  /// For metrics. Any thread.
  [[nodiscard]] SchemaCounts counts() const;
  /// Ends what is under way: nobody waits for a registry at the end.
  void stop();

 private:
  std::shared_ptr<SchemaBook> book_;
  std::unique_ptr<SchemaFetcher> fetcher_;
};

/// Whether rules read headers of records.
[[nodiscard]] bool reads_headers(const Plan& plan);

/// Puts these schemas into the book, known or refused. What did not come in time, in words; mostly nothing.
[[nodiscard]] std::string await_schemas(const RegistrySettings& settings, const std::shared_ptr<SchemaBook>& book,
                                        std::span<const std::string> keys, Duration patience);

/// Whether the schemas of records may be named in their headers, so that these have to be read.
[[nodiscard]] bool reads_schema_headers(const Plan& plan);

}  // namespace weir
