# SPDX-License-Identifier: Apache-2.0
"""A real terminal for the scripts beside this file: tmux without a window. Keys go in, what is on the screen comes out.

    with Terminal(columns=80, lines=24) as terminal:
        terminal.run("top", "http://127.0.0.1:8947")   # typed into a shell, as a person does
        terminal.wait_for("amount.max")
        terminal.keys("Down", "Enter")
        print(terminal.text())
        terminal.keys("q")
        assert terminal.exit_code() == 0

`weir` on the shell's path is the program in $WEIR. Every Terminal is a tmux server of its own, gone with it. Names of keys
are tmux's: Up, PPage, NPage, Home, End, Enter, Escape, BSpace, C-c, M-x; one character is itself.
"""
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts"))
from weir_process import WEIR, Checks, environment, is_sanitized  # noqa: E402,F401 - scripts take them from here

SKIPPED = 77
PATIENCE = 60.0  # seconds; nothing here takes one unless it is broken, or the machine is busy
PROMPT = "@> "

CONFIG = """
set -g status off
set -g default-terminal tmux-256color
set -g escape-time 20
set -g history-limit 5000
set -g remain-on-exit on
"""


def need_tmux():
    """Ends the script as skipped where there is no tmux."""
    if shutil.which("tmux") is None:
        print("skipped: tmux is missing (deploy/setup.sh installs it)")
        sys.exit(SKIPPED)


class NotOnScreen(AssertionError):
    pass


class Terminal:
    def __init__(self, columns=80, lines=24, cwd=".", **variables):
        need_tmux()
        self.folder = tempfile.TemporaryDirectory(prefix="weir-terminal-")
        place = self.folder.name
        os.symlink(WEIR, os.path.join(place, "weir"))
        config = os.path.join(place, "tmux.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(CONFIG)
        self.tmux_command = ["tmux", "-u", "-S", os.path.join(place, "socket"), "-f", config]
        profile = os.path.join(place, "profile")
        with open(profile, "w", encoding="utf-8") as file:
            file.write(f"PS1='{PROMPT}'\n")
        around = environment(LANG="C.UTF-8", ENV=profile)
        for name in ("TMUX", "LC_ALL", "LC_CTYPE", "COLUMNS", "LINES"):
            around.pop(name, None)
        around["PATH"] = place + os.pathsep + around.get("PATH", "")
        around.update(variables)
        self.variables = {name: variables[name] for name in variables if name == "TERM"}
        done = subprocess.run([*self.tmux_command, "new-session", "-d", "-x", str(columns), "-y", str(lines), "-c",
                               os.path.abspath(cwd), "sh"], env=around, capture_output=True, timeout=PATIENCE, check=False)
        if done.returncode != 0:
            raise RuntimeError("tmux: " + done.stderr.decode())
        self.wait_for(lambda text: text.startswith(PROMPT.strip()), "the prompt of a shell")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        subprocess.run([*self.tmux_command, "kill-server"], capture_output=True, timeout=PATIENCE, check=False)
        self.folder.cleanup()

    def tmux(self, *args):
        done = subprocess.run([*self.tmux_command, *args], capture_output=True, timeout=PATIENCE, check=True)
        return done.stdout.decode("utf-8", "replace")

    # ---- in
    def keys(self, *names):
        """Presses keys, one after the other."""
        for name in names:
            self.tmux("send-keys", name if name != ";" else "\\;")

    def type(self, text):
        self.tmux("send-keys", "-l", "--", text)

    def bytes(self, raw):
        """Whatever a terminal might send."""
        self.tmux("send-keys", "-H", *(f"{one:02x}" for one in raw))

    def run(self, *args, **variables):
        """Types `weir ARGS` and Enter into the shell, on a cleared screen."""
        self.shell("clear")
        self.wait_for(lambda text: text.strip() == PROMPT.strip(), "a cleared screen")
        words = [f"{name}={shlex.quote(value)}" for name, value in {**self.variables, **variables}.items()]
        self.shell(" ".join([*words, "weir", *(shlex.quote(one) for one in args)]))

    def shell(self, line):
        self.type(line)
        self.keys("Enter")

    def resize(self, columns, lines):
        self.tmux("resize-window", "-x", str(columns), "-y", str(lines))

    # ---- out
    def screen(self):
        """The lines of the screen, without spaces at their ends."""
        return self.tmux("capture-pane", "-p").split("\n")[:-1]

    def text(self):
        return "\n".join(self.screen())

    def painted(self):
        """The screen with the colours and other attributes as escape sequences."""
        return self.tmux("capture-pane", "-p", "-e")

    def history(self):
        """The screen and what has scrolled out of it."""
        return self.tmux("capture-pane", "-p", "-S", "-")

    def state(self, name):
        """What tmux knows: alternate_on, cursor_flag, cursor_x, pane_width, pane_dead..."""
        return self.tmux("display-message", "-p", "#{" + name + "}").strip()

    def wait_for(self, wanted, what=None, seconds=PATIENCE):
        """Until a text is on the screen (or a pattern, or a function of the screen's text holds); gives the screen."""
        if callable(wanted):
            holds = wanted
        elif isinstance(wanted, re.Pattern):
            holds = wanted.search
        else:
            holds = lambda text: wanted in text  # noqa: E731
        until = time.monotonic() + seconds
        while True:
            text = self.text()
            if holds(text):
                return text
            if time.monotonic() > until:
                raise NotOnScreen(f"not on the screen after {seconds} s: {what or wanted}\n{text}")
            time.sleep(0.05)

    def wait_until_gone(self, text, seconds=PATIENCE):
        return self.wait_for(lambda shown: text not in shown, f"(gone) {text}", seconds)

    # ---- the program in it
    def pid(self):
        """The process in the foreground; the shell's own where nothing runs."""
        with open(f"/proc/{self.state('pane_pid')}/stat", encoding="utf-8") as file:
            return int(file.read().rpartition(")")[2].split()[5])  # the terminal's foreground group

    def is_running(self):
        return str(self.pid()) != self.state("pane_pid")

    def exit_code(self, seconds=PATIENCE):
        """Waits until the program has ended and asks the shell how."""
        until = time.monotonic() + seconds
        while self.is_running():
            if time.monotonic() > until:
                raise NotOnScreen("the program has not ended\n" + self.text())
            time.sleep(0.05)
        self.shell("echo exit=$?=")
        found = re.compile(r"^exit=(\d+)=$", re.MULTILINE)
        return int(found.findall(self.wait_for(found))[-1])
