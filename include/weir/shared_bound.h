// SPDX-License-Identifier: Apache-2.0
// What a rule may remember is a bound for a process. A live stream has an engine a partition, each with a memory of its own
// for the rule: they share that bound.
#pragma once

#include <cstdint>

namespace weir {

/// A Memory that can do with a part of its bound.
class SharedBound {
 public:
  virtual ~SharedBound() = default;
  /// From now on so many memories of the rule share its bound: this one keeps its part, and forgets what is over, the oldest
  /// first.
  virtual void share(std::uint64_t among) = 0;
};

}  // namespace weir
