// SPDX-License-Identifier: Apache-2.0
// Where lineage events go: what `lineage` of the configuration says. Plain data; src/config fills it in, src/sinks and
// src/app act on it.
#pragma once

#include <string>

#include "weir/alert_settings.h"
#include "weir/result.h"

namespace weir {

struct LineageSettings {
  std::string url;                     // of a server that takes OpenLineage events; empty: none
  std::string file;                    // a file of JSON lines in its place; both empty: nobody is told
  std::string job_namespace = "weir";  // under which lineage services show the job
  std::string job;                     // its name; empty: the pipeline's
  std::string dataset_namespace;       // of the topics; empty: `kafka://` and the first broker
  ReceiverAccess access;
  SourceSpan where;  // of `file`

  [[nodiscard]] bool wanted() const noexcept { return !url.empty() || !file.empty(); }
};

}  // namespace weir
