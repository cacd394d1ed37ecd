# SPDX-License-Identifier: Apache-2.0
"""docs/tutorial.md as somebody types it: in a copy of docs/tutorial, every command with its output, the last part in several terminals beside a
`weir demo`. WEIR_UPDATE_GOLDEN=1 writes what was printed into the page; read the difference before you commit it."""
import filecmp
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "docs"))
from page_blocks import PROGRAMS, ROOT, Place, blocks_of, lines_of, read, same, steady, typed, wanted_exit  # noqa: E402
from weir_process import WEIR, Checks  # noqa: E402

PAGE = "docs/tutorial.md"
TUTORIAL = os.path.join(ROOT, "docs", "tutorial")
GOES_ON = ("weir demo", "weir run", "python3 listen.py")
AFTER_ALERTS = ("weir top", "weir quarantine stats aside")  # what is typed when the listener has heard of everything
PATIENCE = 240  # seconds for what a command that goes on has to print: the story of the demo may have to be told twice
# What the page says of addresses: the Kafka of its demo, its receiver, its page.
KAFKA, RECEIVER, STATUS = "127.0.0.1:36525", "9000", "127.0.0.1:8950"
checks = Checks()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


def is_open(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", int(port))) == 0


class Beside:
    """A command that goes on, with its output so far."""

    def __init__(self, place, command, expected):
        self.command, self.expected = command, expected
        self.path = os.path.join(place.folder, f".{time.monotonic_ns()}.out")
        with open(self.path, "wb") as out:
            self.process = subprocess.Popen(["bash", "-c", "exec " + place.ours(command)], cwd=place.folder, env=place.environment,
                                            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)

    def printed(self):
        with open(self.path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def wait_for(self, holds):
        """Until that is true of what was printed; gives the last answer."""
        until = time.monotonic() + PATIENCE
        while True:
            found = holds(self.printed())
            if found or time.monotonic() > until or self.process.poll() is not None:
                return found
            time.sleep(0.2)

    def end(self):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Typist:
    def __init__(self, folder):
        self.place = Place(folder, PROGRAMS, names={RECEIVER: free_port(), STATUS: "127.0.0.1:" + free_port()},
                           WEIR_LOG_FORMAT="text", PYTHONUNBUFFERED="1")
        self.beside = []

    def set_up(self, block):
        """The first block makes the folder in which the others are typed."""
        checkout = os.path.join(self.place.folder, "weir")
        os.makedirs(os.path.join(checkout, "build", "release"))
        os.symlink(WEIR, os.path.join(checkout, "build", "release", "weir"))
        os.symlink(os.path.join(ROOT, "docs"), os.path.join(checkout, "docs"))
        self.place.folder = checkout
        for line, (code, said) in zip(lines_of(block), self.place.run_lines(list(lines_of(block)))):
            checks.equal(f"{line}: exit code, and nothing said", (code, said), (0, ""))
        self.place.folder = os.path.join(self.place.environment["HOME"], "tutorial")
        for name in ("weir.yml", "listen.py"):
            self.place.write(name, read("docs", "tutorial", name))

    def type(self, command, expected):
        """Gives what the page has to say of this command."""
        if command.startswith(GOES_ON):
            self.beside.append(Beside(self.place, command, expected))
            if command.startswith("weir demo"):
                found = self.beside[-1].wait_for(re.compile(r"kafka +(\S+:\d+)").search)
                self.place.names[KAFKA] = found[1] if found else KAFKA
            if command.startswith("python3 listen.py"):
                self.beside[-1].wait_for(lambda _: is_open(self.place.names[RECEIVER]))
            return expected
        if command.startswith(AFTER_ALERTS):
            self.await_alerts()
        code, got = self.place.run(command)
        right = same(expected, got) and code == (0 if "|" in command else wanted_exit(command, expected))
        checks.true(f"$ {command}", right, f"exit {code}, got:\n{got}\nwanted:\n{expected}")
        return expected if right else got

    def await_alerts(self):
        for one in [one for one in self.beside if one.expected]:
            # On a busy machine it may begin in the middle of the story.
            found = one.wait_for(lambda printed, one=one: same("…\n" + one.expected, self.place.pages(printed)))
            checks.true(f"$ {one.command} goes on and prints what the page says", found,
                        "\n".join(f"$ {each.command} ({each.process.poll()})\n{each.printed()}" for each in self.beside))
            one.expected = ""

    def close(self):
        for one in reversed(self.beside):
            one.end()


def tutorial():
    page = updated = read(PAGE)
    with tempfile.TemporaryDirectory(prefix="weir-tutorial-") as folder:
        typist = Typist(folder)
        try:
            for block in blocks_of(PAGE):
                if block.file_name:
                    checks.equal(f"the page shows docs/tutorial/{block.file_name}", block.text, read("docs", "tutorial", block.file_name))
                if block.kind == "sh":
                    typist.set_up(block)
                if block.kind == "console":
                    shown = "".join(f"$ {command}\n{typist.type(command, output)}" for command, output in typed(block))
                    updated = updated.replace(block.whole, f"```console\n{shown}```")
        finally:
            typist.close()
        for name in ("failing.ndjson", "good.ndjson", "report.html", "weir.xml"):
            checks.true(f"the tutorial writes {name}", os.path.getsize(os.path.join(typist.place.folder, name)) > 0)
    if os.environ.get("WEIR_UPDATE_GOLDEN") and steady(updated) != steady(page):
        with open(os.path.join(ROOT, PAGE), "w", encoding="utf-8") as file:
            file.write(updated)
        print(f"{PAGE} was written anew")
        sys.exit(0)


def samples():
    """The orders are those that make.py makes."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(os.path.join(TUTORIAL, "make.py"), folder)
        subprocess.run([sys.executable, os.path.join(folder, "make.py")], check=True)
        for name in ("monday.ndjson", "tuesday.ndjson"):
            checks.true(f"make.py makes {name}", filecmp.cmp(os.path.join(folder, name), os.path.join(TUTORIAL, name), shallow=False))


if __name__ == "__main__":
    samples()
    tutorial()
    checks.true("commands were run", checks.done >= 20)
    checks.finish()
