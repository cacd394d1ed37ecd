// SPDX-License-Identifier: Apache-2.0
// One run of `weir replay`: the quarantine is read twice. First the marks, which say what was sent back before; then the records,
// of which those that are to be sent go out in transactions with marks of their own. Nothing is held but ids and one transaction.
//
// The order at the start is what makes "once" true. Beginning with transactions ends what another process of the same quarantine
// has open, and keeps it from writing any more; only then is it looked where the topic ends, and it is read up to there,
// however long somebody else's transaction hides the last of it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/progress.h"
#include "app/replay_check.h"
#include "app/replay_ledger.h"
#include "app/replay_origins.h"
#include "app/replay_record.h"
#include "app/replay_sender.h"
#include "app/replay_settings.h"
#include "app/replay_summary.h"
#include "app/schema_supply.h"
#include "kafka/kafka_out.h"
#include "kafka/topics.h"

namespace weir {

class ReplayRun {
 public:
  ReplayRun(const ReplaySettings& settings, Surroundings& surroundings);

  /// An error: it did not come to its end. What it did until then is in the summary. Code "interrupted": a signal.
  Status run();
  [[nodiscard]] const ReplaySummary& summary() const noexcept { return summary_; }

 private:
  using Visit = std::function<bool(const Result<QuarantinedRecord>& record)>;  // false: enough

  Status connect();
  Status open_sender(std::size_t largest_batch);
  Status open_ledgers();
  Status await_settled();
  Status read_marks();
  Status each(const Visit& visit);
  Status each_of_topic(const Visit& visit);
  Status each_of_file(const std::string& path, const Visit& visit);
  Result<std::unique_ptr<RecordLog>> open_log(const std::string& topic);

  Status take(QuarantinedRecord record);
  Result<bool> make_original(QuarantinedRecord& record);
  bool passes(const QuarantinedRecord& record);
  Result<const ReplayTarget*> target_of(const QuarantinedRecord& record);
  Status flush();
  Status keep(std::span<const ReplayItem> sent);
  void pace(std::size_t records);
  void show();
  [[nodiscard]] std::size_t most_in_batch() const;

  const ReplaySettings& settings_;
  Surroundings& surroundings_;
  ReplaySummary summary_;
  ReplayChoice choice_;
  ProgressLine progress_;
  std::unique_ptr<SchemaSupply> schemas_;
  std::unique_ptr<KafkaTopics> topics_;
  std::unique_ptr<KafkaOut> out_;
  std::unique_ptr<ReplaySender> sender_;
  std::unique_ptr<ReplayCheck> check_;
  ReplayOrigins origins_;
  std::map<std::string, std::unique_ptr<ReplayLedger>> ledgers_;  // by path
  std::map<std::string, ReplayTarget> targets_;
  std::string file_;             // that is read
  std::int32_t partitions_ = 0;  // of the quarantine topic
  std::vector<ReplayItem> batch_;
  std::size_t batch_bytes_ = 0;
  Duration batch_since_{};
  Duration pace_due_{};  // before that nothing more is sent
};

}  // namespace weir
