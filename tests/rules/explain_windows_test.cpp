// SPDX-License-Identifier: Apache-2.0
// What `weir explain` says of window rules, and whether panes keep to what it says.
#include <catch2/catch_test_macros.hpp>

#include "base/text.h"
#include "loading.h"
#include "rules/explain.h"
#include "windows/layout.h"

namespace weir {
namespace {

using testing::load_text;

const std::string kRules = R"(weir: 1
source: {time: at}
fields:
  amount: {min: 0}
windows:
  - every: 1m
    size: 10m
    segment: [country]
    max_segments: 50
    rules:
      - {must: row_count >= 100, should: row_count >= 500}
      - must: quantile(amount, 0.99) < 5000
        when: currency == "EUR"
      - {id: steady, must: "abs(change(row_count, avg(last(7)))) <= 40%"}
      - {id: daily, must: row_count >= forecast(row_count)}
  - every: 1d
    zone: "+02:00"
    rules:
      - {id: customers, should: distinct(customer) >= 10, on_empty: fail, description: enough of them}
  - session: 30m
    max: 2h
    rules: [{id: visits, must: duplicate_rate(page) <= 5%}]
  - count: 1000
    over: accepted
    rules: [{id: spread, must: "correlation(amount, qty) > 0.2"}]
  - rules:
      - {id: columns, must: column_count == 6}
)";

TEST_CASE("explain lists window rules with their windows, their class and what is kept for them") {
  const Loaded loaded = load_text(kRules);
  REQUIRE(loaded.plan != nullptr);
  const std::string text = explain_rules(loaded);
  INFO(text);
  const Layout layout = lay_out(*loaded.plan);
  for (const std::string& part : {
           std::string("1 rule and the built-in `decode` and `time` judge each record; 8 rules judge windows of them"),
           std::string("in windows: the last 10m, every 1m, apart by country (at most 50, the rest together)\n"),
           std::string("row_count >= 100, should be row_count >= 500\n      window, error\n"),
           std::string("window; needs history: the 7 windows before, error\n"),
           std::string("its own past and the same time of earlier days"),
           std::string("in windows: every 1d in +02:00\n"),
           std::string("in windows: sessions: until 30m pass without a record, at most 2h\n"),
           std::string("in windows: each 1,000 records of an input, of accepted records\n"),
           std::string("panes of 1m, at most ") + human_bytes(layout.grids[0].spec.bytes) +
               " for each of at most 51 segments",
           std::string("as a stream at most 11 of them are open, ") +
               human_bytes(11 * (51 * layout.grids[0].spec.bytes + 112 + 520) + 1'600 + 51 * 300 +
                           (10 * 51 + 1) * layout.grids[0].spec.bytes),
           std::string("amount: counts, quantiles (KLL: ranks within 1.3 %) when currency == \"EUR\"\n"),
           std::string("customer: counts, different values (HyperLogLog: within 4.2 %)\n"),
           std::string("amount with qty: mean, spread and correlation\n"),
           std::string("the names and types of all fields\n"),
           std::string("segments beyond the 50 are counted in at most 262.1 kB\n"),
       })
    CHECK(text.find(part) != std::string::npos);
  // What each set of windows knows of its segments, and the summary of the whole input.
  const std::uint64_t fixed = 5 * 1'600 + 51 * 300 + 4'096 * 64 + layout.grids[4].spec.bytes + 112 + 520;
  CHECK(text.find("memory of all rules together: at most " + human_bytes(fixed) + ", and of many windows") !=
        std::string::npos);
}

TEST_CASE("explain tells one window rule in full") {
  const Loaded loaded = load_text(kRules);
  REQUIRE(loaded.plan != nullptr);
  const std::string text = explain_rule(loaded, "customers");
  INFO(text);
  for (const std::string_view part :
       {"holds     should be distinct(customer) >= 10\n", "window    every 1d in +02:00\n", "class     window\n",
        "keeps     customer: counts, different values (HyperLogLog: within 4.2 %)\n",
        "memory    panes of 1d in +02:00, at most ", "on_empty  no data fails\n", "severity  warn\n",
        "why       enough of them\n", "written   rules.yml:19"})
    CHECK(text.find(part) != std::string::npos);
  CHECK(explain_rule(loaded, "no such rule").empty());
}

}  // namespace
}  // namespace weir
