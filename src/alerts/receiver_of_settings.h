// SPDX-License-Identifier: Apache-2.0
// A receiver as the configuration describes it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "alerts/receiver.h"
#include "alerts/receiver_kafka.h"
#include "weir/alert_settings.h"
#include "weir/result.h"

namespace weir {

/// What is wrong with the settings of a receiver, and with which of them: who read them knows the place. The place in an error of
/// a template is one within its text.
struct ReceiverFault {
  enum class Of : std::uint8_t { Receiver, Title, Text };
  Of of = Of::Receiver;
  Error error;
};
[[nodiscard]] std::optional<ReceiverFault> fault_of(const ReceiverSettings& settings);

/// `make_out`: makes the producer of a receiver of the kind Kafka; the others need none. Nobody is called yet. An error has the
/// place of what is wrong.
[[nodiscard]] Result<std::unique_ptr<Receiver>> receiver_of(const ReceiverSettings& settings, MakeOut make_out = {});

}  // namespace weir
