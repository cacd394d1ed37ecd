// SPDX-License-Identifier: Apache-2.0
#include "app/schema_supply.h"

#include <chrono>
#include <utility>

#include "registry/schema_client.h"

namespace weir {

SchemaSupply::SchemaSupply(const RegistrySettings& settings, std::shared_ptr<SchemaBook> book)
    : book_(std::move(book)) {
  if (settings.urls.empty()) return;
  fetcher_ = std::make_unique<SchemaFetcher>(std::make_unique<SchemaClient>(settings), book_, settings.refused_for);
}

std::unique_ptr<SchemaGate> SchemaSupply::gate(std::unique_ptr<RecordLog> log, const Plan& plan,
                                               std::function<void(const SchemaChange&)> seen) {
  SchemaFetcher& fetcher = *fetcher_;
  SchemaGate::Source source{.want = [&fetcher](std::string_view key) { (void)fetcher.want(key); },
                            .fault = [&fetcher] { return fetcher.status().trouble; }};
  SchemaGate::Options options{
      .form = gate_form(plan),
      .steady =
          [] { return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()); },
      .seen = std::move(seen)};
  return std::make_unique<SchemaGate>(std::move(log), book_, std::move(source), std::move(options));
}

SchemaCounts SchemaSupply::counts() const {
  SchemaCounts counts;
  if (fetcher_ == nullptr) return counts;
  const RegistryStatus status = fetcher_->status();
  counts.requests = status.calls;
  counts.refused = status.refused;
  for (std::size_t i = 0; i < kRegistryFaults; ++i)
    counts.failures.emplace_back(registry_fault_name(static_cast<RegistryFault>(i)), status.failures[i]);
  counts.known = status.known;
  counts.wanted = status.waiting;
  return counts;
}

void SchemaSupply::stop() {
  if (fetcher_ != nullptr) fetcher_->stop();
}

bool reads_headers(const Plan& plan) {
  for (std::size_t i = 0; i < plan.fields.size(); ++i) {
    const FieldPath& path = plan.fields[i].path;
    if (path.from_envelope() && path.steps().size() > 1 && path.steps()[1].name == "headers") return true;
  }
  return false;
}

std::string await_schemas(const RegistrySettings& settings, const std::shared_ptr<SchemaBook>& book,
                          std::span<const std::string> keys, Duration patience) {
  SchemaFetcher fetcher(std::make_unique<SchemaClient>(settings), book, settings.refused_for);
  if (fetcher.await(keys, patience)) return "";
  const std::string trouble = fetcher.status().trouble;
  return trouble.empty() ? "the registry does not answer" : trouble;
}

bool reads_schema_headers(const Plan& plan) {
  const GateForm form = gate_form(plan);
  return form.values || form.keys;
}

}  // namespace weir
