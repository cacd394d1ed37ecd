# SPDX-License-Identifier: Apache-2.0
"""deploy/ci/github: the steps of action.yml, run as GitHub runs them: `run` in bash with the expressions filled in, `if` as it comes out.
What GitHub itself does (checkout, cache, annotations on a page) is not here."""
import os
import re
import subprocess
import tempfile

from place import WEIR, Checks, read, skip, under, with_weir

try:
    import yaml
except ImportError:
    skip("there is no PyYAML; deploy/setup.sh")

checks = Checks()
FOLDER = under("deploy", "ci", "github")
ACTION = yaml.safe_load(read(os.path.join(FOLDER, "action.yml")))
RULES = """weir: 1
fields:
  order_id: {type: string, required: true}
  amount: {type: decimal, min: 0}
tests:
  - {pass: {order_id: O-1, amount: 5}}
"""
GOOD, BAD = '{"order_id":"O-1","amount":5}\n', '{"order_id":"O-2","amount":-5}\n'


def act(folder, env, **given):
    """Runs the action. Its outputs, whether it failed, what it printed, its summary."""
    inputs = {name: str(spec.get("default", "")) for name, spec in ACTION["inputs"].items()}
    inputs.update({name.replace("_", "-"): value for name, value in given.items()})
    outputs, printed, failed, summary = {}, "", False, os.path.join(folder, "summary.md")
    open(summary, "w").close()

    def fill(text):
        def value(match):
            words = match.group(1).strip()
            if words.startswith("inputs."):
                return inputs[words[len("inputs."):]]
            step, name = re.fullmatch(r"steps\.(\w+)\.outputs\.(\w+)", words).groups()
            return outputs.get(step, {}).get(name, "")
        return re.sub(r"\$\{\{(.*?)\}\}", value, text)

    for step in ACTION["runs"]["steps"]:
        if "uses" in step:
            checks.equal("only a cache is taken from elsewhere, and only to compile", (step["uses"].split("@")[0], step["if"]),
                         ("actions/cache", "steps.look.outputs.wanted == 'build'"))
            continue
        told = os.path.join(folder, "output")
        open(told, "w").close()
        done = subprocess.run(["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]], cwd=folder, check=False, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                              env={**env, **{k: fill(v) for k, v in step.get("env", {}).items()}, "GITHUB_ACTION_PATH": FOLDER,
                                   "GITHUB_OUTPUT": told, "GITHUB_STEP_SUMMARY": summary, "RUNNER_TEMP": os.path.join(folder, "temp")})
        printed += done.stdout
        if "id" in step:
            outputs[step["id"]] = dict(line.split("=", 1) for line in read(told).splitlines())
        if done.returncode != 0:
            failed = True
            break
    return {name: fill(spec["value"]) for name, spec in ACTION["outputs"].items()}, failed, printed, read(summary)


with tempfile.TemporaryDirectory() as folder:
    env = with_weir(os.path.join(folder, "bin"))
    os.makedirs(os.path.join(folder, "data"))
    for name, text in (("orders.yml", RULES), ("data/a.ndjson", GOOD), ("data/b $(touch x); c.ndjson", GOOD), ("bad.ndjson", GOOD + BAD),
                       ("wrong.yml", RULES.replace("min:", "mim:"))):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    out, failed, printed, summary = act(folder, env, rules="orders.yml", files="data/a.ndjson\n\ndata/b $(touch x); c.ndjson\n")
    checks.equal(f"what holds passes: {printed}", (out["exit"], failed), ("0", False))
    checks.equal("the reports", sorted(os.listdir(out["reports"])), ["weir.html", "weir.json", "weir.md", "weir.sarif", "weir.xml"])
    checks.true("a summary", "orders.yml" in summary or "amount" in summary, summary)
    checks.true("a name of a file is no command", not os.path.exists(os.path.join(folder, "x")))
    out, failed, printed, _ = act(folder, env, rules="orders.yml", files="data")
    checks.equal(f"a directory: {printed}", (out["exit"], failed), ("0", False))

    out, failed, printed, summary = act(folder, env, rules="orders.yml", files="bad.ndjson")
    checks.equal("a rule that fails fails the step", (out["exit"], failed), ("1", True))
    checks.true("an annotation", "::error " in printed, printed)
    checks.true("the summary names the rule", "amount.min" in summary, summary)
    out, failed, _, _ = act(folder, env, rules="orders.yml", files="bad.ndjson", fail_on="never")
    checks.equal("fail-on: never", (out["exit"], failed), ("0", False))
    out, failed, printed, _ = act(folder, env, rules="orders.yml", files="none.ndjson")
    checks.equal("records that are not there are no failed rule", (out["exit"], failed), ("3", True))
    out, failed, printed, _ = act(folder, env, rules="wrong.yml", files="data/a.ndjson")
    checks.equal("rules that are wrong", (out["exit"], failed), ("2", True))
    checks.true("an annotation in the rule file", re.search(r"::error .*file=wrong\.yml,line=\d+", printed), printed)
    out, failed, printed, _ = act(folder, env, rules="orders.yml")
    checks.equal("rules alone", (out["exit"], failed), ("0", False))
    out, failed, printed, _ = act(folder, env, rules="orders.yml", files="bad.ndjson", args="--state=orders.db\n--redact=amount")
    checks.true("more flags", os.path.exists(os.path.join(folder, "orders.db")) and "-5" not in printed, printed)

checks.true("the program is the one under test", os.path.exists(WEIR))
checks.finish()
