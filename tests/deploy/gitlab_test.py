# SPDX-License-Identifier: Apache-2.0
"""deploy/ci/gitlab, run by gitlab-ci-local in a shell in place of the image: jobs that extend the template pass and fail as weir does."""
import os
import shutil
import tempfile

from place import Checks, need, sh, under, with_weir

runner = need("gitlab-ci-local")
checks = Checks()
RULES = "weir: 1\nfields: {amount: {type: decimal, min: 0}}\n"
PIPELINE = """include: {local: weir.gitlab-ci.yml}
rules: {extends: .weir-lint, variables: {RULES: orders.yml}}
good: {extends: .weir-check, variables: {RULES: orders.yml, FILES: 'data/*.ndjson'}}
bad: {extends: .weir-check, variables: {RULES: orders.yml, FILES: bad.ndjson, ARGS: --all-rules}}
"""

with tempfile.TemporaryDirectory() as folder:
    env = with_weir(os.path.join(folder, "bin"), HOME=folder)
    os.makedirs(os.path.join(folder, "data"))
    shutil.copy(under("deploy", "ci", "gitlab", "weir.gitlab-ci.yml"), folder)
    for name, text in ((".gitlab-ci.yml", PIPELINE), ("orders.yml", RULES), ("data/a.ndjson", '{"amount":1}\n'), ("bad.ndjson", '{"amount":-1}\n')):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    for command in (("init", "-q"), ("add", "."), ("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "a"),
                    ("remote", "add", "origin", "git@gitlab.example.com:shop/orders.git")):
        sh("git", *command, cwd=folder, env=env)

    def job(name):
        return sh(runner, "--force-shell-executor", "--no-shell-isolation", name, cwd=folder, env=env)

    code, text = job("rules")
    checks.equal(f"rules: {text}", code, 0)
    code, text = job("good")
    checks.equal(f"good: {text}", code, 0)
    code, text = job("bad")
    checks.true("bad fails with weir's words", code != 0 and "amount.min" in text and "exit=1" in text, text)
    checks.true("an unknown template is found", job("none")[0] != 0)

checks.finish()
