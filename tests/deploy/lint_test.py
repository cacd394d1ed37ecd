# SPDX-License-Identifier: Apache-2.0
"""What is written for other programs is what they take: shell, YAML, workflows, the Containerfile, compose.yaml and what it mounts."""
import glob
import os
import subprocess

from place import WEIR, Checks, read, sh, skip, tool, under

try:
    import yaml
except ImportError:
    skip("there is no PyYAML; deploy/setup.sh")

checks = Checks()
missing = []


def with_tool(name, *args):
    """Runs a linter that has to be content."""
    path = tool(name)
    if path is None:
        missing.append(name)
        return
    code, text = sh(path, *args)
    checks.equal(f"{name}: {text}", code, 0)


def files_of(*patterns):
    return sorted(path for pattern in patterns for path in glob.glob(under(pattern), recursive=True))


scripts = [path for path in files_of("deploy/**/*", ".ci/*", "tests/*.sh", "tests/*/*.sh")
           if os.path.isfile(path) and not os.path.islink(path) and open(path, "rb").readline().startswith((b"#!/bin/sh", b"#!/usr/bin/env bash"))]
checks.true("there are scripts", len(scripts) > 8, scripts)
with_tool("shellcheck", "--severity=warning", *scripts)
for path in scripts:
    checks.true(f"{path} may be run", os.access(path, os.X_OK))

with_tool("actionlint", under("deploy", "ci", "github", "workflow.yml"))
with_tool("hadolint", under("deploy", "Containerfile"))
STYLE = ("{extends: default, rules: {line-length: {max: 170}, document-start: disable, braces: {max-spaces-inside: 1}, colons: disable, "
         "comments: {min-spaces-from-content: 1}, truthy: {check-keys: false}}}")
with_tool("yamllint", "--strict", "-d", STYLE, *files_of("deploy/ci/**/*.yml", "deploy/compose/**/*.y*ml", "deploy/kubernetes/*.yaml",
                                                       "deploy/helm/weir/*.yaml", "deploy/systemd/*.yml", ".pre-commit-hooks.yaml"))
for script in files_of("deploy/ci/**/*.py"):
    checks.equal(f"{script} compiles", sh("python3", "-c", f"compile(open({script!r}).read(), {script!r}, 'exec')")[0], 0)

# ---- compose.yaml and what it mounts
compose = yaml.safe_load(read(under("deploy", "compose", "compose.yaml")))
for name, service in compose["services"].items():
    for mount in service.get("volumes", []):
        source = mount.split(":")[0]
        if source.startswith("."):
            checks.true(f"compose: {name}: {source} is there", os.path.exists(under("deploy", "compose", source)))
        else:
            checks.true(f"compose: {name}: {source} is a volume", source in compose["volumes"])
    checks.true(f"compose: {name} is reached from this machine alone", all(p.startswith("127.0.0.1:") for p in service.get("ports", [])))
    for other in service.get("depends_on", []):
        checks.true(f"compose: {name} waits for a service", other in compose["services"])
with_tool("docker-compose", "-f", under("deploy", "compose", "compose.yaml"), "config", "-q")
with_tool("promtool", "check", "config", "--syntax-only", under("deploy", "compose", "prometheus.yml"))
with_tool("amtool", "check-config", under("deploy", "compose", "alertmanager.yml"))
code, text = sh(WEIR, "run", "-c", under("deploy", "compose", "weir.yml"), "--validate")
checks.equal(f"compose: weir.yml: {text}", code, 0)
code, text = sh(WEIR, "test", under("deploy", "compose", "rules", "orders.yml"))
checks.equal(f"compose: rules: {text}", code, 0)
ours, theirs = (yaml.safe_load(read(under("deploy", folder, "alertmanager.yml"))) for folder in ("compose", "prometheus"))
checks.equal("compose: who is told what is as in deploy/prometheus", [ours["route"], ours["inhibit_rules"]], [theirs["route"], theirs["inhibit_rules"]])
checks.equal("compose: the receivers have the same names", sorted(r["name"] for r in ours["receivers"]), sorted(r["name"] for r in theirs["receivers"]))
told = yaml.safe_load(read(under("deploy", "compose", "weir.yml")))["alerts"]["receivers"][0]["alertmanager"]
checks.true("compose: weir tells the same Alertmanager as Prometheus", told.removeprefix("http://") in read(under("deploy", "compose", "prometheus.yml")), told)
mounted = {m.split(":")[0]: m.split(":")[1] for s in ("prometheus", "grafana") for m in compose["services"][s]["volumes"]}
checks.equal("compose: Prometheus loads weir's alerts", os.path.basename(mounted["../prometheus/weir.rules.yml"]),
             yaml.safe_load(read(under("deploy", "compose", "prometheus.yml")))["rule_files"][0])
provided = yaml.safe_load(read(under("deploy", "compose", "grafana", "dashboards.yml")))["providers"][0]["options"]["path"]
checks.equal("compose: Grafana finds the dashboards", mounted["../../dashboards"], provided)
home = compose["services"]["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
checks.true("compose: and its home", home.startswith(provided) and os.path.exists(under("dashboards", os.path.basename(home))), home)
scraped = yaml.safe_load(read(under("deploy", "compose", "prometheus.yml")))["scrape_configs"][0]
checks.equal("compose: the job and the target", (scraped["job_name"], scraped["static_configs"][0]["targets"]), ("weir", ["weir:8947"]))
source = yaml.safe_load(read(under("deploy", "compose", "grafana", "datasource.yml")))["datasources"][0]
checks.equal("compose: Grafana's source", (source["type"], source["url"], source["isDefault"]), ("prometheus", "http://prometheus:9090", True))

# ---- the version is one
version = subprocess.run([WEIR, "version"], check=True, text=True, stdout=subprocess.PIPE).stdout.split()[1]
for path, text in (("deploy/helm/weir/Chart.yaml", f"appVersion: {version}\n"), ("deploy/helm/weir/Chart.yaml", f"\nversion: {version}\n"),
                   ("deploy/compose/compose.yaml", f"image: weir:{version}\n"), ("deploy/kubernetes/weir.yaml", f"image: weir:{version}\n"),
                   ("deploy/kubernetes/sidecar.yaml", f"image: weir:{version}\n"), ("deploy/ci/gitlab/weir.gitlab-ci.yml", f"weir:{version}\n")):
    checks.true(f"{path} is about weir {version}", text in read(under(path)))

if missing:
    print(f"not looked at, for there is no {', '.join(missing)} (deploy/setup.sh deploy)")
checks.finish()
