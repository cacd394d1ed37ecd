# SPDX-License-Identifier: Apache-2.0
"""What tests do with the topics and groups of a cluster, through a client that has nothing to do with weir."""
import concurrent.futures
import time
from typing import NamedTuple, Optional

from confluent_kafka import (TIMESTAMP_NOT_AVAILABLE, Consumer, IsolationLevel, KafkaError, KafkaException, Producer,
                             TopicPartition)
from confluent_kafka.admin import (AclBinding, AclOperation, AclPermissionType, AdminClient, ConfigResource, NewPartitions,
                                   NewTopic, OffsetSpec, ResourcePatternType, ResourceType, ScramCredentialInfo,
                                   ScramMechanism, UserScramCredentialUpsertion)

import group_offsets

SECONDS = 30
WAIT = 10  # for one answer
USER, PASSWORD = "weir", "weir-secret"
OTHER, OTHERS_PASSWORD = "other", "other-secret"


class Record(NamedTuple):
    partition: int
    offset: int
    key: Optional[bytes]
    value: Optional[bytes]
    headers: list
    timestamp: int
    timestamp_type: int

    def header(self, name):
        """The last header of that name, or None."""
        return next((value for found, value in reversed(self.headers) if found == name), None)


class Contents:
    """The half of a Cluster that works on what is stored. `self.direct` names the brokers."""

    _admin = None

    @property
    def admin(self):
        if self._admin is None:
            self._admin = AdminClient({"bootstrap.servers": self.direct, "log_level": 0, "reconnect.backoff.max.ms": 500})
        return self._admin

    def close_clients(self):
        self._admin = None

    # ---- topics
    def _answer(self, ask):
        """What `ask()` gives. A request that was under way when its broker went is not always answered, or by an error that means no
        more than that: it is put again, by a new client."""
        end = time.monotonic() + 2 * SECONDS
        again = False
        while True:
            try:
                return ask()
            except concurrent.futures.TimeoutError as silent:
                fault = silent
            except KafkaException as failed:
                code = failed.args[0].code()
                if again and code in (KafkaError.TOPIC_ALREADY_EXISTS, KafkaError.UNKNOWN_TOPIC_OR_PART):
                    return None  # the first request had been heard
                if code not in (KafkaError._DESTROY_BROKER, KafkaError._TRANSPORT, KafkaError._TIMED_OUT, KafkaError._ALL_BROKERS_DOWN):
                    raise
                fault = failed
            if time.monotonic() > end:
                raise fault
            time.sleep(0.02)
            again = True
            self.close_clients()

    def create_topic(self, name, partitions=1, config=None, copies=None):
        copies = copies or (3 if len(self.brokers) >= 3 else 1)
        wanted = NewTopic(name, partitions, copies, config={k: str(v) for k, v in (config or {}).items()})
        self._answer(lambda: self.admin.create_topics([wanted])[name].result(WAIT))
        self._await_topic(lambda found: len(found.get(name, ())) == partitions, f"topic {name}")

    def delete_topic(self, name):
        self._answer(lambda: self.admin.delete_topics([name])[name].result(WAIT))
        self._await_topic(lambda found: name not in found, f"the end of topic {name}")

    def add_partitions(self, name, partitions):
        self.admin.create_partitions([NewPartitions(name, partitions)])[name].result(SECONDS)
        self._await_topic(lambda found: len(found.get(name, ())) == partitions, f"{partitions} partitions of {name}")

    def delete_records(self, name, before):
        """Removes the records below the offsets of `before`, {partition: offset}."""
        parts = [TopicPartition(name, p, offset) for p, offset in before.items()]
        for done in self.admin.delete_records(parts).values():
            done.result(SECONDS)

    def partitions(self, name):
        return sorted(self._answer(lambda: self.admin.list_topics(name, timeout=WAIT)).topics[name].partitions)

    def leader(self, name, partition=0):
        return self._answer(lambda: self.admin.list_topics(name, timeout=WAIT)).topics[name].partitions[partition].leader

    def topic_config(self, name):
        resource = ConfigResource(ConfigResource.Type.TOPIC, name)
        return {k: v.value for k, v in self.admin.describe_configs([resource])[resource].result(SECONDS).items()}

    def _await_topic(self, holds, what):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            found = self._answer(lambda: self.admin.list_topics(timeout=WAIT)).topics
            if holds({n: t.partitions for n, t in found.items() if t.error is None}) and \
                    all(p.leader >= 0 for t in found.values() for p in t.partitions.values()):
                return
            time.sleep(0.02)
        raise RuntimeError(f"{what} did not come about within {SECONDS} s")

    # ---- records
    def produce(self, topic, records, **conf):
        """Writes (partition, key, value[, headers[, timestamp in ms]]) in their order and waits until all are acknowledged. The
        names of `conf` are librdkafka's with `_` for `.`: transactional_id makes it one transaction."""
        faults = []
        settings = {"bootstrap.servers": self.direct, "enable.idempotence": True, "compression.type": "lz4", "linger.ms": 20,
                    "queue.buffering.max.messages": 2_000_000, "queue.buffering.max.kbytes": 1 << 20, "reconnect.backoff.max.ms": 500,
                    "log_level": 2}
        producer = Producer(settings | {name.replace("_", "."): value for name, value in conf.items()}
                            | {"on_delivery": lambda fault, _: faults.append(fault) if fault else None})
        within = "transactional_id" in conf
        if within:
            producer.init_transactions(SECONDS)
            producer.begin_transaction()
        for record in records:
            partition, key, value = record[:3]
            more = {}
            if len(record) > 3 and record[3]:
                more["headers"] = record[3]
            if len(record) > 4 and record[4] is not None:
                more["timestamp"] = record[4]
            while True:
                try:
                    producer.produce(topic, value, key, partition, **more)
                    break
                except BufferError:
                    producer.poll(0.1)
        if producer.flush(10 * SECONDS) or faults:
            raise RuntimeError(f"records were not taken: {faults[:1] or 'time is up'}")
        if within:
            producer.commit_transaction(SECONDS)

    def read(self, topic, committed=True, start=None, seconds=120):
        """All records of a topic from its beginning, or from {partition: offset}, to its present end, partition by partition. An
        open transaction ends a partition where it began if only committed records are asked for."""
        consumer = Consumer({"bootstrap.servers": self.direct, "group.id": "weir-test-reader", "enable.auto.commit": False,
                             "enable.partition.eof": True, "log_level": 2, "fetch.queue.backoff.ms": 10, "fetch.wait.max.ms": 50,
                             "isolation.level": "read_committed" if committed else "read_uncommitted"})
        try:
            unread = set(self.partitions(topic))
            first = self.begin_offsets(topic)
            consumer.assign([TopicPartition(topic, p, (start or first).get(p, first[p])) for p in unread])
            found = {p: [] for p in unread}
            end = time.monotonic() + seconds
            while unread:
                if time.monotonic() > end:
                    raise RuntimeError(f"{topic} was not read to its end within {seconds} s, not partitions {sorted(unread)}")
                for message in consumer.consume(10_000, 0.1):
                    fault = message.error()
                    if fault is None:
                        kind, at = message.timestamp()
                        found[message.partition()].append(
                            Record(message.partition(), message.offset(), message.key(), message.value(), message.headers() or [],
                                   at if kind != TIMESTAMP_NOT_AVAILABLE else None, kind))
                    elif fault.code() == KafkaError._PARTITION_EOF:
                        unread.discard(message.partition())
                    elif not fault.retriable():
                        raise KafkaException(fault)
            return [record for p in sorted(found) for record in found[p]]
        finally:
            consumer.close()

    def begin_offsets(self, topic):
        return self._offsets(topic, OffsetSpec.earliest(), False)

    def end_offsets(self, topic, committed=False):
        """The offset after the last record; only committed: the offset that a read_committed client stops at."""
        return self._offsets(topic, OffsetSpec.latest(), committed)

    def _offsets(self, topic, spec, committed):
        asked = {TopicPartition(topic, p): spec for p in self.partitions(topic)}
        level = IsolationLevel.READ_COMMITTED if committed else IsolationLevel.READ_UNCOMMITTED
        return self._answer(lambda: {part.partition: done.result(WAIT).offset for part, done in self.admin.list_offsets(
            asked, isolation_level=level, request_timeout=WAIT).items()})

    # ---- groups
    def committed(self, group, topic):
        """{partition: (offset, metadata)} of what a group has committed; partitions without are left out."""
        partitions = self.partitions(topic)
        end = time.monotonic() + 2 * SECONDS
        while time.monotonic() < end:
            for broker in self.brokers.values():
                try:
                    found = group_offsets.fetch(broker.direct, group, topic, partitions)
                except OSError:  # it is down; a coordinator that is down is another one soon
                    continue
                if found is not None:
                    return found
            time.sleep(0.02)
        raise RuntimeError(f"no broker tells what {group} has committed")

    def members(self, group):
        """{member's client id: [(topic, partition)]} of a group, and its state."""
        described = self.admin.describe_consumer_groups([group], request_timeout=SECONDS)[group].result(SECONDS)
        return described.state.name, {m.client_id: sorted((p.topic, p.partition) for p in m.assignment.topic_partitions)
                                      for m in described.members}

    # ---- users
    def allow(self, user, operation, kind, name, prefixed=False):
        """allow("weir", "READ", "TOPIC", "orders"): as kafka-acls would."""
        pattern = ResourcePatternType.PREFIXED if prefixed else ResourcePatternType.LITERAL
        rule = AclBinding(ResourceType[kind], name, pattern, f"User:{user}", "*", AclOperation[operation], AclPermissionType.ALLOW)
        self.admin.create_acls([rule])[rule].result(SECONDS)

    def _add_scram_users(self):
        for user, secret in ((USER, PASSWORD), (OTHER, OTHERS_PASSWORD)):
            for mechanism in (ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512):
                wanted = UserScramCredentialUpsertion(user, ScramCredentialInfo(mechanism, 4096), secret.encode())
                self.admin.alter_user_scram_credentials([wanted])[user].result(SECONDS)
