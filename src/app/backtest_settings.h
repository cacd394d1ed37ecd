// SPDX-License-Identifier: Apache-2.0
// What `weir backtest` was asked to do: a check as of a stream, that writes reports alone, and what to compare it with.
#pragma once

#include <optional>
#include <string>

#include "app/arguments.h"
#include "app/check_settings.h"
#include "app/surroundings.h"

namespace weir {

struct BacktestSettings {
  CheckSettings check;                 // by --rules
  std::optional<std::string> against;  // the other rule file
  bool json = false;

  static Result<BacktestSettings> from(const Arguments& arguments, const Surroundings& surroundings);
};

}  // namespace weir
