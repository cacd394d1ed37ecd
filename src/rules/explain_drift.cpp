// SPDX-License-Identifier: Apache-2.0
#include "rules/explain_drift.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.h"
#include "base/timestamp.h"
#include "drift/baseline.h"
#include "drift/registry.h"
#include "rules/explain_windows.h"
#include "summary/quantile_sketch.h"

namespace weir {
namespace {

constexpr std::uint32_t kFineSketch = 1'024;

std::string number(double value) {
  std::array<char, 32> text{};
  const int size = std::snprintf(text.data(), text.size(), "%.6g", value);
  return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

const WindowBlock& block_of(const Plan& plan, const DriftRule& rule) {
  return plan.windows[plan.window_rules[rule.rule].block];
}

bool is_text(FieldType type) {
  switch (type) {
    case FieldType::Any:
    case FieldType::Integer:
    case FieldType::Number:
    case FieldType::Decimal:
    case FieldType::Timestamp: return false;
    default: return true;
  }
}

bool is_number(FieldType type) {
  return type == FieldType::Integer || type == FieldType::Number || type == FieldType::Decimal;
}

/// At most: cells of numbers, categories with their counts, lengths of texts, as they are written.
std::uint64_t bytes_of_window(const DriftRule& rule) {
  constexpr std::uint64_t kCount = 5;
  constexpr std::uint64_t kFixed = 256;
  if (rule.columns.size() > 1) return kFixed + 8 * rule.columns.size() * (rule.columns.size() + 2);
  const FieldType declared = rule.declared[0];
  std::uint64_t bytes = kFixed;
  if (!is_text(declared)) bytes += (kDriftCells + 1) * kCount;
  if (!is_number(declared)) bytes += Profile::kMostCategories * (sizeof(std::uint64_t) + kCount) + 32 * kCount;
  return bytes;
}

std::string in_percent(double share) {
  const auto tenths = static_cast<std::uint64_t>(share * 1000 + 0.5);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

double tolerance_of(const DriftRule& rule, const DriftSpec& spec) {
  for (const auto& [test, tolerance] : rule.tolerance) {
    if (test == &spec) return tolerance;
  }
  return spec.tolerance;
}

/// What `auto` may take for the field.
std::vector<const DriftSpec*> tests_of(const DriftRule& rule) {
  if (!rule.tests.empty()) return rule.tests;
  std::vector<std::string_view> names;
  if (!is_text(rule.declared[0])) names.emplace_back("ks");
  names.insert(names.end(), {"chi_square", "null_share", "type_share"});
  std::vector<const DriftSpec*> out;
  for (const std::string_view name : names) {
    if (const DriftSpec* spec = find_drift_test(name)) out.push_back(spec);
  }
  return out;
}

}  // namespace

std::string drift_in_words(const Plan& plan, const WindowRule& rule) {
  const DriftRule& drift = plan.drift_rules[static_cast<std::size_t>(rule.drift)];
  return joined(drift.paths) + " as in " + drift.reference.text + ", by " + rule.info.check;
}

std::string reference_in_words(const DriftRule& rule) {
  const DriftReference& reference = rule.reference;
  switch (reference.kind) {
    case DriftReference::Kind::File: {
      if (reference.baseline == nullptr) return reference.text;
      const Baseline& baseline = *reference.baseline;
      std::string text = reference.text + ": " + with_commas(baseline.records) + " records";
      if (baseline.from && baseline.to)
        text += " from " + format_timestamp(*baseline.from) + " to " + format_timestamp(*baseline.to);
      if (baseline.made) text += ", made " + format_timestamp(*baseline.made);
      return text;
    }
    case DriftReference::Kind::Previous: return reference.text;
    case DriftReference::Kind::Rolling:
      return reference.text + ", but for windows in alarm; and the first full reference, which never moves";
    case DriftReference::Kind::Same: return reference.text + "; how much these differ among themselves is no drift";
  }
  return reference.text;
}

std::string tests_in_words(const DriftRule& rule) {
  if (rule.tests.empty()) {
    const FieldType declared = rule.declared[0];
    const std::string_view picked = is_text(declared) ? "chi_square"
                                    : is_number(declared)
                                        ? "ks, or chi_square where there are at most 20 different numbers"
                                        : "ks for numbers, chi_square for anything else";
    return "auto: " + std::string(picked) + "; null_share, type_share";
  }
  std::vector<std::string> names;
  for (const DriftSpec* spec : rule.tests) names.emplace_back(spec->name);
  return joined(names);
}

std::string tolerances_in_words(const DriftRule& rule) {
  std::vector<std::string> words;
  for (const DriftSpec* spec : tests_of(rule))
    words.push_back(std::string(spec->name) + " " + number(tolerance_of(rule, *spec)));
  return joined(words);
}

std::string drifts_in_words(const DriftRule& rule) {
  return "a test is significant over all tests of the window (false discovery rate 5 %" +
         std::string(rule.any_dependence ? ", whatever the dependence" : "") +
         ") and its effect is above its tolerance";
}

std::string alarm_in_words(const Plan& plan, const DriftRule& rule) {
  if (block_of(plan, rule).kind == WindowKind::Whole) return "when it drifts: it is compared once";
  if (rule.sequential) return "when the evidence of all windows so far is enough, once over a long time without drift";
  if (rule.of == 1) return "when a window drifts; it ends after " + std::to_string(rule.clear) + " that do not";
  return "when " + std::to_string(rule.fire) + " of " + std::to_string(rule.of) + " windows drift; it ends after " +
         std::to_string(rule.clear) + " that " + (rule.clear == 1 ? "does" : "do") + " not";
}

std::string drift_kept_in_words(const Plan& /*plan*/, const DriftRule& rule) {
  if (rule.columns.size() > 1)
    return "means and how all " + std::to_string(rule.columns.size()) + " fields vary together, exact";
  const FieldType declared = rule.declared[0];
  std::vector<std::string> words;
  if (!is_text(declared)) {
    const bool cells = rule.edges != nullptr && !rule.edges->empty();
    words.push_back("up to 2,000 numbers themselves, of more " +
                    (cells
                         ? "exact counts in " + with_commas(rule.edges->size() + 1) + " cells of the reference"
                         : "a sketch (KLL: ranks within " + in_percent(QuantileSketch::rank_error(kFineSketch)) + ")"));
  }
  words.emplace_back("how often each value came (exact up to 1,024 values, then the most common ones)");
  words.emplace_back("different values (HyperLogLog: within 4.2 %)");
  if (!is_number(declared)) words.emplace_back("lengths");
  return joined(words);
}

std::string reference_memory_in_words(const Plan& plan, const DriftRule& rule) {
  const DriftReference& reference = rule.reference;
  const WindowBlock& block = block_of(plan, rule);
  const std::uint64_t segments = block.segment.empty() ? 1 : std::uint64_t{block.max_segments} + 1;
  std::uint64_t windows = 0;
  switch (reference.kind) {
    case DriftReference::Kind::File: return "at most " + human_bytes(bytes_of_window(rule)) + ", of the file";
    case DriftReference::Kind::Previous: windows = reference.windows; break;
    case DriftReference::Kind::Rolling:
      windows = block.every > Duration::zero() ? static_cast<std::uint64_t>(reference.length / block.every) + 1 : 1;
      break;
    case DriftReference::Kind::Same: {
      constexpr Duration kWeek = std::chrono::hours(168);
      const Duration reach = kWeek * reference.weeks;
      windows = block.every > Duration::zero() ? static_cast<std::uint64_t>(reach / block.every) : 1;
      break;
    }
  }
  const std::uint64_t each = bytes_of_window(rule);
  return "at most " + human_bytes(each) + " for each of " + with_commas(windows) +
         (windows == 1 ? " window" : " windows") +
         (segments > 1 ? " of each of at most " + with_commas(segments) + " segments" : "") +
         ", on disk where there is a state (--state)";
}

}  // namespace weir
