// SPDX-License-Identifier: Apache-2.0
// Counters: one table of them for merging, writing and reading.
#include "summary/counters.h"

namespace weir {

namespace {

// In the order in which they are written.
constexpr std::uint64_t Counters::*kCounters[] = {
    &Counters::elements,
    &Counters::absent,
    &Counters::null,
    &Counters::boolean,
    &Counters::integer,
    &Counters::fraction,
    &Counters::text,
    &Counters::array,
    &Counters::object,
    &Counters::nan,
    &Counters::positive_infinity,
    &Counters::negative_infinity,
    &Counters::empty_text,
    &Counters::zero,
    &Counters::negative,
    &Counters::beyond,
};
static_assert(sizeof kCounters / sizeof *kCounters * sizeof(std::uint64_t) == sizeof(Counters));

constexpr std::uint64_t kMost = ~std::uint64_t{0} >> 4;  // sums of a few never wrap round

}  // namespace

void Counters::merge(const Counters& other) noexcept {
  for (const auto counter : kCounters) this->*counter += other.*counter;
}

void Counters::write(SummaryWriter& out) const {
  for (const auto counter : kCounters) out.varint(this->*counter);
}

Counters Counters::read(SummaryReader& in) {
  Counters read;
  for (const auto counter : kCounters) read.*counter = in.at_most(kMost, "a counter");
  const std::uint64_t kinds = read.missing() + read.boolean + read.numbers() + read.text + read.array + read.object;
  in.require(kinds == read.elements, "the counters of the kinds do not add up");
  const bool parts = read.empty_text <= read.text && read.zero + read.negative <= read.numbers() &&
                     read.negative_infinity <= read.negative && read.beyond <= read.finite();
  in.require(parts, "a counter is larger than what it is a part of");
  return read;
}

}  // namespace weir
