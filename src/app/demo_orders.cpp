// SPDX-License-Identifier: Apache-2.0
#include "app/demo_orders.h"

#include <array>
#include <cstdio>

#include "base/timestamp.h"

namespace weir {
namespace {

constexpr std::array<DemoAct, 6> kActs = {{
    {DemoFault::NoEmail, 6, 12, "an import forgets the e-mail address of every third order"},
    {DemoFault::Garbage, 14, 18, "a proxy answers with its error page, and some orders are cut short"},
    {DemoFault::NewCurrency, 20, 26, "some orders are in CHF, a currency that nobody announced"},
    {DemoFault::Cents, 28, 34, "the German shop begins to send amounts in cents"},
    {DemoFault::Silence, 36, 42, "the shop is silent: not a single order"},
    {DemoFault::Twice, 44, 50, "a producer tries again and again: every twentieth order comes twice"},
}};

constexpr double kPagesUntil = 16;  // first the pages alone

constexpr std::array<const char*, 5> kCurrencies = {"EUR", "EUR", "EUR", "USD", "GBP"};
constexpr std::array<const char*, 8> kCountries = {"DE", "FR", "NL", "US", "GB", "AT", "ES", "IT"};
constexpr std::array<const char*, 6> kStatuses = {"new", "paid", "paid", "shipped", "shipped", "shipped"};

constexpr std::string_view kErrorPage = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";

/// `[0, n)` -> one of the texts.
template <std::size_t kMany>
std::string one_of(const std::array<const char*, kMany>& texts, std::uint64_t drawn) {
  return texts[static_cast<std::size_t>(drawn)];
}

std::string with_cents(std::uint64_t cents) {
  const std::string rest = std::to_string(cents % 100);
  return std::to_string(cents / 100) + (rest.size() < 2 ? ".0" : ".") + rest;
}

}  // namespace

std::span<const DemoAct> demo_acts() {
  return kActs;
}

DemoFault demo_fault_at(double second) {
  for (const DemoAct& act : kActs) {
    if (second >= act.from && second < act.to) return act.fault;
  }
  return DemoFault::None;
}

/// Every order takes the same draws, whatever goes wrong with it.
std::string DemoOrders::order(DemoFault fault, Instant when, std::string_view id) {
  const std::string country = one_of(kCountries, draw(kCountries.size()));
  std::string currency = one_of(kCurrencies, draw(kCurrencies.size()));
  const std::string status = one_of(kStatuses, draw(kStatuses.size()));
  const std::uint64_t basket = 199 + draw(9800);
  const std::uint64_t large = draw(20) == 0 ? 200'000 : 1;
  const std::uint64_t cents = basket + draw(large);
  const std::string customer = std::to_string(1 + draw(4000));
  const std::string quantity = std::to_string(1 + draw(5));
  const bool every_third = draw(3) == 0;
  const bool one_in_twenty = draw(20) == 0;

  if (fault == DemoFault::NewCurrency && one_in_twenty) currency = "CHF";
  const bool no_email = fault == DemoFault::NoEmail && every_third;
  const std::string email = no_email ? "null" : "\"c" + customer + "@example.com\"";
  const std::string amount = fault == DemoFault::Cents && country == "DE" ? std::to_string(cents) : with_cents(cents);
  return "{\"order_id\":\"" + std::string(id) + "\",\"customer_id\":" + customer + ",\"amount\":" + amount +
         ",\"currency\":\"" + currency + "\",\"country\":\"" + country + "\",\"status\":\"" + status +
         "\",\"email\":" + email + ",\"qty\":" + quantity + ",\"created_at\":\"" + format_timestamp(when) + "\"}";
}

std::optional<DemoOrder> DemoOrders::at(std::uint64_t n, Instant when) {
  const double second = static_cast<double>(n % kPerRound) / kPerSecond;
  const DemoFault fault = demo_fault_at(second);
  if (fault == DemoFault::Silence) return std::nullopt;
  if (fault == DemoFault::Twice && n % 20 == 0) return last_;
  std::array<char, 24> id{};
  std::snprintf(id.data(), id.size(), "O-%08llu", static_cast<unsigned long long>(++last_id_ % 100'000'000));
  DemoOrder made{.key = id.data(), .value = order(fault, when, id.data())};
  const std::uint64_t luck = draw(25);
  if (fault == DemoFault::Garbage && luck == 0) made.value = kErrorPage;
  if (fault == DemoFault::Garbage && luck == 1 && second > kPagesUntil) made.value.resize(60 + made.value.size() % 80);
  last_ = made;
  return made;
}

}  // namespace weir
