# SPDX-License-Identifier: Apache-2.0
"""Alerts through the whole program: records of a real topic go wrong, `weir run` is killed in between, and servers on loopback say
who was told what: well ones, one that is away, slow ones, busy ones, one that redirects, a real Alertmanager where there is one.

Nothing that fired is lost, nothing is told to anybody else, a message that comes twice has the same fingerprint and the same
beginning, what waits is bounded by the number of alerts, and no secret stands in what weir says.

    WEIR_ALL=1     a receiver is away for ten minutes, in which alerts come and go
"""
import email
import email.policy
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [os.path.join(HERE, "..", "scripts"), os.path.join(HERE, "..", "sinks")]
from cluster import Cluster
from loopback import Alertmanager, HttpSink, MailSink, Papers, free_port, reply, wait_for
from weir_process import WEIR, Checks, environment
from weir_run import Instances

PATH_SECRET, KEY_SECRET, TOKEN_SECRET = "s3cr3t-path-of-slack", "r0ut1ngkey-of-pagerduty", "t0ken-of-the-hook"
PASSWORD_SECRET, PERSON = "p4ssw0rd-of-the-hook", "ann.private@shop.example"
HOSTILE = "<script>alert(1)</script> <!channel> *b* {{ stream }} \"' \r\nBcc: victim@shop.example\r\n\x1b[31m" + "x" * 1000
COUNTRIES = ["DE", "FR", HOSTILE]
RULES = r"""
weir: 1
source: {out_of_order: 0s, idle_after: 1s}
redact: {paths: [email]}
fields:
  amount: {required: true}
  code:  {match: '^C-\d+$'}
  email: {max_length: 5}
windows:
  - every: 2s
    lateness: 0s
    segment: [country]
    rules:
      - {id: amounts, must: null_rate(amount) <= 5%, runbook: "https://wiki.shop.example/amounts", description: Finance books them.}
      - {id: codes, must: fail_rate("code.match") <= 5%}
  - every: 2s
    lateness: 0s
    rules:
      - {id: held.amounts, must: null_rate(amount) <= 5%}
"""

OUTAGE = 600 if os.environ.get("WEIR_ALL") == "1" else 1  # seconds; one incident at least comes and goes in them
ALERTS = 2 * len(COUNTRIES)  # beside the one that is held

checks = Checks()


class Orders(threading.Thread):
    """Orders as they come, some of each country ten times a second. While `bad`, they lack their amount and more."""

    def __init__(self, kafka):
        super().__init__(daemon=True)
        self.kafka, self.bad, self.fault = kafka, False, None
        self.ended = threading.Event()

    def run(self):
        try:
            while not self.ended.wait(0.1):
                good = {"amount": 5, "code": "C-1"}
                more = {"amount": None, "code": HOSTILE, "email": PERSON} if self.bad else good
                self.kafka.produce("orders", [(0, b"k", json.dumps({"country": country, **more}).encode())
                                              for country in COUNTRIES for _ in range(3)], linger_ms=0)
        except Exception as fault:  # told in the end
            self.fault = fault


class LateSink:
    """Away until it is opened."""

    def __init__(self):
        self.port, self.sink = free_port(), None

    def open(self):
        self.sink = HttpSink(port=self.port)


def alerts_of(body):
    return json.loads(body)["alerts"]


def normal(time_text):
    return re.sub(r"\.0+Z$", "Z", time_text)


def key_of(alert):
    return alert["fingerprint"], normal(alert["startsAt"])


class Sinks:
    """Everybody who is told."""

    def __init__(self, papers):
        self.hook, self.alertmanager, self.passed_on, self.slack = HttpSink(), HttpSink(), HttpSink(), HttpSink()
        self.pagerduty = HttpSink(lambda handler, _: reply(handler, 202, '{"status":"success"}'))
        self.mail, self.away, self.stolen = MailSink(), LateSink(), HttpSink()
        self.times = []  # when the busy one was asked
        self.redirecting = HttpSink(lambda handler, _: reply(handler, 307, Location=self.stolen.url + "/stolen"))
        self.failing = HttpSink(lambda handler, _: reply(handler, 500 if len(self.failing.bodies) <= 2 else 200, "boom"))
        self.slow = HttpSink(self.answer_slowly)
        self.busy = HttpSink(self.answer_busily)
        self.real = Alertmanager(papers, self.passed_on.url + "/hook") if Alertmanager.available() else None

    def answer_slowly(self, handler, _):
        time.sleep(4 if len(self.slow.bodies) == 1 else 1)  # the first time longer than weir waits
        HttpSink.ok(handler, _)

    def answer_busily(self, handler, _):
        self.times.append(time.monotonic())
        reply(handler, 429 if len(self.times) == 1 else 200, Retry_After="4")

    def webhooks(self):
        return {"hook": self.hook, "away": self.away.sink, "failing": self.failing, "slow": self.slow, "busy": self.busy}

    def close(self):
        if self.real:
            self.real.close()
        for sink in (self.hook, self.alertmanager, self.passed_on, self.slack, self.pagerduty, self.mail, self.stolen,
                     self.redirecting, self.failing, self.slow, self.busy, self.away.sink):
            if sink:
                sink.__exit__()


def configuration(kafka, sinks, papers):
    slack = papers.write("slack", f"{sinks.slack.url}/services/{PATH_SECRET}")
    key, token = papers.write("key", KEY_SECRET), papers.write("token", TOKEN_SECRET)
    password = papers.write("password", PASSWORD_SECRET)

    def hook(name, sink, **more):
        return {"name": name, "webhook": {"url": sink if isinstance(sink, str) else sink.url, "timeout": "2s", **more}}

    alertmanagers = [sinks.alertmanager.url] + ([sinks.real.url] if sinks.real else [])
    host, port = "127.0.0.1", sinks.mail.server_address[1]
    return {
        "pipeline": "shop", "brokers": kafka.bootstrap, "snapshot_every": "1s", "state": {"dir": "state"},
        "log": {"format": "json", "level": "info"},
        "alerts": {
            "page": "https://weir.shop.example/", "group_wait": "1s", "samples": 3,
            "receivers": [
                hook("hook", sinks.hook, token_file=token), hook("away", f"http://127.0.0.1:{sinks.away.port}"),
                hook("failing", sinks.failing, user="weir", password_file=password), hook("slow", sinks.slow),
                hook("busy", sinks.busy), hook("redirecting", sinks.redirecting, token_file=token),
                hook("reminded", sinks.hook.url + "/reminded") | {"repeat_every": "1m"},
                {"alertmanager": alertmanagers}, {"slack": {"url_file": slack}},
                {"pagerduty": {"url": sinks.pagerduty.url, "key_file": key}},
                {"email": {"server": f"{host}:{port}", "from": "weir@shop.example", "to": "team@shop.example", "tls": "none"}},
                {"kafka": "weir.alerts"}]},
        "maintenance": [{"from": "2020-01-01T00:00:00Z", "to": "2120-01-01T00:00:00Z", "rules": ["held.*"], "why": "the database moves"}],
        "streams": [{"name": "orders", "topics": ["orders"], "rules": "rules.yml", "quarantine": "./quarantine.ndjson"}]}


class Trial:
    def __init__(self, kafka, sinks, papers, folder):
        self.kafka, self.sinks, self.folder = kafka, sinks, folder
        with open(os.path.join(folder, "rules.yml"), "w", encoding="utf-8") as file:
            file.write(RULES)
        with open(os.path.join(folder, "weir.yml"), "w", encoding="utf-8") as file:
            json.dump(configuration(kafka, sinks, papers), file)
        self.instances = Instances(folder, ["one"])
        self.orders = Orders(kafka)
        self.shown = []  # all that weir showed of itself

    def api(self):
        text = self.instances.get("one", "/api/v1/alerts") or b"{}"
        self.shown.append(text.decode())
        return json.loads(text)

    def metrics(self):
        text = (self.instances.get("one", "/metrics") or b"").decode()
        self.shown.append(text)
        return dict(line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))

    def firing(self):
        return [alert for alert in self.api().get("alerts", []) if alert["state"] == "firing"]

    def kill(self, why):
        checks.true(f"{why}: weir had not ended by itself", self.instances.kill("one"), self.instances.log("one"))
        self.instances.start("one")
        checks.true(f"{why}: weir is ready again", self.instances.await_ready("one"), self.instances.log("one"))

    def told(self, name):
        """What a webhook heard, each alert of each message."""
        sink = self.sinks.webhooks()[name]
        bodies = [body for body, (path, _) in zip(sink.bodies, sink.heads) if path != "/reminded"]
        return [alert for body in bodies for alert in alerts_of(body)]


def until(what, condition, seconds=60, evidence=lambda: ""):
    try:
        wait_for(condition, seconds)
        holds = True
    except AssertionError:
        holds = False
    checks.true(what, holds, "" if holds else evidence())
    return holds


def it_begins(trial):
    """All segments of a window are one message, to everybody who answers."""
    sinks = trial.sinks
    trial.orders.bad = True
    until("the hook is told", lambda: trial.told("hook"), evidence=lambda: trial.instances.log("one"))
    until("Alertmanager is told", lambda: sinks.alertmanager.bodies)
    until("Slack is told", lambda: sinks.slack.bodies)
    until("PagerDuty is told", lambda: sinks.pagerduty.bodies)
    until("a mail comes", lambda: sinks.mail.mails)
    until("the slow one is told", lambda: len(sinks.slow.bodies) >= 2)
    until("the failing one is told", lambda: len(sinks.failing.bodies) >= 3)
    until("the busy one is told", lambda: len(sinks.busy.bodies) >= 2)
    time.sleep(3)  # further windows break the rule, and are no news
    told = trial.told("hook")
    checks.equal("one message, with all segments of the window",
                 [len(alerts_of(body)) for body, (path, _) in zip(sinks.hook.bodies, sinks.hook.heads) if path != "/reminded"], [ALERTS])
    checks.equal("each alert once", len({key_of(alert) for alert in told}), ALERTS)
    checks.equal("they fire", {alert["status"] for alert in told}, {"firing"})
    alert = next(alert for alert in told if alert["labels"]["segment_country"] == "DE" and alert["labels"]["rule"] == "amounts")
    checks.equal("labels", {name: alert["labels"][name] for name in ("alertname", "pipeline", "stream", "rule", "severity")},
                 {"alertname": "WeirWindowFailed", "pipeline": "shop", "stream": "orders", "rule": "amounts", "severity": "error"})
    evidence = alert["annotations"]
    checks.equal("expected", evidence["expected"], "<= 5%")
    checks.equal("runbook", evidence["runbook_url"], "https://wiki.shop.example/amounts")
    checks.true("observed is a share", re.fullmatch(r"[\d.]+ ?%", evidence["observed"]), evidence)
    checks.true("samples are there", "null" in evidence.get("samples", "") or "missing" in evidence.get("samples", ""), evidence)
    samples = {alert["labels"]["rule"]: alert["annotations"].get("samples", "") for alert in told}
    checks.true("samples of the rule's own field", "script" in samples["codes"] and "script" not in samples["amounts"], samples)
    checks.true("the busy one was left alone for as long as it asked", sinks.times[1] - sinks.times[0] >= 3.9, sinks.times)
    checks.equal("what was slow, failing or busy got all", [len({key_of(alert) for alert in trial.told(name)})
                                                            for name in ("slow", "failing", "busy")], [ALERTS] * 3)
    checks.equal("a redirect leads nowhere", sinks.stolen.heads, [])
    checks.true("who redirects was asked", sinks.redirecting.bodies)
    return {key_of(alert) for alert in told}


def it_is_shown(trial):
    shown = trial.firing()
    held = [alert for alert in shown if alert["silenced"]]
    checks.equal("one of the alerts is held by maintenance",
                 (len(shown), [(alert["rule"], alert["silenced_why"], alert["told"]) for alert in held]),
                 (ALERTS + 1, [("held.amounts", "the database moves", [])]))
    receivers = {one["name"]: one for one in trial.api()["receivers"]}
    checks.equal("what waits for a receiver that is away is bounded", receivers["away"]["waiting"], ALERTS)
    checks.true("it says why", "Connection refused" in (receivers["away"]["last_failure"] or ""), receivers["away"])
    checks.true("who redirects is known to refuse", receivers["redirecting"]["refused"] >= 1, receivers["redirecting"])
    series = trial.metrics()
    for name, wanted in (('weir_alerts_firing{severity="error",stream="orders"}', str(ALERTS + 1)), ('weir_alerts_firing{severity="warn",stream="orders"}', "0"),
                         ('weir_alerts_silenced{stream="orders"}', "1"), ('weir_alert_queue{receiver="away"}', str(ALERTS)),
                         ('weir_alert_queue{receiver="hook"}', "0"), ('weir_alert_receiver_up{receiver="away"}', "0"),
                         ('weir_alert_receiver_up{receiver="hook"}', "1"), ('weir_alert_failures_total{reason="refused",receiver="redirecting"}', "1"),
                         ('weir_alert_failures_total{reason="away",receiver="busy"}', "1"), ('weir_alerts_left_out_total{stream="orders"}', "0")):
        checks.equal(name, series.get(name), wanted)
    checks.true("failures are counted", float(series.get('weir_alert_failures_total{reason="away",receiver="away"}', 0)) >= 3)


def a_hostile_value_stays_text(trial):
    sinks = trial.sinks
    slack = sinks.slack.bodies[0]
    checks.true("Slack: nobody is mentioned", "<!channel>" not in slack and "<script>" not in slack and "&lt;!channel&gt;" in slack, slack)
    to, content = sinks.mail.mails[0]
    mail = email.message_from_bytes(content, policy=email.policy.default)
    checks.equal("mail: to whom it was meant", (to, mail.get_all("To"), mail["Bcc"], mail.defects), (["team@shop.example"], ["team@shop.example"], None, []))
    page, text = (mail.get_body((kind,)).get_content() for kind in ("html", "plain"))
    checks.true("mail: no script, no control characters", "<script" not in page and "\x1b" not in page + text)
    bodies = [body for sink in (sinks.hook, sinks.slack, sinks.pagerduty, sinks.alertmanager) for body in sink.bodies] + [page, text]
    checks.true("long values are cut", all("x" * 600 not in body for body in bodies))
    checks.true("a redacted value is told to nobody", all(PERSON not in body for body in bodies))
    if sinks.real:
        until("Alertmanager takes them and sends them on", lambda: {alert["labels"]["rule"] for body in sinks.passed_on.bodies
                                                                     for alert in alerts_of(body)} == {"amounts", "codes"})


def while_one_is_away(trial):
    """Incidents come and go, and the last one stays: it is all that the one who is away has to hear when it is back."""
    end, rounds = time.monotonic() + OUTAGE, 0
    while time.monotonic() < end:
        rounds += 1
        trial.orders.bad = False
        until(f"round {rounds}: it is over", lambda: not trial.firing())
        time.sleep(2)  # longer than `group_wait`: that it is over is a message of its own
        trial.orders.bad = True
        until(f"round {rounds}: it fires again", lambda: len(trial.firing()) == ALERTS + 1)
        waiting = {one["name"]: one["waiting"] for one in trial.api()["receivers"]}["away"]
        checks.true(f"round {rounds}: what waits is bounded", waiting <= ALERTS, waiting)
        time.sleep(min(20, OUTAGE))
    known = {(alert["fingerprint"], normal(alert["starts_at"])) for alert in trial.firing() if not alert["silenced"]}
    until("the hook hears of the last one", lambda: known <= {key_of(alert) for alert in trial.told("hook")})
    checks.equal("all of it that is old is over", {alert["status"] for alert in newest(trial.told("hook")) if key_of(alert) not in known}, {"resolved"})
    return known


def newest(told):
    """What was said last of each alert."""
    return {key_of(alert): alert for alert in told}.values()


def it_goes_on_across_kills(trial, known):
    for n in range(3):
        trial.kill(f"kill {n}")
        until("the alerts are there again", lambda: len(trial.firing()) == ALERTS + 1)
        time.sleep(1.5)
    checks.equal("the hook hears of the same alerts", {key_of(alert) for alert in trial.told("hook")}, known)
    checks.true("at most once more for each kill", len(trial.told("hook")) <= ALERTS * 4, len(trial.told("hook")))
    known = while_one_is_away(trial)
    trial.sinks.away.open()
    until("who is back is told", lambda: trial.told("away"), 90, lambda: trial.api()["receivers"])
    checks.equal("what is true", {key_of(alert) for alert in trial.told("away")}, known)
    until("it is up, and nothing waits", lambda: trial.metrics().get('weir_alert_queue{receiver="away"}') == "0"
          and trial.metrics().get('weir_alert_receiver_up{receiver="away"}') == "1")
    return known


def it_is_told_again(trial):
    """Alertmanager forgets; a person is reminded where that is wanted."""
    sinks = trial.sinks
    heard = len(sinks.alertmanager.bodies)
    reminded = [path for path, _ in sinks.hook.heads].count("/reminded")
    before = len(trial.told("hook"))
    until("Alertmanager is told again within a minute", lambda: len(sinks.alertmanager.bodies) > heard, 75)
    until("who wants to be reminded is", lambda: [path for path, _ in sinks.hook.heads].count("/reminded") > reminded, 75)
    checks.equal("nobody else is", len(trial.told("hook")), before)


def subject_of(mail):
    return email.message_from_bytes(mail, policy=email.policy.default)["Subject"]


def it_ends(trial, known):
    sinks = trial.sinks
    trial.orders.bad = False
    for name in trial.sinks.webhooks():
        def last(name=name):
            return {key_of(alert): alert["status"] for alert in newest(trial.told(name))}
        until(f"{name}: all of them are over", lambda: known <= set(last()) and set(last().values()) == {"resolved"}, 90, last)
    until("nothing fires", lambda: not trial.firing())
    until("PagerDuty's incident is resolved", lambda: json.loads(sinks.pagerduty.bodies[-1])["event_action"] == "resolve")
    checks.equal("it is one incident", len({json.loads(body)["dedup_key"] for body in sinks.pagerduty.bodies}), 1)
    until("the mail says so", lambda: "RESOLVED" in subject_of(sinks.mail.mails[-1][1]))
    if sinks.real:
        until("Alertmanager says so", lambda: alerts_of(sinks.passed_on.bodies[-1])[0]["status"] == "resolved", 90)
    in_topic = {record.key: json.loads(record.value) for record in trial.kafka.read("weir.alerts")}
    checks.equal("the topic holds the end of each", sorted((key.decode(), value["status"]) for key, value in in_topic.items()),
                 sorted((fingerprint, "resolved") for fingerprint, _ in known))


def killed_as_it_begins(trial, known):
    """What was noted as firing is told after the restart, begun when it began."""
    for n in range(3):
        before = len(trial.told("hook"))
        mark = os.path.getsize(trial.instances.log_path("one"))
        trial.orders.bad = True

        def began(mark=mark):
            with open(trial.instances.log_path("one"), encoding="utf-8") as file:
                file.seek(mark)
                return [json.loads(line) for line in file if '"alert_firing"' in line and '"silenced":false' in line]
        until("an alert begins", began)
        trial.kill("killed as it begins")
        begun = {(line["fingerprint"], normal(line["starts_at"])) for line in began()}

        def told(before=before):
            return {key_of(alert) for alert in trial.told("hook")[before:]}
        until(f"{n}: the hook is told, as it was noted before the kill", lambda begun=begun, told=told: begun <= told(), 60, lambda: (begun, told()))
        checks.equal(f"{n}: the same alerts as ever", {fingerprint for fingerprint, _ in told()} <= {fingerprint for fingerprint, _ in known}, True)
        trial.orders.bad = False
        until(f"{n}: it is over", lambda: not trial.firing())


def no_secret_is_shown(trial, papers):
    for path in ("/", "/metrics", "/api/v1/alerts", "/api/v1/rules", "/api/v1/windows", "/readyz?verbose"):
        trial.shown.append((trial.instances.get("one", path) or b"").decode())
    shown = subprocess.run([WEIR, "config", "-c", "weir.yml"], cwd=trial.folder, env=environment(), capture_output=True, check=False)
    trial.shown += [shown.stdout.decode(), shown.stderr.decode()]
    checks.true("`weir config` shows the receivers", "alertmanager" in trial.shown[-2], shown)
    with open(trial.instances.log_path("one"), encoding="utf-8") as file:
        trial.shown.append(file.read())
    checks.true("the log has the failures", '"alert_not_sent"' in trial.shown[-1] and '"alert_refused"' in trial.shown[-1])
    everything = "\n".join(trial.shown)
    for secret in (PATH_SECRET, KEY_SECRET, TOKEN_SECRET, PASSWORD_SECRET):
        checks.true(f"{secret} is shown nowhere", secret not in everything)
    checks.true("no escape code is written", "\x1b" not in everything)
    told = [body for sink in (trial.sinks.hook, trial.sinks.alertmanager) for body in sink.bodies]
    checks.true("nor told", not any(secret in body for body in told for secret in (PATH_SECRET, TOKEN_SECRET, PASSWORD_SECRET, KEY_SECRET)))
    checks.equal("the hook was given its token", {head.get("Authorization") for path, head in trial.sinks.hook.heads if path != "/reminded"},
                 {f"Bearer {TOKEN_SECRET}"})
    checks.equal("nobody else got anything", trial.sinks.stolen.heads, [])


def run(kafka, papers, folder):
    sinks = Sinks(papers)
    trial = Trial(kafka, sinks, papers, folder)
    try:
        trial.orders.start()
        trial.instances.start("one")
        if not until("weir is ready", lambda: trial.instances.await_ready("one"), evidence=lambda: trial.instances.log("one")):
            return
        time.sleep(5)
        checks.equal("while all is well nobody is told", (sinks.hook.bodies, sinks.mail.mails, trial.api().get("alerts")), ([], [], []))
        known = it_begins(trial)
        it_is_shown(trial)
        a_hostile_value_stays_text(trial)
        known = it_goes_on_across_kills(trial, known)
        it_is_told_again(trial)
        it_ends(trial, known)
        killed_as_it_begins(trial, known)
        no_secret_is_shown(trial, papers)
        began = time.monotonic()
        checks.equal("it ends when it is asked to", trial.instances.stop("one"), 0)
        checks.true("soon", time.monotonic() - began < 25)
        checks.equal("orders were written", trial.orders.fault, None)
    finally:
        trial.orders.ended.set()
        trial.orders.join()
        trial.instances.close()
        sinks.close()


with Cluster() as cluster, tempfile.TemporaryDirectory(prefix="weir-alerts-") as place:
    cluster.create_topic("orders")
    cluster.create_topic("weir.alerts", config={"cleanup.policy": "compact"})
    papers_of_servers = Papers()
    run(cluster, papers_of_servers, place)
    papers_of_servers.cleanup()
checks.finish()
