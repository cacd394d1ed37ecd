// SPDX-License-Identifier: Apache-2.0
#include "rules/reference_params.h"

#include <charconv>
#include <cmath>

#include "rules/findings.h"

namespace weir {
namespace {

/// The shortest digits that read back as the same number.
Scalar written(double number, const SourceSpan& where) {
  char text[64];
  const auto [end, fault] = std::to_chars(text, text + sizeof text, number);
  return {.text = std::string(text, fault == std::errc() ? end : text), .plain = true, .where = where};
}

}  // namespace

bool takes_reference(const WrittenRule& rule) {
  return rule.spec->of_reference && rule.field && rule.params.find("mean") == nullptr &&
         rule.params.find("sd") == nullptr;
}

Result<MeanAndSd> mean_and_sd(const Baseline& baseline, const std::string& path, const std::string& name) {
  const auto refuse = [](std::string message, std::string help) {
    return Error{.message = std::move(message), .where = {}, .code = {}, .label = {}, .help = std::move(help)};
  };
  const BaselineField* const field = baseline.find(path);
  if (field == nullptr || baseline.records == 0) return refuse("", "");
  const Profile& profile = field->profile;
  if (profile.finite < 2)
    return refuse(backquoted(path) + " has fewer than two numbers in the reference " + backquoted(name),
                  "their mean and standard deviation are what is asked for: take a reference with more");
  const MeanAndSd out{.mean = profile.mean, .sd = std::sqrt(profile.m2 / static_cast<double>(profile.finite - 1))};
  if (!std::isfinite(out.mean) || !std::isfinite(out.sd))
    return refuse("the numbers of " + backquoted(path) + " in the reference " + backquoted(name) +
                      " are too large for a standard deviation",
                  "write {max: …, mean: …, sd: …}");
  if (out.sd <= 0)
    return refuse(
        backquoted(path) + " never varies in the reference " + backquoted(name) + ": its standard deviation is 0",
        "write {max: …, mean: …, sd: …}, or bound it with `min` and `max`");
  return out;
}

void add_reference(Params& params, const MeanAndSd& known) {
  params.entries.push_back({.name = "mean", .value = written(known.mean, params.where), .where = params.where});
  params.entries.push_back({.name = "sd", .value = written(known.sd, params.where), .where = params.where});
}

}  // namespace weir
