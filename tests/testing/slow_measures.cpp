// SPDX-License-Identifier: Apache-2.0
#include "testing/slow_measures.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "testing/slow_checks.h"

namespace weir::testing {

namespace {

using Numbers = std::vector<long double>;
using Value = const SlowJson*;
using Type = SlowJson::Type;

bool is_null(Value value) {
  return value != nullptr && value->type == Type::Null;
}

bool is_value(Value value) {
  return value != nullptr && value->type != Type::Null;
}

bool is_number(Value value) {
  return value != nullptr && value->type == Type::Number;
}

long double number_of(Value value) {
  return std::strtold(value->text.c_str(), nullptr);
}

/// As the field is summed up: the nearest double, and only what is finite as one.
std::optional<long double> finite(Value value) {
  if (!is_number(value)) return std::nullopt;
  const double number = std::strtod(value->text.c_str(), nullptr);
  return std::isfinite(number) ? std::optional<long double>(number) : std::nullopt;
}

Numbers finite_numbers(const std::vector<Value>& values) {
  Numbers out;
  for (const Value value : values) {
    if (const auto number = finite(value)) out.push_back(*number);
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::size_t count_if(const std::vector<Value>& values, const std::function<bool(Value)>& holds) {
  return static_cast<std::size_t>(std::count_if(values.begin(), values.end(), holds));
}

std::optional<long double> share(std::size_t part, std::size_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<long double>(part) / static_cast<long double>(whole);
}

long double sum_of(const Numbers& numbers) {
  // From the smallest on, so that nothing small is lost beside something large.
  Numbers sorted = numbers;
  std::sort(sorted.begin(), sorted.end(), [](long double a, long double b) { return std::abs(a) < std::abs(b); });
  long double sum = 0;
  for (const long double number : sorted) sum += number;
  return sum;
}

long double mean_of(const Numbers& numbers) {
  return sum_of(numbers) / static_cast<long double>(numbers.size());
}

/// The mean of (x - mean)^power.
long double central_moment(const Numbers& numbers, int power) {
  Numbers powers;
  const long double mean = mean_of(numbers);
  for (const long double number : numbers) powers.push_back(std::pow(number - mean, static_cast<long double>(power)));
  return mean_of(powers);
}

std::optional<long double> sample_variance(const Numbers& numbers) {
  if (numbers.size() < 2) return std::nullopt;
  const auto n = static_cast<long double>(numbers.size());
  return central_moment(numbers, 2) * n / (n - 1);
}

std::optional<long double> quantile(const Numbers& sorted, long double q) {
  if (sorted.empty()) return std::nullopt;
  const long double place = q * static_cast<long double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(place));
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - std::floor(place));
}

std::map<std::string, std::size_t> counts_of(const std::vector<Value>& values) {
  std::map<std::string, std::size_t> counts;
  for (const Value value : values) {
    if (is_value(value)) ++counts[slow_key(*value)];
  }
  return counts;
}

template <class Key>
long double bits_of(const std::map<Key, std::size_t>& counts) {
  std::size_t total = 0;
  for (const auto& [key, count] : counts) total += count;
  long double bits = 0;
  for (const auto& [key, count] : counts) {
    const long double p = static_cast<long double>(count) / static_cast<long double>(total);
    bits -= p * std::log2(p);
  }
  return std::abs(bits);
}

std::optional<long double> code_points_of(Value value) {
  if (value == nullptr || value->type != Type::Text) return std::nullopt;
  return static_cast<long double>(
      std::count_if(value->text.begin(), value->text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

Numbers lengths_of(const std::vector<Value>& values) {
  Numbers out;
  for (const Value value : values) {
    if (const auto length = code_points_of(value)) out.push_back(*length);
  }
  std::sort(out.begin(), out.end());
  return out;
}

Numbers times_of(const std::vector<Value>& values) {
  Numbers out;
  for (const Value value : values) {
    if (value == nullptr || value->type != Type::Text) continue;
    if (const auto time = slow_time(value->text)) out.push_back(*time);
  }
  std::sort(out.begin(), out.end());
  return out;
}

bool is_of_type(Value value, std::string_view type) {
  if (!is_value(value)) return false;
  if (type == "integer")
    return is_number(value) && std::isfinite(number_of(value)) && std::fmod(number_of(value), 1) == 0;
  if (type == "string") return value->type == Type::Text;
  if (type == "boolean") return value->type == Type::Boolean;
  if (type == "array") return value->type == Type::Array;
  if (type == "object") return value->type == Type::Object;
  return is_number(value);
}

/// The finite numbers of the records in which both are one.
std::pair<Numbers, Numbers> pairs_of(const SlowWindow& window) {
  std::pair<Numbers, Numbers> out;
  for (std::size_t i = 0; i < window.field.size(); ++i) {
    const auto a = finite(window.field[i]);
    const auto b = finite(window.second[i]);
    if (!a || !b) continue;
    out.first.push_back(*a);
    out.second.push_back(*b);
  }
  return out;
}

/// The sum of (a - mean a)(b - mean b).
long double co_moment(const Numbers& a, const Numbers& b) {
  Numbers products;
  for (std::size_t i = 0; i < a.size(); ++i) products.push_back((a[i] - mean_of(a)) * (b[i] - mean_of(b)));
  return sum_of(products);
}

std::optional<long double> correlation(const SlowWindow& window) {
  const auto [a, b] = pairs_of(window);
  if (a.empty()) return std::nullopt;
  const long double spread = std::sqrt(co_moment(a, a) * co_moment(b, b));
  return spread > 0 ? std::optional(co_moment(a, b) / spread) : std::nullopt;
}

std::optional<long double> covariance(const SlowWindow& window) {
  const auto [a, b] = pairs_of(window);
  if (a.size() < 2) return std::nullopt;
  return co_moment(a, b) / static_cast<long double>(a.size() - 1);
}

/// H(a) + H(b) - H(a, b)
std::optional<long double> mutual_information(const SlowWindow& window) {
  std::map<std::string, std::size_t> a;
  std::map<std::string, std::size_t> b;
  std::map<std::pair<std::string, std::string>, std::size_t> both;
  for (std::size_t i = 0; i < window.field.size(); ++i) {
    if (!is_value(window.field[i]) || !is_value(window.second[i])) continue;
    ++a[slow_key(*window.field[i])];
    ++b[slow_key(*window.second[i])];
    ++both[{slow_key(*window.field[i]), slow_key(*window.second[i])}];
  }
  if (both.empty()) return std::nullopt;
  return std::max(0.0L, bits_of(a) + bits_of(b) - bits_of(both));
}

std::optional<long double> sum_ratio(const SlowWindow& window) {
  const Numbers a = finite_numbers(window.field);
  const Numbers b = finite_numbers(window.second);
  if (a.empty() || b.empty() || sum_of(b) == 0) return std::nullopt;
  return sum_of(a) / sum_of(b);
}

std::optional<long double> freshness(const SlowWindow& window) {
  const Numbers times = times_of(window.field);
  return times.empty() ? std::nullopt : std::optional(window.end - times.back());
}

std::optional<long double> delay(const SlowWindow& window) {
  Numbers delays;
  for (std::size_t i = 0; i < window.field.size(); ++i) {
    const Numbers time = times_of({window.field[i]});
    if (!time.empty()) delays.push_back(window.arrivals[i] - time[0]);
  }
  std::sort(delays.begin(), delays.end());
  return quantile(delays, 0.5L);
}

/// The smallest and the largest of what the field is compared as.
SlowMeasured extreme(const SlowWindow& window, bool smallest) {
  SlowMeasured out;
  Numbers numbers;
  std::vector<std::string> texts;
  for (const Value value : window.field) {
    if (is_number(value) && std::isfinite(number_of(value))) numbers.push_back(number_of(value));
    if (value != nullptr && value->type == Type::Text) texts.push_back(value->text);
  }
  if (window.declared == "timestamp") numbers = times_of(window.field);
  if (window.declared == "string") numbers.clear();
  std::sort(numbers.begin(), numbers.end());
  std::sort(texts.begin(), texts.end());
  if (!numbers.empty()) {
    out.number = smallest ? numbers.front() : numbers.back();
  } else if (window.declared != "timestamp" && !texts.empty()) {
    out.text = smallest ? texts.front() : texts.back();
  }
  return out;
}

/// The most common first; equally common ones: texts, numbers, booleans, then the rest, each by its text.
std::vector<std::string> by_frequency(const std::vector<Value>& values) {
  struct Counted {
    std::size_t count = 0;
    int order = 0;
    std::string text;
  };
  std::map<std::string, Counted> counted;
  for (const Value value : values) {
    if (!is_value(value)) continue;
    const int order = value->type == Type::Text ? 0 : is_number(value) ? 1 : value->type == Type::Boolean ? 2 : 3;
    Counted& entry = counted[slow_key(*value)];
    entry = {.count = entry.count + 1, .order = order, .text = value->text};
  }
  std::vector<Counted> sorted;
  for (const auto& [key, entry] : counted) sorted.push_back(entry);
  std::sort(sorted.begin(), sorted.end(), [](const Counted& a, const Counted& b) {
    if (a.count != b.count) return a.count > b.count;
    return std::pair(a.order, a.text) < std::pair(b.order, b.text);
  });
  std::vector<std::string> out;
  for (const Counted& entry : sorted) out.push_back(entry.text);
  return out;
}

std::string type_in_words(Type type) {
  constexpr std::string_view kNames[] = {"null", "boolean", "number", "string", "array", "object"};
  return std::string(kNames[static_cast<std::size_t>(type)]);
}

/// `name: type` in the order of the smallest place that a name had, then of names.
std::vector<std::string> schema_of(const std::vector<Value>& records) {
  std::map<std::string, std::pair<std::size_t, std::set<Type>>> fields;
  for (const Value record : records) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < record->keys.size(); ++i) {
      if (std::find(names.begin(), names.end(), record->keys[i]) == names.end()) names.push_back(record->keys[i]);
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      auto& field = fields.emplace(names[i], std::pair(i, std::set<Type>())).first->second;
      field.first = std::min(field.first, i);
      field.second.insert(record->find(names[i])->type);
    }
  }
  std::vector<std::pair<std::size_t, std::string>> order;
  for (const auto& [name, field] : fields) order.emplace_back(field.first, name);
  std::sort(order.begin(), order.end());
  std::vector<std::string> out;
  for (const auto& [place, name] : order) {
    std::set<Type> types = fields[name].second;
    if (types.size() > 1) types.erase(Type::Null);
    std::string line = name + ":";
    for (const Type type : types) line += (line.back() == ':' ? " " : "|") + type_in_words(type);
    out.push_back(line);
  }
  return out;
}

using Compute = std::function<std::optional<long double>(const SlowWindow&)>;

std::optional<long double> value_share(const SlowWindow& w, const std::function<bool(Value)>& holds) {
  return share(count_if(w.field, holds), count_if(w.field, is_value));
}

std::optional<long double> number_share(const SlowWindow& w, const std::function<bool(long double)>& holds) {
  const auto is_hit = [&](Value value) { return is_number(value) && holds(number_of(value)); };
  return share(count_if(w.field, is_hit), count_if(w.field, is_number));
}

std::size_t seen_once(const SlowWindow& window) {
  std::size_t once = 0;
  for (const auto& [key, count] : counts_of(window.field)) once += count == 1 ? 1 : 0;
  return once;
}

std::optional<long double> of_numbers(const SlowWindow& window,
                                      const std::function<std::optional<long double>(const Numbers&)>& of) {
  const Numbers numbers = finite_numbers(window.field);
  return numbers.empty() ? std::nullopt : of(numbers);
}

/// The standardised central moment, where there is a spread.
std::optional<long double> standardised(const Numbers& numbers, int power) {
  const long double variance = central_moment(numbers, 2);
  if (numbers.front() == numbers.back()) return std::nullopt;
  return central_moment(numbers, power) / std::pow(variance, static_cast<long double>(power) / 2);
}

const std::map<std::string, Compute, std::less<>>& computes() {
  static const std::map<std::string, Compute, std::less<>> kComputes = {
      {"row_count", [](const SlowWindow& w) { return w.rows; }},
      {"throughput",
       [](const SlowWindow& w) -> std::optional<long double> {
         if (!w.start || w.end <= *w.start) return std::nullopt;
         return static_cast<long double>(w.rows) / (w.end - *w.start);
       }},
      {"null_count", [](const SlowWindow& w) { return count_if(w.field, is_null); }},
      {"null_rate", [](const SlowWindow& w) { return share(count_if(w.field, is_null), w.field.size()); }},
      {"absent_rate",
       [](const SlowWindow& w) {
         return share(count_if(w.field, [](Value v) { return v == nullptr; }), w.field.size());
       }},
      {"missing_rate",
       [](const SlowWindow& w) { return share(w.field.size() - count_if(w.field, is_value), w.field.size()); }},
      {"fail_count", [](const SlowWindow& w) { return w.hits; }},
      {"fail_rate", [](const SlowWindow& w) { return share(w.hits, w.known); }},
      {"pass_rate", [](const SlowWindow& w) { return share(w.known - w.hits, w.known); }},
      {"count", [](const SlowWindow& w) { return w.hits; }},
      {"rate", [](const SlowWindow& w) { return share(w.hits, w.known); }},
      {"score", [](const SlowWindow& w) { return share(w.hits, w.known); }},
      {"distinct", [](const SlowWindow& w) { return counts_of(w.field).size(); }},
      {"distinct_rate",
       [](const SlowWindow& w) { return share(counts_of(w.field).size(), count_if(w.field, is_value)); }},
      {"unique_rate", [](const SlowWindow& w) { return share(seen_once(w), counts_of(w.field).size()); }},
      {"duplicate_count", [](const SlowWindow& w) { return count_if(w.field, is_value) - counts_of(w.field).size(); }},
      {"duplicate_rate",
       [](const SlowWindow& w) {
         const std::size_t values = count_if(w.field, is_value);
         return share(values - counts_of(w.field).size(), values);
       }},
      {"sum", [](const SlowWindow& w) { return of_numbers(w, sum_of); }},
      {"mean", [](const SlowWindow& w) { return of_numbers(w, mean_of); }},
      {"median", [](const SlowWindow& w) { return quantile(finite_numbers(w.field), 0.5L); }},
      {"quantile", [](const SlowWindow& w) { return quantile(finite_numbers(w.field), w.numbers[0]); }},
      {"iqr",
       [](const SlowWindow& w) {
         return of_numbers(w, [](const Numbers& n) { return *quantile(n, 0.75L) - *quantile(n, 0.25L); });
       }},
      {"variance", [](const SlowWindow& w) { return of_numbers(w, sample_variance); }},
      {"stddev",
       [](const SlowWindow& w) -> std::optional<long double> {
         const auto variance = of_numbers(w, sample_variance);
         return variance ? std::optional(std::sqrt(*variance)) : std::nullopt;
       }},
      {"skewness",
       [](const SlowWindow& w) { return of_numbers(w, [](const Numbers& n) { return standardised(n, 3); }); }},
      {"kurtosis",
       [](const SlowWindow& w) -> std::optional<long double> {
         const auto moment = of_numbers(w, [](const Numbers& n) { return standardised(n, 4); });
         return moment ? std::optional(*moment - 3) : std::nullopt;
       }},
      {"range",
       [](const SlowWindow& w) -> std::optional<long double> {
         const auto low = extreme(w, true).number;
         const auto high = extreme(w, false).number;
         return low && high ? std::optional(*high - *low) : std::nullopt;
       }},
      {"entropy",
       [](const SlowWindow& w) -> std::optional<long double> {
         if (count_if(w.field, is_value) == 0) return std::nullopt;
         return bits_of(counts_of(w.field));
       }},
      {"mutual_information", mutual_information},
      {"correlation", correlation},
      {"covariance", covariance},
      {"sum_ratio", sum_ratio},
      {"min_length",
       [](const SlowWindow& w) {
         const Numbers lengths = lengths_of(w.field);
         return lengths.empty() ? std::nullopt : std::optional(lengths.front());
       }},
      {"max_length",
       [](const SlowWindow& w) {
         const Numbers lengths = lengths_of(w.field);
         return lengths.empty() ? std::nullopt : std::optional(lengths.back());
       }},
      {"mean_length",
       [](const SlowWindow& w) {
         const Numbers lengths = lengths_of(w.field);
         return lengths.empty() ? std::nullopt : std::optional(mean_of(lengths));
       }},
      {"zero_rate", [](const SlowWindow& w) { return number_share(w, [](long double n) { return n == 0; }); }},
      {"negative_rate", [](const SlowWindow& w) { return number_share(w, [](long double n) { return n < 0; }); }},
      {"type_rate", [](const SlowWindow& w) { return value_share(w, [&](Value v) { return is_of_type(v, w.text); }); }},
      {"histogram",
       [](const SlowWindow& w) {
         return number_share(w, [&](long double n) { return n >= w.numbers[0] && n < w.numbers[1]; });
       }},
      {"freshness", freshness},
      {"delay", delay},
      {"column_count",
       [](const SlowWindow& w) -> std::optional<long double> {
         if (w.records.empty()) return std::nullopt;
         return schema_of(w.records).size();
       }},
  };
  return kComputes;
}

long double mean_of_doubles(const std::vector<double>& values) {
  return mean_of(Numbers(values.begin(), values.end()));
}

/// Holt's method as the page of `forecast` writes it down: expected values one after another, with their errors.
long double slow_forecast(const std::vector<double>& past, const std::vector<double>& season) {
  long double level = past[0];
  long double slope = (static_cast<long double>(past[2]) - past[0]) / 2;
  Numbers squares;
  for (std::size_t i = 1; i < past.size(); ++i) {
    const long double expected = level + slope;
    squares.push_back((past[i] - expected) * (past[i] - expected));
    const long double next = 0.3L * past[i] + 0.7L * expected;
    slope = 0.1L * (next - level) + 0.9L * slope;
    level = next;
  }
  const long double trend = level + slope;
  if (season.size() < 2) return trend;
  Numbers season_squares;
  for (std::size_t i = 1; i < season.size(); ++i) {
    const long double expected = mean_of_doubles({season.begin(), season.begin() + static_cast<std::ptrdiff_t>(i)});
    season_squares.push_back((season[i] - expected) * (season[i] - expected));
  }
  const long double trend_error = mean_of(squares);
  const long double season_error = mean_of(season_squares);
  const long double day = mean_of_doubles(season);
  if (trend_error + season_error == 0) return (trend + day) / 2;
  return (season_error * trend + trend_error * day) / (trend_error + season_error);
}

}  // namespace

SlowMeasured slow_measure(std::string_view name, const SlowWindow& window) {
  SlowMeasured out;
  if (name == "min" || name == "max") return extreme(window, name == "min");
  if (name == "schema") {
    if (!window.records.empty()) out.values = schema_of(window.records);
  } else if (name == "top" || name == "values") {
    std::vector<std::string> values = by_frequency(window.field);
    const std::size_t most = name == "values"         ? values.size()
                             : window.numbers.empty() ? 1
                                                      : static_cast<std::size_t>(window.numbers[0]);
    values.resize(std::min(most, values.size()));
    if (!values.empty()) out.values = std::move(values);
  } else {
    const auto found = computes().find(name);
    if (found == computes().end()) std::abort();  // a test asks for a measure that is not here
    out.number = found->second(window);
  }
  return out;
}

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
  const std::optional<long double> variance = sample_variance(Numbers(past.begin(), past.end()));
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
