# SPDX-License-Identifier: Apache-2.0
"""The smallest receiver of alerts: prints what `weir run` tells a webhook. `python3 listen.py`, in a terminal of its own."""
import http.server
import json


class Told(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        for alert in message["alerts"]:
            print(alert["status"], alert["annotations"]["summary"], sep="  ", flush=True)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


http.server.HTTPServer(("127.0.0.1", 9000), Told).serve_forever()
