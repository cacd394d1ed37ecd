# SPDX-License-Identifier: Apache-2.0
"""Everything for Kubernetes put to a real API server (kube-apiserver over etcd, no node): it takes what schemas alone cannot say, and its
Pod Security admission finds every pod of weir `restricted`. Heavy to build (build_kube.sh, seven minutes), so it runs only where the
programs are there and WEIR_ALL is set."""
import json
import os
import secrets
import socket
import subprocess
import tempfile
import time

from place import Checks, need, pod_specs, sh, skip, tool, under

if not os.environ.get("WEIR_ALL"):
    skip("an API server is for the long tests: WEIR_ALL=1")
server, kubectl, helm, etcd = tool("kube-apiserver"), tool("kubectl"), need("helm"), need("etcd")
if server is None:
    skip("there is no kube-apiserver: tests/deploy/build_kube.sh 1.34.4 build/deps/deploy/bin")
try:
    import yaml
except ImportError:
    skip("there is no PyYAML; deploy/setup.sh")

checks = Checks()
CHART = under("deploy", "helm", "weir")
APP = [{"name": "app", "image": "shop/app:1", "securityContext": {
    "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}}]
WAYS = {"as it comes": {},
        "several, state in a topic": {"replicas": 3, "persistence": {"enabled": False}, "config": {
            "brokers": ["kafka:9092"], "pipeline": "p", "state": {"topic": "s"}, "panes": {"topic": "n"}, "streams": [{"topics": "orders", "rules": "orders.yml"}]},
            "networkPolicy": {"egress": [{"ports": [{"port": 9092}]}]}, "probes": {"readiness": True}, "existingSecret": "kafka", "dashboards": {"enabled": True}},
        "sidecar": {"mode": "sidecar", "sidecar": {"containers": APP}},
        "sidecar that gates": {"mode": "sidecar", "sidecar": {"containers": APP, "gatesPod": True}, "probes": {"readiness": True}}}


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


with tempfile.TemporaryDirectory() as top:
    client, peer, port = free_port(), free_port(), free_port()
    key, token = os.path.join(top, "sa.key"), secrets.token_hex(16)
    sh("openssl", "genrsa", "-out", key, "2048")
    with open(os.path.join(top, "tokens.csv"), "w", encoding="utf-8") as file:
        file.write(f"{token},admin,1,system:masters\n")
    config = os.path.join(top, "kubeconfig")
    with open(config, "w", encoding="utf-8") as file:
        json.dump({"apiVersion": "v1", "kind": "Config", "current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
                   "clusters": [{"name": "c", "cluster": {"server": f"https://127.0.0.1:{port}", "insecure-skip-tls-verify": True}}],
                   "users": [{"name": "u", "user": {"token": token}}]}, file)

    def kube(*args, text=None):
        done = subprocess.run([kubectl, "--kubeconfig", config, *args], input=text, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=60)
        return done.returncode, done.stdout

    log = open(os.path.join(top, "log"), "w", encoding="utf-8")
    processes = [subprocess.Popen([etcd, "--data-dir", f"{top}/etcd", "--listen-client-urls", f"http://127.0.0.1:{client}", "--advertise-client-urls",
                                   f"http://127.0.0.1:{client}", "--listen-peer-urls", f"http://127.0.0.1:{peer}", "--initial-advertise-peer-urls",
                                   f"http://127.0.0.1:{peer}", "--initial-cluster", f"default=http://127.0.0.1:{peer}", "--unsafe-no-fsync"], stdout=log, stderr=log),
                 subprocess.Popen([server, f"--etcd-servers=http://127.0.0.1:{client}", "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1",
                                   f"--secure-port={port}", f"--cert-dir={top}/certs", "--service-cluster-ip-range=10.0.0.0/24",
                                   "--service-account-issuer=https://kubernetes.default.svc", f"--service-account-key-file={key}",
                                   f"--service-account-signing-key-file={key}", f"--token-auth-file={top}/tokens.csv", "--authorization-mode=RBAC",
                                   "--disable-admission-plugins=ServiceAccount", "--endpoint-reconciler-type=none"], stdout=log, stderr=log)]
    try:
        end = time.monotonic() + 120
        while kube("get", "--raw", "/readyz")[0] != 0 and time.monotonic() < end:
            time.sleep(0.3)
        with open(os.path.join(top, "log"), encoding="utf-8") as file:
            checks.equal(f"the API server is ready: {file.read()[-800:] if kube('get', '--raw', '/readyz')[0] else ''}", kube("get", "--raw", "/readyz")[0], 0)
        code, text = kube("create", "namespace", "data")
        checks.equal(f"a namespace: {text}", code, 0)
        kube("label", "namespace", "data", "pod-security.kubernetes.io/enforce=restricted")

        def put(name, text):
            code, said = kube("apply", "-n", "data", "--dry-run=server", "-f", "-", text=text)
            checks.equal(f"{name}: the API server takes it: {said[-900:]}", code, 0)
            checks.true(f"{name}: without a warning: {said}", "Warning" not in said)
            # A workload only warns; its pods themselves are refused, so they are put as pods.
            for pod, spec in pod_specs([d for d in yaml.safe_load_all(text) if d]):
                claims = [{"name": "weir-state", "emptyDir": {}}] if not any(v["name"] == "weir-state" for v in spec.get("volumes", [])) else []
                spec = {**spec, "volumes": spec.get("volumes", []) + claims}
                document = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"{pod}-alone"}, "spec": spec}
                code, said = kube("apply", "-n", "data", "--dry-run=server", "-f", "-", text=json.dumps(document))
                checks.equal(f"{name}: {pod} is restricted: {said[-600:]}", code, 0)

        for name, values in WAYS.items():
            path = os.path.join(top, "values.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(values, file)
            done = subprocess.run([helm, "template", "weir", CHART, "--namespace", "data", "--kube-version", "1.34.4", "-f", path], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
            put(name, done.stdout)
        for file_name in ("weir.yaml", "sidecar.yaml"):
            with open(under("deploy", "kubernetes", file_name), encoding="utf-8") as file:
                text = file.read()
            put(file_name, text)
        # One that takes everything would find nothing above.
        checks.true("a misspelt key is refused", kube("apply", "-n", "data", "--dry-run=server", "-f", "-", text=text.replace("replicas:", "replicaz:"))[0] != 0)
        code, said = sh(helm, "install", "weir", CHART, "--namespace", "data", "--kubeconfig", config)
        checks.equal(f"helm install: {said[-500:]}", code, 0)
        code, said = sh(helm, "upgrade", "weir", CHART, "--namespace", "data", "--kubeconfig", config, "--set", "replicas=2")
        checks.equal(f"helm upgrade: {said[-500:]}", code, 0)
        checks.true("its notes", "status page" in said and "windows are `partial`" in said, said)
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(timeout=60)
        log.close()

checks.finish()
