// SPDX-License-Identifier: Apache-2.0
// A receiver as the configuration describes it.
#pragma once

#include <memory>

#include "alerts/receiver.h"
#include "weir/alert_settings.h"
#include "weir/ports.h"
#include "weir/result.h"

namespace weir {

/// `out`: the producer of a receiver of the kind Kafka; the others take none. An error has the place of the receiver, or of the
/// template that is wrong. Nobody is called yet.
[[nodiscard]] Result<std::unique_ptr<Receiver>> make_receiver(const ReceiverSettings& settings,
                                                              std::unique_ptr<RecordOut> out = nullptr);

/// What make_receiver() would find wrong, without making it.
[[nodiscard]] Status check_receiver(const ReceiverSettings& settings);

}  // namespace weir
