// SPDX-License-Identifier: Apache-2.0
// parse: a text that must read as a value of another type, for streams whose producers put everything in quotes.
#include "base/decimal.h"
#include "base/timestamp.h"
#include "checks/formats.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

bool reads_as_integer(std::string_view text) noexcept {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && (text.size() == 1 || text[0] != '0') &&
         scan::all(text, [](char c) { return scan::is_digit(c); });
}

// Without an allocation: the grammar only.
bool reads_as_number(std::string_view text) noexcept {
  std::size_t digits = 0;
  bool point = false;
  std::size_t exponent = text.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    std::string_view power = text.substr(exponent + 1);
    if (power.starts_with('-') || power.starts_with('+')) power.remove_prefix(1);
    if (power.empty() || !scan::all(power, [](char c) { return scan::is_digit(c); })) return false;
    text = text.substr(0, exponent);
  }
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.size() > 1 && text[0] == '0' && text[1] != '.') return false;
  for (const char c : text) {
    if (c == '.' && !point && digits > 0) {
      point = true;
    } else if (scan::is_digit(c)) {
      ++digits;
    } else {
      return false;
    }
  }
  return digits > 0 && text.back() != '.';
}

bool reads_as_boolean(std::string_view text) noexcept {
  return text == "true" || text == "false";
}

struct Target {
  std::string_view name;
  std::string_view in_words;
  bool (*holds)(std::string_view text) noexcept;
};
constexpr Target kTargets[] = {{"integer", "an integer", reads_as_integer},    {"number", "a number", reads_as_number},
                               {"boolean", "true or false", reads_as_boolean}, {"date", "a date", is_date},
                               {"timestamp", "a timestamp", is_timestamp},     {"json", "JSON", is_json}};
constexpr std::string_view kChoices[] = {"integer", "number", "boolean", "date", "timestamp", "json"};

class ParseCheck final : public Check {
 public:
  explicit ParseCheck(const Target& target) : target_(target) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    mark_texts(subject.column(), evaluated, failing, target_.holds);
  }
  Reason explain(const Subject& subject, std::size_t element) const override {
    if (subject.column().kinds[element] != Kind::Text) return wrong_type(subject, element, "a text");
    return reason(subject, element, "parse",
                  quoted(subject, element) + " does not read as " + std::string(target_.in_words));
  }
  std::string expected() const override { return "reads as " + std::string(target_.in_words); }

 private:
  const Target& target_;
};

Result<std::unique_ptr<const Check>> make_parse(const Params& params) {
  const Scalar& choice = *params.get<Scalar>("value");
  for (const Target& target : kTargets) {
    if (target.name == choice.text) return std::unique_ptr<const Check>(new ParseCheck(target));
  }
  return params.error("value", "`parse` cannot read `" + choice.text + "`",
                      "it reads integer, number, boolean, date, timestamp and json");
}

constexpr ParamSpec kParseParams[] = {{.name = "value",
                                       .type = ParamType::Choice,
                                       .summary = "What the text has to read as.",
                                       .required = true,
                                       .choices = kChoices}};
constexpr std::string_view kParseSynonyms[] = {"parseable",
                                               "castable",
                                               "convertible",
                                               "coerce",
                                               "expect_column_values_to_be_dateutil_parseable",
                                               "expect_column_values_to_be_json_parseable",
                                               "valid_number"};

}  // namespace

const CheckSpec kParseCheck{
    .name = "parse",
    .summary = "The text reads as an integer, a number, a boolean, a date, a timestamp or JSON.",
    .domain = Domain::Text,
    .params = kParseParams,
    .synonyms = kParseSynonyms,
    .make = make_parse};

}  // namespace weir
