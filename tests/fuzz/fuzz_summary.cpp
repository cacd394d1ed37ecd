// SPDX-License-Identifier: Apache-2.0
// Any bytes as a written summary: an error, or a summary that is sound: it takes no more than it may, is merged, answers,
// and is written and read back as itself. The first byte of the input says what it is read as.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "summary/field_summary.h"
#include "summary/joint.h"
#include "summary/scatter.h"
#include "summary/schema_summary.h"

namespace {

using weir::Part;
using weir::Parts;

std::vector<weir::SummarySpec> make_specs() {
  std::vector<weir::SummarySpec> specs;
  for (std::uint32_t bit = 1; bit <= static_cast<std::uint32_t>(Part::Delay); bit *= 2) {
    specs.push_back({.parts = static_cast<Part>(bit)});
  }
  Parts all;
  for (const weir::SummarySpec& spec : specs) all |= spec.parts;
  specs.push_back({.parts = all});
  specs.push_back({.parts = Parts()});
  specs.push_back({.parts = Part::Values | Part::Extremes, .redacted = true});
  specs.push_back({.parts = Part::Quantiles, .quantile_k = 8});
  for (weir::SummarySpec& spec : specs) {
    spec.edges = std::make_shared<const std::vector<double>>(std::vector<double>{-1, 0, 0, 10});
  }
  return specs;
}

void look_at(const weir::FieldSummary& summary) {
  if (summary.moments() != nullptr) (void)summary.moments()->kurtosis();
  if (summary.quantiles() != nullptr) (void)summary.quantiles()->quantile(0.5);
  if (summary.quantiles() != nullptr) (void)summary.quantiles()->rank(0);
  if (summary.distinct() != nullptr) (void)summary.distinct()->estimate();
  if (summary.values() != nullptr) (void)summary.values()->entries();
  if (summary.shape() != nullptr) (void)summary.shape()->mean_length();
  if (summary.repeats() != nullptr) (void)summary.repeats()->keys();
  if (summary.raw() != nullptr) WEIR_ASSERT(summary.raw()->sorted().size() <= 4, "no more than asked for");
  if (summary.extremes() != nullptr && summary.extremes()->largest_number() != nullptr) {
    (void)summary.extremes()->largest_number()->decimal().text();
  }
}

// What was read: written again it is read as the same, and it can be merged with itself.
template <class Summary, class Read>
void check(const Summary& summary, Read read) {
  weir::SummaryWriter out;
  summary.write(out);
  weir::SummaryReader in(out.bytes());
  const weir::Result<Summary> again = read(in);
  WEIR_ASSERT(again.ok() && in.at_end(), "what was written is read");
  weir::SummaryWriter twice;
  again->write(twice);
  WEIR_ASSERT(out.bytes() == twice.bytes(), "what was read is written as it was");
  Summary both = summary;
  both.merge(*again);
}

template <class Summary, class Read>
const Summary* read_and_check(std::string_view bytes, weir::Result<Summary>& kept, Read read) {
  weir::SummaryReader in(bytes);
  kept = read(in);
  if (!kept) {
    WEIR_ASSERT(!kept.error().message.empty(), "an error says what is wrong");
    return nullptr;
  }
  check(*kept, read);
  return &*kept;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<weir::SummarySpec> specs = make_specs();
  if (size == 0) return 0;
  static const weir::SummarySpec raw{.parts = Part::Raw, .raw_most = 4};
  static const weir::ScatterSpec scatter{.columns = {0, 1, 2}};
  const std::size_t choice = data[0] % (specs.size() + 5);
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (choice < specs.size() || choice == specs.size() + 3) {
    const weir::SummarySpec& spec = choice < specs.size() ? specs[choice] : raw;
    weir::Result<weir::FieldSummary> summary = weir::FieldSummary(spec);
    const auto read = [&](weir::SummaryReader& in) { return weir::FieldSummary::read(in, spec); };
    const weir::FieldSummary* const found = read_and_check(bytes, summary, read);
    if (found == nullptr) return 0;
    look_at(*found);
    // Numbers of up to a thousand digits are the one thing that the bound leaves out.
    WEIR_ASSERT(found->bytes() <= weir::FieldSummary::bytes_bound(spec) + 4096, "it keeps to its bound");
  } else if (choice < specs.size() + 2) {
    const weir::JointSpec spec{.pairs = choice == specs.size()};
    weir::Result<weir::JointSummary> summary = weir::JointSummary(spec);
    const auto read = [&](weir::SummaryReader& in) { return weir::JointSummary::read(in, spec); };
    const weir::JointSummary* const found = read_and_check(bytes, summary, read);
    if (found == nullptr) return 0;
    (void)found->correlation();
    if (found->pairs() != nullptr) (void)found->pairs()->mutual_information();
  } else if (choice == specs.size() + 4) {
    weir::Result<weir::ScatterSummary> summary = weir::ScatterSummary(scatter);
    const auto read = [&](weir::SummaryReader& in) { return weir::ScatterSummary::read(in, scatter); };
    const weir::ScatterSummary* const found = read_and_check(bytes, summary, read);
    if (found != nullptr) (void)found->comoment(2, 0);
  } else {
    weir::Result<weir::SchemaSummary> summary = weir::SchemaSummary();
    const auto read = [](weir::SummaryReader& in) { return weir::SchemaSummary::read(in); };
    const weir::SchemaSummary* const found = read_and_check(bytes, summary, read);
    if (found != nullptr) (void)found->fields();
  }
  return 0;
}
