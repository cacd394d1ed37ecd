// SPDX-License-Identifier: Apache-2.0
// What lies in a quarantine, which anybody may have written: as a line of a file, and as a message whose headers are pieces of the
// input. Whatever is read counts once, its parts are of the input's size, and what is counted comes out in bounded steps.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "quarantine/json_parts.h"
#include "quarantine/quarantined.h"
#include "quarantine/tally.h"

namespace {

using namespace weir;

void check(const Result<QuarantinedRecord>& read, std::size_t size) {
  if (!read) {
    WEIR_ASSERT(!read.error().code.empty(), "it says whether it is newer or nothing of the kind");
    return;
  }
  WEIR_ASSERT(!read->value || read->value->size() <= size, "no more than was there");
  WEIR_ASSERT(read->violations.size() <= size && read->headers.size() <= size, "no more than was there");
  WEIR_ASSERT(read->missing.size() < 32, "each that is missing is named once");
  QuarantineTally tally;
  tally.add(*read);
  QuarantinedRecord other = *read;
  other.id += "'";
  other.at = Instant::min();
  tally.add(other);
  tally.mark(other);
  tally.finish();
  WEIR_ASSERT(tally.all().records == 2 && tally.twice() == 0, "each counts once");
  WEIR_ASSERT(tally.over_time(tally.all()).size() <= QuarantineTally::kSteps, "in so many steps");
  (void)QuarantineFilter{.rules = {"a*"}, .ids = {}, .stages = {}, .from = Instant{}, .to = {}}.takes(*read);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check(read_quarantined_line(input), size);

  // `name: value` lines as headers, then the value.
  Envelope envelope;
  envelope.topic = "orders.quarantine";
  std::string_view rest = input;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    const std::size_t colon = line.find(": ");
    if (colon == line.npos) break;
    envelope.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  check(read_quarantined({.bytes = rest, .offset = 7}, envelope), size);
  return 0;
}
