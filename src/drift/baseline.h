// SPDX-License-Identifier: Apache-2.0
// A reference in a file: what `weir baseline` writes and `reference: {file: …}` reads. JSON, of one format version.
//
// No raw value is in it: numbers are edges between values, counts, mean and spread; categories are keyed hashes (SHA-256 with
// the salt of the file, 64 bits) unless they were revealed. docs/baseline.md says what a reader can and cannot learn from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drift/profile.h"
#include "weir/result.h"
#include "weir/time.h"

namespace weir {

struct BaselineField {
  std::string path;
  Profile profile;  // cells, no raw values; the labels of categories only where they were revealed
};

struct Baseline {
  static constexpr int kVersion = 1;
  std::string weir;  // version that made it
  std::optional<Instant> made;
  std::optional<Instant> from;  // event times, where records had them
  std::optional<Instant> to;
  std::uint64_t records = 0;
  std::string salt;    // of its hashes; empty: categories have the hashes of weir/batch.h itself (made in this process)
  bool keyed = false;  // hashes need a secret beside the salt, which is not in the file
  std::string secret;  // with which it was read; in memory only
  std::vector<BaselineField> fields;  // by path
  std::vector<JointProfile> joints;   // of the fields that were asked for together
  std::string path;                   // where it was read

  [[nodiscard]] const BaselineField* find(std::string_view path) const noexcept;
  /// These fields together, in this order. Of more fields than these the records are others: those in which the rest is a number
  /// as well.
  [[nodiscard]] std::optional<JointProfile> find_together(const std::vector<std::string>& paths) const;
};

struct BaselineWriting {
  bool reveal = false;      // categories by name
  std::uint64_t floor = 5;  // a value that occurred less often is in no category and is no atom: it counts as `other`
  std::string secret = {};  // makes the hashes keyed
};
/// The same content gives the same bytes: the salt is made of it. Rare values go to `other`, cells of fewer values than the floor
/// to their neighbours; fields that come with raw values or a sketch are put on edges first.
[[nodiscard]] std::string write_baseline(const Baseline& baseline, const BaselineWriting& options);
/// Errors say what is wrong and what to do: made by a newer version, cut short (its checksum is wrong), no baseline at all.
[[nodiscard]] Result<Baseline> read_baseline(std::string_view json, const std::string& path, const std::string& secret);
/// Whether the text looks like a baseline rather than like records.
[[nodiscard]] bool is_baseline(std::string_view begin) noexcept;

/// The hash that a category of the current side has in a baseline; without a secret, the one that it was read with counts.
[[nodiscard]] std::uint64_t baseline_hash(const Baseline& baseline, std::uint64_t hash, const std::string& secret);

}  // namespace weir
