// SPDX-License-Identifier: Apache-2.0
// What happened to several fields together.
#include <cmath>

#include "drift/explain.h"
#include "drift/joint.h"
#include "drift/specs.h"
#include "drift/words.h"

namespace weir {

void find_in_fields(const FieldPair& pair, std::string_view test, double effect, std::vector<DriftFinding>& into) {
  const JointProfile& a = *pair.joint_reference;
  const JointProfile& b = *pair.joint_current;
  DriftFinding finding;
  finding.kind = DriftFindingKind::Together;
  finding.effect = effect;
  finding.count = b.rows;
  const auto path = [&](std::size_t i) { return i < a.paths.size() ? a.paths[i] : "column " + std::to_string(i + 1); };
  if (test == kCorrelationDrift.name) {
    const CorrelationChange found = correlation_change(scatter_of(a), scatter_of(b), 1);
    finding.text = "correlation of " + path(found.a) + " and " + path(found.b) + " went from " +
                   plain(std::round(found.reference * 100) / 100) + " to " +
                   plain(std::round(found.current * 100) / 100);
  } else if (test == kMahalanobisDrift.name) {
    std::size_t most = 0;
    double largest = -1;
    const std::size_t columns = a.means.size();
    for (std::size_t i = 0; i < columns; ++i) {
      const double variance = a.rows > 1 ? a.comoments[i * columns + i] / static_cast<double>(a.rows - 1) : 0;
      const double moved = variance > 0 ? std::abs(b.means[i] - a.means[i]) / std::sqrt(variance) : 0;
      if (moved > largest) {
        largest = moved;
        most = i;
      }
    }
    finding.text = "the means moved together by " + plain(std::round(effect * 100) / 100) + " spreads, " + path(most) +
                   " by " + plain(std::round(largest * 100) / 100) + " of its own";
  } else {
    const PcaError found = pca_error(scatter_of(a), scatter_of(b), 1);
    finding.text = "what lies beside the " + std::to_string(found.components) + " main directions went from " +
                   plain(found.reference) + " to " + plain(found.current);
  }
  into.push_back(std::move(finding));
}

}  // namespace weir
