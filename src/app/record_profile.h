// SPDX-License-Identifier: Apache-2.0
// Records -> what a comparison knows of their fields: one pass, every field a FieldSummary.
//
// Numbers are kept one by one while there are few enough of them, so that comparisons are exact; beyond the budget a sketch
// answers, and a note says so.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/record_input.h"
#include "drift/baseline.h"
#include "weir/fields.h"
#include "weir/plan.h"
#include "weir/result.h"

namespace weir {

/// One field that is looked at.
struct ProfiledField {
  std::uint32_t column = 0;         // of RecordProfiling::fields
  Profile::Edges edges = nullptr;   // of a baseline: then counts on them are exact
  const Predicate* when = nullptr;  // only records of which it holds
  std::vector<std::uint32_t> when_columns = {};
};

struct RecordProfiling {
  static constexpr std::uint32_t kMostRaw = 4'000'000;                  // numbers of one field
  static constexpr std::uint64_t kRawBytes = std::uint64_t{256} << 20;  // of all fields

  FieldTable fields = {};  // how they are read: cells of tables, what stands for null, what is redacted
  std::vector<ProfiledField> wanted = {};
  std::vector<std::vector<std::uint32_t>> together = {};  // columns whose joint spread is looked at
  PayloadForm payload = {};                               // what stands in payloads, and where schemas are looked up
  EventTime time = {};                                    // column kNone: nobody asks when records happened
  Instant now{};
  std::uint64_t raw_bytes = kRawBytes;  // for numbers that are kept one by one, all fields together
};

struct RecordProfile {
  std::vector<Profile> fields;       // by index of RecordProfiling::wanted
  std::vector<JointProfile> joints;  // by index of `together`
  std::uint64_t records = 0;         // the undecodable ones included
  std::uint64_t undecodable = 0;
  std::optional<Instant> from;  // event times
  std::optional<Instant> to;
  std::vector<std::string> notes;  // "amount: 5,200,000 numbers, …"
};

/// Takes records block by block.
class RecordProfiler {
 public:
  explicit RecordProfiler(const RecordProfiling& profiling);  // outlives it
  RecordProfiler(RecordProfiler&&) noexcept;
  ~RecordProfiler();
  void add(const Messages& messages, Format format);
  /// What another one of the same profiling has seen.
  void merge(const RecordProfiler& other);
  [[nodiscard]] RecordProfile finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] Result<RecordProfile> profile_records(RecordInput& input, const RecordProfiling& profiling);

/// As a reference that is kept: cells in place of raw values.
[[nodiscard]] Baseline baseline_of(const RecordProfile& profile, const RecordProfiling& profiling);

/// The column of a field, which is read as `seen` says when it is new to the table.
std::uint32_t add_field(FieldTable& fields, const FieldPath& path, const SeenFields& seen);

}  // namespace weir
