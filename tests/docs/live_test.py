# SPDX-License-Identifier: Apache-2.0
"""The blocks of the pages that want a Kafka or a weir that runs: one broker for all of them, a folder and fresh topics for each page. The
page says `localhost:9092` or `kafka:9092`, and `localhost:8947`; here they are this broker and a port that is free. What goes on (`weir run`)
is started, waited for, and ended by SIGTERM.

    WEIR_ONLY=word            only the pages whose name has the word
    WEIR_UPDATE_GOLDEN=1      writes what was printed into the pages; read the difference before you commit it
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "scripts"), os.path.join(HERE, "..", "kafka")]
import fixtures
import runners
from cluster import Cluster, free_ports
from page_blocks import ROOT, Place, blocks_of, lines_of, pages, read, same, typed, wanted_exit
from weir_process import Checks

ONLY = os.environ.get("WEIR_ONLY", "")
UPDATE = bool(os.environ.get("WEIR_UPDATE_GOLDEN"))
SLOW = 5  # seconds of a command that are worth telling
TOPICS = ("orders", "orders.quarantine", "features.v1")
GOES_ON = re.compile(r"weir run(?!.*(--until-end|--validate))")
# What is said of a broker that takes long on a machine that has much to do.
SLOW_BROKER = re.compile(r"^weir: .*; trying again\n", re.M)
checks = Checks()


def messages(text, ago=0.0, partitions=3):
    """The lines of a file as records, from `ago` seconds ago on, a millisecond apart."""
    begin = int((time.time() - ago) * 1000)
    return [(i % partitions, None, line.encode(), None, begin + i) for i, line in enumerate(text.splitlines())]


def sound_orders(_):
    """Of each country and minute there are enough, and nothing else is wrong with them."""
    return fixtures.records(1500, lambda i: {"id": i, "amount": i % 400, "country": ("DE", "FR")[i % 2], "qty": 1 + i % 9,
                                             "at": fixtures.stamp(fixtures.BEGIN + fixtures.datetime.timedelta(seconds=i))})


# ---- what there is before the blocks of a page are typed
def common(here):
    for topic in TOPICS:
        here.kafka.create_topic(topic, 3)
    here.kafka.produce("orders", messages(fixtures.orders(), 60))


def backtest(here):
    here.kafka.create_topic("orders", 3)
    here.kafka.produce("orders", messages(sound_orders(here), 2 * 3600))


def compare(here):
    here.kafka.create_topic("features.v1", 3)
    here.kafka.produce("features.v1", messages(fixtures.features(7, 1, {"DE": 41, "FR": 30, "IT": 20, "ES": 9}), 60))


def probes(here):
    """The broker is away."""
    common(here)
    here.start("weir run --brokers localhost:9092 --topic orders --rules orders.yml")
    here.kafka.relay().cut()
    here.until("/readyz says that the broker is away", lambda: "[-] orders/broker" in here.get("/readyz?verbose")[1])


def one_topic(here):
    """As large and as long as the page says."""
    here.kafka.create_topic("orders", 3, {"retention.ms": 86_400_000, "max.message.bytes": 2_000_000})


def replayable(here):
    """400 orders above the limit of that time; the limit of the page's rules lets 380 of them pass."""
    for topic in ("orders", "orders.quarantine"):
        here.kafka.create_topic(topic, 3)
    here.kafka.produce("orders", messages(fixtures.records(400, lambda i: {"id": i, "amount": 50000.0 if i % 20 == 7 else 2000 + i}), 60))
    here.place.write("old.yml", "weir: 1\nfields: {amount: {max: 1000}}\n")
    here.place.write("rules.yml", "weir: 1\nfields: {amount: {max: 10000}}\n")
    code, said = here.place.run("weir run --brokers localhost:9092 --topic orders --rules old.yml --until-end --fail-on never")
    checks.true("records to replay are put aside", code == 0, said)


PREPARED = {"docs/backtest.md": backtest, "docs/compare.md": compare, "docs/http.md": probes, "docs/replay.md": replayable, "docs/topics.md": one_topic}


class Page:
    def __init__(self, kafka, page, blocks, folder):
        self.kafka, self.page, self.blocks = kafka, page, blocks
        self.text = self.updated = read(page)
        web = f"127.0.0.1:{free_ports(1)[0]}"
        self.place = Place(folder, names={"localhost:9092": kafka.bootstrap, "kafka:9092": kafka.bootstrap, "localhost:8947": web, "127.0.0.1:8947": web},
                           programs=(*Place.programs, "curl"), WEIR_WEB_LISTEN=web, WEIR_GROUP="of-" + re.sub(r"\W", "-", page))
        self.web = web
        self.running = []
        for name, content in fixtures.files_of(page).items():
            self.place.write(name, content)
        for made, command in fixtures.MADE.items():
            if made in self.text:
                self.place.run(command)
        for block in reversed(blocks_of(page, self.text)):
            if block.file_name:
                self.place.write(block.file_name, block.text)

    # ---- a weir that goes on
    def get(self, path):
        """(status, body); nothing where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://{self.web}{path}", timeout=2) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except OSError:
            return 0, ""

    def until(self, what, holds, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if holds():
                return True
            time.sleep(0.1)
        checks.true(f"{self.page}: {what} within {seconds} s", False, self.get("/readyz?verbose"))
        return False

    def start(self, command):
        with open(os.path.join(self.place.folder, ".log"), "wb") as log:
            self.running.append(subprocess.Popen([shutil.which("setpriv"), "--pdeathsig", "KILL", "bash", "-c", "exec " + self.place.ours(command)], cwd=self.place.folder,
                                                 env=self.place.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log))
        return self.until(f"`{command}` is ready", lambda: self.running[-1].poll() is not None or self.get("/readyz")[0] == 200)

    def end(self):
        """SIGTERM; gives the exit code and what was said."""
        process = self.running.pop()
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            code = None
        with open(os.path.join(self.place.folder, ".log"), encoding="utf-8", errors="replace") as log:
            return code, log.read()

    # ---- the page
    def run(self):
        PREPARED.get(self.page, common)(self)
        for block in self.blocks:
            shown = ""
            for command, expected in typed(block) if block.kind == "console" else [(line, None) for line in lines_of(block)]:
                if GOES_ON.search(command):
                    ready = self.start(command)
                    code, got = self.end()
                    checks.true(f"{block.place}: `{command}` runs, and ends by SIGTERM", ready and code == 0, (code, got[-1500:]))
                    shown += f"$ {command}\n{expected}"
                    continue
                began = time.monotonic()
                code, got = self.place.run(command)
                if time.monotonic() - began > SLOW:
                    print(f"{block.place}: `{command}` took {time.monotonic() - began:.0f} s", flush=True)
                got = SLOW_BROKER.sub("", got)
                fits = expected is None or same(expected, got)
                shown += f"$ {command}\n{expected if fits or not UPDATE else got}"
                checks.true(f"{block.place}: $ {command}\n--- got\n{got}--- wanted\n{expected}---", fits)
                checks.equal(f"{block.place}: $ {command}: exit code; it said\n{got}", code, wanted_exit(command, expected or ""))
            if UPDATE and block.kind == "console":
                self.updated = self.updated.replace(block.whole, f"```console\n{shown}```")

    def close(self):
        while self.running:
            checks.equal(f"{self.page}: weir ends by SIGTERM", self.end()[0], 0)
        if UPDATE and self.updated != self.text:
            with open(os.path.join(ROOT, self.page), "w", encoding="utf-8") as file:
                file.write(self.updated)
            print(f"{self.page} was written anew")


def clear(kafka):
    """Nothing of the page before. Groups stay: each page has its own."""
    for name in [name for name in kafka.admin.list_topics(timeout=10).topics if not name.startswith("__")]:
        kafka.delete_topic(name)


def main():
    found = {page: [block for block in blocks_of(page) if runners.is_live(block) and not runners.elsewhere(block) and not runners.left(block)] for page in pages()}
    found = {page: blocks for page, blocks in found.items() if blocks and ONLY in page}
    with Cluster(relayed=True) as kafka:
        for page, blocks in found.items():
            began = time.monotonic()
            with tempfile.TemporaryDirectory(prefix="weir-page-") as folder:
                here = Page(kafka, page, blocks, folder)
                try:
                    here.run()
                except Exception as fault:  # told with the rest
                    checks.true(f"{page}: it runs to its end", False, repr(fault))
                kafka.relay().heal()
                here.close()
            clear(kafka)
            print(f"{page}: {len(blocks)} blocks, {time.monotonic() - began:.0f} s", flush=True)


main()
checks.finish()
