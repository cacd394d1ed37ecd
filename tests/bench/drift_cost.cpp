// SPDX-License-Identifier: Apache-2.0
//
// What drift costs beside the record path, inside one process: drift_cost
//
// Prints a line `name value` each; drift.py holds them against the limits:
//   close_ms        the end of a window of 1 000 number fields: KS, PSI and chi-square of all of them, nothing has moved
//   close_drift_ms  the same when every field has moved by half its spread
//   panes_mib       what 12 panes of 1 000 number fields remember, once all their cells are in use
//   counted_ns      a value into counters, moments and 256 cells
//   sketched_ns     the same with a quantile sketch (k = 200) beside them
//   edges_ns        one search among 256 edges, as a bound: what cannot be saved of it
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

#include "drift/compare.h"
#include "drift/edges.h"
#include "drift/profile.h"
#include "drift/registry.h"
#include "summary/field_summary.h"

namespace {

using namespace weir;

constexpr std::size_t kFields = 1'000;
constexpr std::size_t kPanes = 12;
constexpr std::size_t kReference = 10'000;
constexpr std::size_t kWindow = 10'000;
constexpr int kRepeats = 7;

struct Draw {
  std::uint64_t state;
  std::uint64_t next() {  // splitmix64
    std::uint64_t z = state += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  double normal() { return std::sqrt(-2 * std::log(1 - unit())) * std::cos(6.283185307179586 * unit()); }
};

/// Numbers of four digits after the point, as most records write them.
struct Numbers {
  Column column;
  std::vector<std::uint32_t> elements;

  Numbers(std::size_t n, double shift, Draw& draw) {
    column.kinds.assign(n, Kind::Decimal);
    column.cells.resize(n);
    elements.resize(n);
    std::iota(elements.begin(), elements.end(), 0U);
    for (Cell& cell : column.cells) {
      cell.number = std::llround((100 + 15 * (draw.normal() + shift)) * 1e4);
      cell.scale = 4;
    }
  }
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The median of some runs.
template <class Work>
double timed(Work work) {
  std::vector<double> times;
  for (int i = 0; i < kRepeats; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    times.push_back(seconds_since(start));
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

SummarySpec spec_of(Profile::Edges edges, Parts parts) {
  SummarySpec spec;
  spec.parts = parts;
  spec.declared = FieldType::Decimal;
  spec.edges = std::move(edges);
  return spec;
}

Profile::Edges edges_of(Draw& draw) {
  const Numbers numbers(kReference, 0, draw);
  std::vector<double> values;
  for (const Cell& cell : numbers.column.cells) values.push_back(static_cast<double>(cell.number) / 1e4);
  std::sort(values.begin(), values.end());
  return std::make_shared<const std::vector<double>>(learn_edges(values, kDriftCells));
}

void print(const char* name, double value) {
  std::printf("%s %.4f\n", name, value);
}

void close_of_window(Draw& draw, double shift, const char* name) {
  const Parts parts = Part::Moments | Part::Histogram;
  std::vector<Profile> references;
  std::vector<FieldSummary> windows;
  for (std::size_t i = 0; i < kFields; ++i) {
    const Profile::Edges edges = edges_of(draw);
    const auto tails =
        std::make_shared<const std::vector<double>>(with_tails(*edges));  // as a rule that names a file has them
    FieldSummary reference(spec_of(edges, parts));
    const Numbers before(kReference, 0, draw);
    reference.add(before.column, before.elements);
    references.push_back(profile_of(reference).compact(edges));
    FieldSummary window(spec_of(tails, parts));
    const Numbers now(kWindow, shift, draw);
    window.add(now.column, now.elements);
    windows.push_back(std::move(window));
  }
  const std::vector<const DriftSpec*> tests = {find_drift_test("ks"), find_drift_test("psi"),
                                               find_drift_test("chi_square")};
  std::size_t drifted = 0;
  const double seconds = timed([&] {
    std::vector<Profile> current;
    current.reserve(kFields);
    std::vector<FieldPair> pairs(kFields);
    for (std::size_t i = 0; i < kFields; ++i) {
      current.push_back(profile_of(windows[i]));
      pairs[i].reference = &references[i];
      pairs[i].current = &current[i];
      pairs[i].tests = tests;
    }
    const std::vector<FieldResult> results = compare_fields(pairs, {.picture = false});
    drifted = static_cast<std::size_t>(
        std::count_if(results.begin(), results.end(), [](const auto& r) { return r.verdict == Verdict::Fail; }));
  });
  if (drifted != (shift > 0 ? kFields : 0)) std::fprintf(stderr, "%s: %zu fields drifted\n", name, drifted);
  print(name, 1e3 * seconds);
}

void memory_of_panes(Draw& draw) {
  const auto edges = std::make_shared<const std::vector<double>>(with_tails(*edges_of(draw)));
  const Numbers numbers(kWindow, 0, draw);
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < kFields * kPanes; ++i) {
    FieldSummary pane(spec_of(edges, Part::Moments | Part::Histogram));
    if (i == 0) pane.add(numbers.column, numbers.elements);
    bytes += pane.bytes();
  }
  print("panes_mib", static_cast<double>(bytes) / (1U << 20));
}

void cost_of_a_value(Draw& draw, Parts parts, const char* name) {
  constexpr std::size_t kBatch = 1'000;
  constexpr std::size_t kBatches = 400;
  const Profile::Edges edges = edges_of(draw);
  std::vector<Numbers> batches;
  for (std::size_t i = 0; i < 50; ++i) batches.emplace_back(kBatch, 0, draw);
  std::uint64_t total = 0;
  const double seconds = timed([&] {
    FieldSummary summary(spec_of(edges, parts));
    for (std::size_t i = 0; i < kBatches; ++i) {
      const Numbers& batch = batches[i % batches.size()];
      summary.add(batch.column, batch.elements);
    }
    total += summary.counters().elements;
  });
  if (total != kRepeats * kBatch * kBatches)
    std::fprintf(stderr, "%s: counted %llu\n", name, static_cast<unsigned long long>(total));
  print(name, 1e9 * seconds / static_cast<double>(kBatch * kBatches));
}

void cost_of_a_search(Draw& draw) {
  const Profile::Edges edges = edges_of(draw);
  std::vector<double> values(100'000);
  for (double& value : values) value = 100 + 15 * draw.normal();
  Histogram histogram(edges);
  const double seconds = timed([&] { histogram.add(values); });
  print("edges_ns", 1e9 * seconds / static_cast<double>(values.size()));
}

}  // namespace

int main() {
  Draw draw{20260131};
  close_of_window(draw, 0, "close_ms");
  close_of_window(draw, 0.5, "close_drift_ms");
  memory_of_panes(draw);
  cost_of_a_value(draw, Part::Moments | Part::Histogram, "counted_ns");
  cost_of_a_value(draw, Part::Moments | Part::Histogram | Part::Quantiles, "sketched_ns");
  cost_of_a_search(draw);
  return 0;
}
