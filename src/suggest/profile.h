// SPDX-License-Identifier: Apache-2.0
// What the values of each field are like: summaries, and what only a suggestion needs to know beyond them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checks/formats.h"
#include "suggest/text_pattern.h"
#include "summary/field_summary.h"
#include "weir/batch.h"
#include "weir/fields.h"
#include "weir/time.h"

namespace weir {

/// One field over the sample.
struct FieldProfile {
  FieldPath path;
  FieldSummary summary;
  TextPattern pattern;
  std::vector<const TextFormat*> formats;  // those that every text so far is of
  std::uint64_t timestamps = 0;            // texts that read as RFC 3339
  std::uint64_t dates = 0;
  std::uint64_t uuids = 0;
  std::uint64_t steps = 0;      // numbers with a number before them
  std::uint64_t rises = 0;      // of them those that are not below it
  std::uint64_t digits = 0;     // most digits behind the point
  bool endless_digits = false;  // a number in scientific notation, or with more digits than anybody means
  std::optional<double> last_number;
  Instant earliest{};  // of the timestamps
  Instant latest{};

  explicit FieldProfile(FieldPath of, std::uint32_t column);
  void add(const Column& column);
};

/// Two timestamps of one record: the second was never before the first.
struct InOrder {
  std::size_t first = 0;  // indices into SampleProfile::fields()
  std::size_t second = 0;
  std::uint64_t records = 0;  // in which both were there
  std::uint64_t later = 0;    // of them those in which the second was later
  bool holds = true;
};

class SampleProfile {
 public:
  explicit SampleProfile(const std::vector<FieldPath>& paths);

  void add(const Batch& batch);
  [[nodiscard]] const std::vector<FieldProfile>& fields() const noexcept { return fields_; }
  [[nodiscard]] const std::vector<InOrder>& orders() const noexcept { return orders_; }
  [[nodiscard]] std::uint64_t records() const noexcept { return records_; }
  /// Records in each minute since 1970 by the timestamps of a field; empty when they lie too far apart to say anything.
  [[nodiscard]] const std::map<std::int64_t, std::uint64_t>& minutes(std::size_t field) const {
    return minutes_[field];
  }

 private:
  static constexpr std::size_t kMaxMinutes = 100'000;  // ten weeks
  static constexpr std::size_t kMaxTimes = 8;          // fields whose order is looked at

  void add_times(const Batch& batch);

  std::vector<FieldProfile> fields_;
  std::vector<InOrder> orders_;
  std::vector<std::map<std::int64_t, std::uint64_t>> minutes_;  // by field
  std::vector<std::uint8_t> too_many_minutes_;
  std::uint64_t records_ = 0;
};

}  // namespace weir
