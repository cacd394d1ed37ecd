# SPDX-License-Identifier: Apache-2.0
"""The cluster that the other tests here stand on does what it says: it stores, loses its brokers and has them back, asks for
passwords, refuses, is cut off, and leaves nothing behind."""
import os
import signal
import subprocess
import sys
import time

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "scripts"))
from cluster import MECHANISMS, Cluster, answers
from contents import OTHER, OTHERS_PASSWORD
from weir_process import Checks

checks = Checks()
QUIET = {"log_level": 0}


def reached(conf, seconds=5):
    """The topics that a client with this configuration sees, or None."""
    try:
        return set(Producer(conf | QUIET).list_topics(timeout=seconds).topics)
    except KafkaException:
        return None


def stores_and_reads():
    with Cluster() as kafka:
        folder = kafka.folder
        kafka.create_topic("orders", partitions=3, config={"retention.ms": -1})
        checks.equal("a topic's own setting", kafka.topic_config("orders")["retention.ms"], "-1")
        written = [(i % 3, None if i % 5 == 0 else b"k%d" % i, None if i % 7 == 0 else b"v%d" % i, [("h", b"%d" % i), ("h", None)],
                    946_684_800_000 + i) for i in range(3000)]
        kafka.produce("orders", written)
        found = kafka.read("orders")
        checks.equal("what was written is read, bytes, headers and times",
                     [(r.partition, r.key, r.value, r.headers, r.timestamp) for r in found], sorted(written, key=lambda r: r[0]))
        checks.equal("end offsets", kafka.end_offsets("orders"), {0: 1000, 1: 1000, 2: 1000})

        producer = Producer({"bootstrap.servers": kafka.direct, "transactional.id": "t", **QUIET})
        producer.init_transactions(30)
        producer.begin_transaction()
        producer.produce("orders", b"open", partition=0)
        producer.flush(30)
        checks.equal("an open transaction hides its records", (kafka.end_offsets("orders", committed=True)[0], len(kafka.read("orders")),
                                                               len(kafka.read("orders", committed=False))), (1000, 3000, 3001))
        group = Consumer({"bootstrap.servers": kafka.direct, "group.id": "g", **QUIET})
        producer.send_offsets_to_transaction([TopicPartition("orders", 0, 17, "epoch 4")], group.consumer_group_metadata(), 30)
        producer.commit_transaction(30)
        group.close()
        # The Python client sends the zero byte behind a text along with it.
        checks.equal("committed offsets and their metadata", kafka.committed("g", "orders"), {0: (17, "epoch 4\0")})
        checks.equal("a committed record is seen", kafka.read("orders", start={0: 1000, 1: 1000, 2: 1000})[0].value, b"open")

        kafka.kill()
        checks.true("a killed broker does not answer", not answers(kafka.brokers[1].direct))
        kafka.restart()
        checks.equal("what was acknowledged outlives kill -9", len(kafka.read("orders")), 3001)
        kafka.delete_records("orders", {1: 400})
        checks.equal("records removed from the beginning", (kafka.begin_offsets("orders")[1], len(kafka.read("orders"))), (400, 2601))
        kafka.pause()
        checks.equal("a paused broker does not answer", reached({"bootstrap.servers": kafka.bootstrap}, 1), None)
        kafka.resume()
        kafka.await_brokers()
        kafka.delete_topic("orders")
        checks.equal("a topic that was deleted", "orders" in (reached({"bootstrap.servers": kafka.bootstrap}) or ()), False)
    checks.true("nothing is left of it", not os.path.exists(folder))


def three_brokers():
    with Cluster(brokers=3) as kafka:
        kafka.create_topic("orders", partitions=2)
        kafka.produce("orders", [(i % 2, None, b"%d" % i) for i in range(1000)], acks="all")
        led = kafka.leader("orders")
        kafka.kill(led)
        kafka.produce("orders", [(0, None, b"after") for _ in range(10)])
        checks.true("another broker leads", kafka.leader("orders") != led, led)
        checks.equal("nothing is lost with one broker of three", len(kafka.read("orders")), 1010)
        kafka.restart(led)
        checks.equal("it is back", len(reached({"bootstrap.servers": f"127.0.0.1:{kafka.brokers[led].outside}"}) or ()) > 0, True)


def passwords_and_permissions():
    with Cluster(sasl=True, tls=True, acl=True) as kafka:
        kafka.create_topic("orders")
        kafka.create_topic("secret")
        for mechanism in MECHANISMS:
            checks.equal(f"{mechanism} without permission", reached(kafka.client(mechanism)), set())
        kafka.allow("weir", "READ", "TOPIC", "orders")
        for mechanism in MECHANISMS:
            checks.equal(f"{mechanism} sees what it may", reached(kafka.client(mechanism)), {"orders"})
        wrong = {"sasl.password": "wrong"}
        checks.equal("a wrong password", reached(kafka.client() | wrong, 2), None)
        checks.equal("a wrong authority", reached(kafka.client() | {"ssl.ca.location": kafka.certificates.stranger}, 2), None)
        other = {"sasl.username": OTHER, "sasl.password": OTHERS_PASSWORD}
        checks.equal("permissions are each user's", reached(kafka.client("PLAIN") | other), set())
        refused = []
        producer = Producer(kafka.client() | QUIET | {"on_delivery": lambda fault, _: refused.append(fault.name() if fault else "")})
        producer.produce("orders", b"x")
        producer.flush(10)
        checks.equal("reading is not writing", refused, ["TOPIC_AUTHORIZATION_FAILED"])


def relayed():
    with Cluster(relayed=True) as kafka:
        client = kafka.client()
        began = time.monotonic()
        checks.true("through the relay", reached(client) is not None)
        quick = time.monotonic() - began
        relay = kafka.relay()
        checks.true("and not past it", relay.connections > 0)
        relay.delay(0.3)
        began = time.monotonic()
        checks.true("late is not lost", reached(client) is not None)
        checks.true("a delay delays both ways", time.monotonic() - began > 0.6 > quick, (quick, time.monotonic() - began))
        relay.heal()
        for fault in (relay.freeze, relay.cut):
            fault()
            checks.equal(f"{fault.__name__}: nothing comes through", reached(client, 1), None)
            relay.heal()
            checks.true(f"{fault.__name__}: healed", reached(client) is not None)


def dies_with_its_test():
    program = "import sys, time; from cluster import Cluster; k = Cluster(); print(k.brokers[1].process.pid, flush=True); time.sleep(600)"
    for number in (signal.SIGKILL, signal.SIGTERM):
        test = subprocess.Popen([sys.executable, "-c", program], cwd=os.path.dirname(os.path.abspath(__file__)), stdout=subprocess.PIPE)
        broker = int(test.stdout.readline())
        test.send_signal(number)
        test.wait(30)
        end = time.monotonic() + 10
        while os.path.exists(f"/proc/{broker}") and time.monotonic() < end:
            time.sleep(0.05)
        checks.true(f"no broker outlives a test that signal {number} ended", not os.path.exists(f"/proc/{broker}"))


for test in (stores_and_reads, three_brokers,  passwords_and_permissions, relayed, dies_with_its_test):
    began = time.monotonic()
    test()
    print(f"{test.__name__}: {time.monotonic() - began:.1f} s", flush=True)
checks.finish()
