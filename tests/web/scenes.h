// SPDX-License-Identifier: Apache-2.0
// Streams to look at: boards filled by hand, as a running process would have filled them.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "http/status_board.h"

namespace weir::testing {

class Scene {
 public:
  virtual ~Scene() = default;
  [[nodiscard]] virtual std::vector<std::shared_ptr<const StatusBoard>> boards() const = 0;
  /// What has happened since the last call: called several times a second.
  virtual void tick(Instant now) = 0;
  /// `break`: a rule that held is broken; `mend`: it holds again; `reload`: other rules.
  virtual void command(std::string_view word, Instant now) = 0;
};

/// `shop`: three streams, some of it wrong; `calm`: all holds; `huge`: 500 rules with 20 segments; `hostile`: every text is an attack;
/// `empty`: nothing has been judged.
std::unique_ptr<Scene> make_scene(std::string_view name, Instant now);

}  // namespace weir::testing
