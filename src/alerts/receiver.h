// SPDX-License-Identifier: Apache-2.0
// Somebody who is told. A receiver turns a notification into one message of its protocol and says what became of it; when to
// try again, how long to wait and what to give up is decided once for all of them (src/alerts/delivery.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "alerts/alert.h"
#include "weir/result.h"

namespace weir {

/// What became of a message.
struct Told {
  enum class How : std::uint8_t {
    Done,
    Later,    // the receiver is away or busy: the same message again after a while
    Refused,  // it will never be taken as it is: a wrong address, a revoked token
  };
  How how = How::Done;
  std::string why;        // for the log and the page: no secret, no payload
  Duration not_before{};  // of Later: what the receiver asked for (Retry-After)
  int status = 0;         // of Refused: what it answered over HTTP; 0: it did not
};

class Receiver {
 public:
  virtual ~Receiver() = default;
  /// Blocks until it is settled, within the receiver's own time limit. Called in one thread.
  virtual Told tell(const Notification& notification, Instant now) = 0;
  /// Alertmanager forgets what is not repeated: true where firing alerts are told again and again, unchanged.
  [[nodiscard]] virtual bool wants_repeats() const { return false; }
  /// Ends what tell() waits for and every later call at once. Any thread.
  virtual void interrupt() {}
};

}  // namespace weir
