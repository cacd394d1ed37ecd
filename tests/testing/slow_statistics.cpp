// SPDX-License-Identifier: Apache-2.0
#include "testing/slow_statistics.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace weir::testing {

long double slow_sum(const SlowNumbers& numbers) {
  // From the smallest on, so that nothing small is lost beside something large.
  SlowNumbers sorted = numbers;
  std::sort(sorted.begin(), sorted.end(), [](long double a, long double b) { return std::abs(a) < std::abs(b); });
  long double sum = 0;
  for (const long double number : sorted) sum += number;
  return sum;
}

long double slow_mean(const SlowNumbers& numbers) {
  return slow_sum(numbers) / static_cast<long double>(numbers.size());
}

long double slow_moment(const SlowNumbers& numbers, int power) {
  SlowNumbers powers;
  const long double mean = slow_mean(numbers);
  for (const long double number : numbers) powers.push_back(std::pow(number - mean, static_cast<long double>(power)));
  return slow_mean(powers);
}

std::optional<long double> slow_variance(const SlowNumbers& numbers) {
  if (numbers.size() < 2) return std::nullopt;
  const auto n = static_cast<long double>(numbers.size());
  return slow_moment(numbers, 2) * n / (n - 1);
}

std::optional<long double> slow_quantile(const SlowNumbers& sorted, long double q) {
  if (sorted.empty()) return std::nullopt;
  const long double place = q * static_cast<long double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(place));
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - std::floor(place));
}

long double slow_co_moment(const SlowNumbers& a, const SlowNumbers& b) {
  SlowNumbers products;
  const long double mean_a = slow_mean(a);
  const long double mean_b = slow_mean(b);
  for (std::size_t i = 0; i < a.size(); ++i) products.push_back((a[i] - mean_a) * (b[i] - mean_b));
  return slow_sum(products);
}

std::optional<long double> slow_standardised(const SlowNumbers& numbers, int power) {
  const long double variance = slow_moment(numbers, 2);
  if (numbers.front() == numbers.back()) return std::nullopt;
  return slow_moment(numbers, power) / std::pow(variance, static_cast<long double>(power) / 2);
}

namespace {

long double mean_of_doubles(const std::vector<double>& values) {
  return slow_mean(SlowNumbers(values.begin(), values.end()));
}

/// Holt's method as the page of `forecast` writes it down: expected values one after another, with their errors.
long double slow_forecast(const std::vector<double>& past, const std::vector<double>& season) {
  long double level = past[0];
  long double slope = (static_cast<long double>(past[2]) - past[0]) / 2;
  SlowNumbers squares;
  for (std::size_t i = 1; i < past.size(); ++i) {
    const long double expected = level + slope;
    squares.push_back((past[i] - expected) * (past[i] - expected));
    const long double next = 0.3L * past[i] + 0.7L * expected;
    slope = 0.1L * (next - level) + 0.9L * slope;
    level = next;
  }
  const long double trend = level + slope;
  if (season.size() < 2) return trend;
  SlowNumbers season_squares;
  for (std::size_t i = 1; i < season.size(); ++i) {
    const long double expected = mean_of_doubles({season.begin(), season.begin() + static_cast<std::ptrdiff_t>(i)});
    season_squares.push_back((season[i] - expected) * (season[i] - expected));
  }
  const long double trend_error = slow_mean(squares);
  const long double season_error = slow_mean(season_squares);
  const long double day = mean_of_doubles(season);
  if (trend_error + season_error == 0) return (trend + day) / 2;
  return (season_error * trend + trend_error * day) / (trend_error + season_error);
}

}  // namespace

std::optional<long double> slow_measure_of_past(std::string_view name, long double now, const std::vector<double>& past,
                                                const std::vector<double>& season) {
  if (name == "past" || name == "change") {
    if (past.empty()) return std::nullopt;
    const long double base = mean_of_doubles(past);
    if (name == "past") return base;
    if (base == 0) return now == 0 ? std::optional(0.0L) : std::nullopt;
    return (now - base) / base;
  }
  if (past.size() < 3) return std::nullopt;
  if (name == "forecast") return slow_forecast(past, season);
  if (name != "z_score") std::abort();
  const auto [least, most] = std::minmax_element(past.begin(), past.end());
  if (*least == *most) return now == *least ? std::optional(0.0L) : std::nullopt;
  const std::optional<long double> variance = slow_variance(SlowNumbers(past.begin(), past.end()));
  return (now - mean_of_doubles(past)) / std::sqrt(*variance);
}

std::optional<long double> slow_time(std::string_view text) {
  const std::string copy(text);
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  long double second = 0;
  int read = 0;
  const bool is_date = std::sscanf(copy.c_str(), "%4d-%2d-%2d%n", &year, &month, &day, &read) == 3 &&
                       static_cast<std::size_t>(read) == copy.size();
  if (!is_date) {
    char zone = 0;
    read = 0;
    const int found = std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%Lf%c%n", &year, &month, &day, &hour, &minute,
                                  &second, &zone, &read);
    if (found != 7 || zone != 'Z' || static_cast<std::size_t>(read) != copy.size()) return std::nullopt;
  }
  const auto is_leap = [](int y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; };
  long days = day - 1;
  for (int y = 1970; y < year; ++y) days += is_leap(y) ? 366 : 365;
  for (int y = year; y < 1970; ++y) days -= is_leap(y) ? 366 : 365;
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (int m = 1; m < month; ++m) days += kDays[m - 1] + (m == 2 && is_leap(year) ? 1 : 0);
  return static_cast<long double>(days) * 86400 + hour * 3600 + minute * 60 + second;
}

}  // namespace weir::testing
