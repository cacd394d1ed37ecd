// SPDX-License-Identifier: Apache-2.0
// Profiles of drawn numbers, made the way that windows and baselines make them.
#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "drift/profile.h"
#include "summary/histogram.h"

namespace weir::stat {

/// A window: raw up to 2 000 values, else counts between the edges of the reference.
inline Profile window_of(std::vector<double> values, const Profile::Edges& edges) {
  Profile profile;
  profile.elements = profile.finite = values.size();
  profile.types.fraction = values.size();
  double mean = 0;
  for (const double value : values) mean += value;
  mean /= static_cast<double>(values.size());
  for (const double value : values) {
    const double apart = value - mean;
    profile.m2 += apart * apart;
    profile.m3 += apart * apart * apart;
  }
  profile.mean = mean;
  profile.exact = false;  // of values that are all different no categories are kept
  profile.distinct = static_cast<double>(values.size());
  profile.other = values.size();
  if (values.size() <= 2'000) {
    std::sort(values.begin(), values.end());
    profile.raw = std::move(values);
    return profile;
  }
  Histogram histogram(edges);
  histogram.add(values);
  profile.edges = edges;
  for (std::size_t i = 0; i < histogram.cells(); ++i) profile.cells.push_back(histogram.count(i));
  return profile;
}

/// A baseline: cells on its own quantiles, no raw values.
inline Profile baseline_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto edges = std::make_shared<const std::vector<double>>(learn_edges(values, kDriftCells));
  return window_of(std::move(values), edges).compact(edges);
}

}  // namespace weir::stat
