// SPDX-License-Identifier: Apache-2.0
// match, match_all, not_match: regular expressions, found anywhere in the text.
#include "base/pattern.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

// How many of the patterns have to be found.
enum class Wanted : std::uint8_t { Any, All, None };

constexpr std::string_view name_of(Wanted wanted) {
  constexpr std::string_view names[] = {"match", "match_all", "not_match"};
  return names[static_cast<std::size_t>(wanted)];
}

class MatchCheck final : public Check {
 public:
  MatchCheck(Wanted wanted, std::vector<Pattern> patterns) : wanted_(wanted), patterns_(std::move(patterns)) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    const Column& column = subject.column();
    if (patterns_.size() == 1) {
      const Pattern& pattern = patterns_.front();
      const bool found = wanted_ != Wanted::None;
      mark_texts(column, evaluated, failing,
                 [&pattern, found](std::string_view text) { return pattern.matches(text) == found; });
      return;
    }
    mark_texts(column, evaluated, failing, [this](std::string_view text) { return holds(text); });
  }

  Reason explain(const Subject& subject, std::size_t element) const override {
    const Column& column = subject.column();
    if (column.kinds[element] != Kind::Text) return wrong_type(subject, element, "a text");
    const bool found = wanted_ == Wanted::None;
    std::string message = quoted(subject, element);
    if (wanted_ == Wanted::Any && patterns_.size() > 1) {
      message += " matches none of " + std::to_string(patterns_.size()) + " patterns";
    } else {
      // The first pattern that is to blame.
      std::size_t i = 0;
      while (i + 1 < patterns_.size() && patterns_[i].matches(column.cells[element].text()) != found) ++i;
      message += (found ? " matches " : " does not match ") + patterns_[i].text();
    }
    return reason(subject, element, name_of(wanted_), std::move(message));
  }

  std::string expected() const override {
    std::string out = wanted_ == Wanted::None ? "does not match " : "matches ";
    if (patterns_.size() == 1) return out + patterns_.front().text();
    if (wanted_ == Wanted::All) out += "all of ";
    if (wanted_ == Wanted::Any) out += "one of ";
    if (wanted_ == Wanted::None) out = "matches none of ";
    std::vector<std::string> texts;
    for (const Pattern& pattern : patterns_) texts.push_back(pattern.text());
    return out + first_few(texts);
  }

 private:
  bool holds(std::string_view text) const {
    const bool stop = wanted_ != Wanted::All;  // the answer of one pattern that settles the matter
    for (const Pattern& pattern : patterns_) {
      if (pattern.matches(text) == stop) return wanted_ == Wanted::Any;
    }
    return wanted_ != Wanted::Any;
  }

  Wanted wanted_;
  std::vector<Pattern> patterns_;
};

// The place of byte `at` of a scalar that stands in the file as it is, quotes aside; the whole scalar when it does not.
SourceSpan within(const Scalar& scalar, const SourceSpan& fault) {
  SourceSpan span = scalar.where;
  const auto size = static_cast<int>(scalar.text.size());
  const int quote = scalar.plain ? 0 : 1;
  if (span.length != size + 2 * quote) return span;
  span.column += quote + fault.column;
  span.length = fault.length;
  return span;
}

Result<std::unique_ptr<const Check>> make(const Params& params, Wanted wanted) {
  const std::vector<Scalar>& written = *params.get<std::vector<Scalar>>("value");
  if (written.empty()) return params.error("value", "`" + std::string(name_of(wanted)) + "` has an empty list");
  std::vector<Pattern> patterns;
  for (const Scalar& scalar : written) {
    Result<Pattern> pattern = Pattern::compile(scalar.text);
    if (!pattern) {
      Error error = pattern.error();
      error.where = within(scalar, error.where);
      return error;
    }
    patterns.push_back(std::move(*pattern));
  }
  return std::unique_ptr<const Check>(new MatchCheck(wanted, std::move(patterns)));
}

constexpr ParamSpec kMatchParams[] = {{.name = "value",
                                       .type = ParamType::Texts,
                                       .summary = "A regular expression (RE2); of a list, one is enough.",
                                       .required = true}};
constexpr ParamSpec kMatchAllParams[] = {{.name = "value",
                                          .type = ParamType::Texts,
                                          .summary = "Regular expressions (RE2), each of which has to be found.",
                                          .required = true}};
constexpr ParamSpec kNotMatchParams[] = {{.name = "value",
                                          .type = ParamType::Texts,
                                          .summary = "Regular expressions (RE2), none of which may be found.",
                                          .required = true}};
constexpr std::string_view kMatchSynonyms[] = {"pattern",
                                               "regex",
                                               "regexp",
                                               "matches",
                                               "match_regex",
                                               "valid_regex",
                                               "valid regex",
                                               "valid_format_regex",
                                               "str_matches",
                                               "str_contains",
                                               "contains",
                                               "hasPattern",
                                               "expect_column_values_to_match_regex",
                                               "expect_column_values_to_match_regex_list",
                                               "col_vals_regex"};
constexpr std::string_view kMatchAllSynonyms[] = {"regex_all", "patterns"};
constexpr std::string_view kNotMatchSynonyms[] = {"not_regex",
                                                  "not_pattern",
                                                  "not_contains",
                                                  "invalid_regex",
                                                  "invalid regex",
                                                  "expect_column_values_to_not_match_regex",
                                                  "expect_column_values_to_not_match_regex_list"};

}  // namespace

const CheckSpec kMatchCheck{.name = "match",
                            .summary = "A regular expression is found in the text.",
                            .domain = Domain::Text,
                            .params = kMatchParams,
                            .synonyms = kMatchSynonyms,
                            .make = [](const Params& params) { return make(params, Wanted::Any); }};
const CheckSpec kMatchAllCheck{.name = "match_all",
                               .summary = "Every regular expression of a list is found in the text.",
                               .domain = Domain::Text,
                               .params = kMatchAllParams,
                               .synonyms = kMatchAllSynonyms,
                               .make = [](const Params& params) { return make(params, Wanted::All); }};
const CheckSpec kNotMatchCheck{.name = "not_match",
                               .summary = "No regular expression of a list is found in the text.",
                               .domain = Domain::Text,
                               .params = kNotMatchParams,
                               .synonyms = kNotMatchSynonyms,
                               .make = [](const Params& params) { return make(params, Wanted::None); }};

}  // namespace weir
