// SPDX-License-Identifier: Apache-2.0
// Any bytes as a baseline: an error in words, or a baseline that is sound and is written and read back as itself. Where the
// first byte is odd, the rest is the content of a file whose checksum is right, so that what lies behind it is reached.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/json_value.h"
#include "drift/baseline.h"
#include "drift/baseline_form.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 1) {
    const weir::Result<weir::JsonValue> content = weir::parse_json(text, weir::baseline_form::kMostDepth);
    if (!content) return 0;
    const std::string checksum = weir::baseline_form::checksum_of(weir::baseline_form::compact_json(*content));
    text = R"({"format":"weir-baseline","version":1,"checksum":")" + checksum + R"(","content":)" + text + "}";
  }
  const std::string secret = "secret";
  const weir::Result<weir::Baseline> baseline = weir::read_baseline(text, "refs/a.json", secret);
  if (!baseline) {
    WEIR_ASSERT(!baseline.error().message.empty(), "an error says what is wrong");
    return 0;
  }
  WEIR_ASSERT(weir::is_baseline(text), "what is read looks like a baseline");
  for (const weir::BaselineField& field : baseline->fields) {
    const weir::Profile& profile = field.profile;
    std::uint64_t cells = 0;
    for (const std::uint64_t cell : profile.cells) cells += cell;
    WEIR_ASSERT(profile.edges == nullptr || cells == profile.finite, "cells add up");
    WEIR_ASSERT(profile.categories.size() <= weir::Profile::kMostCategories, "no more categories than there may be");
    (void)profile.quantile(0.5);
    (void)profile.counts_on({-1, 0, 0, 1e9});
    weir::Profile twice = profile;
    twice.add(profile);
  }
  // Nothing is left out by a floor of nothing; edges of redacted fields are, once.
  const std::string written = weir::write_baseline(*baseline, {.floor = 0});
  const weir::Result<weir::Baseline> again = weir::read_baseline(written, "refs/a.json", secret);
  WEIR_ASSERT(again.ok(), "what was written is read");
  WEIR_ASSERT(weir::write_baseline(*again, {.floor = 0}) == written, "what was read is written as it was");
  return 0;
}
