// SPDX-License-Identifier: Apache-2.0
// The half of an instance that tells the others what its partitions hold: changed panes and progress.
//
// A record that the sink fails is told again with the next round, whole: entries replace each other, so nothing has to be
// remembered of what got through but whether all of it did.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "stream/pane_entry.h"
#include "weir/engine.h"
#include "weir/ports.h"

namespace weir {

struct PanesTopic {
  std::string name;
  std::function<std::int32_t()> partitions;  // how many it has; 0: not known yet
};

class PanePublisher {
 public:
  struct Part {
    Partition partition;
    Engine* engine = nullptr;
    std::uint64_t incarnation = 0;
    std::int64_t next_offset = 0;
    bool idle = false;
  };

  PanePublisher(std::string stream, PanesTopic topic, RecordOut& out);

  /// Tells what changed since the last time. A partition that is new here tells all of its panes. False: the sink has no room
  /// for all of it yet, and is to be asked again.
  bool publish(std::span<const Part> parts, std::vector<Trouble>& troubles);
  /// Up to where windows were judged, for whoever judges next.
  void publish_judged(Instant watermark);
  /// Other rules: all panes are told anew.
  void restart() { told_.clear(); }

 private:
  struct Waiting {
    std::string key;
    std::string value;
  };
  void tell(std::string key, std::string value);
  void send();
  void tell_too_large(std::vector<Trouble>& troubles);

  std::string stream_;
  PanesTopic topic_;
  RecordOut& out_;
  std::map<Partition, std::uint64_t> told_;  // by partition: the incarnation whose panes were told
  std::vector<Waiting> waiting_;             // what the sink had no room for
  std::vector<Delivered> delivered_;
  std::uint64_t token_ = 0;
  std::uint64_t too_large_ = 0;       // records that the topic does not take
  std::uint64_t too_large_said_ = 0;  // how many there were when that was told
};

}  // namespace weir
