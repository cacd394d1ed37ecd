// SPDX-License-Identifier: Apache-2.0
// A topic: a record for each alert, as a webhook has it, with the fingerprint as its key. A topic that is compacted keeps the
// newest of each.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "alerts/receiver.h"
#include "alerts/receiver_alert_json.h"
#include "weir/alert_settings.h"
#include "weir/ports.h"

namespace weir {

class KafkaReceiver final : public Receiver {
 public:
  KafkaReceiver(ReceiverSettings settings, MessageWords words, std::unique_ptr<RecordOut> out);

  /// Done when all of them are acknowledged. A notification that is told again is written again as a whole.
  Told tell(const Notification& notification, Instant now) override;

 private:
  /// False: `told` says why not.
  bool write(const OutRecord& record, Told& told);
  void settle(Told& told);

  ReceiverSettings settings_;
  MessageWords words_;
  std::unique_ptr<RecordOut> out_;
  std::uint64_t next_token_ = 1;
  std::uint64_t first_token_ = 1;  // of the notification that is being told
  std::uint64_t acknowledged_ = 0;
};

}  // namespace weir
