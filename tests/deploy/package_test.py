# SPDX-License-Identifier: Apache-2.0
"""The .deb: lintian has nothing to say, two of the same sources are one to the byte, and on a bare Debian 12 it installs, works, and leaves
nothing behind. The build folder is in $WEIR_BUILD; a build with Arrow of Python makes no package (preset `package`)."""
import hashlib
import os
import shutil
import tempfile

from place import Checks, bare_root, inside, need, read, sh, skip, tool, under

build = os.environ.get("WEIR_BUILD") or skip("WEIR_BUILD names no build folder")
config = os.path.join(build, "CPackConfig.cmake")
if not os.path.exists(config):
    skip("the build folder knows nothing of packages")
if "take the preset `package`" in read(config):
    skip("this build reads Parquet with a library of Python's; the preset `package` does not")
need("dpkg-deb")
checks = Checks()
PACKED = {**os.environ, "SOURCE_DATE_EPOCH": "1767225600"}


def pack(folder):
    code, text = sh("cpack", "-G", "DEB", "--config", config, "-B", folder, cwd=build, env=PACKED, timeout=1800)
    checks.equal(f"cpack: {text[-800:]}", code, 0)
    return next((os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".deb")), None) or checks.finish()


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


with tempfile.TemporaryDirectory() as top:
    package = pack(os.path.join(top, "one"))
    checks.equal("the same sources give the same package", digest(package), digest(pack(os.path.join(top, "two"))))
    if tool("lintian"):
        code, text = sh("lintian", "--allow-root", "--fail-on", "error,warning", package)
        checks.equal("lintian has nothing to say", (code, text), (0, ""))
    else:
        print("not looked at by lintian, which is not there (deploy/setup.sh deploy)")
    files = os.path.join(top, "files")
    sh("dpkg-deb", "-x", package, files)
    checks.equal("configuration that upgrades leave alone", sh("dpkg-deb", "-I", package, "conffiles")[1].split(),
                 ["/etc/weir/weir.yml", "/etc/weir/rules/orders.yml"])
    program = os.path.join(files, "usr", "bin", "weir")
    checks.true("the program looks for libraries where the system has them", "PATH" not in sh("readelf", "-d", program)[1])
    with open(program, "rb") as file:
        checks.true("nothing in it says where it was built", under("").encode() not in file.read())
    needs = sh("dpkg-deb", "-f", package, "Depends")[1]
    checks.true("it names the libraries that it needs", all(name in needs for name in ("libc6 (>=", "libre2", "libsimdjson", "libsqlite3")), needs)

    # ---- a bare Debian
    def not_installed(why):
        print(f"not installed anywhere: {why}")
        checks.finish()

    root = os.path.join(top, "root")
    bare_root(root, not_installed)
    shutil.copy(package, os.path.join(root, "weir.deb"))
    code, text = inside(root, "apt-get install -y -qq --no-install-recommends /weir.deb")
    checks.equal(f"it installs: {text[-800:]}", code, 0)
    code, text = inside(root, "weir version")
    checks.true(f"it runs: {text}", code == 0 and text.startswith("weir "))
    code, text = inside(root, "weir run -c /etc/weir/weir.yml --validate")
    checks.equal(f"/etc/weir is a configuration: {text}", code, 0)
    rules = "weir: 1\nfields: {amount: {type: decimal, min: 0, match: '^[0-9]+$'}}\nwindows: [{rules: [{must: mean(amount) > 0}]}]\n"
    with open(os.path.join(root, "tmp", "r.yml"), "w", encoding="utf-8") as file:
        file.write(rules.replace(", match: '^[0-9]+$'", ""))
    code, text = inside(root, """cd /tmp && echo '{"amount":1}' | weir check - --rules r.yml && echo '{"amount":-1}' | weir check - --rules r.yml""")
    checks.true(f"it judges: {text}", code == 1 and "PASS exit=0" in text and "FAIL exit=1" in text)
    code, text = inside(root, "weir demo --seconds 12 --web.listen off")
    checks.true(f"it reads a Kafka: {text[-600:]}", code == 0 and "email.required" in text)
    code, text = inside(root, "gzip -dc /usr/share/man/man1/weir.1.gz | head -n 5; bash -n /usr/share/bash-completion/completions/weir && echo sound")
    checks.true("a manual page and completions", ".TH" in text and text.endswith("sound\n"), text)
    code, text = inside(root, "apt-get purge -y -qq weir && ls -d /etc/weir /usr/share/weir /usr/bin/weir /usr/libexec/weir 2> /dev/null")
    checks.true(f"purged, it leaves nothing: {text}", "/weir" not in text.splitlines()[-1])

checks.finish()
