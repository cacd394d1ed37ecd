// SPDX-License-Identifier: Apache-2.0
// What windows came to, as events of OpenLineage (https://openlineage.io), the format in which lineage services, catalogs and
// schedulers are told what ran over which data.
//
// One run of the job is one window judged: all rules and segments of it are one event. The event type is that of the run and not
// of the data. A monitor whose window broke a rule has done its work: COMPLETE, with `success: false` in the facet that is there
// for it. FAIL, with `errorMessage`, is left for windows that could not be judged. There is no START: the job says of itself
// (`jobType`) that it streams and that each event holds all there is to know of its window, so that consumers need no other.
//
// The id of a run follows from what it is about (the job, the stretch, the way windows are cut) and from nothing else: who judges
// the window again, after a crash or elsewhere, tells of the same run again. A window that is judged anew because of late records
// is another run when it came to something else.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/plan.h"
#include "weir/schema_change.h"
#include "weir/time.h"
#include "weir/window_verdict.h"

namespace weir {

/// Who tells, and of what.
struct LineageNames {
  std::string job_namespace;
  std::string job;                   // of one stream
  std::string dataset_namespace;     // "kafka://broker-1:9092"
  std::vector<std::string> inputs;   // topics that are read
  std::vector<std::string> outputs;  // topics that records go to
  std::string version;               // of weir
};

struct LineageEvent {
  std::string run_id;
  std::string body;  // JSON, one line
};

/// A field of a dataset, as its schema has it.
struct LineageField {
  std::string name;
  std::string type;
};

/// What stands in an event about one window at most; those that fail come first.
inline constexpr std::size_t kMostLineageResults = 1'000;

using TellLineage = std::function<void(LineageEvent&&)>;

/// Tells of each window of `windows` by an event, in their order. Windows that say `partial` are left out, as what they came to is
/// about some of the records, and those without a place in time. `fields`: of the only input, as far as they are known.
void tell_lineage(const WindowOutcome& windows, const Plan& plan, const LineageNames& names,
                  const std::vector<LineageField>& fields, Instant now, const TellLineage& tell);

/// A UUID of version 7 whose time is `at` and whose other bits are a digest of `what`, as OpenLineage's own clients make ids that
/// are to come out the same each time.
[[nodiscard]] std::string lineage_run_id(Instant at, std::string_view what);

/// The uppermost fields of a schema; nothing of one that cannot be read, or is written in a language that is not (Protobuf).
[[nodiscard]] std::vector<LineageField> lineage_fields(const SchemaText& schema);

}  // namespace weir
