// SPDX-License-Identifier: Apache-2.0
// Two values and no more: the share of one of them on both sides. `z` is for many records, `fisher` exact for few.
#include <algorithm>
#include <cmath>
#include <optional>

#include "drift/measuring.h"
#include "drift/specs.h"
#include "stats/categories.h"

namespace weir {

namespace {

/// How often the first value occurs, and the second; by label, so that the sides of an odds ratio do not depend on hashes.
struct Table {
  std::uint64_t a = 0;  // reference, first
  std::uint64_t b = 0;  // reference, second
  std::uint64_t c = 0;  // current, first
  std::uint64_t d = 0;
  std::size_t values = 0;
};

Table table_of(const Groups& groups) {
  std::vector<std::size_t> values;
  for (std::size_t i = 0; i < groups.what.size(); ++i) {
    if (groups.what[i].kind == GroupKind::Value || groups.what[i].kind == GroupKind::Rest) values.push_back(i);
  }
  Table out;
  out.values = values.size();
  if (values.empty() || values.size() > 2) return out;
  if (values.size() == 2 && groups.what[values[1]].label < groups.what[values[0]].label)
    std::swap(values[0], values[1]);
  out.a = groups.reference[values[0]];
  out.c = groups.current[values[0]];
  if (values.size() == 2) {
    out.b = groups.reference[values[1]];
    out.d = groups.current[values[1]];
  }
  return out;
}

std::optional<DriftMeasured> refuse(const Table& table) {
  if (table.values <= 2) return std::nullopt;
  return not_applicable("more than two different values");
}

double share_of(std::uint64_t first, std::uint64_t second) {
  return first + second == 0 ? 0 : static_cast<double>(second) / static_cast<double>(first + second);
}

void set_effect(DriftMeasured& out, const Table& table) {
  out.effect = std::abs(share_of(table.c, table.d) - share_of(table.a, table.b));
  out.effect_low = out.effect_high = out.effect;
  out.kind = DriftMeasured::Kind::Value;
  out.computed = true;
}

DriftMeasured measure_z(const DriftInput& in) {
  const Table table = table_of(in.sides->groups());
  if (std::optional<DriftMeasured> refused = refuse(table)) return *refused;
  DriftMeasured out;
  const double n = static_cast<double>(table.a + table.b);
  const double m = static_cast<double>(table.c + table.d);
  if (n > 0 && m > 0) {
    set_effect(out, table);
    const auto test = [&](double effect) {
      const double by = std::max(1.0, effect);
      return two_shares(static_cast<double>(table.b) / by, n / by, static_cast<double>(table.d) / by, m / by);
    };
    const TwoShares found = test(in.design_effect);
    out.statistic = found.z;
    set_p(out, found.p, test(1).p);
    const double pooled = static_cast<double>(table.b + table.d) / (n + m);
    if (out.effect > 0 && std::min(pooled, 1 - pooled) * std::min(n, m) < 5) {
      out.kind = DriftMeasured::Kind::TooFew;
      out.cause = "fewer than 5 of the rarer value are expected; fisher is exact";
      return out;
    }
  }
  require_least(out, table.a + table.b, table.c + table.d, in);
  return out;
}

DriftMeasured measure_fisher(const DriftInput& in) {
  const Table table = table_of(in.sides->groups());
  if (std::optional<DriftMeasured> refused = refuse(table)) return *refused;
  DriftMeasured out;
  if (table.a + table.b > 0 && table.c + table.d > 0) {
    set_effect(out, table);
    const auto test = [&](double effect) {
      const auto part = [by = std::max(1.0, effect)](std::uint64_t count) {
        return static_cast<std::uint64_t>(std::llround(static_cast<double>(count) / by));
      };
      return fisher_exact(part(table.a), part(table.b), part(table.c), part(table.d));
    };
    out.statistic = fisher_odds_ratio(table.a, table.b, table.c, table.d);
    const double independent = test(1);
    set_p(out, in.design_effect > 1 ? test(in.design_effect) : independent, independent);
  }
  require_least(out, table.a + table.b, table.c + table.d, in);
  return out;
}

}  // namespace

const DriftSpec kZDrift = {"z",  "Whether the share of one of two values moved.", DriftScope::Categories,
                           0.05, "difference of the two shares, 0 to 1",          &measure_z};

const DriftSpec kFisherDrift = {"fisher",
                                "Whether the share of one of two values moved, exact for few records.",
                                DriftScope::Categories,
                                0.05,
                                "difference of the two shares, 0 to 1",
                                &measure_fisher};

}  // namespace weir
