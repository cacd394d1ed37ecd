// SPDX-License-Identifier: Apache-2.0
// What moved, in words. The effect of a finding is the share of records that it is about, so that findings of all kinds have
// one order; a changed unit comes first, because it explains the rest.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "drift/explain.h"
#include "drift/specs.h"
#include "drift/words.h"
#include "summary/text_shape.h"

namespace weir {

namespace {

constexpr std::size_t kMostFindings = 5;
constexpr std::size_t kMostOfAKind = 3;
constexpr double kLeastMove = 0.01;  // of a share that is worth a word
constexpr double kLeastExpected = 10;
constexpr double kAlmostAll = 0.9;
constexpr double kOtherMany = 5;  // times as many different values
constexpr std::size_t kShownBytes = 64;

double share_of(std::uint64_t part, std::uint64_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

std::string from_to(double from, double to) {
  return " went from " + percent(from) + " to " + percent(to);
}

bool found_drift(const FieldResult& result, std::string_view name) {
  return std::any_of(result.tests.begin(), result.tests.end(),
                     [&](const DriftTestResult& test) { return test.test == name && test.outcome == Verdict::Fail; });
}

void find_nulls(const Profile& a, const Profile& b, std::vector<DriftFinding>& into) {
  const double nulls = share_of(b.odd.null, b.elements) - share_of(a.odd.null, a.elements);
  const double absent = share_of(b.odd.absent, b.elements) - share_of(a.odd.absent, a.elements);
  const bool is_absent = std::abs(absent) > std::abs(nulls);
  DriftFinding finding;
  finding.kind = DriftFindingKind::NullShare;
  finding.effect = std::abs(nulls + absent);
  finding.count = b.missing();
  finding.text = is_absent ? "records without the field" +
                                 from_to(share_of(a.odd.absent, a.elements), share_of(b.odd.absent, b.elements))
                           : "nulls" + from_to(share_of(a.odd.null, a.elements), share_of(b.odd.null, b.elements));
  into.push_back(std::move(finding));
}

void find_types(const Profile& a, const Profile& b, std::vector<DriftFinding>& into) {
  struct Type {
    std::string_view one;
    std::string_view many;
    std::uint64_t before;
    std::uint64_t now;
  };
  const Type types[] = {
      {"booleans", "booleans", a.types.boolean, b.types.boolean},
      {"numbers", "numbers", a.types.integer + a.types.fraction, b.types.integer + b.types.fraction},
      {"text", "texts", a.types.text, b.types.text},
      {"arrays", "arrays", a.types.array, b.types.array},
      {"objects", "objects", a.types.object, b.types.object},
  };
  std::uint64_t n = 0;
  std::uint64_t m = 0;
  for (const Type& type : types) {
    n += type.before;
    m += type.now;
  }
  const auto moved = [&](const Type& type) { return share_of(type.now, m) - share_of(type.before, n); };
  const auto [down, up] = std::minmax_element(std::begin(types), std::end(types),
                                              [&](const Type& x, const Type& y) { return moved(x) < moved(y); });
  if (moved(*up) <= 0) return;
  DriftFinding finding;
  finding.kind = DriftFindingKind::TypeShare;
  finding.effect = moved(*up);
  finding.count = up->now;
  finding.text = std::string(up->one) + " where " + std::string(down->many) +
                 " were: " + percent(share_of(up->before, n)) + " to " + percent(share_of(up->now, m));
  into.push_back(std::move(finding));
}

void find_cardinality(const Profile& a, const Profile& b, std::vector<DriftFinding>& into) {
  const auto whole = [](double x) { return with_commas(static_cast<std::uint64_t>(std::llround(std::max(0.0, x)))); };
  DriftFinding finding;
  finding.kind = DriftFindingKind::Cardinality;
  const double larger = std::max(a.distinct, b.distinct);
  finding.effect = larger > 0 ? std::abs(b.distinct - a.distinct) / larger : 0;
  finding.text = std::string(b.exact ? "" : "about ") + whole(b.distinct) + " different values instead of " +
                 (a.exact ? "" : "about ") + whole(a.distinct);
  into.push_back(std::move(finding));
}

std::string name_of(const Group& group, Groups::Of of, bool redacted) {
  switch (group.kind) {
    case GroupKind::Missing: return "missing values";
    case GroupKind::Nan: return "NaN";
    case GroupKind::PositiveInfinity: return "infinity";
    case GroupKind::NegativeInfinity: return "-infinity";
    case GroupKind::OtherType:
      return of == Groups::Of::Numbers ? "values that are no numbers" : "values that are no texts";
    case GroupKind::Rest: return "rare values";
    case GroupKind::Value: break;
  }
  if (of == Groups::Of::Lengths) {
    const std::uint64_t first = TextShape::cell_start(group.cell);
    const bool open = group.cell + 1 == TextShape::kCells;
    const std::uint64_t last = open ? first : TextShape::cell_start(group.cell + 1) - 1;
    const std::string range = open            ? with_commas(first) + " or more"
                              : first == last ? with_commas(first)
                                              : with_commas(first) + " to " + with_commas(last);
    return "texts of " + range + (range == "1" ? " character" : " characters");
  }
  if (redacted || group.label.empty()) return "a value";
  return shorten(group.label, kShownBytes);
}

/// Shares of categories or lengths that moved: new ones, vanished ones, and those that became more or fewer.
void find_moves(const FieldPair& pair, Groups::Of of, std::vector<DriftFinding>& into) {
  const Sides sides(*pair.reference, *pair.current, of);
  const Groups& groups = sides.groups();
  const bool redacted = pair.redacted || pair.current->redacted || pair.reference->redacted;
  std::uint64_t n = 0;
  std::uint64_t m = 0;
  for (const std::uint64_t count : groups.reference) n += count;
  for (const std::uint64_t count : groups.current) m += count;
  if (n == 0 || m == 0) return;
  std::vector<DriftFinding> found[3];  // new, vanished, moved
  std::uint64_t modal = 0;
  std::size_t mode = groups.what.size();
  for (std::size_t i = 0; i < groups.what.size(); ++i) {
    const Group& group = groups.what[i];
    if (group.kind == GroupKind::Value && groups.current[i] > modal) {
      modal = groups.current[i];
      mode = i;
    }
    if (group.kind == GroupKind::Missing || group.kind == GroupKind::OtherType) continue;  // findings of their own
    const double before = share_of(groups.reference[i], n);
    const double now = share_of(groups.current[i], m);
    DriftFinding finding;
    finding.effect = std::abs(now - before);
    finding.count = groups.current[i];
    const std::string name = name_of(group, of, redacted);
    const bool named = !redacted && !group.label.empty();
    if (group.kind == GroupKind::Value && of == Groups::Of::Values && groups.reference[i] == 0) {
      finding.kind = DriftFindingKind::NewValue;
      finding.text = (named ? "new value " + name : std::string("a new value")) + " (" +
                     with_commas(groups.current[i]) + (groups.current[i] == 1 ? " record, " : " records, ") +
                     percent(now) + ")";
      if (named) finding.example = name;
      found[0].push_back(std::move(finding));
    } else if (group.kind == GroupKind::Value && of == Groups::Of::Values && groups.current[i] == 0) {
      if (before * static_cast<double>(m) < kLeastExpected) continue;
      finding.kind = DriftFindingKind::VanishedValue;
      finding.text = name + " vanished (" + percent(before) + " of the reference)";
      found[1].push_back(std::move(finding));
    } else if (std::abs(now - before) >= kLeastMove) {
      finding.kind = of == Groups::Of::Lengths ? DriftFindingKind::Lengths : DriftFindingKind::Share;
      finding.text = name + from_to(before, now);
      found[2].push_back(std::move(finding));
    }
  }
  if (of == Groups::Of::Values && mode < groups.what.size() && share_of(modal, m) >= kAlmostAll &&
      share_of(groups.reference[mode], n) < kAlmostAll / 2) {
    const std::string name = name_of(groups.what[mode], of, redacted);
    DriftFinding finding;
    finding.kind = DriftFindingKind::Share;
    finding.effect = 1;
    finding.count = modal;
    finding.text = "everything is one value now" + (name == "a value" ? std::string() : ": " + name) + " (" +
                   percent(share_of(modal, m)) + ")";
    into.push_back(std::move(finding));
    return;
  }
  for (std::vector<DriftFinding>& kind : found) {
    std::stable_sort(kind.begin(), kind.end(),
                     [](const DriftFinding& x, const DriftFinding& y) { return x.effect > y.effect; });
    if (kind.size() > kMostOfAKind) kind.resize(kMostOfAKind);
    for (DriftFinding& finding : kind) into.push_back(std::move(finding));
  }
}

/// Where one share goes others have to follow: nulls, another type, a value that came or went say why, and stand before shares
/// that moved by as much.
double rank_of(const DriftFinding& finding) {
  constexpr double kExplains = 1.25;
  switch (finding.kind) {
    case DriftFindingKind::NullShare:
    case DriftFindingKind::TypeShare:
    case DriftFindingKind::NewValue:
    case DriftFindingKind::VanishedValue: return finding.effect * kExplains;
    default: return finding.effect;
  }
}

}  // namespace

std::vector<DriftFinding> findings_of(const FieldPair& pair, const FieldResult& result, Groups::Of groups) {
  std::vector<DriftFinding> out;
  if (pair.joint_reference != nullptr) {
    for (const DriftTestResult& test : result.tests) {
      if (test.outcome == Verdict::Fail) find_in_fields(pair, test.test, test.measured.effect, out);
    }
  } else {
    const Profile& a = *pair.reference;
    const Profile& b = *pair.current;
    bool distribution = false;
    for (const DriftTestResult& test : result.tests) {
      if (test.outcome != Verdict::Fail) continue;
      if (test.test == kNullShareDrift.name) {
        find_nulls(a, b, out);
      } else if (test.test == kTypeShareDrift.name) {
        find_types(a, b, out);
      } else if (test.test == kCardinalityDrift.name) {
        find_cardinality(a, b, out);
      } else {
        distribution = true;
      }
    }
    if (distribution) {
      if (groups == Groups::Of::Numbers) {
        find_in_numbers(pair, true, out);
        if (found_drift(result, kNewValueDrift.name) || found_drift(result, kVanishedValueDrift.name)) {
          find_moves(pair, Groups::Of::Values, out);
        }
      } else {
        find_moves(pair, groups, out);
        const bool other_many = std::max(a.distinct, b.distinct) > kOtherMany * std::min(a.distinct, b.distinct);
        if (groups == Groups::Of::Values && other_many && !found_drift(result, kCardinalityDrift.name)) {
          find_cardinality(a, b, out);
        }
        if (groups == Groups::Of::Lengths && found_drift(result, kNewValueDrift.name)) {
          find_moves(pair, Groups::Of::Values, out);
        }
        // Numbers of few values may have changed their unit as well.
        if (a.finite * 2 > a.values() && b.finite * 2 > b.values()) find_in_numbers(pair, false, out);
      }
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const DriftFinding& x, const DriftFinding& y) { return rank_of(x) > rank_of(y); });
  if (out.size() > kMostFindings) out.resize(kMostFindings);
  return out;
}

}  // namespace weir
