# SPDX-License-Identifier: Apache-2.0
"""A real Apache Kafka for tests: one combined node, or three with replication, on loopback.

    with Cluster(brokers=3) as kafka:
        kafka.create_topic("orders", partitions=4)
        kafka.produce("orders", [(0, b"key", b"value", [("h", b"1")], 1700000000000), ...])
        kafka.kill(2)
        kafka.restart(2)
        kafka.read("orders", committed=True)

Each broker listens twice: at `direct`, in the clear, for the tests and the other brokers; at `bootstrap`, with the protocol asked
for and through a relay if that was asked for, for the client under test. `client()` is what a librdkafka client has to be told.
Nothing outlives the test: not when it ends, and not when it is killed.
"""
import atexit
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from certificates import Certificates
from contents import OTHER, OTHERS_PASSWORD, PASSWORD, USER, Contents
from relay import Relay

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
JARS = os.path.join(ROOT, "build", "deps", "kafka", "lib")
TEMPLATES = os.path.join(ROOT, "build", "deps", "kafka", "formatted")
CLUSTER_ID = "d2VpciB0ZXN0IGJyb2tlcg"
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER")

# What a test needs to be quick, and what it must not be surprised by: records with times of any year, gone or to come, stay.
PROPERTIES = {
    "auto.create.topics.enable": "false",
    "group.initial.rebalance.delay.ms": 0,
    "group.min.session.timeout.ms": 1000,
    "offsets.topic.num.partitions": 1,
    "transaction.state.log.num.partitions": 1,
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": 1000,
    "log.retention.ms": -1,
    "log.message.timestamp.after.max.ms": 2**63 - 1,
    "log.cleaner.backoff.ms": 500,
    "log.cleaner.dedupe.buffer.size": 8 << 20,
    "broker.heartbeat.interval.ms": 300,
    "broker.session.timeout.ms": 3000,  # a broker that is back after kill -9 waits until its former self has timed out
    "controlled.shutdown.enable": "false",
    "num.network.threads": 2,
    "num.io.threads": 4,
}


def free_ports(count):
    """Ports below those that the system gives to outgoing connections, so that none takes the port of a broker that is down."""
    found = []
    while len(found) < count:
        port = random.randrange(15000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in found:
            found.append(port)
    return found


def java(*arguments, heap="256m", **more):
    """A JVM that ends with the thread that started it, whatever ends that."""
    return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "java", "-Xms64m", f"-Xmx{heap}", "-XX:+UseSerialGC",
                             "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", f"{JARS}/*", *arguments],
                            stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True, **more)


class Broker:
    def __init__(self, node, folder, ports):
        self.node = node
        self.folder = folder
        self.direct, self.outside, self.controller = ports
        self.relay = None
        self.process = None

    @property
    def data(self):
        return os.path.join(self.folder, f"data-{self.node}")

    @property
    def log(self):
        return os.path.join(self.folder, f"broker-{self.node}.log")


class Cluster(Contents):
    """`sasl`: clients log in as `weir`, by every mechanism of MECHANISMS; `tls`: they speak TLS; `acl`: they may do only what
    `allow` allowed them; `relayed`: they come through `relay(node)`; `properties`: more of the broker's properties."""

    def __init__(self, brokers=1, folder=None, sasl=False, tls=False, acl=False, relayed=False, properties=None, heap="256m"):
        if acl and not sasl:
            raise ValueError("without SASL every client is the same anonymous user as the test itself")
        sweep()
        self.folder = tempfile.mkdtemp(prefix=f"weir-kafka-{os.getpid()}-") if folder is None else folder
        self.sasl, self.tls, self.acl, self.heap = sasl, tls, acl, heap
        self.protocol = ("SASL_" if sasl else "") + ("SSL" if tls else "PLAINTEXT")
        self.more = properties or {}
        ports = free_ports(3 * brokers)
        self.brokers = {n: Broker(n, self.folder, ports[3 * n - 3:3 * n]) for n in range(1, brokers + 1)}
        self.certificates = Certificates(os.path.join(self.folder, "tls")) if tls else None
        atexit.register(self.stop)
        try:
            for broker in self.brokers.values():
                if relayed:
                    broker.relay = Relay(broker.outside)
                self._lay_out(broker)
            for broker in self.brokers.values():
                self._start(broker)
            self.await_brokers()
            if sasl:
                self._add_scram_users()
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    # ---- addresses
    @property
    def direct(self):
        return ",".join(f"127.0.0.1:{b.direct}" for b in self.brokers.values())

    @property
    def bootstrap(self):
        return ",".join(f"127.0.0.1:{b.relay.port if b.relay else b.outside}" for b in self.brokers.values())

    def client(self, mechanism="SCRAM-SHA-512", **more):
        """The properties by which a librdkafka client reaches this cluster from outside. Names are written with `_` for `.`."""
        conf = {"bootstrap.servers": self.bootstrap, "security.protocol": self.protocol.lower()}
        if self.tls:
            conf["ssl.ca.location"] = self.certificates.ca
        if self.sasl:
            conf["sasl.mechanism"] = mechanism
            if mechanism == "OAUTHBEARER":
                conf |= {"enable.sasl.oauthbearer.unsecure.jwt": "true", "sasl.oauthbearer.config": f"principal={USER}"}
            else:
                conf |= {"sasl.username": USER, "sasl.password": PASSWORD}
        return conf | {name.replace("_", "."): value for name, value in more.items()}

    def relay(self, node=1):
        return self.brokers[node].relay

    # ---- faults
    def kill(self, node=1, with_signal=signal.SIGKILL):
        process = self.brokers[node].process
        process.send_signal(with_signal)
        process.wait(timeout=60)

    def pause(self, node=1):
        self.brokers[node].process.send_signal(signal.SIGSTOP)

    def resume(self, node=1):
        self.brokers[node].process.send_signal(signal.SIGCONT)
        self.close_clients()

    def restart(self, node=1):
        """Starts a broker that was killed, and waits until it takes part again."""
        self._start(self.brokers[node])
        self.await_brokers()
        self.close_clients()

    def stop(self):
        atexit.unregister(self.stop)
        for broker in self.brokers.values():
            if broker.process is not None and broker.process.poll() is None:
                broker.process.kill()
        for broker in self.brokers.values():
            if broker.process is not None:
                broker.process.wait()
            if broker.relay is not None:
                broker.relay.close()
        self.close_clients()
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- what is inside
    def await_brokers(self, seconds=180):
        """Until every broker that runs answers, is known to the others, and each partition has a leader."""
        end = time.monotonic() + seconds
        waiting = "nothing answers"
        while time.monotonic() < end:
            running = {b.node for b in self.brokers.values() if b.process is not None and b.process.poll() is None}
            for broker in self.brokers.values():
                if broker.process is not None and broker.process.poll() not in (None, -signal.SIGKILL, -signal.SIGTERM, 143):
                    raise RuntimeError(f"broker {broker.node} exited with {broker.process.returncode}:\n{self.log_of(broker.node)}")
            if running and all(answers(self.brokers[n].direct) for n in running):
                try:
                    # A client of its own: one that lives through restarts backs off for longer than a broker takes.
                    seen = AdminClient({"bootstrap.servers": self.direct, "log_level": 0}).list_topics(timeout=2)
                    leaderless = [t.topic for t in seen.topics.values() for p in t.partitions.values() if p.leader not in running]
                    if running <= set(seen.brokers) and not leaderless:
                        return
                    waiting = f"brokers {sorted(seen.brokers)} of {sorted(running)}, without leader: {leaderless}"
                except KafkaException as fault:
                    waiting = str(fault)
            time.sleep(0.05)
        logs = "\n".join(self.log_of(n) for n in self.brokers)
        raise RuntimeError(f"Kafka was not ready within {seconds} s: {waiting}\n{logs}")

    def log_of(self, node=1, last=3000):
        try:
            with open(self.brokers[node].log, encoding="utf-8", errors="replace") as file:
                return file.read()[-last:]
        except FileNotFoundError:
            return ""

    def _start(self, broker):
        with open(broker.log, "ab") as log:
            broker.process = java("kafka.Kafka", os.path.join(self.folder, f"broker-{broker.node}.properties"), heap=self.heap, stdout=log)

    def _lay_out(self, broker):
        count = len(self.brokers)
        copies, least = (3, 2) if count >= 3 else (1, 1)
        outside = broker.relay.port if broker.relay else broker.outside
        properties = PROPERTIES | {
            "process.roles": "broker,controller",
            "node.id": broker.node,
            "controller.quorum.voters": ",".join(f"{b.node}@127.0.0.1:{b.controller}" for b in self.brokers.values()),
            "controller.listener.names": "CONTROLLER",
            "listeners": f"DIRECT://127.0.0.1:{broker.direct},OUTSIDE://127.0.0.1:{broker.outside},CONTROLLER://127.0.0.1:{broker.controller}",
            "advertised.listeners": f"DIRECT://127.0.0.1:{broker.direct},OUTSIDE://127.0.0.1:{outside}",
            "listener.security.protocol.map": f"CONTROLLER:PLAINTEXT,DIRECT:PLAINTEXT,OUTSIDE:{self.protocol}",
            "inter.broker.listener.name": "DIRECT",
            "log.dirs": broker.data,
            "default.replication.factor": copies,
            "min.insync.replicas": least,
            "offsets.topic.replication.factor": copies,
            "transaction.state.log.replication.factor": copies,
            "transaction.state.log.min.isr": least,
        }
        if self.sasl:
            modules = "org.apache.kafka.common.security"
            scram = f"{modules}.scram.ScramLoginModule required;"
            properties |= {
                "listener.name.outside.sasl.enabled.mechanisms": ",".join(MECHANISMS),
                "listener.name.outside.plain.sasl.jaas.config":
                    f'{modules}.plain.PlainLoginModule required user_{USER}="{PASSWORD}" user_{OTHER}="{OTHERS_PASSWORD}";',
                "listener.name.outside.scram-sha-256.sasl.jaas.config": scram,
                "listener.name.outside.scram-sha-512.sasl.jaas.config": scram,
                "listener.name.outside.oauthbearer.sasl.jaas.config": f"{modules}.oauthbearer.OAuthBearerLoginModule required;",
            }
        if self.tls:
            properties |= {
                "listener.name.outside.ssl.keystore.type": "PEM",
                "listener.name.outside.ssl.keystore.location": self.certificates.broker,
                "listener.name.outside.ssl.truststore.type": "PEM",
                "listener.name.outside.ssl.truststore.location": self.certificates.ca,
                "listener.name.outside.ssl.client.auth": "requested",
            }
        if self.acl:
            properties |= {
                "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users": "User:ANONYMOUS",  # who comes by the listeners in the clear
            }
        path = os.path.join(self.folder, f"broker-{broker.node}.properties")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in (properties | self.more).items())
        shutil.copytree(formatted(broker.node), broker.data)


def sweep():
    """Removes the folders of tests that were killed; their brokers died with them."""
    for name in os.listdir(tempfile.gettempdir()):
        owner = re.fullmatch(r"weir-kafka-(\d+)-.*", name)
        if owner and not os.path.exists(f"/proc/{owner[1]}"):
            shutil.rmtree(os.path.join(tempfile.gettempdir(), name), ignore_errors=True)


def answers(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def formatted(node):
    """The data folder of a node as Kafka's own tool formats it. It differs by the node alone and is kept: formatting starts a JVM."""
    template = os.path.join(TEMPLATES, f"node-{node}")
    if os.path.isdir(template):
        return template
    os.makedirs(TEMPLATES, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=TEMPLATES) as work:
        properties, data = os.path.join(work, "p"), os.path.join(work, "data")
        with open(properties, "w", encoding="utf-8") as file:
            file.write(f"process.roles=broker,controller\nnode.id={node}\nlog.dirs={data}\ncontroller.listener.names=C\n"
                       f"controller.quorum.voters={node}@127.0.0.1:1\nlisteners=C://127.0.0.1:1,D://127.0.0.1:2\n"
                       "listener.security.protocol.map=C:PLAINTEXT,D:PLAINTEXT\ninter.broker.listener.name=D\n")
        tool = java("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", properties, stdout=subprocess.PIPE)
        said, _ = tool.communicate(timeout=120)
        if tool.returncode != 0:
            raise RuntimeError(f"Kafka's storage could not be formatted:\n{said.decode(errors='replace')}")
        try:
            os.rename(data, template)
        except OSError:  # another test was quicker
            pass
    return template
