# SPDX-License-Identifier: Apache-2.0
"""deploy/kubernetes: valid by the API's own schema, as bounded as `restricted` wants it, and with a configuration and rules that
weir itself takes."""
import glob
import os
import tempfile

from place import WEIR, Checks, check_restricted, pod_specs, sh, skip, under, validate

try:
    import yaml
except ImportError:
    skip("there is no PyYAML; deploy/setup.sh")

checks = Checks()
VERSIONS = ("1.29", "1.34", "1.37")


def load(path):
    with open(path, encoding="utf-8") as file:
        return [document for document in yaml.safe_load_all(file) if document]


def weir_container(spec):
    return next(c for c in spec.get("initContainers", []) + spec["containers"] if c["name"] == "weir")


def check_configuration(name, documents):
    """What lies under /etc/weir in the pod, written to a folder and put to weir."""
    maps = {d["metadata"]["name"]: d["data"] for d in documents if d["kind"] == "ConfigMap"}
    for _, spec in pod_specs(documents):
        volume = next((v for v in spec["volumes"] if v["name"] == "weir-config"), None)
        with tempfile.TemporaryDirectory() as folder:
            for source in volume["projected"]["sources"]:
                for file, text in maps[source["configMap"]["name"]].items():
                    with open(os.path.join(folder, file), "w", encoding="utf-8") as out:
                        out.write(text)
            args = weir_container(spec)["args"]
            args = [a.replace("/etc/weir", folder).replace("$(POD_NAME)", "weir-0") for a in args if a != "run"]
            code, text = sh(WEIR, "run", *args, "--validate")
            checks.equal(f"{name}: weir takes its configuration: {text}", code, 0)


paths = sorted(glob.glob(under("deploy", "kubernetes", "*.yaml")))
checks.equal("files", [os.path.basename(p) for p in paths], ["sidecar.yaml", "weir.yaml"])
for path in paths:
    name, documents = os.path.basename(path), load(path)
    validate(checks, name, documents, VERSIONS)
    check_configuration(name, documents)
    for _, spec in pod_specs(documents):
        check_restricted(checks, name, weir_container(spec))
        checks.equal(f"{name}: no token", spec["automountServiceAccountToken"], False)
        checks.true(f"{name}: time to drain", spec["terminationGracePeriodSeconds"] > 25)

# A schema that takes everything would find nothing above.
documents = load(under("deploy", "kubernetes", "weir.yaml"))
broken = next(d for d in documents if d["kind"] == "StatefulSet")
broken["spec"]["replicaz"] = broken["spec"].pop("replicas")
found = Checks()
validate(found, "broken", [broken], VERSIONS[-1:])
checks.equal("a misspelt key is found", len(found.faults), 1)

# The sidecar: native, and no gate.
(_, spec), = pod_specs(load(under("deploy", "kubernetes", "sidecar.yaml")))
weir = weir_container(spec)
checks.equal("the sidecar is an init container that goes on", [c.get("restartPolicy") for c in spec["initContainers"]], ["Always"])
checks.equal("no probe of it can make the pod unready", [k for k in weir if k.endswith("Probe")], [])
checks.equal("nor its end", weir["command"], ["/usr/libexec/weir/weir-beside"])
(_, spec), = pod_specs(load(under("deploy", "kubernetes", "weir.yaml")))
checks.true("alone it has no readiness probe", "readinessProbe" not in spec["containers"][0] and "livenessProbe" in spec["containers"][0])
checks.finish()
