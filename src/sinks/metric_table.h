// SPDX-License-Identifier: Apache-2.0
// Every metric that weir exports: one table, from which the registry is made and against which docs/metrics.md is tested.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace weir {

enum class MetricType : std::uint8_t { Counter, Gauge, Histogram };

/// In the order of kMetrics.
enum class Metric : std::uint8_t {
  Records,
  Evaluations,
  Failures,
  Skipped,
  FailingRecords,
  Quarantined,
  KeptOut,
  DecodeErrors,
  LateRecords,
  UntimedRecords,
  FutureRecords,
  FoldedSegments,
  ProcessingDelay,
  WindowVerdicts,
  WindowStatus,
  WindowValue,
  WindowEnd,
  PartialWindows,
  Watermark,
  Lag,
  Partitions,
  Rebalances,
  Waiting,
  WindowBytes,
  StateBytes,
  SnapshotAge,
  Ready,
  LastTurn,
  Troubles,
  SeriesDropped,
  ReloadSuccessful,
  ReloadSuccessTime,
  BuildInfo,
  CpuSeconds,
  ResidentBytes,
  VirtualBytes,
  OpenFiles,
  MaxFiles,
  StartTime,
};

struct MetricSpec {
  Metric id;
  std::string_view name;
  MetricType type;
  std::string_view labels;  // separated by ", "
  std::string_view help;    // fixed: nothing of a rule file or a record is ever in it
};

inline constexpr std::array kMetrics = {
    MetricSpec{Metric::Records, "weir_records_total", MetricType::Counter, "stream, topic", "Records judged."},
    MetricSpec{Metric::Evaluations, "weir_expectation_evaluations_total", MetricType::Counter, "stream, rule",
               "Records, or windows of a window rule, that a rule judged."},
    MetricSpec{Metric::Failures, "weir_expectation_failures_total", MetricType::Counter, "stream, rule, severity",
               "Records, or windows of a window rule, that broke a rule."},
    MetricSpec{Metric::Skipped, "weir_expectation_skipped_total", MetricType::Counter, "stream, rule",
               "Records that a rule left out, by its condition or as null."},
    MetricSpec{Metric::FailingRecords, "weir_failing_records_total", MetricType::Counter, "stream, action",
               "Records that broke a rule, by the strictest action of the rules they broke."},
    MetricSpec{Metric::Quarantined, "weir_quarantined_records_total", MetricType::Counter, "stream, rule",
               "Records put aside, under each rule that they broke."},
    MetricSpec{Metric::KeptOut, "weir_quarantine_kept_out_total", MetricType::Counter, "stream",
               "Failing records that storm control kept out of the quarantine; they went nowhere."},
    MetricSpec{Metric::DecodeErrors, "weir_decode_errors_total", MetricType::Counter, "stream, kind",
               "Messages that hold no record that can be read."},
    MetricSpec{Metric::LateRecords, "weir_late_records_total", MetricType::Counter, "stream",
               "Records that came after their window was judged."},
    MetricSpec{Metric::UntimedRecords, "weir_untimed_records_total", MetricType::Counter, "stream",
               "Records whose time could not be read."},
    MetricSpec{Metric::FutureRecords, "weir_future_records_total", MetricType::Counter, "stream",
               "Records with a time too far in the future; they are in no window."},
    MetricSpec{Metric::FoldedSegments, "weir_segments_folded_total", MetricType::Counter, "stream",
               "Segments judged as a part of __other__, because there are too many."},
    MetricSpec{Metric::ProcessingDelay, "weir_processing_delay_seconds", MetricType::Histogram, "stream",
               "From the timestamp of a record until it was judged."},
    MetricSpec{Metric::WindowVerdicts, "weir_window_verdicts_total", MetricType::Counter, "stream, rule, verdict",
               "Windows judged, by verdict."},
    MetricSpec{Metric::WindowStatus, "weir_window_status", MetricType::Gauge, "stream, rule, segment",
               "Verdict over the newest window: 0 pass, 1 warn, 2 fail, 3 no data, 4 inconclusive, 5 error."},
    MetricSpec{Metric::WindowValue, "weir_window_value", MetricType::Gauge, "stream, rule, segment",
               "What a rule measured over the newest window; durations and times in seconds."},
    MetricSpec{Metric::WindowEnd, "weir_window_end_timestamp_seconds", MetricType::Gauge, "stream, rule, segment",
               "When the newest window ended."},
    MetricSpec{Metric::PartialWindows, "weir_partial_windows_total", MetricType::Counter, "stream",
               "Windows of which not all records were seen."},
    MetricSpec{Metric::Watermark, "weir_watermark_timestamp_seconds", MetricType::Gauge, "stream",
               "Up to when all records are taken to have come."},
    MetricSpec{Metric::Lag, "weir_consumer_lag_records", MetricType::Gauge, "stream, topic",
               "Records of the assigned partitions that are not judged yet."},
    MetricSpec{Metric::Partitions, "weir_partitions", MetricType::Gauge, "stream, state",
               "Partitions that are assigned, and how many of them are caught_up, idle, paused, partial."},
    MetricSpec{Metric::Rebalances, "weir_rebalances_total", MetricType::Counter, "stream",
               "Changes of the assignment."},
    MetricSpec{Metric::Waiting, "weir_outgoing_records_waiting", MetricType::Gauge, "stream",
               "Records on their way to quarantine or clean output that are not acknowledged."},
    MetricSpec{Metric::WindowBytes, "weir_window_memory_bytes", MetricType::Gauge, "stream",
               "Memory of what windows remember."},
    MetricSpec{Metric::StateBytes, "weir_state_bytes", MetricType::Gauge, "stream", "Size of the newest snapshots."},
    MetricSpec{Metric::SnapshotAge, "weir_snapshot_age_seconds", MetricType::Gauge, "stream",
               "Age of the oldest of the newest snapshots of the assigned partitions."},
    MetricSpec{Metric::Ready, "weir_ready", MetricType::Gauge, "stream, check",
               "Whether a check of /readyz passes: 1 or 0."},
    MetricSpec{Metric::LastTurn, "weir_last_turn_timestamp_seconds", MetricType::Gauge, "stream",
               "When the loop of the stream last came round."},
    MetricSpec{Metric::Troubles, "weir_troubles_total", MetricType::Counter, "stream, event",
               "Troubles, by the event that the log names."},
    MetricSpec{Metric::SeriesDropped, "weir_series_dropped_total", MetricType::Counter, "stream",
               "Updates of series that are not exported, because there are too many."},
    MetricSpec{Metric::ReloadSuccessful, "weir_config_last_reload_successful", MetricType::Gauge, "",
               "Whether the last loading of the rules succeeded: 1 or 0."},
    MetricSpec{Metric::ReloadSuccessTime, "weir_config_last_reload_success_timestamp_seconds", MetricType::Gauge, "",
               "When rules were last loaded with success."},
    MetricSpec{Metric::BuildInfo, "weir_build_info", MetricType::Gauge, "version, revision, librdkafka",
               "Always 1; what runs is in the labels."},
    MetricSpec{Metric::CpuSeconds, "process_cpu_seconds_total", MetricType::Counter, "",
               "Processor time of the process."},
    MetricSpec{Metric::ResidentBytes, "process_resident_memory_bytes", MetricType::Gauge, "",
               "Resident memory of the process."},
    MetricSpec{Metric::VirtualBytes, "process_virtual_memory_bytes", MetricType::Gauge, "",
               "Virtual memory of the process."},
    MetricSpec{Metric::OpenFiles, "process_open_fds", MetricType::Gauge, "", "Open file descriptors."},
    MetricSpec{Metric::MaxFiles, "process_max_fds", MetricType::Gauge, "",
               "The most file descriptors that may be open."},
    MetricSpec{Metric::StartTime, "process_start_time_seconds", MetricType::Gauge, "", "When the process started."},
};

}  // namespace weir
