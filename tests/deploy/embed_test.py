# SPDX-License-Identifier: Apache-2.0
"""`cmake --install` and find_package(weir): docs/embed is built outside of the sources, against what was installed alone, and comes to what
`weir check` comes to. The build folder is in $WEIR_BUILD. With WEIR_ALL the engine is built first, as docs/embed says: preset `library`."""
import json
import os
import re
import tempfile

from place import WEIR, Checks, read, sh, skip, under

build = os.environ.get("WEIR_BUILD") or skip("WEIR_BUILD names no build folder")
if not os.path.exists(os.path.join(build, "cmake_install.cmake")):
    skip("the build folder installs nothing")
checks = Checks()


def cache_of(folder):
    return dict(re.findall(r"^(\w+):\w+=(.*)$", read(os.path.join(folder, "CMakeCache.txt")), re.M))


def block(kind):
    """What docs/embed/README.md shows."""
    return re.search(rf"^```{kind}\n(.*?)^```$", read(under("docs", "embed", "README.md")), re.M | re.S)[1]


RULES = block("yaml")
RECORDS = [("O-1", 10, "09:01"), ("O-2", 12, "09:20"), ("O-2", 9, "09:50"), ("O-4", 1100, "10:05")]

with tempfile.TemporaryDirectory() as folder:
    prefix, judge = os.path.join(folder, "prefix"), os.path.join(folder, "judge")
    code, text = sh("cmake", "--install", build, "--prefix", prefix)
    checks.equal(f"cmake --install: {text[-500:]}", code, 0)
    for path in ("bin/weir", "share/man/man1/weir.1", "share/bash-completion/completions/weir", "share/zsh/vendor-completions/_weir",
                 "share/fish/vendor_completions.d/weir.fish", "share/weir/weir.schema.json", "share/weir/rules/orders.yml",
                 "share/weir/prometheus/weir.rules.yml", "share/weir/prometheus/alertmanager.yml", "share/weir/dashboards/weir-overview.json",
                 "lib/systemd/system/weir.service", "libexec/weir/weir-beside"):
        checks.true(f"{path} is installed", os.path.getsize(os.path.join(prefix, path)) > 100 if os.path.exists(os.path.join(prefix, path)) else False)
    installed = os.path.join(prefix, "bin", "weir")
    checks.equal("the installed program runs", sh(installed, "version"), sh(WEIR, "version"))
    checks.equal("nothing that was installed names the sources", sh("grep", "-rIl", under(), prefix)[1], "")

    # ---- the engine
    optimised_at_link = cache_of(build).get("CMAKE_INTERPROCEDURAL_OPTIMIZATION") == "ON"
    if optimised_at_link:
        checks.true("it says where the libraries are", "--preset library" in text, text)
        code, text = sh("cmake", "--install", build, "--prefix", prefix, "--component", "development")
        checks.true("archives that only one compiler links are not given away", code != 0 and "--preset library" in text, text)
    if os.environ.get("WEIR_ALL"):
        build, prefix = os.path.join(folder, "library"), os.path.join(folder, "engine")
        code, text = sh("cmake", "--preset", "library", "-B", build)
        checks.equal(f"cmake --preset library: {text[-800:]}", code, 0)
        code, text = sh("cmake", "--build", build, "--target", "library", timeout=7200)
        checks.equal(f"the engine is built: {text[-800:]}", code, 0)
        code, text = sh("cmake", "--install", build, "--prefix", prefix, "--component", "development")
        checks.equal(f"it is installed: {text[-500:]}", code, 0)
        checks.true("and the program is not", not os.path.exists(os.path.join(prefix, "bin")))
    elif optimised_at_link:
        print("no program is built against it: that takes the engine without link-time optimisation, WEIR_ALL=1")
        checks.finish()

    cache = cache_of(build)
    flags = f"-fsanitize={cache['WEIR_SANITIZE']}" if cache.get("WEIR_SANITIZE") else ""
    code, text = sh("cmake", "-S", under("docs", "embed"), "-B", judge, f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_CXX_FLAGS={flags}",
                    f"-DCMAKE_CXX_COMPILER={cache['CMAKE_CXX_COMPILER']}", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0")
    checks.equal(f"find_package(weir): {text[-1000:]}", code, 0)
    code, text = sh("cmake", "--build", judge, timeout=1200)
    checks.equal(f"it is built: {text[-1500:]}", code, 0)

    rules, records = os.path.join(folder, "orders.yml"), os.path.join(folder, "orders.ndjson")
    with open(rules, "w", encoding="utf-8") as file:
        file.write(RULES)
    with open(records, "w", encoding="utf-8") as file:
        file.writelines(json.dumps({"order_id": i, "amount": a, "at": f"2026-01-31T{t}:00Z"}) + "\n" for i, a, t in RECORDS)
    code, text = sh("sh", "-c", f"'{judge}/judge' '{rules}' < '{records}'")
    checks.equal("what it finds", (code, text), (1, block("console").split("\n", 1)[1]))
    report = os.path.join(folder, "report.json")
    sh(WEIR, "check", records, "--rules", rules, "--quiet", "--report", f"json={report}")
    failing = [rule["id"] for rule in json.loads(read(report))["rules"] if rule["outcome"] == "fail"]
    checks.equal("what weir check finds", sorted(failing), sorted(["order_id.unique", "amount.max", "windows.1h.row_count >= 3"]))
    with open(rules, "w", encoding="utf-8") as file:
        file.write(RULES.replace("max:", "maxx:"))
    code, text = sh("sh", "-c", f"'{judge}/judge' '{rules}' < '{records}'")
    checks.true("a mistake in the rules, with its place", code == 2 and "did you mean `max`" in text, text)

checks.finish()
