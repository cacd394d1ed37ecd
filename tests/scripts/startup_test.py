# SPDX-License-Identifier: Apache-2.0
"""How long `weir check` of ten records takes, the start of the process included. The goal is 20 ms; this only fails where a
start has become a wait, because a busy machine is not a fault of weir."""
import statistics
import time

from weir_process import RULES, Checks, Workplace, is_sanitized, run

FAILS_AT = 2 if is_sanitized() else 0.2  # seconds; a sanitizer looks at every library that is loaded
RUNS = 15

checks = Checks()
records = "".join('{"order_id":"O-%04d","amount":%d,"currency":"EUR"}\n' % (i, i) for i in range(10))
with Workplace(**{"orders.yml": RULES, "orders.ndjson": records}) as folder:
    took = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        ran = run("check", "orders.ndjson", "--rules", "orders.yml", cwd=folder)
        took.append(time.perf_counter() - begin)
        checks.equal("ten records hold", ran.exit, 0)
print(f"ten records: median {statistics.median(took) * 1000:.1f} ms, best {min(took) * 1000:.1f} ms of {RUNS} runs")
checks.true("a start is no wait", min(took) < FAILS_AT, took)
checks.finish()
