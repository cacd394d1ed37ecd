// SPDX-License-Identifier: Apache-2.0
// A file of records being written: appears whole or not at all, compressed when its name ends in .gz or .zst.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "weir/result.h"

namespace weir {

class OutputFile {
 public:
  virtual ~OutputFile() = default;
  static Result<std::unique_ptr<OutputFile>> open(const std::string& path);
  virtual Status write(std::string_view bytes) = 0;
  /// Gives the file its name. Without it the target stays as it was.
  virtual Status commit() = 0;
};

}  // namespace weir
