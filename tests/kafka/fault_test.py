# SPDX-License-Identifier: Apache-2.0
"""Everything around weir fails while records keep coming: brokers die, stop and come back, leaders move, the network is cut and
freezes, the quarantine refuses records; instances come and go, freeze, and are started twice under one name. Then the books are
checked, as after kills (trial.py).

    WEIR_ALL=1     each fault goes on for longer, and with both deliveries
    WEIR_SEED=n    the choices of an earlier run, as far as the clock allows
    WEIR_ONLY=word only the faults whose name has the word
"""
import os
import random
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "scripts"))
from cluster import Cluster
from trial import RATE, SESSION, Trial
from weir_process import Checks

ALL = os.environ.get("WEIR_ALL") == "1"
SEED = int(os.environ.get("WEIR_SEED", time.time_ns() % 1_000_000))
LONG = 5 if ALL else 1
ONLY = os.environ.get("WEIR_ONLY", "")
BOTH = ("at_least_once", "exactly_once")

checks = Checks()
dice = random.Random(SEED)
trials = 0


def trial(kafka, name, delivery, disturb, **more):
    """`disturb(trial)` does what it is called after; before it weir has begun, and after it weir has to come on again."""
    global trials
    name = f"{name}, {delivery}"
    if ONLY not in name:
        return
    trials += 1
    with Trial(kafka, checks, name, f"orders-{trials}", delivery, **more) as running:
        checks.true(f"{name}: it begins", running.await_progress(1000), running.instances.log(running.names[0]))
        disturb(running)
        checks.true(f"{name}: it comes on again", running.await_progress(2000, 60), running.instances.log(running.names[0]))
        running.settle()


def broker_dies(running):
    for _ in range(2 * LONG):
        running.kafka.kill()
        time.sleep(dice.uniform(0, 3))
        running.kafka.restart()
        time.sleep(dice.uniform(1, 3))
    checks.equal(f"{running.name}: a broker that goes away ends nothing", running.ended, [])


def broker_freezes(running):
    running.kafka.pause()
    time.sleep(SESSION + 3)
    checks.equal(f"{running.name}: it waits", [p.poll() for p in running.instances.processes.values()], [None])
    running.kafka.resume()
    running.kafka.await_brokers()


def leaders_move(running):
    for _ in range(2 * LONG):
        led = running.kafka.leader(running.topic, dice.randrange(4))
        running.kafka.kill(led)
        time.sleep(dice.uniform(2, 5))
        running.kafka.restart(led)
        time.sleep(1)


def quarantine_refuses(running):
    """Its topic wants three copies and can have two: nothing may be passed over while it takes no record."""
    away = dice.choice(list(running.kafka.brokers))
    running.kafka.kill(away)
    time.sleep(20 * LONG)
    running.restart_ended()
    done = running.progress()
    time.sleep(5)
    checks.true(f"{running.name}: it waits", running.progress() - done < 2 * RATE, (done, running.progress()))
    running.kafka.restart(away)


def network_is_cut(running):
    relay = running.kafka.relay()
    for _ in range(4 * LONG):
        relay.cut()
        time.sleep(dice.uniform(0, 1.5))
        relay.heal()
        time.sleep(dice.uniform(0.5, 2))
    checks.equal(f"{running.name}: a cut ends nothing", running.ended, [])


def network_freezes(running):
    relay = running.kafka.relay()
    relay.freeze()
    time.sleep(SESSION + 3)
    relay.heal()
    relay.delay(0.1)
    time.sleep(3)
    relay.heal()


def weir_freezes(running):
    """Longer than its session and its transaction last: others go on in its place, and it has to see that when it wakes."""
    frozen = running.instances.processes[running.names[0]]
    frozen.send_signal(signal.SIGSTOP)
    time.sleep(SESSION + 8)
    frozen.send_signal(signal.SIGCONT)
    time.sleep(3)
    running.restart_ended()


def instances_come_and_go(running):
    away = []
    end = time.monotonic() + 24 * LONG
    while time.monotonic() < end:
        if away:
            running.start(away.pop())
        else:
            name = dice.choice(running.names)
            checks.equal(f"{running.name}: SIGTERM ends it well", running.instances.stop(name), 0)
            away.append(name)
        time.sleep(3)
    for name in away:
        running.start(name)


def one_name_twice(running):
    """The one that has the state stays, the other one says so and ends."""
    name = running.names[0]
    first = running.instances.processes[name]
    second = running.start(name)
    try:
        checks.true(f"{running.name}: the second gives way", second.wait(20) not in (0, None))
    except subprocess.TimeoutExpired:
        checks.true(f"{running.name}: the second gives way", False, running.instances.log(name))
        second.kill()
        second.wait()
    running.instances.processes[name] = first
    checks.equal(f"{running.name}: the first stays", first.poll(), None)


def small_disk(running):
    """The state of each instance on a disk of its own, which can be filled."""
    for name in running.names:
        place = os.path.join(running.folder, f"state-{name}")
        os.makedirs(place)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "none", place], check=True)
        running.clean_up.append(lambda place=place: subprocess.run(["umount", "-l", place], check=True))


def metric(running, name):
    text = (running.instances.get(running.names[0], "/metrics") or b"").decode()
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name + "{"))


def disk_is_full(running):
    """It goes on judging, says what is wrong, and its position stays."""
    place = os.path.join(running.folder, f"state-{running.names[0]}", "filler")
    with open(place, "wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"x" * 4096)
        except OSError:
            pass
    time.sleep(4)
    ready = (running.instances.get(running.names[0], "/readyz?verbose") or b"").decode()
    before, position = metric(running, "weir_records_total"), running.progress()
    time.sleep(3)
    checks.true(f"{running.name}: it says so", "state" in ready and "not ready" in ready, ready)
    checks.true(f"{running.name}: it goes on judging", metric(running, "weir_records_total") > before, before)
    checks.equal(f"{running.name}: its position stays", running.progress(), position)
    os.remove(place)


def another_clock(running):
    """A clock on the wall that a file sets; the other one, which only goes forward, is left alone."""
    running.clock = os.path.join(running.folder, "clock")
    with open(running.clock, "w", encoding="ascii") as file:
        file.write("+0")
    running.instances.environment = {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": running.clock,
                                     "FAKETIME_NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "1"}


def clock_steps(running):
    for _ in range(2 * LONG):
        for step in ("+3600", "-7200", "+172800", "+0"):
            with open(running.clock, "w", encoding="ascii") as file:
                file.write(step)
            time.sleep(dice.uniform(1, 3))
    checks.equal(f"{running.name}: a clock ends nothing", [p.poll() for p in running.instances.processes.values()], [None])


FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
ALONE = (("a broker dies", broker_dies, 1), ("the network is cut", network_is_cut, 1), ("the network freezes", network_freezes, 1),
         ("weir freezes", weir_freezes, 2), ("instances come and go", instances_come_and_go, 3), ("one name twice", one_name_twice, 1),
         ("the broker freezes", broker_freezes, 1))


def deliveries(number):
    """Both in the long form; otherwise one after the other."""
    return BOTH if ALL or ONLY else BOTH[number % 2:number % 2 + 1]


print(f"WEIR_SEED={SEED}", flush=True)
with Cluster(relayed=True) as alone:
    for number, (name, disturb, instances) in enumerate(ALONE):
        for how in deliveries(number):
            trial(alone, name, how, disturb, instances=instances)
    for how in deliveries(0):
        trial(alone, "the disk is full", how, disk_is_full, prepare=small_disk)
    for how in deliveries(1):
        trial(alone, "the clock steps", how, clock_steps, prepare=another_clock)
with Cluster(brokers=3) as three:
    for how in deliveries(0):
        trial(three, "leaders move", how, leaders_move)
    for how in deliveries(1):
        trial(three, "the quarantine refuses", how, quarantine_refuses, quarantine={"min.insync.replicas": 3})
checks.finish()
