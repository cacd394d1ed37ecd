// SPDX-License-Identifier: Apache-2.0
// The facts of a quarantined record one by one, as texts: the values of headers of a message, the members of a line.
#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quarantine/quarantined.h"

namespace weir {

/// Fills a record with facts, whichever of them there are and can be read; the last of a name counts.
class FactReader {
 public:
  explicit FactReader(QuarantinedRecord& out) : out_(out) {}

  /// `name` without `__weir.`. A name that nobody knows is passed over: a later weir may say more.
  void take(std::string_view name, std::string_view text);
  /// Whether anything was said that only a quarantined record says.
  [[nodiscard]] bool is_quarantined() const;
  /// The form it was written in; 0: it did not say.
  [[nodiscard]] std::uint32_t version() const { return version_; }
  /// What follows from others, and the names of what should be there.
  void finish();

 private:
  bool read(std::string_view name, std::string_view text);
  void guess_from_id();

  QuarantinedRecord& out_;
  std::uint32_t version_ = 0;
  std::bitset<32> there_;  // by index into the table of names
};

using Headers = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// `[{"rule":…}, …]`. False: it is not whole, and `out` has what could be read.
bool read_violations(std::string_view json, std::vector<QuarantinedViolation>& out, std::uint64_t& more);

/// Takes away what we added for other tools behind our own headers.
void drop_compat(Headers& headers);

[[nodiscard]] Error not_quarantined(std::string why);
[[nodiscard]] Error newer_form(std::uint32_t version);

}  // namespace weir
