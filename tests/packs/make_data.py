# SPDX-License-Identifier: Apache-2.0
"""Writes the samples of the rule packs: for each pack of rules/ three files in tests/packs/data.

  PACK.good.ndjson   records as a healthy stream has them, on which every rule of the pack holds
  PACK.bad.ndjson    the same records with the faults of PACK.bad.json in them
  PACK.bad.json      each fault: what happened, the lines on which it shows, and the rules that must fail

Nothing is drawn from a clock or a hash: the same bytes on every machine, `make_data.py --check` says whether they are.
"""
import copy
import json
import os
import random
import sys
from datetime import datetime, timedelta, timezone

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
DAY = datetime(2026, 1, 5, tzinfo=timezone.utc)  # a Monday


def at(seconds):
    moment = DAY + timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def millis(seconds):
    return int(DAY.timestamp() * 1000) + round(seconds * 1000)


def put(record, path, value):
    *folders, name = path.split(".")
    for folder in folders:
        record = record[folder]
    record[name] = value


class Sample:
    """Records with the second at which each happened, and the faults put into them."""

    def __init__(self, timed):
        self.rows = [{"second": second, "record": copy.deepcopy(record), "faults": []} for second, record in timed]
        self.faults = []

    def between(self, begin, end, where=lambda r: True):
        """The rows of a stretch of time, in hours, that fit."""
        return [row for row in self.rows if begin * 3600 <= row["second"] < end * 3600 and where(row["record"])]

    def fault(self, name, fails=(), windows=()):
        self.faults.append({"fault": name, "lines": None, "fails": list(fails), "windows": list(windows)})
        return len(self.faults) - 1

    def mark(self, rows, fault):
        for row in rows:
            row["faults"].append(fault)

    def change(self, name, rows, changes, fails=(), windows=()):
        """Sets fields (`path: value`, or a function of the record) in rows; `fails` shows on each of them."""
        assert rows, name
        fault = self.fault(name, fails, windows)
        for row in rows:
            for path, value in changes.items():
                put(row["record"], path, copy.deepcopy(value(row["record"]) if callable(value) else value))
        self.mark(rows, fault)

    def drop(self, name, rows, fails=(), windows=(), shows=()):
        """Takes rows away; `fails` shows on the rows of `shows`, what comes after a gap."""
        assert rows, name
        fault = self.fault(name, fails, windows)
        gone = {id(row) for row in rows}
        self.rows = [row for row in self.rows if id(row) not in gone]
        self.mark(shows, fault)

    def repeat(self, name, rows, fails=(), windows=()):
        """Sends rows again, right behind themselves."""
        fault = self.fault(name, fails, windows)
        for row in rows:
            again = {**copy.deepcopy(row), "faults": [fault]}
            self.rows.insert(next(i for i, r in enumerate(self.rows) if r is row) + 1, again)

    def next_of(self, row, key):
        """The row after this one with the same value of a field."""
        here = next(i for i, r in enumerate(self.rows) if r is row)
        return next(r for r in self.rows[here + 1:] if r["record"][key] == row["record"][key])

    def text(self):
        return "".join(json.dumps(row["record"], separators=(",", ":")) + "\n" for row in self.rows)

    def expected(self):
        for number, fault in enumerate(self.faults):
            fault["lines"] = [line for line, row in enumerate(self.rows, 1) if number in row["faults"]]
        lines = ",\n".join("  " + json.dumps(fault) for fault in self.faults)
        return "[\n" + lines + "\n]\n"


# ---------------------------------------------------------------- orders: twelve hours, 80 orders an hour


def orders(rng):
    timed = []
    for i in range(960):
        second = i * 45 + rng.uniform(0, 30)
        status = ["paid", "shipped", "new", "paid", "shipped", "new", "shipped", "paid"][i % 8]
        customer = rng.randrange(1, 400)
        timed.append((second, {
            "order_id": f"O-{i + 1:08d}", "customer_id": customer, "amount": round(rng.lognormvariate(3.4, 0.6), 2),
            "currency": rng.choice(["EUR", "EUR", "EUR", "USD", "GBP"]),
            "country": ["DE", "FR", "NL", "US", "GB", "AT", "ES", "IT"][rng.randrange(8)],
            "status": "cancelled" if i % 20 == 2 else status, "email": f"c{customer}@example.com", "created_at": at(second),
            "qty": rng.randrange(1, 6), "weight": round(rng.uniform(0.1, 12), 3), "score": round(rng.random(), 3),
            "note": "call before delivery" if rng.random() < 0.03 else None}))
    return timed


def orders_faults(sample):
    first = sample.between(0, 1)
    for offset, (name, field, value, rule) in enumerate([
            ("an order number of another system", "order_id", "order-17", "order_id.match"),
            ("a customer that there is not", "customer_id", 0, "customer_id.min"),
            ("a factor of ten thousand", "amount", 199000, "amount.max"),
            ("a gift", "amount", 0, "amount.above"),
            ("a price that was computed", "amount", 19.999, "amount.scale"),
            ("a currency that nobody announced", "currency", "CHF", "currency.in"),
            ("a status in capitals", "status", "PAID", "status.in"),
            ("an address that is none", "email", "ann at example.com", "email.format"),
            ("a negative quantity", "qty", -1, "qty.min"),
            ("a score in percent", "score", 87, "score.max"),
            ("a letter as a note", "note", "x" * 201, "note.max_length")]):
        sample.change(name, [first[offset * 5 + 1]], {field: value}, [rule])
    sample.repeat("a producer that sends again", sample.between(1, 2)[10:13], ["order_id.unique"], ["orders-once"])
    quiet = sample.between(4, 5)
    sample.drop("an hour in which the checkout was broken", [row for i, row in enumerate(quiet) if i % 4],
                windows=["orders-an-hour"])
    sample.change("a voucher that pays nearly everything", sample.between(3, 4), {"amount": 0.5}, windows=["baskets-plausible"])
    sample.change("a form that lost a field", sample.between(6, 7)[:30], {"email": None}, ["email.required"], ["emails-known"])
    sample.change("amounts of one country in crowns", sample.between(6, 12, lambda r: r["country"] == "DE"),
                  {"amount": lambda r: round(r["amount"] * 10, 2)}, windows=["basket-by-country"])
    sample.change("the payment provider is away", sample.between(8, 9, lambda r: r["status"] == "paid"), {"status": "new"},
                  windows=["some-are-paid"])
    sample.change("a wave of cancellations", sample.between(9, 10)[::4], {"status": "cancelled"}, windows=["cancellations"])
    sample.change("scales that show nothing", sample.between(10, 11, lambda r: r["status"] == "shipped")[:5], {"weight": 0},
                  ["shipped-has-weight", "weight.above"], ["weights-known"])
    sample.drop("nothing in the last twenty minutes", sample.between(11 + 2 / 3, 12), windows=["orders-recent"])


# ---------------------------------------------------------------- clickstream: six hours, a visit every three minutes

AGENTS = {"web": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "ios": "ShopApp/7.2 (iPhone; iOS 19.1)",
          "android": "ShopApp/7.1 (Pixel 9; Android 16)"}


def uuid(rng):
    digits = f"{rng.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def clickstream(rng):
    visitors = []
    for i in range(60):
        consent = "necessary" if i % 4 == 3 else "all"
        visitors.append({"anonymous_id": uuid(rng), "platform": ["web", "web", "ios", "android", "ios"][i % 5],
                         "consent": consent, "user_id": f"u_{rng.randrange(36 ** 6):010x}" if consent == "all" and i % 3 else None,
                         "country": ["DE", "FR", "GB", "US"][i % 4]})
    timed = []
    for visit in range(119):
        visitor = visitors[visit * 7 % 60]
        names = ["page_view", "product_view", "search", "product_view", "page_view", "product_view"][:4 + visit % 3]
        if visit % 3 == 0:
            names += ["add_to_cart", "page_view"]
        if visit % 6 == 0:
            names += ["checkout_start"] + (["purchase"] if visit % 18 == 0 else ["page_view"])
        second = visit * 180 + rng.uniform(0, 100)
        for name in names:
            if second >= 6 * 3600 - 1:
                break
            late = rng.uniform(90, 400) if rng.random() < 0.01 else rng.uniform(0.1, 8)
            web = visitor["platform"] == "web"
            timed.append((second, {
                "event_id": uuid(rng), "event_name": name, "schema_version": "2.1.0", "occurred_at": at(second),
                "received_at": at(second + late), "anonymous_id": visitor["anonymous_id"], "user_id": visitor["user_id"],
                "session_id": f"s-{visit}", "platform": visitor["platform"], "consent": visitor["consent"],
                "page": {"url": f"https://www.example.com/p/{rng.randrange(500)}",
                         "referrer": rng.choice([None, "https://search.example/"])} if web else None,
                "device": {"user_agent": AGENTS[visitor["platform"]]}, "geo": {"country": visitor["country"]},
                "revenue": round(rng.uniform(5, 200), 2) if name == "purchase" else None,
                "currency": "EUR" if name == "purchase" else None}))
            second += rng.uniform(8, 60)
    return sorted(timed, key=lambda row: row[0])


def clickstream_faults(sample):
    web = sample.between(0, 0.75, lambda r: r["platform"] == "web" and r["event_name"] == "page_view")
    for offset, (name, changes, rule) in enumerate([
            ("a counter as an identifier", {"event_id": "17"}, "event_id.format"),
            ("an address as a user", {"user_id": "ann@example.com", "consent": "all"}, "user_id.match"),
            ("a snippet on another host", {"page.url": "https://staging.test/p/1"}, "page-is-ours"),
            ("a token in a link", {"page.url": "https://www.example.com/reset?token=abc"}, "page-without-personal-data"),
            ("a crawler", {"device.user_agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, "agent-is-a-person"),
            ("a page view with a price", {"revenue": 12.5}, "only-purchases-have-revenue"),
            ("a name in spite of the banner", {"user_id": "u_0000000abc", "consent": "necessary"}, "consent-before-identity"),
            ("a page view of no page", {"page": None}, "web-has-page"),
            ("a version that is none", {"schema_version": "v2"}, "schema_version.format"),
            ("a country by its name", {"geo.country": "Germany"}, "geo.country.format")]):
        sample.change(name, [web[offset]], changes, [rule])
    sample.change("a purchase without an amount", sample.between(0, 2, lambda r: r["event_name"] == "purchase")[:1],
                  {"revenue": None}, ["purchase-has-revenue"])
    sample.change("a device that lives in the future", sample.between(0.75, 1)[5:6],
                  {"received_at": lambda r: at(0.7 * 3600)}, ["clock-not-ahead"])
    sample.change("a queue that filled", sample.between(1, 1.25)[::2],
                  {"received_at": lambda r: r["occurred_at"].replace("T01:", "T02:")}, windows=["tracking-in-time"])
    sample.repeat("a tracker that sends again", sample.between(1.5, 1.75)[3:6], ["event_id.unique"], ["events-once"])
    quarter = sample.between(2, 2.25)
    kept = {row["record"]["anonymous_id"]: row for row in reversed(quarter)}
    kept = {id(row) for row in list(kept.values())[:7]}
    sample.drop("a tag manager that was switched off", [row for row in quarter if id(row) not in kept],
                windows=["events-a-quarter", "events-no-jump"])
    sample.change("an app with names of its own", sample.between(3, 3.25, lambda r: r["event_name"] == "product_view")[:6],
                  {"event_name": "screen_view"}, ["event_name.in"], ["plan-is-kept"])
    shared = sample.between(3.5, 4, lambda r: r["platform"] == "ios")[0]
    sample.change("an identifier that two devices share", [shared], {"platform": "android"}, windows=["visit-has-one-platform"])
    sample.change("a checkout that reports nothing", sample.between(4, 6, lambda r: r["event_name"] == "checkout_start"),
                  {"event_name": "search"}, windows=["funnel-checkout"])
    sample.change("one identifier for everybody", sample.between(4.25, 4.5), {"anonymous_id": "00000000-0000-4000-a000-000000000000"},
                  windows=["visitors", "visit-has-one-platform"])
    sample.change("a crawl", sample.between(3.25, 3.5, lambda r: r["platform"] == "web")[:9],
                  {"device.user_agent": "python-requests/2.32"}, ["agent-is-a-person"], ["agents-are-people"])
    sample.change("product pages that report nothing", sample.between(4, 6, lambda r: r["event_name"] == "product_view"),
                  {"event_name": "search"}, windows=["funnel-carts"])
    sample.change("a tag that was taken out", sample.between(5.75, 6, lambda r: r["event_name"] == "page_view"),
                  {"event_name": "search"}, windows=["funnel-starts"])
    sample.change("a login that lost its field", sample.between(4, 5, lambda r: r["platform"] == "ios"), {"user_id": None},
                  windows=["platform-knows-users"])
    sample.drop("an app that is silent", sample.between(5, 6, lambda r: r["platform"] == "android"), windows=["platform-speaks"])


# ---------------------------------------------------------------- iot-sensors: six hours, 12 devices, every five minutes


def iot_sensors(rng):
    timed = []
    for device in range(12):
        site = ["cellar", "hall", "roof"][device % 3]
        base = {"cellar": 12, "hall": 21, "roof": 4}[site]
        offset = device * 25 + rng.uniform(0, 5)
        for i in range(72):
            second = i * 300 + offset
            hours = second / 3600
            timed.append((second, {
                "device_id": f"dev-{0xa1f300 + device:06x}", "site": site, "seq": 1000 * device + i, "measured_at": millis(second),
                "received_at": millis(second + rng.uniform(0.5, 15)),
                "temperature_c": round(base + 0.3 * hours + rng.gauss(0, 0.2), 2),
                "humidity_pct": round(45 + 3 * rng.random(), 1), "battery_mv": 3900 - device * 30 - int(hours),
                "rssi_dbm": -70 - device - rng.randrange(10), "firmware": "1.4.2" if device % 4 else "1.5.0", "fault": "none"}))
    return sorted(timed, key=lambda row: row[0])


def iot_sensors_faults(sample):
    first = sample.between(0, 1)
    for offset, (name, changes, rules) in enumerate([
            ("Fahrenheit", {"temperature_c": 212}, ["temperature_c.max"]),
            ("a reading with too many digits", {"temperature_c": 21.51234}, ["temperature_c.scale"]),
            ("a wire that is off", {"temperature_c": -127}, ["reading-or-fault"]),
            ("more than saturated", {"humidity_pct": 104.2}, ["humidity_pct.max"]),
            ("volts instead of millivolts", {"battery_mv": 4}, ["battery_mv.min"]),
            ("a signal without its sign", {"rssi_dbm": 80}, ["rssi_dbm.max"]),
            ("a firmware without a number", {"firmware": "latest"}, ["firmware.format"]),
            ("a fault that nobody knows", {"fault": "gremlins"}, ["fault.in"]),
            ("a place that there is not", {"site": "garden"}, ["site.in"]),
            ("ice on the sensor", {"temperature_c": -25.5, "humidity_pct": 100}, ["no-fog-in-the-frost"])]):
        # One a device: `device-without-faults` looks at the twelve readings of an hour.
        sample.change(name, [first[offset * 13]], changes, rules)
    sample.faults[0]["windows"] += ["site-temperature-steady"]  # one such reading moves the mean of the hour
    sample.faults[9]["windows"] += ["site-temperature-steady", "site-without-outlier"]
    lost = sample.between(1.25, 1.5)[3:6]
    sample.drop("three lost messages", lost, ["seq.sequence"], ["messages-lost"],
                [sample.next_of(row, "device_id") for row in lost])
    sample.repeat("a gateway that sends again", sample.between(1, 1.25)[7:8], ["seq.sequence"])
    silent = sample.between(2 + 8.6 / 60, 2.25)
    after = {}
    for row in sample.between(2.25, 3):
        after.setdefault(row["record"]["device_id"], row)
    gone = {row["record"]["device_id"] for row in silent}
    sample.drop("an uplink that is down for six minutes", silent, ["seq.sequence"], ["readings-recent", "messages-lost"],
                [row for device, row in after.items() if device in gone])
    dark = {f"dev-{0xa1f300 + device:06x}" for device in range(0, 10, 3)}
    silent = sample.between(3, 3.5, lambda r: r["device_id"] in dark)
    after = {}
    for row in sample.between(3.5, 4, lambda r: r["device_id"] in dark):
        after.setdefault(row["record"]["device_id"], row)
    sample.drop("a floor without power for half an hour", silent, ["seq.sequence"], ["fleet-alive", "messages-lost"],
                list(after.values()))
    wires = {row["record"]["device_id"]: row for row in sample.between(4, 4.25)}
    sample.change("sensors that have just been switched on", list(wires.values())[:8], {"temperature_c": 85, "fault": "sensor"},
                  windows=["readings-there"])
    sample.change("a gateway that is behind", sample.between(4.25, 4.5)[::3],
                  {"received_at": lambda r: r["measured_at"] + 120000}, windows=["uplink-in-time"])
    sample.change("an antenna that fell off", sample.between(4.5, 4.75), {"rssi_dbm": lambda r: r["rssi_dbm"] - 38},
                  windows=["signal"])
    for row, version in zip(sample.between(4.75, 5)[:3], ("1.6.0", "1.7.0", "1.8.0-rc.1")):
        sample.change(f"firmware {version} too", [row], {"firmware": version}, windows=["firmware-mix"])
    sample.change("a reading that stands still", sample.between(5, 6, lambda r: r["device_id"] == "dev-a1f304"),
                  {"temperature_c": 22.5}, windows=["device-not-stuck"])
    sample.change("batteries in the cold", sample.between(5, 6, lambda r: r["site"] == "roof"), {"battery_mv": 2600},
                  windows=["site-charged"])
    sample.change("a memory that fails", sample.between(5, 6, lambda r: r["device_id"] == "dev-a1f303")[:3],
                  {"fault": "memory"}, windows=["device-without-faults"])


# ---------------------------------------------------------------- cdc: four hours, a change every 20 seconds


def cdc(rng):
    rows = {}
    timed = []
    lsn = 24023128
    for i in range(720):
        second = i * 20 + rng.uniform(0, 12)
        op = "d" if i % 12 == 11 else "c" if i < 40 or i % 5 == 0 else "u"
        lsn += rng.randrange(40, 400)
        before = after = None
        if op == "c":
            key = 1000 + i
        else:
            key = rng.choice(sorted(rows))
            before = rows[key]
        if op != "d":
            after = dict(before or {"id": key, "email": f"c{key}@example.com", "status": "active", "balance": 0.0, "version": 0,
                                    "updated_at": None})
            after["version"] += 1
            after["balance"] = round(rng.uniform(-50, 500), 2)
            after["status"] = "suspended" if rng.random() < 0.05 else "active"
            after["updated_at"] = at(second)
            rows[key] = after
        else:
            del rows[key]
        lag = rng.uniform(2, 9) if rng.random() < 0.02 else rng.uniform(0.1, 0.9)
        timed.append((second + lag, {
            "op": op, "ts_ms": millis(second + lag), "before": before, "after": after,
            "source": {"version": "3.0.4.Final", "connector": "postgresql", "name": "shop", "ts_ms": millis(second),
                       "snapshot": "false", "db": "shop", "schema": "public", "table": "customers", "txId": 570 + i, "lsn": lsn}}))
    return sorted(timed, key=lambda row: row[0])


def cdc_faults(sample):
    updates = sample.between(0, 1.5, lambda r: r["op"] == "u")[::6]
    row = iter(updates)
    sample.change("an operation that nobody knows", [next(row)], {"op": "x"}, ["op.in"])
    sample.change("a change of another table", [next(row)], {"source.table": "orders"}, ["source-is-the-table"])
    sample.change("an update without its row", [next(row)], {"after": None}, ["update-has-after"])
    sample.change("a key that changed", [next(row)], {"before.id": 1}, ["key-does-not-change"])
    sample.change("a version that stays", [next(row)], {"after.version": lambda r: r["before"]["version"]}, ["version-grows"])
    sample.change("an address that is none", [next(row)], {"after.email": "nobody at home"},
                  ["after.email.format"])
    sample.change("a status in capitals", [next(row)], {"after.status": "ACTIVE"}, ["after.status.in"])
    sample.change("a row that lost a column", [next(row)], {"after.status": None}, ["row-is-required"])
    sample.change("a balance that was computed", [next(row)], {"after.balance": 0.30000000000000004}, ["after.balance.scale"])
    sample.change("a connector whose clock is behind", [next(row)], {"source.ts_ms": lambda r: r["ts_ms"] + 5000},
                  ["change-after-commit"])
    sample.change("a position that goes back", [next(row)], {"source.lsn": 5}, ["log-order"])
    sample.change("a new row with an old one", sample.between(0.5, 1, lambda r: r["op"] == "c")[:1],
                  {"before": lambda r: {**r["after"]}}, ["create-has-no-before"])
    sample.change("a delete without the row", sample.between(0.5, 1, lambda r: r["op"] == "d")[:1], {"before": None},
                  ["delete-has-before", "envelope-complete"])
    five = 1 / 12
    sample.change("a DELETE without WHERE", sample.between(1.5, 1.5 + five, lambda r: r["op"] == "u")[:6],
                  {"op": "d", "after": None}, windows=["no-mass-delete"])
    sample.change("a connector that is behind", sample.between(1.75, 1.75 + five)[:5],
                  {"source.ts_ms": lambda r: r["ts_ms"] - 300000}, windows=["replication-lag"])
    sample.change("a second connector", sample.between(2, 2 + five)[4:5], {"source.connector": "postgresql-2"},
                  windows=["one-connector"])
    sample.change("a snapshot that nobody asked for", sample.between(2.25, 2.25 + five, lambda r: r["op"] == "c"), {"op": "r"},
                  windows=["no-snapshot-by-itself"])
    again = sample.between(2.5, 2.5 + five)[1:13:2]
    sample.change("a log that is read again and again", again, {"source.lsn": lambda r: r["source"]["lsn"] - 5000},
                  ["log-order"], ["log-is-read-once"])
    sample.drop("a connector that stops for fifteen minutes", sample.between(2.75 - 0.06, 3),
                windows=["connector-alive", "changes-recent"])

    loop = sample.between(2, 3, lambda r: r["after"] is not None)
    sample.change("two writers in a loop", loop, {"after.id": 77}, windows=["rows-not-rewritten"])
    for row in loop:
        if row["record"]["before"] is not None:
            row["record"]["before"]["id"] = 77

    def as_update(record):
        return {**record["after"], "version": record["after"]["version"] - 1}

    sample.change("an hour without a new row", sample.between(3, 4, lambda r: r["op"] == "c"), {"before": as_update, "op": "u"},
                  windows=["operations-known"])
    sample.change("a connector of a new version", sample.between(3, 4), {"ts_us": lambda r: r["ts_ms"] * 1000},
                  windows=["envelope-unchanged"])


# ---------------------------------------------------------------- app-logs: 90 minutes, three services, 14 lines in 5 minutes

SERVICES = {"checkout": "3.4.1", "payments": "1.9.0", "search": "0.12.3"}
ROUTES = {"checkout": "/orders/{id}", "payments": "/charges", "search": "/search"}


def app_logs(rng):
    timed = []
    for service, version in SERVICES.items():
        for i in range(18 * 14):
            second = i * 300 / 14 + rng.uniform(0, 20)
            request = i % 7 < 5
            error = i % 61 == 60
            trace = f"{rng.getrandbits(128):032x}"
            record = {"timestamp": at(second), "level": "ERROR" if error else "WARN" if i % 23 == 22 else "INFO",
                      "service": service, "version": version, "env": "production", "host": f"{service}-{i % 3}",
                      "logger": "http" if request else "worker",
                      "message": f"request {i} served" if request else f"job {i} of {service} done",
                      "trace_id": trace if request else None, "span_id": trace[:16] if request else None,
                      "user": {"ip": f"192.0.2.{rng.randrange(1, 255)}"} if request else None, "http": None, "error": None}
            if request:
                record["http"] = {"method": "GET" if i % 3 else "POST", "route": ROUTES[service], "status": 404 if i % 37 == 36 else 200,
                                  "duration_ms": round(min(rng.lognormvariate(3.7, 0.6), 900), 1)}
            if error:
                record["error"] = {"type": "TimeoutException", "stack": "at Client.call(Client.java:117)"}
            timed.append((second, record))
    return sorted(timed, key=lambda row: row[0])


def app_logs_faults(sample):
    five = 1 / 12
    info = sample.between(0, 0.5, lambda r: r["level"] == "INFO" and r["http"] and r["http"]["status"] == 200)[::7]
    for offset, (name, changes, rules) in enumerate([
            ("a level in small letters", {"level": "info"}, ["level.in"]),
            ("debugging that was left on", {"level": "DEBUG"}, ["no-debug-in-production"]),
            ("a build without a number", {"version": "latest"}, ["version.format"]),
            ("a line that says nothing", {"message": ""}, ["message.min_length"]),
            ("a card number", {"message": "declined 4111 1111 1111 1111"}, ["no-card-numbers"]),
            ("a trace of zeros", {"trace_id": "0" * 32}, ["trace_id.not_in"]),
            ("a span without a trace", {"trace_id": None}, ["trace-is-whole"]),
            ("a number in a route", {"http.route": "/orders/48213"}, ["http.route.not_match"]),
            ("a clock that was set back", {"http.duration_ms": -3}, ["http.duration_ms.min"]),
            ("a request without a method", {"http.method": None}, ["request-is-whole"]),
            ("an address that is none", {"user.ip": "unknown"}, ["user.ip.format"]),
            ("an error of no kind", {"level": "ERROR"}, ["error-says-what"])]):
        sample.change(name, [info[offset]], changes, rules)
    sample.change("a password", [info[12]], {"message": 'login failed: password="hunter22"'}, ["no-secrets"], ["secrets"])
    sample.faults[-1]["windows"].append("quality")  # all of these in one half hour
    sample.change("an outage that is logged as news", [info[13]], {"http.status": 503}, ["server-error-is-logged-as-one"],
                  ["server-errors"])
    sample.drop("a service that is down", sample.between(0.5, 0.5 + 2 * five, lambda r: r["service"] == "search"),
                windows=["service-speaks"])
    sample.change("a wave of errors", sample.between(0.75, 0.75 + five, lambda r: r["service"] == "checkout")[2:7],
                  {"level": "ERROR", "error": {"type": "SQLException", "stack": None}}, windows=["errors"])
    sample.change("a database that is slow", sample.between(0.5, 0.5 + five, lambda r: r["service"] == "payments" and r["http"]),
                  {"http.duration_ms": lambda r: r["http"]["duration_ms"] + 2500}, windows=["latency"])
    sample.change("a proxy that drops the trace",
                  sample.between(0.75, 0.75 + five, lambda r: r["service"] == "payments" and r["http"])[:6],
                  {"trace_id": None, "span_id": None}, windows=["traced"])
    for row, version in zip(sample.between(0.9, 1)[:2], ("3.5.0", "3.6.0")):
        sample.change(f"version {version} too", [row], {"version": version}, windows=["versions"])
    kinds = []
    for service in SERVICES:
        for step in range(6):
            rows = sample.between(1 + step * five, 1 + (step + 1) * five, lambda r, s=service: r["service"] == s)
            if all(row["record"]["level"] != "ERROR" for row in rows):
                kinds.append(next(row for row in rows if row["record"]["level"] == "INFO"))
    for number, row in enumerate(kinds):
        row["record"].update(level="ERROR", error={"type": f"E{number:02d}", "stack": None})
    sample.fault("a kind of error for every error", windows=["errors-of-few-kinds"])
    sample.mark(kinds, len(sample.faults) - 1)
    sample.change("one message, again and again", sample.between(1, 1.5), {"message": "retrying"},
                  windows=["one-line-does-not-flood"])


# ---------------------------------------------------------------- ml-features: three hours, 30 requests in 15 minutes


def ml_features(rng):
    timed = []
    for i in range(360):
        second = i * 30 + rng.uniform(0, 25)
        week = 3 + rng.randrange(40)
        amount = round(rng.lognormvariate(3.5, 0.9), 2)
        high = i % 10 == i // 10 % 2
        score = round(rng.uniform(0.8, 0.97) if high else rng.uniform(0.005, 0.06), 4)
        timed.append((second, {
            "request_id": uuid(rng), "entity_id": f"card_{rng.getrandbits(48):012x}", "event_timestamp": at(second),
            "feature_timestamp": at(second - rng.uniform(60, 7000)), "model_version": "3.1.0" if i // 10 % 3 else "3.2.0",
            "feature_set": "fraud_v3",
            "features": {"amount": amount, "tx_count_1h": min(week, week // 8 + rng.randrange(2)), "tx_count_7d": week,
                         "avg_amount_30d": round(rng.lognormvariate(3.4, 0.4), 2), "days_since_last_tx": round(rng.uniform(0, 5), 2),
                         "merchant_risk": round(rng.betavariate(2, 8) + 0.001, 3), "country_match": rng.random() < 0.95,
                         "device_type": rng.choice(["phone", "phone", "desktop", "terminal"]),
                         "embedding": [round(rng.uniform(-1, 1), 3) for _ in range(8)]},
            "prediction": {"score": score, "latency_ms": round(rng.lognormvariate(2.5, 0.4), 1)},
            "label": (1 if high else 0) if i % 20 < 10 else None}))
    return timed


def ml_features_faults(sample):
    rows = sample.between(0, 0.5, lambda r: r["prediction"]["score"] < 0.5)
    for offset, (name, changes, rules) in enumerate([
            ("a card number as an entity", {"entity_id": "4111111111111111"}, ["entity_id.match"]),
            ("features of another model", {"feature_set": "fraud_v2"}, ["feature_set.in"]),
            ("a feature that is missing", {"features.amount": None}, ["features.amount.required"]),
            ("an amount in cents", {"features.amount": 4250000}, ["features.amount.max"]),
            ("a count that was averaged", {"features.tx_count_7d": 6.5}, ["features.tx_count_7d.type"]),
            ("a share in percent", {"features.merchant_risk": 12}, ["features.merchant_risk.max"]),
            ("a truth in words", {"features.country_match": "yes"}, ["features.country_match.type"]),
            ("a category in another spelling", {"features.device_type": "Phone"}, ["features.device_type.in"]),
            ("an embedding of another model", {"features.embedding": [0.1] * 16}, ["embedding-length.max_items"]),
            ("an embedding that was not normed", {"features.embedding": [7.0, 0, 0, 0, 0, 0, 0, 0.5]}, ["embedding-values.max"]),
            ("an embedding of nothing", {"features.embedding": [0] * 8}, ["embedding-not-zero"]),
            ("knowledge of the future", {"feature_timestamp": "2026-01-05T03:00:00Z"}, ["no-look-ahead"]),
            ("values of last week", {"feature_timestamp": "2025-12-29T00:00:00Z"}, ["features-fresh"]),
            ("a logit as a score", {"prediction.score": -2.7}, ["prediction.score.min"]),
            ("a slow answer", {"prediction.latency_ms": 900}, ["prediction.latency_ms.max"]),
            ("a label that is a score", {"label": 0.5}, ["label.type", "label.in"])]):
        windows = {"prediction.latency_ms.max": ["latency"]}.get(rules[0], [])
        sample.change(name, [rows[offset * 2]], changes, rules, windows)
    sample.change("an hour larger than its week", sample.between(0.5, 0.75)[4:5],
                  {"features.tx_count_1h": lambda r: r["features"]["tx_count_7d"] + 1}, ["counts-nest"], ["features-pass"])
    sample.change("never, as a number", sample.between(0.75, 1)[4:5], {"features.days_since_last_tx": -1},
                  ["features.days_since_last_tx.min"], ["features-pass"])
    sample.repeat("a service that asks again", sample.between(0.5, 0.75)[8:10], windows=["requests-once"])
    sample.change("a store that finds nothing", sample.between(1, 1.25)[::2],
                  {"features.tx_count_1h": 0, "features.tx_count_7d": 0, "features.days_since_last_tx": 30},
                  windows=["store-answers"])
    sample.change("a join that lost its key", sample.between(1.25, 1.5), {"features.merchant_risk": 0.2},
                  windows=["risk-varies"])
    sample.change("a model that fell back", sample.between(1.5, 1.75), {"prediction.score": 0.1}, windows=["scores-vary"])
    sample.change("labels that do not arrive", sample.between(1, 2), {"label": None}, windows=["labels-arrive"])
    sample.change("amounts that were turned round", sample.between(1, 2), windows=["amounts-lopsided"],
                  changes={"features.amount": lambda r: round(max(0, 1000 - r["features"]["amount"]), 2)})
    sample.change("a count of another pipeline", sample.between(2, 3), windows=["counts-go-together"],
                  changes={"features.tx_count_1h": lambda r: 0 if r["features"]["tx_count_7d"] > 20 else 3})
    sample.change("a version that was tried for a minute", sample.between(2.6, 2.7)[:2], {"model_version": "4.0.0"},
                  windows=["version-seen"])
    sample.drop("half of the requests", sample.between(1.75, 2)[::2], windows=["requests-a-quarter"])
    sample.change("a model that is afraid", sample.between(2, 2.25, lambda r: r["label"] is None)[:6], {"prediction.score": 0.77},
                  windows=["positives"])
    sample.change("an online store that is not filled", sample.between(2.25, 2.5)[::2],
                  {"feature_timestamp": "2026-01-04T14:00:00Z"}, windows=["features-recent"])
    sample.change("frauds that the model does not see", sample.between(2, 3, lambda r: r["label"] == 0)[:30], {"label": 1},
                  windows=["score-against-label"])


# ---------------------------------------------------------------- driving-frames: three drives of 90 s, two sensors, 1 Hz


def driving_frames(rng):
    timed = []
    for drive, (vehicle, start) in enumerate((("av-01", 9.0), ("av-02", 10.5), ("av-01", 12.0))):
        tracks = [{"track_id": f"t{100 * drive + k}", "class": ["car", "pedestrian", "truck", "car", "bicycle"][k], "y": 6 * k - 12,
                   "x": 20 + 8 * k} for k in range(5)]
        for i in range(90):
            second = start * 3600 + i
            speed = max(0, 9 + 8 * (i % 45 - 22) / 22)
            for sensor in ("LIDAR_TOP", "CAM_FRONT"):
                lidar = sensor.startswith("LIDAR")
                moment = second + (0 if lidar else 0.035)
                objects = []
                for track in tracks[:0 if i % 9 == 8 else 1 + i % 3]:
                    size = {"car": (4.5, 1.9, 1.6), "truck": (9.2, 2.5, 3.4), "pedestrian": (0.6, 0.6, 1.8),
                            "bicycle": (1.8, 0.6, 1.6)}[track["class"]]
                    objects.append({"track_id": track["track_id"], "class": track["class"],
                                    "confidence": round(rng.uniform(0.6, 0.99), 3),
                                    "box": {"x": round(track["x"] - i * 0.1, 2), "y": track["y"], "z": 0.8, "length": size[0],
                                            "width": size[1], "height": size[2], "yaw": round(rng.uniform(-3, 3), 3)},
                                    "velocity": {"vx": round(rng.uniform(-3, 12), 2)}, "points": rng.randrange(8, 300) if lidar else 0})
                timed.append((moment, {
                    "stream": f"{vehicle}/{sensor}", "vehicle_id": vehicle, "drive_id": f"d-{drive + 1}",
                    "sensor": {"name": sensor, "calibration": "cal-20260102"}, "seq": 1000 * (drive == 2) + i if drive != 2 else 90 + i,
                    "captured_at": at(moment), "published_at": at(moment + rng.uniform(0.05, 0.2)),
                    "ego": {"lat": round(48.137 + i * 1e-5, 6), "lon": 11.575, "speed_mps": round(speed, 2), "yaw_rate": 0.01},
                    "lidar": {"points": rng.randrange(30000, 38000)} if lidar else None,
                    "camera": None if lidar else {"exposure_ms": round(rng.uniform(4, 12), 1), "blocked": False},
                    "objects": objects}))
    return timed


def driving_frames_faults(sample):
    def of(sensor):
        return lambda r: r["sensor"]["name"] == sensor

    def seen(record):
        return record["sensor"]["name"] == "LIDAR_TOP" and len(record["objects"]) > 1

    def first_object(**changes):
        def changed(record):
            objects = copy.deepcopy(record["objects"])
            for path, value in changes.items():
                put(objects[0], path.replace("__", "."), value)
            return objects
        return changed

    rows = iter(sample.between(9, 9.01, seen))
    for name, changes, rules in [
            ("a class in another spelling", {"objects": first_object(**{"class": "Car"})}, ["objects[].class.in"]),
            ("a confidence in percent", {"objects": first_object(confidence=93)}, ["objects[].confidence.max"]),
            ("degrees", {"objects": first_object(box__yaw=90)}, ["objects[].box.yaw.max"]),
            ("centimetres", {"objects": first_object(box__x=1210)}, ["objects[].box.x.max"]),
            ("a box without a length", {"objects": first_object(box__length=0)}, ["objects[].box.length.above"]),
            ("a pedestrian of the size of a car", {"objects": first_object(**{"class": "pedestrian"})}, ["pedestrian-is-small"]),
            ("a box that no point hit", {"objects": first_object(points=0)}, ["box-has-points"]),
            ("an object that was cut in two", {"objects": lambda r: [r["objects"][0], *r["objects"]]}, ["track-once-a-frame"]),
            ("a lidar that turns in fog", {"lidar.points": 12}, ["lidar.points.min"]),
            ("kilometres an hour", {"ego.speed_mps": 72}, ["ego.speed_mps.max"]),
            ("a frame that comes late", {"published_at": lambda r: r["captured_at"].replace(":00Z", "")[:-5] + ".900Z"},
             ["published-in-time"]),
            ("a frame of another car", {"vehicle_id": "av-07"}, ["stream-is-vehicle-and-sensor"]),
            ("a frame without points", {"lidar": None}, ["lidar-has-points"])]:
        sample.change(name, [next(rows)], changes, rules)
    lone = sample.faults[11]
    lone["windows"] += ["drive-long-enough", "drive-has-all-sensors", "drive-moves"]
    camera = sample.between(9, 9.1, of("CAM_FRONT"))
    lost = camera[40:52:3]
    sample.drop("four lost frames", lost, ["no-lost-frame"], ["drive-complete"], [sample.next_of(row, "stream") for row in lost])
    sample.change("dirt on the lens", camera[2:22], {"camera.blocked": True}, windows=["camera-sees"])
    sample.change("rain", sample.between(9 + 1 / 60, 9.1, of("LIDAR_TOP")), {"lidar.points": lambda r: r["lidar"]["points"] // 3},
                  windows=["lidar-dense"])
    second = sample.between(10.5, 11)
    sample.change("a rig that was calibrated during the drive", second[100:], {"sensor.calibration": "cal-20260105"},
                  windows=["drive-calibrated"])
    sample.change("two drives in one recording", second[120:], {"drive_id": "d-9"}, windows=["drive-is-one"])
    sample.change("a detector at night", sample.between(10.5, 11, of("CAM_FRONT")),
                  {"objects": lambda r: [{**o, "confidence": 0.31} for o in r["objects"]]}, windows=["sure-of-it"])
    sample.change("a lidar that sees nothing", sample.between(10.5, 11, of("LIDAR_TOP")), {"objects": []},
                  windows=["sees-anything"])
    third = sample.between(12, 12.1, of("CAM_FRONT"))
    sample.drop("a camera that was not recorded", third, windows=["drive-has-all-sensors"])
    drive = sample.between(12, 12.1)
    numbers = iter(range(5000, 9000))
    sample.change("a tracker that forgets", drive,
                  {"objects": lambda r: [{**o, "track_id": f"t{next(numbers)}", "velocity": {"vx": None}} for o in r["objects"]]},
                  windows=["tracks-live", "velocities-known"])
    sample.change("a car on a trailer", drive, {"ego.speed_mps": 0.0}, windows=["drive-moves"])
    sample.change("an uplink that is full", drive[:10], {"published_at": lambda r: r["captured_at"][:-4] + "950Z"},
                  ["published-in-time"], ["frames-in-time"])


PACKS = {"orders": (orders, orders_faults), "clickstream": (clickstream, clickstream_faults),
         "iot-sensors": (iot_sensors, iot_sensors_faults), "cdc": (cdc, cdc_faults), "app-logs": (app_logs, app_logs_faults),
         "ml-features": (ml_features, ml_features_faults), "driving-frames": (driving_frames, driving_frames_faults)}


def files():
    for seed, (pack, (make, spoil)) in enumerate(PACKS.items(), 20260105):
        timed = make(random.Random(seed))
        good = Sample(timed)
        bad = Sample(timed)
        spoil(bad)
        yield pack + ".good.ndjson", good.text()
        yield pack + ".bad.ndjson", bad.text()
        yield pack + ".bad.json", bad.expected()


def main():
    check = sys.argv[1:] == ["--check"]
    stale = []
    os.makedirs(DATA, exist_ok=True)
    for name, text in files():
        path = os.path.join(DATA, name)
        if check:
            with open(path) as file:
                if file.read() != text:
                    stale.append(name)
        else:
            with open(path, "w") as file:
                file.write(text)
    for name in stale:
        print("stale:", name)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
