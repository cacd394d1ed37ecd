// SPDX-License-Identifier: Apache-2.0
// --recheck: what today's rules make of a record that was put aside, as if it came now from where it came then.
//
// The clock of rules about ages stands at the record's own time, so that a record does not fail for the days that it lay in
// the quarantine. Rules that remember (`unique`) remember the records that are judged here, and no others.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "quarantine/quarantined.h"
#include "weir/engine.h"
#include "weir/plan.h"

namespace weir {

class ReplayCheck {
 public:
  struct Broken {
    std::string rule;
    std::string message;
  };

  /// `now`: for records without a time.
  ReplayCheck(std::shared_ptr<const Plan> plan, Instant now);

  /// The rules that would put it aside again. What only tags or counts lets it pass.
  [[nodiscard]] std::vector<Broken> judge(const QuarantinedRecord& record);

 private:
  void renew();

  std::shared_ptr<const Plan> plan_;
  Instant now_;
  std::unique_ptr<Engine> engine_;
  std::uint64_t judged_ = 0;
  std::string buffer_;
};

}  // namespace weir
