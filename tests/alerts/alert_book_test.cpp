// SPDX-License-Identifier: Apache-2.0
// When an alert begins, when it is over, and what changes nothing.
#include "alerts/alert_book.h"

#include <catch2/catch_test_macros.hpp>

#include "alerts/alert_world.h"

namespace weir::testing {
namespace {

using State = Alert::State;

struct Stream {
  explicit Stream(AlertBookOptions options = {}, std::shared_ptr<Plan> rules = plan_of({"rows.1m", "nulls.1m"})) {
    options.pipeline = "shop";
    options.stream = "orders";
    options.clock = [this] { return now; };
    book =
        std::make_unique<AlertBook>(std::move(options), nullptr, [this](const Alert& alert) { told.push_back(alert); });
    book->rules(rules);
  }
  void hear(std::vector<WindowVerdict> verdicts) {
    now = verdicts.back().end + seconds(10);
    book->windows(outcome_of(std::move(verdicts)), now);
  }
  void hear(std::int64_t n, Verdict verdict) { hear({window(0, n, verdict)}); }
  [[nodiscard]] std::size_t firing() const { return book->firing(); }

  Instant now = kBegin;
  std::vector<Alert> told;
  std::unique_ptr<AlertBook> book;
};

TEST_CASE("an alert begins with the first window that breaks its rule and ends with the first that holds") {
  Stream stream;
  stream.hear(0, Verdict::Pass);
  CHECK(stream.told.empty());
  stream.hear(1, Verdict::Fail);
  REQUIRE(stream.told.size() == 1);
  const Alert begun = stream.told.back();
  CHECK(begun.state == State::Firing);
  CHECK(begun.starts_at == minute(2));
  CHECK(begun.rule == "rows.1m");
  CHECK(begun.severity == "error");
  CHECK(begun.observed == "7");
  CHECK(begun.expected == ">= 100");
  CHECK(begun.runbook == "https://runbooks.example/rows.1m");
  CHECK(begun.fingerprint.size() == 16);
  stream.hear(2, Verdict::Fail);
  CHECK(stream.told.back().windows == 2);
  CHECK(stream.told.back().starts_at == minute(2));
  CHECK(stream.told.back().window_end == minute(3));
  stream.hear(3, Verdict::Pass);
  CHECK(stream.told.back().state == State::Resolved);
  CHECK(stream.told.back().ends_at == minute(4));
  CHECK(stream.told.back().fingerprint == begun.fingerprint);
  CHECK(stream.firing() == 0);
}

TEST_CASE("with 2 of 3 one odd window alerts nobody, and the alert began with the first of the two") {
  Stream stream({.fire = 2, .of = 3, .clear = 2});
  for (const Verdict verdict : {Verdict::Fail, Verdict::Pass, Verdict::Pass, Verdict::Fail})
    stream.hear(static_cast<std::int64_t>(stream.now < minute(1) ? 0 : (stream.now - kBegin) / minutes(1)), verdict);
  CHECK(stream.told.empty());
  stream.hear(4, Verdict::Pass);
  stream.hear(5, Verdict::Fail);
  REQUIRE(stream.told.size() == 1);
  CHECK(stream.told.back().starts_at == minute(4));
  CHECK(stream.told.back().windows == 2);
  stream.hear(6, Verdict::Pass);
  CHECK(stream.firing() == 1);
  stream.hear(7, Verdict::Fail);
  stream.hear(8, Verdict::Pass);
  CHECK(stream.firing() == 1);
  stream.hear(9, Verdict::Pass);
  CHECK(stream.firing() == 0);
}

TEST_CASE("windows without an answer neither begin an alert nor end one") {
  Stream stream;
  for (const Verdict verdict : {Verdict::NoData, Verdict::Inconclusive, Verdict::Error}) stream.hear(0, verdict);
  CHECK(stream.told.empty());
  stream.hear(1, Verdict::Fail);
  stream.hear(2, Verdict::NoData);
  stream.hear(3, Verdict::Inconclusive);
  stream.hear(4, Verdict::Error);
  CHECK(stream.firing() == 1);
  CHECK(stream.told.size() == 1);
}

TEST_CASE("partial and warming windows change nothing; windows of the past end alerts and begin none") {
  Stream stream;
  for (bool WindowVerdict::*mark : {&WindowVerdict::partial, &WindowVerdict::warming, &WindowVerdict::backfill}) {
    WindowVerdict verdict = window(0, 1, Verdict::Fail);
    verdict.*mark = true;
    stream.hear({verdict});
  }
  CHECK(stream.told.empty());
  stream.hear(2, Verdict::Fail);
  WindowVerdict partial = window(0, 3, Verdict::Pass);
  partial.partial = true;
  stream.hear({partial});
  CHECK(stream.firing() == 1);
  WindowVerdict past = window(0, 4, Verdict::Pass);
  past.backfill = true;
  stream.hear({past});
  CHECK(stream.firing() == 0);
}

TEST_CASE("a window that is judged again and holds then ends its alert; one that breaks then begins none") {
  Stream stream;
  stream.hear(1, Verdict::Fail);
  WindowVerdict again = window(0, 1, Verdict::Pass);
  again.revised = true;
  stream.hear({again});
  CHECK(stream.firing() == 0);
  stream.hear(2, Verdict::Pass);
  WindowVerdict worse = window(0, 2, Verdict::Fail);
  worse.revised = true;
  stream.hear({worse});
  CHECK(stream.firing() == 0);
}

TEST_CASE("segments and rules have alerts of their own, and values that look alike do not share one") {
  Stream stream({}, plan_of({"rows.1m"}, "country"));
  auto null_segment = std::make_shared<Segment>();
  null_segment->values = {{"country", std::nullopt}};
  WindowVerdict of_null = window(0, 1, Verdict::Fail);
  of_null.segment = null_segment;
  stream.hear({window(0, 1, Verdict::Fail, "DE"), window(0, 1, Verdict::Pass, "FR"),
               window(0, 1, Verdict::Fail, "null"), of_null});
  REQUIRE(stream.told.size() == 3);
  CHECK(stream.firing() == 3);
  CHECK(stream.told[1].fingerprint != stream.told[2].fingerprint);
  CHECK(stream.told[0].segment == std::vector<std::pair<std::string, std::string>>{{"country", "DE"}});
}

TEST_CASE("a warning that becomes an error says so, and gets no milder while it lasts") {
  Stream stream;
  stream.hear(1, Verdict::Warn);
  CHECK(stream.told.back().severity == "warn");
  stream.hear(2, Verdict::Fail);
  CHECK(stream.told.back().severity == "error");
  stream.hear(3, Verdict::Warn);
  CHECK(stream.told.back().severity == "error");
}

TEST_CASE("a drift rule has voted already: one verdict decides") {
  Stream stream({.fire = 3, .of = 5, .clear = 4}, plan_of({"amount.drift"}));
  WindowVerdict alarm = window(0, 1, Verdict::Fail);
  auto drift = std::make_shared<DriftVerdict>();
  drift->summary = "amount: scaled by 100 (ks 0.62 > 0.05)";
  alarm.drift = drift;
  stream.hear({alarm});
  REQUIRE(stream.told.size() == 1);
  CHECK(stream.told.back().kind == "drift");
  CHECK(stream.told.back().cause == "amount: scaled by 100 (ks 0.62 > 0.05)");
  stream.hear(2, Verdict::Pass);
  CHECK(stream.firing() == 0);
}

TEST_CASE("a drift alarm that lasts over clean windows keeps the evidence of the last one that drifted") {
  Stream stream({}, plan_of({"amount.drift"}));
  const auto judged = [&](std::int64_t n, Verdict verdict, bool drifted, const std::string& summary) {
    WindowVerdict window_of = window(0, n, verdict);
    auto drift = std::make_shared<DriftVerdict>();
    drift->drifted = drifted;
    drift->summary = summary;
    window_of.drift = drift;
    stream.hear({window_of});
  };
  judged(1, Verdict::Fail, true, "amount: scaled by 100");
  judged(2, Verdict::Fail, true, "amount: scaled by 101");
  judged(3, Verdict::Fail, false, "amount: no drift; still in alarm");
  CHECK(stream.firing() == 1);
  judged(4, Verdict::Pass, false, "amount: no drift");
  CHECK(stream.told.back().state == State::Resolved);
  CHECK(stream.told.back().ends_at == minute(5));
  CHECK(stream.told.back().cause == "amount: scaled by 101");
  CHECK(stream.told.back().window_end == minute(3));
  CHECK(stream.told.back().windows == 2);
}

TEST_CASE("a rule that is gone after a reload, or is judged by other segments, ends its alerts") {
  Stream stream;
  stream.hear({window(0, 1, Verdict::Fail), window(1, 1, Verdict::Fail)});
  CHECK(stream.firing() == 2);
  stream.book->rules(plan_of({"nulls.1m"}));
  CHECK(stream.firing() == 1);
  CHECK(stream.told.back().rule == "rows.1m");
  CHECK(stream.told.back().state == State::Resolved);
  CHECK(stream.told.back().cause == "the rule is gone");
  stream.book->rules(plan_of({"nulls.1m"}, "country"));
  CHECK(stream.firing() == 0);
}

TEST_CASE("a segment that nothing is heard of for a day is gone, and its alert is over") {
  Stream stream({}, plan_of({"rows.1m"}, "country"));
  stream.hear({window(0, 1, Verdict::Fail, "DE")});
  stream.hear({window(0, 1 + 60 * 23, Verdict::Pass, "FR")});
  CHECK(stream.firing() == 1);
  stream.hear({window(0, 2 + 60 * 24, Verdict::Pass, "FR")});
  CHECK(stream.firing() == 0);
  CHECK(stream.told.back().cause == "nothing of it was judged for a day");
}

TEST_CASE("what is judged again after a kill is passed over") {
  Stream stream({.fire = 2, .of = 2});
  stream.hear(1, Verdict::Fail);
  stream.hear(1, Verdict::Fail);
  CHECK(stream.firing() == 0);
  stream.hear(2, Verdict::Fail);
  CHECK(stream.firing() == 1);
}

TEST_CASE("empty windows in a row that are judged as one count one by one") {
  Stream stream({.fire = 3, .of = 3});
  WindowVerdict silence = window(0, 1, Verdict::Fail);
  silence.windows = 4;
  stream.hear({silence});
  REQUIRE(stream.firing() == 1);
  CHECK(stream.told.back().windows == 4);
}

TEST_CASE("a storm of segments is bounded, and what is left out is counted") {
  Stream stream({.most = 10}, plan_of({"rows.1m"}, "country"));
  std::vector<WindowVerdict> all;
  for (int i = 0; i < 15; ++i) all.push_back(window(0, 1, Verdict::Fail, std::to_string(i)));
  stream.hear(std::move(all));
  CHECK(stream.firing() == 10);
  CHECK(stream.book->left_out() == 5);
}

TEST_CASE("of alerts that are over the oldest are forgotten") {
  Stream stream({.keep_over = 3}, plan_of({"rows.1m"}, "country"));
  for (int i = 0; i < 10; ++i) {
    stream.hear({window(0, 2 * i, Verdict::Fail, std::to_string(i))});
    stream.hear({window(0, 2 * i + 1, Verdict::Pass, std::to_string(i))});
  }
  CHECK(stream.book->known() == 3);
}

/// A disk that is full for a while.
class FullStore final : public AlertStore {
 public:
  FullStore(bool& full, std::vector<Entry>& written) : full_(full), written_(written) {}
  Result<std::vector<Entry>> read() override { return std::vector<Entry>(); }
  Status write(std::span<const Entry> entries) override {
    if (full_) return Error{.message = "no space left"};
    written_.insert(written_.end(), entries.begin(), entries.end());
    return Done{};
  }

 private:
  bool& full_;
  std::vector<Entry>& written_;
};

TEST_CASE("what is to be forgotten while the disk is full is remembered once, however often it comes and goes") {
  bool full = true;
  std::vector<AlertStore::Entry> written;
  AlertBook book({.pipeline = "shop", .stream = "orders", .fire = 2, .of = 2},
                 std::make_unique<FullStore>(full, written), [](const Alert&) {});
  book.rules(plan_of({"rows.1m"}));
  for (int i = 0; i < 50; ++i) {
    book.windows(outcome_of({window(0, 2 * i, Verdict::Fail)}), kBegin);
    CHECK(book.known() == 1);
    book.windows(outcome_of({window(0, 2 * i + 1, Verdict::Pass)}), kBegin);
    book.windows(outcome_of({window(0, 2 * i + 2, Verdict::Pass)}), kBegin);
    CHECK(book.known() == 0);
    CHECK_FALSE(book.save());
  }
  full = false;
  CHECK(book.save());
  CHECK(written.size() == 1);
}

TEST_CASE("failing values stand in an alert where they are asked for, as many as that") {
  auto plan = plan_of({"rows.1m"});
  RecordRule& rule = plan->rules.emplace_back();
  rule.info.id = "amount.max";
  rule.info.field = "amount";
  Stream stream({.samples = 2}, plan);
  Outcome outcome;
  for (const char* const value : {"1", "2", "3\x1b[31m"}) {
    FailingRecord& record = outcome.failing.emplace_back();
    record.violations = {{.rule = 0, .code = "max", .path = "amount", .value = value, .message = "too large"}};
  }
  stream.book->judged({}, outcome, kBegin);
  stream.hear(1, Verdict::Fail);
  CHECK(stream.told.back().samples == std::vector<std::string>{"amount: 3\\u001b[31m", "amount: 2"});
}

TEST_CASE("a fingerprint is of pipeline, stream, rule and segment, and of nothing else") {
  Alert one = alert_of("rows.1m", State::Firing, 1);
  Alert other = alert_of("rows.1m", State::Resolved, 5, 9);
  other.severity = "warn";
  CHECK(one.fingerprint == other.fingerprint);
  one.segment = {{"a", "b"}};
  other.segment = {{"a", "c"}};
  CHECK(alert_fingerprint(one) != alert_fingerprint(other));
  one.segment = {{"a", "b\",\"c"}};
  other.segment = {{"a", "b"}, {"", "c"}};
  CHECK(alert_fingerprint(one) != alert_fingerprint(other));
}

}  // namespace
}  // namespace weir::testing
