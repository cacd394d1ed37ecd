# SPDX-License-Identifier: Apache-2.0
"""docs/operations.md holds: each of its symptoms is provoked with a real Kafka, the page's own commands are typed while it lasts and print what
the page says, the metric moves, the log has the event, the remedy heals it, and no record is lost. Metrics, events and PromQL that the page
names exist.

    WEIR_ONLY=word            only the sections whose title has the word
    WEIR_UPDATE_GOLDEN=1      writes what was printed into the page, where it is not what the page says; then put `…` for what varies
"""
import concurrent.futures
import contextlib
import json
import os
import re
import shutil
import signal
import string
import subprocess
import sys
import tempfile
import threading
import time
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "scripts"))
from cluster import Cluster
from operations import PAGE, ROOT, Incident, fill, sections
from registry import Registry
from weir_process import Checks

ONLY = os.environ.get("WEIR_ONLY", "")
RULES = """weir: 1
source: {time: at, out_of_order: 0s}
fields:
  id:     {type: integer, required: true}
  amount: {type: integer, required: true, min: 0, max: 1000}
windows:
  - every: 2s
    lateness: 0s
    rules:
      - {id: some.orders, must: row_count >= 1}
      - {id: mean.amount, must: mean(amount) > 0}
"""
JSON_SCHEMA = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "properties": {"id": {"type": "integer"}}}
checks = Checks()
page, by_title = sections()


def metric_line(here, name):
    return here.type(f"curl -s localhost:8947/metrics | grep '^{name}")


# ---- the symptoms, one function for each section
def no_start(here):
    here.start()
    here.records(100, bad=[3])
    second = here.start_twin("second", state="weir-state")
    here.true("exit code 3", second.wait(20) == 3)
    here.moved("weir_build_info", lambda v: v == 1)
    here.type("tail")
    here.type("weir run")
    here.heals()


def not_ready(here):
    """The quarantine topic was never made."""
    here.start(ready=False)
    here.records(50, bad=range(0, 50, 10))
    here.unready("quarantine", seconds=25)  # the client gives the topic half a minute to appear; nobody waits for that
    here.logged("not_ready")
    here.logged("output_unwritable")
    here.type("curl -s 'localhost:8947/readyz?verbose'")
    here.type("grep '\"level\":\"error\"'")
    here.also("weir doctor")
    here.moved("weir_ready", lambda v: v == 0, 'check="quarantine"')
    here.moved("weir_troubles_total", lambda v: v > 0, "output_unwritable")
    here.also("weir topics")
    here.make_quarantine()
    here.heals()
    here.type("curl -s localhost:8947/readyz")


def broker_away(here):
    here.start()
    here.records(50, bad=[3])
    here.heals()
    here.kafka.relay().cut()
    here.records(50, bad=[7])
    here.unready("broker")
    here.logged("brokers_away")
    here.type("curl -s 'localhost:8947/readyz?verbose'")
    here.type("grep brokers_away")
    here.also("weir doctor")
    here.moved("weir_ready", lambda v: v == 0, 'check="broker"')
    here.moved("weir_troubles_total", lambda v: v > 0, "brokers_away")
    here.true("it goes on", here.instances.processes["weir"].poll() is None)
    here.kafka.relay().heal()
    here.heals()
    here.type("curl -s localhost:8947/readyz")


def lag_grows(here):
    """There is no processor left for it: it is stopped for most of the time, and more comes meanwhile than it can judge."""
    process = here.start()
    ended, eased = threading.Event(), threading.Event()
    now = time.time()

    def throttle():
        while not eased.wait(0.003):
            process.send_signal(signal.SIGSTOP)
            time.sleep(0.4)
            process.send_signal(signal.SIGCONT)

    def write():
        while not ended.wait(0.05):
            here.records(20_000, bad=[5], at=now)

    process.send_signal(signal.SIGSTOP)
    for _ in range(5):
        here.records(20_000, bad=[5], at=now)
    busy = [threading.Thread(target=throttle), threading.Thread(target=write)]
    for thread in busy:
        thread.start()
    try:
        here.moved("weir_consumer_lag_records", lambda v: v > 10_000)
        metric_line(here, "weir_consumer_lag_records")
        here.type("curl -s localhost:8947/api/v1/assignments")
        eased.set()
        here.also("weir top")  # waits four seconds for an answer, and no longer
    finally:
        eased.set()
        ended.set()
        for thread in busy:
            thread.join()
    here.moved("weir_consumer_lag_records", lambda v: v == 0)
    here.heals()


def storm(here):
    here.start()
    here.records(300, bad=range(300))
    here.logged("quarantine_over_limit")
    here.moved("weir_quarantined_records_total", lambda v: v > 10, "amount.min")
    here.type("curl -s localhost:8947/api/v1/quarantine")
    here.moved("weir_partitions", lambda v: v == 1, 'state="paused"')
    here.type("grep quarantine_over_limit")
    here.also("weir quarantine stats")
    here.also("weir quarantine show")
    here.records(2000)
    here.configuration["streams"][0]["quarantine"]["max_per_second"] = 1000
    here.configure()
    here.restart()
    here.heals()
    here.write_rules(RULES.replace("min: 0,", "min: -10,"))
    here.logged("reloaded")
    here.also("weir replay")
    judged = here.metric("weir_records_total")
    here.also("weir replay")
    here.until("what was sent back is judged", lambda: here.metric("weir_records_total") == judged + 300)
    here.heals()


def partial(here):
    here.start()
    here.records(400, bad=[3])
    here.heals()
    here.instances.kill("weir")
    shutil.rmtree(os.path.join(here.folder, "weir-state"))
    here.start()
    here.records(1200, bad=[6])
    here.logged("state_missing")
    here.moved("weir_partial_windows_total", lambda v: v >= 1)
    here.moved("weir_troubles_total", lambda v: v >= 1, "state_missing")
    here.type("curl -s 'localhost:8947/api/v1/windows")
    here.type("grep -E")
    metric_line(here, "weir_partial_windows_total")
    here.records(1500, bad=[9], at=time.time() + 20)
    here.heals()
    newest = json.loads(here.instances.get("weir", "/api/v1/windows?limit=1"))["windows"][0]
    here.true("later windows are whole", not newest.get("partial"), newest)


def retention(here):
    here.start()
    here.records(300, bad=[3])
    here.heals()
    here.true("it ends well", here.instances.stop("weir") == 0)
    here.records(200)  # never judged
    here.kafka.delete_records(here.topic, {0: 500})
    here.start()
    here.records(100, bad=[5])
    here.logged("offset_out_of_range")
    here.moved("weir_troubles_total", lambda v: v >= 1, "offset_out_of_range")
    here.type("grep offset_out_of_range")
    here.heals()
    here.true("what is there is judged", here.metric("weir_records_total") == 100, here.metric("weir_records_total"))


def rebalances(here):
    here.start()
    for _ in range(2):  # a second one that crashes again and again
        here.start("--state", "other-state", name="w-2")
        here.records(200, bad=[1, 2])
        here.instances.stop("w-2")
    here.moved("weir_rebalances_total", lambda v: v >= 5)
    here.until("both partitions are its own again", lambda: here.metric("weir_partitions", 'state="assigned"') == 2)
    metric_line(here, "weir_rebalances_total")
    here.type("grep '\"event\":\"assigned\"'")
    here.logged("assigned")
    here.heals()
    before = here.metric("weir_rebalances_total")
    time.sleep(2)
    here.true("it is quiet then", here.metric("weir_rebalances_total") == before)


def state_disk(here):
    place = here.disk("weir-state", "2m")
    here.start()
    here.records(200, bad=[1, 2])
    here.heals()
    filler = fill(place)
    here.records(200, bad=[4])
    here.logged("state_not_saved")
    here.unready("state")
    here.type("curl -s 'localhost:8947/readyz?verbose'")
    here.type("df -h")
    here.type("grep state_not_saved")
    here.moved("weir_ready", lambda v: v == 0, 'check="state"')
    here.moved("weir_snapshot_age_seconds", lambda v: v > 2)
    here.until("it goes on judging", lambda: here.metric("weir_records_total") == 400)
    os.remove(filler)
    here.heals()
    here.type("curl -s localhost:8947/readyz")


def quarantine_disk(here):
    place = here.disk("aside", "1m")
    here.start()
    here.records(100, bad=[1, 2])
    here.until("its records are in the file", lambda: here.in_file() == here.bad)
    filler = fill(place)
    here.records(8000, bad=range(8000), note="x" * 1000)
    here.logged("file_not_written")
    here.unready("quarantine")
    here.type("curl -s 'localhost:8947/readyz?verbose'")
    here.type("df -h")
    here.type("grep file_not_written")
    here.moved("weir_ready", lambda v: v == 0, 'check="quarantine"')
    here.moved("weir_outgoing_records_waiting", lambda v: v > 0)
    os.remove(filler)
    subprocess.run(["mount", "-o", "remount,size=64m", place], check=True)
    here.heals(everything=False)
    here.true("nothing was lost", here.in_file() == here.bad, (len(here.in_file()), len(here.bad)))
    here.type("curl -s localhost:8947/readyz")


def no_window(here):
    """Records whose time nobody can read."""
    here.start()
    here.records(300)
    here.heals()
    here.records(300, bad=range(300), amount=5, untimed=True)
    here.moved("weir_untimed_records_total", lambda v: v >= 300)
    here.type("curl -s localhost:8947/metrics | grep -E")
    here.type("curl -s localhost:8947/api/v1/assignments")
    here.also("weir quarantine ls")
    here.records(300)
    here.heals()


def no_data(here):
    here.start()
    here.records(10)
    here.moved("weir_window_status", lambda v: v == 3, "mean.amount")
    metric_line(here, "weir_window_status")
    here.type("curl -s 'localhost:8947/api/v1/windows")
    here.moved("weir_window_verdicts_total", lambda v: v >= 1, 'verdict="no_data"')
    ended = threading.Event()

    def write():
        while not ended.wait(0.2):
            here.records(20)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        here.until("windows pass again", lambda: here.metric("weir_window_status", "mean.amount") == 0)
    finally:
        ended.set()
        writer.join()
    here.heals()


def late(here):
    here.start()
    now = time.time()
    here.records(300, at=now)
    here.heals()
    here.records(10, at=now - 3600, bad=range(10), amount=5)
    here.moved("weir_late_records_total", lambda v: v == 10)
    metric_line(here, "weir_late_records_total")
    here.also("weir quarantine ls")
    here.records(300, at=now + 10)
    here.heals()


def registry_away(here):
    here.start()
    here.framed_record(here.registry.register(f"{here.topic}-value", JSON_SCHEMA, "JSON"))
    here.heals(everything=False)
    second = here.registry.register(f"{here.topic}-value", JSON_SCHEMA | {"title": "the second"}, "JSON")
    here.registry.kill()
    here.framed_record(second)
    here.unready("registry")
    here.moved("weir_schema_held_partitions", lambda v: v == 1)
    here.type("curl -s 'localhost:8947/readyz?verbose'")
    here.type("curl -s localhost:8947/metrics | grep -E")
    here.true("nothing is judged without its schema", here.metric("weir_decode_errors_total") in (None, 0))
    here.registry.restart()
    here.heals(everything=False)
    here.true("all was judged", here.metric("weir_records_total") == 2, here.metric("weir_records_total"))


def rule_file(here):
    here.start()
    here.records(100, bad=[3])
    here.heals()
    here.write_rules(RULES.replace("max: 1000", "max: abc").replace("TOPIC", here.topic))
    here.logged("reload_failed")
    here.moved("weir_config_last_reload_successful", lambda v: v == 0)
    metric_line(here, "weir_config_last_reload_successful")
    here.type("grep reload_failed")
    here.type("weir lint")
    here.records(100, bad=[4])
    here.heals()
    here.write_rules(RULES.replace("max: 1000", "max: 2000"))
    here.logged("reloaded")
    here.moved("weir_config_last_reload_successful", lambda v: v == 1)
    here.heals()


def fenced(here):
    process = here.start()
    here.records(100, bad=[3])
    here.heals()
    second = here.start_twin()
    try:
        code = process.wait(30)
    except subprocess.TimeoutExpired:
        code = None
    here.true("the first ends with exit code 3", code == 3, (code, here.log()))
    here.logged("fenced")
    here.type("grep -E")
    here.records(100, bad=[3])
    second.send_signal(signal.SIGTERM)
    second.wait(30)
    here.start()
    here.heals()


def memory(here):
    here.start()
    here.records(1800, segment=lambda i: i % 60)
    here.moved("weir_window_memory_bytes", lambda v: v > 10_000)
    here.moved("weir_segments_folded_total", lambda v: v > 0)
    here.moved("process_resident_memory_bytes", lambda v: v > 0)
    metric_line(here, "weir_window_memory_bytes")
    here.type("weir explain")
    here.heals()


def verdict(here):
    here.start()
    here.records(100, bad=[17])
    here.heals()
    here.type("weir explain orders.yml")
    here.also("weir explain orders/")
    here.type("weir check")
    here.moved("weir_expectation_failures_total", lambda v: v == 1, "amount.min")


SYMPTOMS = {
    "weir does not start": (no_start, {}),
    "Not ready": (not_ready, {"quarantine": None}),
    "The broker is away": (broker_away, {}),
    "Lag grows": (lag_grows, {}),
    "Quarantine storm": (storm, {"quarantine": {"max_per_second": 10}}),
    "A window is partial": (partial, {}),
    "Retention was faster": (retention, {}),
    "Rebalances again and again": (rebalances, {"partitions": 2}),
    "The disk of the state is full": (state_disk, {}),
    "The disk of the quarantine is full": (quarantine_disk, {"quarantine": "./aside/orders.ndjson"}),
    "No window is judged": (no_window, {}),
    "Windows say no_data": (no_data, {}),
    "Records come late": (late, {"rules": RULES.replace("lateness: 0s", "lateness: 0s\n    late: quarantine")}),
    "A schema is missing": (registry_away, {}),
    "A rule file does not load": (rule_file, {}),
    "Fenced by another instance": (fenced, {}),
    "Memory grows": (memory, {"rules": RULES.replace("lateness: 0s", "lateness: 0s\n    segment: [segment]\n    max_segments: 50")}),
    "A verdict is not what you expected": (verdict, {}),
}
ALONE = ("The broker is away",)  # what happens to it happens to all
AT_ONCE = 3


def provoke(kafka, registry, number, title):
    began = time.monotonic()
    happens, needs = SYMPTOMS[title]
    section = by_title[title]
    url = {"registry": registry.url} if happens is registry_away else {}
    with Incident(kafka, checks, section, "order" + string.ascii_lowercase[number], **({"rules": RULES} | needs | url)) as here:
        here.registry = registry
        try:
            happens(here)
        except Exception:  # told with the rest
            here.true("it runs to its end", False, traceback.format_exc() + here.log())
    for command in section.commands:
        checks.true(f"{title}: `{command.text}` was typed", command.was_run)
    print(f"{title}: {time.monotonic() - began:.0f} s", flush=True)


# ---- what the page names exists
def names_exist():
    def doc(name):
        with open(os.path.join(ROOT, "docs", name), encoding="utf-8") as file:
            return file.read()

    metrics, logs = doc("metrics.md"), doc("logs.md")
    known = set(re.findall(r"`((?:weir|process)_[a-z_]+)[`{]", metrics))
    for name in sorted(set(re.findall(r"\b(?:weir|process)_[a-z][a-z_]+[a-z]\b(?!\()", page))):
        checks.true(f"metrics.md has {name}", name in known)
    events = set(re.findall(r"`([a-z_]+)`", logs))
    for event in sorted(set(re.findall(r"\bevent `([a-z_]+)`", page)) | set(re.findall(r"log: `([a-z_]+)`", page))):
        checks.true(f"logs.md has {event}", event in events)
    table = page[:page.index("\n## ")]
    for title, section in by_title.items():
        anchor = re.sub(r"[^a-z0-9_ -]", "", title.lower()).replace(" ", "-")
        checks.true(f"the table of symptoms leads to {title}", f"(#{anchor})" in table)
        checks.true(f"{title} says what is lost", "**Lost:**" in section.text)
        checks.true(f"{title} is provoked", title in SYMPTOMS)
    if shutil.which("promtool"):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "rules.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"groups": [{"name": "page", "rules": [{"alert": f"A{i}", "expr": one} for i, one in enumerate(expressions())]}]}, file)
            done = subprocess.run(["promtool", "check", "rules", path], capture_output=True, text=True, check=False)
            checks.true("Prometheus takes the page's expressions", done.returncode == 0, done.stdout + done.stderr)
    for link in re.findall(r"\]\(([^):#]+)[#)]", page):
        checks.true(f"the page links to {link}", os.path.exists(os.path.join(ROOT, "docs", link)))


def expressions():
    return [one for section in by_title.values() for one in section.promql]


names_exist()
chosen = [(number, title) for number, title in enumerate(SYMPTOMS) if ONLY.lower() in title.lower()]
for _, title in chosen:
    checks.true(f"the page has {title}", title in by_title)
chosen = [(number, title) for number, title in chosen if title in by_title]
with contextlib.ExitStack() as stack:
    kafka = stack.enter_context(Cluster(relayed=True))
    registry = stack.enter_context(Registry()) if any("schema" in title for _, title in chosen) else None
    for number, title in chosen:
        if title in ALONE:
            provoke(kafka, registry, number, title)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda one: provoke(kafka, registry, *one), [one for one in chosen if one[1] not in ALONE]))

if os.environ.get("WEIR_UPDATE_GOLDEN"):
    with open(PAGE, encoding="utf-8") as file:
        text = file.read()
    for section in by_title.values():
        for command in section.commands:
            if command.got is not None:
                at = text.index(f"$ {command.text}\n{command.expected}", text.index(f"\n## {section.title}\n"))
                text = text[:at] + text[at:].replace(f"$ {command.text}\n{command.expected}", f"$ {command.text}\n{command.got}", 1)
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(text)
checks.finish()
