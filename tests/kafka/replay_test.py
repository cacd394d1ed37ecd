# SPDX-License-Identifier: Apache-2.0
"""`weir replay` on a real Kafka: a gate puts records aside under a wrong rule, the rule is mended, and they come back, each once and
byte for byte, however often the command is killed. Then what else can go wrong on the way, one after the other.

    WEIR_SEED=n    the points of the kills of an earlier run, as far as the clock allows
    WEIR_ONLY=word only the parts whose name has the word
"""
import base64
import collections
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

from confluent_kafka import Producer

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "scripts"))
from cluster import Cluster
from weir_process import WEIR, Checks, environment
from weir_run import Instances

SEED = int(os.environ.get("WEIR_SEED", time.time_ns() % 1_000_000))
BEGIN_MS = 1767225600000  # 2026-01-01
PARTITIONS = 4
KILLS = 8

checks = Checks()
dice = random.Random(SEED)


# ---- records
def own_headers(headers):
    return tuple((name, value) for name, value in headers if not name.startswith("__weir."))


def as_written(record):
    return record.partition, record.key, record.value, own_headers(record.headers), record.timestamp


def make(number, amount):
    key = None if number % 5 == 0 else b"\x00\xff\xfe%d" % number if number % 7 == 0 else b"key-%d" % (number % 100)
    value = b'{ "n":%d,\t"amount": %d.0 , "note":"caf\xc3\xa9 \\u0007"}' % (number, amount)
    headers = [("trace", b"t-%d" % number), ("binary", b"\x00\xff\x80"), ("none", None), ("trace", b"twice")] if number % 3 == 0 else []
    return number % PARTITIONS, key, value, headers, BEGIN_MS + number


def once(what, records, wanted, partitions=True):
    """Each of the wanted records is there once, byte for byte, and nothing else is."""
    skip = 0 if partitions else 1
    found = collections.Counter(as_written(r)[skip:] for r in records)
    wanted = collections.Counter((p, k, v, tuple(h), t)[skip:] for p, k, v, h, t in wanted)
    checks.equal(what, (sum(found.values()), list((found - wanted).items())[:2], list((wanted - found).items())[:2]), (sum(wanted.values()), [], []))


def put_aside(kafka, quarantine, origin, numbers, **more):
    """Records as weir puts them aside, without a weir."""
    records = []
    for n in numbers:
        partition, key, value, headers, at = make(n, 500)
        facts = {"v": "1", "id": f"{origin}-{partition}-{n}", "topic": origin, "partition": str(partition), "offset": str(n), "timestamp": str(at),
                 "timestamp_type": "CreateTime", "pipeline": "p", "ruleset": "r", "instance": "i", "at": "2026-01-02T03:00:00Z", "stage": "record",
                 "violations": '[{"rule":"amount.max","severity":"error","code":"max","path":"amount","value":"500","message":"500 is above 100"}]',
                 "replay_count": "0"} | {k: v(n) if callable(v) else v for k, v in more.items() if k != "bytes"}
        ours = [("__weir." + name, text.encode()) for name, text in facts.items() if text is not None]
        records.append((partition, key, more["bytes"](n) if "bytes" in more else value, headers + ours))
    kafka.produce(quarantine, records)
    return [make(n, 500) for n in numbers]


# ---- the command
class Replay:
    def __init__(self, kafka, folder):
        self.kafka, self.folder = kafka, folder

    def start(self, source, *flags):
        place = ["--topic", source] if not source.endswith(".ndjson") else [source]
        return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", WEIR, "replay", "--brokers", self.kafka.bootstrap, "--json", *place, *flags],
                                cwd=self.folder, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    @staticmethod
    def end(process, seconds=100):
        out, err = process.communicate(timeout=seconds)
        try:
            return process.returncode, json.loads(out or b"{}"), err.decode()
        except ValueError:
            return process.returncode, {}, err.decode()

    def run(self, source, *flags):
        return self.end(self.start(source, *flags))


def left(summary):
    return {why: count for why, count in summary.get("left", {}).items() if count}


def topics(kafka, name, **more):
    for topic in (name, f"{name}.quarantine"):
        kafka.create_topic(topic, PARTITIONS, **more)
    return name, f"{name}.quarantine"


def marks(kafka, quarantine):
    return [r for r in kafka.read(quarantine) if r.header("__weir.stage") == b"replayed"]


def await_records(kafka, topic, count, seconds=30):
    """Until so many are there and committed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and len(kafka.read(topic)) < count:
        time.sleep(0.1)


# ---- the story
RULES = "weir: 1\nfields:\n  n: {type: integer, required: true}\n  amount: {type: decimal, max: %d}\n"


def story(kafka, folder, replay):
    good, bad, broken = 1000, 1900, 100
    amounts = [10] * good + [500] * bad + [50_000] * broken
    order = list(range(len(amounts)))
    random.Random(7).shuffle(order)
    written = {n: make(n, amounts[n]) for n in order}
    for topic in ("orders", "orders.quarantine", "orders.clean"):
        kafka.create_topic(topic, PARTITIONS)
    kafka.produce("orders", [written[n] for n in order])
    with open(os.path.join(folder, "rules.yml"), "w", encoding="utf-8") as file:
        file.write(RULES % 100)
    with open(os.path.join(folder, "weir.yml"), "w", encoding="utf-8") as file:
        json.dump({"pipeline": "shop", "brokers": kafka.bootstrap, "delivery": "exactly_once", "snapshot_every": "1s", "log": {"format": "json"},
                   "streams": [{"topics": ["orders"], "rules": "rules.yml", "quarantine": "orders.quarantine", "split": {"clean": "orders.clean"}}]}, file)
    gate = Instances(folder, ["gate"])

    def settled(records, of=("orders.clean", "orders.quarantine"), seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            there = sum(1 for topic in of for r in kafka.read(topic) if r.header("__weir.stage") != b"replayed")
            if there >= records:
                return there
            time.sleep(0.3)
        return there

    try:
        gate.start("gate")
        checks.equal("the gate has judged all", settled(len(amounts)), len(amounts))
        checks.equal("the rule is wrong: records are put aside", len(kafka.read("orders.quarantine")), bad + broken)
        with open(os.path.join(folder, "rules.yml"), "w", encoding="utf-8") as file:
            file.write(RULES % 10_000)
        gate.processes["gate"].send_signal(signal.SIGHUP)
        end = time.monotonic() + 20
        while '"reloaded"' not in gate.log("gate", 10**6) and time.monotonic() < end:
            time.sleep(0.1)
        checks.true("the gate has the mended rule", '"reloaded"' in gate.log("gate", 10**6), gate.log("gate"))

        recheck = ["--recheck", "--rules", "rules.yml"]
        before = kafka.end_offsets("orders"), kafka.end_offsets("orders.quarantine")
        code, dry, words = replay.run("orders.quarantine", *recheck, "--dry-run")
        checks.equal("a dry run says what would go", (code, dry["sent"], dry["sent_to"], left(dry)), (1, bad, {"orders": bad}, {"still_failing": broken}))
        checks.equal("and which rule stands in the way", dry["still_failing"], {"amount.max": broken})
        checks.equal("and writes nothing", (kafka.end_offsets("orders"), kafka.end_offsets("orders.quarantine")), before)
        checks.true("and says what to type", "next: weir replay" in words and "--dry-run" not in words.split("next:")[1], words)

        killed, alive = [], 0
        while alive < KILLS and len(killed) < 40:
            process = replay.start("orders.quarantine", *recheck, "--rate", "500")
            # Sometimes it dies while it begins, mostly while it sends.
            if dice.random() < 0.75:
                await_records(kafka, "orders", len(amounts) + (killed[-1] if killed else 0) + 1)
            time.sleep(dice.uniform(0, 0.4))
            alive += process.poll() is None
            process.kill()
            process.communicate()
            killed.append(len(marks(kafka, "orders.quarantine")))
            if killed[-1] >= bad - 200:
                break
        checks.true("kills hit it in the middle", sum(0 < k < bad for k in killed) >= 2, killed)
        code, summary, words = replay.run("orders.quarantine", *recheck)
        checks.equal("the last run sends the rest", (code, summary["sent"] + summary["left"]["sent_before"], summary["left"]["still_failing"]),
                     (1, bad, broken))
        print(f"story: {len(killed)} kills after {killed} records, {summary['sent']} by the last run", flush=True)
        checks.equal("each has its mark", len({m.key for m in marks(kafka, "orders.quarantine")}), bad)
        checks.equal("and one only", len(marks(kafka, "orders.quarantine")), bad)
        checks.equal("the gate has judged what came back", settled(good + bad, ("orders.clean",)), good + bad)
        clean = kafka.read("orders.clean")
        once("every record is in the clean topic, once, byte for byte", clean, [written[n] for n in order if amounts[n] < 50_000],
             partitions=False)
        back = [r for r in clean if r.header("__weir.replay_of")]
        checks.equal("what came back says that it did", (len(back), {r.header("__weir.replay_count") for r in back}), (bad, {b"1"}))

        code, summary, _ = replay.run("orders.quarantine", "--rule", "amount.*", "--stage", "record", *recheck)
        checks.equal("another filter sends nothing twice", (summary["sent"], left(summary)), (0, {"sent_before": bad, "still_failing": broken}))

        # What cannot pass goes round until it has gone round too often.
        for turn in (1, 2):
            code, summary, words = replay.run("orders.quarantine", "--max-replays", "2")
            checks.equal(f"turn {turn}: what still fails goes back", (code, summary["sent"]), (0, broken))
            end = time.monotonic() + 30
            while time.monotonic() < end and sum(r.header("__weir.replay_count") == b"%d" % turn for r in kafka.read("orders.quarantine")) < broken:
                time.sleep(0.3)
        code, summary, words = replay.run("orders.quarantine", "--max-replays", "2")
        checks.equal("then it stays", (code, summary["sent"], left(summary)), (1, 0, {"sent_before": bad + 2 * broken, "too_often": broken}))
        checks.true("with the words for it", "replayed too often" in words and "--max-replays" in words, words)
        checks.equal("nothing of it is in the clean topic", len(kafka.read("orders.clean")), good + bad)
    finally:
        gate.close()


# ---- one thing at a time
def rate(kafka, _, replay):
    origin, quarantine = topics(kafka, "rated")
    wanted = put_aside(kafka, quarantine, origin, range(600))
    began = time.monotonic()
    code, summary, _ = replay.run(quarantine, "--rate", "200")
    spent = time.monotonic() - began
    checks.equal("all are sent", (code, summary["sent"]), (0, 600))
    checks.true("not faster than --rate", spent >= 2.8, spent)
    checks.true("and not much slower", spent < 25, spent)  # a machine that does other things takes its time
    arrived = sorted(int(m.timestamp) for m in marks(kafka, quarantine))
    most = max(sum(a <= other < a + 1000 for other in arrived) for a in arrived)
    checks.true("in no second more than that, and a batch", most <= 240, most)
    once("each once", kafka.read(origin), wanted)


def two_at_once(kafka, _, replay):
    origin, quarantine = topics(kafka, "both")
    wanted = put_aside(kafka, quarantine, origin, range(400))
    first = replay.start(quarantine, "--rate", "20")  # the second one begins before it ends, however slow the machine
    await_records(kafka, origin, 20)
    code, summary, _ = replay.run(quarantine)
    first_code, first_summary, words = replay.end(first)
    checks.equal("the second does what is left", (code, summary["sent"] + summary["left"]["sent_before"]), (0, 400))
    checks.true("the first had begun", first_summary.get("sent", 0) > 0, first_summary)
    checks.equal("the first gives way", first_code, 3)
    checks.true("and says to whom", "another weir replay of `both.quarantine` began" in words, words)
    checks.equal("together they sent all", first_summary["sent"] + summary["sent"], 400)
    once("each once", kafka.read(origin), wanted)


def hidden_marks(kafka, _, replay):
    """Somebody else's transaction is open in the quarantine while marks are written behind it."""
    origin, quarantine = topics(kafka, "hidden")
    wanted = put_aside(kafka, quarantine, origin, range(300))
    first = replay.start(quarantine, "--rate", "60")
    await_records(kafka, origin, 10)
    other = Producer({"bootstrap.servers": kafka.direct, "transactional.id": "somebody", "transaction.timeout.ms": 60000, "log_level": 2})
    other.init_transactions(20)
    other.begin_transaction()
    for partition in range(PARTITIONS):
        other.produce(quarantine, b"{}", None, partition)
    other.flush(20)
    checks.equal("a transaction of somebody else holds nobody up", replay.end(first)[0], 0)
    second = replay.start(quarantine)
    time.sleep(3)
    checks.true("who begins then waits for it", second.poll() is None)
    other.abort_transaction(20)
    code, summary, _ = replay.end(second)
    checks.equal("and sees what lies behind it", (code, summary["sent"], left(summary)), (0, 0, {"sent_before": 300}))
    once("each once", kafka.read(origin), wanted)


def interrupted(kafka, _, replay):
    origin, quarantine = topics(kafka, "stopped")
    wanted = put_aside(kafka, quarantine, origin, range(300))
    first = replay.start(quarantine, "--rate", "60")
    await_records(kafka, origin, 20)
    first.send_signal(signal.SIGINT)
    code, summary, words = replay.end(first)
    checks.equal("Ctrl-C ends it", code, 130)
    checks.true("it says how far it came", f"{summary['sent']} were sent back" in words and 0 < summary["sent"] < 300, (summary, words))
    checks.equal("nothing is open then", kafka.end_offsets(origin), kafka.end_offsets(origin, committed=True))
    checks.equal("which is what is there", len(kafka.read(origin)), summary["sent"])
    code, rest, _ = replay.run(quarantine)
    checks.equal("the next one goes on", (code, rest["sent"]), (0, 300 - summary["sent"]))
    once("each once", kafka.read(origin), wanted)


def originals(kafka, _, replay):
    """Redacted, withheld and cut: the original comes from the origin as long as that has it."""
    origin, quarantine = topics(kafka, "redacted")
    records = [make(n, 500) for n in range(400)]
    kafka.produce(origin, records)  # offset n // 4 of partition n % 4
    at = {"offset": lambda n: str(n // PARTITIONS), "id": lambda n: f"{origin}-{n % PARTITIONS}-{n // PARTITIONS}"}
    put_aside(kafka, quarantine, origin, range(0, 150), bytes=lambda n: b'{"n":"***"}', value="redacted", **at)
    put_aside(kafka, quarantine, origin, range(150, 250), bytes=lambda n: None, value="withheld", key="withheld", **at)
    put_aside(kafka, quarantine, origin, range(250, 300), bytes=lambda n: None, stub="too_large", **at)
    put_aside(kafka, quarantine, origin, range(300, 320), bytes=lambda n: b'{"n":"***"}', value="redacted",
              **at | {"timestamp": "1234"})  # another record has its offset now
    kafka.delete_records(origin, {0: 10})  # n = 0, 4, ..., 36
    code, summary, words = replay.run(quarantine, "--into", "redacted.again")
    checks.equal("a topic that is not there is said before anything is sent", (code, summary["sent"]), (3, 0))
    checks.true("in words", "redacted.again" in words and "kafka-topics --create" in words, words)
    kafka.create_topic("redacted.again", 3)
    code, summary, words = replay.run(quarantine, "--into", "redacted.again")
    checks.equal("what is gone stays, and is counted", (code, summary["sent"], left(summary)), (1, 290, {"original_gone": 30}))
    wanted = collections.Counter((k, v, tuple(h), t) for p, k, v, h, t in records[:300] if p != 0 or (t - BEGIN_MS) >= 40)
    found = collections.Counter(as_written(r)[1:] for r in kafka.read("redacted.again"))
    checks.true("the others are the originals", found == wanted, (list((found - wanted).items())[:2], list((wanted - found).items())[:2]))


def odd_ones(kafka, folder, replay):
    origin, quarantine = topics(kafka, "odd")
    kafka.create_topic("odd.small", 1, config={"max.message.bytes": 20_000})
    kafka.produce(quarantine, [(0, b"k", b"not from weir"), (0, None, None)])
    put_aside(kafka, quarantine, origin, range(10), v="2")
    put_aside(kafka, quarantine, "odd.quarantine", range(10, 14))  # it would be read again for ever
    put_aside(kafka, quarantine, "__consumer_offsets", range(14, 18))
    put_aside(kafka, quarantine, "\x1b[31mred", range(18, 20))
    wanted = put_aside(kafka, quarantine, origin, range(20, 60))
    put_aside(kafka, quarantine, origin, range(20, 60))  # written twice after a crash
    put_aside(kafka, quarantine, origin, range(60, 64), at="2026-01-03T00:00:00Z", stage="decode")
    code, summary, words = replay.run(quarantine, "--to", "2026-01-03T00:00:00Z")
    checks.equal("odd records are counted", (code, summary["sent"], left(summary)),
                 (3, 40, {"newer": 10, "unreadable": 2, "nowhere": 10, "copies": 40, "not_asked": 4}))
    checks.true("and shown safely", "\x1b" not in words and "newer weir" in words, words)
    once("copies are sent once", kafka.read(origin), wanted)
    code, summary, _ = replay.run(quarantine, "--stage", "decode", "--id", f"{origin}-0-60", "--id", f"{origin}-1-61", "--timestamps", "now")
    checks.equal("ids and stages", summary["sent"], 2)
    now = [r for r in kafka.read(origin) if r.header("__weir.replay_of") in (b"odd-0-60", b"odd-1-61")]
    checks.true("--timestamps now", len(now) == 2 and all(abs(r.timestamp / 1000 - time.time()) < 60 for r in now), now)
    # One of them does not fit, and takes no other with it.
    origin, quarantine = topics(kafka, "large")
    big = put_aside(kafka, quarantine, "large", range(200), bytes=lambda n: b'{"n":%d,"pad":"%s"}' % (n, b"".join(b"%d" % ((n * 7919 + i * i) % 10) for i in range(60_000))) if n in (3, 77) else make(n, 1)[2])
    code, summary, words = replay.run(quarantine, "--into", "odd.small")
    checks.equal("too large ones are counted, the others sent", (code, summary["sent"], left(summary)), (4, 198, {"too_large": 2}))
    checks.true("with their ids", "large-3-3" in words and "large-1-77" in words and "max.message.bytes" in words, words)
    checks.equal("once", len(kafka.read("odd.small")), len(big) - 2)
    code, summary, words = replay.run("nowhere.quarantine")
    checks.equal("a quarantine that is not there", code, 3)
    checks.true("in words", "nowhere.quarantine" in words, words)


def files(kafka, folder, replay):
    origin, quarantine = topics(kafka, "filed")
    wanted = [make(n, 500) for n in range(500)]
    lines = []
    for n, (partition, key, value, headers, at) in enumerate(wanted):
        one = {"v": 1, "id": f"filed-{partition}-{n}", "topic": "filed", "partition": partition, "offset": n, "timestamp": at, "timestamp_type": "CreateTime",
               "pipeline": "p", "ruleset": "r", "instance": "i", "at": "2026-01-02T03:00:00Z", "stage": "record", "violations": [], "replay_count": 0}
        if key is None or n % 7:
            one["record_key"] = key if key is None else key.decode()
        else:
            one["record_key_base64"] = base64.b64encode(key).decode()
        one["record_headers"] = [{"name": name, "value_base64": base64.b64encode(v).decode()} if v else {"name": name, "value": None} for name, v in headers]
        lines.append(json.dumps(one)[:-1] + ',"record":' + value.decode() + "}\n")
    with open(os.path.join(folder, "filed.quarantine.ndjson"), "w", encoding="utf-8") as file:
        file.writelines(lines)
    code, summary, _ = replay.run("filed.quarantine.ndjson", "--dry-run")
    checks.equal("a dry run of a file", (code, summary["sent"], os.path.exists(os.path.join(folder, "filed.quarantine.ndjson.replayed"))), (0, 500, False))
    first = replay.start("filed.quarantine.ndjson", "--rate", "80")
    await_records(kafka, origin, 60)
    code, _, words = replay.run("filed.quarantine.ndjson")
    checks.equal("a second one on the same file does not begin", code, 4)
    checks.true("and says why", "another process" in words, words)
    first.kill()
    first.communicate()
    code, summary, words = replay.run("filed.quarantine.ndjson")
    checks.equal("the next one sends the rest", (code, summary["sent"] + summary["left"]["sent_before"]), (0, 500))
    checks.true("not all again", 0 < summary["sent"] < 500, summary)
    found = collections.Counter(as_written(r) for r in kafka.read(origin))
    twice = sum(found.values()) - len(found)
    checks.true("each is there, the last batch of the killed one perhaps twice", len(found) == 500 and twice <= 20, (len(found), twice))
    checks.equal("byte for byte", set(found), {(p, k, v, tuple(h), t) for p, k, v, h, t in wanted})
    checks.equal("then nothing is left to send", replay.run("filed.quarantine.ndjson")[1]["sent"], 0)


def broker_dies(kafka, _, replay):
    origin, quarantine = topics(kafka, "dying")
    wanted = put_aside(kafka, quarantine, origin, range(1500))
    first = replay.start(quarantine, "--rate", "300")
    await_records(kafka, origin, 100)
    kafka.kill()
    time.sleep(1)
    kafka.restart()
    code, summary, words = replay.end(first)
    checks.true("it goes on, or says that it cannot", code in (0, 3), (code, words))
    sent = summary["sent"]
    if code == 3:
        code, rest, words = replay.run(quarantine)
        checks.equal("and the next one does the rest", code, 0)
    print(f"broker: the first ended with {len(words)} characters to say, {sent} sent", flush=True)
    once("each once", kafka.read(origin), wanted)
    checks.equal("with its mark", len(marks(kafka, quarantine)), 1500)


print(f"WEIR_SEED={SEED}", flush=True)
with Cluster() as cluster, tempfile.TemporaryDirectory(prefix="weir-replay-") as place:
    for part in (story, rate, two_at_once, hidden_marks, interrupted, originals, odd_ones, files, broker_dies):
        if os.environ.get("WEIR_ONLY", "") not in part.__name__:
            continue
        started = time.monotonic()
        part(cluster, place, Replay(cluster, place))
        print(f"{part.__name__}: {time.monotonic() - started:.0f} s, {len(checks.faults)} faults so far", flush=True)
checks.finish()
