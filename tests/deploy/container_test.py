# SPDX-License-Identifier: Apache-2.0
"""deploy/Containerfile around a package that is there: two builds are one image to the byte, and it works without rights, without a network
and with a root file system that is read only. The stage that compiles is not run here. Wants root, buildah, podman and runc; the package of
the build folder in $WEIR_BUILD."""
import os
import re
import shutil
import tempfile

from place import Checks, bare_root, last_line, need, package, sh, skip, under

buildah, podman = need("buildah"), need("podman")
need("runc")
deb = package()
checks = Checks()
EPOCH = "1767225600"

with tempfile.TemporaryDirectory() as top:
    stores = ("--root", f"{top}/store", "--runroot", f"{top}/run", "--storage-driver", "overlay")
    context = os.path.join(top, "context")
    os.makedirs(os.path.join(context, "build", "package"))
    shutil.copy(deb, os.path.join(context, "build", "package"))

    def build(*args, timeout=900):
        code, text = sh(buildah, *stores, *args, cwd=context, timeout=timeout)
        checks.equal(f"buildah {args[0]}: {text[-800:]}", code, 0)
        return text.strip().splitlines()[-1] if text.strip() else ""

    def run(*args, entrypoint=(), image="weir:test"):
        return sh(podman, *stores, "--runtime", "runc", "--cgroup-manager", "cgroupfs", "run", "--rm", "--network=none", "--read-only", "--cap-drop=all",
                  "--security-opt", "no-new-privileges", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024",
                  "-v", f"{top}/data:/data:ro", "-w", "/data", *entrypoint, image, *args)

    def permitted(code, text):
        return code == 0 or skip(f"no container can be made and run here: {last_line(text)}")

    os.makedirs(os.path.join(top, "data"))
    tar = bare_root(os.path.join(top, "root"), skip)
    try:
        permitted(*sh(buildah, *stores, "from", "--name", "bare", "scratch"))
        permitted(*sh(buildah, *stores, "add", "-q", "bare", tar, "/"))
        permitted(*sh(buildah, *stores, "commit", "-q", "bare", "localhost/debian:bare"))
        permitted(*run("/bin/true", image="localhost/debian:bare"))
        images = [build("build", "--isolation", "chroot", "--no-cache", "--timestamp", EPOCH, "--build-arg", "BASE=localhost/debian:bare", "--build-arg",
                        "FROM_STAGE=prebuilt", "-f", under("deploy", "Containerfile"), "-t", tag, ".") for tag in ("weir:test", "weir:again")]
        checks.equal("two builds are one image", images[0], images[1])

        for name, text in (("r.yml", "weir: 1\nfields: {amount: {type: decimal, min: 0}}\n"), ("good", '{"amount":1}\n'), ("bad", '{"amount":-1}\n')):
            with open(os.path.join(top, "data", name), "w", encoding="utf-8") as file:
                file.write(text)
        checks.true("it says who it is", re.match(r"weir \d", run("version")[1]))
        checks.equal("good records", run("check", "good", "--rules", "r.yml")[0], 0)
        checks.equal("bad records", run("check", "bad", "--rules", "r.yml")[0], 1)
        code, text = run("-c", "id -u; touch /x 2> /dev/null || echo closed; touch /var/lib/weir/x && echo open; test -x /usr/libexec/weir/weir-beside && echo there",
                         entrypoint=("--entrypoint", "/bin/sh"))
        checks.equal("whose it is, and what can be written", text.split(), ["65532", "closed", "open", "there"])
        code, text = run("demo", "--seconds", "12", "--web.listen", "off")
        checks.true(f"it reads a Kafka without rights and with a closed root: {text[-500:]}", code == 0 and "email.required" in text)
    finally:
        sh(podman, *stores, "rmi", "-af")
        sh(buildah, *stores, "rm", "-a")
        sh("umount", "-R", f"{top}/store/overlay")

checks.finish()
