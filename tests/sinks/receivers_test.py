#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Receivers of alerts and servers as they are: well, away, slow, busy, redirecting, without an end, with TLS; Debian's own
Alertmanager and its amtool where they are installed, as in docs/receivers.md; a mail server that keeps what it gets. TELL is tests/alerts/tell."""
import contextlib
import email
import email.policy
import json
import os
import socket
import subprocess
import sys
import threading
import time
import unittest

from loopback import Alertmanager, HttpSink, MailSink, Papers, free_port, reply, wait_for

TELL = os.path.abspath(os.environ.get("TELL", "build/quick/tests/tell_receiver"))
SECRET = "s3cr3t-path-of-slack"


class Teller:
    """One receiver; what it is told is told at once."""

    def __init__(self, kind, *settings):
        self.process = subprocess.Popen([TELL, kind, *settings], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, what="firing"):
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        assert self.close() == 0


def tell(kind, *settings, what="firing"):
    with Teller(kind, *settings) as teller:
        return teller.tell(what)


class ReceiversTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.papers = Papers()

    @classmethod
    def tearDownClass(cls):
        cls.papers.cleanup()

    # ---- HTTP

    def test_what_is_posted_is_json_and_arrives_once(self):
        for kind in ("webhook", "slack", "pagerduty", "alertmanager"):
            with self.subTest(kind), HttpSink() as sink:
                told = tell(kind, "url=" + sink.url, "key=R0UT1NGKEY")
                self.assertEqual(told, {"how": "done", "why": "", "not_before": 0})
                self.assertEqual(len(sink.bodies), 1)
                json.loads(sink.bodies[0])
                self.assertEqual(sink.heads[0][1]["Content-Type"], "application/json")
                self.assertIn("12.4 %", sink.bodies[0])

    def test_a_receiver_that_comes_back_gets_the_same_message(self):
        port = free_port()
        with Teller("webhook", f"url=http://127.0.0.1:{port}/hook") as teller:
            told = teller.tell()
            self.assertEqual(told["how"], "later")
            self.assertIn("Connection refused", told["why"])
            sink = HttpSink()
            self.addCleanup(lambda: sink.__exit__())
            # The port that was silent answers now: passed on to a server that was started meanwhile.
            listener = socket.create_server(("127.0.0.1", port))
            self.addCleanup(listener.close)

            def pass_on():
                client, _ = listener.accept()
                server = socket.create_connection(sink.server_address)
                client.settimeout(0.2)
                server.settimeout(5)
                with contextlib.suppress(TimeoutError):
                    while data := client.recv(65536):
                        server.sendall(data)
                client.sendall(server.recv(65536))
                client.close()
                server.close()

            threading.Thread(target=pass_on, daemon=True).start()
            self.assertEqual(teller.tell()["how"], "done")
            self.assertEqual(json.loads(sink.bodies[0])["status"], "firing")

    def test_a_slow_receiver_is_left_after_its_time(self):
        with HttpSink(lambda handler, _: time.sleep(3)) as sink:
            began = time.monotonic()
            told = tell("webhook", f"url={sink.url}/{SECRET}", "timeout_ms=300")
            self.assertLess(time.monotonic() - began, 2)
            self.assertEqual(told["how"], "later")
            self.assertEqual(told["why"], f"{sink.url} did not answer within 300 ms")

    def test_a_receiver_that_drips_is_left_too(self):
        def drip(handler, _):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
            with contextlib.suppress(OSError):
                for _ in range(100):
                    handler.wfile.write(b"X: y\r\n")
                    time.sleep(0.05)

        with HttpSink(drip) as sink:
            self.assertEqual(tell("webhook", "url=" + sink.url, "timeout_ms=300")["how"], "later")

    def test_faults_of_the_receiver_are_tried_again_and_a_wait_is_kept(self):
        with HttpSink(lambda handler, _: reply(handler, 500, "boom")) as sink:
            self.assertEqual(tell("webhook", "url=" + sink.url),
                             {"how": "later", "why": f"{sink.url} answered 500: boom", "not_before": 0})
        with HttpSink(lambda handler, _: reply(handler, 429, Retry_After="17")) as sink:
            told = tell("slack", "url=" + sink.url)
            self.assertEqual((told["how"], told["not_before"]), ("later", 17))
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 60))
        with HttpSink(lambda handler, _: reply(handler, 503, Retry_After=date)) as sink:
            told = tell("pagerduty", "url=" + sink.url, "key=k")
            self.assertEqual(told["how"], "later")
            self.assertTrue(50 <= told["not_before"] <= 60, told)
        with HttpSink(lambda handler, _: reply(handler, 429, Retry_After="86400")) as sink:
            self.assertEqual(tell("webhook", "url=" + sink.url)["not_before"], 3600)

    def test_nothing_goes_where_a_redirect_leads(self):
        for status in (301, 302, 303, 307, 308):
            with self.subTest(status), HttpSink() as other:
                with HttpSink(lambda handler, _: reply(handler, status, Location=other.url + "/stolen")) as sink:
                    token = self.papers.write("token", "t0ken-of-weir")
                    told = tell("webhook", "url=" + sink.url, "token_file=" + token)
                    self.assertEqual(told["how"], "refused")
                    self.assertIn("redirects to " + other.url, told["why"])
                    self.assertEqual(sink.heads[0][1]["Authorization"], "Bearer t0ken-of-weir")
                self.assertEqual(other.heads, [])

    def test_an_echo_of_the_request_shows_no_secret_and_no_value(self):
        def echo(handler, body):
            reply(handler, 400, f"bad: {handler.path} {handler.headers} {body.decode()}".replace("\n", " "))

        with HttpSink(echo) as sink:
            url = self.papers.write("url", f"{sink.url}/services/{SECRET}")
            told = tell("slack", "url_file=" + url)
            self.assertEqual(told, {"how": "refused", "why": f"{sink.url} answered 400", "not_before": 0})
            told = tell("pagerduty", "url=" + sink.url, "key=R0UT1NGKEY", "user=weir", "password=p4ssw0rd")
            self.assertEqual(told["why"], f"{sink.url} answered 400")

    def test_an_answer_without_an_end_is_not_read_to_it(self):
        def endless(handler, _):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            with contextlib.suppress(OSError):
                while True:
                    handler.wfile.write(b"x" * 65536)

        with HttpSink(endless) as sink:
            self.assertEqual(tell("webhook", "url=" + sink.url)["how"], "done")

    def test_a_server_is_believed_when_the_authority_that_was_named_vouches_for_it(self):
        with HttpSink(context=self.papers.context) as sink:
            told = tell("webhook", "url=" + sink.url, "ca_file=" + self.papers.path("ca.pem"))
            self.assertEqual(told["how"], "done")
            for ca in ("other.pem", None):
                settings = ["url=" + sink.url] + (["ca_file=" + self.papers.path(ca)] if ca else [])
                told = tell("webhook", *settings)
                self.assertEqual(told["how"], "later")
                self.assertIn("is not trusted", told["why"])
            told = tell("webhook", f"url=https://127.0.0.1:{sink.server_address[1]}", "ca_file=" + self.papers.path("ca.pem"))
            self.assertEqual(told["how"], "later")
            self.assertEqual(len(sink.bodies), 1)

    def test_the_environment_names_no_proxy(self):
        with HttpSink() as proxy, HttpSink() as sink:
            os.environ.update(http_proxy=proxy.url, HTTPS_PROXY=proxy.url, ALL_PROXY=proxy.url)
            try:
                self.assertEqual(tell("webhook", "url=" + sink.url)["how"], "done")
            finally:
                for name in ("http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
                    del os.environ[name]
            self.assertEqual(proxy.heads, [])

    # ---- Alertmanager itself

    @unittest.skipUnless(Alertmanager.available(), "no Alertmanager here")
    def test_alertmanager_takes_alerts_and_their_end_and_sends_them_on(self):
        with HttpSink() as sink:
            alertmanager = Alertmanager(self.papers, sink.url + "/hook")
            self.addCleanup(alertmanager.close)
            url = alertmanager.url
            for what in ("firing", "hostile"):
                self.assertEqual(tell("alertmanager", "url=" + url, what=what), {"how": "done", "why": "", "not_before": 0})
            listed = subprocess.run(["amtool", "--alertmanager.url=" + url, "alert", "query", "stream=orders", "-o", "json"],
                                    check=True, capture_output=True, text=True)
            alert = json.loads(listed.stdout)[0]
            self.assertEqual(alert["labels"]["rule"], "amount.null_rate")
            self.assertEqual(alert["annotations"]["observed"], "12.4 %")
            wait_for(lambda: any("amount.null_rate" in body for body in sink.bodies))
            self.assertEqual(tell("alertmanager", "url=" + url, what="resolved")["how"], "done")
            wait_for(lambda: any(json.loads(body)["status"] == "resolved" for body in sink.bodies))
            # What Alertmanager sends and what the webhook sends have the same shape.
            theirs = next(body for body in map(json.loads, sink.bodies) if body["status"] == "firing" and failing(body))
            sink.bodies.clear()
            tell("webhook", "url=" + sink.url)
            ours = next(json.loads(body) for body in sink.bodies if '"receiver":"team"' in body)
            self.assertEqual(set(theirs), set(ours))
            self.assertEqual(set(theirs["alerts"][0]), set(ours["alerts"][0]))
            self.assertEqual(failing(theirs)[0]["labels"], failing(ours)[0]["labels"])
            self.assertEqual(failing(theirs)[0]["annotations"], failing(ours)[0]["annotations"])

    # ---- mail

    def mail(self, sink, *settings, what="firing"):
        return tell("email", *sink.settings, *settings, what=what)

    def test_a_mail_is_read_by_a_mail_program_as_it_was_meant(self):
        with MailSink(context=self.papers.context, login=b"\0weir\0p4ssw0rd") as sink:
            password = self.papers.write("password", "p4ssw0rd")
            told = self.mail(sink, "to=team@shop.example", "user=weir", "password_file=" + password,
                             "ca_file=" + self.papers.path("ca.pem"))
            self.assertEqual(told, {"how": "done", "why": "", "not_before": 0})
            self.assertEqual(sink.logins, [b"\0weir\0p4ssw0rd"])
            # Nothing but the greeting was said before TLS.
            self.assertEqual([line.split()[0] for tls, line in sink.commands if not tls], ["EHLO", "STARTTLS"])
            (to, bytes_), = sink.mails
            self.assertEqual(to, ["team@shop.example"])
            mail = email.message_from_bytes(bytes_, policy=email.policy.default)
            self.assertEqual(mail.defects, [])
            self.assertEqual(mail["Subject"], "[FIRING] orders: amount.null_rate (address.country=DE) (shop=7) is 12.4 %, "
                             "expected <= 5 % (and 1 more)")
            self.assertEqual(mail["From"].addresses[0].addr_spec, "weir@shop.example")
            self.assertLess(abs(mail["Date"].datetime.timestamp() - time.time()), 120)
            self.assertEqual(mail["Auto-Submitted"], "auto-generated")
            text = mail.get_body(("plain",)).get_content()
            page = mail.get_body(("html",)).get_content()
            for fact in ("12.4 %", "null, -1", "Finance books what it sees.", "https://weir.example:8947/"):
                self.assertIn(fact, text)
                self.assertIn(fact, page)

    def test_a_hostile_value_stays_within_the_mail(self):
        with MailSink() as sink:
            self.assertEqual(self.mail(sink, "tls=none", "to=team@shop.example", what="hostile")["how"], "done")
            (to, bytes_), = sink.mails
            self.assertEqual(to, ["team@shop.example"])
            mail = email.message_from_bytes(bytes_, policy=email.policy.default)
            self.assertEqual(mail.defects, [])
            self.assertEqual([part.get_content_type() for part in mail.walk()],
                             ["multipart/alternative", "text/plain", "text/html"])
            self.assertEqual(mail.get_all("To"), ["team@shop.example"])
            self.assertNotIn("<script", mail.get_body(("html",)).get_content().lower())
            self.assertNotIn("\x1b", mail.get_body(("plain",)).get_content())

    def test_whole_tls_is_spoken_from_the_first_byte(self):
        with MailSink(context=self.papers.context, whole_tls=True) as sink:
            ca = "ca_file=" + self.papers.path("ca.pem")
            self.assertEqual(self.mail(sink, "tls=tls", "to=a@b.example", ca)["how"], "done")
            self.assertTrue(all(tls for tls, _ in sink.commands))
            told = self.mail(sink, "tls=tls", "to=a@b.example", "ca_file=" + self.papers.path("other.pem"))
            self.assertIn("is not trusted", told["why"])
            self.assertEqual(len(sink.mails), 1)

    def test_a_server_without_starttls_gets_neither_mail_nor_password(self):
        with MailSink() as sink:
            told = self.mail(sink, "to=a@b.example", "user=weir", "password=p4ssw0rd")
            self.assertIn("does not offer STARTTLS", told["why"])
            self.assertFalse(any("AUTH" in line or "MAIL" in line for _, line in sink.commands))

    def test_a_wrong_password_is_said_without_it(self):
        with MailSink(context=self.papers.context, login=b"\0weir\0right") as sink:
            told = self.mail(sink, "to=a@b.example", "user=weir", "password=p4ssw0rd", "ca_file=" + self.papers.path("ca.pem"))
            self.assertEqual(told["how"], "refused")
            self.assertIn("refuses the login (535)", told["why"])
            self.assertNotIn("p4ssw0rd", told["why"])
            self.assertEqual(sink.mails, [])

    def test_an_address_that_is_refused_keeps_the_mail_from_nobody_else(self):
        refusals = {"gone@shop.example": "550 5.1.1 no such user", "grey@shop.example": "450 4.2.0 come back"}
        with MailSink(refusals) as sink:
            with Teller("email", *sink.settings, "tls=none", "to=gone@shop.example", "to=grey@shop.example",
                        "to=team@shop.example") as teller:
                told = teller.tell()
                self.assertEqual(told["how"], "later")
                self.assertIn("450", told["why"])
                self.assertEqual([to for to, _ in sink.mails], [["team@shop.example"]])
                del sink.replies["grey@shop.example"]
                self.assertEqual(teller.tell()["how"], "done")
                # Once each, and not again to those who have it.
                self.assertEqual([to for to, _ in sink.mails], [["team@shop.example"], ["grey@shop.example"]])
        with MailSink({"grey@shop.example": "450 4.2.0 come back"}) as sink:
            with Teller("email", *sink.settings, "tls=none", "to=grey@shop.example", "to=team@shop.example") as teller:
                self.assertEqual(teller.tell()["how"], "later")
                sink.replies["grey@shop.example"] = "550 5.1.1 no such user"
                # Somebody has it: it is not told again for the sake of who never will.
                self.assertEqual(teller.tell()["how"], "done")
                self.assertEqual([to for to, _ in sink.mails], [["team@shop.example"]])
        with MailSink({"gone@shop.example": "550 no such user"}) as sink:
            told = self.mail(sink, "tls=none", "to=gone@shop.example")
            self.assertEqual(told["how"], "refused")
            self.assertIn("550", told["why"])

    def test_a_mail_server_that_is_busy_or_away_is_tried_again(self):
        for replies in ({"MAIL": "421 too busy"}, {".": "451 local error"}, {"MAIL": "452 disk full"}):
            with self.subTest(replies), MailSink(replies) as sink:
                self.assertEqual(self.mail(sink, "tls=none", "to=a@b.example")["how"], "later")
                self.assertEqual(sink.mails, [])
        told = tell("email", "host=localhost", f"port={free_port()}", "from=a@b.example", "to=c@d.example", "tls=none")
        self.assertEqual(told["how"], "later")
        with MailSink({".": "554 spam"}) as sink:
            self.assertEqual(self.mail(sink, "tls=none", "to=a@b.example")["how"], "refused")
        with socket.create_server(("127.0.0.1", 0)) as silent:
            told = tell("email", "host=127.0.0.1", f"port={silent.getsockname()[1]}", "from=a@b.example", "to=c@d.example",
                        "tls=none", "timeout_ms=300")
            self.assertEqual(told["how"], "later")


def failing(body):
    return [alert for alert in body["alerts"] if alert["labels"]["rule"] == "amount.null_rate" and alert["status"] == "firing"]


if __name__ == "__main__":
    if not os.path.exists(TELL):
        sys.exit(f"{TELL} is missing: build tell_receiver")
    unittest.main(verbosity=2)
