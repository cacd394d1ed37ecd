# SPDX-License-Identifier: Apache-2.0
"""Servers that answer as the API of `weir run` does (docs/http.md), with what a script wants to be shown."""
import copy
import datetime
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


def ago(seconds):
    time = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=seconds)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def record_rule(name, **more):
    field, _, check = name.rpartition(".")
    rule = {"stream": "orders", "id": name, "kind": "record", "field": field, "check": check, "severity": "error",
            "on_fail": "quarantine", "outcome": "pass", "evaluated": 120000, "failed": 0, "skipped": 0, "quarantined": 0,
            "last_failed": None, "failing_since": None, "expected": "present and not null", "when": None,
            "description": None, "runbook": None, "tags": []}
    return {**rule, **more}


def broken_rule(name, failed=37, since=130, **more):
    return record_rule(name, **{"outcome": "fail", "failed": failed, "quarantined": failed, "last_failed": ago(1),
                                "failing_since": ago(since), "expected": "<= 100000", **more})


def window(rule, back, outcome="pass", observed=512, **more):
    return {"stream": "orders", "rule": rule, "window": {"start": ago(back + 60), "end": ago(back)}, "segment": None,
            "outcome": outcome, "observed": observed, "expected": ">= 100", **more}


def window_rule(name, newest, **more):
    rule = {"stream": "orders", "id": name, "kind": "window", "field": None, "check": "must", "severity": "error",
            "on_fail": None, "outcome": newest["outcome"] if newest else "no_data", "evaluated": 30, "failed": 0, "warned": 0,
            "no_data": 0, "inconclusive": 0, "errors": 0, "failing_since": None,
            "newest": {key: newest[key] for key in newest if key not in ("stream", "rule")} if newest else None,
            "expected": "row_count >= 100", "when": None, "description": None, "runbook": None, "tags": []}
    return {**rule, **more}


def stream(**more):
    return {"stream": "orders", "phase": "running", "ready": True, "not_ready": [], "topics": ["orders"], "partitions": 2,
            "lag": 58, "records": 120000, "undecodable": 2, "quarantined": 37, "kept_out": 0, "late": 4, "future": 0,
            "untimed": 0, "watermark": ago(3), "rebalances": 1, "state_bytes": 4096, "samples_per_rule": 0, "troubles": [],
            **more}


def assignment(partition, **more):
    return {"stream": "orders", "topic": "orders", "partition": partition, "next_offset": 1042, "committed": 1000,
            "end": 1100, "lag": 58, "watermark": ago(3), "caught_up": False, "idle": False, "paused": False,
            "partial": False, "waiting": 0, "snapshot_at": ago(5), "state_bytes": 4096, **more}


class Instance:
    """One server. What it says may be changed at any time; records come in by the thousand each second."""

    def __init__(self, name="shop-0", port=0, rules=(), windows=(), drift=(), streams=None, assignments=None, samples=(),
                 rate=1000, login=None):
        self.head = {"version": "0.1.0", "pipeline": "shop", "group": "weir-shop", "instance": name, "started": ago(7300)}
        self.rules, self.windows, self.drift = list(rules), list(windows), list(drift)
        self.streams = [stream()] if streams is None else streams
        self.assignments = [assignment(0)] if assignments is None else assignments
        self.samples, self.rate, self.login = list(samples), rate, login
        self.raw = None  # answers every path in place of all that
        self.begun = datetime.datetime.now()
        instance = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802 - the library's name
                body, status = instance.answer(self.path), 200
                if instance.login and self.headers.get("Authorization") != instance.login:
                    body, status = b"", 401
                if body is None:
                    body, status = b"there is nothing here\n", 404
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            allow_reuse_address = True
            daemon_threads = True

            def handle_error(self, request, client_address):
                """Who asked has gone before the answer came: it was left, or killed."""
                if not isinstance(sys.exc_info()[1], ConnectionError):
                    super().handle_error(request, client_address)

        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def kill(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, path):
        if self.raw is not None:
            return self.raw
        parts = urlsplit(path)
        only = parse_qs(parts.query).get("rule", [None])[0]
        of_rule = lambda all_of: [one for one in all_of if only in (None, one["rule"])]  # noqa: E731
        streams = copy.deepcopy(self.streams)
        for one in streams:
            one["records"] += int(self.rate * (datetime.datetime.now() - self.begun).total_seconds())
        quarantine = {"stream": "orders", "records": 37, "kept_out": 0, "rules": [], "samples": self.samples}
        answers = {"/api/v1/streams": {**self.head, "now": ago(0), "streams": streams},
                   "/api/v1/rules": {"rules": self.rules},
                   "/api/v1/assignments": {"assignments": self.assignments},
                   "/api/v1/quarantine": {"quarantine": [quarantine]},
                   "/api/v1/windows": {"windows": of_rule(self.windows), "more": False},
                   "/api/v1/drift": {"drift": of_rule(self.drift), "more": False}}
        found = answers.get(parts.path)
        return None if found is None else (json.dumps(found) + "\n").encode()
