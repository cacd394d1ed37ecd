# SPDX-License-Identifier: Apache-2.0
"""Runs whole processes and says what they cost: wall time, CPU time, peak memory, and how busy others kept the machine.

Ratios are taken inside a round: the commands of a round run one right after the other, so that a machine that is slow for
a minute is slow for all of them. A round in which other processes took more than QUIET of the machine's cores is
run again, within a budget; what could not be had quietly is used all the same and shown as such.
"""

import os
import statistics
import tempfile
import time
from dataclasses import dataclass

QUIET = 0.10         # share of all cores that others may use meanwhile
ATTEMPTS = 3         # rounds tried for each round that is kept
SHORTEST_SEEN = 0.1  # seconds; below that the kernel's clock ticks are too coarse to see others
TICK = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count()


class CouldNotRun(Exception):
    """A command that had to be measured did not do its work."""

    def __init__(self, what, reason=""):
        super().__init__(f"{what}: {reason}" if reason else what)
        self.reason = reason or what


@dataclass
class Run:
    wall: float     # seconds
    cpu: float      # user and system seconds, all threads
    rss: int        # peak, bytes; never below this driver's own, as the kernel counts from before exec
    others: float   # share of all cores that other processes used meanwhile, 0 to 1
    output: str


def busy_seconds():
    """What all cores together have worked since boot, time taken by the hypervisor included."""
    with open("/proc/stat") as file:
        user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, file.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICK


def run(command, accepted=(0,)):
    """Runs `command` (a list) once; raises CouldNotRun when it ends in another way than `accepted`."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        redirect = [(os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, errors.fileno(), 2)]
        before = busy_seconds()
        start = time.perf_counter()
        try:
            process = os.posix_spawnp(command[0], command, os.environ, file_actions=redirect)
        except OSError as error:
            raise CouldNotRun(f"{command[0]}: {error.strerror}") from error
        _, status, usage = os.wait4(process, 0)
        wall = time.perf_counter() - start
        cpu = usage.ru_utime + usage.ru_stime
        others = (busy_seconds() - before - cpu) / (wall * CORES) if wall >= SHORTEST_SEEN else 0
        code = os.waitstatus_to_exitcode(status)
        if code not in accepted:
            errors.seek(0)
            lines = errors.read().decode(errors="replace").strip().splitlines()
            raise CouldNotRun(f"{' '.join(command)}: exit {code}", lines[-1] if lines else "")
        output.seek(0)
        return Run(wall, cpu, usage.ru_maxrss * 1024, max(others, 0), output.read().decode())


def warm(path):
    """Puts a file into the page cache; machines with little to do give it up."""
    buffer = bytearray(1 << 20)
    with open(path, "rb", buffering=0) as file:
        while file.readinto(buffer):
            pass


def rounds(data, commands, count, accepted=(0,)):
    """`count` rounds of all `commands` in turn, the quietest of those tried: a list of lists of Run."""
    done = []
    for _ in range(count * ATTEMPTS):
        warm(data)
        done.append([run(command, accepted) for command in commands])
        if sum(loudest(one) <= QUIET for one in done) == count:
            break
    return sorted(done, key=loudest)[:count]


def loudest(one_round):
    return max(sample.others for sample in one_round)


def median(values):
    return statistics.median(list(values))
