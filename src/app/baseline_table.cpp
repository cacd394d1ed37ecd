// SPDX-License-Identifier: Apache-2.0
#include "app/baseline_table.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/escape.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "report/comparison.h"
#include "report/words.h"

namespace weir {
namespace {

constexpr std::size_t kNameMost = 32;
constexpr std::size_t kCategoriesShown = 3;

using Row = std::array<std::string, 5>;

std::string quantile_of(const Profile& profile, double share) {
  const std::optional<double> value = profile.quantile(share);
  return value ? figure(*value) : "?";
}

/// Numbers by their quantiles, categories by the most common ones as far as they have names.
std::string contents_of(const Profile& profile) {
  if (profile.values() == 0) return "no value";
  if (profile.finite > 0 && 2 * profile.finite > profile.values()) {
    const std::size_t cells = profile.edges == nullptr ? 0 : profile.cells.size();
    return quantile_of(profile, 0.05) + " · " + quantile_of(profile, 0.5) + " · " + quantile_of(profile, 0.95) +
           " in " + counted(cells, "cell", "cells");
  }
  std::vector<Category> common = profile.categories;
  std::stable_sort(common.begin(), common.end(),
                   [](const Category& a, const Category& b) { return a.count > b.count; });
  std::string text;
  std::size_t shown = 0;
  for (const Category& category : common) {
    if (category.label.empty() || shown == kCategoriesShown) break;
    text += (shown++ == 0 ? "" : ", ") + visible(category.label, 20) + " " + share_of(category.count, profile.values());
  }
  const std::string hashed = counted(common.size(), "category", "categories");
  if (text.empty())
    return hashed +
           (common.empty() ? "" : " as hashes, the largest " + share_of(common.front().count, profile.values()));
  return text + (common.size() > shown ? ", … of " + hashed : "");
}

std::string effect_of(const Profile& profile) {
  if (profile.design_effect) return figure(*profile.design_effect);
  return profile.design_windows > 0 ? "unknown" : "";
}

}  // namespace

std::string baseline_table(const Baseline& baseline, std::size_t width) {
  std::string out = visible(baseline.path) + ": " + counted(baseline.records, "record", "records");
  if (baseline.from && baseline.to)
    out += ", " + format_timestamp(*baseline.from) + " to " + format_timestamp(*baseline.to);
  if (baseline.made) out += "; made " + format_timestamp(*baseline.made);
  if (!baseline.weir.empty()) out += " by weir " + visible(baseline.weir, 20);
  out += baseline.keyed ? ", categories under a secret\n\n" : "\n\n";

  std::vector<Row> rows = {{"FIELD", "VALUES", "MISSING", "DESIGN", "5 % · 50 % · 95 %, OR CATEGORIES"}};
  for (const BaselineField& field : baseline.fields) {
    const Profile& profile = field.profile;
    rows.push_back({fit(visible(field.path), kNameMost), with_commas(profile.values()),
                    profile.elements == 0 ? "" : share_of(profile.missing(), profile.elements), effect_of(profile),
                    contents_of(profile)});
  }
  std::array<std::size_t, 5> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string blanks(widths[i] - display_width(row[i]), ' ');
      const bool number = i >= 1 && i <= 3;
      line += number ? blanks + row[i] : i + 1 < row.size() ? row[i] + blanks : row[i];
      if (i + 1 < row.size()) line += "  ";
    }
    out += fit(line, std::max<std::size_t>(width, 60)) + "\n";
  }
  for (const JointProfile& joint : baseline.joints) {
    std::string paths;
    for (const std::string& path : joint.paths) paths += (paths.empty() ? "" : ", ") + path;
    out += "together: " + fit(visible(paths), 60) + " in " + counted(joint.rows, "record", "records") + "\n";
  }
  return out;
}

}  // namespace weir
