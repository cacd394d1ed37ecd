# SPDX-License-Identifier: Apache-2.0
""".pre-commit-hooks.yaml, by pre-commit itself: a commit with a wrong rule file does not come about."""
import os
import shutil
import tempfile

from place import Checks, need, sh, under, with_weir

pre_commit = need("pre-commit")
checks = Checks()
GOOD = "weir: 1\nfields: {amount: {type: decimal, min: 0}}\ntests:\n  - {fail: [amount.min], record: {amount: -1}}\n"

with tempfile.TemporaryDirectory() as top:
    env = with_weir(os.path.join(top, "bin"), HOME=top, GIT_CONFIG_GLOBAL=os.path.join(top, "gitconfig"), GIT_CONFIG_NOSYSTEM="1",
                    PRE_COMMIT_HOME=os.path.join(top, "cache"))
    with open(env["GIT_CONFIG_GLOBAL"], "w", encoding="utf-8") as file:
        file.write("[user]\nname = a\nemail = a@example.com\n[init]\ndefaultBranch = main\n")

    def git(folder, *args):
        code, text = sh("git", *args, cwd=folder, env=env)
        checks.equal(f"git {args[0]}: {text}", code, 0)
        return text.strip()

    # The hooks, as a repository at a commit.
    hooks = os.path.join(top, "hooks")
    os.makedirs(hooks)
    shutil.copy(under(".pre-commit-hooks.yaml"), hooks)
    git(hooks, "init", "-q")
    git(hooks, "add", ".")
    git(hooks, "commit", "-qm", "hooks")
    revision = git(hooks, "rev-parse", "HEAD")

    mine = os.path.join(top, "mine")
    os.makedirs(os.path.join(mine, "rules"))
    git(mine, "init", "-q")
    with open(os.path.join(mine, ".pre-commit-config.yaml"), "w", encoding="utf-8") as file:
        file.write(f"repos: [{{repo: '{hooks}', rev: '{revision}', hooks: [{{id: weir-lint}}, {{id: weir-test}}]}}]\n")
    code, text = sh(pre_commit, "install", cwd=mine, env=env)
    checks.equal(f"pre-commit install: {text}", code, 0)

    def commit(name, text):
        with open(os.path.join(mine, name), "w", encoding="utf-8") as file:
            file.write(text)
        git(mine, "add", ".")
        return sh("git", "commit", "-qm", name, cwd=mine, env=env)

    code, text = commit("rules/orders.yml", GOOD)
    checks.equal(f"sound rules: {text}", code, 0)
    checks.true("both hooks ran", text.count("Passed") == 2, text)
    code, text = commit("rules/orders.yml", GOOD.replace("min:", "mim:"))
    checks.true("a mistake is shown with its place", code != 0 and "rules/orders.yml:2:" in text and "did you mean `min`" in text, text)
    code, text = commit("rules/orders.yml", GOOD.replace("-1", "1"))
    checks.true("a test that fails", code != 0 and "weir test" in text and "Failed" in text, text)
    git(mine, "checkout", "-q", "HEAD", "--", "rules")
    code, text = commit("other.yml", "a: [1\n")
    checks.equal(f"other YAML is not looked at: {text}", code, 0)
    code, text = commit("shop.weir.yml", "weir: 2\n")
    checks.true("a rule file by its name", code != 0, text)

checks.finish()
