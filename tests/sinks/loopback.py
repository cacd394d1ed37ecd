# SPDX-License-Identifier: Apache-2.0
"""Servers on loopback that alerts are told to: what is posted, what is mailed, and a real Alertmanager where there is one."""
import base64
import contextlib
import http.server
import os
import shutil
import socket
import socketserver
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.request


class HttpSink(http.server.ThreadingHTTPServer):
    """Keeps what is posted; `answer(handler, body)` says what comes back."""
    daemon_threads = True

    def __init__(self, answer=None, context=None, port=0):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(handler):
                body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
                self.bodies.append(body.decode())
                self.heads.append((handler.path, dict(handler.headers)))
                (answer or HttpSink.ok)(handler, body)

            def do_GET(handler):
                self.heads.append((handler.path, dict(handler.headers)))
                HttpSink.ok(handler, b"")

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", port), Handler)
        self.bodies, self.heads = [], []
        self.scheme, self.host = "http", "127.0.0.1"
        if context:
            self.scheme, self.host = "https", "localhost"
            self.socket = context.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def handle_error(self, *_):
        pass

    @staticmethod
    def ok(handler, _body):
        reply(handler, 200, "ok")

    @property
    def url(self):
        return f"{self.scheme}://{self.host}:{self.server_address[1]}"

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


def reply(handler, status, text="", **headers):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(text.encode())))
    handler.end_headers()
    handler.wfile.write(text.encode())


class MailSink(socketserver.ThreadingTCPServer):
    """A mail server on loopback. `replies`: what it answers in place of yes, by command ("MAIL", "DATA", ".") or address."""
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, replies=None, context=None, whole_tls=False, login=None):
        self.replies, self.context, self.whole_tls, self.login = replies or {}, context, whole_tls, login
        self.mails, self.commands, self.logins = [], [], []
        super().__init__(("127.0.0.1", 0), MailSink.Session)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def handle_error(self, *_):
        pass

    @property
    def settings(self):
        return ["host=localhost", f"port={self.server_address[1]}", "from=weir@shop.example"]

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def shutdown_request(self, request):
        with contextlib.suppress(OSError):
            super().shutdown_request(request)

    class Session(socketserver.StreamRequestHandler):
        def finish(self):
            self.connection.close()

        def say(self, line):
            self.wfile.write(line.encode() + b"\r\n")

        def wrap(self):
            self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)

        def hear(self):
            return self.rfile.readline().decode("ascii").rstrip("\r\n")

        def handle(self):
            sink, tls, to = self.server, False, []
            if sink.whole_tls:
                self.wrap()
                tls = True
            self.say("220 sink ready")
            while True:
                line = self.hear()
                if not line:
                    return
                verb = line.split()[0].upper()
                sink.commands.append((tls, line))
                answer = sink.replies.get(verb)
                if verb in ("EHLO", "HELO"):
                    self.say("250-sink")
                    if sink.context and not tls:
                        self.say("250-STARTTLS")
                    if sink.login and tls:
                        self.say("250-AUTH PLAIN LOGIN")
                    self.say("250 SIZE 1000000")
                elif verb == "STARTTLS":
                    self.say("220 go on")
                    self.wrap()
                    tls = True
                elif verb == "AUTH":
                    if len(line.split()) > 2:
                        given = base64.b64decode(line.split()[2])
                    else:
                        self.say("334 ")
                        given = base64.b64decode(self.hear())
                    sink.logins.append(given)
                    self.say("235 welcome" if given == sink.login else "535 wrong password")
                elif answer:
                    self.say(answer)
                elif verb == "RCPT":
                    address = line.split("<")[1].split(">")[0]
                    refusal = sink.replies.get(address)
                    if not refusal:
                        to.append(address)
                    self.say(refusal or "250 ok")
                elif verb == "DATA":
                    self.say("354 go on")
                    lines = []
                    while (text := self.rfile.readline()) != b".\r\n":
                        if not text:
                            return
                        lines.append(text[1:] if text.startswith(b".") else text)
                    answer = sink.replies.get(".", "250 taken")
                    if answer.startswith("2"):
                        sink.mails.append((to, b"".join(lines)))
                    to = []
                    self.say(answer)
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    to = [] if verb in ("MAIL", "RSET") else to
                    self.say("250 ok")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Papers(tempfile.TemporaryDirectory):
    """An authority, and a server that it vouches for as localhost."""

    def __init__(self):
        super().__init__(prefix="weir-receivers-")
        self.make("ca", "-x509", "-subj", "/CN=authority", "-addext", "basicConstraints=critical,CA:true")
        self.make("other", "-x509", "-subj", "/CN=other", "-addext", "basicConstraints=critical,CA:true")
        self.make("server", "-x509", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-CA",
                  self.path("ca.pem"), "-CAkey", self.path("ca.key"))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.path("server.pem"), self.path("server.key"))

    def make(self, name, *options):
        subprocess.run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-keyout", self.path(name + ".key"), "-out", self.path(name + ".pem"), *options],
                       check=True, capture_output=True)

    def path(self, name):
        return os.path.join(self.name, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text + "\n")
        return self.path(name)


class Alertmanager:
    """Debian's own, which passes alerts of a stream on to the URL at once. `available()`: whether it is installed."""

    @staticmethod
    def available():
        return bool(shutil.which("prometheus-alertmanager") and shutil.which("amtool"))

    def __init__(self, papers, hook):
        folder = papers.path("alertmanager")
        os.makedirs(folder)
        config = papers.write("alertmanager.yml", f"""
route: {{receiver: hook, group_by: [stream], group_wait: 0s, group_interval: 1s}}
receivers: [{{name: hook, webhook_configs: [{{url: '{hook}'}}]}}]""")
        subprocess.run(["amtool", "check-config", config], check=True, capture_output=True)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "prometheus-alertmanager", "--config.file=" + config, "--storage.path=" + folder,
             f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="], stderr=subprocess.DEVNULL)
        wait_for(lambda: urllib.request.urlopen(self.url + "/-/ready").status == 200)

    def close(self):
        self.process.terminate()
        self.process.wait()


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if condition():
                return
        time.sleep(0.05)
    raise AssertionError("it did not come about in time")
