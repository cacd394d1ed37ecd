#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Shows weir on a file of orders that goes wrong: installs what building needs, builds the program, writes
# build/demo/orders.ndjson (always the same 20 000 records) and judges it by rules/orders.yml.
set -euo pipefail
cd "$(dirname "$0")/.."

deploy/setup.sh build
echo 'demo: building build/release/weir (the first time takes a few minutes)'
mkdir -p build/demo
cmake --workflow --preset release > build/demo/build.log 2>&1 < /dev/null || {
  tail -n 40 build/demo/build.log >&2
  echo 'demo: the build failed; all of its output is in build/demo/build.log' >&2
  exit 1
}

# Writes the orders. The first 8 000 are sound; then, one after the other:
#   from  8 001  an importer forgets the e-mail address of every third order, for a thousand orders
#   from 12 001  the German shop sends amounts in cents
#   from 15 001  a currency that nobody announced: CHF
#   from 17 001  a proxy answers with its error page, and some lines are cut short
#   from 18 001  some orders arrive twice, some with a quantity of -1
write_orders() {
  awk '
    # Park and Miller: every product fits a double, so any awk on any machine writes the same bytes.
    function random(n) { seed = (seed * 16807) % 2147483647; return seed % n }
    BEGIN {
      seed = 20260101
      split("EUR EUR EUR USD GBP", currencies, " ")
      split("DE FR NL US GB AT ES IT", countries, " ")
      split("new paid paid shipped shipped shipped", statuses, " ")
      for (i = 1; i <= 20000; i++) {
        country = countries[1 + random(8)]
        currency = currencies[1 + random(5)]
        status = statuses[1 + random(6)]
        qty = 1 + random(5)
        cents = 199 + random(9800) + (random(20) == 0) * random(200000)
        customer = 1 + random(4000)
        score = random(1001)
        grams = qty * (100 + random(4900))
        id = i
        email = sprintf("\"c%d@example.com\"", customer)
        note = random(50) == 0 ? "\"call before delivery\"" : "null"

        if (i > 8000 && i <= 9000 && random(3) == 0) email = "null"
        amount = sprintf("%d.%02d", int(cents / 100), cents % 100)
        if (i > 12000 && country == "DE") amount = cents
        if (i > 15000 && random(30) == 0) currency = "CHF"
        if (i > 18000 && random(150) == 0) id = i - 1
        if (i > 18000 && random(200) == 0) qty = -1

        line = sprintf("{\"order_id\":\"O-%08d\",\"customer_id\":%d,\"amount\":%s,\"currency\":\"%s\",\"country\":\"%s\"," \
                       "\"status\":\"%s\",\"email\":%s,\"created_at\":\"2026-01-%02dT%02d:%02d:%02dZ\",\"qty\":%d," \
                       "\"weight\":%d.%03d,\"score\":%d.%03d,\"note\":%s}",
                       id, customer, amount, currency, country, status, email, 1 + int(i / 3600), int(i / 150) % 24,
                       int(i * 2 / 5) % 60, (i * 24) % 60, qty, int(grams / 1000), grams % 1000, int(score / 1000),
                       score % 1000, note)
        if (i > 17000 && i <= 17400 && random(40) == 0) line = "<html><body>502 Bad Gateway</body></html>"
        if (i > 17400 && i <= 17800 && random(40) == 0) line = substr(line, 1, 60 + random(80))
        print line
      }
    }'
}

write_orders > build/demo/orders.ndjson
command_line=(build/release/weir check build/demo/orders.ndjson --rules rules/orders.yml)
printf '\n$ %s\n' "${command_line[*]}"
code=0
"${command_line[@]}" < /dev/null || code=$?

case $code in
  0) meaning='everything that must hold held' ;;
  1) meaning='at least one rule failed, which is what stops a pipeline; this file was written to go wrong' ;;
  2) meaning='the command line or the rule file is wrong, so nothing was judged' ;;
  3) meaning='the data could not be read, or a rule could not be evaluated' ;;
  4) meaning='a report could not be written' ;;
  *) meaning='weir ended in a way it should not' ;;
esac
cat << END

demo: exit code $code: $meaning.

Next:
  less build/demo/orders.ndjson                       what went wrong, and where: the comments in deploy/demo.sh tell
  ${EDITOR:-vi} rules/orders.yml                                 add CHF to the currencies and run the command above again
  ${command_line[*]} --report html=build/demo/report.html
END

# A failed rule is what the demo is about; anything else is a fault of the demo.
[ "$code" -eq 1 ] || exit $((code == 0 ? 1 : code))
