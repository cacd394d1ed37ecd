// SPDX-License-Identifier: Apache-2.0
// One stream of `weir run` with everything around it: the topic, the places where records and snapshots go, the history.
// Made in one piece, so that whatever is wrong with a part is told before the first record.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/output_look.h"
#include "app/result_keeper.h"
#include "app/run_settings.h"
#include "app/schema_evidence.h"
#include "app/schema_supply.h"
#include "app/stream_observers.h"
#include "files/state_folder.h"
#include "kafka/kafka_out.h"
#include "kafka/settings.h"
#include "stream/pane_merger.h"
#include "stream/stream.h"
#include "weir/ports.h"

namespace weir {

class KafkaLog;
class KafkaStateReader;
class StateFile;

/// Alerts of the stream, where there are any: called in its thread.
struct StreamAlerts {
  std::function<Status()> save;     // before each snapshot
  std::function<void()> hand_over;  // another instance judges the windows from now on
};

/// The topics that records of the stream go to, as far as the configuration names them.
[[nodiscard]] std::vector<std::string> output_topics(const StreamConfig& stream);

class StreamWorld {
 public:
  /// `folder` is null when the state lies in a topic. The schemas and the observer outlive it. `save_lineage`: called in the
  /// stream's thread before each snapshot; empty: nobody is told of lineage.
  static Result<std::unique_ptr<StreamWorld>> make(const RunSettings& settings, std::size_t index,
                                                   std::shared_ptr<StateFolder> folder, SchemaSupply& schemas,
                                                   StreamObserver& observer, const std::function<Instant()>& clock,
                                                   StreamAlerts alerts = {}, std::function<Status()> save_lineage = {});
  ~StreamWorld();
  StreamWorld(const StreamWorld&) = delete;
  StreamWorld& operator=(const StreamWorld&) = delete;

  [[nodiscard]] Stream& stream() { return *stream_; }
  // ---- windows over several instances; nothing happens where there is one
  Status begin_merging(Moment now);
  void merge(Moment now);
  void stop_merging();
  void reload(std::shared_ptr<const Plan> plan);
  /// Whether the stream can go over to these rules as it is: what is read of a record was decided at the start.
  [[nodiscard]] Status can_use(const Plan& plan) const;

 private:
  StreamWorld();
  Status open_log(const RunSettings& settings, std::size_t index, const SchemaSupply& schemas);
  void open_gate(SchemaSupply& schemas, const Plan& plan, const std::function<Instant()>& clock);
  OutOptions look_at_outputs(const StreamConfig& stream, StreamObserver& observer, Instant now);
  Status open_outputs(const RunSettings& settings, std::size_t index, StreamObserver& observer, Instant now);
  Status open_folder(const RunSettings& settings, std::size_t index, const std::shared_ptr<StateFolder>& folder);
  Status open_state_topic(const RunSettings& settings, std::size_t index);
  Status open_panes(const RunSettings& settings, std::size_t index, StreamObserver& observer);

  bool headers_ = false;       // of every record are read
  KafkaLog* topic_ = nullptr;  // behind the gate
  SchemaGate* gate_ = nullptr;
  KafkaSettings kafka_;
  OutputLook outputs_;
  std::unique_ptr<RecordLog> log_;
  std::vector<std::unique_ptr<RecordOut>> outs_;
  KafkaOut* transactional_ = nullptr;  // exactly once: among outs_
  RecordOut* quarantine_ = nullptr;
  RecordOut* clean_ = nullptr;
  std::unique_ptr<KafkaStateReader> state_reader_;
  std::unique_ptr<SnapshotStore> store_;
  std::unique_ptr<StateFile> history_;
  std::unique_ptr<ResultKeeper> results_;
  std::unique_ptr<StreamObservers> observers_;
  std::unique_ptr<SchemaEvidence> watched_;  // what the stream tells its observers through
  std::unique_ptr<RecordLog> pane_log_;
  std::unique_ptr<RecordOut> pane_out_;
  std::unique_ptr<PanePublisher> publisher_;
  std::unique_ptr<PaneMerger> merger_;
  bool merged_ = false;  // it judged windows at its last turn
  StreamAlerts alerts_;
  std::unique_ptr<Outlet> outlet_;
  std::unique_ptr<Stream> stream_;
};

}  // namespace weir
