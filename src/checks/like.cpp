// SPDX-License-Identifier: Apache-2.0
// like, not_like: SQL's LIKE over the whole text. `%` is any run of characters, `_` one character, `\` makes the next
// one plain.
//
// A pattern is cut at its `%` into runs. The first run is pinned to the beginning, the last to the end, and those
// between are found one after the other, each as early as possible: with nothing but `%` between them the earliest
// place leaves most room to the rest, so nothing is ever tried twice.
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

constexpr std::size_t kMostPatternBytes = 256;  // a run is tried at each place, so this bounds the work for each byte

class LikePattern {
 public:
  static Result<LikePattern> make(const Scalar& written) {
    const std::string_view text = written.text;
    if (text.size() > kMostPatternBytes) {
      return Error{.message = "the pattern is longer than " + std::to_string(kMostPatternBytes) + " bytes",
                   .where = written.where};
    }
    LikePattern pattern;
    pattern.text_ = written.text;
    pattern.runs_.emplace_back();
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '%') {
        pattern.runs_.emplace_back();
      } else if (text[i] == '_') {
        pattern.runs_.back().push_back({'\0', true});
      } else {
        if (text[i] == '\\' && ++i == text.size()) {
          return Error{.message = "the pattern ends in a lone `\\`",
                       .where = written.where,
                       .help = "write `\\\\` for a backslash"};
        }
        pattern.runs_.back().push_back({text[i], false});
      }
    }
    return pattern;
  }

  bool matches(std::string_view text) const {
    std::size_t at = 0;
    if (!run_at(runs_.front(), text, 0, at)) return false;
    if (runs_.size() == 1) return at == text.size();
    for (std::size_t r = 1; r + 1 < runs_.size(); ++r) {
      if (!find_run(runs_[r], text, at)) return false;
    }
    return ends_with(runs_.back(), text, at);
  }

  const std::string& text() const { return text_; }

 private:
  struct Unit {
    char byte;
    bool any;  // one character, whatever it is
  };
  using Run = std::vector<Unit>;

  static bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U; }

  // Whether the run stands at `from`; then `end` is where it ends.
  static bool run_at(const Run& run, std::string_view text, std::size_t from, std::size_t& end) {
    std::size_t at = from;
    for (const Unit& unit : run) {
      if (at == text.size()) return false;
      if (unit.any) {
        ++at;
        while (at < text.size() && continues(text[at])) ++at;
      } else if (text[at++] != unit.byte) {
        return false;
      }
    }
    end = at;
    return true;
  }

  static bool find_run(const Run& run, std::string_view text, std::size_t& at) {
    for (std::size_t from = at; from <= text.size(); ++from) {
      if (from < text.size() && continues(text[from])) continue;
      if (run_at(run, text, from, at)) return true;
    }
    return false;
  }

  // Whether the text from `at` on ends in the run, read backwards.
  static bool ends_with(const Run& run, std::string_view text, std::size_t at) {
    std::size_t end = text.size();
    for (std::size_t i = run.size(); i > 0; --i) {
      const Unit& unit = run[i - 1];
      if (end == at) return false;
      --end;
      if (unit.any) {
        while (end > at && continues(text[end])) --end;
      } else if (text[end] != unit.byte) {
        return false;
      }
    }
    return true;
  }

  std::string text_;
  std::vector<Run> runs_;
};

class LikeCheck final : public Check {
 public:
  LikeCheck(bool wanted, std::vector<LikePattern> patterns) : wanted_(wanted), patterns_(std::move(patterns)) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    mark_texts(subject.column(), evaluated, failing,
               [this](std::string_view text) { return first_match(text) < patterns_.size() ? wanted_ : !wanted_; });
  }

  Reason explain(const Subject& subject, std::size_t element) const override {
    const Column& column = subject.column();
    if (column.kinds[element] != Kind::Text) return wrong_type(subject, element, "a text");
    std::string message = quoted(subject, element);
    if (!wanted_) {
      message += " is like " + patterns_[first_match(column.cells[element].text())].text();
    } else if (patterns_.size() == 1) {
      message += " is not like " + patterns_.front().text();
    } else {
      message += " is like none of " + std::to_string(patterns_.size()) + " patterns";
    }
    return reason(subject, element, wanted_ ? "like" : "not_like", std::move(message));
  }

  std::string expected() const override {
    std::vector<std::string> texts;
    for (const LikePattern& pattern : patterns_) texts.push_back(pattern.text());
    return (wanted_ ? "like " : "not like ") + first_few(texts);
  }

 private:
  std::size_t first_match(std::string_view text) const {
    std::size_t i = 0;
    while (i < patterns_.size() && !patterns_[i].matches(text)) ++i;
    return i;
  }

  bool wanted_;
  std::vector<LikePattern> patterns_;
};

Result<std::unique_ptr<const Check>> make(const Params& params, bool wanted) {
  const std::vector<Scalar>& written = *params.get<std::vector<Scalar>>("value");
  if (written.empty())
    return params.error("value", wanted ? "`like` has an empty list" : "`not_like` has an empty list");
  std::vector<LikePattern> patterns;
  for (const Scalar& scalar : written) {
    Result<LikePattern> pattern = LikePattern::make(scalar);
    if (!pattern) return pattern.error();
    patterns.push_back(std::move(*pattern));
  }
  return std::unique_ptr<const Check>(new LikeCheck(wanted, std::move(patterns)));
}

constexpr ParamSpec kLikeParams[] = {{.name = "value",
                                      .type = ParamType::Texts,
                                      .summary = "A pattern with `%`, `_` and `\\`; of a list, one is enough.",
                                      .required = true}};
constexpr ParamSpec kNotLikeParams[] = {{.name = "value",
                                         .type = ParamType::Texts,
                                         .summary = "Patterns with `%`, `_` and `\\`, none of which may match.",
                                         .required = true}};
constexpr std::string_view kLikeSynonyms[] = {"ilike",
                                              "str_startswith",
                                              "str_endswith",
                                              "starts_with",
                                              "ends_with",
                                              "glob",
                                              "expect_column_values_to_match_like_pattern",
                                              "expect_column_values_to_match_like_pattern_list"};
constexpr std::string_view kNotLikeSynonyms[] = {"expect_column_values_to_not_match_like_pattern",
                                                 "expect_column_values_to_not_match_like_pattern_list"};

}  // namespace

const CheckSpec kLikeCheck{.name = "like",
                           .summary = "The whole text fits a pattern of SQL's LIKE.",
                           .domain = Domain::Text,
                           .params = kLikeParams,
                           .synonyms = kLikeSynonyms,
                           .make = [](const Params& params) { return make(params, true); }};
const CheckSpec kNotLikeCheck{.name = "not_like",
                              .summary = "The text fits no pattern of SQL's LIKE.",
                              .domain = Domain::Text,
                              .params = kNotLikeParams,
                              .synonyms = kNotLikeSynonyms,
                              .make = [](const Params& params) { return make(params, false); }};

}  // namespace weir
