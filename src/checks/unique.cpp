// SPDX-License-Identifier: Apache-2.0
// unique: a key that was seen before fails; the first one passes.
//
// Without `within` a key is remembered until max_keys others came after it. With `within` it is remembered for that
// time since it was last seen, duplicates included, by the time of the records; places whose time is over are used
// again before the table grows.
#include <algorithm>

#include "base/assert.h"
#include "base/timestamp.h"
#include "checks/keys.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"
#include "weir/shared_bound.h"

namespace weir {

namespace {

constexpr std::int64_t kDefaultMostKeys = 1'000'000;
constexpr std::int64_t kMostKeys = 1'000'000'000;  // positions are 32 bits wide
constexpr std::uint8_t kVersion = 1;

class UniqueMemory final : public Memory, public SharedBound {
 public:
  UniqueMemory(std::size_t most, std::optional<Duration> within)
      : keys_(most, within ? KeyTable::Age::LastSeen : KeyTable::Age::FirstSeen),
        most_(most),
        whole_(most),
        within_(within) {}

  // Whether the key was there before, and remembers it.
  bool seen(const Key& key, Instant now) {
    const bool oldest_is_over = within_ && keys_.size() > 0 && is_over(times_[keys_.oldest()], now);
    const KeyTable::Place place = keys_.place_of(key, oldest_is_over);
    if (place.replaced && !oldest_is_over) ++forgotten_;
    if (!within_) return place.known;
    if (place.index == times_.size()) append_within(times_, now, most_);
    Instant& time = times_[place.index];
    const bool seen = place.known && !is_over(time, now);
    time = place.known ? std::max(time, now) : now;
    return seen;
  }

  std::uint64_t bytes() const override { return keys_.bytes() + times_.capacity() * sizeof(Instant); }
  std::uint64_t forgotten() const override { return forgotten_; }

  // Version, whether there are times, how many were forgotten, the keys by age, the time of each less the one before it.
  std::string write() const override {
    SummaryWriter out;
    out.u8(kVersion);
    out.u8(within_ ? 1 : 0);
    out.varint(forgotten_);
    const std::vector<std::uint32_t> by_age = keys_.by_age();
    out.reserve(by_age.size() * (within_ ? 20 : 16) + 16);
    keys_.write(by_age, out);
    std::uint64_t before = 0;
    for (std::size_t i = 0; within_ && i < by_age.size(); ++i) {
      const std::uint64_t time = count_of(times_[by_age[i]]);
      out.signed_varint(static_cast<std::int64_t>(time - before));
      before = time;
    }
    return std::move(out).bytes();
  }

  void share(std::uint64_t among) override {
    const std::size_t most = std::max<std::size_t>(1, whole_ / std::max<std::uint64_t>(1, among));
    if (most == most_) return;
    const std::vector<std::uint32_t> by_age = keys_.by_age();
    const std::size_t over = by_age.size() - std::min(by_age.size(), most);
    UniqueMemory kept(most, within_);
    kept.whole_ = whole_;
    kept.forgotten_ = forgotten_ + over;
    for (std::size_t i = over; i < by_age.size(); ++i) {
      kept.keys_.place_of(keys_.key(by_age[i]));
      if (within_) append_within(kept.times_, times_[by_age[i]], most);
    }
    *this = std::move(kept);
  }

  bool read(std::string_view written) override {
    SummaryReader in(written);
    // As many as the rule may remember at all: others may have shared the bound when it was written.
    UniqueMemory found(whole_, within_);
    in.require(in.u8() == kVersion, "another version");
    in.require(in.u8() == (within_ ? 1 : 0), "another kind of memory");
    found.forgotten_ = in.varint();
    found.keys_.read(in);
    std::uint64_t before = 0;
    if (within_ && in.ok()) found.times_.reserve(found.keys_.size());
    for (std::size_t i = 0; within_ && in.ok() && i < found.keys_.size(); ++i) {
      before += static_cast<std::uint64_t>(in.signed_varint());
      found.times_.push_back(Instant(Duration(static_cast<std::int64_t>(before))));
    }
    if (!in.ok() || !in.at_end()) return false;
    const std::size_t among = whole_ / most_;
    *this = std::move(found);
    share(among);
    return true;
  }

 private:
  static std::uint64_t count_of(Instant time) { return static_cast<std::uint64_t>(time.time_since_epoch().count()); }
  // Also for times that are further apart than a Duration reaches.
  bool is_over(Instant time, Instant now) const {
    return now >= time && count_of(now) - count_of(time) >= static_cast<std::uint64_t>(within_->count());
  }

  KeyTable keys_;
  std::vector<Instant> times_;
  std::size_t most_;   // of this memory
  std::size_t whole_;  // of the rule, over all memories that share it
  std::optional<Duration> within_;
  std::uint64_t forgotten_ = 0;
};

class UniqueCheck final : public Check {
 public:
  UniqueCheck(std::vector<std::string> fields, std::size_t most, std::optional<Duration> within)
      : fields_(std::move(fields)), most_(most), within_(within) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    WEIR_ASSERT(subject.memory != nullptr, "unique needs its memory");
    auto& memory = static_cast<UniqueMemory&>(*subject.memory);
    const Column& first = subject.column();
    if (subject.columns.size() > 1) narrow(evaluated, [&](std::size_t i) { return is_complete(subject, i); });
    mark_failing(evaluated, failing, [&](std::size_t i) {
      Key key = key_of(first.kinds[i], first.cells[i]);
      for (std::size_t c = 1; c < subject.columns.size(); ++c) {
        const std::size_t at = element_of(subject, i, c);
        key = joined(key, key_of(subject.column(c).kinds[at], subject.column(c).cells[at]));
      }
      return memory.seen(key, subject.now_of(first.row_of(i)));
    });
  }

  Reason explain(const Subject& subject, std::size_t element) const override {
    std::string message = quoted(subject, element);
    for (std::size_t c = 1; c < subject.columns.size(); ++c)
      message += ", " + quoted(subject, element_of(subject, element, c), c);
    message += within_ ? " was seen before within " + format_duration(*within_) : " was seen before";
    return reason(subject, element, "unique", std::move(message));
  }

  std::string expected() const override {
    std::string out = "unique";
    if (fields_.size() > 1) out = "unique (" + first_few(fields_) + ")";
    return within_ ? out + " within " + format_duration(*within_) : out;
  }

  std::unique_ptr<Memory> remember() const override { return std::make_unique<UniqueMemory>(most_, within_); }
  std::uint64_t memory_bound() const override {
    const std::uint64_t times = within_ ? most_ * sizeof(Instant) : 0;
    return KeyTable::bytes_bound(most_, within_ ? KeyTable::Age::LastSeen : KeyTable::Age::FirstSeen) + times;
  }
  std::string memory_error() const override {
    return "beyond " + std::to_string(most_) +
           " keys the oldest are forgotten: their duplicates are missed, none is invented";
  }

 private:
  // The other parts of a key belong to the record.
  static std::size_t element_of(const Subject& subject, std::size_t element, std::size_t column) {
    return column == 0 ? element : subject.column().row_of(element);
  }
  static bool is_complete(const Subject& subject, std::size_t element) {
    for (std::size_t c = 0; c < subject.columns.size(); ++c) {
      if (is_missing(subject.column(c).kinds[element_of(subject, element, c)])) return false;
    }
    return true;
  }

  std::vector<std::string> fields_;
  std::size_t most_;
  std::optional<Duration> within_;
};

Result<std::unique_ptr<const Check>> make_unique_check(const Params& params) {
  if (!params.flag("value", true)) return std::unique_ptr<const Check>();
  if (params.fields.empty()) return params.error("fields", "`unique` needs the fields that are the key");
  for (std::size_t i = 1; i < params.fields.size(); ++i) {
    if (params.fields[i].find("[]") == std::string::npos) continue;
    return params.error("fields", "only the first field of a key may have `[]`",
                        "the others are fields of the whole record");
  }
  const Duration* const within = params.get<Duration>("within");
  if (within != nullptr && *within <= Duration::zero())
    return params.error("within", "`within` has to be longer than nothing");
  const std::int64_t* const written = params.get<std::int64_t>("max_keys");
  const std::int64_t most = written == nullptr ? kDefaultMostKeys : *written;
  if (most < 1 || most > kMostKeys)
    return params.error("max_keys", "`max_keys` is from 1 to " + std::to_string(kMostKeys));
  return std::unique_ptr<const Check>(new UniqueCheck(params.fields, static_cast<std::size_t>(most),
                                                      within == nullptr ? std::nullopt : std::optional(*within)));
}

constexpr ParamSpec kUniqueParams[] = {
    {.name = "value", .type = ParamType::Boolean, .summary = "`false` switches the rule off."},
    {.name = "fields",
     .type = ParamType::Fields,
     .summary = "The fields that are the key together; under a field, those beside it."},
    {.name = "within",
     .type = ParamType::Duration,
     .summary = "For how long after it was last seen a key may not come again; without it, for the whole input."},
    {.name = "max_keys", .type = ParamType::Count, .summary = "How many keys are remembered; 1000000 when not given."}};
constexpr std::string_view kUniqueColumns[] = {"fields"};
constexpr std::string_view kUniqueSynonyms[] = {"primary_key",
                                                "is_unique",
                                                "isUnique",
                                                "areUnique",
                                                "hasUniqueness",
                                                "isPrimaryKey",
                                                "distinct",
                                                "no_duplicates",
                                                "duplicate_count",
                                                "duplicate_percent",
                                                "rows_distinct",
                                                "unique_combination_of_columns",
                                                "expect_column_values_to_be_unique",
                                                "expect_compound_columns_to_be_unique",
                                                "expect_select_column_values_to_be_unique_within_record"};

}  // namespace

const CheckSpec kUniqueCheck{.name = "unique",
                             .summary = "The value, or the values of several fields together, was not seen before.",
                             .on_record = true,
                             .params = kUniqueParams,
                             .column_params = kUniqueColumns,
                             .synonyms = kUniqueSynonyms,
                             .make = make_unique_check};

}  // namespace weir
