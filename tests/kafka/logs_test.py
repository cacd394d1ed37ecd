# SPDX-License-Identifier: Apache-2.0
"""What weir run writes on stderr while everything goes wrong. A word that only records hold stands in their values, field names, keys and
headers, and records fail in every way there is: it must stand in no line. Every line is one JSON object as docs/logs.md describes it.
/metrics, with everything on, is as docs/metrics.md promises: taken by promtool, bounded, and no counter ever goes back.

    WEIR_SHOW=1    prints the log
"""
import base64
import datetime
import http.server
import json
import os
import random
import re
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "scripts"))
from cluster import Cluster
from log_page import faults_of_line, page
from weir_process import Checks, Workplace
from weir_run import Instances

checks = Checks()
WORD = "zxqwordzxq"
HOSTILE = f'{WORD}\n{{"event":"forged"}}\r\x1b[2J\x00\u009b2J\u2028\u202e"\\'
PLACES = 100  # segments that are judged apart
RULES = f"""weir: 1
source: {{time: at, out_of_order: 0s}}
fields:
  id:      {{type: integer, required: true, unique: true}}
  amount:  {{type: number, min: 0, max: 100}}
  country: {{in: [DE, FR]}}
  email:   {{format: email}}
  code:    {{match: '^[A-Z]{{3}}$'}}
  note:    {{max_length: 20}}
windows:
  - {{every: 2s, lateness: 0s, segment: [country], max_segments: {PLACES}, rules: [{{id: enough, must: row_count >= 1000000}}]}}
  - {{every: 2s, lateness: 0s, late: quarantine, rules: [{{id: spread, must: 'distinct(country) < 2'}}]}}
drift:
  - {{id: moved, fields: [country, amount], every: 2s, lateness: 0s, reference: {{previous: 1}}, alert_after: 1 of 1}}
"""
PLAIN = """weir: 1
fields:
  id:     {type: integer, required: true}
  amount: {type: number, max: 100}
"""
SCHEMA = {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}, {"name": "note", "type": "string"}]}
OTHER = {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, {"name": "amount", "type": "double"}]}


class Fake(http.server.BaseHTTPRequestHandler):
    """A schema registry that knows the schemas 1 and 2, has broken answers for 3, 4 and 5, and knows no other; and a receiver of alerts that
    takes none and says back what it was told, whole and in pieces."""

    posts = 0

    def do_GET(self):
        number = re.match(r"/schemas/ids/(\d+)", self.path)
        known = {"1": (200, json.dumps({"schema": json.dumps(SCHEMA)})), "2": (200, json.dumps({"schema": json.dumps(OTHER)})),
                 "3": (200, '{"schema": "{\\"type\\": \\"nothing\\"}"}'), "4": (200, "not json"), "5": (500, '{"error_code": 50001, "message": "it broke"}')}
        status, body = known.get(number[1] if number else "", (404, '{"error_code": 40403, "message": "Schema not found"}'))
        self.answer(status, body.encode())

    def do_POST(self):
        Fake.posts += 1
        told = self.rfile.read(int(self.headers["Content-Length"]))
        at = max(told.find(WORD.encode()) - 10, 0)
        self.answer(*((500, told), (400, told[at:at + 100]), (429, b"cannot take: " + told[at:at + 40]), (503, told[::-1]))[Fake.posts % 4])

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def long(number):
    number = (number << 1) ^ (number >> 63)
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out) + bytes([number])


def framed(number, body):
    return b"\0" + struct.pack(">I", number) + body


def at(seconds=0.0):
    now = time.time() + seconds
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1000):03}Z"


count = 0


def order(**more):
    global count
    count += 1
    return json.dumps({"at": at(), "id": count, "amount": 5, "country": "DE", **more}).encode()


def bad_orders(step):
    """Values of one round: each breaks something, and has the word in it."""
    yield from (order() for _ in range(50))
    yield order(id=WORD, amount=HOSTILE, country=HOSTILE, email=HOSTILE, code=HOSTILE, note=HOSTILE * 3)
    yield order(**{HOSTILE: HOSTILE, WORD: [{WORD: WORD}]}, amount=1e300)
    yield order(country=f"{WORD}{step}")
    yield from (order(country=f"{HOSTILE}{step}-{n}", amount=random.random() * 10**step) for n in range(200))
    yield order(note=WORD * 100_000)  # 1 MB
    yield order(id=1, note=WORD)
    yield order(at=WORD)
    yield order(at=at(-86400), note=WORD)  # late
    yield order(at=at(86400 * 30), note=WORD)  # of the future
    yield f'{{"note": "{WORD}", "id": {WORD}}}'.encode()
    yield f'{{"note": "{WORD}'.encode()
    yield WORD.encode() * 10
    yield b'{"note": "' + WORD.encode() + b'\xff\xfe"}'
    yield b"[" * 3000 + WORD.encode()
    yield f'{{"note": "{WORD}", "note": "{WORD}"}}'.encode()
    yield f'"{WORD}"'.encode()
    yield b"\x00\x01\x02" + WORD.encode()
    yield json.dumps({"before": {"id": WORD}, "after": {"id": WORD, "note": HOSTILE}, "source": {"db": WORD}, "op": WORD}).encode()
    yield json.dumps({"specversion": WORD, "id": WORD, "source": WORD, "type": WORD, "data": {"id": WORD}}).encode()
    yield json.dumps({"specversion": "1.0", "id": WORD, "source": WORD, "type": WORD, "data_base64": WORD}).encode()
    yield json.dumps({"schema": {"type": WORD, "fields": WORD, "name": WORD}, "payload": {"id": WORD}}).encode()


def bad_avro():
    text = long(len(WORD)) + WORD.encode()
    yield framed(1, long(7) + text)
    yield framed(1, long(7) + long(10**9) + WORD.encode())
    yield framed(1, text)
    yield framed(2, text + struct.pack("<d", 1000.0))
    yield framed(3, text)
    yield framed(77, text)
    yield WORD.encode()
    yield b"\0" + WORD.encode()[:2]


HEADERS = ([], [("ce_id", HOSTILE.encode()), ("ce_specversion", WORD.encode()), ("ce_type", b"\xff" + WORD.encode()), ("content-type", HOSTILE.encode())],
           [("content-type", b"application/cloudevents-batch+json")])


def write(kafka, topic, values, step=0):
    headers = [(WORD, WORD.encode()), *HEADERS[step % len(HEADERS)]]
    kafka.produce(topic, [(0, HOSTILE.encode(), value, headers) for value in values], message_max_bytes=8 << 20)


def ask(port, request):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        try:
            client.sendall(request)
            client.settimeout(1)
            client.recv(4096)
        except OSError:
            pass


def bad_requests(port):
    for request in (f"GET /{WORD}?{WORD}={WORD} HTTP/1.1\r\nHost: {WORD}\r\n{WORD}: {WORD}\r\n\r\n", f"{WORD} / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                    f"GET /api/v1/windows?rule={WORD}&limit={WORD} HTTP/1.1\r\nHost: localhost\r\n\r\n", WORD * 3000,
                    f"POST /-/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(WORD)}\r\n\r\n{WORD}",
                    f"GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {base64.b64encode(WORD.encode()).decode()}\r\n\r\n"):
        ask(port, request.encode())


def series(text):
    """{series: value} of a page of metrics."""
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line and not line.startswith("#")}


def documented():
    """{metric: labels} of docs/metrics.md."""
    with open(os.path.join(os.path.dirname(__file__), "..", "..", "docs", "metrics.md"), encoding="utf-8") as file:
        return {m[1]: {label.strip() for label in m[2].split(",") if label.strip()}
                for m in re.finditer(r"^\| `((?:weir|process)_[a-z_]+)` \| \w+ \|([^|]*)\|", file.read(), re.MULTILINE)}


def check_metrics(text, before):
    """A live /metrics; gives its series."""
    found = series(text)
    done = subprocess.run(["promtool", "check", "metrics"], input=text.encode(), capture_output=True, check=False)
    checks.equal("promtool has nothing to say", (done.returncode, done.stdout + done.stderr), (0, b""))
    known = documented()
    for one in found:
        name, labels = re.match(r"(\w+?)(?:\{(.*)\})?$", one).groups()
        base = name if name in known else re.sub(r"_(bucket|sum|count)$", "", name)
        if base not in known:
            checks.true(f"docs/metrics.md has {name}", False, one)
            continue
        pairs = re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels or "")
        if {label for label, _ in pairs} - {"le"} != known[base]:
            checks.true(f"{name} has the labels of docs/metrics.md", False, one)
        for label, value in pairs:
            if len(value) > 260 or (WORD in value and label != "segment"):
                checks.true(f"{label} of {name} is short and holds no record", False, one)
    checks.true("the number of series is bounded", len(found) < 8000, len(found))
    back = [one for one, value in before.items() if re.match(r"\w+_(total|count|sum|bucket)\b", one) and found.get(one, value) < value]
    checks.equal("no counter goes back", back, [])
    return found


others = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Fake)
threading.Thread(target=others.serve_forever, daemon=True).start()
AT_OTHERS = f"http://127.0.0.1:{others.server_address[1]}"
STREAMS = [
    {"topics": ["orders"], "rules": "rules.yml", "quarantine": {"topic": "orders.quarantine", "max_per_second": 20, "overflow": "count"},
     "split": {"clean": "orders.clean"}},
    {"topics": ["big"], "rules": "plain.yml", "quarantine": "big.quarantine"},
    {"topics": ["lost"], "rules": "plain.yml", "quarantine": "nowhere"},
    {"topics": ["avro"], "rules": "hasty.yml", "quarantine": "avro.quarantine"},
    {"topics": ["filed"], "rules": "plain.yml", "quarantine": {"file": "./filed.ndjson", "rotate_bytes": "4KiB", "keep": 1}},
]

with Cluster(properties={"message.max.bytes": 8 << 20}) as kafka, Workplace(**{
        "rules.yml": RULES, "plain.yml": PLAIN, "hasty.yml": PLAIN + "source: {unknown_schema: quarantine}\n"}) as folder:
    for topic in ("orders", "orders.quarantine", "orders.clean", "big", "lost", "avro", "avro.quarantine", "filed"):
        kafka.create_topic(topic)
    kafka.create_topic("big.quarantine", config={"max.message.bytes": 300})
    with open(os.path.join(folder, "weir.yml"), "w", encoding="utf-8") as file:
        json.dump({"pipeline": "logs", "brokers": kafka.bootstrap, "snapshot_every": "1s", "state": {"dir": "state"}, "log": {"format": "json", "level": "debug"},
                   "web": {"enable_lifecycle": True}, "registry": AT_OTHERS,
                   "alerts": {"receivers": [{"webhook": f"{AT_OTHERS}/told", "samples": 3, "group_wait": "1s"}]}, "streams": STREAMS}, file)
    weir = Instances(folder, ["one"])
    weir.start("one")
    end = time.monotonic() + 60
    while weir.get("one", "/healthz") is None and time.monotonic() < end:
        time.sleep(0.1)
    if weir.get("one", "/healthz") is None:
        checks.true("it is alive", False, weir.log("one"))
        checks.finish()
    seen = {}
    for step in range(6):
        write(kafka, "orders", bad_orders(step), step)
        write(kafka, "avro", bad_avro())
        write(kafka, "filed", (json.dumps({"id": WORD, "note": WORD * 20}).encode() for _ in range(20)))
        if step == 1:
            write(kafka, "big", [json.dumps({"id": WORD, "note": WORD * 500}).encode()])
            write(kafka, "lost", [json.dumps({"id": WORD}).encode()])
            bad_requests(weir.ports["one"])
        if step == 3:
            for text in (RULES + "nonsense: 1\n", RULES.replace("max: 100}", "max: 99}")):
                with open(os.path.join(folder, "rules.yml"), "w", encoding="utf-8") as file:
                    file.write(text)
                ask(weir.ports["one"], b"POST /-/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
        time.sleep(2)
        text = (weir.get("one", "/metrics") or b"").decode()
        if text:
            seen = check_metrics(text, seen)
    # Killed, its newest snapshots damaged, and started again: it says so, without what they remember.
    weir.kill("one")
    state = sqlite3.connect(os.path.join(folder, "state", "state.db"))
    damaged = state.execute("UPDATE snapshot SET state = CAST(? AS BLOB) WHERE (stream, epoch) IN (SELECT stream, max(epoch) FROM snapshot GROUP BY stream)",
                            [WORD * 20]).rowcount
    state.commit()
    state.close()
    weir.start("one")
    time.sleep(6)
    write(kafka, "orders", bad_orders(9))
    kafka.kill()
    time.sleep(4)
    weir.stop("one")
    with open(weir.log_path("one"), "rb") as file:
        log = file.read()
    weir.close()

lines = log.split(b"\n")
if os.environ.get("WEIR_SHOW"):
    print(log.decode(errors="replace"))
checks.equal("the last line is whole", lines.pop(), b"")
known = page()
events = {}
for line in lines:
    fault = faults_of_line(line, known)
    checks.equal("a line is as docs/logs.md says", fault, "")
    if not fault:
        one = json.loads(line)
        events.setdefault(one["event"], []).append(one)
checks.true("no line holds the word of the records", WORD.encode() not in log,
            next((line[:600] for line in lines if WORD.encode() in line), b""))
for form in (base64.b64encode(WORD.encode() * 3)[4:16], WORD.encode().hex().encode(), WORD.upper().encode()):
    checks.true(f"nor in the form {form!r}", form not in log)
print({event: len(found) for event, found in sorted(events.items())}, f"{len(lines)} lines, {damaged} snapshots damaged")
for event in ("started", "assigned", "window_failed", "record_too_large", "quarantine_over_limit", "output_unwritable", "reloaded", "reload_failed",
              "schema_seen", "schema_changed", "envelope_found", "snapshot_damaged", "alert_firing", "alert_not_sent", "alert_refused", "stopping", "stopped"):
    checks.true(f"it came to {event}", event in events, sorted(events))
checks.true("a sound disk is no trouble, however many streams share it", "state_not_saved" not in events, events.get("state_not_saved"))
checks.true("the version of librdkafka is known", any(re.match(r'weir_build_info\{librdkafka="\d', one) for one in seen), [one for one in seen if "build_info" in one])
checks.true("librdkafka's number for a producer is no trouble", not any("PID" in one["message"] for one in events.get("kafka_log", ())))
kinds = {}
for event, found in events.items():
    for one in found:
        kinds.setdefault((event, one.get("about")), []).append(datetime.datetime.fromisoformat(one["ts"].rstrip("Z")).timestamp())
for kind, times in kinds.items():
    most = max(sum(first <= one < first + 10 for one in times) for first in times)
    checks.true(f"{kind} is not repeated more often than it may", most <= 12, most)  # two periods of five meet, and what each held back
checks.true("what is not written is counted", any("held_back" in one for found in events.values() for one in found), len(lines))
checks.true("the word came as far as a segment", any(WORD in one for one in seen))
for kind in ("syntax", "utf8", "too_deep", "schema", "envelope"):
    checks.true(f"there were records with {kind}", any(one.startswith("weir_decode_errors_total") and f'kind="{kind}"' in one and value > 0 for one, value in seen.items()))
checks.true("segments were folded", seen.get('weir_segments_folded_total{stream="orders"}', 0) > 0, [one for one in seen if "folded" in one])
for name in ("weir_drift_status", "weir_window_status", "weir_decode_errors_total", "weir_schema_requests_total", "weir_alert_failures_total", "weir_quarantined_records_total"):
    checks.true(f"/metrics has {name}", any(one.startswith(name + "{") or one == name for one in seen))
counted = sum(value for one, value in seen.items() if one.startswith("weir_troubles_total{"))
checks.true("troubles were counted, each under its event", counted > 0 and seen.get('weir_troubles_total{event="other",stream="orders"}') == 0, counted)
checks.finish()
