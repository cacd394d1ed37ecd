// SPDX-License-Identifier: Apache-2.0
// Every event under which a trouble is logged and counted: one table, from which weir_troubles_total has its series before
// the first trouble, and which is tested against the source and docs/logs.md.
#pragma once

#include <array>
#include <string_view>

namespace weir {

inline constexpr auto kTroubleEvents = std::to_array<std::string_view>({
    // of the stream and what it keeps
    "fenced",
    "offset_out_of_range",
    "snapshot_damaged",
    "state_unread",
    "state_missing",
    "state_not_saved",
    "commit_failed",
    "transaction_failed",
    "drain_unfinished",
    "pane_unread",
    "pane_too_large",
    // of what goes out
    "record_too_large",
    "quarantine_over_limit",
    "output_unwritable",
    "file_not_written",
    "file_not_rotated",
    "file_removed",
    "file_cut",
    // of the brokers
    "broker_silent",
    "broker_away",
    "brokers_away",
    "broker_slow",
    "broker_name",
    "authentication",
    "tls",
    "topic_unknown",
    "topic_invalid",
    "topic_forbidden",
    "partition_unknown",
    "group_forbidden",
    "cluster_forbidden",
    "transactions_forbidden",
    "group_protocol",
    "session_timeout",
    "too_slow",
    "too_large",
    "timestamp",
    "too_few_replicas",
    "policy",
    "not_written",
    "aborted",
    "no_group",
    "close_hangs",
    "fatal",
    "kafka_error",
    "kafka_log",
});

}  // namespace weir
