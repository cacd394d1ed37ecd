// SPDX-License-Identifier: Apache-2.0
// A stream of orders as shops have them: skewed prices, a latency with a slow tail, categories of unequal shares, whole numbers that
// are tied, nulls, identifiers that never come twice; windows of 400 to 800 records.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "stat/draw.h"
#include "stat/watched.h"

namespace weir::stat {

/// What a record is made of; changes are made to it.
struct Order {
  double amount = 0;
  double latency = 0;
  double temperature = 0;
  double score = 0;
  std::int64_t quantity = 0;
  bool quantity_is_text = false;
  std::string country;
  std::string status;
  std::string email;  // empty: null
  std::string id;
};

inline std::string pick(const std::vector<std::pair<std::string, double>>& shares, Draw& draw) {
  double at = draw.unit();
  std::size_t i = 0;
  while (i + 1 < shares.size() && at >= shares[i].second) at -= shares[i++].second;
  return shares[i].first;
}

inline Order order_of(Draw& draw) {
  static const std::vector<std::pair<std::string, double>> kCountries = {
      {"DE", 0.31}, {"FR", 0.22}, {"IT", 0.15}, {"ES", 0.1}, {"NL", 0.08}, {"AT", 0.06}, {"PL", 0.05}, {"SE", 0.03}};
  static const std::vector<std::pair<std::string, double>> kStatus = {
      {"paid", 0.7}, {"open", 0.2}, {"failed", 0.08}, {"refunded", 0.02}};
  Order out;
  out.amount = std::round(100 * std::exp(3 + 0.8 * draw.normal())) / 100;
  out.latency = std::exp(4 + 0.5 * draw.normal()) * (draw.unit() < 0.01 ? 10 : 1);
  out.temperature = 20 + 5 * draw.normal();
  out.score = draw.unit();
  out.quantity = 1;
  while (out.quantity < 9 && draw.unit() < 0.45) ++out.quantity;
  out.country = pick(kCountries, draw);
  out.status = pick(kStatus, draw);
  if (draw.unit() >= 0.05) out.email = "u" + std::to_string(draw.below(100'000'000)) + "@example.com";
  out.id = "o" + std::to_string(1'000'000'000'000'000'000 + draw.below(8'000'000'000'000'000'000));
  return out;
}

inline std::vector<WatchedColumn> order_columns() {
  return {{"amount", FieldType::Number}, {"latency", FieldType::Number}, {"temperature", FieldType::Any},
          {"score", FieldType::Number},  {"quantity", FieldType::Any},   {"country", FieldType::String},
          {"status", FieldType::Any},    {"email", FieldType::Any},      {"id", FieldType::Any}};
}

using Change = std::function<void(Order&, Draw&)>;

inline std::vector<Cells> orders(Draw& draw, const Change& change) {
  std::vector<Cells> out(9);
  const std::size_t n = 400 + draw.below(400);
  for (std::size_t i = 0; i < n; ++i) {
    Order order = order_of(draw);
    if (change) change(order, draw);
    out[0].number(order.amount);
    out[1].number(order.latency);
    out[2].number(order.temperature);
    out[3].number(order.score);
    if (order.quantity_is_text) {
      out[4].text(std::to_string(order.quantity));
    } else {
      out[4].whole(order.quantity);
    }
    out[5].text(order.country);
    out[6].text(order.status);
    if (order.email.empty()) {
      out[7].null();
    } else {
      out[7].text(order.email);
    }
    out[8].text(order.id);
  }
  return out;
}

}  // namespace weir::stat
