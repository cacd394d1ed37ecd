// SPDX-License-Identifier: Apache-2.0
// A topic: a record for each alert, as a webhook has it, with the fingerprint as its key. A topic that is compacted keeps the
// newest of each.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "alerts/receiver.h"
#include "alerts/receiver_alert_json.h"
#include "weir/alert_settings.h"
#include "weir/ports.h"

namespace weir {

/// A producer, made when the first alert is told.
using MakeOut = std::function<Result<std::unique_ptr<RecordOut>>()>;

class KafkaReceiver final : public Receiver {
 public:
  KafkaReceiver(ReceiverSettings settings, MessageWords words, MakeOut make_out);

  /// Done when all of them are acknowledged. A producer gives up nothing that it took: the same notification told again waits for
  /// what was written and is not written twice.
  Told tell(const Notification& notification, Instant now) override;
  void interrupt() override { interrupted_ = true; }

 private:
  /// Until all is settled, the receiver's time is over or it is interrupted.
  void wait();
  /// False: `told` says why not.
  bool write(const OutRecord& record, Told& told);
  void write_all(const Notification& notification, Instant now, Told& told);
  void settle(Told& told);

  ReceiverSettings settings_;
  MessageWords words_;
  MakeOut make_out_;
  std::unique_ptr<RecordOut> out_;  // null: not made yet
  std::uint64_t next_token_ = 1;
  std::set<std::uint64_t> waiting_;  // of the notification that is being told: written, not settled
  std::atomic<bool> interrupted_ = false;
  std::vector<Alert> written_;  // the alerts of that notification that need not be written again
};

}  // namespace weir
