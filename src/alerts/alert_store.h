// SPDX-License-Identifier: Apache-2.0
// Where alerts outlive the process: small texts, each under a name.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "weir/result.h"

namespace weir {

class AlertStore {
 public:
  struct Entry {
    std::string name;
    std::string text;  // of write(): empty where there shall be none any more
  };

  virtual ~AlertStore() = default;
  virtual Result<std::vector<Entry>> read() = 0;
  /// Durable when it returns; all of them or none.
  virtual Status write(std::span<const Entry> entries) = 0;
};

}  // namespace weir
