# SPDX-License-Identifier: Apache-2.0
"""What README.md shows is what happens: the files that it prints are made, the commands behind `$` are run, and their output
is compared. WEIR_UPDATE_GOLDEN=1 writes the output into the page; read the difference before you commit it."""
import json
import os
import random
import re
import shlex
import subprocess
import sys

from weir_process import WEIR, Checks, Workplace, environment

README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "README.md")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def steady(text):
    """Without how long it took."""
    return re.sub(r"\bin [<\d.,]+ ?(µs|ms|s)\b", "in TIME", text)


def runs(block):
    """The commands of a console block with the output below each."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def result_of(command, folder):
    words = shlex.split(command)
    assert words[0] == "weir", command
    done = subprocess.run([WEIR, *words[1:]], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, env=environment(), timeout=60, check=False)
    return done.stdout.decode()


def features(seed, amounts, countries):
    """The records of which the page tells and which are too many to print."""
    draw = random.Random(seed)
    lines = []
    for _ in range(3000):
        one = {"amount": round(draw.lognormvariate(3, 1) * amounts, 2), "country": draw.choices(*zip(*countries.items()))[0],
               "age": draw.randint(18, 80), "premium": draw.random() < 0.2}
        lines.append(json.dumps(one) + "\n")
    return "".join(lines)


checks = Checks()
with open(README, encoding="utf-8") as file:
    page = file.read()
updated = page
with Workplace() as folder:
    for name, text in (("train", features(1, 1, {"DE": 41, "FR": 30, "IT": 20, "ES": 9})),
                       ("serve", features(2, 100, {"DE": 28, "FR": 31, "IT": 20, "ES": 9, "CH": 12}))):
        with open(os.path.join(folder, f"{name}.ndjson"), "w", encoding="utf-8") as file:
            file.write(text)
    for match in FENCE.finditer(page):
        language, block = match.groups()
        named = re.findall(r"in `([\w.-]+\.\w+)`", page[:match.start()].rstrip().split("\n\n")[-1])
        if language in ("yaml", "json") and named:
            with open(os.path.join(folder, named[-1]), "w", encoding="utf-8") as file:
                file.write(block)
        if language != "console":
            continue
        shown = ""
        for command, output in runs(block):
            got = result_of(command, folder)
            checks.equal("$ " + command, steady(got), steady(output))
            shown += "$ " + command + "\n" + (output if steady(got) == steady(output) else got)
        updated = updated.replace(match.group(0), "```console\n" + shown + "```")
    checks.true("commands were run", checks.done >= 3)
    for name in ("failing.ndjson", "good.ndjson", "report.html"):
        checks.true(f"README's command writes {name}", os.path.getsize(os.path.join(folder, name)) > 0)

for link in re.findall(r"\]\(([^):#]+)\)", page):
    checks.true(f"README links to {link}", os.path.exists(os.path.join(os.path.dirname(README), link)))

if os.environ.get("WEIR_UPDATE_GOLDEN") and updated != page:
    with open(README, "w", encoding="utf-8") as file:
        file.write(updated)
    print("README.md was written anew")
    sys.exit(0)
checks.finish()
