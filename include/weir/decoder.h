// SPDX-License-Identifier: Apache-2.0
// The plug point of formats: messages in, a Batch out. A decoder is used by one thread; it never throws and never gives
// up: a message that cannot be read becomes a DecodeFailure and the next one is read.
#pragma once

#include <memory>

#include "weir/batch.h"
#include "weir/messages.h"
#include "weir/plan.h"

namespace weir {

class Decoder {
 public:
  virtual ~Decoder() = default;
  /// Fills `batch` (cleared by the caller) with one row for each message, in order.
  virtual void decode(const Messages& messages, Batch& batch) = 0;
};

}  // namespace weir
