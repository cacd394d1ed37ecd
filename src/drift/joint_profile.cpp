// SPDX-License-Identifier: Apache-2.0
// Several fields together: means, covariances and tails, added up by the formulas of Pébay.
#include <cmath>
#include <limits>

#include "base/assert.h"
#include "drift/profile.h"
#include "summary/scatter.h"
#include "weir/summary.h"

namespace weir {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint64_t kMostCount = std::uint64_t{1} << 53;
constexpr std::size_t kMostPath = 4096;
constexpr double kNotKnown = std::numeric_limits<double>::infinity();

double known(double sum) {
  return std::isfinite(sum) ? sum : kNotKnown;
}

double at(const std::vector<double>& sums, std::size_t field) {
  return field < sums.size() ? sums[field] : kNotKnown;
}

}  // namespace

JointProfile profile_of(const ScatterSummary& summary, const std::vector<std::string>& paths) {
  WEIR_ASSERT(paths.size() == summary.columns(), "a path a column");
  JointProfile profile;
  profile.paths = paths;
  profile.rows = summary.count();
  for (std::size_t a = 0; a < paths.size(); ++a) {
    profile.means.push_back(summary.mean(a));
    profile.m3.push_back(known(summary.m3(a)));
    profile.m4.push_back(known(summary.m4(a)));
    for (std::size_t b = 0; b < paths.size(); ++b) profile.comoments.push_back(summary.comoment(a, b));
  }
  return profile;
}

void JointProfile::add(const JointProfile& other) {
  if (this == &other) return add(JointProfile(other));
  if (paths.empty()) paths = other.paths;
  if (paths != other.paths) return;
  windows += other.windows;
  if (other.rows == 0) return;
  if (rows == 0) {
    rows = other.rows;
    means = other.means;
    comoments = other.comoments;
    m3 = other.m3;
    m4 = other.m4;
    return;
  }
  const auto n = static_cast<double>(rows);
  const auto m = static_cast<double>(other.rows);
  const double both = n + m;
  const std::size_t d = means.size();
  m3.resize(d, kNotKnown);
  m4.resize(d, kNotKnown);
  for (std::size_t a = 0; a < d; ++a) {
    const double delta = other.means[a] - means[a];
    const double square = delta * delta;
    const double own = comoments[a * d + a];
    const double others = other.comoments[a * d + a];
    m4[a] =
        known(m4[a] + at(other.m4, a) + square * square * (n * m / both) * ((n * n - n * m + m * m) / (both * both)) +
              6 * square * (n * n * others + m * m * own) / (both * both) +
              4 * delta * (n * at(other.m3, a) - m * m3[a]) / both);
    m3[a] = known(m3[a] + at(other.m3, a) + square * delta * (n * m / both) * ((n - m) / both) +
                  3 * delta * (n * others - m * own) / both);
  }
  for (std::size_t a = 0; a < d; ++a) {
    for (std::size_t b = 0; b < d; ++b) {
      const double apart = (other.means[a] - means[a]) * (other.means[b] - means[b]);
      comoments[a * d + b] += other.comoments[a * d + b] + apart * (n * m / both);
    }
  }
  for (std::size_t a = 0; a < d; ++a) means[a] += (other.means[a] - means[a]) * (m / both);
  rows += other.rows;
}

void JointProfile::write(SummaryWriter& out) const {
  out.u8(kVersion);
  out.varint(paths.size());
  for (const std::string& path : paths) out.text(path);
  out.varint(rows);
  out.varint(windows);
  const std::size_t d = paths.size();
  for (std::size_t a = 0; a < d && rows > 0; ++a) out.f64(means[a]);
  for (std::size_t a = 0; a < d && rows > 0; ++a) {
    for (std::size_t b = a; b < d; ++b) out.f64(comoments[a * d + b]);
  }
  for (std::size_t a = 0; a < d && rows > 0; ++a) {
    out.f64(at(m3, a));
    out.f64(at(m4, a));
  }
}

JointProfile JointProfile::read(SummaryReader& in) {
  JointProfile read;
  in.require(in.u8() == kVersion, "a version of the joint profile that is not known");
  const std::size_t d = in.count(ScatterSpec::kMostColumns, 1, "the number of fields");
  for (std::size_t i = 0; i < d; ++i) read.paths.emplace_back(in.text(kMostPath));
  read.rows = in.at_most(kMostCount, "the rows of the joint profile");
  read.windows = in.at_most(kMostCount, "the windows of the joint profile");
  if (!in.ok()) return {};
  read.means.resize(d);
  read.comoments.resize(d * d);
  for (std::size_t a = 0; a < d && read.rows > 0; ++a) read.means[a] = in.f64();
  for (std::size_t a = 0; a < d && read.rows > 0; ++a) {
    for (std::size_t b = a; b < d; ++b) {
      read.comoments[a * d + b] = in.f64();
      read.comoments[b * d + a] = read.comoments[a * d + b];
    }
    in.require(!(read.comoments[a * d + a] < 0), "a sum of squares is negative");
  }
  read.m3.resize(d);
  read.m4.resize(d);
  for (std::size_t a = 0; a < d && read.rows > 0; ++a) {
    read.m3[a] = in.f64();
    read.m4[a] = in.f64();
    in.require(!std::isnan(read.m3[a]) && read.m4[a] >= 0, "a sum of powers is no number");
  }
  return in.ok() ? read : JointProfile();
}

}  // namespace weir
