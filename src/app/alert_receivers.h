// SPDX-License-Identifier: Apache-2.0
// From what the configuration says of a receiver to the receiver.
#pragma once

#include <memory>

#include "alerts/receiver.h"
#include "config/config.h"
#include "weir/alert_settings.h"
#include "weir/result.h"

namespace weir {

/// Connects to nobody: it is made at the start to see whether it can be, and again to be used. An error has the place of what
/// is wrong.
Result<std::unique_ptr<Receiver>> make_receiver(const ReceiverSettings& settings, const Config& config);

}  // namespace weir
