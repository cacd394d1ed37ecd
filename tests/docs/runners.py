# SPDX-License-Identifier: Apache-2.0
"""Who runs which block of the pages. What is not listed here is run by blocks_test.py, or by live_test.py where it wants a Kafka or a running
weir; a block that neither can run fails the test, so a new one is noticed."""
import fnmatch
import re
from dataclasses import dataclass

CXX = ("yaml", "json", "cases", "judged", "windows", "cpp", "markdown")
SHELL = ("sh", "bash", "shell", "console")


@dataclass(frozen=True)
class By:
    """Another test runs the blocks of these pages, those that hold `holding`."""
    page: str
    test: str
    holding: str = ""
    kinds: tuple = ()
    named: str = ""  # what of the page's name the test has

    def takes(self, block):
        return fnmatch.fnmatch(block.page, self.page) and self.holding in block.text and (not self.kinds or block.kind in self.kinds)


@dataclass(frozen=True)
class Left:
    """Nobody runs it, and this is why."""
    page: str
    holding: str
    why: str

    def takes(self, block):
        return fnmatch.fnmatch(block.page, self.page) and self.holding in block.text


ELSEWHERE = (
    By("docs/checks/*.md", "tests/docs/checks_page_test.cpp", named="checks/"),
    By("docs/measures/*.md", "tests/docs/measures_page_test.cpp", named="measures/"),
    By("docs/drift/[!r]*.md", "tests/docs/drift_page_test.cpp", named="drift/"),
    By("docs/envelopes.md", "tests/docs/envelopes_page_test.cpp", kinds=CXX),
    By("docs/expressions.md", "tests/expr/page_test.cpp", kinds=("cases", "judged", "windows")),
    By("docs/diagnostics.md", "tests/rules/codes_test.cpp"),
    By("docs/cli.md", "tests/app/help_test.cpp"),
    By("docs/http.md", "tests/http/routes_test.cpp", kinds=("json",)),
    By("docs/operations.md", "tests/kafka/operations.py"),
    By("docs/runbooks/Weir*.md", "tests/observe/observe_test.py", kinds=("sh", "promql"), named='"runbooks"'),
    By("docs/metrics.md", "tests/scripts/metrics_page_test.py", kinds=("promql",)),
    By("docs/tutorial.md", "tests/scripts/tutorial_test.py"),
    By("docs/demo.md", "tests/scripts/demo_test.py", "weir demo --seconds 60     #"),
    By("docs/demo.md", "tests/kafka/demo_test.py", "--brokers"),
    By("docs/top.md", "tests/terminal/top_run_test.py", "$ weir top http"),
    By("docs/top.md", "tests/scripts/demo_test.py", "--once"),
    By("docs/receivers.md", "tests/sinks/receivers_test.py", "$ amtool"),
    By("docs/quarantine.md", "tests/kafka/quarantine_test.py", "localhost:9092"),
    By("docs/http.md", "tests/http/hardening_test.py", "tests/http/hardening_test.py"),
    By("docs/ci.md", "tests/deploy/pages_test.py", kinds=("yaml", "console")),
    By("docs/deploy.md", "tests/deploy/pages_test.py", kinds=("yaml",)),
    By("docs/embed/README.md", "tests/deploy/embed_test.py", kinds=("sh", "console"), named="docs/embed"),
    By("docs/baseline.md", "tests/drift/baseline_test.cpp", kinds=("json",)),
)

EXCEPTIONS = (
    Left("README.md", "ADDRESS-OF-THIS-REPOSITORY", "clones, installs packages, builds and goes on until Ctrl-C"),
    Left("CONTRIBUTING.md", "deploy/setup.sh", "installs packages and runs all the tests, this one among them"),
    Left("docs/adding-a-check.md", "cmake --preset dev", "builds and tests a check that is not there"),
    Left("docs/benchmarks.md", "tests/bench/run.sh", "minutes to an hour each, and they want a quiet machine; the figures of the page came from them"),
    Left("docs/deploy.md", "apt-get install", "builds a package and installs it; tests/deploy/package_test.py does so in a bare Debian"),
    Left("docs/deploy.md", "sudo systemctl", "starts a service of the system; tests/deploy/boot_test.py does so in a container that is booted"),
    Left("docs/deploy.md", "podman build", "fetches an image and compiles; tests/deploy/container_test.py builds it around a package that is there"),
    Left("docs/deploy.md", "docker compose", "fetches images; tests/kafka/compose_test.py runs what compose.yaml says as processes"),
    Left("docs/deploy.md", "helm install", "wants a cluster; tests/deploy/chart_test.py and api_server_test.py put it to Kubernetes' own API server"),
    Left("docs/ci.md", "spark-submit", "wants Spark; tests/deploy/spark_test.py runs it where WEIR_ALL is set"),
    Left("CONTRIBUTING.md", "cmake --build --preset dev", "builds and tests, which tests/run.sh does before this test runs"),
)
# So many blocks, so that the list stays one of exceptions.
MOST_EXCEPTIONS = 12

# yaml that is neither rules nor a configuration of weir, and what it is. The steps of a workflow that call weir are run.
OTHER_YAML = (
    Left("docs/reports.md", "GITHUB_STEP_SUMMARY", "a step of a workflow of GitHub"),
    Left("docs/migrate/soda.md", "checks for orders:", "a suite of Soda, which the page imports"),
    Left("docs/migrate/dbt.md", "models:", "a property file of dbt, which the page imports"),
    Left("docs/dashboards.md", "scrape_configs:", "Prometheus; tests/observe scrapes with the like"),
    Left("docs/migrate/dbt.md", "data_tests:", "a suite of dbt, which the page's own command imports"),
    Left("docs/migrate/soda.md", "checks for orders:", "a suite of Soda, which the page's own command imports"),
    Left("docs/http.md", "tls_server_config:", "web.yml, the protection of the web server; tests/http"),
)

LIVE = re.compile(r"\b(localhost|kafka|127\.0\.0\.1):\d{4,5}\b|--brokers\b|^(\$ )?weir (run(?!.*--validate)|demo|top)\b", re.M)


def other_yaml(block):
    return next((one for one in OTHER_YAML if one.takes(block)), None)


def left(block):
    return next((one for one in EXCEPTIONS if block.kind in SHELL and one.takes(block)), None)


def elsewhere(block):
    return next((one for one in ELSEWHERE if one.takes(block)), None)


def is_live(block):
    """It is about a Kafka or about a weir that runs: live_test.py runs it."""
    return block.kind in SHELL and LIVE.search(block.text) is not None
