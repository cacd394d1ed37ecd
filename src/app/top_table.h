// SPDX-License-Identifier: Apache-2.0
// The four tables of `weir top`: rows of an overview with a state, cells and the reason in words. Every text in a row is
// harmless: it has been through visible().
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/top_model.h"

namespace weir {

enum class TopTab : std::uint8_t { Rules, Streams, Windows, Quarantine };
inline constexpr std::string_view kTopTabs[] = {"Rules", "Streams", "Windows", "Quarantine"};

struct TopCell {
  std::string text = {};
  std::optional<double> number = {};  // what it is sorted by, where it is one
};

struct TopRow {
  enum class Leads : std::uint8_t { Nowhere, ToRule, ToStream, ToInstance };
  TopState state = TopState::Pass;
  std::vector<TopCell> cells;  // by TopTable::columns
  std::string why;             // whole, however long
  Leads leads = Leads::Nowhere;
  std::string stream;                    // as they are, to be found again
  std::string name;                      // of the rule, or the URL of the instance
  [[nodiscard]] std::string id() const;  // the same row in the next look
  std::string more;                      // what tells rows of one rule apart
};

struct TopColumn {
  std::string_view title;
  bool right = false;
  std::size_t least = 0;  // cells
  std::size_t most = 0;
  int rank = 0;  // where there is no room the highest goes first; 0 stays
};

struct TopTable {
  std::vector<TopColumn> columns;  // without the state, which comes first, and the reason, which takes what is left
  std::vector<TopRow> rows;
};

[[nodiscard]] TopTable table_of(const TopOverview& overview, TopTab tab);

/// 0 by state, 1… by the columns, then by the reason. Rows that are alike stay in their order.
void sort_rows(TopTable& table, std::size_t column, bool reversed);
[[nodiscard]] std::size_t sorts_of(const TopTable& table);
[[nodiscard]] std::string_view name_of_sort(const TopTable& table, std::size_t column);
/// Rows that hold the text somewhere, whatever the case of its ASCII letters.
void filter_rows(TopTable& table, std::string_view text);

// ---- words
[[nodiscard]] std::string age_words(double seconds);                                    // "12s", "3m", "2h05m", "3d"
[[nodiscard]] std::string age_since(const std::optional<Instant>& since, Instant now);  // "" for none
[[nodiscard]] std::string short_count(std::uint64_t n);                                 // "999,999", "1.23M"
[[nodiscard]] std::string short_rate(const std::optional<double>& per_second);          // "-" where it is not known
[[nodiscard]] std::string clock_words(const std::optional<Instant>& time);              // "12:03:05"
/// Why the rule is as it is.
[[nodiscard]] std::string why_of(const TopRule& rule, Instant now);
[[nodiscard]] std::string why_of(const TopStream& stream);
[[nodiscard]] std::string why_of(const TopWindow& window);
/// "2 red (1 instance away, 1 rule fails), 1 warning, 11 ok"
struct TopSum {
  std::size_t away = 0;
  std::size_t rules_red = 0;
  std::size_t streams_red = 0;
  std::size_t warned = 0;
  std::size_t rules = 0;
  std::size_t lags_known = 0;
  std::uint64_t lag = 0;
  std::optional<double> records_rate;
  std::optional<double> quarantined_rate;
  [[nodiscard]] std::size_t red() const { return away + rules_red + streams_red; }
};
[[nodiscard]] TopSum sum_up(const TopOverview& overview);
[[nodiscard]] std::string words_of(const TopSum& sum);
/// "alerts: 2 firing (1 silenced)"; empty where there are none.
[[nodiscard]] std::string words_of_alerts(const TopOverview& overview);

}  // namespace weir
