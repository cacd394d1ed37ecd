// SPDX-License-Identifier: Apache-2.0
// The half of an instance that judges windows over the partitions of all instances.
//
// The group `<group>-merge` gives the partition of the `panes` topic in which a stream's entries lie to one instance. That
// one reads it from its beginning, keeps an engine for every input partition as a shadow of the one that an instance has,
// puts each entry in the place of the one before it, and judges windows from the shadows as a single instance would from
// its engines. A successor reads the same entries, so it comes to the same state; it judges again, silently, what its
// predecessor judged, which brings back what measures were in the windows before.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "stream/pane_entry.h"
#include "stream/pane_publisher.h"
#include "weir/engine.h"
#include "weir/ports.h"
#include "weir/stream_windows.h"

namespace weir {

class PaneMerger final : private RecordLog::Listener {
 public:
  struct Options {
    std::string stream;
    PanesTopic topic;
    Duration idle_after = std::chrono::seconds(60);
    Duration max_wait = std::chrono::seconds(120);  // for a partition of which nothing is heard
    std::uint64_t samples_per_rule = 20;
    std::size_t batch_records = 2'000;
  };

  /// `known`: every input partition that there is.
  PaneMerger(std::shared_ptr<const Plan> plan, Options options, RecordLog& log, PanePublisher& publisher,
             StreamObserver& observer, std::function<std::vector<Partition>()> known);
  ~PaneMerger() override;
  PaneMerger(const PaneMerger&) = delete;
  PaneMerger& operator=(const PaneMerger&) = delete;

  Status start(Instant wall, Duration steady);
  void turn(Instant wall, Duration steady);
  void reload(std::shared_ptr<const Plan> plan);
  void stop();

  /// Whether this instance judges the windows of its stream.
  [[nodiscard]] bool judges() const noexcept { return ours_; }

 private:
  /// What is known of an input partition, whoever has it.
  struct Shadow {
    std::unique_ptr<Engine> engine;
    std::uint64_t incarnation = 0;
    PartitionProgress progress;
    Duration heard_at{};                                                    // steady
    std::map<std::pair<std::uint32_t, std::int64_t>, std::uint64_t> panes;  // by grid and place: whose it is
    std::size_t most_panes = 1'000;                                         // more: those that are judged are forgotten
  };

  std::vector<std::int64_t> assigned(std::span<const Partition> partitions) override;
  void revoked(std::span<const Partition> partitions, bool lost) override;
  void forget();
  void hear(std::string_view key, std::string_view value);
  Shadow& shadow_of(const Partition& partition);
  static void forget_judged_panes(Shadow& shadow);
  void begin_windows();
  void judge();
  void say(WindowOutcome&& windows, const std::vector<Partition>& missing);

  std::shared_ptr<const Plan> plan_;
  Options options_;
  RecordLog& log_;
  PanePublisher& publisher_;
  StreamObserver& observer_;
  std::function<std::vector<Partition>()> known_;
  std::string layout_;
  std::map<Partition, Shadow> shadows_;
  std::unique_ptr<StreamWindows> windows_;
  RecordLog::Events events_;
  std::optional<Instant> judged_;  // by a predecessor, up to here
  Instant watermark_ = Instant::min();
  Instant told_ = Instant::min();  // the watermark that was published last
  Instant wall_{};
  Instant started_{};
  Duration steady_{};
  Duration judge_at_{};
  bool ours_ = false;
  bool caught_up_ = false;  // everything that was there when it became ours was read
  std::int32_t partition_ = 0;
};

}  // namespace weir
