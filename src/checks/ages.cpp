// SPDX-License-Identifier: Apache-2.0
// max_age, max_future: how far a time lies from now. Now is the time of the record where the source knows one (Kafka),
// else the time of the run; it is an argument, so that the same records give the same verdicts again.
#include "base/instant.h"
#include "base/timestamp.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

class AgeCheck final : public Check {
 public:
  AgeCheck(bool future, Duration limit) : future_(future), limit_(limit) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    const Column& column = subject.column();
    mark_failing(evaluated, failing, [&, this](std::size_t i) {
      const std::optional<Instant> instant = instant_of(column.kinds[i], column.cells[i]);
      if (!instant) return true;
      const Instant now = subject.now_of(column.row_of(i));
      return future_ ? *instant > now + limit_ : *instant < now - limit_;
    });
  }

  Reason explain(const Subject& subject, std::size_t element) const override {
    const Column& column = subject.column();
    if (!instant_of(column.kinds[element], column.cells[element])) {
      if (column.kinds[element] != Kind::Text) return wrong_type(subject, element, "a timestamp");
      return reason(subject, element, "type", quoted(subject, element) + " is no timestamp");
    }
    const std::string now = format_timestamp(subject.now_of(column.row_of(element)));
    const std::string limit = format_duration(limit_);
    return reason(subject, element, future_ ? "max_future" : "max_age",
                  quoted(subject, element) +
                      (future_ ? " is more than " + limit + " after " : " is older than " + limit + " at ") + now);
  }

  std::string expected() const override {
    return (future_ ? "at most " : "not older than ") + format_duration(limit_) + (future_ ? " in the future" : "");
  }

 private:
  bool future_;
  Duration limit_;
};

template <bool kFuture>
Result<std::unique_ptr<const Check>> make_age(const Params& params) {
  const Duration limit = *params.get<Duration>("value");
  constexpr Duration kMost = std::chrono::hours(24) * 366 * 10'000;
  if (limit < Duration::zero())
    return params.error("value", std::string(kFuture ? "`max_future`" : "`max_age`") + " cannot be negative");
  if (limit > kMost) return params.error("value", "longer than ten thousand years: no time could ever fail");
  return std::unique_ptr<const Check>(new AgeCheck(kFuture, limit));
}

constexpr ParamSpec kAgeParams[] = {{.name = "value",
                                     .type = ParamType::Duration,
                                     .summary = "How long before now the time may lie.",
                                     .required = true}};
constexpr ParamSpec kFutureParams[] = {{.name = "value",
                                        .type = ParamType::Duration,
                                        .summary = "How long after now the time may lie; `0s` for not at all.",
                                        .required = true}};
constexpr std::string_view kAgeSynonyms[] = {"maxAge",         "max_delay", "newer_than",
                                             "not_older_than", "recency",   "expect_row_values_to_have_recent_data"};
constexpr std::string_view kFutureSynonyms[] = {"not_in_future", "no_future", "maxFuture", "not_future"};

}  // namespace

const CheckSpec kMaxAgeCheck{.name = "max_age",
                             .summary = "The time lies at most so long before now.",
                             .domain = Domain::Time,
                             .params = kAgeParams,
                             .synonyms = kAgeSynonyms,
                             .make = make_age<false>};
const CheckSpec kMaxFutureCheck{.name = "max_future",
                                .summary = "The time lies at most so long after now.",
                                .domain = Domain::Time,
                                .params = kFutureParams,
                                .synonyms = kFutureSynonyms,
                                .make = make_age<true>};

}  // namespace weir
