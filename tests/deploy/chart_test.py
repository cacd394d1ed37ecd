# SPDX-License-Identifier: Apache-2.0
"""deploy/helm/weir: every way of using it renders to what the API's own schema takes and to a configuration that weir takes, bounded as
`restricted` wants it; wrong values are refused with words; nothing of weir can make a pipeline's pod wait."""
import json
import os
import shutil
import tempfile

from place import WEIR, Checks, check_restricted, need, pod_specs, sh, skip, under, validate

helm = need("helm")
try:
    import yaml
except ImportError:
    skip("there is no PyYAML; deploy/setup.sh")

CHART = under("deploy", "helm", "weir")
VERSIONS = ("1.29", "1.34", "1.37")
checks = Checks()


def helm_says(*args):
    code, text = sh(helm, *args)
    return code, "\n".join(line for line in text.splitlines() if "found symbolic link in path" not in line)


def template(release, values, chart=CHART):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(values, file)
        file.flush()
        return helm_says("template", release, chart, "--namespace", "data", "--kube-version", "1.34.0", "-f", file.name)


def render(name, values, release="weir", chart=CHART):
    code, text = template(release, values, chart)
    checks.equal(f"{name}: it renders: {text[-500:] if code else ''}", code, 0)
    documents = [d for d in yaml.safe_load_all(text) if d] if code == 0 else []
    validate(checks, name, documents, VERSIONS)
    names = [(d["kind"], d["metadata"]["name"]) for d in documents]
    checks.equal(f"{name}: every name once", len(names), len(set(names)))
    check_pods(name, documents)
    return {(d["kind"], d["metadata"]["name"]): d for d in documents}


def check_pods(name, documents):
    for pod, spec in pod_specs(documents):
        for container in spec.get("initContainers", []) + spec["containers"]:
            if container["image"].startswith("weir:"):
                check_restricted(checks, f"{name}: {pod}", container)
            if container["name"] == "weir":
                check_configuration(f"{name}: {pod}", documents, spec, container)


def check_configuration(name, documents, spec, container):
    """What the pod would see under /etc/weir, put to weir with the container's own flags."""
    maps = {d["metadata"]["name"]: d["data"] for d in documents if d["kind"] == "ConfigMap"}
    sources = next(v for v in spec["volumes"] if v["name"] == "weir-config")["projected"]["sources"]
    named = [source["configMap"]["name"] for source in sources]
    if not set(named) <= set(maps):
        return  # a ConfigMap of the user's
    with tempfile.TemporaryDirectory() as folder:
        for source in named:
            for file, text in maps[source].items():
                with open(os.path.join(folder, file), "w", encoding="utf-8") as out:
                    out.write(text.replace("/run/secrets/weir", folder))
        for key, text in (("password", "of the Secret\n"), ("slack-url", "https://hooks.slack.example/T/B/X\n"),
                          ("web.yml", "basic_auth_users: {prometheus: $2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG}\n")):
            with open(os.path.join(folder, key), "w", encoding="utf-8") as out:
                out.write(text)
        args = [a.replace("/etc/weir", folder).replace("$(POD_NAME)", "weir-0") for a in container["args"] if a != "run"]
        code, text = sh(WEIR, "run", *args, "--validate")
        checks.equal(f"{name}: weir takes it: {text}", code, 0)


def probes(container):
    return sorted(key for key in container if key.endswith("Probe"))


code, text = helm_says("lint", "--strict", CHART)
checks.equal(f"helm lint: {text}", code, 0)

# ---- by itself
plain = render("as it comes", {})
checks.equal("as it comes: kinds", sorted(kind for kind, _ in plain),
             ["ConfigMap", "ConfigMap", "NetworkPolicy", "Pod", "PodDisruptionBudget", "Service", "ServiceAccount", "StatefulSet"])
workload = plain["StatefulSet", "weir"]["spec"]
container = workload["template"]["spec"]["containers"][0]
checks.equal("readiness holds nothing up", probes(container), ["livenessProbe"])
checks.true("a pod comes back under its name", "--instance=$(POD_NAME)" in container["args"] and workload["volumeClaimTemplates"])
checks.equal("no token", workload["template"]["spec"]["automountServiceAccountToken"], False)
checks.equal("one pod may be drained", plain["PodDisruptionBudget", "weir"]["spec"]["maxUnavailable"], 1)
checks.equal("an instance that is not ready is scraped", plain["Service", "weir"]["spec"]["publishNotReadyAddresses"], True)


def sum_of(documents):
    return documents["StatefulSet", "weir"]["spec"]["template"]["metadata"]["annotations"]["checksum/config"]


RULES = {"orders.yml": "weir: 1\nfields:\n  amount: {type: decimal, min: 0}\n"}
checks.equal("other rules are taken up by the pods that run", sum_of(render("other rules", {"rules": RULES})), sum_of(plain))
OTHER = {"brokers": ["kafka:9092"], "pipeline": "shop", "streams": [{"topics": "orders", "rules": "orders.yml"}]}
checks.true("another configuration means other pods", sum_of(render("another configuration", {"config": OTHER})) != sum_of(plain))

SHARED = {"brokers": ["kafka:9092"], "pipeline": "orders", "state": {"topic": "orders.weir.state"}, "panes": {"topic": "orders.weir.panes"},
          "kafka": {"security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-512", "sasl.username": "weir",
                    "sasl.password_file": "/run/secrets/weir/password"},
          "alerts": {"page": "https://weir.example/", "after": "2 of 3", "receivers": [
              {"alertmanager": "http://alertmanager-operated.monitoring:9093"}, {"slack": {"url_file": "/run/secrets/weir/slack-url"}, "severities": ["error", "warn"]}]},
          "maintenance": [{"every": "Sat 22:00", "for": "4h"}],
          "streams": [{"topics": "orders", "rules": "orders.yml"}]}
full = render("everything", {
    "config": SHARED, "replicas": 3, "persistence": {"enabled": False}, "existingSecret": "kafka", "probes": {"readiness": True},
    "image": {"repository": "weir", "tag": "1", "pullSecrets": ["registry"]}, "args": ["--log-level=debug"], "env": [{"name": "TZ", "value": "UTC"}],
    "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}}, "prometheusRule": {"enabled": True, "runbooks": "https://wiki.example/weir"},
    "dashboards": {"enabled": True}, "nodeSelector": {"disk": "ssd"}, "tolerations": [{"operator": "Exists"}], "priorityClassName": "low",
    "affinity": {"podAntiAffinity": {}}, "podLabels": {"team": "data"}, "podAnnotations": {"a": "b"},
    "networkPolicy": {"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}],
                      "egress": [{"to": [{"podSelector": {"matchLabels": {"app": "kafka"}}}], "ports": [{"port": 9092}]}]}})
container = full["Deployment", "weir"]["spec"]["template"]["spec"]["containers"][0]
checks.true("the state is in the topic", not any(a.startswith("--state") for a in container["args"]), container["args"])
checks.equal("readiness where it is asked for", probes(container), ["livenessProbe", "readinessProbe"])
checks.equal("the job is called weir", full["ServiceMonitor", "weir"]["spec"]["jobLabel"], "app.kubernetes.io/name")
with open(under("deploy", "prometheus", "weir.rules.yml"), encoding="utf-8") as file:
    wanted = yaml.safe_load(file.read().replace("https://example.com/weir/docs", "https://wiki.example/weir"))
checks.equal("the alerts are those of deploy/prometheus", full["PrometheusRule", "weir"]["spec"], wanted)
for name, text in full["ConfigMap", "weir-dashboards"]["data"].items():
    with open(under("dashboards", name), encoding="utf-8") as file:
        checks.equal(f"dashboard {name}", json.loads(text), json.load(file))
checks.equal("dashboards", len(full["ConfigMap", "weir-dashboards"]["data"]), 5)
checks.equal("traffic out is bounded", full["NetworkPolicy", "weir"]["spec"]["policyTypes"], ["Ingress", "Egress"])

# ---- a web server that wants a password
shut = render("shut", {"config": {**SHARED, "web": {"config": "/run/secrets/weir/web.yml"}}, "existingSecret": "weir", "serviceMonitor": {
    "enabled": True, "endpoint": {"scheme": "https", "basicAuth": {"username": {"name": "weir", "key": "user"}, "password": {"name": "weir", "key": "password"}}}}})
container = shut["StatefulSet", "weir"]["spec"]["template"]["spec"]["containers"][0]
checks.true("shut: no probe wants a password", "tcpSocket" in container["livenessProbe"] and "httpGet" not in container["livenessProbe"], container)
checks.equal("shut: Prometheus has it", shut["ServiceMonitor", "weir"]["spec"]["endpoints"][0]["scheme"], "https")
checks.true("shut: `helm test` has not", not any(kind == "Pod" for kind, _ in shut))
render("rules of the user's own", {"existingRules": "my-rules"})

# ---- beside a pipeline
APP = [{"name": "checkout", "image": "shop/checkout:1", "ports": [{"name": "http", "containerPort": 8080}]}]
beside = render("sidecar", {"mode": "sidecar", "sidecar": {"containers": APP}}, release="shop")
spec = beside["Deployment", "shop-weir"]["spec"]["template"]["spec"]
weir = spec["initContainers"][0]
checks.equal("the pipeline's containers are as they were", spec["containers"], APP)
checks.equal("a native sidecar", (weir["name"], weir["restartPolicy"]), ("weir", "Always"))
checks.equal("no probe of it gates the pod", probes(weir), [])
checks.equal("nor its end", weir["command"], ["/usr/libexec/weir/weir-beside"])
ports = [port["name"] for c in spec["initContainers"] + spec["containers"] for port in c.get("ports", [])]
checks.equal("names of ports are its own", len(ports), len(set(ports)))
checks.true("the pipeline's traffic is left alone", not any(kind == "NetworkPolicy" for kind, _ in beside))
gating = render("a sidecar that gates", {"mode": "sidecar", "sidecar": {"containers": APP, "gatesPod": True}, "probes": {"readiness": True}})
weir = gating["Deployment", "weir"]["spec"]["template"]["spec"]["initContainers"][0]
checks.equal("gates where it is asked to", (probes(weir), weir.get("command"), weir["args"][0]), (["livenessProbe", "readinessProbe"], None, "run"))

# A chart of the user's own that has this one as a dependency.
with tempfile.TemporaryDirectory() as folder:
    os.makedirs(os.path.join(folder, "templates"))
    os.makedirs(os.path.join(folder, "charts"))
    code, text = helm_says("package", CHART, "-d", os.path.join(folder, "charts"))
    checks.equal(f"helm package: {text}", code, 0)
    with open(os.path.join(folder, "Chart.yaml"), "w", encoding="utf-8") as file:
        file.write("{apiVersion: v2, name: shop, version: 1.0.0, dependencies: [{name: weir, version: 0.1.0, repository: ''}]}")
    with open(os.path.join(folder, "values.yaml"), "w", encoding="utf-8") as file:
        file.write("weir: {mode: sidecar}")
    with open(os.path.join(folder, "templates", "app.yaml"), "w", encoding="utf-8") as file:
        file.write("""apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      initContainers:
        -
          {{- include "weir.sidecar.container" .Subcharts.weir | nindent 10 }}
      containers: [{name: app, image: 'app:1'}]
      volumes:
        {{- include "weir.sidecar.volumes" .Subcharts.weir | nindent 8 }}
""")
    mine = render("as a dependency", {}, release="r", chart=folder)
    checks.true("the container is in a pod of the user's", ("Deployment", "app") in mine and ("Deployment", "r-weir") not in mine, list(mine))

# ---- what the notes say: rendered as a text of a ConfigMap, since `helm template` leaves them out
with tempfile.TemporaryDirectory() as folder:
    copy = os.path.join(folder, "weir")
    shutil.copytree(CHART, copy, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(os.path.join(CHART, "templates", "NOTES.txt"), os.path.join(copy, "NOTES"))
    with open(os.path.join(copy, "templates", "notes.yaml"), "w", encoding="utf-8") as file:
        file.write('{apiVersion: v1, kind: ConfigMap, metadata: {name: notes}, data: {notes: {{ tpl (.Files.Get "NOTES") . | toJson }}}}')
    for name, values, said, unsaid in (
            ("as it comes", {}, ["status page", "service/weir 8947", "weir-0 -- weir doctor"], ["Note:"]),
            ("several without panes", {"replicas": 2}, ["2 instances without `panes`"], ["reach the metrics"]),
            ("alerts both ways", {"prometheusRule": {"enabled": True}, "config": {**OTHER, "alerts": {"receivers": [{"alertmanager": "http://a:9093"}]}}},
             ["prometheusRule.runbooks", "inhibit_rules"], ["serviceMonitor.endpoint"]),
            ("a web server that is shut", {"serviceMonitor": {"enabled": True}, "config": {**OTHER, "web": {"config": "/run/secrets/weir/web.yml"}}},
             ["serviceMonitor.endpoint", "http(s)://"], ["inhibit_rules"]),
            ("nothing that lasts", {"persistence": {"enabled": False}}, ["goes with each pod"], ["weir doctor"]),
            ("a Prometheus that may be elsewhere", {"serviceMonitor": {"enabled": True}}, ["networkPolicy.from"], []),
            ("a sidecar without pods", {"mode": "sidecar"}, ['{{- include "weir.sidecar.container" .Subcharts.weir | nindent 10 }}'], ["weir doctor"])):
        code, text = template("weir", values, copy)
        checks.equal(f"notes, {name}: {text[-400:] if code else ''}", code, 0)
        notes = next(d["data"]["notes"] for d in yaml.safe_load_all(text) if d and d["metadata"]["name"] == "notes")
        checks.equal(f"notes, {name}: what is missing", [words for words in said if words not in notes], [])
        checks.equal(f"notes, {name}: what is too much", [words for words in unsaid if words in notes], [])

# ---- what is refused
for name, values, words in (
        ("a mode that is none", {"mode": "daemon"}, "mode"),
        ("a key that is none", {"replicaz": 2}, "replicaz"),
        ("no streams", {"config": {"streams": []}}, "streams"),
        ("less time than draining takes", {"terminationGracePeriodSeconds": 10}, "terminationGracePeriodSeconds"),
        ("the address, which is the chart's", {"config": {"web": {"listen": ":1"}}}, "config.web.listen"),
        ("a probe that wants a password", {"config": {**OTHER, "web": {"config": "/x"}}, "probes": {"readiness": True}}, "probes.readiness"),
        ("the state's folder, which is the chart's", {"config": {"state": {"dir": "/x"}}}, "config.state.dir")):
    code, text = template("weir", values)
    checks.true(f"{name}: refused, with words", code != 0 and words in text, text)

checks.finish()
