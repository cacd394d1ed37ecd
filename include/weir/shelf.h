// SPDX-License-Identifier: Apache-2.0
// A place for panes that nobody touched for a while. The core opens no file: whoever runs it says where they go.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weir/result.h"

namespace weir {

class Shelf {
 public:
  virtual ~Shelf() = default;
  /// Keeps the bytes and says under which number.
  virtual Result<std::uint64_t> put(std::string_view bytes) = 0;
  /// Gives them back, once.
  virtual Result<std::string> take(std::uint64_t number) = 0;
};

}  // namespace weir
