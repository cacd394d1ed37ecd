// SPDX-License-Identifier: Apache-2.0
// Draws rule files and records from a seed. Records mostly hold what their fields usually hold, sometimes anything, and now and
// then are no JSON at all; numbers, texts and keys are written in many ways.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "testing/slow_rules.h"

namespace weir::testing {

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}

  [[nodiscard]] SlowRules rules();
  /// `one_line`: without line feeds within and never empty, so that a file of lines can hold it.
  [[nodiscard]] std::string record(bool one_line = false);
  [[nodiscard]] std::vector<std::string> records(std::size_t count, bool one_line = false);

  [[nodiscard]] std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }
  [[nodiscard]] bool chance(std::size_t one_in) { return below(one_in) == 0; }
  template <class T>
  [[nodiscard]] const T& of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }

 private:
  struct Field;
  static const std::vector<Field>& fields();

  void add_field_rules(const Field& field, SlowRules& out);
  void add_record_rules(SlowRules& out);
  SlowRule field_rule(const Field& field, const std::string& check, const std::string& declared);
  std::vector<SlowLiteral> literals(const Field& field, const std::string& declared);
  void add_options(SlowRule& rule);
  SlowExpression expression(int depth);
  SlowExpression comparison();

  std::string value(const Field& field);
  std::string anything();
  std::string items();
  std::string user();
  std::string key(const std::string& name);
  std::string damaged(std::string record);
  std::string space();

  std::mt19937_64 random_;
  std::vector<std::string> undeclared_;  // fields of one value without a declared type: what expressions may name
  std::size_t next_id_ = 0;
  bool one_line_ = false;
};

}  // namespace weir::testing
