// SPDX-License-Identifier: Apache-2.0
// What a quarantine comes to: records by rule, by stage, by code and field, and over time.
//
// Memory is bounded whatever the quarantine holds: so many names (the rest is counted as one), so many steps of time (they grow
// wider as the span grows), and the ids of SeenIds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "quarantine/quarantined.h"
#include "quarantine/seen_ids.h"
#include "weir/time.h"

namespace weir {

class QuarantineTally {
 public:
  static constexpr std::size_t kNames = 1'000;       // rules; pairs of code and field; the rest is counted as one
  static constexpr std::size_t kMixtures = 10'000;   // of rules that records broke together
  static constexpr std::size_t kMixed = 100'000;     // names in all of them
  static constexpr std::size_t kSteps = 40;          // of time, at most, where nobody asked for a width
  static constexpr std::size_t kAskedSteps = 2'000;  // of a width that somebody asked for

  struct Group {
    std::uint64_t records = 0;
    std::uint64_t sent = 0;        // of them sent back
    std::optional<Instant> first;  // when the first of them was put aside
    std::optional<Instant> last;
    std::map<std::int64_t, std::uint64_t> steps;  // by time / step()
  };

  /// Without `every` steps are as wide as they have to be.
  explicit QuarantineTally(std::optional<Duration> every = {});

  /// A record that is meant.
  void add(const QuarantinedRecord& record);
  /// That the record of its id was sent back.
  void mark(const QuarantinedRecord& mark);
  /// After the last of them.
  void finish();

  [[nodiscard]] const Group& all() const { return all_; }
  [[nodiscard]] const std::map<std::string, Group>& rules() const { return rules_; }
  [[nodiscard]] const std::map<std::string, std::uint64_t>& stages() const { return stages_; }
  /// Code and field, the most frequent first.
  using Reason = std::pair<std::pair<std::string, std::string>, std::uint64_t>;
  [[nodiscard]] std::vector<Reason> reasons() const;
  [[nodiscard]] std::uint64_t twice() const { return twice_; }                // the same id once more
  [[nodiscard]] std::uint64_t forgotten() const { return ids_.forgotten(); }  // ids beyond the bound

  [[nodiscard]] Duration step() const { return step_; }
  [[nodiscard]] bool has_too_many_steps() const { return too_many_; }
  /// The counts of a group, one a step, from the first step of all to the last; no more than kAskedSteps.
  [[nodiscard]] std::vector<double> over_time(const Group& group) const;
  [[nodiscard]] Instant first_step() const;

  /// Stands for the names that there was no room for.
  static constexpr const char* kOthers = "(others)";

 private:
  void count(Group& group, const QuarantinedRecord& record) const;
  void count_sent(std::uint32_t mixture);
  std::uint32_t mixture_of(const std::vector<std::string>& names);
  void widen();
  [[nodiscard]] std::int64_t span() const;

  Duration step_;
  bool asked_;
  bool too_many_ = false;
  Group all_;
  std::map<std::string, Group> rules_;
  std::map<std::string, std::uint64_t> stages_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> reasons_;
  std::map<std::vector<std::string>, std::uint32_t> mixtures_;
  std::size_t mixed_ = 0;
  std::vector<const std::vector<std::string>*> mixture_names_;  // by number, from 2; 1: too many of them
  SeenIds ids_;
  std::uint64_t twice_ = 0;
};

}  // namespace weir
