# SPDX-License-Identifier: Apache-2.0
"""Shells complete weir's command line: the scripts that `weir completion` prints are really sourced, and asked as a person
asks, with a line and a Tab. A shell that is not installed is named and left out."""
import os
import pty
import re
import select
import shutil
import subprocess
import time

from weir_process import GOOD, RULES, WEIR, Checks, Workplace, environment, run

checks = Checks()
commands = re.findall(r"^  (\w+) +\S", run("--help").out.decode().split("Commands:\n")[1], re.M)


def flags_of(command):
    """What --help lists, hidden flags not. Those that there is no room for stand in the notes."""
    screen = run(command, "--help").out.decode().split("\nExit:")[0]
    if command not in ("check", "compare", "baseline", "run", "quarantine", "replay", "backtest", "explain", "config", "doctor"):
        screen = re.sub(r"(?s)Usage.*?(Flags)", r"\1", screen)
    screen = screen.replace("[-c ", "[--config ")
    return set(re.findall(r"(--[a-z][a-z-]*(?:\.[a-z-]+)*)", screen))


def script(shell):
    ran = run("completion", shell)
    checks.equal(f"completion {shell}: exit", ran.exit, 0)
    checks.equal(f"completions {shell}: the same", run("completions", shell).out, ran.out)
    return ran.out.decode()


def ask_bash(folder, line):
    """The words that bash would offer, and whether it would offer files."""
    program = f"""{BASH}
compopt() {{ [[ $1 == -o && $2 == default ]] && files=yes; [[ $1 == +o ]] && files=no; return 0; }}
COMP_LINE=$1 COMP_POINT=${{#1}} files=no
_weir
printf '%s\\n' "files=$files" "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(["bash", "--norc", "-c", program, "bash", line], cwd=folder, env=shell_environment, check=False,
                          capture_output=True, text=True, timeout=60)
    checks.equal(f"bash, {line!r}: says nothing", done.stderr, "")
    lines = [word for word in done.stdout.split("\n") if word]
    return set(lines[1:]), lines[0] == "files=yes"


def type_into(argv, folder, typed):
    """Types keys into a shell on a terminal, and awaits after each what it has to show. Gives what it never showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execvpe(argv[0], argv, {**shell_environment, "TERM": "vt100", "PS1": "$ ", "ZDOTDIR": folder})
    missed = []
    for keys, wanted in typed:
        os.write(terminal, keys.encode())
        shown = b""
        end = time.monotonic() + 20
        while wanted not in plain(shown):
            if time.monotonic() > end:
                missed.append((keys, wanted, plain(shown)))
                break
            if select.select([terminal], [], [], 0.1)[0]:
                shown += os.read(terminal, 65536)
        if missed:
            break
    os.close(terminal)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    return missed


def plain(shown):
    """Without the padding and the sequences that move and colour."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00\x07\x08\r]", "", shown.decode(errors="replace"))


BASH = script("bash")
with Workplace(**{"orders.yml": RULES, "my orders.yml": RULES, "orders.ndjson": GOOD}) as folder:
    # The scripts call `weir` by its name.
    os.symlink(WEIR, os.path.join(folder, "weir"))
    shell_environment = environment(PATH=folder + ":" + os.environ["PATH"], HOME=folder)
    for name in ("bash", "zsh", "fish"):
        with open(os.path.join(folder, name + ".completion"), "w") as file:
            file.write(script(name))

    # ---- bash
    words, files = ask_bash(folder, "weir ")
    checks.equal("bash offers every command", words - {"help", "--help", "--version"}, set(commands))
    checks.equal("bash: a part of a command", ask_bash(folder, "weir exp"), ({"explain"}, False))
    checks.equal("bash: help", ask_bash(folder, "weir help li"), ({"lint"}, False))
    for command in commands:
        words, files = ask_bash(folder, f"weir {command} --")
        checks.equal(f"bash offers every flag of {command}", words, flags_of(command))
        checks.true(f"bash offers no files for a flag of {command}", not files)
    for line, wanted in {
        "weir check --fail-on ": ({"error", "warn", "never"}, False),
        "weir check --fail-on=w": ({"warn"}, False),
        "weir check --rules ": (set(), True),
        "weir check -r ": (set(), True),
        "weir check --rules=or": (set(), True),
        "weir check --report m": ({"md="}, False),
        "weir check --report md=": (set(), True),
        "weir check --var ": (set(), False),
        "weir check or": (set(), True),
        "weir check -- --": (set(), True),
        "weir check --color al": ({"always"}, False),
        "weir lint --format g": ({"github"}, False),
        "weir completion ": ({"bash", "zsh", "fish"}, False),
        "weir completion zsh ": (set(), False),
        "weir import o": ({"odcs"}, False),
        "weir import gx ": (set(), True),
        "weir version ": (set(), False),
        "weir frobnicate ": (set(), False),
        "weir explain ": (set(), True),
        "weir explain orders.yml amount.m": ({"amount.min", "amount.max"}, False),
        "weir explain --var a=b orders.yml order_id.u": ({"order_id.unique"}, False),
        "weir explain my\\ orders.yml amount.ma": ({"amount.max"}, False),
        "weir explain absent.yml a": (set(), False),
    }.items():
        checks.equal(f"bash: {line!r}", ask_bash(folder, line), wanted)
    checks.equal("bash on a terminal", type_into(["bash", "--norc", "-i"], folder, [
        ("source bash.completion; echo re''ady\n", "ready"), ("weir check --fail-\t", "--fail-on "), ("n\t", "never "),
        ("--rules orders.y\t", "orders.yml "), ("--report js\t", "json="), ("orders.nd\t", "orders.ndjson "),
        ("--fail-on=w\t", "--fail-on=warn "), ("\x15weir explain my\\ ord\t", "my\\ orders.yml "),
        ("currency.i\t", "currency.in ")]), [])

    # ---- fish
    if shutil.which("fish"):
        def ask_fish(line):
            done = subprocess.run(["fish", "--no-config", "-c", "source fish.completion; complete -C $argv[1]", line], cwd=folder,
                                  env=shell_environment, check=False, capture_output=True, text=True, timeout=60)
            checks.equal(f"fish, {line!r}: says nothing", done.stderr, "")
            return dict((offer.split("\t") + [""])[:2] for offer in done.stdout.split("\n") if offer)

        checks.equal("fish offers every command", set(ask_fish("weir ")) - {"help"}, set(commands))
        checks.equal("fish says what a command does", ask_fish("weir lin"), {"lint": "find every mistake in rule files"})
        for command in commands:
            checks.equal(f"fish offers every flag of {command}", set(ask_fish(f"weir {command} --")), flags_of(command))
        for line, wanted in {
            "weir check --fail-on ": {"error", "warn", "never"},
            "weir check --fail-on=w": {"--fail-on=warn"},
            "weir check --rules ord": {"orders.yml", "orders.ndjson"},
            "weir check --report m": {"md=", "my orders.yml"},
            "weir check --report md=orders.y": {"md=orders.yml"},
            "weir check --var ": set(),
            "weir check ord": {"orders.yml", "orders.ndjson"},
            "weir completion ": {"bash", "zsh", "fish"},
            "weir import od": {"odcs"},
            "weir import gx orders.y": {"orders.yml"},
            "weir version ": set(),
            "weir help di": {"diff"},
            "weir explain orders.yml amount.m": {"amount.min", "amount.max"},
        }.items():
            checks.equal(f"fish: {line!r}", set(ask_fish(line)), wanted)
    else:
        print("fish is not installed: left out")

    # ---- zsh
    if shutil.which("zsh"):
        done = subprocess.run(["zsh", "-f", "-n", "zsh.completion"], cwd=folder, check=False, capture_output=True, text=True)
        checks.equal("zsh: parses", (done.returncode, done.stderr), (0, ""))
        checks.equal("zsh on a terminal", type_into(["zsh", "-f", "-i"], folder, [
            ("PROMPT='% '; autoload -U compinit; compinit -u; source zsh.completion; echo re''ady\n", "ready\n"),
            ("weir che\t", "check"), ("--fail\t", "-- failing records kept for each rule: 20, or all"),
            ("\x15weir check --fail-on n\t", "never"), ("--rules orders.y\t", "orders.yml"),
            ("--report js\t", "json="), ("orders.nd\t", "orders.ndjson"),
            ("\x15weir explain orders.yml currency.i\t", "currency.in"),
            ("\x15weir lint --format \t", "github"), ("\x15weir completion f\t", "fish")]), [])
    else:
        print("zsh is not installed: left out")
checks.equal("a shell that there is not", run("completion", "tcsh").exit, 2)
checks.finish()
