# SPDX-License-Identifier: Apache-2.0
"""`weir doctor`, `weir topics` and `weir config` beside a real, secured broker: each thing that can be wrong is made wrong, is found,
and comes with its remedy; nothing is changed by looking."""
import contextlib
import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time

from cluster import PASSWORD, Cluster, free_ports
from weir_run import Instances

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "scripts"))
from weir_process import Checks, Workplace, run  # noqa: E402

RULES = "weir: 1\nfields:\n  id: {required: true}\nwindows:\n  - {every: 1m, rules: [{must: row_count >= 1}]}\n"
checks = Checks()


def config(kafka, brokers=None, user="weir", more="", stream="", listen="off", state="{dir: ./state}"):
    return (f"brokers: [{brokers or kafka.bootstrap}]\nkafka:\n  security.protocol: SASL_PLAINTEXT\n  sasl.mechanism: SCRAM-SHA-512\n"
            f"  sasl.username: {user}\n  sasl.password_file: password\nweb: {{listen: '{listen}'}}\nstate: {state}\n{more}"
            f"streams:\n  - topics: orders\n    rules: orders.yml\n{stream}")


def flat(text):
    """The table as one line, since it is wrapped."""
    return " ".join(text.split())


class Doctor:
    def __init__(self, folder, *flags, preexec_fn=None):
        began = time.monotonic()
        more = {} if preexec_fn is None else {"preexec_fn": preexec_fn}
        self.ran = run("doctor", "-c", "weir.yml", *flags, cwd=folder, **more)
        self.seconds = time.monotonic() - began
        self.text = flat(self.ran.out.decode())
        self.exit = self.ran.exit

    def expect(self, what, exit_code, *words):
        checks.equal(what + ": exit", self.exit, exit_code)
        for word in words:
            checks.true(f"{what}: says {word!r}", word in self.text, self.ran.out.decode() + self.ran.err.decode())
        checks.true(what + ": within 30 s", self.seconds < 30, self.seconds)


def files(folder):
    return sorted(os.path.join(where, name) for where, folders, names in os.walk(folder) for name in folders + names)


@contextlib.contextmanager
def tiny_disk(folder):
    """A file system of its own with nothing left on it."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "none", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


class Stranger(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(404)
        self.end_headers()

    def log_message(self, *_):
        pass


with Cluster(sasl=True, acl=True) as kafka, Workplace(**{"orders.yml": RULES, "password": PASSWORD + "\n"}) as folder:
    def write(**more):
        with open(os.path.join(folder, "weir.yml"), "w", encoding="utf-8") as file:
            file.write(config(kafka, **more))

    # ---- nothing is there, nothing is allowed
    write()
    before = files(folder)
    Doctor(folder).expect("a user without permissions", 1, "orders (input): no permission to see it",
                          "kafka-acls.sh --add --allow-principal User:weir --operation Read --topic orders",
                          "weir-orders: no permission to be a member", "--operation Read --group weir-orders",
                          "not there yet, weir makes it")
    checks.equal("nothing was made by looking", files(folder), before)

    kafka.allow("weir", "READ", "TOPIC", "orders")
    kafka.allow("weir", "READ", "GROUP", "weir-orders")
    kafka.allow("weir", "DESCRIBE", "TOPIC", "orders.quarantine")
    Doctor(folder).expect("topics that are not there", 1, "orders (input) is not there", "check its name",
                          "orders.quarantine (quarantine) is not there", "`weir topics --create` makes it", "weir-orders: new")

    unseen = run("topics", "-c", "weir.yml", cwd=folder)
    checks.true("topics: nothing is there", unseen.exit == 1 and b"orders is read, and is not there" in unseen.out, unseen)

    # ---- weir topics: what it would make, that it makes it once, and that it alters nothing
    kafka.create_topic("orders", partitions=2, config={"retention.ms": 86_400_000, "max.message.bytes": 2_000_000})
    untold = run("topics", "-c", "weir.yml", cwd=folder)
    checks.true("topics: what is not told is not guessed", untold.exit == 1 and b"allow it DescribeConfigs" in untold.out, untold)
    kafka.allow("weir", "DESCRIBE_CONFIGS", "TOPIC", "orders")
    looked = run("topics", "-c", "weir.yml", cwd=folder)
    checks.equal("topics: something is missing", looked.exit, 1)
    checks.true("topics: the quarantine is", "orders.quarantine  quarantine  missing  2      delete   7d    2,016,384" in looked.out.decode(), looked.out)
    printed = run("topics", "-c", "weir.yml", "--print", "--copies", "1", cwd=folder).out.decode()
    checks.true("topics: the command that makes it", "--create --if-not-exists --topic orders.quarantine --partitions 2 --replication-factor 1 "
                "--config cleanup.policy=delete --config retention.ms=604800000 --config max.message.bytes=2016384" in printed, printed)
    refused = run("topics", "-c", "weir.yml", "--create", cwd=folder)
    checks.true("topics: who may not make one is told", refused.exit == 1 and b"allow weir's user Create" in refused.err, refused)
    kafka.allow("weir", "CREATE", "TOPIC", "orders.quarantine")
    made = run("topics", "-c", "weir.yml", "--create", cwd=folder)
    checks.true("topics: it is made", made.exit == 0 and b"made orders.quarantine: 2 partitions" in made.err, made)
    checks.equal("topics: as it was said", kafka.topic_config("orders.quarantine")["max.message.bytes"], "2016384")
    again = run("topics", "-c", "weir.yml", "--create", cwd=folder)
    checks.true("topics: made again it makes nothing", again.exit == 0 and b"made" not in again.err, again)
    away = run("topics", "--brokers", "127.0.0.1:1", "--topic", "orders", "--print", cwd=folder)
    checks.true("topics: printed without a broker", away.exit == 0 and b"--topic orders.quarantine --partitions N" in away.out, away)
    checks.equal("topics: no broker", run("topics", "--brokers", "127.0.0.1:1", "--topic", "orders", cwd=folder).exit, 3)

    # ---- a quarantine that may not be written to; then all is well
    Doctor(folder).expect("a quarantine that may not be written to", 1, "orders.quarantine (quarantine): no permission to write to it",
                          "--operation Write --topic orders.quarantine")
    kafka.allow("weir", "WRITE", "TOPIC", "orders.quarantine")
    kafka.allow("weir", "DESCRIBE_CONFIGS", "TOPIC", "orders.quarantine")
    Doctor(folder).expect("all is well", 0, "configuration ok weir.yml: 1 stream, 2 rules", f"{kafka.bootstrap} answers",
                          "orders (input): 2 partitions, may be read", "orders.quarantine (quarantine): 2 partitions, may be written to",
                          "weir-orders has no position yet", "registry ok none is configured", "web ok off")
    data = json.loads(run("doctor", "-c", "weir.yml", "--json", cwd=folder).out)
    checks.true("as JSON", data["bad"] == 0 and {"subject", "verdict", "message"} <= set(data["findings"][0]), data)

    # ---- brokers: one of several away, a name that is none, all away, a wrong password, the wrong protocol
    closed, = free_ports(1)
    write(brokers=f"{kafka.bootstrap}, 127.0.0.1:{closed}, nowhere.invalid:9092")
    Doctor(folder).expect("one of several brokers is away", 0, f"127.0.0.1:{closed}: nothing listens there (connection refused)",
                          "is the broker up, and does `brokers` have its port?", "nowhere.invalid:9092: the name is not known here",
                          f"{kafka.bootstrap} answers")
    write(brokers=f"127.0.0.1:{closed}")
    Doctor(folder).expect("no broker", 1, "broker bad", "topic - not looked at: no broker", "group - not looked at: no broker")
    with open(os.path.join(folder, "password"), "w", encoding="utf-8") as file:
        file.write("wrong\n")
    write()
    doctor = Doctor(folder)
    doctor.expect("a wrong password", 1, "the broker does not accept who weir says it is", "`sasl.password_file`", "not looked at: no broker")
    checks.true("the password is not shown", b"wrong" not in doctor.ran.out + doctor.ran.err, doctor.ran)
    with open(os.path.join(folder, "password"), "w", encoding="utf-8") as file:
        file.write(PASSWORD + "\n")
    plain = run("doctor", "--brokers", kafka.bootstrap, "--topic", "orders", "--rules", "orders.yml", "--web.listen", "off", cwd=folder)
    checks.true("the wrong protocol", plain.exit == 1 and "does `security.protocol` fit this port?" in flat(plain.out.decode()), plain.out)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        write(brokers=f"127.0.0.1:{silent.getsockname()[1]}")
        Doctor(folder).expect("somebody who says nothing", 1, "takes connections, and does not answer as a broker")

    # ---- a state topic that is not compacted; transactions
    kafka.create_topic("st", partitions=1, config={"cleanup.policy": "delete"})
    for operation in ("READ", "WRITE", "DESCRIBE_CONFIGS"):
        kafka.allow("weir", operation, "TOPIC", "st")
    write(state="{topic: st}", more="delivery: exactly_once\ninstance: i1\n")
    Doctor(folder).expect("a state topic that is not compacted", 1, "st (state): cleanup.policy is delete", "`weir topics` shows the command",
                          "transactions - weir-weir-orders-i1: not looked at", "--operation Write --transactional-id weir-weir-orders-i1")
    unfit = run("topics", "-c", "weir.yml", cwd=folder)
    checks.true("topics: the command that mends it", unfit.exit == 1 and b"--entity-name st --add-config cleanup.policy=compact" in unfit.out, unfit.out)

    # ---- a quarantine with too little room
    kafka.create_topic("small", partitions=1)
    for operation in ("WRITE", "DESCRIBE_CONFIGS"):
        kafka.allow("weir", operation, "TOPIC", "small")
    write(stream="    quarantine: small\n")
    Doctor(folder).expect("a quarantine for smaller records", 0, "small (quarantine): max.message.bytes is 1,048,588, and a record of orders may have 2,000,000")

    # ---- the state's folder: a file, full, read-only; files of records
    state = os.path.join(folder, "state")
    with open(state, "w", encoding="utf-8") as file:
        file.write("x")
    write()
    Doctor(folder).expect("a state folder that is a file", 1, "is no folder", "give weir a folder of its own")
    os.unlink(state)
    os.mkdir(state, 0o700)
    with tiny_disk(state):
        Doctor(folder).expect("a full disk", 1, "are free on its file system", "make room")
        subprocess.run(["mount", "-o", "remount,ro", state], check=True)
        Doctor(folder).expect("a read-only folder", 1, "cannot write into", "Read-only file system", "StateDirectory=")
    with open(os.path.join(state, "state.db"), "w", encoding="utf-8") as file:
        file.write("no database at all, though it is called one" * 30)
    Doctor(folder).expect("a state that makes no sense", 1, "state.db")
    os.unlink(os.path.join(state, "state.db"))
    write(stream="    quarantine: ./none/bad.ndjson\n")
    Doctor(folder).expect("a folder for the quarantine that is not there", 1, "there is no `", "make the folder")
    os.mkdir(os.path.join(folder, "none"))
    Doctor(folder).expect("and that is", 0, "bad.ndjson: can be written")

    # ---- the registry: away, and none of a registry
    write(more=f"registry: http://127.0.0.1:{closed}\n")
    Doctor(folder).expect("a registry that is away", 1, "registry bad", f"http://127.0.0.1:{closed}", "is it up, and is its URL right?")

    # ---- the address of the web server: somebody else's, then that of a weir that runs
    stranger = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    threading.Thread(target=stranger.serve_forever, daemon=True).start()
    write(listen=f"127.0.0.1:{stranger.server_address[1]}")
    Doctor(folder).expect("another server has the address", 1, "another server has this address (it answers 404)", "--web.listen HOST:PORT")
    stranger.shutdown()
    stranger.server_close()

    kafka.produce("orders", [(n % 2, None, b'{"id":%d}' % n) for n in range(100)] + [(0, None, b'{"no":1}')])
    instances = Instances(folder, ["one"])
    write()
    instances.start("one")
    checks.true("a weir is ready", instances.await_ready("one"), instances.log("one"))
    time.sleep(1)
    listen = f"127.0.0.1:{instances.ports['one']}"
    Doctor(folder, "--web.listen", listen).expect("beside a weir that runs", 0, "in use by a weir that runs: process", "a weir that runs answers: ready",
                                                  "weir-orders: 1 member: a weir runs, or did a moment ago")
    checks.true("it goes on", instances.await_ready("one"), instances.log("one"))
    checks.equal("and stops in peace", instances.stop("one"), 0)
    instances.close()
    Doctor(folder).expect("after it has ended", 0, "snapshots of orders (2 partitions), written", "orders: 0 records unread")

    # ---- records that were deleted unread, and such as are old
    kafka.produce("orders", [(0, None, b'{"id":1}') for _ in range(50)])
    Doctor(folder).expect("a lag", 0, "orders: 50 records unread")
    end = kafka.end_offsets("orders")[0]
    kafka.delete_records("orders", {0: end - 10})
    Doctor(folder).expect("records that were deleted unread", 1, "orders: 40 records were deleted before they were judged", "keep the topic longer")

    # ---- the newest records under the rules
    kafka.allow("weir", "READ", "TOPIC", "garbage")
    kafka.allow("weir", "READ", "GROUP", "weir-garbage")
    kafka.create_topic("garbage", partitions=2)
    sample = ("--topic", "garbage", "--quarantine", "small")
    Doctor(folder, *sample).expect("a topic without records", 0, "garbage: no records yet")
    kafka.produce("garbage", [(n % 2, None, b"\x00\x01 no JSON") for n in range(30)])
    Doctor(folder, *sample).expect("records that nobody can decode", 1, "garbage: of the newest 30 records none can be decoded", "do `source.format`")
    kafka.produce("garbage", [(n % 2, None, b'{"name":"x"}') for n in range(400)])
    Doctor(folder, *sample).expect("a rule that nothing keeps", 0, "garbage: of the newest 200 records 200 break id.required", "is the rule right?")
    kafka.produce("garbage", [(n % 2, None, b'{"id":1}') for n in range(190)])
    Doctor(folder, *sample).expect("a rule that most keep", 0, "garbage: of the newest 200 records 10 break id.required")
    checks.equal("nobody was a member of a group", kafka.members("weir-garbage")[1], {})

    # ---- weir config shows no password here either
    shown = run("config", "-c", "weir.yml", cwd=folder)
    checks.true("config", shown.exit == 0 and b"kafka.sasl.password_file" in shown.out and PASSWORD.encode() not in shown.out, shown)
checks.finish()
