# SPDX-License-Identifier: Apache-2.0
"""docs/deploy.md and docs/ci.md: what their blocks name is there, what they hand to other programs is what those take, and what is weir's own is put
to weir. What the commands themselves do is tried by the other tests of this folder; they install, build and start things elsewhere."""
import json
import os
import re
import tempfile

from place import WEIR, Checks, read, sh, skip, tool, under

try:
    import jsonschema
    import yaml
except ImportError:
    skip("there is no jsonschema; deploy/setup.sh")

checks = Checks()


def blocks(page, kind):
    return re.findall(rf"^```{kind}\n(.*?)^```$", read(under(page)), re.M | re.S)


def one(page, kind, holding):
    found = [text for text in blocks(page, kind) if holding in text]
    checks.equal(f"{page}: one block of {kind} has `{holding}`", len(found), 1)
    return found[0] if found else ""


# ---- commands: the folders, presets and flags that they name
presets = json.loads(read(under("CMakePresets.json")))
workflows = {preset["name"] for preset in presets["workflowPresets"]}
builds = {preset["name"] for preset in presets["buildPresets"]}
version = sh(WEIR, "version")[1].split()[1]
for page in ("docs/deploy.md", "docs/ci.md", "docs/embed/README.md"):
    text = "".join(blocks(page, "sh") + blocks(page, "console"))
    checks.true(f"{page}: it has commands", text)
    for path in re.findall(r"(?<![\w/.-])(?:deploy|docs|tests)/[\w./-]*\w", text):
        checks.true(f"{page}: {path} is there", os.path.exists(under(path)))
    for preset in re.findall(r"--workflow --preset (\w+)", text):
        checks.true(f"{page}: there is a workflow `{preset}`", preset in workflows)
    for preset in re.findall(r"build/(\w+)/|--install build/(\w+)", text):
        checks.true(f"{page}: something is built into build/{''.join(preset)}", "".join(preset) in builds)
    for part in re.findall(r"--component (\w+)", text):
        checks.true(f"{page}: there is a component `{part}`", f"COMPONENT {part}" in read(under("deploy", "package", "install.cmake")))
    for argument in re.findall(r"--build-arg (\w+)", text):
        checks.true(f"{page}: the Containerfile has {argument}", f"ARG {argument}" in read(under("deploy", "Containerfile")))
    for named in re.findall(r"weir[_:](\d+\.\d+\.\d+)", text):
        checks.equal(f"{page}: the version", named, version)

with tempfile.TemporaryDirectory() as folder:
    # ---- the values of the chart
    values = yaml.safe_load(one("docs/deploy.md", "yaml", "# my-values.yaml"))
    schema = json.loads(read(under("deploy", "helm", "weir", "values.schema.json")))
    faults = [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(values)]
    checks.equal("my-values.yaml: the chart takes them", faults, [])
    with open(os.path.join(folder, "password"), "w", encoding="utf-8") as file:
        file.write("of the Secret\n")
    for name, text in (("weir.yml", yaml.safe_dump(values["config"]).replace("/run/secrets/weir", folder)), *values["rules"].items()):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    code, text = sh(WEIR, "run", "-c", os.path.join(folder, "weir.yml"), "--validate")
    checks.equal(f"my-values.yaml: weir takes them: {text}", code, 0)
    helm = tool("helm")
    if helm:
        with open(os.path.join(folder, "my-values.yaml"), "w", encoding="utf-8") as file:
            yaml.safe_dump(values, file)
        code, text = sh(helm, "template", "weir", under("deploy", "helm", "weir"), "--kube-version", "1.34.0", "-f", os.path.join(folder, "my-values.yaml"))
        checks.equal(f"my-values.yaml: Helm takes them: {text[-500:] if code else ''}", code, 0)

    # ---- a drop-in of systemd
    analyze = tool("systemd-analyze")
    if analyze:
        unit = os.path.join(folder, "weir.service")
        with open(unit, "w", encoding="utf-8") as file:
            file.write(read(under("deploy", "systemd", "weir.service")).replace("/usr/bin/weir", WEIR) + one("docs/deploy.md", "ini", "LoadCredential"))
        code, text = sh(analyze, "verify", "--man=no", unit)
        checks.equal("the drop-in is one that systemd takes", (code, text.strip()), (0, ""))

# ---- GitHub, GitLab, pre-commit
step = yaml.safe_load(one("docs/ci.md", "yaml", "deploy/ci/github@"))[0]
action = yaml.safe_load(read(under("deploy", "ci", "github", "action.yml")))
checks.equal("the action has these inputs", [name for name in step["with"] if name not in action["inputs"]], [])
for name in action["inputs"]:
    checks.true(f"docs/ci.md has the input `{name}`", f"| `{name}` |" in read(under("docs", "ci.md")))
jobs = yaml.safe_load(one("docs/ci.md", "yaml", "weir.gitlab-ci.yml"))
checks.true("the template is where it is included from", os.path.exists(under(jobs.pop("include")["file"])))
template = yaml.safe_load(read(under("deploy", "ci", "gitlab", "weir.gitlab-ci.yml")))
for name, job in jobs.items():
    checks.true(f"{name}: there is a job {job['extends']}", job["extends"] in template)
    for variable in job["variables"]:
        checks.true(f"{name}: it reads ${variable}", f"${variable}" in json.dumps(template[job["extends"]]))
hooks = {hook["id"] for hook in yaml.safe_load(read(under(".pre-commit-hooks.yaml")))}
wanted = yaml.safe_load(one("docs/ci.md", "yaml", "repos:"))["repos"][0]["hooks"]
checks.equal("the hooks are there", sorted(hook["id"] for hook in wanted), sorted(hooks))

# What a commit with a mistake is told: weir's own words.
told = one("docs/ci.md", "console", "$ git commit")
with tempfile.TemporaryDirectory() as folder:
    os.makedirs(os.path.join(folder, "rules"))
    with open(os.path.join(folder, "rules", "orders.yml"), "w", encoding="utf-8") as file:
        file.write("weir: 1\nfields: {amount: {type: decimal, mim: 0}}\n")
    code, text = sh(WEIR, "lint", "--quiet", "rules/orders.yml", cwd=folder)
    checks.equal("its exit code", f"exit code: {code}" in told, True)
    checks.true("its words", text.strip() in told, text)

checks.finish()
