// SPDX-License-Identifier: Apache-2.0
// sum_of: fields of a record, or the elements of a repeated one, add up to a number or to another field. Exact: whole
// numbers of 128 bits at a common scale. A number that does not fit 64 bits and 18 places is of the wrong type here.
#include <algorithm>
#include <limits>

#include "base/decimal.h"
#include "base/hash.h"
#include "checks/literals.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

using hashing::SignedWide;

// A sum so far: unscaled x 10^-scale.
struct Total {
  SignedWide unscaled = 0;
  std::uint32_t scale = 0;
};

bool raise(SignedWide& value, std::uint32_t by) {
  for (; by > 0; --by) {
    if (__builtin_mul_overflow(value, SignedWide{10}, &value)) return false;
  }
  return true;
}

// False when 128 bits are not enough.
bool add(Total& total, SmallNumber number) {
  SignedWide value = number.unscaled;
  const std::uint32_t scale = std::max(total.scale, number.scale);
  if (!raise(total.unscaled, scale - total.scale) || !raise(value, scale - number.scale)) return false;
  total.scale = scale;
  return !__builtin_add_overflow(total.unscaled, value, &total.unscaled);
}

std::string in_words(const Total& total) {
  SignedWide rest = total.unscaled;
  std::string digits;  // from the last one on
  for (std::uint32_t place = 0; place <= total.scale || rest != 0; ++place) {
    if (place == total.scale && place > 0) digits += '.';
    const auto digit = static_cast<int>(rest % 10);
    digits += static_cast<char>('0' + (digit < 0 ? -digit : digit));
    rest /= 10;
  }
  if (total.unscaled < 0) digits += '-';
  return {digits.rbegin(), digits.rend()};
}

enum class Fault : std::uint8_t { None, Missing, Type, TooLarge };

// What adding up one record came to.
struct Sum {
  Total total;
  SmallNumber target;
  Fault fault = Fault::None;
  std::size_t column = 0;  // where the fault is
  std::size_t element = 0;
};

struct Settings {
  bool to_field = false;  // the target is the first column, else `equals`
  SmallNumber equals;
  SmallNumber tolerance;
  std::string target;  // as written
  std::string written_tolerance;
  std::vector<std::string> fields;
};

class SumOfCheck final : public Check {
 public:
  explicit SumOfCheck(Settings settings) : settings_(std::move(settings)) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    narrow(evaluated, [&](std::size_t row) { return add_up(subject, row).fault != Fault::Missing; });
    mark_failing(evaluated, failing, [&](std::size_t row) {
      const Sum sum = add_up(subject, row);
      return sum.fault == Fault::Type || sum.fault == Fault::TooLarge || (sum.fault == Fault::None && !holds(sum));
    });
  }

  Reason explain(const Subject& subject, std::size_t row) const override {
    const Sum sum = add_up(subject, row);
    if (sum.fault == Fault::TooLarge) return {.code = "type", .message = "the sum has too many digits", .value = ""};
    if (sum.fault == Fault::Type) {
      const bool number = is_number(subject.column(sum.column).kinds[sum.element]);
      return wrong_type(subject, sum.element, number ? "one of at most 18 digits" : "a number", sum.column);
    }
    const bool redacted = std::any_of(subject.columns.begin(), subject.columns.end(),
                                      [&](std::uint32_t c) { return subject.fields[c].redacted; });
    const std::string shown = redacted ? "***" : in_words(sum.total);
    std::string message = first_few(settings_.fields) + " add up to " + shown + ", not to " + settings_.target;
    if (settings_.to_field) message += " " + show(subject, row, 0);
    return {.code = "sum_of", .message = std::move(message), .value = shown};
  }

  std::string expected() const override {
    std::string out = "sum of " + first_few(settings_.fields) + " = " + settings_.target;
    return settings_.written_tolerance.empty() ? out : out + " (within " + settings_.written_tolerance + ")";
  }

 private:
  // Adds one element, or says why it cannot.
  static Fault add_element(const Column& column, std::size_t element, Total& total) {
    const Kind kind = column.kinds[element];
    if (is_missing(kind)) return Fault::Missing;
    const std::optional<SmallNumber> number =
        kind == Kind::Decimal ? SmallNumber{column.cells[element].number, column.cells[element].scale}
                              : small_number_of(kind, column.cells[element]);
    if (!number) return Fault::Type;
    return add(total, *number) ? Fault::None : Fault::TooLarge;
  }

  Sum add_up(const Subject& subject, std::size_t row) const {
    Sum sum;
    sum.target = settings_.equals;
    if (settings_.to_field) {
      Total target;
      sum.element = row;
      sum.fault = add_element(subject.column(0), row, target);
      if (sum.fault != Fault::None) return sum;
      sum.target = {static_cast<std::int64_t>(target.unscaled), target.scale};
    }
    // A missing part leaves nothing to say, whatever the others are.
    Sum worst = sum;
    for (std::size_t c = settings_.to_field ? 1 : 0; c < subject.columns.size(); ++c) {
      const Column& column = subject.column(c);
      const bool repeated = column.repeated();
      std::size_t element =
          repeated ? static_cast<std::size_t>(std::lower_bound(column.rows.begin(), column.rows.end(), row) -
                                              column.rows.begin())
                   : row;
      const std::size_t last = repeated ? column.size() : row + 1;
      for (; element < last && column.row_of(element) == row; ++element) {
        const Fault fault = add_element(column, element, sum.total);
        if (fault == Fault::None || (worst.fault != Fault::None && fault != Fault::Missing)) continue;
        worst.fault = fault;
        worst.column = c;
        worst.element = element;
        if (fault == Fault::Missing) return worst;
      }
    }
    return worst.fault == Fault::None ? sum : worst;
  }

  bool holds(const Sum& sum) const {
    Total rest = sum.total;
    const SmallNumber& target = sum.target;
    if (target.unscaled == std::numeric_limits<std::int64_t>::min()) {
      // Its opposite does not fit: subtract it in two steps.
      if (!add(rest, {std::numeric_limits<std::int64_t>::max(), target.scale}) || !add(rest, {1, target.scale}))
        return false;
    } else if (!add(rest, {-target.unscaled, target.scale})) {
      return false;
    }
    const std::uint32_t scale = std::max(rest.scale, settings_.tolerance.scale);
    SignedWide tolerance = settings_.tolerance.unscaled;
    if (!raise(rest.unscaled, scale - rest.scale) || !raise(tolerance, scale - settings_.tolerance.scale)) return false;
    return rest.unscaled <= tolerance && rest.unscaled >= -tolerance;
  }

  Settings settings_;
};

Result<std::unique_ptr<const Check>> make_sum_of(const Params& params) {
  Settings settings;
  const Scalar* const equals = params.get<Scalar>("equals");
  const Scalar* const to = params.get<Scalar>("to");
  if ((equals == nullptr) == (to == nullptr)) {
    return params.error(to != nullptr ? "to" : "equals", "`sum_of` needs either `equals: NUMBER` or `to: FIELD`");
  }
  const auto small_of = [](const Scalar& written) {
    const std::optional<Decimal> number = Decimal::parse(written.text);
    return number ? small_number_of(*number) : std::nullopt;
  };
  const std::string kDigits = "a number of at most 18 digits";
  if (equals != nullptr) {
    const auto number = small_of(*equals);
    if (!number) return params.error("equals", "`" + equals->text + "` is no number that fits", kDigits);
    settings.equals = *number;
  }
  if (const Scalar* const tolerance = params.get<Scalar>("tolerance")) {
    const auto number = small_of(*tolerance);
    if (!number || number->unscaled < 0)
      return params.error("tolerance", "`" + tolerance->text + "` is no tolerance", kDigits + ", not below 0");
    settings.tolerance = *number;
    settings.written_tolerance = tolerance->text;
  }
  settings.to_field = to != nullptr;
  settings.target = to != nullptr ? to->text : equals->text;
  settings.fields.assign(params.fields.begin() + (settings.to_field ? 1 : 0), params.fields.end());
  if (settings.fields.empty()) return params.error("fields", "`sum_of` has an empty list of fields");
  if (to != nullptr && to->text.find("[]") != std::string::npos)
    return params.error("to", "`to` is a field of the record, without `[]`");
  for (const std::string& field : settings.fields) {
    if (to == nullptr && field.find("[]") != std::string::npos) {
      return params.error("fields", "the elements of `" + field + "` add up to a field of the record",
                          "write `to: FIELD`");
    }
  }
  return std::unique_ptr<const Check>(new SumOfCheck(std::move(settings)));
}

constexpr ParamSpec kSumOfParams[] = {
    {.name = "fields",
     .type = ParamType::Fields,
     .summary = "The fields to add up; one with `[]` stands for all its elements.",
     .required = true},
    {.name = "equals", .type = ParamType::Scalar, .summary = "The number that the sum has to be."},
    {.name = "to", .type = ParamType::Field, .summary = "The field that the sum has to equal."},
    {.name = "tolerance", .type = ParamType::Number, .summary = "How far off the sum may be; 0 when not given."}};
// `to` first: the rule then judges records and not the elements of a repeated field.
constexpr std::string_view kSumOfColumns[] = {"to", "fields"};
constexpr std::string_view kSumOfSynonyms[] = {"expect_multicolumn_sum_to_equal", "sum_equals", "adds_up"};

}  // namespace

const CheckSpec kSumOfCheck{.name = "sum_of",
                            .summary = "Several fields of a record add up to a number or to another field.",
                            .domain = Domain::Number,
                            .on_field = false,
                            .on_record = true,
                            .params = kSumOfParams,
                            .column_params = kSumOfColumns,
                            .synonyms = kSumOfSynonyms,
                            .make = make_sum_of};

}  // namespace weir
