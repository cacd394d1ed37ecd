// SPDX-License-Identifier: Apache-2.0
// The keys of the configuration file, as tables: the reader, "did you mean" and docs/run.md are made of them.
#pragma once

#include <string>

#include "rules/keys.h"

namespace weir {

/// The file itself.
const Keys& config_keys();
const Keys& registry_keys();
const Keys& state_keys();
const Keys& panes_keys();
const Keys& web_keys();
const Keys& log_keys();
const Keys& reload_keys();
const Keys& stream_keys();
const Keys& quarantine_keys();
const Keys& split_keys();
const Keys& stream_redact_keys();
const Keys& alerts_keys();
const Keys& receiver_keys();
const Keys& alertmanager_keys();
const Keys& webhook_keys();
const Keys& slack_keys();
const Keys& pagerduty_keys();
const Keys& email_keys();
const Keys& maintenance_keys();
const Keys& lineage_keys();

/// The tables of docs/run.md.
[[nodiscard]] std::string config_reference();

}  // namespace weir
