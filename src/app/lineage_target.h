// SPDX-License-Identifier: Apache-2.0
// Where lineage events end up: a server, or a file. One event at a time, in one thread.
#pragma once

#include <memory>
#include <string>

#include "alerts/receiver.h"
#include "weir/lineage_settings.h"

namespace weir {

class LineageTarget {
 public:
  virtual ~LineageTarget() = default;
  /// Blocks until it is settled, within the target's own time limit. `event`: one line of JSON, without its end.
  virtual Told send(const std::string& event) = 0;
  /// Ends what is under way and all that comes. Any thread.
  virtual void interrupt() {}
  /// For the log: no secret.
  [[nodiscard]] virtual std::string name() const = 0;
};

[[nodiscard]] Result<std::unique_ptr<LineageTarget>> make_lineage_target(const LineageSettings& settings);

}  // namespace weir
