// SPDX-License-Identifier: Apache-2.0
// What instances of a group tell each other through the `panes` topic, so that windows can be judged over all partitions.
//
//   pane|STREAM|LAYOUT|GRID|PLACE|TOPIC|NUMBER|INCARNATION     what one pane of one input partition holds so far
//   progress|STREAM|TOPIC|NUMBER|INCARNATION                  how far that partition was read; the first one is a claim
//   judged|STREAM                                             the watermark up to which windows were judged
//
// A pane's value is everything that the partition has brought to it, never a difference: a later entry replaces an earlier
// one, so entries that are sent twice, late or by an instance that lost its partition do no harm. The incarnation is in
// every key because the topic is compacted: without it the late entry of a former owner would remove its successor's.
// Names are escaped (%7C for |), so that a topic's name is never taken for a separator.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/ports.h"

namespace weir {

struct PaneName {
  std::string stream;
  std::string layout;  // fingerprint of what panes hold
  std::uint32_t grid = 0;
  std::int64_t place = 0;
  Partition partition;
  std::uint64_t incarnation = 0;
};
struct ProgressName {
  std::string stream;
  Partition partition;
  std::uint64_t incarnation = 0;
};
struct PartitionProgress {
  std::optional<Instant> watermark;
  bool idle = false;
  std::int64_t next_offset = 0;
};

[[nodiscard]] std::string write_name(const PaneName& name);
[[nodiscard]] std::string write_name(const ProgressName& name);
[[nodiscard]] std::string judged_name(std::string_view stream);
[[nodiscard]] std::optional<PaneName> read_pane_name(std::string_view key);
[[nodiscard]] std::optional<ProgressName> read_progress_name(std::string_view key);
[[nodiscard]] std::optional<std::string> read_judged_name(std::string_view key);

[[nodiscard]] std::string write_progress(const PartitionProgress& progress);
[[nodiscard]] std::optional<PartitionProgress> read_progress(std::string_view value);

/// The partition of the topic in which all entries of a stream lie, so that whoever has it sees whole windows.
[[nodiscard]] std::int32_t panes_partition(std::string_view stream, std::int32_t partitions);

}  // namespace weir
