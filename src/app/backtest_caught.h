// SPDX-License-Identifier: Apache-2.0
// Which records each rule caught, so that two sets of rules can be compared record by record: places alone, and of the first
// ones the words. Bounded: of what lies behind the bound nothing is claimed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "weir/outcome.h"
#include "weir/plan.h"

namespace weir {

/// A record: partition and offset, or input and line.
struct CaughtPlace {
  std::uint32_t part = 0;
  std::uint64_t at = 0;
  auto operator<=>(const CaughtPlace&) const = default;
};

/// Why it was caught.
struct CaughtWords {
  std::string value;
  std::string message;
};

/// The records that a rule caught, or that were to be put aside; in order within each part.
struct CaughtList {
  struct Part {
    std::vector<std::uint64_t> at;
    bool whole = true;  // false: there were more, behind the last
  };
  std::map<std::uint32_t, Part> parts;
  std::map<CaughtPlace, CaughtWords> words;

  [[nodiscard]] bool is_whole() const;
};

class CaughtRecords {
 public:
  struct Bound {
    std::size_t places = 16'000'000;  // of all rules: 128 MB
    std::size_t of_part = 2'000'000;  // of a rule and a part
    std::size_t words = 1'000;        // of a rule
  };
  explicit CaughtRecords(const Plan& plan);
  CaughtRecords(const Plan& plan, const Bound& bound);

  /// What a step found, with a reason for every violation. `by_line`: places are lines, else offsets.
  void add(std::uint32_t part, bool by_line, const Outcome& outcome);

  [[nodiscard]] const CaughtList& of_rule(std::size_t index) const { return rules_[index]; }
  /// Records that a rule would have put aside.
  [[nodiscard]] const CaughtList& put_aside() const { return put_aside_; }

 private:
  bool keep(CaughtList& list, CaughtPlace place);

  Bound bound_;
  std::size_t kept_ = 0;
  std::vector<CaughtList> rules_;
  CaughtList put_aside_;
};

/// What one list holds and another does not.
struct CaughtMore {
  std::uint64_t records = 0;
  bool whole = true;  // false: so many at least
  bool any = false;
  CaughtPlace first;  // one with words, if there is any; with `any`
  CaughtWords words;
};
[[nodiscard]] CaughtMore caught_only_by(const CaughtList& one, const CaughtList& other);

}  // namespace weir
