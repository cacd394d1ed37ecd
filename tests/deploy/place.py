# SPDX-License-Identifier: Apache-2.0
"""Where the tests of deploy/ find the project, the program and other people's tools. A tool that is not there skips what wants it, with
words: `deploy/setup.sh deploy` provides what Debian, PyPI, npm and Go's module proxy have."""
import glob
import os
import shutil
import subprocess
import sys

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
TOOLS = os.path.join(TOP, "build", "deps", "deploy")
sys.path.insert(0, os.path.join(TOP, "tests", "scripts"))

from weir_process import WEIR, Checks, environment  # noqa: E402,F401

SKIPPED = 77  # what ctest calls "Skipped"


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def tool(name):
    """The path of a program: of deploy/setup.sh's own, or of the system's; None where neither has it."""
    for folder in ("bin", "venv/bin", "node/node_modules/.bin"):
        path = os.path.join(TOOLS, folder, name)
        if os.access(path, os.X_OK):
            return path
    return shutil.which(name)


def need(name):
    return tool(name) or skip(f"there is no {name}; deploy/setup.sh deploy")


def under(*parts):
    return os.path.join(TOP, *parts)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def sh(*command, cwd=TOP, timeout=300, **more):
    """Runs a command; its output, both streams in one, and its exit code."""
    done = subprocess.run(command, cwd=cwd, timeout=timeout, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, **more)
    return done.returncode, done.stdout


def bare_root(folder, why):
    """Lays out a bare Debian 12 in `folder`, which mmdebstrap makes once. What cannot be here is told through `why`."""
    if os.getuid() != 0:
        return why("a bare Debian wants root")
    tar = os.path.join(TOOLS, "rootfs.tar")
    if not os.path.exists(tar):
        if not tool("mmdebstrap"):
            return why("there is no mmdebstrap for a bare Debian; deploy/setup.sh deploy")
        os.makedirs(TOOLS, exist_ok=True)
        code, text = sh("mmdebstrap", "--variant=minbase", "--include=ca-certificates", "bookworm", tar + ".new", timeout=900)
        if code != 0:
            return why(f"mmdebstrap makes no bare Debian here: {last_line(text)}")
        os.replace(tar + ".new", tar)
    os.makedirs(folder, exist_ok=True)
    sh("tar", "-xf", tar, "-C", folder, timeout=600)
    shutil.copy("/etc/resolv.conf", os.path.join(folder, "etc", "resolv.conf"))
    code, text = inside(folder, "apt-get update -qq")
    if code != 0:
        return why(f"a bare Debian reaches no packages from here: {last_line(text)}")
    return tar


def inside(root, command, timeout=900):
    """Runs a shell command in a root folder; where a chroot is not permitted that is what the text says."""
    return sh("chroot", root, "/bin/sh", "-c", command, timeout=timeout,
              env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"})


def last_line(text):
    line = (text.strip().splitlines() or ["nothing was said"])[-1]
    return line if len(line) <= 300 else "…" + line[-300:]


def package():
    """The one .deb of the build folder."""
    found = glob.glob(os.path.join(os.environ.get("WEIR_BUILD", ""), "weir_*.deb"))
    return found[0] if len(found) == 1 else skip("there is no package in the build folder: cmake --workflow --preset package")


def with_weir(folder, **more):
    """An environment whose PATH has, in `folder`, a `weir` that is the program under test."""
    os.makedirs(folder, exist_ok=True)
    link = os.path.join(folder, "weir")
    if not os.path.lexists(link):
        os.symlink(WEIR, link)
    return environment(PATH=folder + os.pathsep + os.environ["PATH"], **more)


def pod_specs(documents):
    """(name, pod spec) of everything that makes pods."""
    for document in documents:
        if document["kind"] == "Pod":
            yield document["metadata"]["name"], document["spec"]
        elif document["kind"] in ("Deployment", "StatefulSet", "Job"):
            yield document["metadata"]["name"], document["spec"]["template"]["spec"]


def check_restricted(checks, name, container):
    """What the Pod Security Standard `restricted` wants of a container, and a root file system that is read only."""
    security = container.get("securityContext", {})
    checks.equal(f"{name}: no escalation", security.get("allowPrivilegeEscalation"), False)
    checks.equal(f"{name}: no capabilities", security.get("capabilities"), {"drop": ["ALL"]})
    checks.equal(f"{name}: not root", security.get("runAsNonRoot"), True)
    checks.equal(f"{name}: seccomp", security.get("seccompProfile"), {"type": "RuntimeDefault"})
    checks.equal(f"{name}: read-only root", security.get("readOnlyRootFilesystem"), True)


def validate(checks, name, documents, versions):
    """Each document against the API's own schema of these versions of Kubernetes; custom resources are not in it."""
    try:
        import kubernetes_validate
    except ImportError:
        skip("there is no kubernetes-validate; deploy/setup.sh")
    for document in documents:
        if document["apiVersion"].startswith("monitoring.coreos.com/"):
            continue
        for version in versions:
            try:
                kubernetes_validate.validate(document, version, strict=True)
                fault = None
            except kubernetes_validate.ValidationError as error:
                fault = f"{'.'.join(str(step) for step in error.path)}: {error.message}"
            checks.equal(f"{name}: {document['kind']} {document['metadata']['name']} in {version}", fault, None)
