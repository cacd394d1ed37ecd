// SPDX-License-Identifier: Apache-2.0
#include "testing/slow_measures.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <map>
#include <utility>

#include "testing/slow_checks.h"
#include "testing/slow_lists.h"
#include "testing/slow_statistics.h"

namespace weir::testing {

namespace {

using Value = const SlowJson*;
using Type = SlowJson::Type;

bool is_absent(Value value) {
  return value == nullptr;
}

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

SlowNumbers finite_numbers(const std::vector<Value>& values) {
  SlowNumbers out;
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

SlowNumbers lengths_of(const std::vector<Value>& values) {
  SlowNumbers out;
  for (const Value value : values) {
    if (const auto length = code_points_of(value)) out.push_back(*length);
  }
  std::sort(out.begin(), out.end());
  return out;
}

SlowNumbers times_of(const std::vector<Value>& values) {
  SlowNumbers out;
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
std::pair<SlowNumbers, SlowNumbers> pairs_of(const SlowWindow& window) {
  std::pair<SlowNumbers, SlowNumbers> out;
  for (std::size_t i = 0; i < window.field.size(); ++i) {
    const auto a = finite(window.field[i]);
    const auto b = finite(window.second[i]);
    if (!a || !b) continue;
    out.first.push_back(*a);
    out.second.push_back(*b);
  }
  return out;
}

std::optional<long double> correlation(const SlowWindow& window) {
  const auto [a, b] = pairs_of(window);
  if (a.empty()) return std::nullopt;
  const long double spread = std::sqrt(slow_co_moment(a, a) * slow_co_moment(b, b));
  return spread > 0 ? std::optional(slow_co_moment(a, b) / spread) : std::nullopt;
}

std::optional<long double> covariance(const SlowWindow& window) {
  const auto [a, b] = pairs_of(window);
  if (a.size() < 2) return std::nullopt;
  return slow_co_moment(a, b) / static_cast<long double>(a.size() - 1);
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
  const SlowNumbers a = finite_numbers(window.field);
  const SlowNumbers b = finite_numbers(window.second);
  if (a.empty() || b.empty() || slow_sum(b) == 0) return std::nullopt;
  return slow_sum(a) / slow_sum(b);
}

std::optional<long double> freshness(const SlowWindow& window) {
  const SlowNumbers times = times_of(window.field);
  return times.empty() ? std::nullopt : std::optional(window.end - times.back());
}

std::optional<long double> delay(const SlowWindow& window) {
  SlowNumbers delays;
  for (std::size_t i = 0; i < window.field.size(); ++i) {
    const SlowNumbers time = times_of({window.field[i]});
    if (!time.empty()) delays.push_back(window.arrivals[i] - time[0]);
  }
  std::sort(delays.begin(), delays.end());
  return slow_quantile(delays, 0.5L);
}

/// The smallest and the largest of what the field is compared as.
SlowMeasured extreme(const SlowWindow& window, bool smallest) {
  SlowMeasured out;
  SlowNumbers numbers;
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
                                      const std::function<std::optional<long double>(const SlowNumbers&)>& of) {
  const SlowNumbers numbers = finite_numbers(window.field);
  return numbers.empty() ? std::nullopt : of(numbers);
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
      {"absent_rate", [](const SlowWindow& w) { return share(count_if(w.field, is_absent), w.field.size()); }},
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
      {"sum", [](const SlowWindow& w) { return of_numbers(w, slow_sum); }},
      {"mean", [](const SlowWindow& w) { return of_numbers(w, slow_mean); }},
      {"median", [](const SlowWindow& w) { return slow_quantile(finite_numbers(w.field), 0.5L); }},
      {"quantile", [](const SlowWindow& w) { return slow_quantile(finite_numbers(w.field), w.numbers[0]); }},
      {"iqr",
       [](const SlowWindow& w) {
         return of_numbers(w, [](const SlowNumbers& n) { return *slow_quantile(n, 0.75L) - *slow_quantile(n, 0.25L); });
       }},
      {"variance", [](const SlowWindow& w) { return of_numbers(w, slow_variance); }},
      {"stddev",
       [](const SlowWindow& w) -> std::optional<long double> {
         const auto variance = of_numbers(w, slow_variance);
         return variance ? std::optional(std::sqrt(*variance)) : std::nullopt;
       }},
      {"skewness",
       [](const SlowWindow& w) { return of_numbers(w, [](const SlowNumbers& n) { return slow_standardised(n, 3); }); }},
      {"kurtosis",
       [](const SlowWindow& w) -> std::optional<long double> {
         const auto moment = of_numbers(w, [](const SlowNumbers& n) { return slow_standardised(n, 4); });
         return moment ? std::optional(*moment - 3) : std::nullopt;
       }},
      {"range",
       [](const SlowWindow& w) -> std::optional<long double> {
         const SlowNumbers sorted = w.declared == "timestamp" ? times_of(w.field) : finite_numbers(w.field);
         return sorted.empty() ? std::nullopt : std::optional(sorted.back() - sorted.front());
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
      {"min_length", [](const SlowWindow& w) { return slow_quantile(lengths_of(w.field), 0); }},
      {"max_length", [](const SlowWindow& w) { return slow_quantile(lengths_of(w.field), 1); }},
      {"mean_length",
       [](const SlowWindow& w) -> std::optional<long double> {
         const SlowNumbers lengths = lengths_of(w.field);
         return lengths.empty() ? std::nullopt : std::optional(slow_mean(lengths));
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
         return slow_schema(w.records).size();
       }},
  };
  return kComputes;
}

}  // namespace

SlowMeasured slow_measure(std::string_view name, const SlowWindow& window) {
  SlowMeasured out;
  if (name == "min" || name == "max") return extreme(window, name == "min");
  if (name == "schema") {
    if (!window.records.empty()) out.values = slow_schema(window.records);
  } else if (name == "top" || name == "values" || name == "modes") {
    std::vector<std::string> values = slow_by_frequency(window.field, name == "modes");
    const std::size_t most = name != "top"            ? values.size()
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

}  // namespace weir::testing
