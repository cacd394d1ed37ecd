// SPDX-License-Identifier: Apache-2.0
// The values that measures had in earlier windows. The core asks for them here; whether they lie in memory or in a file
// that outlives the run is the business of whoever gives it the History.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/time.h"

namespace weir {

/// A measure of one window, by the end of the window (by `now` for a window that is the whole input).
struct PastValue {
  Instant at{};
  double value = 0;
  bool operator==(const PastValue&) const = default;
};

/// What was remembered of one window beside numbers: bytes that only whoever wrote them reads.
struct PastRecord {
  Instant at{};
  std::string bytes;
  bool operator==(const PastRecord&) const = default;
};

class History {
 public:
  virtual ~History() = default;
  /// The newest `most` values of a series before `before`, and not before `since`, oldest first.
  [[nodiscard]] virtual std::vector<PastValue> past(std::string_view series, Instant since, Instant before,
                                                    std::size_t most) = 0;
  /// A value of the same series and instant is replaced: a window judged again is no second window.
  virtual void add(std::string_view series, PastValue value) = 0;
  /// The same for records: the newest `most` before `before` and not before `since`, oldest first.
  [[nodiscard]] virtual std::vector<PastRecord> past_records(std::string_view series, Instant since, Instant before,
                                                             std::size_t most) = 0;
  /// A record of the same series and instant is replaced.
  virtual void add_record(std::string_view series, PastRecord record) = 0;
  /// Records of the series before `before` are needed no more.
  virtual void drop_records(std::string_view series, Instant before) = 0;
};

}  // namespace weir
