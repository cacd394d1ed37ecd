// SPDX-License-Identifier: Apache-2.0
// The orders of the shop of `weir demo`, and what goes wrong with them: a round of a minute in acts, over and over. What an
// order says follows from the seed and its place in the round; only its times are those of the clock.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include "weir/time.h"

namespace weir {

enum class DemoFault : std::uint8_t { None, NoEmail, Garbage, NewCurrency, Cents, Silence, Twice };

/// A stretch of the round, in seconds since it began.
struct DemoAct {
  DemoFault fault = DemoFault::None;
  double from = 0;
  double to = 0;
  std::string_view told;  // what a shop would find out later
};

inline constexpr double kDemoRound = 60;                          // seconds
inline constexpr Duration kDemoWindow = std::chrono::seconds(2);  // of its rules: acts begin at a multiple
/// In their order; between them all is sound.
[[nodiscard]] std::span<const DemoAct> demo_acts();
/// What is wrong so many seconds into a round.
[[nodiscard]] DemoFault demo_fault_at(double second);

struct DemoOrder {
  std::string key;
  std::string value;
};

class DemoOrders {
 public:
  static constexpr int kPerSecond = 200;
  static constexpr int kPerRound = static_cast<int>(kDemoRound) * kPerSecond;

  explicit DemoOrders(std::uint64_t seed) : random_(seed) {}

  /// The `n`-th place since the beginning, asked for in order, and when that is; nothing where the shop is silent.
  std::optional<DemoOrder> at(std::uint64_t n, Instant when);

 private:
  std::uint64_t draw(std::uint64_t below) { return random_() % below; }
  [[nodiscard]] std::string order(DemoFault fault, Instant when, std::string_view id);

  std::mt19937_64 random_;
  std::uint64_t last_id_ = 0;
  DemoOrder last_;
};

}  // namespace weir
