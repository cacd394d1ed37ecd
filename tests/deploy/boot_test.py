# SPDX-License-Identifier: Apache-2.0
"""The service under a real systemd: a bare Debian with the package is booted in a container, and a script in it starts, reloads, kills and
stops weir. Wants root, systemd-nspawn, and the package of the build folder in $WEIR_BUILD."""
import os
import shutil
import subprocess
import tempfile

from place import Checks, bare_root, inside, last_line, need, package, read, sh, skip

nspawn, deb = need("systemd-nspawn"), package()

# Runs as the last service of the boot. No broker is there, so weir waits for one, as it should.
SCRIPT = """#!/bin/bash
exec > /out.txt 2>&1
tell() { echo "$1=$(eval "$2" 2>&1 | tr '\\n' ' ' | sed 's/ $//')"; }
until_is() { for _ in $(seq 60); do [ "$(eval "$1")" = "$2" ] && return; sleep 0.2; done; }
systemctl start weir.service
until_is 'weir top http://127.0.0.1:8947 --once > /dev/null 2>&1; echo $?' 1
tell active 'systemctl is-active weir.service'
tell answers 'weir top http://127.0.0.1:8947 --once > /dev/null; echo $?'
tell user 'ps -o uid= -p $(systemctl show -P MainPID weir.service) | tr -d " "'
tell state 'ls -A /var/lib/weir/ | head -c 400'
tell owner 'stat -c %a /var/lib/private/weir'
before=$(systemctl show -P MainPID weir.service)
sed -i 's/max_amount: 2500/max_amount: 2400/' /etc/weir/rules/orders.yml
tell reload 'systemctl reload weir.service; echo $?'
tell same 'test $(systemctl show -P MainPID weir.service) = '$before' && echo yes'
sed -i 's/fields:/fieldz:/' /etc/weir/rules/orders.yml
tell refused 'systemctl reload weir.service > /dev/null; echo $?'
tell stands 'systemctl is-active weir.service'
sed -i 's/fieldz:/fields:/' /etc/weir/rules/orders.yml
systemctl kill --signal=SIGKILL weir.service
until_is 'systemctl show -P NRestarts weir.service' 1
until_is 'weir top http://127.0.0.1:8947 --once > /dev/null 2>&1; echo $?' 1
tell restarts 'systemctl show -P NRestarts weir.service'
tell again 'weir top http://127.0.0.1:8947 --once > /dev/null; echo $?'
systemctl stop weir.service
tell result 'systemctl show -P Result weir.service'
tell code 'systemctl show -P ExecMainStatus weir.service'
echo 'streams: nonsense' >> /etc/weir/weir.yml
systemctl start weir.service
sleep 8
tell wrong 'systemctl show -P ActiveState weir.service; systemctl show -P ExecMainStatus weir.service'
tell tries 'systemctl show -P NRestarts weir.service'
tell log 'journalctl -u weir -o cat | grep -c "\\"event\\":\\"started\\""'
journalctl -u weir -o cat > /journal.txt
systemctl poweroff
"""
checks = Checks()

with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as top:
    root = os.path.join(top, "root")
    bare_root(root, skip)
    code, text = sh(nspawn, "-q", "--register=no", "--keep-unit", "--private-network", "-D", root, "/bin/true")
    if code != 0:
        skip(f"no system can be booted here: {last_line(text)}")
    shutil.copy(deb, os.path.join(root, "weir.deb"))
    code, text = inside(root, "apt-get install -y -qq --no-install-recommends systemd systemd-sysv dbus procps /weir.deb")
    checks.equal(f"it installs: {text[-600:]}", code, 0)
    checks.true("nothing was started or enabled", not os.path.lexists(os.path.join(root, "etc/systemd/system/multi-user.target.wants/weir.service")))
    with open(os.path.join(root, "check.sh"), "w", encoding="utf-8") as file:
        file.write(SCRIPT)
    os.chmod(os.path.join(root, "check.sh"), 0o755)
    unit = os.path.join(root, "etc/systemd/system/check.service")
    with open(unit, "w", encoding="utf-8") as file:
        file.write("[Unit]\nAfter=multi-user.target\n[Service]\nType=oneshot\nExecStart=/check.sh\n[Install]\nWantedBy=multi-user.target\n")
    os.symlink("/etc/systemd/system/check.service", os.path.join(root, "etc/systemd/system/multi-user.target.wants/check.service"))
    booted = subprocess.run([nspawn, "-q", "--register=no", "--keep-unit", "--boot", "--private-network", "-D", root], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False)
    out = os.path.join(root, "out.txt")
    checks.true(f"it boots: {booted.stdout[-800:]}", os.path.exists(out))
    told = dict(line.split("=", 1) for line in read(out).splitlines() if "=" in line) if os.path.exists(out) else {}
    journal = os.path.join(root, "journal.txt")
    print(read(journal)[-1500:] if os.path.exists(journal) and told.get("active") != "active" else "", end="")

    checks.equal("it runs", told.get("active"), "active")
    checks.equal("it answers, and says that it waits for a broker", told.get("answers"), "1")
    checks.true("not as root", told.get("user", "0").isdigit() and int(told.get("user", "0")) > 60000, told)
    checks.equal("its state is its own", told.get("owner"), "700")
    checks.equal("a reload is no restart", (told.get("reload"), told.get("same")), ("0", "yes"))
    checks.true("a reload of wrong rules is refused, and it runs on", told.get("refused") != "0" and told.get("stands") == "active", told)
    checks.equal("killed, it is started again", (told.get("restarts"), told.get("again")), ("1", "1"))
    checks.equal("stopped, it ends well", (told.get("result"), told.get("code")), ("success", "0"))
    checks.equal("a wrong configuration is not tried again", (told.get("wrong"), told.get("tries")), ("failed 2", "0"))
    checks.true("its log is in the journal", told.get("log", "0").isdigit() and int(told.get("log", "0")) >= 2, told)

checks.finish()
