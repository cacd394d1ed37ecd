// SPDX-License-Identifier: Apache-2.0
// A file of records as what a drift rule compares with: `reference: {file: train.ndjson}`.
#pragma once

#include "drift/baseline.h"
#include "rules/load.h"
#include "weir/result.h"

namespace weir {

/// Reads the file once, or twice where its fields are not declared; its format is its own, whatever that of the stream.
[[nodiscard]] Result<Baseline> profile_reference(const ProfileRequest& request);

}  // namespace weir
