// SPDX-License-Identifier: Apache-2.0
// increasing, decreasing, sequence: each value against the one before it, of the same key where there is one.
//
// The one before is the last value of the right type, also when it failed: one outlier is one failure, or two, and not
// every record after it. Values are kept as a 64-bit number and a scale; times as microseconds.
#include <algorithm>

#include "base/assert.h"
#include "base/decimal.h"
#include "base/hash.h"
#include "base/instant.h"
#include "base/timestamp.h"
#include "checks/keys.h"
#include "checks/literals.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"
#include "weir/shared_bound.h"

namespace weir {

namespace {

constexpr std::int64_t kDefaultMostKeys = 1'000'000;
constexpr std::int64_t kMostKeys = 1'000'000'000;  // positions are 32 bits wide
constexpr std::uint32_t kMicroDigits = 6;
constexpr std::uint32_t kMostDigits = 18;  // behind the point of a small number
constexpr std::int64_t kFarthest =
    1'000'000'000'000'000'000;  // microseconds: 31 thousand years, which a calendar holds
constexpr std::uint8_t kVersion = 1;

using hashing::SignedWide;

struct Step {
  SmallNumber number;
  bool is_time = false;
};

std::string in_words(const Step& step) {
  return step.is_time ? format_timestamp(Instant(Duration(step.number.unscaled)))
                      : Decimal(step.number.unscaled, step.number.scale).text();
}

// 10^18 times 64 bits fit 128.
SignedWide raised(std::int64_t unscaled, std::uint32_t by) {
  SignedWide value = unscaled;
  for (; by > 0; --by) value *= 10;
  return value;
}

// a - b as a whole number at the larger of both scales: negative, zero or positive.
SignedWide difference(const SmallNumber& a, const SmallNumber& b) {
  const std::uint32_t scale = std::max(a.scale, b.scale);
  return raised(a.unscaled, scale - a.scale) - raised(b.unscaled, scale - b.scale);
}

enum class Direction : std::uint8_t { Increasing, Decreasing, Sequence };

constexpr std::string_view name_of(Direction direction) {
  constexpr std::string_view names[] = {"increasing", "decreasing", "sequence"};
  return names[static_cast<std::size_t>(direction)];
}

class SequenceMemory final : public Memory, public SharedBound {
 public:
  explicit SequenceMemory(std::size_t most) : keys(most, KeyTable::Age::LastSeen), most_(most), whole_(most) {}
  std::uint64_t bytes() const override {
    return keys.bytes() + last.capacity() * sizeof(Step) + failures.capacity() * sizeof(Failure);
  }
  std::uint64_t forgotten() const override { return forgotten_keys; }

  // Version, how many were forgotten, the keys by age, the last value of each: number, scale, whether it is a time.
  std::string write() const override {
    SummaryWriter out;
    out.u8(kVersion);
    out.varint(forgotten_keys);
    const std::vector<std::uint32_t> by_age = keys.by_age();
    out.reserve(by_age.size() * 20 + 16);
    keys.write(by_age, out);
    for (const std::uint32_t index : by_age) {
      out.signed_varint(last[index].number.unscaled);
      out.u8(static_cast<std::uint8_t>(last[index].number.scale << 1 | (last[index].is_time ? 1U : 0U)));
    }
    return std::move(out).bytes();
  }

  void share(std::uint64_t among) override {
    const std::size_t most = std::max<std::size_t>(1, whole_ / std::max<std::uint64_t>(1, among));
    if (most == most_) return;
    const std::vector<std::uint32_t> by_age = keys.by_age();
    const std::size_t over = by_age.size() - std::min(by_age.size(), most);
    SequenceMemory kept(most);
    kept.whole_ = whole_;
    kept.forgotten_keys = forgotten_keys + over;
    for (std::size_t i = over; i < by_age.size(); ++i) {
      kept.keys.place_of(keys.key(by_age[i]));
      append_within(kept.last, last[by_age[i]], most);
    }
    *this = std::move(kept);
  }

  bool read(std::string_view written) override {
    SummaryReader in(written);
    SequenceMemory found(whole_);
    in.require(in.u8() == kVersion, "another version");
    found.forgotten_keys = in.varint();
    found.keys.read(in);
    if (in.ok()) found.last.reserve(found.keys.size());
    for (std::size_t i = 0; in.ok() && i < found.keys.size(); ++i) {
      Step step;
      step.number.unscaled = in.signed_varint();
      const std::uint8_t form = in.u8();
      step.number.scale = form >> 1;
      step.is_time = (form & 1) != 0;
      in.require(step.is_time ? step.number.scale == kMicroDigits && step.number.unscaled <= kFarthest &&
                                    step.number.unscaled >= -kFarthest
                              : step.number.scale <= kMostDigits,
                 "a value is out of range");
      found.last.push_back(step);
    }
    if (!in.ok() || !in.at_end()) return false;
    const std::size_t among = whole_ / most_;
    *this = std::move(found);
    share(among);
    return true;
  }

  struct Failure {
    std::size_t element;
    Step before;
  };
  KeyTable keys;
  std::vector<Step> last;         // by position in keys
  std::vector<Failure> failures;  // of the last judge(), ascending: what explain() tells
  std::uint64_t forgotten_keys = 0;

 private:
  std::size_t most_;   // of this memory
  std::size_t whole_;  // of the rule, over all memories that share it
};

struct Settings {
  Direction direction = Direction::Increasing;
  bool strict = false;
  SmallNumber step{1, 0};
  std::string by;
  std::size_t most = 0;
};

class SequenceCheck final : public Check {
 public:
  explicit SequenceCheck(Settings settings) : settings_(std::move(settings)) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    WEIR_ASSERT(subject.memory != nullptr, "ordered checks need their memory");
    auto& memory = static_cast<SequenceMemory&>(*subject.memory);
    const Column& values = subject.column();
    const Column* const by = subject.columns.size() > 1 ? &subject.column(1) : nullptr;
    if (by != nullptr) narrow(evaluated, [&](std::size_t i) { return !is_missing(by->kinds[values.row_of(i)]); });
    memory.failures.clear();
    mark_failing(evaluated, failing, [&](std::size_t i) {
      const std::optional<Step> step = step_of(values.kinds[i], values.cells[i]);
      if (!step) return true;
      const std::size_t row = values.row_of(i);
      const KeyTable::Place place =
          memory.keys.place_of(by == nullptr ? Key{} : key_of(by->kinds[row], by->cells[row]));
      if (place.replaced) ++memory.forgotten_keys;
      if (place.index == memory.last.size()) append_within(memory.last, Step{}, settings_.most);
      Step& last = memory.last[place.index];
      const bool fails = place.known && !follows(last.number, step->number);
      if (fails) memory.failures.push_back({i, last});
      last = *step;
      return fails;
    });
  }

  Reason explain(const Subject& subject, std::size_t element) const override {
    const Column& column = subject.column();
    if (!step_of(column.kinds[element], column.cells[element])) return wrong_value(subject, element);
    const auto& failures = static_cast<const SequenceMemory&>(*subject.memory).failures;
    const auto failure = std::lower_bound(failures.begin(), failures.end(), element,
                                          [](const auto& a, std::size_t e) { return a.element < e; });
    std::string message = quoted(subject, element);
    if (failure == failures.end() || failure->element != element) {
      message += " does not follow the value before it";
    } else if (is_redacted(subject)) {
      message += " does not follow ***";
    } else {
      message += " follows " + in_words(failure->before);
      const auto wanted = settings_.direction == Direction::Sequence ? next_of(failure->before.number) : std::nullopt;
      if (wanted) message += ", " + Decimal(wanted->unscaled, wanted->scale).text() + " was expected";
    }
    if (!settings_.by.empty()) message += " for " + settings_.by + " " + quoted(subject, column.row_of(element), 1);
    return reason(subject, element, name_of(settings_.direction), std::move(message));
  }

  std::string expected() const override {
    std::string out(settings_.strict ? "strictly " : "");
    out += settings_.direction == Direction::Sequence ? "in sequence" : name_of(settings_.direction);
    if (settings_.direction == Direction::Sequence && settings_.step != SmallNumber{1, 0}) {
      out += " by steps of " + Decimal(settings_.step.unscaled, settings_.step.scale).text();
    }
    return settings_.by.empty() ? out : out + " for each " + settings_.by;
  }

  std::unique_ptr<Memory> remember() const override { return std::make_unique<SequenceMemory>(settings_.most); }
  std::uint64_t memory_bound() const override {
    return KeyTable::bytes_bound(settings_.most, KeyTable::Age::LastSeen) + settings_.most * sizeof(Step);
  }
  std::string memory_error() const override {
    if (settings_.by.empty()) return "";
    return "beyond " + std::to_string(settings_.most) +
           " keys the longest unseen are forgotten: the next value of such a key passes";
  }

 private:
  std::optional<Step> step_of(Kind kind, const Cell& cell) const {
    if (kind == Kind::Integer) return Step{{cell.number, 0}, false};
    if (kind == Kind::Decimal) return Step{{cell.number, cell.scale}, false};
    if (kind == Kind::Text && settings_.direction != Direction::Sequence) {
      const std::optional<Instant> instant = instant_of_text(cell.text());
      if (!instant) return std::nullopt;
      return Step{{instant->time_since_epoch().count(), kMicroDigits}, true};
    }
    const std::optional<SmallNumber> number = small_number_of(kind, cell);
    return number ? std::optional(Step{*number, false}) : std::nullopt;
  }

  bool follows(const SmallNumber& before, const SmallNumber& now) const {
    if (settings_.direction == Direction::Sequence) {
      const auto wanted = next_of(before);
      return wanted && difference(now, *wanted) == 0;
    }
    const SignedWide rise =
        settings_.direction == Direction::Increasing ? difference(now, before) : difference(before, now);
    return settings_.strict ? rise > 0 : rise >= 0;
  }

  // before + step, where 64 bits are enough.
  std::optional<SmallNumber> next_of(const SmallNumber& before) const {
    const std::uint32_t scale = std::max(before.scale, settings_.step.scale);
    const SignedWide sum =
        raised(before.unscaled, scale - before.scale) + raised(settings_.step.unscaled, scale - settings_.step.scale);
    const auto narrowed = static_cast<std::int64_t>(sum);
    return narrowed == sum ? std::optional(stripped(narrowed, scale)) : std::nullopt;
  }

  Reason wrong_value(const Subject& subject, std::size_t element) const {
    const Kind kind = subject.column().kinds[element];
    if (kind == Kind::Number)
      return reason(subject, element, "type", quoted(subject, element) + " has more digits than 64 bits hold");
    if (kind == Kind::Text && settings_.direction != Direction::Sequence) {
      return reason(subject, element, "type", quoted(subject, element) + " is no timestamp");
    }
    return wrong_type(subject, element,
                      settings_.direction == Direction::Sequence ? "a number" : "a number or a timestamp");
  }

  Settings settings_;
};

Result<std::unique_ptr<const Check>> make(const Params& params, Direction direction) {
  if (!params.flag("value", true)) return std::unique_ptr<const Check>();
  Settings settings;
  settings.direction = direction;
  settings.strict = params.flag("strict");
  if (const Scalar* const by = params.get<Scalar>("by")) {
    settings.by = by->text;
    if (by->text.find("[]") != std::string::npos)
      return params.error("by", "`by` is a field of the whole record, without `[]`");
  }
  if (const Scalar* const step = params.get<Scalar>("step")) {
    const std::optional<Decimal> number = Decimal::parse(step->text);
    const std::optional<SmallNumber> small = number ? small_number_of(*number) : std::nullopt;
    if (!small || number->is_zero())
      return params.error("step", "`" + step->text + "` is no step", "a number other than 0, of at most 18 digits");
    settings.step = *small;
  }
  const std::int64_t* const most = params.get<std::int64_t>("max_keys");
  if (most != nullptr && (*most < 1 || *most > kMostKeys))
    return params.error("max_keys", "`max_keys` is from 1 to " + std::to_string(kMostKeys));
  settings.most = settings.by.empty() ? 1 : static_cast<std::size_t>(most == nullptr ? kDefaultMostKeys : *most);
  return std::unique_ptr<const Check>(new SequenceCheck(std::move(settings)));
}

constexpr ParamSpec kValueParam{
    .name = "value", .type = ParamType::Boolean, .summary = "`false` switches the rule off."};
constexpr ParamSpec kByParam{
    .name = "by", .type = ParamType::Field, .summary = "The field that is the key: each key has its own order."};
constexpr ParamSpec kMaxKeysParam{
    .name = "max_keys", .type = ParamType::Count, .summary = "How many keys are remembered; 1000000 when not given."};
constexpr ParamSpec kOrderParams[] = {
    kValueParam,
    kByParam,
    {.name = "strict", .type = ParamType::Boolean, .summary = "Equal values fail too."},
    kMaxKeysParam};
constexpr ParamSpec kSequenceParams[] = {
    kValueParam,
    kByParam,
    {.name = "step", .type = ParamType::Number, .summary = "From one value to the next; 1 when not given."},
    kMaxKeysParam};
constexpr std::string_view kColumns[] = {"by"};
constexpr std::string_view kIncreasingSynonyms[] = {
    "monotonic",          "is_monotonic",         "sorted",
    "ascending",          "monotonic_increasing", "expect_column_values_to_be_increasing",
    "col_vals_increasing"};
constexpr std::string_view kDecreasingSynonyms[] = {"descending", "monotonic_decreasing",
                                                    "expect_column_values_to_be_decreasing", "col_vals_decreasing"};
constexpr std::string_view kSequenceSynonyms[] = {"sequential_values", "no_gaps", "gaps", "consecutive",
                                                  "mutually_exclusive_ranges"};

}  // namespace

const CheckSpec kIncreasingCheck{.name = "increasing",
                                 .summary = "Each value is at least the one before it.",
                                 .params = kOrderParams,
                                 .column_params = kColumns,
                                 .synonyms = kIncreasingSynonyms,
                                 .make = [](const Params& params) { return make(params, Direction::Increasing); }};
const CheckSpec kDecreasingCheck{.name = "decreasing",
                                 .summary = "Each value is at most the one before it.",
                                 .params = kOrderParams,
                                 .column_params = kColumns,
                                 .synonyms = kDecreasingSynonyms,
                                 .make = [](const Params& params) { return make(params, Direction::Decreasing); }};
const CheckSpec kSequenceCheck{
    .name = "sequence",
    .summary = "Each value is the one before it plus a step: nothing is missing and nothing comes twice.",
    .domain = Domain::Number,
    .params = kSequenceParams,
    .column_params = kColumns,
    .synonyms = kSequenceSynonyms,
    .make = [](const Params& params) { return make(params, Direction::Sequence); }};

}  // namespace weir
