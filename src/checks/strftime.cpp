// SPDX-License-Identifier: Apache-2.0
// strftime: the text is a time written by a format such as `%d.%m.%Y %H:%M`, and one that exists: 31.02. fails.
//
// A format is turned into steps once. Numbers have the width that strftime() gives them (`%d` is two digits); `%-d`
// also takes them without padding.
#include <algorithm>
#include <array>

#include "checks/formats.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};

// What of a date was read; the rest stays such that every day exists.
struct Parts {
  int year = 2000;
  int month = 1;
  int day = 1;
};

bool exists(const Parts& parts) {
  const std::chrono::year_month_day day{std::chrono::year(parts.year),
                                        std::chrono::month(static_cast<unsigned>(parts.month)),
                                        std::chrono::day(static_cast<unsigned>(parts.day))};
  return day.ok();
}

// A directive that is a number within bounds.
struct Number {
  char letter;
  std::uint8_t width;
  int lowest;
  int highest;
  int Parts::*part;
};
constexpr Number kNumbers[] = {
    {'Y', 4, 0, 9999, &Parts::year}, {'m', 2, 1, 12, &Parts::month}, {'d', 2, 1, 31, &Parts::day},
    {'H', 2, 0, 23, nullptr},        {'I', 2, 1, 12, nullptr},       {'M', 2, 0, 59, nullptr},
    {'S', 2, 0, 60, nullptr},        {'j', 3, 1, 366, nullptr},      {'y', 2, 0, 99, nullptr},
    {'u', 1, 1, 7, nullptr},         {'w', 1, 0, 6, nullptr}};

// Directives that stand for others.
struct Short {
  char letter;
  std::string_view whole;
};
constexpr Short kShorts[] = {{'F', "%Y-%m-%d"}, {'T', "%H:%M:%S"}, {'R', "%H:%M"}, {'D', "%m/%d/%y"}};

struct Step {
  char letter = 0;  // a directive, or 0 for `byte` itself
  char byte = 0;
  bool padded = true;
  const Number* number = nullptr;
};

// Removes `name` from the front of the text, whatever its case.
bool take_name(std::string_view& text, std::string_view name) {
  if (text.size() < name.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if ((text[i] | 0x20) != (name[i] | 0x20)) return false;
  }
  text.remove_prefix(name.size());
  return true;
}

// The place of the name that the text begins with, whole or in three letters; -1 for none.
template <std::size_t kCount>
int take_one_of(std::string_view& text, const std::array<std::string_view, kCount>& names, bool whole) {
  for (std::size_t i = 0; i < kCount; ++i) {
    if (take_name(text, whole ? names[i] : names[i].substr(0, 3))) return static_cast<int>(i);
  }
  return -1;
}

std::size_t count_digits(std::string_view text, std::size_t most) {
  std::size_t n = 0;
  while (n < text.size() && n < most && scan::is_digit(text[n])) ++n;
  return n;
}

bool take_number(std::string_view& text, const Number& number, bool padded, int& value) {
  const std::size_t digits = count_digits(text, number.width);
  if (digits == 0 || (padded && digits != number.width)) return false;
  value = 0;
  for (std::size_t i = 0; i < digits; ++i) value = value * 10 + (text[i] - '0');
  text.remove_prefix(digits);
  return value >= number.lowest && value <= number.highest;
}

// Z, +0200 or +02:00
bool take_offset(std::string_view& text) {
  if (take_name(text, "Z")) return true;
  if (text.size() < 5 || (text[0] != '+' && text[0] != '-')) return false;
  const std::size_t colon = text[3] == ':' ? 1 : 0;
  if (text.size() < 5 + colon) return false;
  const std::string_view hours = text.substr(1, 2);
  const std::string_view minutes = text.substr(3 + colon, 2);
  if (count_digits(hours, 2) != 2 || count_digits(minutes, 2) != 2 || hours > "23" || minutes > "59") return false;
  text.remove_prefix(5 + colon);
  return true;
}

// The directives that are no plain number.
bool take_other(std::string_view& text, char letter, Parts& parts) {
  switch (letter) {
    case 'b':
    case 'h':
    case 'B': {
      const int month = take_one_of(text, kMonths, letter == 'B');
      parts.month = month + 1;
      return month >= 0;
    }
    case 'a':
    case 'A': return take_one_of(text, kDays, letter == 'A') >= 0;
    case 'p': return take_name(text, "AM") || take_name(text, "PM");
    case 'e': {
      if (text.starts_with(' ')) text.remove_prefix(1);
      constexpr Number kDay{'e', 2, 1, 31, nullptr};
      return take_number(text, kDay, false, parts.day);
    }
    case 'f':
    case 's': {
      const std::size_t digits = count_digits(text, letter == 'f' ? 9 : 12);
      text.remove_prefix(digits);
      return digits > 0;
    }
    case 'z': return take_offset(text);
    case 'Z': {
      std::size_t letters = 0;
      while (letters < text.size() && letters < 5 && scan::is_upper(text[letters])) ++letters;
      text.remove_prefix(letters);
      return letters > 0;
    }
    default: return false;
  }
}
constexpr std::string_view kOtherLetters = "bhBaApefszZ";

class TimeFormat {
 public:
  static Result<TimeFormat> make(const Scalar& written) {
    TimeFormat format;
    if (auto fault = format.add(written.text, written)) return *fault;
    if (format.steps_.empty()) return Error{.message = "`strftime` has an empty format", .where = written.where};
    return format;
  }

  bool matches(std::string_view text) const {
    Parts parts;
    for (const Step& step : steps_) {
      if (step.letter == 0) {
        if (!text.starts_with(step.byte)) return false;
        text.remove_prefix(1);
      } else if (step.number != nullptr) {
        int value = 0;
        if (!take_number(text, *step.number, step.padded, value)) return false;
        if (step.number->part != nullptr) parts.*(step.number->part) = value;
        if (step.letter == 'y') parts.year = value < 69 ? 2000 + value : 1900 + value;
      } else if (!take_other(text, step.letter, parts)) {
        return false;
      }
    }
    return text.empty() && exists(parts);
  }

 private:
  std::optional<Error> add(std::string_view format, const Scalar& written) {
    for (std::size_t i = 0; i < format.size(); ++i) {
      Step step;
      if (format[i] != '%') {
        step.byte = format[i];
        steps_.push_back(step);
        continue;
      }
      ++i;
      step.padded = !(i < format.size() && format[i] == '-');
      if (!step.padded) ++i;
      if (i >= format.size())
        return Error{.message = "the format ends in a lone `%`",
                     .where = written.where,
                     .help = "write `%%` for a percent sign"};
      const char letter = format[i];
      if (letter == '%') {
        step.byte = '%';
        steps_.push_back(step);
        continue;
      }
      const auto* const whole =
          std::find_if(std::begin(kShorts), std::end(kShorts), [letter](const Short& s) { return s.letter == letter; });
      if (whole != std::end(kShorts)) {
        if (auto fault = add(whole->whole, written)) return fault;
        continue;
      }
      const auto* const number = std::find_if(std::begin(kNumbers), std::end(kNumbers),
                                              [letter](const Number& n) { return n.letter == letter; });
      step.letter = letter;
      step.number = number == std::end(kNumbers) ? nullptr : number;
      if (step.number == nullptr && kOtherLetters.find(letter) == std::string_view::npos) {
        return Error{.message = "`strftime` does not know `%" + std::string(1, letter) + "`",
                     .where = written.where,
                     .help = "it knows %Y %y %m %d %e %j %H %I %M %S %f %p %b %B %a %A %u %w %z %Z %s %F %T %R %D %%"};
      }
      steps_.push_back(step);
    }
    return std::nullopt;
  }

  std::vector<Step> steps_;
};

class StrftimeCheck final : public Check {
 public:
  StrftimeCheck(TimeFormat format, std::string written) : format_(std::move(format)), written_(std::move(written)) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    mark_texts(subject.column(), evaluated, failing, [this](std::string_view text) { return format_.matches(text); });
  }
  Reason explain(const Subject& subject, std::size_t element) const override {
    if (subject.column().kinds[element] != Kind::Text) return wrong_type(subject, element, "a text");
    return reason(subject, element, "strftime", quoted(subject, element) + " is no time of the form " + written_);
  }
  std::string expected() const override { return "a time as " + written_; }

 private:
  TimeFormat format_;
  std::string written_;
};

Result<std::unique_ptr<const Check>> make_strftime(const Params& params) {
  const Scalar& written = *params.get<Scalar>("value");
  Result<TimeFormat> format = TimeFormat::make(written);
  if (!format) return format.error();
  return std::unique_ptr<const Check>(new StrftimeCheck(std::move(*format), written.text));
}

constexpr ParamSpec kStrftimeParams[] = {{.name = "value",
                                          .type = ParamType::Text,
                                          .summary = "The format, as strftime() has it: `%d.%m.%Y`.",
                                          .required = true}};
constexpr std::string_view kStrftimeSynonyms[] = {"date_format",       "time_format",
                                                  "datetime_format",   "strptime",
                                                  "valid_date_format", "expect_column_values_to_match_strftime_format"};

}  // namespace

const CheckSpec kStrftimeCheck{.name = "strftime",
                               .summary = "The text is a time written by this format.",
                               .domain = Domain::Text,
                               .params = kStrftimeParams,
                               .synonyms = kStrftimeSynonyms,
                               .make = make_strftime};

}  // namespace weir
