// SPDX-License-Identifier: Apache-2.0
// Windows of two seconds are nobody's: these rules are no pack to begin with, and stand in the program, so that it can show
// itself wherever it is installed.
#include "app/demo_rules.h"

namespace weir {
namespace {

constexpr std::string_view kRules = R"yaml(
# What the shop of `weir demo` promises about its orders. Change it while the demo runs: weir takes it up as you save.
#
# Try: give `currency` a list, `currency: {required: true, in: [EUR, USD, GBP]}`, and the next francs are put aside.
# Windows are of two seconds, for somebody in a hurry. Those of a shop are hours: see rules/orders.yml of weir.
weir: 1
source: {topic: weir.demo.orders, format: json, time: created_at, key: order_id, out_of_order: 500ms, idle_after: 2s}
meta: {owner: team-checkout, tags: [demo]}

fields:
  order_id:    {type: string, required: true, match: '^O-\d{8}$', unique: {within: 10m}}
  customer_id: {type: integer, required: true, min: 1}
  amount:      {type: decimal, required: true, above: 0, max: 250000, scale: 2}
  currency:    {required: true, match: '^[A-Z]{3}$'}
  country:     {required: true, in: [AT, DE, ES, FR, GB, IT, NL, US]}
  status:      {required: true, in: [new, paid, shipped, cancelled]}
  email:       {required: true, format: email}
  qty:         {type: integer, required: true, min: 1, max: 100}
  created_at:  {type: timestamp, required: true}

windows:
  - every: 2s
    lateness: 500ms
    rules:
      - id: orders-flow
        description: a shop without orders is a broken checkout, or a broken pipeline
        must: row_count >= 20
      - id: emails-known
        description: the form lost its field, or a channel does not ask
        must: missing_rate(email) <= 5%
      - id: orders-once
        description: a producer that tries again without a key sends orders twice
        must: duplicate_rate(order_id) <= 1%

drift:
  - id: currencies
    description: a currency that nobody announced passes every rule about a single order
    fields: [currency]
    every: 2s
    lateness: 500ms
    reference: {rolling: 20s}
    test: new_value
    alert_after: 1 of 1
    clear_after: 2
  - id: baskets
    description: one country that switches to cents hides in the mean of all
    fields: [amount]
    segment: {country: [AT, DE, ES, FR, GB, IT, NL, US]}
    every: 2s
    lateness: 500ms
    reference: {rolling: 20s}
    test: ks
    tolerance: {ks: 0.5}
    alert_after: 1 of 1
    clear_after: 2

tests:
  - pass: &sound {order_id: O-00000001, customer_id: 7, amount: 19.90, currency: EUR, country: DE, status: paid,
                  email: a@example.com, qty: 1, created_at: "2026-01-01T00:00:00Z"}
  - {fail: [email.required], record: {<<: *sound, email: null}}
  - {fail: [order_id.match], record: {<<: *sound, order_id: order-1}}
  - {fail: [currency.match], record: {<<: *sound, currency: Franken}}
  - {fail: [country.in], record: {<<: *sound, country: XX}}
  - {fail: [created_at.type, time], record: {<<: *sound, created_at: yesterday}}
)yaml";

}  // namespace

std::string_view demo_rules() {
  return kRules.substr(1);  // without the line end that opens the literal
}

}  // namespace weir
